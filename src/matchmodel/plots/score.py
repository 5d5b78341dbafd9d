"""Step 2 CK against the chance of matching, a panel a specialty, with the table's own numbers."""

import numpy as np

from ..applicant import Applicant
from ..batch import score_applicants
from ..fit.cells import measured_cells
from ..wording import percent as exact
from ..wording import type_name
from . import style

SCORES = np.arange(210, 281)
PREFERRED = ("Internal Medicine", "Family Medicine", "Pediatrics", "Neurology", "General Surgery", "Dermatology")
PANELS, COLUMNS = 6, 3
FIFTHS = 5
LARGEST, SMALLEST = 90.0, 4.0  # circles' areas, in square points
SHRUNK = 0.005  # by how much the model's average may differ from the published one before both are drawn
TOP, BOTTOM = 1.09, -0.09  # where the quartiles of the matched and of the others are drawn


def default_specialties(model, kind):
    """Return six specialties: the preferred ones that the model has, filled up with its largest, all in the order of size."""
    known = model.specialties(kind)

    def persons(specialty):
        counts = model.cell(kind, specialty).published
        return 0 if counts is None else counts["matched"] + counts["not_matched"]

    largest = sorted(known, key=lambda s: (-persons(s), s))
    chosen = [s for s in PREFERRED if s in known]
    chosen += [s for s in largest if s not in chosen]
    return tuple(sorted(chosen[:PANELS], key=lambda s: (-persons(s), s)))


def shares_within(cohorts, counts, parts=FIFTHS):
    """Return the share matched within equal parts of a cell's applicants, ordered by score.

    Parameters
    ----------
    cohorts : dict
        {'matched': (values, weights), 'not_matched': (values, weights)}; each is scaled to its full count.
    counts : dict
        {'matched': persons, 'not_matched': persons}, of the full counts.
    parts : int

    Returns
    -------
    score, matched, total : numpy.ndarray, shape (parts,)
        Mean score, and persons; a value that lies on a border is split between its parts.
    """
    names = ("matched", "not_matched")
    values, where = np.unique(np.concatenate([np.asarray(cohorts[n][0], float) for n in names]), return_inverse=True)
    persons = {}
    start = 0
    for name in names:
        weights = np.asarray(cohorts[name][1], float)
        persons[name] = np.bincount(where[start : start + len(weights)], weights * counts[name] / weights.sum(), len(values))
        start += len(weights)
    total = persons["matched"] + persons["not_matched"]
    edges = np.concatenate([[0.0], np.cumsum(total)]) / total.sum()
    borders = np.arange(parts + 1) / parts
    inside = np.clip(np.minimum(edges[1:, None], borders[None, 1:]) - np.maximum(edges[:-1, None], borders[None, :-1]), 0, None)
    inside = inside / np.where(total > 0, total / total.sum(), 1)[:, None]  # the share of each value's persons in each part
    n = total @ inside
    return (total * values) @ inside / n, persons["matched"] @ inside, n


def _averages(cell):
    """Return (level, word, dash) of the averages that a panel shows: the published one, and the model's where it is another."""
    found = [] if cell.published is None else [(cell.published["rate"], "published", "-")]
    if cell.published is None or abs(cell.average - cell.published["rate"]) > SHRUNK:
        found.append((cell.average, "model", ":"))
    return found


def _points(measured, counts):
    """Return (score, share, persons) of the table's own points, None where a cohort is suppressed."""
    if measured is None or not measured.complete or counts is None or not (counts["matched"] + counts["not_matched"] > 0):
        return None
    if measured.bins is not None:
        bins = measured.bins
        matched, other = (c * counts[n] / c.sum() for c, n in ((bins.matched, "matched"), (bins.not_matched, "not_matched")))
        some = matched + other > 0
        return bins.mid[some], matched[some] / (matched + other)[some], (matched + other)[some]
    score, matched, n = shares_within(measured.cohorts("segment"), counts)
    return score, matched / n, n


def _scores(tables):
    """Return the scores drawn: those of `SCORES`, or those that printed bins cover (an older scale)."""
    bins = [t.bins for t in tables if t is not None and t.bins is not None]
    return np.arange(int(min(b.low for b in bins)), int(max(b.high for b in bins)) + 1) if bins else SCORES


def _quartiles(axis, summary, y, word):
    """Draw a cohort's printed quartiles as a bar with a mark at the median."""
    if summary is None or not summary.known:
        axis.text(axis.get_xlim()[1], y, f"{word}: suppressed", fontsize=style.SMALL - 0.5, color=style.GREY, va="center", ha="right")
        return
    axis.plot([summary.q1, summary.q3], [y, y], color=style.GREY, lw=1.2, solid_capstyle="butt", label="_quartiles")
    axis.plot([summary.q1, summary.median, summary.q3], [y] * 3, ls="", marker="|", ms=7, mew=1.3, color=style.INK, label=f"_{word}")
    axis.text(summary.q3 + 1.5, y, word, fontsize=style.SMALL - 0.5, color=style.GREY, va="center", ha="left")


