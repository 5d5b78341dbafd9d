"""The words of printed headers, and the names of columns that they stand for."""

from functools import lru_cache

from ...etl.layouts import LAYOUTS
from ...tabular.cells import key
from ..body.labels import cohort_of
from .tokens import is_bin

COUNTED = ("n", "no", "number", "count")
PERCENT, BIN_PREFIX = "percent", "="
STATISTICS = ("n", "min", "q1", "median", "q3", "max", "iqr", "mean", "sd")
COUNTS = ("matched", "not_matched", "positions", "all_applicants")
# Spellings that reports print beside the ETL's own; what is written has the layout's names.
_MORE = {
    "specialty": ("Specialties", "Preferred Specialty", "Specialty Name"),
    "cohort": ("Match Status", "Match Outcome", "Outcome", "Status", "Group", "Match Result"),
    "bin": (
        "Range", "Score Range", "Score", "Score Group", "Category", "Step 2 CK Score", "Step 1 Score",
        "Step 2 CK", "Step 1", "USMLE Step 2 CK Score", "USMLE Step 1 Score", "Step 2 CK Score Range",
        "Number of Ranks", "Contiguous Ranks", "Number of Contiguous Ranks", "Ranks", "Number of Programs",
        "Number of Experiences",
    ),
    "n": ("Number", "No.", "Count", "Number of Applicants", "n Applicants", "Applicants", "Sample Size"),
    "q1": (
        "1st Quartile", "First Quartile", "Lower Quartile", "25th", "25th Pctl", "25th Pct", "25th %ile",
        "P25", "Q1 (25th)", "25th Percentile (Q1)", "Q1 (25th Percentile)",
    ),
    "median": (
        "50th Percentile", "50th", "P50", "Q2", "Median (50th Percentile)", "Median (Q2)", "2nd Quartile",
        "50th Pctl", "50th %ile",
    ),
    "q3": (
        "3rd Quartile", "Third Quartile", "Upper Quartile", "75th", "75th Pctl", "75th Pct", "75th %ile",
        "P75", "Q3 (75th)", "75th Percentile (Q3)", "Q3 (75th Percentile)",
    ),
    "min": ("Lowest", "Min."),
    "max": ("Highest", "Max."),
    "iqr": ("Interquartile Range", "Inter-Quartile Range"),
    "mean": ("Average", "Avg"),
    "sd": ("St. Dev.", "StDev", "Std", "Standard Dev", "Std. Deviation"),
    "matched": ("Number Matched", "No. Matched", "n Matched", "Matched n", "Matched No.", "Matched Number"),
    "not_matched": (
        "Number Not Matched", "No. Not Matched", "n Not Matched", "Number Unmatched", "Not Matched n",
        "Not Matched No.", "Not Matched Number", "Number Did Not Match",
    ),
    "positions": ("Number of Positions", "No. of Positions"),
    PERCENT: (
        "%", "Percent", "Percentage", "Rate", "Match Rate", "Percent Matched", "% Matched", "Matched %",
        "Not Matched %", "% Not Matched", "Percent Not Matched", "Matched Pct", "Share",
    ),
}  # fmt: skip
_WORDS = {
    "of",
    "number",
    "score",
    "scores",
    "step",
    "applicants",
    "total",
    "us",
    "img",
    "imgs",
    "to",
    "preferred",
    "contiguous",
    "ranks",
    "did",
    "year",
    "by",
    "n",
    "usmle",
    "1",
    "2",
    "ck",
}


def _names(layout: str) -> dict[str, str]:
    columns = {column.name: column for column in LAYOUTS[layout].columns}
    wanted = {
        "quartiles": ("specialty", "cohort", *STATISTICS),
        "counts": ("specialty", *COUNTS),
        "bins": ("specialty", "bin", "matched", "not_matched"),
    }[layout]
    names: dict[str, str] = {}
    for name in (*wanted, PERCENT):
        own = (name, *columns[name].headers) if name in columns else ()
        for spelling in (*own, *_MORE.get(name, ())):
            names.setdefault(key(spelling), name)
    return names


NAMES = {layout: _names(layout) for layout in ("quartiles", "counts", "bins")}
_HEADERS = [
    text
    for layout in NAMES
    for column in LAYOUTS[layout].columns
    for text in (column.name.replace("_", " "), *column.headers)
]
VOCABULARY = _WORDS | {
    key(word)
    for text in (*(spelling for more in _MORE.values() for spelling in more), *_HEADERS)
    for word in text.replace("_", " ").split()
}


@lru_cache(maxsize=20_000)
def name_of(text: str, layout: str) -> str | None:
    """Return the tidy name of the column that a printed header stands for.

    Parameters
    ----------
    text
        As printed.
    layout
        ``quartiles``, ``counts`` or ``bins``.

    Returns
    -------
    str or None
        ``Matched`` and ``Not Matched`` of quartiles and bins by their cohort's name, a bin as ``=`` and its
        text, ``percent`` for shares; None for what is no header of the layout.
    """
    word = key(text)
    cohort = cohort_of(text) if word != "match" else ""
    if word in NAMES[layout] and not cohort:
        return NAMES[layout][word]
    if cohort:
        return cohort if layout != "counts" else "matched" if cohort == "Matched" else "not_matched"
    if layout == "bins" and is_bin(text):
        return BIN_PREFIX + text
    return "percent" if text.strip() == "%" else None
