"""What holds of anything that Hypothesis draws: applicants, tables, model files, profiles, command lines.

Sampled by the tests, tried often by `make faults`, from other seeds by `make fuzz`; what fails is made small.
"""

import json
import random
import shutil
from contextlib import chdir
from functools import cache

import numpy as np
from hypothesis import strategies as st

from matchmodel import load_model
from matchmodel.cli.profile import ENTRIES, read_profile, template
from matchmodel.files import json_text
from matchmodel.report.terminal import terminal
from matchmodel.report.wording import WIDTH

from ..strategies import ANY, WORDS, applicants_of, command_lines, json_trees, questions
from . import models, output, tables
from .any_table import FILLED, office
from .asking import Fault, checked, hung, only_json, said, small_model_file, sound, text_of
from .kinds import drawn
from .questions import NO_MATTER

MODEL = load_model()
LINES = ("etl", "check", "score", "programs", "curve", "calibrate", "update", "evaluate", "compare")


@drawn(
    "Questions",
    "any applicant and question: chances, ranges and their order",
    40,
    2000,
    applicant=applicants_of(MODEL),
    question=questions(),
)
def chances(folder, applicant, question):
    answer = MODEL.odds(applicant, question)
    sound(only_json(json_text(answer.to_dict())))
    output.harmless_text(text := "\n".join(terminal(answer.page(True))))
    if max(map(len, text.split("\n"))) > WIDTH:
        raise Fault(f"wider than a terminal: {text}")
    found = [answer.p_ranked, answer.p_apply, answer.p_any_invitation]
    found += [answer.p_given_interviews] if question.interviews else []
    for one in found:
        # A bound within a rounding error of 1 is written as 1.
        if one is not None and not 0 < one.low <= one.point <= one.high < 1:
            raise Fault(f"{one} is no chance with its range")
    if answer.p_apply is not None and answer.p_apply.point > answer.p_any_invitation.point:
        raise Fault("a match is likelier than an invitation")
    return "answered"


# Scores of people in the tables; beyond them a slope that is measured as nothing adds up to more.
RISING = {"step2_ck": st.floats(205, 290), "usce_months": st.floats(0, 120)}
FALLING = {
    "years_since_graduation": st.floats(0, 60),
    "step1_attempts": st.integers(1, 6),
    "step2_attempts": st.integers(1, 6),
    "visa_needed": st.booleans(),
}
OTHERWISE = {
    "step1_attempts": {"step1_failed": None},
    "step2_attempts": {"step2_failed": None},
}


@st.composite
def steps(draw):
    """An applicant, a covariate, and two values of it, the better one last."""
    name = draw(st.sampled_from([*RISING, *FALLING]))
    fixed = {"applicant_type": "non-us-img"} if name == "visa_needed" else {}
    person = draw(applicants_of(MODEL, cycle=None, yog=None, **OTHERWISE.get(name, {})))
    person = person.replace(**{**fixed, "specialty": person.specialty})
    values = sorted(draw(st.lists((RISING | FALLING)[name], min_size=2, max_size=2)), reverse=name in FALLING)
    return [person.replace(**{name: value}) for value in values]


@drawn(
    "Questions",
    "any step to the better, any more applications and interviews",
    40,
    2000,
    step=steps(),
    most=st.integers(1, 5000),
    least=st.integers(1, 5000),
)
def better(folder, step, most, least):
    people = MODEL.people([MODEL.resolve(one) for one in step])
    found = {"ranked": people.p_ranked()}
    if people.arrays.chain is not None and not MODEL.withheld(step[0].applicant_type, step[0].specialty):
        for n in sorted((least, most)):
            found[f"apply {n}"] = people.p_apply(people.invitations(np.full(2, n)))
            found[f"given {min(n, 60)}"] = people.p_given(np.full(2, min(n, 60)))
        for what in ("apply", "given"):
            less, *more = [draws.mean(axis=-1) for name, draws in found.items() if name.startswith(what)]
            if more and (less > more[0] + 1e-12).any():
                raise Fault(f"more hurts: {what} {less} {more}")
    for name, draws in found.items():
        worse, better_ = draws.mean(axis=-1)
        if not 0 < worse < 1 or not 0 < better_ < 1 or better_ < worse - NO_MATTER:
            raise Fault(f"{name}: {worse} to {better_}")
    return "answered"


@cache
def asked_of(folder):
    """The small model's right answers, and its places that can be changed."""
    asked = models.Asked(random.Random(1), folder)
    return asked, list(models.places(asked.content))


@drawn(
    "Model files",
    "any JSON at any place, checksum right",
    40,
    1500,
    at=st.integers(0),
    tree=json_trees(),
    which=st.integers(0, 999),
)
def trees(folder, at, tree, which):
    asked, places = asked_of(folder)
    asked.rng = random.Random(which)
    made = models.put(asked.content, places[at % len(places)], lambda _: tree)
    return asked.outcome(text_of(made), other=True)


KEYS = st.sampled_from([entry.key for entry in ENTRIES])


