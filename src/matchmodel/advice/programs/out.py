"""Every program of the table as CSV: on the list, not on it, or dropped and why."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from ...files import write_text
from ...tabular.text import harmless
from ..notes import text
from .result import Dropped, Listed, ProgramList

_OUT = (
    "status",
    "order",
    "program",
    "id",
    "specialty",
    "state",
    "setting",
    "row",
    "chance",
    "chance_low",
    "chance_high",
    "signal",
    "chance_without_signal",
    "chance_with_signal",
    "mark",
    "rate",
    "rate_from",
    "basis",
    "unknown",
    "reasons",
    "tier",
    "weight",
)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _rows(result: ProgramList) -> Iterator[list[Any]]:
    groups: tuple[tuple[str, tuple[Listed | Dropped, ...]], ...] = (
        ("listed", result.picks),
        ("not listed", result.others),
        ("dropped", result.dropped),
    )
    for status, found in groups:
        for k, one in enumerate(found, start=1):
            order = k if status == "listed" else ""
            start = [status, order, one.program, one.id, one.specialty, one.state, one.setting, one.row]
            if isinstance(one, Dropped):
                yield [*start, *[""] * 11, "; ".join(map(text, one.reasons)), "", ""]
                continue
            chance = (None,) * 3 if one.chance is None else one.chance
            numbers = [_number(value) for value in chance]
            signals = [_number(one.chance_without_signal), _number(one.chance_with_signal)]
            rest = [
                one.mark,
                _number(one.rate),
                one.rate_from,
                one.basis,
                "; ".join(map(text, one.unknown)),
                "",
                one.tier,
                f"{one.weight:g}",
            ]
            yield [*start, *numbers, "yes" if one.signal else "no", *signals, *rest]


def write_out(result: ProgramList, path: str) -> None:
    """Write every program as CSV: the list first, then what is not on it, then what was dropped and why.

    Raises
    ------
    MatchModelError
        Where the file cannot be written.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(_OUT)
    for row in _rows(result):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    write_text(path, made.getvalue())
