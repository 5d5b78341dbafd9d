"""`matchmodel update`: from a table of your own applicants to an updated model file, saying what moved."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...covariates import COVARIATES
from ...errors import MatchModelError, RefusedInput
from ...model import Model, load_model
from ...model.file import write_model
from ...progress import Soon
from ...report.blocks import Grid, Items, Page, Section, Text
from ...report.terminal import terminal
from ...report.wording import decimals, percent, times, type_name
from .. import ONCE, WHICH
from ..calibrate.command import already_calibrated
from ..output_path import output_path
from ..rows import OwnTable, read_own, remarks
from ..told import share_told, shown
from ..used_before import digests
from .document import Level, updated
from .likelihood import Likelihood
from .numbers import OwnRows, used_rows
from .posterior import Fitted, update

# Of what is known of the rows' odds: under the one they move it a little, over the other a lot.
LITTLE, MOST = 0.25, 0.75
TO_90 = 1.2816  # the 90% point of the standard normal: ranges are of 80%


def out_path(
    model: str | os.PathLike[str] | None, out: str | os.PathLike[str] | None, table: str | os.PathLike[str]
) -> Path:
    """Return where to write the updated model (`output_path`)."""
    return output_path(model, out, table, "updated", "the model before")


def refuse_model(model: Model) -> None:
    """Refuse a model whose draws are no prior for more rows.

    Raises
    ------
    RefusedInput
        For one that is calibrated (it has learnt from outcomes apart from the tables) or updated already.
    """
    before = already_calibrated(model)
    if before:
        raise RefusedInput(
            f"{model.name} is calibrated already ({', '.join(before)}); update the model it was made from"
        )
    if model.record.updated is not None:
        source = model.record.updated.details.get("from", "the model it was made from")
        raise RefusedInput(
            f"{model.name} is updated already; put all rows, old and new, into one table and update "
            f"{source} with it"
        )


def share_of_rows(fitted: Fitted, likelihood: Likelihood) -> float:
    """Return the rows' share in what is known of their odds: how much the variance of the log odds falls."""
    before, after = (
        likelihood.variance_of_log_odds(fitted.point, c) for c in (fitted.before, fitted.covariance)
    )
    return float(1 - np.average(after / before, weights=likelihood.trials))


class Move(NamedTuple):
    """A number before and after, with standard errors, and the rows' weight in it."""

    label: str
    before: float
    after: float
    se_before: float
    se_after: float
    weight: float


def moves(fitted: Fitted, rows: OwnRows) -> Iterator[Move]:
    """Yield what moved.

    The effects' means over specialties; level and slope of every specialty, and the scores' shift of every
    type, of which five matched and five did not: of fewer nothing is told.
    """
    prior, size = fitted.prior, fitted.prior.level_matrix.shape[1]

    def move(label: str, vector: np.ndarray, offset: float = 0.0, scale: float = 1.0) -> Move:
        se, se_after = (
            scale * float(np.sqrt(vector @ c @ vector)) for c in (fitted.before, fitted.covariance)
        )
        value, after = (scale * float(vector @ v) + offset for v in (fitted.start, fitted.point))
        return Move(label, value, after, se, se_after, fitted.weight(vector))

    places = prior.effect_places()
    for name in prior.names:
        every = [place for (n, _), place in places.items() if n == name]
        if every:
            vector = np.zeros(len(fitted.start))
            vector[every] = 1 / len(every)
            yield move(f"{COVARIATES[name].label}, {COVARIATES[name].unit}", vector)
    unit, named = np.eye(len(fitted.start)), set()
    for kind, specialty in sorted(rows.cells):
        k, vector = prior.cells.index((kind, specialty)), np.zeros(len(fitted.start))
        vector[:size] = prior.level_matrix[k]
        yield move(f"{specialty}, {type_name(kind, True)}: level", vector, float(prior.level_offset[k]))
        place = int(prior.beta[k])
        if place not in named:  # types may share it
            named.add(place)
            of = zip(prior.cells, prior.beta.tolist(), strict=True)
            sharing = sorted({type_name(t, True) for (t, _), p in of if p == place})
            yield move(f"{specialty}, {', '.join(sharing)}: Step 2 CK, ten points", unit[place])
    for kind, place in prior.shift.items():
        if (kind,) in rows.told(rows.kinds):
            label = f"scores of {type_name(kind, True)}, points from where they were taken to lie"
            yield move(label, unit[place], scale=10.0)


def _table(moved: Iterable[Move]) -> Grid:
    head = ("log odds, but for points", "before (SE)", "after (SE)", "in SEs", "weight")
    rows = []
    for m in moved:
        size = (m.after - m.before) / m.se_before if m.se_before > 0 else 0.0
        before, after = (
            f"{decimals(value, 3, sign=True)} ({decimals(se, 3)})"
            for value, se in ((m.before, m.se_before), (m.after, m.se_after))
        )
        rows.append((m.label, before, after, decimals(size, 1, sign=True), decimals(m.weight)))
    return Grid(head, tuple(rows))


