"""Step 2 CK against the chance of matching, one panel per specialty, with the table's own numbers."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..errors import NotInModel
from ..etl import Tidy
from ..fit.tables.cells import Measured, measured_cells
from ..fit.tables.reconstruct import Summary
from ..model import Model
from ..model.engine import People, expit, ranges
from ..model.notes import text
from ..model.records import Cell, Note, Published
from ..report.wording import percent as exact
from ..report.wording import type_name
from ..specialty import canonical_specialty
from . import style

SCORES = np.arange(210, 281)
PREFERRED = (
    "Internal Medicine",
    "Family Medicine",
    "Pediatrics",
    "Neurology",
    "General Surgery",
    "Dermatology",
)
PANELS, COLUMNS = 6, 3
FIFTHS = 5
LARGEST, SMALLEST = 90.0, 4.0  # circles' areas, in square points
SHRUNK = 0.005  # by how much the model's average may differ from the published one before both are drawn
TOP, BOTTOM = 1.09, -0.09  # where the quartiles of the matched and of the others are drawn
Points = tuple[np.ndarray, np.ndarray, np.ndarray]


def _counted(published: Published | None) -> float:
    return 0.0 if published is None else published.matched + published.not_matched


def default_specialties(model: Model, kind: str) -> tuple[str, ...]:
    """Return six specialties in the order of size: preferred ones that the model has, then its largest."""
    known = [s for s in model.specialties(kind) if not model.withheld(kind, s)]

    def size(specialty: str) -> float:
        return _counted(model.cell(kind, specialty).published)

    largest = sorted(known, key=lambda s: (-size(s), s))
    chosen = [s for s in PREFERRED if s in known]
    chosen += [s for s in largest if s not in chosen]
    return tuple(sorted(chosen[:PANELS], key=lambda s: (-size(s), s)))


def shares_within(
    cohorts: dict[str, tuple[np.ndarray, np.ndarray]], counts: dict[str, float], parts: int = FIFTHS
) -> Points:
    """Return the share matched within equal parts of a cell's applicants, ordered by score.

    Parameters
    ----------
    cohorts
        {'matched': (values, weights), 'not_matched': (values, weights)}; each is scaled to its full count.
    counts
        {'matched': applicants, 'not_matched': applicants}, of the full counts.
    parts

    Returns
    -------
    score, matched, total : numpy.ndarray, shape (parts,)
        Mean score, and applicants; a value that lies on a border is split between its parts.
    """
    names = ("matched", "not_matched")
    values, where = np.unique(
        np.concatenate([np.asarray(cohorts[n][0], float) for n in names]), return_inverse=True
    )
    people = {}
    start = 0
    for name in names:
        weights = np.asarray(cohorts[name][1], float)
        people[name] = np.bincount(
            where[start : start + len(weights)], weights * counts[name] / weights.sum(), len(values)
        )
        start += len(weights)
    total = people["matched"] + people["not_matched"]
    edges = np.concatenate([[0.0], np.cumsum(total)]) / total.sum()
    borders = np.arange(parts + 1) / parts
    inside = np.clip(
        np.minimum(edges[1:, None], borders[None, 1:]) - np.maximum(edges[:-1, None], borders[None, :-1]),
        0,
        None,
    )
    inside = (
        inside / np.where(total > 0, total / total.sum(), 1)[:, None]
    )  # the share of each value's applicants in each part
    n = total @ inside
    return (total * values) @ inside / n, people["matched"] @ inside, n


def _average(model: Model, kind: str, specialty: str) -> float:
    """Return the model's average rate in the year of the table."""
    return float(expit(model.arrays(kind, specialty).level).mean())


def _averages(model: Model, kind: str, specialty: str) -> list[tuple[float, str, str]]:
    """Return (level, word, dash) of a panel's averages: the published one, and the model's where another."""
    published, own = model.cell(kind, specialty).published, _average(model, kind, specialty)
    found = [] if published is None else [(published.rate, "published", "-")]
    if published is None or abs(own - published.rate) > SHRUNK:
        found.append((own, "model", ":"))
    return found


