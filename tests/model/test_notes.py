"""Notes: each code has a sentence, and each sentence its reason."""

import string
from dataclasses import replace

import pytest

from matchmodel import Applicant, Question
from matchmodel.model import Model
from matchmodel.model.notes import TEMPLATES, WARNINGS, passing_note, text
from matchmodel.model.records import Calibration, Coefficient, LeftOut, Note, PassingMark, Updated

from .synthetic import CHAINED, GREY, WITHHELD, Maker, model, record

MODEL = model()
SAMPLES = {  # fields of every template
    "applicant_type": "us-img", "specialty": "Neurology", "why": "consent", "sources": 2, "lost": "x",
    "score": 200.0, "mark": 218, "since": "2025-07-01", "until": "2025-07-01", "older": 203,
    "older_since": "2012-07-01", "low": 209.0, "high": 284.0, "attempts": 5, "step": "Step 1", "limit": 4,
    "before": 6, "year": 2026, "years": 12, "cycle": 2027, "applications": 500, "listed": 400,
    "matched": 3.0, "not_matched": 9.0, "sd": 0.31, "log_odds": -0.9, "anywhere": 0.6,
    "anywhere_year": 2026, "preferred": 0.5, "n": 90, "slope": 1.1, "slope_se": 0.1, "intercept": 0.2,
    "intercept_se": 0.1, "others": "non-US IMGs", "points": 8.0, "direction": "lower", "basis": "assumed",
    "published": 0.2, "average": 0.25, "beta": 0.02, "labels": "visa needed", "value": 90.0,
    "with_figures": 250, "service": "ResidencyCAS", "season": 2026, "applicants": 9, "usd": 150.0,
    "what": "registration 70", "source": "a study", "count": 3, "names": "x, y", "se": 0.1, "kept": 0.8,
    "method": "temperature", "newest_weight": 0.7, "log_odds_ratio": -0.2, "weight": 0.5, "spread": 0.4,
    "mean": 0.02,
}  # fmt: skip


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_makes_one_plain_line(code):
    said = text(Note(code, SAMPLES))
    assert (
        said
        and said != text(Note(code + " ", SAMPLES))
        and said.isprintable()
        and "{" not in said
        and "None" not in said
        and not said.endswith("..")
    )


def test_templates_use_known_fields():
    for template in TEMPLATES.values():
        if isinstance(template, str):
            assert {name for _, name, _, _ in string.Formatter().parse(template) if name} <= {
                *SAMPLES,
                "people",
            }
    assert set(TEMPLATES) >= WARNINGS


def test_an_unknown_code_is_said_as_it_stands():
    assert (
        text(Note("two_ears", {"left": 1, "right_one": "x"})) == "Two ears: left 1, right one x."
        and text(Note("odd")) == "Odd."
    )
    assert text(Note("few_applicants", {"limit": 15})) == "Few applicants: limit 15."


MARKS = (PassingMark("2012-07-01", 196), PassingMark("2013-07-01", 203), PassingMark("2025-07-01", 218))
TODAY = "is below today's passing mark of 218"
UNDER = {
    218: None,
    217.5: f"Step 2 CK 217.5 {TODAY} (since 2025-07-01): it passed only before 2025-07-01 (mark 203).",
    203: f"Step 2 CK 203 {TODAY} (since 2025-07-01): it passed only before 2025-07-01 (mark 203).",
    202: f"Step 2 CK 202 {TODAY} (since 2025-07-01): it passed only before 2013-07-01 (mark 196).",
    195: f"Step 2 CK 195 {TODAY} and every mark since 2012-07-01.",
}


@pytest.mark.parametrize("score", UNDER)
def test_a_score_under_todays_mark(score):
    note = passing_note(score, MARKS)
    assert (None if note is None else text(note)) == UNDER[score]
    assert passing_note(score, ()) is None


ASKED = [  # specialty, type, what is known, what is asked -> codes that are there, codes that are not
    (CHAINED, "non-us-img", {}, {},
     "takes_part preferred_only association next_year more_applications bounds invitation_rates fixed_fees",
     "interviews derived withheld grey no_chain"),
    (CHAINED, "non-us-img", {"cycle": 2026}, {}, "association", "next_year no_series old_table"),
    (CHAINED, "us-img", {}, {}, "derived score_shift takes_part", "counts_suppressed stand_in"),
    (CHAINED, "non-us-img", {}, {"interviews": 3}, "interviews", "applications_above_listed"),
    (CHAINED, "non-us-img", {}, {"applications": 401}, "applications_above_listed", ""),
    (CHAINED, "non-us-img", {"step2_ck": 217}, {}, "passed_before", "score_extrapolated"),
    (CHAINED, "non-us-img", {"step2_ck": 284}, {}, "", "passed_before score_extrapolated"),
    (CHAINED, "non-us-img", {"step2_ck": 285}, {}, "score_extrapolated", "passed_before"),
    (CHAINED, "non-us-img", {"step2_ck": 190}, {}, "under_every_mark score_extrapolated", "passed_before"),
    (CHAINED, "non-us-img", {"step1_attempts": 2}, {}, "", "attempts_capped attempt_limit"),
    (CHAINED, "non-us-img", {"step1_attempts": 3}, {}, "attempts_capped", "attempt_limit"),
    (CHAINED, "non-us-img", {"step2_attempts": 5}, {}, "attempts_capped attempt_limit", ""),
    (CHAINED, "us-img", {"visa_needed": False}, {}, "", "no_figure"),
    (GREY, "non-us-img", {"step2_ck": 240}, {}, "grey level_unsure no_own_slope no_chain", "withheld bounds"),
    (GREY, "non-us-img", {}, {}, "grey", "no_own_slope"),
    (WITHHELD, "non-us-img", {"step2_ck": 100}, {"interviews": 2}, "withheld few_applicants takes_part",
     "association interviews no_chain score_extrapolated"),
]  # fmt: skip


