"""Kinds of column: what a cell may hold, how it is read, and its dtype; a table, not a chain of ifs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..errors import UnknownSpecialty
from ..specialty import canonical_specialty, nearest_specialties
from ..tabular.cells import (
    CellFault,
    Value,
    code_word,
    is_suppressed,
    is_total,
    key,
    tidy_text,
    without_marks,
)
from ..tabular.numbers import parse_number
from . import words
from .readers import bins

EXAM = (1, 300)
# Sizes that nothing reaches: about 53,000 people register for a Match, to about 7,000 programs, with some
# 80 applications each. Whatever is larger is a slip of typing.
MOST_PEOPLE, MOST_PROGRAMS, MOST_APPLICATIONS, MOST_OF_ANYTHING = 100_000, 20_000, 20_000_000, 10_000
LEAST_ERROR = 1e-5  # of a standard error; a smaller one would take more people than ever applied

# measure -> (as printed, lowest, highest)
MEASURES: dict[str, tuple[str, int, int | None]] = {
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
_YES_NO = {word: "yes" for word in ("yes", "y", "true", "1")} | {
    word: "no" for word in ("no", "n", "false", "0")
}


@dataclass(frozen=True)
class NumberKind:
    """What the cells of a column of numbers may hold.

    Attributes
    ----------
    expected
        In words, for a problem's message.
    low, high
        Bounds, inclusive.
    whole
        Whether only whole numbers will do.
    positive
        Whether zero is refused too.
    share
        Whether it is a proportion, which a column called '... Pct' gives in percent.
    beyond
        What is known to be fewer than `high`, for a problem's message.
    """

    expected: str
    low: float | None = None
    high: float | None = None
    whole: bool = False
    positive: bool = False
    share: bool = False
    beyond: str = ""


@dataclass(frozen=True)
class TextKind:
    """What the cells of a column of texts may hold.

    Attributes
    ----------
    expected
        In words, for a problem's message.
    read
        From a printed cell to tidy text; raises CellFault.
    words
        Every text allowed, where there is a list.
    pattern
        Regular expression of the texts allowed, where they have a form.
    """

    expected: str
    read: Callable[[str], str | None]
    words: tuple[str, ...] = ()
    pattern: str | None = None


Kind = NumberKind | TextKind


def read_specialty(text: str) -> str | None:
    """Read a specialty's name; None where the cell is suppressed, CellFault for a name in no list."""
    bare = without_marks(text)
    if is_suppressed(bare):
        return None
    try:
        return canonical_specialty(bare)
    except UnknownSpecialty:
        near = nearest_specialties(bare)
        expected = " or ".join(near) if near else "a name of the specialty list"
        raise CellFault("is no known specialty", expected) from None


def _specialty_or_all(text: str) -> str | None:
    return "All" if is_total(text) else read_specialty(text)


def read_applicant_type(text: str) -> str:
    """Read an applicant type, such as ``us-img``; CellFault where no letter is in it."""
    word = _TYPES.get(key(text)) or code_word(text, "-")
    if not any(ch.isalpha() for ch in word):
        raise CellFault("is no applicant type")
    return word