def _points(measured: Measured | None, published: Published | None) -> Points | None:
    """Return (score, share, applicants) of the table's own points, None where a cohort is suppressed."""
    if measured is None or not measured.complete or published is None or not _counted(published) > 0:
        return None
    counts = {"matched": published.matched, "not_matched": published.not_matched}
    if measured.bins is not None:
        bins = measured.bins
        matched, other = (
            c * counts[n] / c.sum() for c, n in ((bins.matched, "matched"), (bins.not_matched, "not_matched"))
        )
        some = matched + other > 0
        return bins.mid[some], matched[some] / (matched + other)[some], (matched + other)[some]
    score, matched, n = shares_within(measured.cohorts("segment"), counts)
    return score, matched / n, n


def _scores(tables: Sequence[Measured | None]) -> np.ndarray:
    """Return the scores drawn: those of `SCORES`, or those that printed bins cover (an older scale)."""
    bins = [t.bins for t in tables if t is not None and t.bins is not None]
    return np.arange(int(min(b.low for b in bins)), int(max(b.high for b in bins)) + 1) if bins else SCORES


def _quartiles(axis: Axes, summary: Summary | None, y: float, word: str) -> None:
    """Draw a cohort's printed quartiles as a bar with a mark at the median."""
    if summary is None or not summary.known:
        axis.text(
            axis.get_xlim()[1],
            y,
            f"{word}: suppressed",
            fontsize=style.SMALL - 0.5,
            color=style.GREY,
            va="center",
            ha="right",
        )
        return
    axis.plot(
        [summary.q1, summary.q3], [y, y], color=style.GREY, lw=1.2, solid_capstyle="butt", label="_quartiles"
    )
    axis.plot(
        [summary.q1, summary.median, summary.q3],
        [y] * 3,
        ls="",
        marker="|",
        ms=7,
        mew=1.3,
        color=style.INK,
        label=f"_{word}",
    )
    axis.text(summary.q3 + 1.5, y, word, fontsize=style.SMALL - 0.5, color=style.GREY, va="center", ha="left")


def _knowledge(cell: Cell, derived: bool) -> str:
    if derived:
        return "borrowed slope" if cell.own_slope else "mean slope"
    return "slope from its own table" if cell.own_slope else "no slope of its own"


