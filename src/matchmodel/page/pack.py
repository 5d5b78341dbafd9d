"""What the page needs of a model file, its draws in 16 bits.

The pack keeps the names of the model file, so that the page reads a model file and a pack alike. Draws stand
in one list, each once, as (offset, scale, base64 of whole numbers q): a draw is offset + scale q. What a cell
without a number does not need is left out.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from ..model.file import plain
from ..model.records import ApplicantType, Cell, Drawn, Draws, Effect, ModelRecord

STEPS = 2**16 - 1  # between the least draw and the greatest

Packed = tuple[float, float, np.ndarray]


def packed_draws(values: np.ndarray) -> Packed:
    """Return offset, scale and whole numbers from 0 to 65,535 of some draws."""
    low = float(values.min())
    scale = float(values.max() - low) / STEPS
    return low, scale, np.round((values - low) / (scale or 1.0)).astype("<u2")


def unpacked_draws(packed: Packed) -> np.ndarray:
    """Return the draws that the page works with."""
    offset, scale, whole = packed
    draws: np.ndarray = offset + scale * whole.astype(float)
    return draws


# --- the packed model in Python -----------------------------------------------------------------------------


def _each_draws(value: Any, change: Callable[[Draws], Draws]) -> Any:
    """Return a record, or anything in one, with all its draws changed."""
    if type(value) is Draws:
        return change(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _each_draws(getattr(value, f.name), change) for f in fields(value)})
    if type(value) is dict:
        return {name: _each_draws(entry, change) for name, entry in value.items()}
    if type(value) is tuple:
        return tuple(_each_draws(entry, change) for entry in value)
    return value


def packed_record(record: ModelRecord) -> ModelRecord:
    """Return the record with the draws that the page works with, for comparing its answers with Python's."""

    def change(draws: Draws) -> Draws:
        changed = Draws(draws.text)
        changed.__dict__["array"] = unpacked_draws(packed_draws(draws.array))
        return changed

    made: ModelRecord = _each_draws(record, change)
    return made


# --- the pack -----------------------------------------------------------------------------------------------


class _Table:
    """The draws of a pack, each once; `place` gives the index of some."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._places: dict[str, int] = {}

    def place(self, draws: Draws) -> int:
        if draws.text not in self._places:
            offset, scale, whole = packed_draws(draws.array)
            self._places[draws.text] = len(self.rows)
            self.rows.append([offset, scale, b64encode(whole.tobytes()).decode()])
        return self._places[draws.text]

    def drawn(self, one: Drawn, named: bool = False) -> dict[str, Any]:
        """Return a `Drawn` with its place; its basis, source and notes where an answer names them."""
        made: dict[str, Any] = {"draws": self.place(one.draws)}
        if named:
            made |= {"basis": one.basis, "source": one.source, "notes": plain(one.notes)}
        return made


def _cell(cell: Cell, table: _Table) -> dict[str, Any]:
    made: dict[str, Any] = {"trust": plain(cell.trust), "published": plain(cell.published), "chain": None}
    if cell.trust.kind == "withheld":
        return made
    made |= {
        "level": table.drawn(cell.level) | {"value": cell.level.value},
        "alpha": table.drawn(cell.alpha),
        "beta": table.drawn(cell.beta, named=True) | {"value": cell.beta.value},
        "kappa": {name: table.drawn(kappa) for name, kappa in cell.kappa.items()},
        "drift": table.place(cell.drift),
        "own_slope": cell.own_slope,
        "score_seen": plain(cell.score_seen),
    }
    if cell.chain is not None:
        chain, rates = cell.chain, cell.chain.rates
        made["chain"] = {
            "rates": {
                "rates": list(rates.rates), "programs": list(rates.programs), "listed": rates.listed,
                "with_figures": rates.with_figures,
                "mean": {"value": rates.mean.value, "basis": rates.mean.basis},
            },
            "usual": {"value": chain.usual.value, "low": chain.usual.low, "high": chain.usual.high,
                      "basis": chain.usual.basis, "draws": table.place(chain.usual.draws)},
        } | {
            name: table.drawn(getattr(chain, name))
            for name in ("choice", "invitations", "dispersion", "rank_slope", "profile_rate")
        }  # fmt: skip
    return made


def _kind(kind: ApplicantType, table: _Table) -> dict[str, Any]:
    calibration, drift = kind.calibration, kind.drift
    return {
        "year": kind.year,
        "derived_from": kind.derived_from,
        "stand_in": plain(kind.stand_in),
        "preferred_rate": kind.preferred_rate,
        "anywhere": plain(kind.anywhere),
        "score_shift": plain(kind.score_shift),
        "calibration": None
        if calibration is None
        else {"n": calibration.n, "matched": calibration.matched}
        | {
            name: table.drawn(one) | {"value": one.value, "se": one.se}
            for name, one in (("intercept", calibration.intercept), ("slope", calibration.slope))
        },
        "drift": None if drift is None else {"draws": table.place(drift.draws)},
        "reference": {name: {"basis": r.basis, "source": r.source} for name, r in kind.reference.items()},
        "cells": {name: _cell(cell, table) for name, cell in kind.cells.items()},
    }


def _effect(effect: Effect, used: set[str], table: _Table) -> dict[str, Any]:
    drawn = effect.specialties.items()
    return {"specialties": {name: table.drawn(one, named=True) for name, one in drawn if name in used}}


def _published(record: ModelRecord) -> dict[str, Any]:
    """Return the medians and positions that tables print, which no odds are computed from."""
    kept = ("medians", "positions", "year")
    return {
        kind: {name: {key: one[key] for key in kept if key in one} for name, one in cells.items()}
        for kind, cells in record.advice.get("published", {}).items()
    }


def pack(record: ModelRecord) -> dict[str, Any]:
    """Return what the page needs of a model, as JSON has it."""
    table = _Table()
    used = {
        name
        for kind in record.types.values()
        for name, cell in kind.cells.items()
        if cell.trust.kind != "withheld"
    }
    advice = record.advice
    return {
        "kind": record.kind,
        "schema": record.schema,
        "name": record.name,
        "newest_table": record.newest_table,
        "draw_count": record.draw_count,
        "sources": [
            {name: getattr(s, name) for name in ("id", "title", "publisher", "year", "consent")}
            for s in record.sources
        ],
        "left_out": plain(record.left_out),
        "passing_marks": plain(record.passing_marks),
        "effects": {name: _effect(effect, used, table) for name, effect in record.effects.items()},
        "types": {name: _kind(kind, table) for name, kind in record.types.items()},
        "fees": plain(record.fees),
        "advice": {
            "published": _published(record),
            "ranked_anywhere": advice.get("ranked_anywhere", {}),
            "practice_tests": advice.get("practice_tests") or [],
        },
        "updated": None if record.updated is None else {"n": record.updated.n},
        "draws": table.rows,
    }
