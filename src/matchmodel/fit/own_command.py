"""`matchmodel update`: from one's own applicants with outcomes to an updated model file, saying what moved."""


import numpy as np

from ..covariates import COVARIATES
from ..errors import MatchModelError, RefusedInput
from ..model import load_model
from ..progress import Soon
from ..wording import type_name
from .document import write_model
from .own_document import updated, weight
from .own_prior import read_prior
from .own_rows import read_own_rows
from .own_update import update
from .path_beside import path_beside

LITTLE, MOST = 0.25, 0.75  # of what is known of the rows' odds: under the one they move it a little, over the other they take over


def out_path(model, out, table):
    """Return where to write the updated model (`path_beside`)."""
    return path_beside(model, out, table, "updated", "the model before")


def refuse_model(model):
    """Refuse a model whose prior would be none.

    Raises
    ------
    RefusedInput
        For one that is calibrated (it has learnt from outcomes apart from the tables) or updated already.
    """
    before = [k for k in model.applicant_types if model.recalibration(k) is not None]
    if before:
        raise RefusedInput(f"{model.name} is calibrated already ({', '.join(type_name(k, True) for k in before)}); update the model it was made from")
    if model.content.get("updated") is not None:
        raise RefusedInput(f"{model.name} is updated already; put all rows, old and new, into one table and update {model.content['updated']['from']} with it")


def share_of_rows(fitted, likelihood, rows):
    """Return the rows' share in what is known of their own odds: by how much the variance of a row's log odds falls, on average."""
    p, design = likelihood.evaluate(fitted.point)
    slope = design / (p * (1 - p))[:, None]
    before, after = (np.einsum("ij,jk,ik->i", slope, c, slope) for c in (fitted.before, fitted.covariance))
    return float(1 - np.average(after / before, weights=np.bincount(likelihood.back, rows.weight)))


def moves(fitted, rows):
    """Return what moved, a row a coefficient: (label, before, after, standard errors before and after, the rows' weight).

    The effects; level and slope of every specialty with rows; the scores' shift of a type with rows.
    """
    prior, size = fitted.prior, fitted.prior.level_matrix.shape[1]
    found = []

    def add(label, vector, offset=0.0, scale=1.0):
        before, after = (np.sqrt(vector @ c @ vector) for c in (fitted.before, fitted.covariance))
        found.append((label, scale * (vector @ fitted.start) + offset, scale * (vector @ fitted.point) + offset, scale * before, scale * after, weight(before**2, after**2)))

    unit = np.eye(len(fitted.start))
    for name, place in prior.delta.items():
        add(f"{COVARIATES[name].label}, {COVARIATES[name].unit}", unit[place])
    of, told = {cell: k for k, cell in enumerate(prior.cells)}, set()
    for kind, specialty in sorted(set(zip(rows.kinds.tolist(), rows.specialties.tolist(), strict=True))):
        k, vector = of[kind, specialty], np.zeros(len(fitted.start))
        vector[:size] = prior.level_matrix[k]
        add(f"{specialty}, {type_name(kind, True)}: level", vector, prior.level_offset[k])
        if prior.beta[k] not in told:  # types may share it
            told.add(prior.beta[k])
            sharing = sorted({type_name(t, True) for (t, s), place in zip(prior.cells, prior.beta, strict=True) if place == prior.beta[k]})
            add(f"{specialty}, {', '.join(sharing)}: Step 2 CK, ten points", unit[prior.beta[k]])
    for kind, place in prior.shift.items():
        if kind in rows.types:
            add(f"scores of {type_name(kind, True)}, points from where they were taken to lie", unit[place], scale=10.0)
    return found


def _table(found):
    head = ("what (log odds, but for points)", "before", "after", "moved, in SEs", "SE before", "SE after", "rows' weight")
    lines = [(label, f"{b:+.3f}", f"{a:+.3f}", f"{round((a - b) / sb, 1) + 0.0:+.1f}", f"{sb:.3f}", f"{sa:.3f}", f"{w:.2f}") for label, b, a, sb, sa, w in found]
    widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]
    for line in (head, *lines):
        yield "  " + "  ".join([f"{line[0]:<{widths[0]}}", *(f"{cell:>{width}}" for cell, width in zip(line[1:], widths[1:], strict=True))])


