"""`matchmodel calibrate`: from a table of your own applicants to a calibrated model file."""

import os
from dataclasses import replace
from pathlib import Path

from scipy.special import logit

from ...errors import RefusedInput
from ...model import Model, load_model
from ...model.file import write_model
from ...report.blocks import Grid, Items, Page, Section, Text
from ...report.terminal import terminal
from ...report.wording import decimals, type_name
from .. import ONCE, WHICH
from ..outcomes import read_outcomes
from ..output_path import output_path
from ..rows import remarks
from ..used_before import digests, refuse_used
from .line import FOLDS, METHODS, CrossValidated, Learnt, calibrated, learn


def out_path(
    model: str | os.PathLike[str] | None, out: str | os.PathLike[str] | None, table: str | os.PathLike[str]
) -> Path:
    """Return where to write the calibrated model (`output_path`)."""
    return output_path(model, out, table, "calibrated", "the uncalibrated model")


def already_calibrated(model: Model) -> list[str]:
    """Return the applicant types that a model has calibrated, in words."""
    return [type_name(k, True) for k in model.applicant_types if model.kind(k).calibration is not None]


def _conclusion(held: CrossValidated) -> str:
    moved, se = held.log_loss[2:]
    if not held.improves:
        return (
            "Calibrating does not improve the cross-validated log loss: "
            "the uncalibrated model serves applicants like these as well."
        )
    if -moved < 1.96 * se:
        return (
            "Calibrating improves the cross-validated log loss by less than twice its error: "
            "the gain may be luck."
        )
    return "Calibrating improves the cross-validated log loss."


def _described(one: Learnt) -> Section:
    """Return the section of a type: what was learnt of it, or why nothing was."""
    line, held, kind = one.line, one.cross_validated, type_name(one.applicant_type, True)
    if one.refused or line is None or held is None:
        criteria = (Items(tuple(c.line for c in one.criteria)),) if one.criteria else ()
        return Section(f"{kind}: {one.refused}", (*criteria, Text("It stays uncalibrated.")))
    sa, sb = line.ses
    shown = f"{decimals(line.intercept, 3, True)} (SE {decimals(sa, 3)}) + "
    shown = shown if one.method != "temperature" else ""
    slope = "" if one.method == "intercept" else f"{decimals(line.slope, 3)} (SE {decimals(sb, 3)}) x "
    unmet = tuple(c.line for c in one.criteria if not c.met)
    alone = (Text("The average alone is learnt; a scale of all factors takes more applicants:"), Items(unmet))
    rows: list[tuple[str, ...]] = [
        (name, decimals(before, 4), decimals(after, 4), f"{decimals(moved, 4, True)} ({decimals(se, 4)})")
        for name, (before, after, moved, se) in (("log loss", held.log_loss), ("Brier score", held.brier))
    ]
    for name, (before, before_se, after, after_se) in (("slope", held.slope), ("intercept", held.intercept)):
        pairs = ((before, before_se), (after, after_se))
        cells = (f"{decimals(value, 3)} ({decimals(se, 3)})" for value, se in pairs)
        rows.append((f"calibration {name} (SE)", *cells, ""))
    head = (f"{held.folds}-fold cross-validated", "before", "after", "difference (SE)")
    return Section(
        f"{kind}: {one.n:,} applicants, {one.matched:,} matched",
        (
            Text(f"log odds' = {shown}{slope}log odds"),
            *(alone if unmet else ()),
            Grid(head, tuple(rows)),
            Text(_conclusion(held)),
        ),
    )


def _too_small(one: Learnt) -> str:
    lines = [f"{type_name(one.applicant_type, True)}: {one.refused}", *(f"  {c.line}" for c in one.criteria)]
    return "\n".join(lines)


def run_calibrate(
    table: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    method: str = "intercept-slope",
    folds: int = FOLDS,
    ignore_unread: bool = False,
    signed: str | None = None,
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
    signed
        Who makes the new file.

    Returns
    -------
    path
        Of the model written.

    Raises
    ------
    RefusedInput
        For a bad table, rows from which the model has learnt, a model that is calibrated already, or samples
        that are all too small; nothing is written.
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
    refuse_used(loaded, people.table, table, f"calibrate {loaded.name} with other rows")
    if not people.types:
        raise RefusedInput(
            f"{table}: no row has a known outcome and a specialty with a number; fill in the column matched"
        )
    types_learnt = []
    for kind in people.types:
        p, matched = people.ranked(kind)
        types_learnt.append(learn(logit(p), matched, kind, method, folds))
    learnt = [one for one in types_learnt if not one.refused]
    if not learnt:
        lines = ["nothing is calibrated, and nothing written", *(_too_small(one) for one in types_learnt)]
        raise RefusedInput("\n".join(lines))
    new = calibrated(loaded.record, learnt, digests(people.table))
    write_model(replace(new, signed=signed), path)
    page = Page(
        f"{loaded.name}, calibrated with {Path(table).name}",
        (
            Section("", (Items(tuple(remarks(people.table, "they are left out"))),)),
            *map(_described, types_learnt),
            Section("", (Text(WHICH), Text(ONCE))),
        ),
    )
    print("\n".join([*terminal(page), ""]))
    print(f"{path}: the calibrated model; {loaded.name} is as it was")
    return path
