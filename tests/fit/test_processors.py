"""Another processor, or another number of threads, trains the same model and gives the same answers."""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from matchmodel.fit.document.model import document
from matchmodel.fit.document.values import DIGITS
from matchmodel.fit.train import train
from matchmodel.model import Model
from matchmodel.model.file import dumps, record_of

from .reference_applicants import APPLICANTS, answers_of

DRAWS = 100
DRAW_DIGITS = 6  # as `Draws.of` writes them
TRAIN = """
import pickle, sys
from matchmodel.fit.document.model import document
from matchmodel.fit.train import train
from matchmodel.model.file import dumps
with open(sys.argv[1], "rb") as file:
    tables = pickle.load(file)
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(dumps(document(train(tables, draws=int(sys.argv[3])), "m")))
"""
CORE = (
    "import numpy as np, threadpoolctl; np.ones((2, 2)) @ np.ones((2, 2)); "
    "print([i.get('architecture') for i in threadpoolctl.threadpool_info()])"
)
# What numpy's own loops may use, beside what OpenBLAS takes the processor for
PROCESSORS = {
    "a processor of 2009, one thread": (
        "Nehalem",
        {"OPENBLAS_NUM_THREADS": "1", "NPY_DISABLE_CPU_FEATURES": "X86_V3"},
    ),
    "a processor of 2013, two threads": ("Haswell", {"OPENBLAS_NUM_THREADS": "2"}),
}


def environment(core, more):
    return {**os.environ, "OPENBLAS_CORETYPE": core, "PYTHONWARNINGS": "ignore", **more}


def core_is_there(core, env):
    """Whether OpenBLAS takes the processor for what it is told, which one without the instructions cannot."""
    found = subprocess.run([sys.executable, "-c", CORE], env=env, capture_output=True, text=True, check=False)
    return found.returncode == 0 and core.casefold() in found.stdout.casefold()


@pytest.fixture(scope="module")
def here(training, tmp_path_factory):
    folder = tmp_path_factory.mktemp("processors")
    with open(folder / "tables", "wb") as file:
        pickle.dump(training, file)
    text = dumps(document(train(training, draws=DRAWS), "m"))
    return folder / "tables", json.loads(text)


@pytest.fixture(scope="module", params=PROCESSORS)
def there(request, here, tmp_path_factory):
    core, more = PROCESSORS[request.param]
    env = environment(core, more)
    if not core_is_there(core, env):
        pytest.skip(f"OpenBLAS does not run as {core} here")
    path = tmp_path_factory.mktemp("there") / "m.json"
    subprocess.run([sys.executable, "-c", TRAIN, here[0], path, str(DRAWS)], env=env, check=True)
    return json.loads(path.read_text(encoding="utf-8"))


def leaves(value, path=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}/{key}")
    elif isinstance(value, list):
        for k, one in enumerate(value):
            yield from leaves(one, f"{path}/{k}")
    else:
        yield path, value


def units(values, others, digits):
    """Return how far numbers are from others, in units of the last of so many digits."""
    values, others = np.asarray(values, float), np.asarray(others, float)
    most = np.maximum(np.maximum(np.abs(values), np.abs(others)), 1e-300)
    return np.abs(values - others) / 10.0 ** (np.floor(np.log10(most)) - digits + 1)


@pytest.mark.slow
def test_no_stored_number_moves_beyond_its_digits(here, there):
    """A rounded last digit may be the next one; few are."""
    one, other = dict(leaves(here[1])), dict(leaves(there))
    assert list(one) == list(other)  # in the same order, too
    numbers = [p for p, v in one.items() if isinstance(v, float)]
    off = units([one[p] for p in numbers], [other[p] for p in numbers], DIGITS)
    assert len(numbers) > 2000 and off.max() < 1.01 and (off > 0).mean() < 0.01


@pytest.mark.slow
def test_no_draw_moves_beyond_its_digits_and_every_word_is_the_same(here, there):
    one, other, off = dict(leaves(here[1])), dict(leaves(there)), []
    for path, value in one.items():
        if isinstance(value, str) and path.endswith(("/draws", "/drift")):
            off.append(units(value.split(), other[path].split(), DRAW_DIGITS))
        elif not isinstance(value, float):
            assert value == other[path], path
    assert np.concatenate(off).max() < 1.01 and (np.concatenate(off) > 0).mean() < 0.001


@pytest.mark.slow
def test_fifty_answers_are_the_same_to_a_ten_millionth(here, there):
    one, other = (answers_of(Model(record_of(content, "m"))) for content in (here[1], there))
    assert len(one) == len(APPLICANTS) == 50
    for applicant, a, b in zip(APPLICANTS, one, other, strict=True):
        assert a.keys() == b.keys(), applicant
        for name, found in a.items():
            np.testing.assert_allclose(b[name], found, rtol=0, atol=1e-7, err_msg=f"{applicant} {name}")
