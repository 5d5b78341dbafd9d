"""What must hold of the records of a model file beyond their types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import clipped
from .advice import (
    Advice,
    Attempts,
    Counted,
    ImgShare,
    PracticeTest,
    Printed,
    ProgramSignal,
    SignalCounts,
)
from .records import (
    Calibration,
    Cell,
    Chain,
    FeeStep,
    ModelRecord,
    Published,
    RateOfYear,
    Rates,
    Reference,
    Seen,
    Settings,
    Usual,
)

ROUNDING = 1e-3  # by which printed shares may miss one
# Beyond these no figure of a table or study can be; they keep what is computed from them finite.
MOST_LOG_ODDS, MOST_RATIO, MOST_PEOPLE, MOST_SIGNALS = 30.0, 1e6, 1e7, 1000
SMALLEST, MOST_POINTS = 1e-3, 300


class Bad(Exception):
    """What is wrong, and where in the file."""

    def __init__(self, why: str) -> None:
        self.why = why
        self.keys: list[str] = []

    def inside(self, key: object) -> Bad:
        """Return the error seen from one level further out."""
        self.keys.append(str(key))
        return self

    def __str__(self) -> str:
        said = f"{'.'.join(reversed(self.keys))}: {self.why}" if self.keys else self.why
        return clipped(said, 300)  # a file's keys and values stand in it


def _above_zero(record: Any, *names: str) -> None:
    for name in names:
        found = getattr(record, name)
        number = getattr(found, "value", found)
        if not number > 0:
            bad = Bad(f"{number:g} is not above 0")
            raise (bad if number is found else bad.inside("value")).inside(name)


def _chances(record: Any, *names: str) -> None:
    for name in names:
        if not 0 <= getattr(record, name) <= 1:
            raise Bad(f"{getattr(record, name):g} is not between 0 and 1").inside(name)


def _increasing(values: Iterable[Any]) -> bool:
    values = list(values)
    return all(a < b for a, b in zip(values, values[1:], strict=False))


def _calibration(record: Calibration) -> None:
    _above_zero(record, "slope")  # else the odds are turned upside down
    if not 0 <= record.matched <= record.n:
        raise Bad(f"{record.matched} of {record.n} matched").inside("matched")


def _chain(record: Chain) -> None:
    _above_zero(record, "choice", "invitations", "dispersion")


def _rates(record: Rates) -> None:
    if not record.rates or len(record.programs) != len(record.rates):
        raise Bad(f"{len(record.programs)} numbers of programs for {len(record.rates)} rates").inside(
            "programs"
        )
    if not _increasing(-rate for rate in record.rates) or not 0 <= record.rates[-1] <= record.rates[0] <= 1:
        raise Bad("they do not fall from at most 1 to at least 0").inside("rates")
    if min(record.programs) <= 0:
        raise Bad(f"{min(record.programs):g} programs").inside("programs")
    _above_zero(record, "listed", "mean")


def _reference(record: Reference) -> None:
    if not len(record.values) == len(record.u) == len(record.shares) > 0:
        raise Bad(f"{len(record.values)} values, {len(record.u)} u and {len(record.shares)} shares")
    if min(record.shares) < 0 or abs(sum(record.shares) - 1) > ROUNDING:
        raise Bad(f"they are below 0 or add up to {sum(record.shares):.6g}, not 1").inside("shares")


def _published(record: Published) -> None:
    _chances(record, "rate")
    for name in ("matched", "not_matched"):
        if getattr(record, name) < 0:
            raise Bad(f"{getattr(record, name):g} is below 0").inside(name)


def _seen(record: Seen) -> None:
    if record.low > record.high:
        raise Bad(f"{record.low:g} is above {record.high:g}").inside("low")


def _fee_step(record: FeeStep) -> None:
    if record.usd_each is None and record.usd_flat is None:
        raise Bad("it has neither usd_each nor usd_flat")


def _settings(record: Settings) -> None:
    if not 0 < record.range[0] < record.range[1] < 1:
        raise Bad(f"{record.range} is no range").inside("range")


def _whole(record: ModelRecord) -> None:
    if not record.types:
        raise Bad("there is no applicant type").inside("types")
    if not _increasing(mark.start for mark in record.passing_marks):
        raise Bad("they do not stand in the order of their days").inside("passing_marks")
    for kind, one in record.types.items():
        covariates = {name for name in one.reference if name in record.effects}
        for specialty, cell in one.cells.items():
            try:
                _centred(cell, specialty, covariates, record)
            except Bad as bad:
                raise (
                    bad.inside("kappa").inside(specialty).inside("cells").inside(kind).inside("types")
                ) from None


def _centred(cell: Cell, specialty: str, covariates: set[str], record: ModelRecord) -> None:
    if cell.kappa.keys() != covariates:
        name = min(cell.kappa.keys() ^ covariates)
        raise Bad(
            f"it has no '{name}'"
            if name in covariates
            else f"no effect and reference of the type is called {name}"
        )
    for name in cell.kappa:
        if specialty not in record.effects[name].specialties:
            raise Bad(f"the effect has no {specialty}").inside(name)


def _within(entry: Mapping[str, Any], low: float, high: float, *names: str) -> None:
    for name in names:
        number = entry[name]
        if number is not None and not low <= number <= high:
            raise Bad(f"{number:g} is not between {low:g} and {high:g}").inside(name)


def _practice_test(entry: PracticeTest) -> None:
    _within(entry, -1, 1, "correlation")
    _within(entry, -MOST_POINTS, MOST_POINTS, "bias")
    _within(entry, SMALLEST, MOST_POINTS, "sd")


def _img_share(entry: ImgShare) -> None:
    for band in entry["bands"]:
        _within(band, 0, 1, "from", "to")
        _within(band, 0, MOST_RATIO, "ratio")


def _program_signal(entry: ProgramSignal) -> None:
    _within(entry, -MOST_LOG_ODDS, MOST_LOG_ODDS, "value")
    _within(entry, 0, MOST_LOG_ODDS, "se")
    _within(entry, 0, 1, "share_signalled")


def _advice(advice: Advice) -> None:
    for specialty, entry in advice.get("ranked_anywhere", {}).items():
        wrong = [key for key, one in entry.items() if isinstance(one, dict) == (key in ("year", "source"))]
        if wrong or not {"year", "source"} <= entry.keys():
            what = f"its '{wrong[0]}' is of another kind" if wrong else "it has no year or no source"
            raise Bad(what).inside(specialty).inside("ranked_anywhere")


CHECKS: dict[type, Callable[[Any], None]] = {
    Advice: _advice,
    Attempts: lambda entry: _within(entry, -MOST_LOG_ODDS, MOST_LOG_ODDS, "log_odds"),
    Calibration: _calibration,
    Cell: lambda record: _above_zero(record, "score_sd"),
    Chain: _chain,
    Counted: lambda entry: _within(entry, 0, MOST_PEOPLE, "ranked", "matched"),
    FeeStep: _fee_step,
    ImgShare: _img_share,
    ModelRecord: _whole,
    PracticeTest: _practice_test,
    Printed: lambda entry: _within(entry, 0, MOST_PEOPLE, "positions", "all_applicants"),
    ProgramSignal: _program_signal,
    Published: _published,
    RateOfYear: lambda record: _chances(record, "rate"),
    Rates: _rates,
    Reference: _reference,
    Seen: _seen,
    Settings: _settings,
    SignalCounts: lambda entry: _within(entry, 0, MOST_SIGNALS, "gold", "silver", "total"),
    Usual: lambda record: _above_zero(record, "value"),
}
