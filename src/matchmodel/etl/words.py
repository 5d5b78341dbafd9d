"""The words that coded cells may hold.

Fixed lists, so that a misspelt word is refused with the nearest one, and not left unused.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from ..covariates import COVARIATES as OF_AN_APPLICANT
from ..tabular.cells import CellFault, is_suppressed, key, tidy_text

SCALES = (
    "log_odds_match",
    "log_interview_rate",
    "log_odds_invitation",
    "log_interviews",
    "percentage_points",
    "dispersion",
)
# covariate -> the units that its effects may be printed in; those that the fit does not use are kept as a
# record
UNITS_OF: dict[str, tuple[str, ...]] = {
    "step2_ck": ("10 points",),
    "step1": ("10 points",),
    **{
        name: (*known.units, *(("two attempts vs all",) if name.endswith("_failed") else ()))
        for name, known in OF_AN_APPLICANT.items()
    },
    "applicant_type": ("non-US IMG vs US IMG", "US IMG vs non-US IMG"),
    "negative_binomial_alpha": ("variance = mean + alpha*mean^2",),
    "program_signal": ("sent vs not sent",),
    "program_signal_gold": ("sent vs not sent",),
    "program_signal_silver": ("sent vs not sent",),
    "program_sponsors_j1": ("no vs yes (non-US IMG)",),
    "previous_match_attempts": ("repeat vs first",),
    "step3_passed": ("yes vs no",),
    "publications": ("log(1+count)",),
    "applications": ("log(applications)",),
}
COVARIATES = tuple(UNITS_OF)
UNITS = tuple(dict.fromkeys(unit for units in UNITS_OF.values() for unit in units))
SCORES = ("step2_ck", "step1", "exam_scores")  # adjusting for one of these is adjusting for the score
NOTHING = "nothing"
ADJUSTMENTS = (
    *(name for name in COVARIATES if name != "negative_binomial_alpha"), "exam_scores", "age",
    "country_income", "ecfmg_certified", "specialty", "year", "program", "program_strata", "program_tier",
    "others", NOTHING,
)  # fmt: skip
_ALSO_ADJUSTED = {
    "scores": "exam_scores", "step 1 score": "step1", "step 2 score": "step2_ck", "step 2": "step2_ck",
    "step 2 CK score": "step2_ck", "step3": "step3_passed", "IMG status": "applicant_type",
    "ecfmg": "ecfmg_certified", "visa": "visa_needed", "usce": "usce_months",
}  # fmt: skip
EXPECTED_ADJUSTMENTS = "'nothing', or words apart by semicolons, such as step2_ck; visa_needed"
# quantity of taking part -> whether it is a share, and so at most 1
QUANTITIES: dict[str, bool] = {
    "applications_per_applicant": False,  # over all specialties where the specialty is All
    "applications_per_specialty": False,  # of an applicant, to each specialty applied to
    "invitations_per_applicant": False,
    "applicants_per_program": False,
    "registered": False,
    "certified": False,  # a list of ranks
    "share_certified": True,  # of those registered
    "share_ranking": True,  # of those who applied
    "share_withdrawn": True,  # of those registered
    "share_no_list": True,  # of those registered
    "share_no_invitation": True,  # of those who applied
    "matched_after_soap": True,  # share of those who certified, SOAP included
}
EXAM_ITEMS = (
    "passing_score",
    "scale_low",
    "scale_high",
    "mean",
    "sd",
    "median_matched",
    "median_not_matched",
)
STATISTICS = ("p10", "q1", "median", "q3", "p90")
COVERAGE = ("all", "sample")
CHARGES = ("application", "rank", "once")  # what a fee is paid for; once: a season, whatever is sent
IMG_TYPES = ("img", "us-img", "non-us-img")  # img: both together
IMG_SPELLINGS = {
    "us-img": "us-img", "us imgs": "us-img", "us citizen img": "us-img", "us citizen imgs": "us-img",
    "non-us-img": "non-us-img", "non us imgs": "non-us-img", "non us citizen img": "non-us-img",
    "non us citizen imgs": "non-us-img",
}  # fmt: skip
_ALSO_IMG = IMG_SPELLINGS | {"imgs": "img", "all img": "img", "all imgs": "img"}


def listed_reader(
    what: str, words: Iterable[str], also: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    """Make the reader of a cell that holds a word of a list.

    Parameters
    ----------
    what
        What the list is of, for a problem's message.
    words
        The words in their tidy spelling.
    also
        Other spellings.

    Returns
    -------
    callable
        Printed cell to tidy word; raises CellFault with the nearest word.
    """
    listed = tuple(words)
    table = {key(word): word for word in listed}
    table |= {key(spelling): word for spelling, word in (also or {}).items()}

    def read(text: str) -> str:
        bare = key(text)
        if bare in table:
            return table[bare]
        near = difflib.get_close_matches(bare[:100], table, n=1)
        nearest = f"{table[near[0]]}, " if near else ""
        raise CellFault(f"is no known {what}", f"{nearest}one of {', '.join(listed)}")

    return read


read_adjustment = listed_reader("word for what an effect is adjusted for", ADJUSTMENTS, _ALSO_ADJUSTED)
read_img_type = listed_reader("type of IMG", IMG_TYPES, _ALSO_IMG)
read_img_type_or_all = listed_reader("applicant type", (*IMG_TYPES, "all"), _ALSO_IMG | {"all types": "all"})
read_coverage = listed_reader("coverage", COVERAGE, {"all with data": "all", "sampled": "sample"})


def read_adjustments(text: str) -> str | None:
    """Read what an effect is adjusted for: words apart by semicolons, or 'nothing'.

    Parameters
    ----------
    text
        Such as ``Step 2 CK; years since graduation``.

    Returns
    -------
    str
        Such as ``step2_ck;years_since_graduation``; None where it is not known.

    Raises
    ------
    CellFault
        For a word that is in no list, naming it.
    """
    if is_suppressed(text):
        return None
    adjusted: dict[str, None] = {}  # each word once, in its order
    for part in text.split(";"):
        if not tidy_text(part):
            continue
        try:
            adjusted[read_adjustment(part)] = None
        except CellFault as fault:
            which = f": '{tidy_text(part)}'" if ";" in text else ""
            raise CellFault(f"{fault.fault}{which}", fault.expected) from None
    if NOTHING in adjusted and len(adjusted) > 1:
        raise CellFault("says 'nothing' beside other words", EXPECTED_ADJUSTMENTS)
    return ";".join(adjusted) or None


def adjusts_for_score(adjusted_for: str | None) -> str:
    """Say, as yes or no, whether an exam score is among the words that `read_adjustments` gave."""
    return "yes" if set(SCORES).intersection((adjusted_for or "").split(";")) else "no"


def read_date(text: str) -> str | None:
    """Read a day as 2025-07-01; None where the cell is suppressed, CellFault for anything else."""
    if is_suppressed(text):
        return None
    bare = tidy_text(text).translate(dict.fromkeys(map(ord, "‐‑‒–—−"), "-"))
    try:
        if len(bare) != 10:
            raise ValueError(bare)
        return date.fromisoformat(bare).isoformat()
    except ValueError:
        raise CellFault("is no date", "a date such as 2025-07-01") from None
