"""Pairs of models to compare: the fresh one, itself changed by hand, and those trained without a source."""

from copy import deepcopy

import pytest

from matchmodel.fit.chain import fit_chain
from matchmodel.fit.chain_document import chain_document
from matchmodel.fit.document import document, write_model
from matchmodel.fit.train import SEED, train
from matchmodel.model import Model
from matchmodel.specialties import canonical_specialty


def at(content, path):
    """Return what stands at a dotted path."""
    for key in path.split("."):
        content = content[key]
    return content


def put(content, path, value):
    """Return a copy of a model's content with one value replaced; a function is given the old value."""
    made = deepcopy(content)
    *above, last = path.split(".")
    inside = at(made, ".".join(above)) if above else made
    inside[last] = value(inside[last]) if callable(value) else value
    return made


def without(content, path):
    """Return a copy of a model's content that lacks one key."""
    made = deepcopy(content)
    *above, last = path.split(".")
    del (at(made, ".".join(above)) if above else made)[last]
    return made


@pytest.fixture(scope="session")
def content(fresh):
    return fresh.content


@pytest.fixture(scope="session")
def no_neurology(training):
    """Trained without the source that shifts US IMGs' scores."""
    trained = train(training.select(exclude=["neurology-2026"]))
    return Model(document(trained, "no-neurology", chain_document(trained, fit_chain(trained, SEED), canonical_specialty)))


@pytest.fixture(scope="session")
def no_evidence(training):
    """Trained without the register: no covariates, no exchange rate, no chain."""
    return Model(document(train(training.select(exclude=["evidence-register"])), "no-evidence"))


@pytest.fixture(scope="session")
def files(tmp_path_factory, fresh, no_neurology, no_evidence):
    """The three as files."""
    folder = tmp_path_factory.mktemp("models")
    models = {"fresh": fresh, "no-neurology": no_neurology, "no-evidence": no_evidence}
    for name, model in models.items():
        write_model(model.content, folder / f"{name}.json")
    return {name: folder / f"{name}.json" for name in models}


@pytest.fixture
def write(tmp_path):
    """Write a content as a model file, by name."""

    def written(content, name):
        write_model(content, tmp_path / f"{name}.json")
        return tmp_path / f"{name}.json"

    return written
