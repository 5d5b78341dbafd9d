"""Another processor, or another number of threads, trains the same model and gives the same answers."""

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest

from matchmodel.fit.document.model import document
from matchmodel.fit.train import train
from matchmodel.model import Model
from matchmodel.model.file import dumps, record_of

from .reference_applicants import APPLICANTS, answers_of

DRAWS = 100
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


@pytest.mark.slow
def test_every_stored_number_is_the_same_to_a_hundred_thousandth(here, there):
    one, other = dict(leaves(here[1])), dict(leaves(there))
    assert list(one) == list(other)  # in the same order, too
    numbers = {p for p, v in one.items() if isinstance(v, float)}
    assert len(numbers) > 2000
    off = [(p, one[p], other[p]) for p in numbers if abs(one[p] - other[p]) > 1e-5 * abs(one[p]) + 1e-7]
    assert not off, f"{len(off)}, such as {off[:5]}"


@pytest.mark.slow
def test_every_draw_is_the_same_and_so_is_every_word(here, there):
    """Draws have six digits: a rounded last one, and a root that is solved to 1e-6, may move."""
    one, other = dict(leaves(here[1])), dict(leaves(there))
    for path, value in one.items():
        if isinstance(value, str) and path.endswith(("/draws", "/drift")):
            a, b = np.array(value.split(), float), np.array(other[path].split(), float)
            np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6, err_msg=path)
        elif not isinstance(value, float):
            assert value == other[path], path


@pytest.mark.slow
def test_fifty_answers_are_the_same_to_a_hundred_thousandth(here, there):
    one, other = (answers_of(Model(record_of(content, "m"))) for content in (here[1], there))
    assert len(one) == len(APPLICANTS) == 50
    for applicant, a, b in zip(APPLICANTS, one, other, strict=True):
        assert a.keys() == b.keys(), applicant
        for name, found in a.items():
            np.testing.assert_allclose(b[name], found, rtol=0, atol=1e-5, err_msg=f"{applicant} {name}")
