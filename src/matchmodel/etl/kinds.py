"""Kinds of column: what a cell may hold, how it is read, and its dtype; a table, not a chain of ifs."""

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import UnknownSpecialty
from ..specialties import canonical_specialty, nearest_specialties
from . import words
from .readers import bins
from .readers.cells import (
    CellFault,
    code_word,
    is_suppressed,
    is_total,
    key,
    parse_number,
    tidy_text,
    without_marks,
)

EXAM = (1, 300)

# measure -> (as printed, lowest, highest)
MEASURES = {
    "step2_ck": ("Step 2 CK", *EXAM),
    "step1": ("Step 1", *EXAM),
    "contiguous_ranks": ("number of contiguous ranks", 0, None),
    "years_since_graduation": ("number of years since graduation", 0, None),
    "usce_months": ("number of months of USCE", 0, None),
    "step1_attempts": ("number of Step 1 attempts", 0, None),
    "step2_attempts": ("number of Step 2 attempts", 0, None),
    "specialties_ranked": ("number of specialties ranked", 0, None),
    "research": ("number of research experiences", 0, None),
    "research_experiences": ("number of research experiences", 0, None),
    "abstracts": ("number of abstracts", 0, None),
    "presentations": ("number of presentations", 0, None),
    "publications": ("number of publications", 0, None),
    "abstracts_pres_pubs": ("number of abstracts, presentations and publications", 0, None),
    "work": ("number of work experiences", 0, None),
    "volunteer": ("number of volunteer experiences", 0, None),
}
EXAM_MEASURES = ("step1", "step2_ck")
GRADES = ("A", "B", "C", "D")
_ALSO_MEASURES = {"step2": "step2_ck", "usmle step 2 ck": "step2_ck", "usmle step 1": "step1"}
_COHORTS = {key(word): "matched" for word in ("matched", "match", "did match")} | {
    key(word): "not_matched"
    for word in ("not matched", "did not match", "unmatched", "nonmatched", "no match")
}
_TYPES = {key(spelling): word for spelling, word in words.IMG_SPELLINGS.items()}
_YES_NO = {
    "yes": "yes",
    "y": "yes",
    "true": "yes",
    "1": "yes",
    "no": "no",
    "n": "no",
    "false": "no",
    "0": "no",
}


@dataclass(frozen=True)
class Kind:
    """What the cells of a column may hold.

    Attributes
    ----------
    expected : str
        In words, for a problem's message.
    number : bool
        Whether it is a number; otherwise text.
    low, high : float or None
        Bounds, inclusive.
    whole : bool
        Whether only whole numbers will do.
    positive : bool
        Whether zero is refused too.
    share : bool
        Whether it is a proportion, which a column called '... Pct' gives in percent.
    read : callable, optional
        Text kinds: printed cell to tidy text; raises CellFault.
    words : tuple of str, optional
        Every text allowed, where there is a list.
    pattern : str, optional
        Regular expression of the texts allowed, where they have a form.
    """

    expected: str
    number: bool = True
    low: float | None = None
    high: float | None = None
    whole: bool = False
    positive: bool = False
    share: bool = False
    read: Callable | None = None
    words: tuple | None = None
    pattern: str | None = None


def _specialty(text):
    bare = without_marks(text)
    if is_suppressed(bare):
        return None
    try:
        return canonical_specialty(bare)
    except UnknownSpecialty:
        near = nearest_specialties(bare)
        raise CellFault(
            "is no known specialty", " or ".join(near) if near else "a name of the specialty list"
        ) from None


def _specialty_or_all(text):
    return "All" if is_total(text) else _specialty(text)


def _applicant_type(text):
    word = _TYPES.get(key(text)) or code_word(text, "-")
    if not any(ch.isalpha() for ch in word):
        raise CellFault("is no applicant type")
    return word


def _among(table, fault, allowed):
    def read(text):
        if key(text) not in table:
            raise CellFault(fault, allowed)
        return table[key(text)]

    return read


def _listed(what, allowed, also=None, read=None):
    """A kind whose cells hold a word of a list."""
    read = read or words.listed_reader(what, allowed, also)
    return Kind("one of " + ", ".join(allowed), number=False, read=read, words=tuple(allowed))


read_measure = words.listed_reader("measure", MEASURES, _ALSO_MEASURES)
_grade = _among({grade.casefold(): grade for grade in GRADES}, "is no grade", "A, B, C or D")
_cohort = _among(_COHORTS, "is no cohort", "Matched or Not Matched")
_yes_no = _among(_YES_NO, "is neither yes nor no", "yes or no")

