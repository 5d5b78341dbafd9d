"""Numbers and tables of the evaluation's report and card, in Markdown."""

from collections.abc import Iterable, Sequence
from typing import Any

from ...report.wording import type_name

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


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [_line(headers), "|" + "---|" * len(headers)]
    return "\n".join(lines + [_line(row) for row in rows])


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"


def percent(value: float | None, digits: int = 1) -> str:
    """Return a proportion as a percentage without its sign; a dash where there is none."""
    return "-" if value is None else f"{round(100 * value, digits) + 0.0:.{digits}f}"  # no minus zero


def figure(value: float | None, digits: int = 2) -> str:
    """Return a number with so many digits; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def in_unit(value: float, unit: str) -> str:
    """Return a bar's figure in its unit."""
    factor, digits, after = UNITS[unit]
    return f"{factor * value:,.{digits}f}{after}"


def limits(row: Row) -> str:
    """Return a bar's limits in words."""
    low, high = (None if row[end] is None else in_unit(row[end], row["unit"]) for end in ("low", "high"))
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at most {high}" if low is None else f"at least {low}"


def bars(rows: Iterable[Row]) -> str:
    """Return the table of the bars."""
    return table(
        ("what", "measured", "limit", "holds"),
        [
            (r["what"], in_unit(r["measured"], r["unit"]), limits(r), "yes" if r["holds"] else "**no**")
            for r in rows
        ],
    )


def coverage(row: Row) -> tuple[str, str, str, str]:
    """Return how often a range held, the share, its interval, and whether 80% lies in that."""
    tried = row.get("years", row.get("specialties"))
    interval = f"{percent(row['low'], 0)} to {percent(row['high'], 0)}"
    return (
        f"{row['inside']} of {tried}",
        percent(row["coverage"], 0),
        interval,
        "yes" if row["holds_80"] else "**no**",
    )


def calibrations(rows: Sequence[Row]) -> str:
    """Return the two tables of a calibration: slopes and errors, and scores."""
    first = [
        (
            who(r["applicant_type"]),
            r["specialties"],
            r["bins"],
            f"{r['applicants']:,}",
            f"{r['slope']:.3f} ({r['slope_se']:.3f})",
            f"{r['intercept']:+.3f}",
            f"{r['in_the_large']:+.3f} ({r['in_the_large_se']:.3f})",
            percent(r["mean_error"], 2),
            percent(r["floor"], 2),
            f"{r['error_over_floor']:.3f}",
        )
        for r in rows
    ]
    second = [
        (
            who(r["applicant_type"]),
            *(
                f"{r[name + end]:.4f}"
                for name in ("log_loss", "brier")
                for end in ("_base", "", "_saturated")
            ),
            percent(r["log_loss_explained"], 0),
            f"{r['auc']:.3f}",
            figure(r["auc_within"], 3),
        )
        for r in rows
    ]
    heads = (
        (
            "type",
            "specialties",
            "bins",
            "applicants",
            "calibration slope (SE)",
            "intercept",
            "intercept, slope held at 1 (SE)",
            "mean error, points",
            "sampling noise, points",
            "error / noise",
        ),
        (
            "type",
            "log loss: base rate",
            "model",
            "bins' own shares",
            "Brier: base rate",
            "model",
            "bins' own shares",
            "way from base to best, log loss %",
            "AUC over all bins",
            "AUC within a specialty",
        ),
    )
    return table(heads[0], first) + "\n\n" + table(heads[1], second)


def compared(rows: Sequence[Row]) -> str:
    """Return the table of published figures beside the chain's."""
    lines = []
    for r in rows:
        show = percent if r["what"].startswith("share") else figure
        seen = f"{show(r['seen'])} ({show(r['seen_low'])} to {show(r['seen_high'])})"
        model = f"{show(r['model'])} ({show(r['model_low'])} to {show(r['model_high'])})"
        lines.append(
            (
                r["what"] + (", %" if show is percent else ""),
                r["specialty"],
                seen,
                model,
                "yes" if r["inside"] else "**no**",
                r["source"],
            )
        )
    return table(("what", "specialty", "published (95%)", "the chain (80% range)", "inside", "source"), lines)
