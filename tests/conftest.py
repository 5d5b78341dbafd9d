"""What many tests stand on: the real tables, and what is fitted to them, made once a run."""

from pathlib import Path

import pytest

from matchmodel.etl import read_raw
from matchmodel.fit.advice_document import advice_document
from matchmodel.fit.chain import fit_chain
from matchmodel.fit.chain_document import chain_document
from matchmodel.fit.document import document
from matchmodel.fit.train import SEED, train
from matchmodel.model import Model
from matchmodel.specialties import canonical_specialty

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def raw():
    return ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def everything(raw):
    """Every source, the validation ones too."""
    return read_raw(raw)


@pytest.fixture(scope="session")
def training(everything):
    return everything.select(role="training")


@pytest.fixture(scope="session")
def trained(training):
    return train(training)


@pytest.fixture(scope="session")
def trained_with_chain(training):
    """A training of its own, since the chain goes on drawing where the training stopped."""
    trained = train(training)
    return trained, fit_chain(trained, SEED)


@pytest.fixture(scope="session")
def fresh(trained_with_chain):
    """A model trained here and now, with its chain."""
    trained, chain = trained_with_chain
    return Model(document(trained, "fresh", chain_document(trained, chain, canonical_specialty), advice=advice_document(trained)))
