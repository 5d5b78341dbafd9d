"""`matchmodel calibrate`: from a table of your own applicants to a calibrated model file."""

import os
from collections.abc import Iterator
from pathlib import Path

from scipy.special import logit

from ...errors import RefusedInput
from ...model import Model, load_model
from ...model.file import write_model
from ...report.wording import type_name, wrapped
from .. import WHICH
from ..outcomes import Outcomes, read_outcomes
from ..output_path import output_path
from ..rows import many, remarks
from .line import FOLDS, METHODS, Learnt, calibrated, learn


def out_path(
    model: str | os.PathLike[str] | None, out: str | os.PathLike[str] | None, table: str | os.PathLike[str]
) -> Path:
    """Return where to write the calibrated model (`output_path`)."""
    return output_path(model, out, table, "calibrated", "the uncalibrated model")


def already_calibrated(model: Model) -> list[str]:
    """Return the applicant types that a model has calibrated, in words."""
    return [type_name(k, True) for k in model.applicant_types if model.kind(k).calibration is not None]


def _described(one: Learnt) -> Iterator[str]:
    """Yield the lines of a type that was calibrated."""
    line, held = one.line, one.cross_validated
    if line is None or held is None:
        return
    sa, sb = line.ses
    yield f"{type_name(one.applicant_type, True)}: {one.n:,} applicants, {one.matched:,} matched"
    shown = f"{line.intercept:+.3f} (SE {sa:.3f}) + " if one.method == "intercept-slope" else ""
    yield f"  log odds' = {shown}{line.slope:.3f} (SE {sb:.3f}) x log odds"
    yield ""
    title = f"{held.folds}-fold cross-validated"
    yield f"  {title:<28}  {'before':>14}  {'after':>14}  {'difference (SE)':>18}"
    for label, (before, after, moved, se) in (("log loss", held.log_loss), ("Brier score", held.brier)):
        yield f"  {label:<28}  {before:>14.4f}  {after:>14.4f}  {f'{moved:+.4f} ({se:.4f})':>18}"
    for name, estimates in (("slope", held.slope), ("intercept", held.intercept)):
        before, before_se, after, after_se = estimates
        yield (
            f"  {f'calibration {name} (SE)':<28}  {f'{before:.3f} ({before_se:.3f})':>14}  "
            f"{f'{after:.3f} ({after_se:.3f})':>14}"
        )
    yield ""
    moved, se = held.log_loss[2:]
    if not held.improves:
        yield (
            "  Calibrating does not improve the cross-validated log loss: "
            "the uncalibrated model serves applicants like these as well."
        )
    elif -moved < 1.96 * se:
        yield (
            "  Calibrating improves the cross-validated log loss by less than twice its error: "
            "the gain may be luck."
        )
    else:
        yield "  Calibrating improves the cross-validated log loss."


def _too_small(one: Learnt) -> str:
    lines = [f"{type_name(one.applicant_type, True)}: {one.refused}", *(f"  {c.line}" for c in one.criteria)]
    return "\n".join(lines)


def _counted(people: Outcomes) -> str:
    return (
        f"{many(len(people.table), 'row', 'rows')}: {people.unknown_outcome:,} left out with unknown "
        f"outcomes, {people.withheld:,} in specialties without a number, "
        f"{people.no_interviews:,} without an interview (they ranked nothing); "
        f"{people.unknown_interviews:,} with unknown interviews taken as having ranked"
    )


def run_calibrate(
    table: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    method: str = "intercept-slope",
    folds: int = FOLDS,
    ignore_unread: bool = False,
) -> Path:
    """Learn from your own applicants, and write a calibrated model beside the uncalibrated one.

    Parameters
    ----------
    table, model, out
        Files.
    method
        Of `METHODS`.
    folds
        Of the cross-validation.
    ignore_unread
        As for `read_own`.

    Returns
    -------
    path
        Of the model written.

    Raises
    ------
    RefusedInput
        For a bad table, a model that is calibrated already, or samples that are all too small; nothing is
        written.
    """
    if method not in METHODS:
        raise RefusedInput(f"method is '{method}'; it is {' or '.join(METHODS)}")
    if not 2 <= folds <= 100:
        raise RefusedInput(f"--folds is {folds}; it is a whole number between 2 and 100")
    loaded = load_model(model)
    path = out_path(model, out, table)
    before = already_calibrated(loaded)
    if before:
        raise RefusedInput(
            f"{loaded.name} is calibrated already ({', '.join(before)}); give the model it was made from"
        )
    people = read_outcomes(table, loaded, False, ignore_unread)
    if not people.types:
        raise RefusedInput(
            f"{table}: no row has a known outcome and a number, of {len(people.table)}; fill in the column "
            "matched"
        )
    types_learnt = []
    for kind in people.types:
        p, matched = people.ranked(kind)
        types_learnt.append(learn(logit(p), matched, kind, method, folds))
    learnt = [one for one in types_learnt if not one.refused]
    if not learnt:
        lines = ["nothing is calibrated, and nothing written", *(_too_small(one) for one in types_learnt)]
        raise RefusedInput("\n".join(lines))
    write_model(calibrated(loaded.record, learnt), path)
    print("\n".join([_counted(people), *remarks(people.table)]))
    print()
    for one in types_learnt:
        print(
            "\n".join(_described(one)) if not one.refused else f"{_too_small(one)}\n  It stays uncalibrated."
        )
        print()
    print(wrapped(WHICH, ""))
    print(f"{path}: the calibrated model; {loaded.name} is as it was")
    return path