def _panel(axis, model, kind, specialty, measured, scores, points, largest):
    cell, year = model.cell(kind, specialty), model.type(kind)["year"]
    found = score_applicants(model, [Applicant(specialty, kind, float(s), cycle=year) for s in scores])
    p, seen = found["p_ranked"], cell.content["score_seen"]
    low, high = (0, np.inf) if seen is None else (seen["low"], seen["high"])
    own = cell.content["own_slope"]
    axis.set(xlim=(scores[0], scores[-1]), ylim=(-0.15, 1.15), xticks=range(-(-scores[0] // 10) * 10, scores[-1] + 1, 20), yticks=np.linspace(0, 1, 5))
    axis.fill_between(scores, found["p_ranked_low"], found["p_ranked_high"], color=style.PALE, alpha=0.55, lw=0)
    for beyond in (scores <= low, scores >= high):
        axis.plot(scores[beyond], p[beyond], color=style.GREY, lw=1.3, ls=(0, (2, 1.5)), label="beyond")
    inside = (scores >= low) & (scores <= high)
    axis.plot(scores[inside], p[inside], color=style.BLUE, lw=2, ls="-" if own else (0, (6, 1.2)), label="scores seen")
    counts = cell.published
    ends = _averages(cell)
    for level, word, dash in ends:
        axis.axhline(level, color=style.INK, lw=0.7, ls=dash, label=f"{word} average")
    if points is not None:
        x, share, persons = points
        axis.scatter(x, share, s=np.maximum(LARGEST * persons / largest, SMALLEST), color=style.ORANGE, edgecolor=style.INK, lw=0.6, zorder=3, label="table")
    if measured is not None and measured.bins is None:
        _quartiles(axis, measured.matched, TOP, "matched")
        _quartiles(axis, measured.not_matched, BOTTOM, "not matched")
    axis.yaxis.set_major_formatter(style.percent)
    style.label_ends(axis, [(scores[-1], level, f"{exact(level)}\n{word}", style.INK) for level, word, _ in ends], style.SMALL, pad=0.06)
    persons = "counts not published" if counts is None else f"{counts['matched'] + counts['not_matched']:,.0f} applicants"
    knowledge = "slope from its own table" if own else "no slope of its own"
    if model.type(kind)["derived_from"]:
        knowledge = "borrowed slope" if own else "mean slope"
    style.heading(axis, specialty, f"{persons}; {knowledge}")


def score_plot(model, tidy, kind="non-us-img", specialties=None):
    """Draw the chance of matching against Step 2 CK, with the table's own numbers beside the curve.

    Parameters
    ----------
    model : Model
    tidy : matchmodel.etl.Tidy
        With the tables that the model was trained on.
    kind : str
    specialties : sequence of str, optional
        A panel each; six of different size and knowledge where absent.

    Returns
    -------
    matplotlib.figure.Figure
    """
    chosen = [model.cell(kind, s).specialty for s in specialties or default_specialties(model, kind)]
    cells = measured_cells(tidy, "step2_ck")
    columns = min(COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    tables = [cells.get((kind, s), [None])[0] for s in chosen]
    scores = _scores(tables)
    year, derived = model.type(kind)["year"], model.type(kind)["derived_from"]
    caption = (
        "Line and band: the model's chance of matching to the specialty, given at least one ranked program, and its 80% range; no drift, since the year is the table's own. "
        "Dashed grey: beyond the scores that the table saw. "
    )
    known = [model.cell(kind, s) for s in chosen]
    if not all(cell.content["own_slope"] for cell in known):
        caption += "Dashed blue: no slope of its own, the mean over the specialties is taken. "
    if any(cell.published is not None for cell in known):
        caption += "Thin line: the published average. "
    if any(word == "model" for cell in known for _, word, _ in _averages(cell)):
        caption += "Dotted: the model's average, where it differs (cells under 100 applicants are drawn towards the mean) or no counts are published. "
    if any(t is not None and t.bins is None for t in tables):
        caption += (
            "Bars with three ticks: quartiles as printed. Circles: share matched within fifths of the applicants by score, area by applicants; "
            "reconstructed from the printed quartiles, means and SDs with cohorts weighted by the full counts, not printed by the table. "
        )
    if any(t is not None and t.bins is not None for t in tables):
        caption += "Circles: share matched within the printed score bins, cohorts weighted by the full counts. "
    if derived:
        caption += f"No table of {type_name(kind, True)} prints scores: level and slope are derived from {type_name(derived, True)}. "
    figure, axes = style.new_figure(
        2.05 * rows + 0.78 * (rows - 1), rows, columns, f"Step 2 CK and the chance of matching, {type_name(kind, True)}, {year}", caption.strip(),
        width=0.72 + 0.7 + columns * 2.1 + 0.74 * (columns - 1), left=0.72, right=0.7, above=0.36, between=(0.74, 0.78), sharex=True, sharey=True,
    )
    drawn = [_points(table, cell.published) for table, cell in zip(tables, known, strict=True)]
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
