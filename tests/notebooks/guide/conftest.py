"""What the tests of the guide stand on: its claims, and models whose numbers a test sets."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from notebook_helpers.guide import Verdict, read_claims
from notebook_helpers.guide.ask import KIND
from notebook_helpers.guide.claims import Claim
from notebook_helpers.guide.judge import judge as judge_claim
from notebook_helpers.guide.result import one

from matchmodel.etl import Tidy
from matchmodel.model import Model
from matchmodel.model.records import Drawn, Draws

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def claims() -> tuple[Claim, ...]:
    """The sheet beside the notebook."""
    return read_claims(ROOT / "notebooks" / "guide_claims.csv")


class Made:
    """A model with numbers that a test sets, the same in every draw but for `spread`."""

    def __init__(self, model: Model) -> None:
        self.record, self.count = model.record, model.record.draw_count

    def drawn(self, old: Drawn, value: float, spread: float = 0.0) -> Drawn:
        """Return draws spread evenly about a value, `spread` each way."""
        draws = value + spread * np.linspace(-1, 1, self.count)
        return replace(old, value=value, draws=Draws.of(draws))

    def _kind(self, **changes: object) -> None:
        kind = replace(self.record.types[KIND], **changes)
        self.record = replace(self.record, types={**self.record.types, KIND: kind})

    def cell(
        self, names: Iterable[str], alpha: float, beta: float, level: float, spread: float = 0.0
    ) -> "Made":
        """Set intercept, slope and level of some specialties; the spread is the intercept's."""
        cells = dict(self.record.types[KIND].cells)
        for name in names:
            c = cells[name]
            cells[name] = replace(
                c, alpha=self.drawn(c.alpha, alpha, spread), beta=self.drawn(c.beta, beta), own_slope=True,
                level=self.drawn(c.level, level),
            )  # fmt: skip
        self._kind(cells=cells)
        return self

    def chain(self, names: Iterable[str], profile_rate: float) -> "Made":
        """Set how the profile moves invitations."""
        cells = dict(self.record.types[KIND].cells)
        for name in names:
            chain = cells[name].chain
            rate = self.drawn(chain.profile_rate, profile_rate)
            cells[name] = replace(cells[name], chain=replace(chain, profile_rate=rate))
        self._kind(cells=cells)
        return self

    def without(self, *, chains: bool = False, slopes: Iterable[str] = (), covariate: str = "") -> "Made":
        """Take away every chain, the own slopes of some specialties, or a covariate."""
        kind = self.record.types[KIND]
        cells = {n: replace(c, chain=None) if chains else c for n, c in kind.cells.items()}
        cells |= {n: replace(cells[n], own_slope=False) for n in slopes}
        self._kind(cells=cells, reference={n: r for n, r in kind.reference.items() if n != covariate})
        return self

    def effect(self, name: str, value: float, spread: float = 0.0) -> "Made":
        """Set an effect, in every specialty alike."""
        found = self.record.effects[name]
        own = {s: self.drawn(d, value, spread) for s, d in found.specialties.items()}
        self.record = replace(
            self.record, effects={**self.record.effects, name: replace(found, specialties=own)}
        )
        return self

    def done(self) -> Model:
        """Return the model."""
        return Model(self.record)


@pytest.fixture
def made(model: Model) -> Made:
    """The trained model, to be changed."""
    return Made(model)


@pytest.fixture(scope="session")
def judge(claims: tuple[Claim, ...], everything: Tidy) -> Callable[..., Verdict]:
    """Return judge(claim_id, model, tables=None): the `Verdict` on one claim of the sheet."""
    return lambda claim_id, model, tables=None: judge_claim(
        one(claims, claim_id), model, tables or everything
    )


@pytest.fixture(scope="session")
def changed(everything: Tidy) -> Callable[..., Tidy]:
    """Return changed(table name=frame): the tables with some replaced or added."""

    def change(**tables: pd.DataFrame) -> Tidy:
        return Tidy(everything.sources, {**everything.tables, **tables})

    return change