def _many(n, one, several):
    return f"{n:,} {one if n == 1 else several}"


def _counts(rows, missing, model):
    """Yield what was counted, a line each; only what occurs, but for the first two."""
    yield (
        f"{_many(rows.rows, 'row', 'rows')}: {rows.unknown_outcome:,} left out with unknown outcomes, {rows.no_interviews:,} without an interview (they ranked nothing); "
        f"{len(rows):,} used, {int(rows.matched.sum()):,} of them matched, {rows.unknown_interviews:,} with unknown interviews taken as having ranked"
    )
    labels = {"step2_ck": "Step 2 CK", **{name: c.label for name, c in COVARIATES.items()}}
    unknown = ", ".join(f"{labels[name]} {n:,}" for name, n in missing.items() if n)
    yield f"unknown, and integrated over the reference population: {unknown}" if unknown else "nothing is unknown of the rows used"
    if rows.without_cycle:
        yield f"{_many(rows.without_cycle, 'row', 'rows')} without a cycle, taken as of the {model.default_cycle} Match"
    if rows.several:
        yield f"{_many(rows.several, 'person', 'persons')} with several rows, {rows.rows_of_several:,} in all: each weighs one over their number"
    if rows.duplicates:
        yield f"{_many(rows.duplicates, 'row repeats', 'rows repeat')} an earlier one in every column: taken as other persons unless a column person says that they are the same"


def _verdict(share, rows, name):
    n = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
    said = f"{100 * share:.0f}% of what is now known of the odds of applicants like these comes from the rows, the rest from {name}"
    if share < LITTLE:
        return f"The {n} move the model a little: {said}."
    return f"The {n} and the model before weigh about alike: {said}." if share < MOST else f"The {n} take over: {said}."


def run_update(table, model=None, out=None):
    """Update a model with a table of applicants with outcomes, and write the new one beside the old one.

    Parameters
    ----------
    table : str or Path
    model, out : str or Path, optional

    Returns
    -------
    Path
        The model written.

    Raises
    ------
    RefusedInput
        For a bad table, one without a known outcome, or a model that has learnt from outcomes before; nothing is written then.
    """
    progress = Soon()
    loaded = load_model(model)
    refuse_model(loaded)
    path = out_path(model, out, table)
    rows = read_own_rows(table, loaded)
    progress(f"{len(rows):,} rows read")
    fitted, likelihood = update(read_prior(loaded), rows, lambda step: progress(f"fitting, step {step}"))
    if not fitted.converged:
        raise MatchModelError(f"{table}: the fit has not settled after {fitted.steps} steps, so nothing is written; look for rows whose outcome or scores are slips")
    missing = rows.unknown(loaded)
    progress("writing and asking the new model")
    write_model(updated(loaded.content, fitted, rows, missing), path)
    print("\n".join(_counts(rows, missing, loaded)))
    print()
    print("\n".join(_table(moves(fitted, rows))))
    print()
    start = len(fitted.prior.point)
    for i, (kind, cycle) in enumerate(fitted.shifts):
        print(
            f"level of {type_name(kind, True)} in {cycle}: {fitted.point[start + i]:+.3f} (SE {np.sqrt(fitted.covariance[start + i, start + i]):.3f}) against the "
            f"table's year {fitted.prior.year[kind]}, drift of {np.sqrt(fitted.before[start + i, start + i]):.3f} expected; kept out of the model's level"
        )
    for kind in rows.types:
        away = sorted(set(rows.cycles[rows.kinds == kind].tolist()) - {fitted.prior.year[kind]})
        if away and not fitted.prior.drift[kind]:
            print(f"no series says how the level of {type_name(kind, True)} drifts: {', '.join(map(str, away))} taken as {fitted.prior.year[kind]}")
    print(_verdict(share_of_rows(fitted, likelihood, rows), rows, loaded.name))
    print(f"{path}: the updated model; {loaded.name} is as it was")
    return path
