"""`matchmodel calibrate`: from a table of applicants with outcomes to a calibrated model file, saying what was learnt."""


from scipy.special import logit

from ..errors import RefusedInput
from ..model import load_model
from ..outcomes import read_outcomes
from ..wording import type_name
from .document import write_model
from .path_beside import path_beside
from .recalibrate import FOLDS, METHODS, calibrated, learn


def out_path(model, out, table):
    """Return where to write the calibrated model (`path_beside`)."""
    return path_beside(model, out, table, "calibrated", "the uncalibrated model")


def _described(one):
    """Yield the lines of a type that was calibrated."""
    (a, b), (sa, sb) = (one.line.intercept, one.line.slope), one.line.ses
    held = one.cross_validated
    yield f"{type_name(one.applicant_type, True)}: {one.n:,} applicants, {one.matched:,} matched"
    shown = f"{a:+.3f} (SE {sa:.3f}) + " if one.method == "intercept-slope" else ""
    yield f"  log odds' = {shown}{b:.3f} (SE {sb:.3f}) x log odds"
    yield ""
    yield f"  {f'{held.folds}-fold cross-validated':<28}  {'before':>14}  {'after':>14}  {'difference (SE)':>18}"
    for label, (before, after, moved, se) in (("log loss", held.log_loss), ("Brier score", held.brier)):
        yield f"  {label:<28}  {before:>14.4f}  {after:>14.4f}  {f'{moved:+.4f} ({se:.4f})':>18}"
    for label, (before, before_se, after, after_se) in (("calibration slope (SE)", held.slope), ("calibration intercept (SE)", held.intercept)):
        yield f"  {label:<28}  {f'{before:.3f} ({before_se:.3f})':>14}  {f'{after:.3f} ({after_se:.3f})':>14}"
    yield ""
    moved, se = held.log_loss[2:]
    if not held.improves:
        yield "  Calibrating does not improve the cross-validated log loss: the uncalibrated model serves applicants like these as well."
    elif -moved < 1.96 * se:
        yield "  Calibrating improves the cross-validated log loss by less than twice its error: the gain may be luck."
    else:
        yield "  Calibrating improves the cross-validated log loss."


def _too_small(one):
    return "\n".join([f"{type_name(one.applicant_type, True)}: {one.refused}", *(f"  {c.line}" for c in one.criteria)])


def run_calibrate(table, model=None, out=None, method="intercept-slope", folds=FOLDS):
    """Learn from a table of applicants with outcomes, and write a calibrated model beside the uncalibrated one.

    Parameters
    ----------
    table : str or Path
    model, out : str or Path, optional
    method : {'intercept-slope', 'temperature'}
    folds : int

    Returns
    -------
    Path
        The model written.

    Raises
    ------
    RefusedInput
        For a bad table, a model that is calibrated already, or samples that are all too small; nothing is written then.
    """
    if method not in METHODS:
        raise RefusedInput(f"method is '{method}'; it is {' or '.join(METHODS)}")
    if not 2 <= folds <= 100:
        raise RefusedInput(f"--folds is {folds}; it is a whole number between 2 and 100")
    loaded = load_model(model)
    path = out_path(model, out, table)
    before = [k for k in loaded.applicant_types if loaded.recalibration(k) is not None]
    if before:
        raise RefusedInput(f"{loaded.name} is calibrated already ({', '.join(type_name(k, True) for k in before)}); give the model it was made from")
    people = read_outcomes(table, loaded, applications=False)
    if not people.types:
        raise RefusedInput(f"{table}: no row has a known outcome, of {people.rows}; fill in the column matched")
    found = []
    for kind in people.types:
        p, matched = people.ranked(kind)
        found.append(learn(logit(p), matched, kind, method, folds))
    learnt = [one for one in found if not one.refused]
    if not learnt:
        raise RefusedInput("\n".join(["nothing is calibrated, and nothing written", *(_too_small(one) for one in found)]))
    write_model(calibrated(loaded.content, learnt), path)
    counts = people.counts()
    print(
        f"{people.rows:,} rows: {people.unknown_outcome:,} left out with unknown outcomes, {counts['no_interviews']:,} without an interview (they ranked nothing); "
        f"{counts['unknown_interviews']:,} with unknown interviews taken as having ranked\n"
    )
    for one in found:
        print("\n".join(_described(one)) if not one.refused else f"{_too_small(one)}\n  It stays uncalibrated.")
        print()
    print(f"{path}: the calibrated model; {loaded.name} is as it was")
    return path
