from copy import deepcopy
from pathlib import Path

import pytest

from matchmodel.artefact import pack
from matchmodel.etl import Tidy
from matchmodel.guide import read_claims
from matchmodel.guide.hold import hold
from matchmodel.guide.result import one
from matchmodel.model import Model

ROOT = Path(__file__).parents[2]
KIND = "non-us-img"


@pytest.fixture(scope="session")
def tidy(training):
    return training


@pytest.fixture(scope="session")
def model(fresh):
    return fresh


@pytest.fixture(scope="session")
def claims():
    return read_claims(ROOT / "notebooks" / "guide_claims.csv")


class Made:
    """A model made up out of the fresh one: what a test sets, it sets in every draw, `spread` apart."""

    def __init__(self, model):
        self.content = deepcopy(model.content)
        self.count = self.content["draw_count"]

    def draws(self, value, spread=0.0):
        return pack(value + spread * (2 * k / (self.count - 1) - 1) for k in range(self.count))

    def cell(self, specialties, alpha, beta, level, spread=0.0):
        for name in specialties:
            cell = self.content["types"][KIND]["cells"][name]
            for key, value in (("alpha", alpha), ("beta", beta), ("level", level)):
                cell[key]["value"], cell["draws"][key] = value, self.draws(value, spread if key == "alpha" else 0.0)
            cell["own_slope"] = True
        return self

    def effect(self, name, value, spread=0.0):
        entry = self.content["covariates"][name]
        entry["delta"]["value"], entry["draws"] = value, self.draws(value, spread)
        return self

    def rate_effect(self, name, value):
        entry = self.content["chain"]["effects"][name]
        entry["value"], entry["draws"] = value, self.draws(value)
        return self

    def done(self):
        return Model(self.content)


@pytest.fixture
def made(model):
    return Made(model)


@pytest.fixture(scope="session")
def judge(claims, tidy):
    """Return judge(claim_id, model, tidy=None): the `Verdict` on one claim of the sheet."""
    return lambda claim_id, model, tables=None: hold(one(claims, claim_id), model, tables or tidy)


@pytest.fixture(scope="session")
def changed(tidy):
    """Return changed(table name=frame): the tables with some replaced or added."""
    return lambda **tables: Tidy(tidy.sources, {**tidy.tables, **tables})
