"""Questions of every sort: no traceback, no hang, sound numbers; and what is better never hurts."""

import warnings

import numpy as np

from matchmodel import Applicant
from matchmodel.errors import RefusedInput
from matchmodel.model import load_model
from matchmodel.model.engine.ranks import ranks_pmf

from .asking import Fault, checked, hung, only_json, sound
from .kinds import kind

PART = "Questions"
WORDS = (
    "", "0", "1", "-1", "245", "300", "301", "1e3", "1e999", "nan", "inf", "yes", "no", "50%", "100%", "0%",
    "2,5", "j-1", "IM", "peds", "x" * 300, "2026", "2027", "1900", "60", "61", "100000", "1e5", "\x00", "é",
    "NBME:240", "NBME", ":", "--json", "-", "--", "None", "٣", "us-img", "non-us-img", "gold=3,silver=12",
)  # fmt: skip
OPTIONS = (
    "--specialty", "--applicant-type", "--step2", "--step1-attempts", "--step2-attempts", "--yog", "--usce",
    "--visa", "--cycle", "--applications", "--target", "--interviews", "--practice", "--step2-taken",
    "--gain", "--usce-gain", "--backup", "--order", "--details", "--sort", "--step3", "--mean",
    "--sd", "--gain-sd",     "--signals", "--helpme",
)  # fmt: skip
COMMANDS = (
    "predict", "what-if", "target", "timing", "specialties", "portfolio", "plan", "programs", "model",
    "curve",
)  # fmt: skip


@kind(PART, "command lines of any words", 60, 1500)
def command_lines(rng, folder):
    while True:
        words = [rng.choice(COMMANDS)]
        if rng.random() < 0.8:
            words += [
                "--specialty",
                rng.choice(("IM", "Neurology", "Family Medicine", "Dermatology", "Pathology")),
            ]
            words += ["--applicant-type", rng.choice(("us-img", "non-us-img"))]
        for _ in range(rng.randrange(4)):
            words += [rng.choice(OPTIONS)] + rng.choice(([], [rng.choice(WORDS)], [str(rng.randrange(320))]))
        as_json = rng.random() < 0.5
        words += ["--json"] if as_json else []
        words += ["--out", str(folder / "p.md")] if words[0] in ("plan", "curve") else []
        with hung(60):
            answer = checked(words)
        if answer is not None and as_json and answer.startswith("{"):
            sound(only_json(answer))
        yield "refused" if answer is None else "answered"


BETTER = {  # what is known, from worse to better
    "step2_ck": (205, 215, 225, 235, 245, 255, 265, 280),
    "usce_months": (0, 1, 3, 6, 12, 24),
    "years_since_graduation": (40, 20, 10, 5, 2, 1, 0),
    "step1_failed": (True, False),
    "step2_failed": (True, False),
    "visa_needed": (True, False),
}
# Family medicine's slope on Step 2 CK is measured as 0.006 (SE 0.06) on the log odds: draws of either sign
# average to it, and a chance may fall by less than a quarter of a percentage point.
NO_MATTER = 2.5e-3


@kind(PART, "what is better never hurts; more applications and interviews help", 60, 3000)
def better(rng, folder):
    model = load_model()
    cells = [(k, s) for k in model.applicant_types for s in model.specialties(k) if not model.withheld(k, s)]
    while True:
        kind_, specialty = rng.choice(cells)
        what = rng.choice([name for name in BETTER if name != "visa_needed" or kind_ != "us-img"])
        given = {name: rng.choice((None, *values)) for name, values in BETTER.items() if name != what}
        if kind_ == "us-img":
            given.pop("visa_needed", None)
        people = model.people(
            [model.resolve(Applicant(specialty, kind_, **given, **{what: value})) for value in BETTER[what]]
        )
        counts = len(BETTER[what])
        found = {"ranked": people.p_ranked()}
        if people.arrays.chain is not None:
            for n in (1, 40, 300):
                found[f"apply {n}"] = people.p_apply(people.invitations(np.full(counts, n)))
            for k in (1, 4, 12):
                found[f"given {k}"] = people.p_given(np.full(counts, k))
            some = [found["apply 1"], found["apply 40"], found["apply 300"]]
            held = [found["given 1"], found["given 4"], found["given 12"]]
            for less, more in zip(some + held, some[1:] + [some[-1]] + held[1:] + [held[-1]], strict=True):
                if (less.mean(-1) > more.mean(-1) + 1e-12).any():
                    raise Fault(f"more hurts: {specialty} {kind_} {given}")
        for name, draws in found.items():
            point = draws.mean(axis=-1)
            if not ((point > 0) & (point < 1)).all():
                raise Fault(f"{specialty} {kind_} {what} {given}: {name} {point}")
            if (np.diff(point) < -NO_MATTER).any():
                raise Fault(f"{specialty} {kind_} {what} {given}: {name} falls {point}")
        yield "answered"


@kind(PART, "extremes: likelihood ratios of a millionth and a million, 0 and 100,000 applications", 40, 1500)
def extremes(rng, folder):
    model = load_model()
    cells = [(k, s) for k in model.applicant_types for s in model.specialties(k)]
    while True:
        kind_, specialty = rng.choice(cells)
        given = {
            "step2_ck": rng.choice((1, 2, 150, 299, 300)), "usce_months": rng.choice((0, 0.001, 119, 120)),
            "years_since_graduation": rng.choice((0, 60)), "step1_attempts": rng.choice((1, 6)),
            "step2_attempts": rng.choice((1, 6)),
        }  # fmt: skip
        words = ["predict", "--specialty", specialty, "--applicant-type", kind_, "--json"]
        names = {"step2_ck": "--step2", "usce_months": "--usce", "step1_attempts": "--step1-attempts"}
        words += [x for name, option in names.items() for x in (option, str(given[name]))]
        words += ["--applications", rng.choice(("0", "1", "300", "5000", "100000"))]
        words += [
            "--interviews",
            rng.choice(("0", "60")),
            "--target",
            rng.choice(("1%", "99%", "0.0001", "0.9999")),
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            answer = checked(words)
        if answer is None:
            yield "refused"
            continue
        found = only_json(answer)
        sound(found)
        for name in ("p_ranked", "p_apply"):
            if found[name] is not None and not 0 < found[name] < 1:
                raise Fault(f"{words}: {name} {found[name]}")
        try:
            people = model.people([model.resolve(Applicant(specialty, kind_, **given))])
        except RefusedInput:
            yield "answered"
            continue
        if people.arrays.chain is not None:
            for mean in (1e-12, 1e-6, 1.0, 1e6):
                pmf = ranks_pmf(np.full(people.lp.shape, mean), people.chain.dispersion)
                if abs(pmf.sum(axis=-1) - 1).max() > 1e-9 or pmf.min() < 0:
                    raise Fault(f"{specialty}: numbers of ranks are no chances at {mean}")
        yield "answered"