@drawn(
    "Tables and paths",
    "a profile that is written is read as it was said",
    40,
    2000,
    answers=st.dictionaries(KEYS, WORDS.map(str.strip).filter(bool)),
)
def profile_again(folder, answers):
    path = folder / "me.toml"
    path.write_text(template(answers), encoding="utf-8", newline="")
    if read_profile(str(path)) != {key: [text] for key, text in answers.items()}:
        raise Fault(f"{answers} is read as {read_profile(str(path))}")
    return "same"


@drawn(
    "Tables and paths",
    "any values and any text in a profile",
    30,
    1500,
    values=st.dictionaries(KEYS, json_trees() | st.sampled_from(FILLED) | st.integers(1, 300), max_size=4),
    end=st.just("") | st.text(ANY, max_size=9),
    named=st.booleans(),
)
def profile_words(folder, values, end, named):
    path = folder / "me.toml"
    sound_ = 'specialty = "IM"\napplicant-type = "us-img"\n' * named
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    path.write_text(sound_ + "\n".join(lines) + end, encoding="utf-8", newline="")
    with hung(20):
        answer = checked(["predict", "--profile", path, "--json"])
    if answer is None:
        return "refused"
    sound(only_json(answer))
    return "answered"


GOOD = {  # argument -> values that are right, in a folder of `files`
    "specialty": ["IM", "Neurology", "Dermatology", "Family Medicine"],
    "applicant_type": ["us-img", "non-us-img"],
    "step2": ["231", "250"],
    "yog": ["2020"],
    "visa": ["yes", "no", "h-1b"],
    "cycle": ["2026", "2027"],
    "target": ["50%", "0.3"],
    "table": ["people.csv", "own.csv", "programs.csv"],
    "profile": ["me.toml"],
    "model": ["m.json"],
    "practice": ["NBME:240"],
    "out": ["o", "out.csv", "o.png", "o.svg", "o.html", "o.json", "own.csv", "there"],
    "old": ["m.json"],
    "new": ["m.json"],
    "figure": ["f.png"],
    "applicants": ["own.csv", "people.csv"],
    "worlds": ["0"],
    "data": ["nothing"],
    "raw": ["raw"],
    "pdf": ["a.pdf"],
    "pages": ["1"],
    "signed": ["AB, 2026-11-01"],
    "budget": ["60", "500"],
    "signals": ["gold=3,silver=12"],
    "docs": ["docs.html"],
    "mean": ["240"],
    "sd": ["8"],
}


def files(folder):
    """A folder with one of each file that a command reads."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    made = {
        "people.csv": tables.PEOPLE,
        "own.csv": "\n".join(map(",".join, office())),
        "programs.csv": output.PROGRAMS + "A,Internal Medicine,NY,yes,0.05,x\nB,Neurology,NJ,yes,0.1,y\n",
        "me.toml": template({"specialty": "IM", "applicant-type": "non-us-img", "step2": "240"}),
        "a.pdf": "%PDF-1.4",
    }
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(small_model_file(), folder / "m.json")
    (folder / "there").mkdir()
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@drawn(
    "Questions", "every command's own options, values right and absurd", 25, 1000, words=command_lines(GOOD)
)
def any_command(folder, words):
    here = folder / "a folder, né"
    before = files(here)
    with chdir(here), hung(120):
        status, out, err = said(words)
    left = {path.name: path.stat().st_mtime_ns for path in here.iterdir()}
    lines = err.splitlines()
    output.harmless_text(out + err)
    if "Traceback" in err or status not in (0, 1, 2) or any(len(line) > 2000 for line in lines):
        raise Fault(f"{words}: status {status}, {err[:500]}")
    if status and words[0] != "compare":
        if left != before:
            raise Fault(f"{words}: refused, and left {left.keys() ^ before.keys()}")
        if out or not lines or (len(lines) > 1 and words[0] not in LINES):
            raise Fault(f"{words}: status {status}, {out[:300]!r}, {err[:500]!r}")
    if out.startswith("{") and "--json" in words:
        sound(only_json(out))
    return "refused" if status else "answered"


@drawn(
    "Output",
    "any text in the names, cells and columns of a table",
    12,
    300,
    names=st.lists(st.text(ANY, max_size=30) | st.sampled_from(output.ACTS), min_size=4, max_size=4),
)
def any_text(folder, names):
    path, out = folder / "in.csv", folder / "out.csv"
    program, note, header, applicant = map(output.cell, names)
    asked = ["programs", "--table", path, "--specialty", "IM", "--applicant-type", "us-img", "--out", out]
    statuses = []
    for words, head, row in (
        (
            [*asked, "--applications", "1"],
            output.PROGRAMS.replace("note", header),
            f"{program},Internal Medicine,NY,yes,0.05,{note}\n",
        ),
        (
            ["score", path, out, *output.SMALL],
            f"specialty,applicant_type,{header}\n",
            f"IM,us-img,{applicant}\n",
        ),
    ):
        path.write_text(head + row, encoding="utf-8", newline="")
        status, text, err = said([*words, *output.SMALL])
        output.harmless_text(text + err)
        if out.exists():
            output._no_formula(out)
            out.unlink()
        statuses.append(status)
    return "refused" if any(statuses) else "answered"
