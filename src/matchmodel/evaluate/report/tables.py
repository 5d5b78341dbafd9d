"""Tables of the evaluation's report and card."""

from collections.abc import Iterable, Sequence
from typing import Any

from ...report.blocks import Grid, Strong
from ...report.wording import decimals, per_hundred, type_name

Row = dict[str, Any]
WHO = {"independent": "independent applicants", "us-senior": "US seniors", "together": "both together"}
UNITS = {
    "points": (100.0, 2, " points"),
    "percent": (100.0, 1, "%"),
    "number": (1.0, 3, ""),
    "count": (1.0, 0, ""),
}


def who(kind: str) -> str:
    """Return an applicant type of any report as a table names it, in the plural."""
    return WHO.get(kind) or type_name(kind, True)


def grid(head: Sequence[str], rows: Iterable[Sequence[object]], *words: int) -> Grid:
    """Return a table of texts and numbers; its first column and those named hold words."""
    texts = (tuple(c if isinstance(c, str) else str(c) for c in row) for row in rows)
    return Grid(tuple(head), tuple(texts), frozenset({0, *words}))


def yes(holds: bool) -> str:
    """Return whether it holds; what does not stands out."""
    return "yes" if holds else Strong("no")


def with_error(row: Row, name: str, digits: int = 3, sign: bool = False) -> str:
    """Return a number of a row with its standard error: '1.009 (0.062)'."""
    return f"{decimals(row[name], digits, sign)} ({decimals(row[name + '_se'], digits)})"


def between(low: float | None, high: float | None, digits: int = 1) -> str:
    """Return a range of proportions, times 100."""
    return f"{per_hundred(low, digits)} to {per_hundred(high, digits)}"


def in_unit(value: float, unit: str) -> str:
    """Return a bar's figure in its unit."""
    factor, digits, after = UNITS[unit]
    return decimals(factor * value, digits) + after


def limits(row: Row) -> str:
    """Return a bar's limits in words."""
    low, high = (None if row[end] is None else in_unit(row[end], row["unit"]) for end in ("low", "high"))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at most {high}" if low is None else f"at least {low}"


def bars(rows: Iterable[Row]) -> Grid:
    """Return the table of the bars."""
    cells = ((r["what"], in_unit(r["measured"], r["unit"]), limits(r), yes(r["holds"])) for r in rows)
    return grid(("what", "measured", "limit", "holds"), cells, 3)


def coverage(row: Row) -> tuple[str, str, str, str]:
    """Return how often a range held, the share, its interval, and whether 80% lies in that."""
    tried = row.get("years", row.get("specialties"))
    share = per_hundred(row["coverage"], 0)
    return f"{row['inside']} of {tried}", share, between(row["low"], row["high"], 0), yes(row["holds_80"])


def calibrations(rows: Sequence[Row]) -> tuple[Grid, Grid]:
    """Return the two tables of a calibration: slopes and errors, and scores."""
    first = grid(
        (
            "type", "specialties", "bins", "applicants", "calibration slope (SE)", "intercept",
            "intercept, slope held at 1 (SE)", "mean error, points", "sampling noise, points",
            "error / noise",
        ),
        (
            (
                who(r["applicant_type"]), r["specialties"], r["bins"], f"{r['applicants']:,}",
                with_error(r, "slope"), decimals(r["intercept"], 3, True),
                with_error(r, "in_the_large", sign=True), per_hundred(r["mean_error"], 2),
                per_hundred(r["floor"], 2), decimals(r["error_over_floor"], 3),
            )
            for r in rows
        ),
    )  # fmt: skip
    scores = [f"{name}{end}" for name in ("log_loss", "brier") for end in ("_base", "", "_saturated")]
    second = grid(
        (
            "type", "log loss: base rate", "model", "bins' own shares", "Brier: base rate", "model",
            "bins' own shares", "way from base to best, log loss %", "AUC over all bins",
            "AUC within a specialty",
        ),
        (
            (
                who(r["applicant_type"]), *(decimals(r[name], 4) for name in scores),
                per_hundred(r["log_loss_explained"], 0), decimals(r["auc"], 3), decimals(r["auc_within"], 3),
            )
            for r in rows
        ),
    )  # fmt: skip
    return first, second


def compared(rows: Sequence[Row]) -> Grid:
    """Return the table of published figures beside the chain's."""
    cells = []
    for r in rows:
        share = r["what"].startswith("share")
        show = per_hundred if share else decimals
        ranges = (
            f"{show(r[name])} ({show(r[name + '_low'])} to {show(r[name + '_high'])})"
            for name in ("seen", "model")
        )
        what = r["what"] + (", %" if share else "")
        cells.append((what, r["specialty"], *ranges, yes(r["inside"]), r["source"]))
    head = ("what", "specialty", "published (95%)", "the chain (80% range)", "inside", "source")
    return grid(head, cells, 1, 4, 5)