KINDS = {
    "count": Kind("a whole number, 0 or more", low=0, whole=True),
    "score": Kind("a Step 2 CK between 1 and 300", low=1, high=300),
    "amount": Kind("a number, 0 or more", low=0),
    "number": Kind("a number"),
    "positive": Kind("a number above 0", low=0, positive=True),
    "share": Kind(
        "a proportion between 0 and 1, or percent in a column called '... Pct'", low=0, high=1, share=True
    ),
    "correlation": Kind("a correlation between -1 and 1", low=-1, high=1),
    "year": Kind("a year between 1950 and 2100", low=1950, high=2100, whole=True),
    "measured": Kind("a number, 0 or more", low=0),  # a row's own measure narrows it: see of_measure
    "text": Kind("a text", number=False, read=tidy_text),
    "word": Kind("a word", number=False, read=lambda text: tidy_text(text).casefold()),
    "date": Kind("a date such as 2025-07-01", number=False, read=words.read_date, pattern=r"\d{4}-\d\d-\d\d"),
    "covariate": _listed("covariate", words.COVARIATES),
    "covariate_or_measure": _listed(
        "covariate", dict.fromkeys((*words.COVARIATES, *MEASURES)), _ALSO_MEASURES
    ),
    "unit": _listed("unit", words.UNITS),
    "scale": _listed("scale", words.SCALES),
    "adjustments": Kind(
        words.EXPECTED_ADJUSTMENTS,
        number=False,
        read=words.read_adjustments,
        pattern="({0})(;({0}))*".format("|".join(words.ADJUSTMENTS)),
    ),
    "quantity": _listed("quantity", words.QUANTITIES),
    "exam_item": _listed("item", words.EXAM_ITEMS),
    "statistic": _listed("statistic", words.STATISTICS),
    "coverage": _listed("coverage", words.COVERAGE, read=words.read_coverage),
    "specialty": Kind("a specialty", number=False, read=_specialty),
    "specialty_or_all": Kind("a specialty or All", number=False, read=_specialty_or_all),
    "type": Kind("an applicant type such as us-img", number=False, read=_applicant_type),
    "img_type": _listed("type", words.IMG_TYPES, read=words.read_img_type),
    "img_type_or_all": _listed("type", (*words.IMG_TYPES, "all"), read=words.read_img_type_or_all),
    "cohort": Kind("Matched or Not Matched", number=False, read=_cohort, words=("matched", "not_matched")),
    "measure": _listed("measure", MEASURES, read=read_measure),
    "grade": Kind("A, B, C or D", number=False, read=_grade, words=GRADES),
    "yes_no": Kind("yes or no", number=False, read=_yes_no, words=("yes", "no")),
    "bin": Kind(bins.EXPECTED, number=False, read=lambda text: bins.parse_bin(text).label),
}


def of_measure(measure):
    """Return the kind of a cell that holds a value of `measure`."""
    if measure not in MEASURES:
        return KINDS["measured"]
    printed, low, high = MEASURES[measure]
    expected = f"a {printed} between {low} and {high}" if high else f"a {printed}, {low} or more"
    return Kind(expected, low=low, high=high)


def read_cell(text, kind, percent_column=False):
    """Read one cell.

    Parameters
    ----------
    text : str
        As printed.
    kind : Kind
        What it may hold.
    percent_column : bool
        Whether the column is in percent.

    Returns
    -------
    float, str or None
        None where the cell is blank or suppressed.

    Raises
    ------
    CellFault
        Where the cell does not hold what it should.
    """
    if not kind.number:
        return kind.read(text) if tidy_text(text) and not (kind.words and is_suppressed(text)) else None
    value, percent = parse_number(text)
    if value is None:
        return None
    if percent and not kind.share:
        raise CellFault("is a percentage")
    if percent or percent_column:
        value = round(value / 100, 12)
    if kind.whole and value != int(value):
        raise CellFault("is not a whole number")
    if kind.positive and value <= 0:
        raise CellFault("is not above 0")
    if kind.low is not None and value < kind.low:
        raise CellFault("is negative" if kind.low == 0 else f"is below {kind.low}")
    if kind.high is not None and value > kind.high:
        raise CellFault(f"is above {100 if percent or percent_column else kind.high}")
    return value