def _counts(own: OwnTable, rows: OwnRows, several: tuple[int, int], model: Model) -> Iterator[str]:
    """Yield what was counted, a line each; only what occurs, but for the first ones."""
    used, matched = own.tally.used()
    yield from remarks(own, "they count for what specialties share, and those stay without one", True)
    if used is not None:
        yield f"{shown(used)} used, {shown(matched)} of them matched"
    labels = {"step2_ck": "Step 2 CK", **{name: c.label for name, c in COVARIATES.items()}}
    missing = rows.unknown(model) if used is not None else {}
    unknown = ", ".join(f"{labels[name]} {shown(n)}" for name, n in missing.items() if n != 0)
    if unknown:
        yield f"unknown, and integrated over the reference population: {unknown}"
    people, of_people = several
    if people:
        told = (share_told(people, used), share_told(of_people, used))
        people_told, rows_told = told if None not in told else (None, None)
        yield (
            f"{shown(people_told)} people with several rows, {shown(rows_told)} in all: each weighs one over "
            "their number"
        )


def _cycles(fitted: Fitted, rows: OwnRows) -> Iterator[str]:
    """Yield how the levels of other years than the table's came out."""
    prior, start = fitted.prior, len(fitted.prior.point)
    told = rows.told(rows.kinds, rows.years)
    for i, shift in enumerate(fitted.shifts.every):
        if shift.walk.specialty is not None or (shift.walk.kind, shift.cycle) not in told:
            continue
        se, expected = (np.sqrt(c[start + i, start + i]) for c in (fitted.covariance, fitted.before))
        yield (
            f"level of {type_name(shift.walk.kind, True)} in {shift.cycle}: {fitted.point[start + i]:+.3f} "
            f"(SE {se:.3f}) against the table's year {shift.walk.year}, drift of {expected:.3f} expected; "
            "kept out of the model's level"
        )
    moving = {shift.walk.kind for shift in fitted.shifts.every if shift.walk.specialty is None}
    kinds = rows.kinds
    for kind in rows.types:
        cycles = np.unique(rows.cycles[kinds.codes == kinds.values.index(kind)])
        away = sorted({*cycles.tolist()} - {prior.year[kind]})
        if away and kind not in moving:
            years = ", ".join(map(str, away))
            yield (
                f"no series says how the level of {type_name(kind, True)} drifts: "
                f"{years} taken as {prior.year[kind]}"
            )


def _own_level(fitted: Fitted, rows: OwnRows, level: Level) -> Iterator[str]:
    """Yield how the level of your own applicants differs, and what becomes of it."""
    done = (
        "Taken into the model" if level == "take" else "Kept out of the model: it stays at the tables' level"
    )
    other = "keep" if level == "take" else "take"
    told = rows.told(rows.kinds)
    for kind in fitted.shifts.offices:
        if (kind,) not in told:
            yield (
                f"Your level: too few {type_name(kind, True)} to say by how much they differ. {done} "
                f"(--level {level}; the other way: --level {other})."
            )
            continue
        value, se = fitted.own_level(kind)
        odds, low, high = (times(float(np.exp(value + z * se))) for z in (0.0, -TO_90, TO_90))
        yield (
            f"Your level: the odds of your {type_name(kind, True)} are {odds} times those of the tables "
            f"(80% range {low} to {high}). {done} (--level {level}; the other way: --level {other})."
        )


def _verdict(share: float, name: str) -> str:
    sources = (
        f"{percent(share, 0)} of what is now known of the odds of applicants like these comes from the rows, "
        f"the rest from {name}"
    )
    if share < LITTLE:
        return f"The rows move the model a little: {sources}."
    return f"The rows {'and the model before weigh about alike' if share < MOST else 'take over'}: {sources}."


def run_update(
    table: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    ignore_unread: bool = False,
    level: Level = "take",
    signed: str | None = None,
) -> Path:
    """Update a model with your own applicants, and write the new one beside the old one.

    Parameters
    ----------
    table, model, out
        Files.
    ignore_unread
        As for `read_own`.
    level
        Whether your own level is taken into the model or kept out of it.
    signed
        Who makes the new file.

    Returns
    -------
    path
        Of the model written.

    Raises
    ------
    RefusedInput
        For a bad table, one without a known outcome, or a model that has learnt from outcomes before; nothing
        is written then.
    """
    progress = Soon()
    loaded = load_model(model)
    refuse_model(loaded)
    path = out_path(model, out, table)
    own = read_own(table, loaded, ignore_unread)
    rows, several = used_rows(own)
    if not len(rows):
        raise RefusedInput(
            f"{table}: no row has a known outcome of somebody who ranked; fill in the column matched"
        )
    progress("rows read")
    fitted, likelihood = update(
        loaded, rows, say=lambda step: progress(f"fitting, step {step}"), own_level=True
    )
    if not fitted.converged:
        raise MatchModelError(
            f"{table}: the fit has not settled after {fitted.steps} steps, so nothing is written; "
            "look for rows whose outcome or scores are slips"
        )
    progress("writing and asking the new model")
    new = updated(loaded.record, fitted, rows, level, own.tally.used())
    write_model(replace(new, own_rows=digests(own), signed=signed), path)
    last = (
        *_own_level(fitted, rows, level),
        *_cycles(fitted, rows),
        _verdict(share_of_rows(fitted, likelihood), loaded.name),
        WHICH,
        ONCE,
    )
    page = Page(
        f"{loaded.name}, updated with {Path(table).name}",
        (
            Section("", (Items(tuple(_counts(own, rows, several, loaded))),)),
            Section(
                "What moved, in standard errors before; and the rows' weight", (_table(moves(fitted, rows)),)
            ),
            Section("", tuple(map(Text, last))),
        ),
    )
    print("\n".join([*terminal(page), ""]))
    print(f"{path}: the updated model; {loaded.name} is as it was")
    return path
