"""Training moves with its inputs.

a last bit in them, or in the linear algebra of another processor, changes no stored number.
"""

import json
import os
import pickle
import platform
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from matchmodel.covariates import step2_u
from matchmodel.fit.chain.ranks import RANK_LIMITS, ln_ranks
from matchmodel.fit.tables.cells import measured_cells
from matchmodel.fit.tables.combine_years import own_slopes
from matchmodel.fit.tables.reconstruct import SCORE_RANGE, TAILS, reconstruct
from matchmodel.fit.tables.score_slopes import solve_alpha, type_populations

MEASURES = {"step2_ck": (step2_u, SCORE_RANGE), "contiguous_ranks": (ln_ranks, RANK_LIMITS)}
PARTS = ("value", "se_sampling", "se_rounding", "se_tails", "se")

# What another process does with the same cells; it names the processor that its linear algebra was told to
# take for this one.
ELSEWHERE = """
import json, pickle, sys
from threadpoolctl import threadpool_info
import numpy, scipy.linalg
with open(sys.argv[1], "rb") as handle:
    cells = pickle.load(handle)
from tests.fit.tables.test_continuous import numbers
told = [pool.get("architecture") for pool in threadpool_info() if pool["internal_api"] == "openblas"]
print(json.dumps({"processor": told, "numbers": numbers(cells)}))
"""


def numbers(cells):
    """Return {what: number} of everything that is fitted to {measure: cells}."""
    found = {}
    for measure, tables in cells.items():
        transform, limits = MEASURES[measure]
        own = own_slopes(list(tables.values()), np.random.default_rng(5), transform, limits)
        for name, slope, value, se in zip(tables, own.newest, own.values, own.ses, strict=True):
            if slope is not None and slope.converged:
                found |= {f"{measure} {name} {part}": getattr(slope, part) for part in PARTS}
                found |= {
                    f"{measure} {name} combined": float(value),
                    f"{measure} {name} combined se": float(se),
                }
        known = [(name, t[0]) for name, t in tables.items() if t and t[0].known]
        ones, slopes = np.ones(len(known)), np.full(len(known), 0.4)
        populations = type_populations([t for _, t in known], ones, ones, slopes, transform, limits)
        alphas = solve_alpha(np.zeros((1, len(known))), slopes[None], populations, transform)[0]
        for (name, _), (values, weights), alpha in zip(known, populations, alphas, strict=True):
            found |= {
                f"{measure} {name} mean": float(weights @ values),
                f"{measure} {name} alpha": float(alpha),
            }
    return found


@pytest.fixture(scope="module")
def cells(real):
    return {measure: measured_cells(real, measure) for measure in MEASURES}


def moved(cells, seed, by=1e-9):
    """Return cells whose every printed number is a billionth of itself away."""
    rng = np.random.default_rng(seed)

    def one(summary):
        return replace(
            summary,
            **{f.name: getattr(summary, f.name) * (1 + by * rng.uniform(-1, 1)) for f in fields(summary)},
        )

    return {
        m: {
            k: [replace(t, matched=one(t.matched), not_matched=one(t.not_matched)) for t in ts]
            for k, ts in c.items()
        }
        for m, c in cells.items()
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_billionth_in_the_printed_numbers_moves_no_result_by_a_millionth(cells, seed):
    here, there = numbers(cells), numbers(moved(cells, seed))
    assert set(here) == set(there) and len(here) > 300
    far = {what: there[what] - value for what, value in here.items() if abs(there[what] - value) > 1e-6}
    assert not far


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("measure", MEASURES)
def test_each_cohort_moves_with_what_is_printed_of_it(cells, measure, tail):
    limits = MEASURES[measure][1]
    near = moved(cells, 9)[measure]
    for name, tables in cells[measure].items():
        for cohort in ("matched", "not_matched"):
            summary = getattr(tables[0], cohort)
            if summary.known:
                a, b = (
                    reconstruct(s, tail, limits=limits) for s in (summary, getattr(near[name][0], cohort))
                )
                assert a[1] @ a[0] / a[1].sum() == pytest.approx(b[1] @ b[0] / b[1].sum(), abs=1e-6), (
                    name,
                    cohort,
                )


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("processor", ["Nehalem", "Haswell"])
def test_another_processors_linear_algebra_gives_the_same_numbers(cells, processor, threads, tmp_path):
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if "openblas" not in blas.casefold() or platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip(
            f"numpy stands on {blas} on {platform.machine()}, which cannot be told to be a {processor}"
        )
    file = tmp_path / "cells.pickle"
    file.write_bytes(pickle.dumps(cells))
    told = {
        **os.environ,
        "OPENBLAS_CORETYPE": processor,
        "OPENBLAS_NUM_THREADS": str(threads),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(file)],
        env=told,
        capture_output=True,
        text=True,
        cwd=os.getcwd(),
    )
    if done.returncode < 0:
        pytest.skip(f"this processor lacks what a {processor} has")
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    if not all(one == processor for one in there["processor"]):
        pytest.skip(f"the linear algebra took itself for {there['processor']}")
    here = numbers(cells)
    assert set(here) == set(there["numbers"])
    far = {
        what: there["numbers"][what] - value
        for what, value in here.items()
        if abs(there["numbers"][what] - value) > 1e-6 * max(1, abs(value))
    }
    assert not far