def _panel(
    axis: Axes,
    model: Model,
    kind: str,
    specialty: str,
    measured: Measured | None,
    scores: np.ndarray,
    points: Points | None,
    largest: float,
) -> None:
    cell = model.cell(kind, specialty)
    p, least, most = ranges(People(model.arrays(kind, specialty), scores.astype(float), {}, 0).p_ranked())
    low, high = (0, np.inf) if cell.score_seen is None else (cell.score_seen.low, cell.score_seen.high)
    ticks = range(-(-scores[0] // 10) * 10, scores[-1] + 1, 20)
    axis.set(xlim=(scores[0], scores[-1]), ylim=(-0.15, 1.15), xticks=ticks, yticks=np.linspace(0, 1, 5))
    axis.fill_between(scores, least, most, color=style.PALE, alpha=0.55, lw=0)
    for beyond in (scores <= low, scores >= high):
        axis.plot(scores[beyond], p[beyond], color=style.GREY, lw=1.3, ls=(0, (2, 1.5)), label="beyond")
    inside = (scores >= low) & (scores <= high)
    axis.plot(
        scores[inside],
        p[inside],
        color=style.BLUE,
        lw=2,
        ls="-" if cell.own_slope else (0, (6, 1.2)),
        label="scores seen",
    )
    ends = _averages(model, kind, specialty)
    for level, word, dash in ends:
        axis.axhline(level, color=style.INK, lw=0.7, ls=dash, label=f"{word} average")
    if points is not None:
        x, share, people = points
        area = np.maximum(LARGEST * people / largest, SMALLEST)
        axis.scatter(
            x, share, s=area, color=style.ORANGE, edgecolor=style.INK, lw=0.6, zorder=3, label="table"
        )
    if measured is not None and measured.bins is None:
        _quartiles(axis, measured.matched, TOP, "matched")
        _quartiles(axis, measured.not_matched, BOTTOM, "not matched")
    axis.yaxis.set_major_formatter(style.percent_tick)
    style.label_ends(
        axis,
        [(scores[-1], level, f"{exact(level)}\n{word}", style.INK) for level, word, _ in ends],
        style.SMALL,
        pad=0.06,
    )
    counted = (
        "counts not published" if cell.published is None else f"{_counted(cell.published):,.0f} applicants"
    )
    style.heading(
        axis, specialty, f"{counted}; {_knowledge(cell, model.kind(kind).derived_from is not None)}"
    )


def _caption(model: Model, kind: str, chosen: Sequence[str], tables: Sequence[Measured | None]) -> str:
    """Return what the picture says under it."""
    derived, cells = model.kind(kind).derived_from, [model.cell(kind, s) for s in chosen]
    parts = [
        "Line and band: the model's chance of matching to the specialty if you rank at least one program, "
        "and its 80% range, in the year of the table.",
        "Dashed grey: beyond the scores that the table saw.",
    ]
    if not all(cell.own_slope for cell in cells):
        parts.append("Dashed blue: no slope of its own, the mean over the specialties is taken.")
    if any(cell.published is not None for cell in cells):
        parts.append("Thin line: the published average.")
    if any(word == "model" for s in chosen for _, word, _ in _averages(model, kind, s)):
        parts.append(
            "Dotted: the model's average, where it differs (small numbers are shrunk) or no counts are "
            "published."
        )
    if any(t is not None and t.bins is None for t in tables):
        parts.append(
            "Bars with three ticks: quartiles as printed. Circles: share matched within fifths of the "
            "applicants by score, area by applicants; reconstructed from the printed quartiles, means and "
            "SDs with cohorts weighted by the full counts, not printed by the table."
        )
    if any(t is not None and t.bins is not None for t in tables):
        parts.append(
            "Circles: share matched within the printed score bins, cohorts weighted by the full counts."
        )
    if derived:
        parts.append(
            f"No table of {type_name(kind, True)} prints scores: level and slope are derived from "
            f"{type_name(derived, True)}."
        )
    return " ".join(parts)


def score_plot(
    model: Model, tidy: Tidy, kind: str = "non-us-img", specialties: Sequence[str] | None = None
) -> Figure:
    """Draw the chance of matching against Step 2 CK, with the table's own numbers beside the curve.

    Parameters
    ----------
    model
    tidy
        With the tables that the model was trained on.
    kind
    specialties
        One panel each; six of different size and knowledge where absent.

    Raises
    ------
    NotInModel
        For a specialty that the model has no number for.
    """
    wanted = specialties or default_specialties(model, kind)
    chosen = []
    for name in wanted:
        specialty = canonical_specialty(name)
        if model.withheld(kind, specialty):
            raise NotInModel(
                text(Note("withheld", {"specialty": specialty, "applicant_type": kind})).rstrip(".")
            )
        chosen.append(specialty)
    found = measured_cells(tidy, "step2_ck")
    columns = min(COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    tables = [found.get((kind, s), [None])[0] for s in chosen]
    scores = _scores(tables)
    title = f"Step 2 CK and the chance of matching, {type_name(kind, True)}, {model.kind(kind).year}"
    figure, axes = style.new_figure(
        2.05 * rows + 0.78 * (rows - 1), rows, columns, title, _caption(model, kind, chosen, tables),
        width=0.72 + 0.7 + columns * 2.1 + 0.74 * (columns - 1), left=0.72, right=0.7, above=0.36,
        between=(0.74, 0.78), sharex=True, sharey=True,
    )  # fmt: skip
    drawn = [_points(table, model.cell(kind, s).published) for table, s in zip(tables, chosen, strict=True)]
    largest = max((max(points[2]) for points in drawn if points is not None), default=1)
    for axis, specialty, table, points in zip(axes.flat, chosen, tables, drawn, strict=False):
        _panel(axis, model, kind, specialty, table, scores, points, largest)
    for axis in axes.flat[len(chosen) :]:
        axis.set_visible(False)
    for k, axis in enumerate(axes.flat[: len(chosen)]):
        axis.tick_params(labelbottom=True)
        if k + columns >= len(chosen):
            axis.set_xlabel("Step 2 CK")
    for axis in axes[:, 0]:
        axis.set_ylabel("chance of matching")
    return figure