def _among(table: Mapping[str, str], fault: str, allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if key(text) not in table:
            raise CellFault(fault, allowed)
        return table[key(text)]

    return read


def _one_of(allowed: Iterable[str], read: Callable[[str], str]) -> TextKind:
    """A kind whose cells hold a word of a list, with its reader."""
    listed = tuple(allowed)
    return TextKind("one of " + ", ".join(listed), read, words=listed)


def _listed(what: str, allowed: Iterable[str], also: Mapping[str, str] | None = None) -> TextKind:
    listed = tuple(allowed)
    return _one_of(listed, words.listed_reader(what, listed, also))


def _whole(high: int, beyond: str) -> NumberKind:
    return NumberKind("a whole number, 0 or more", low=0, high=high, whole=True, beyond=beyond)


MEASURED = NumberKind("a number, 0 or more", low=0)
EXPECTED_TYPE = "an applicant type such as us-img"
read_measure = words.listed_reader("measure", MEASURES, _ALSO_MEASURES)
_grade = _among({grade.casefold(): grade for grade in GRADES}, "is no grade", "A, B, C or D")
_cohort = _among(_COHORTS, "is no cohort", "Matched or Not Matched")
_yes_no = _among(_YES_NO, "is neither yes nor no", "yes or no")

KINDS: dict[str, Kind] = {
    "count": _whole(MOST_APPLICATIONS, "all applications of a Match"),
    "people": _whole(MOST_PEOPLE, "all who register for a Match"),
    "programs": _whole(MOST_PROGRAMS, "all programs"),
    "score": NumberKind("a Step 2 CK between 1 and 300", low=1, high=300),
    "amount": NumberKind(
        "a number, 0 or more", low=0, high=MOST_APPLICATIONS, beyond="all applications of a Match"
    ),
    "effect": NumberKind("a number between -100 and 100", low=-100, high=100),
    "dollars": NumberKind("a number, 0 or more", low=0, high=MOST_OF_ANYTHING, beyond="any fee"),
    "points": NumberKind("a number of points, 0 or more", low=0, high=300),
    "positive": NumberKind(
        "a number above 0", low=0, high=MOST_PROGRAMS, positive=True, beyond="all programs"
    ),
    "error": NumberKind("a standard error above 0", low=LEAST_ERROR, positive=True),
    "share": NumberKind(
        "a proportion between 0 and 1, or percent in a column called '... Pct'", low=0, high=1, share=True
    ),
    "correlation": NumberKind("a correlation between -1 and 1", low=-1, high=1),
    "year": NumberKind("a year between 1950 and 2100", low=1950, high=2100, whole=True),
    "measured": MEASURED,  # a row's own measure narrows it: see of_measure
    "text": TextKind("a text", tidy_text),
    "word": TextKind("a word", lambda text: tidy_text(text).casefold()),
    "date": TextKind("a date such as 2025-07-01", words.read_date, pattern=r"\d{4}-\d\d-\d\d"),
    "covariate": _listed("covariate", words.COVARIATES),
    "covariate_or_measure": _listed(
        "covariate", dict.fromkeys((*words.COVARIATES, *MEASURES)), _ALSO_MEASURES
    ),
    "unit": _listed("unit", words.UNITS),
    "scale": _listed("scale", words.SCALES),
    "adjustments": TextKind(
        words.EXPECTED_ADJUSTMENTS,
        words.read_adjustments,
        pattern="({0})(;({0}))*".format("|".join(words.ADJUSTMENTS)),
    ),
    "quantity": _listed("quantity", words.QUANTITIES),
    "charge": _listed("charge", words.CHARGES),
    "exam_item": _listed("item", words.EXAM_ITEMS),
    "statistic": _listed("statistic", words.STATISTICS),
    "coverage": _one_of(words.COVERAGE, words.read_coverage),
    "specialty": TextKind("a specialty", read_specialty),
    "specialty_or_all": TextKind("a specialty or All", _specialty_or_all),
    "type": TextKind(EXPECTED_TYPE, read_applicant_type),
    "img_type": _one_of(words.IMG_TYPES, words.read_img_type),
    "img_type_or_all": _one_of((*words.IMG_TYPES, "all"), words.read_img_type_or_all),
    "cohort": TextKind("Matched or Not Matched", _cohort, words=("matched", "not_matched")),
    "measure": _one_of(MEASURES, read_measure),
    "grade": TextKind("A, B, C or D", _grade, words=GRADES),
    "yes_no": TextKind("yes or no", _yes_no, words=("yes", "no")),
    "bin": TextKind(bins.EXPECTED, lambda text: bins.parse_bin(text).label),
}


def of_measure(measure: str | None) -> NumberKind:
    """Return the kind of a cell that holds a value of `measure`."""
    if measure is None or measure not in MEASURES:
        return MEASURED
    printed, low, high = MEASURES[measure]
    expected = f"a {printed} between {low} and {high}" if high else f"a {printed}, {low} or more"
    return NumberKind(expected, low=low, high=high or MOST_OF_ANYTHING)


def read_cell(text: str, kind: Kind, percent_column: bool = False) -> Value:
    """Read one cell.

    Parameters
    ----------
    text
        As printed.
    kind
        What it may hold.
    percent_column
        Whether the column is in percent.

    Returns
    -------
    Value
        A number or a text as the kind is; None where the cell is blank or suppressed.

    Raises
    ------
    CellFault
        Where the cell does not hold what it should.
    """
    if isinstance(kind, TextKind):
        return kind.read(text) if tidy_text(text) and not (kind.words and is_suppressed(text)) else None
    return _read_number(text, kind, percent_column)


def _read_number(text: str, kind: NumberKind, percent_column: bool) -> float | None:
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
        raise CellFault("is negative" if kind.low == 0 else f"is below {kind.low:.8g}")
    if kind.high is not None and value > kind.high:
        more = f", more than {kind.beyond}" if kind.beyond else ""
        raise CellFault(f"is above {100 if percent or percent_column else kind.high}{more}")
    return value
