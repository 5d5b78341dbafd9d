"""Who asks, what is refused and how, and what an answer promises."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, NotInModel, RefusedInput, UnknownSpecialty, load_model
from matchmodel.answer import passing_warning
from matchmodel.covariates import COVARIATES
from matchmodel.specialties import SPECIALTIES, canonical_specialty, nearest_specialties

MODEL = load_model()
WHO = {"specialty": "Internal Medicine", "applicant_type": "non-us-img"}

# what is given -> words that the one line must have
REFUSED = {
    "score above the scale": ({"step2_ck": 301}, ("301", "1 to 300")),
    "score of zero": ({"step2_ck": 0}, ("Step 2 CK is 0", "1 to 300")),
    "score not a number": ({"step2_ck": "high"}, ("'high'", "not a number")),
    "score nan text": ({"step2_ck": "nan"}, ("nan", "1 to 300")),
    "score infinite": ({"step2_ck": "inf"}, ("inf", "1 to 300")),
    "graduated after the cycle": ({"yog": 2028, "cycle": 2027}, ("2028", "after the cycle 2027")),
    "graduated long ago": ({"yog": 1800}, ("1800", "such as 2024")),
    "half a year": ({"yog": 2020.5}, ("2020.5", "whole number")),
    "no attempts": ({"step1_attempts": 0}, ("Step 1 attempts is 0", "between 1 and 4")),
    "seven attempts": ({"step2_attempts": 7}, ("Step 2 CK attempts is 7", "6 before July 2021")),
    "negative months": ({"usce_months": -1}, ("-1", "months")),
    "absurd months": ({"usce_months": 500}, ("500", "between 0 and 120")),
    "visa maybe": ({"visa_needed": "maybe"}, ("'maybe'", "yes or no")),
    "visa of a US IMG": ({"applicant_type": "us-img", "visa_needed": True}, ("US IMGs", "no visa")),
    "unknown specialty": ({"specialty": "Intrnal Medcine"}, ("'Intrnal Medcine'", "Internal Medicine")),
    "attempts and failure disagree": ({"step1_attempts": 2, "step1_failed": False}, ("disagree", "give one of the two")),
    "target of one": ({"target": 1}, ("target is 1", "between 0 and 1")),
    "no applications": ({"applications": 0}, ("applications is 0", "whole number")),
    "cycle of no Match": ({"cycle": 1900}, ("1900", "year of the Match")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_teaching_line(name):
    given_, words = REFUSED[name]
    with pytest.raises(RefusedInput) as caught:
        Applicant(**{**WHO, **given_})
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


REFUSED_BY_THE_MODEL = {
    "graduated after the default cycle": ({"yog": 2028}, "after the cycle 2027"),
    "unknown type": ({"applicant_type": "martian"}, "this model knows non-us-img, us-img"),
    "specialty without a table": ({"specialty": "Urology"}, "no table of non-us-img has the specialty Urology"),
    "cycle too far": ({"cycle": 2050}, "more than 10 years"),
    "years and yog disagree": ({"yog": 2020, "years_since_graduation": 3}, "disagree in cycle 2027"),
}


@pytest.mark.parametrize("name", REFUSED_BY_THE_MODEL)
def test_refused_by_the_model(name):
    given_, words = REFUSED_BY_THE_MODEL[name]
    with pytest.raises(RefusedInput) as caught:
        MODEL.odds(Applicant(**{**WHO, **given_}))
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_an_applicant_is_frozen_equal_and_checked_again_on_change():
    one = Applicant("im", "Non US IMG", step2_ck="250", visa_needed="no")
    assert one == Applicant("Internal Medicine", "non-us-img", step2_ck=250.0, visa_needed=False)
    with pytest.raises(AttributeError):
        one.step2_ck = 260
    assert one._replace(step2_ck=260).step2_ck == 260
    with pytest.raises(RefusedInput):
        one._replace(step2_ck=999)


def test_answers_are_frozen():
    answer = MODEL.odds(Applicant(**WHO))
    with pytest.raises(AttributeError):
        answer.p_ranked = 1.0


@pytest.mark.parametrize("name", SPECIALTIES)
def test_every_name_and_alias_is_canonical(name):
    for text in (name, name.upper(), name.replace(" ", "-"), *SPECIALTIES[name]):
        assert canonical_specialty(text) == name


def test_no_two_specialties_share_a_spelling():
    spellings = [text.casefold() for name, aliases in SPECIALTIES.items() for text in (name, *aliases)]
    assert len(spellings) == len(set(spellings))


NEAREST = {"Neurolgy": "Neurology", "Orthopedic": "Orthopaedic Surgery", "peadiatrics": "Pediatrics", "general surgry": "General Surgery"}


@pytest.mark.parametrize("typed", NEAREST)
def test_nearest(typed):
    assert NEAREST[typed] in nearest_specialties(typed)
    if typed != "Orthopedic":
        with pytest.raises(UnknownSpecialty):
            canonical_specialty(typed)


MARKS = MODEL.content["exam"]["passing_marks"]
WARNED = {218: "", 217: "before 2025-07-01, when the mark was 214", 214: "before 2025-07-01", 213: "before 2022-07-01, when the mark was 209", 205: "before 2014-07-01, when the mark was 203", 196: "before 2013-07-01", 190: "under every mark known here"}


@pytest.mark.parametrize("score", WARNED)
def test_a_score_under_todays_mark_is_warned_of(score):
    text = passing_warning(score, MARKS)
    assert (text == "") == (WARNED[score] == "") and WARNED[score] in text
    answer = MODEL.odds(Applicant(**WHO, step2_ck=score))
    assert any("passing mark" in w for w in answer.warnings) == bool(WARNED[score])


def test_five_attempts_are_answered_with_a_warning():
    answer = MODEL.odds(Applicant(**WHO, step1_attempts=5))
    assert any("limit has been 4 since July 2021" in w for w in answer.warnings)


@pytest.mark.parametrize("score, beyond", [(209, False), (284, False), (285, True), (208, True)])
def test_scores_that_the_table_never_saw_are_marked(score, beyond):
    answer = MODEL.odds(Applicant(**WHO, step2_ck=score))
    assert answer.extrapolated is beyond
    assert any("extrapolated" in w for w in answer.warnings) is beyond


KINDS = st.sampled_from(MODEL.applicant_types)


@st.composite
def applicants(draw):
    kind = draw(KINDS)
    maybe = lambda s: draw(st.one_of(st.none(), s))  # noqa: E731
    return Applicant(
        draw(st.sampled_from(MODEL.specialties(kind))), kind, step2_ck=maybe(st.integers(196, 290)), step1_attempts=maybe(st.integers(1, 6)),
        step2_attempts=maybe(st.integers(1, 6)), yog=maybe(st.integers(1990, 2026)), usce_months=maybe(st.floats(0, 30)),
        visa_needed=None if kind == "us-img" else maybe(st.booleans()), cycle=maybe(st.integers(2026, 2029)),
    )


@settings(max_examples=150, deadline=None)
@given(applicants())
def test_identities(applicant):
    answer = MODEL.odds(applicant)
    assert 0 < answer.p_ranked_low <= answer.p_ranked <= answer.p_ranked_high < 1
    product = math.prod(r.ratio for r in answer.likelihood_ratios)
    assert answer.odds == pytest.approx(answer.average / (1 - answer.average) * product, rel=1e-9)
    assert answer.one_in == pytest.approx(1 / answer.p_ranked)
    known = {"step2_ck", *COVARIATES}
    assert {r.covariate for r in answer.likelihood_ratios} == {n for n in known if getattr(MODEL.cycle_of(applicant), n) is not None}
    assert all(r.basis in ("measured", "evidence", "assumed") and r.low <= r.ratio <= r.high for r in answer.likelihood_ratios)
    assert json.loads(json.dumps(answer.as_dict(), allow_nan=False))["p_ranked"] == answer.p_ranked


@settings(max_examples=60, deadline=None)
@given(applicants(), st.sampled_from(["usce_months", "step2_attempts", "step1_attempts", "yog"]))
def test_an_unknown_covariate_drops_out(applicant, name):
    ratio = {"step2_attempts": "step2_failed", "step1_attempts": "step1_failed", "yog": "years_since_graduation"}.get(name, name)
    without = applicant._replace(**{name: None, **({ratio: None} if ratio != name else {})})
    found = {r.covariate: r.ratio for r in MODEL.odds(applicant).likelihood_ratios}
    assert MODEL.odds(applicant).odds == pytest.approx(MODEL.odds(without).odds * found.get(ratio, 1.0), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(applicants())
def test_directions(applicant):
    def p(**changes):
        return MODEL.odds(applicant._replace(**changes)).p_ranked

    if MODEL.cell(applicant.applicant_type, applicant.specialty).beta > 0:
        assert p(step2_ck=220) < p(step2_ck=240) < p(step2_ck=260)
    assert p(usce_months=0) < p(usce_months=6) < p(usce_months=12) == p(usce_months=15)
    clean = {"step1_attempts": None, "step2_attempts": None}
    assert p(**clean, step1_failed=True, step2_failed=False) < p(**clean, step1_failed=False, step2_failed=False)
    assert p(yog=2010) < p(yog=2024)
    if applicant.applicant_type == "non-us-img":
        assert p(visa_needed=True) < p(visa_needed=False)


def test_a_later_cycle_widens_the_range_and_leaves_the_point():
    answers = [MODEL.odds(Applicant(**WHO, step2_ck=250, cycle=c)) for c in (2026, 2027, 2030)]
    assert len({a.p_ranked for a in answers}) == 1
    widths = [a.p_ranked_high - a.p_ranked_low for a in answers]
    assert widths == sorted(widths) and widths[1] > 1.5 * widths[0]


def test_suppressed_specialties_are_answered_with_a_wider_range():
    def width(s):
        a = MODEL.odds(Applicant(s, "non-us-img", step2_ck=250, cycle=2026))
        return a.p_ranked_high - a.p_ranked_low

    for suppressed in ("Dermatology", "Thoracic Surgery (Integrated)", "Public Health and Preventive Medicine"):
        assert width(suppressed) > 3 * width("Internal Medicine")


# (applicant, wanted): plausible to someone who knows the Match. The figures are 'about'; the model
# gives 72.8 and 62.1, so the tolerance written here is four points.
PLAUSIBLE = {
    "strong, no visa": ({"step2_ck": 260, "yog": 2026, "usce_months": 6, "visa_needed": False, "step1_attempts": 1, "step2_attempts": 1}, 0.75),
    "strong, visa": ({"step2_ck": 260, "yog": 2026, "usce_months": 4, "visa_needed": True, "step1_attempts": 1, "step2_attempts": 1}, 0.64),
}


@pytest.mark.parametrize("name", PLAUSIBLE)
def test_plausible(name):
    given_, wanted = PLAUSIBLE[name]
    assert MODEL.odds(Applicant(**WHO, **given_)).p_ranked == pytest.approx(wanted, abs=0.04)


def test_a_weak_profile_is_under_a_fifth():
    weak = Applicant(**WHO, step2_ck=225, yog=2017, usce_months=0, visa_needed=True, step1_attempts=2, step2_attempts=2)
    assert MODEL.odds(weak).p_ranked < 0.20


PROFILES = ({}, {"step2_ck": 240}, {"step2_ck": 250, "usce_months": 4, "yog": 2025, "step1_attempts": 1, "step2_attempts": 1}, {"step2_ck": 230, "usce_months": 2})


@pytest.mark.parametrize("specialty", ["Internal Medicine", "Family Medicine", "Emergency Medicine", "Pediatrics", "General Surgery"])
@pytest.mark.parametrize("profile", PROFILES)
def test_us_imgs_stand_above_at_equal_profiles(specialty, profile):
    us = MODEL.odds(Applicant(specialty, "us-img", **profile)).p_ranked
    other = MODEL.odds(Applicant(specialty, "non-us-img", visa_needed=False, **profile)).p_ranked
    assert us > other


def test_family_medicine_is_nearly_flat_and_says_why():
    low, high = (MODEL.odds(Applicant("FM", "non-us-img", step2_ck=s)) for s in (220, 260))
    assert abs(high.p_ranked - low.p_ranked) < 0.06
    assert any("nearly flat" in n and "selected" in n for n in high.notes)
    assert not any("nearly flat" in n for n in MODEL.odds(Applicant(**WHO, step2_ck=250)).notes)


def test_us_imgs_answers_are_labelled():
    answer = MODEL.odds(Applicant("IM", "us-img", step2_ck=240, usce_months=6))
    assert {r.covariate: r.basis for r in answer.likelihood_ratios} == {"step2_ck": "assumed", "usce_months": "evidence"}
    assert answer.published_rate is None and any("odds ratios against non-us-img" in n for n in answer.notes)


def test_a_type_of_the_model_without_the_specialty_is_told_the_nearest():
    with pytest.raises(NotInModel, match="there are .*"):
        MODEL.odds(Applicant("Medicine-Primary", "non-us-img"))
