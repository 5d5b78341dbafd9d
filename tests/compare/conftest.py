"""Pairs of models to compare: the one that ships, itself changed by hand, and made-up ones."""

from dataclasses import is_dataclass, replace

import numpy as np
import pytest

from matchmodel import load_model
from matchmodel.model import Model
from matchmodel.model.file import dumps, write_model
from matchmodel.model.records import Draws

MODEL = load_model()
IM = ("types", "non-us-img", "cells", "Internal Medicine")


def at(node, path):
    """Return what stands at a path of the records: names of fields, keys and places."""
    for name in path:
        node = getattr(node, name) if is_dataclass(node) else node[name]
    return node


def put(node, path, value):
    """Return a copy of a record with one value replaced; a function is given the old value."""
    name, *rest = path
    old = at(node, [name])
    new = put(old, rest, value) if rest else value(old) if callable(value) else value
    if is_dataclass(node):
        return replace(node, **{name: new})
    return {**node, name: new} if isinstance(node, dict) else (*node[:name], new, *node[name + 1 :])


def without(node, path):
    """Return a copy of a record that lacks one key of a dict, or has None in a field."""
    *above, last = path

    def less(old):
        if is_dataclass(old):
            return replace(old, **{last: None})
        return {name: value for name, value in old.items() if name != last}

    return put(node, above, less) if above else less(node)


def moved(record, path, by):
    """Return a copy in which a drawn number, value and draws, is moved."""
    return put(record, path, lambda d: replace(d, value=d.value + by, draws=Draws.of(d.draws.array + by)))


def without_covariates(record):
    """The same model without what is known of any covariate."""
    types = {
        t: replace(k, reference={}, cells={s: replace(c, kappa={}) for s, c in k.cells.items()})
        for t, k in record.types.items()
    }  # fmt: skip
    return replace(record, name="no-evidence", effects={}, types=types)


def lower_scores(record):
    """The same model without a source, US IMGs' scores taken as 20 points lower and the usual number of IM as
    20 more.
    """
    cells = record.types["us-img"].cells
    for s in cells:
        beta = cells[s].beta.draws.array
        record = put(record, ("types", "us-img", "cells", s, "alpha"), lambda a, beta=beta: replace(
            a, value=a.value + 2 * float(np.mean(beta)), draws=Draws.of(a.draws.array + 2 * beta),
        ))  # fmt: skip
    record = put(record, (*IM, "chain", "usual"), lambda u: replace(
        u, value=u.value + 20, low=u.low + 20, high=u.high + 20, draws=Draws.of(u.draws.array + 20)
    ))  # fmt: skip
    left = tuple(source for source in record.sources if source.id != "neurology-2026")
    return replace(record, name="no-neurology", sources=left)


@pytest.fixture(scope="session")
def fresh():
    return MODEL


@pytest.fixture(scope="session")
def record():
    return MODEL.record


@pytest.fixture(scope="session")
def no_neurology():
    return Model(lower_scores(MODEL.record))


@pytest.fixture(scope="session")
def no_evidence():
    return Model(without_covariates(MODEL.record))


@pytest.fixture(scope="session")
def files(tmp_path_factory, fresh, no_neurology, no_evidence):
    """The three as files."""
    folder = tmp_path_factory.mktemp("models")
    models = {"fresh": fresh, "no-neurology": no_neurology, "no-evidence": no_evidence}
    for name, model in models.items():
        (folder / f"{name}.json").write_text(dumps(model.record), encoding="utf-8")
    return {name: folder / f"{name}.json" for name in models}


@pytest.fixture
def write(tmp_path):
    """Write a record as a model file, by name."""

    def written(record, name):
        write_model(record, tmp_path / f"{name}.json")
        return tmp_path / f"{name}.json"

    return written