@pytest.mark.parametrize(("specialty", "kind", "known", "asked", "there", "absent"), ASKED)
def test_notes_of_answers(specialty, kind, known, asked, there, absent):
    answer = MODEL.odds(Applicant(specialty, kind, **known), Question(**asked))
    codes = [n.code for n in answer.notes]
    assert (
        set(there.split()) <= set(codes)
        and not set(absent.split()) & set(codes)
        and len(codes) == len(set(codes))
    )
    reasons = {n.code for n in answer.trust.reasons}
    warned = [code in WARNINGS or code in reasons for code in codes]
    assert warned == sorted(warned, reverse=True)  # warnings come first


def changed(kind="non-us-img", cell=None, **more):
    found = record()
    if cell is not None:
        one = found.types[kind]
        cells = one.cells | {CHAINED: replace(one.cells[CHAINED], **cell)}
        found = replace(found, types=found.types | {kind: replace(one, cells=cells)})
    return Model(replace(found, **more))


def of_kind(kind, **more):
    found = record()
    return Model(replace(found, types=found.types | {kind: replace(found.types[kind], **more)}))


ONE = Maker(5).drawn(Maker(5).normal(1.1, 0.1))
CHANGED = {  # a model -> a note that its answers have
    "left_out": (
        changed(
            left_out=LeftOut(
                "consent",
                ("a", "b"),
                (Note("lost_chain"), Note("lost_covariates", {"labels": "visa needed"})),
            )
        ),
        "This model was trained without 2 sources whose consent is asked for; lost: the chance if "
        "you apply; what is known of visa needed.",
    ),
    "updated": (
        changed(updated=Updated(1200, 500, {})),
        "The model was updated with 1,200 applicants of your own",
    ),
    "calibrated": (
        of_kind("non-us-img", calibration=Calibration("intercept-slope", 300, 150, ONE, ONE)),
        "calibrated on 300 non-US IMGs of your own",
    ),
    "shrunk": (
        changed(cell={"published": replace(record().types["non-us-img"].cells[CHAINED].published, rate=0.6)}),
        "The published rate of Internal Medicine is 60.0%. The model takes 49",
    ),
    "counts_suppressed": (
        changed(cell={"published": None}),
        "The table suppresses the counts of Internal Medicine",
    ),
    "flat_slope": (
        changed(cell={"beta": replace(record().types["non-us-img"].cells[CHAINED].beta, value=0.02)}),
        "nearly flat in Step 2 CK among those who rank it (+0.02",
    ),
    "no_series": (
        of_kind("non-us-img", drift=None),
        "No series of rates says how much the level moves to 2027",
    ),
    "stand_in": (
        of_kind("non-us-img", stand_in=Note("stand_in", {"applicant_type": "non-us-img", "year": 2007})),
        "Independent applicants of 2007 stand in for them",
    ),
    "old_table": (of_kind("non-us-img", year=2007), "The table is of 2007, 20 years before the 2027 Match"),
    "usual_unsure": (
        changed(
            cell={
                "chain": replace(
                    record().types["non-us-img"].cells[CHAINED].chain,
                    usual=replace(record().types["non-us-img"].cells[CHAINED].chain.usual, basis="assumed"),
                )
            }
        ),
        "; assumed) is unsure",
    ),
    "no_fees": (changed(fees=replace(record().fees, schedules={})), "no table of fees"),
    "no_figure": (
        changed(effects={n: e for n, e in record().effects.items() if n != "visa_needed"}),
        "no figure for visa needed of non-US IMGs",
    ),
}


@pytest.mark.parametrize("code", CHANGED)
def test_notes_of_other_models(code):
    other, words = CHANGED[code]
    if code == "no_figure":  # such a model's cells have no centring of it
        for kind in other.record.types.values():
            for cell in kind.cells.values():
                cell.kappa.pop("visa_needed", None)
    answer = other.odds(Applicant(CHAINED, "non-us-img", step2_ck=245, visa_needed=True))
    assert words in {n.code: text(n) for n in answer.notes}[code]
    assert code not in {
        n.code for n in MODEL.odds(Applicant(CHAINED, "non-us-img", step2_ck=245, visa_needed=True)).notes
    }


def test_coefficients_are_not_needed():
    assert Coefficient(1.0, None, "assumed", "x").notes == ()
