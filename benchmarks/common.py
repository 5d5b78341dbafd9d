"""What the benchmarks share: people to answer, interleaved timing, and the one file of figures."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from matchmodel.files import plain, write_text
from matchmodel.model import Model

REPORTS = Path(__file__).parent.parent / "reports"
FIGURES = REPORTS / "benchmarks.json"


def merge(name: str, part: Mapping[str, Any]) -> None:
    """Put a named part into reports/benchmarks.json; the other parts stay as they are."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    machine = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[1],  # over five minutes; beyond 1 the machine was not quiet
    }
    figures[name] = plain({**part, "on": machine})
    print(json.dumps({name: figures[name]}, indent=2))
    write_text(FIGURES, json.dumps(dict(sorted(figures.items())), indent=2) + "\n")


def ratio(value: float, bar: float, at: str) -> dict[str, Any]:
    """Return a figure beside its bar, 'least' or 'most' it is to be; a part's 'ratios' hold them."""
    met = value >= bar if at == "least" else value <= bar
    return {"value": value, "bar": bar, "at": at, "met": met}


def agree(what: str, gap: float, most: float) -> None:
    """Stop before any time is printed where two answers differ."""
    if not gap <= most:
        raise SystemExit(f"{what}: answers differ by {gap:g}, more than {most:g}; no time is printed")


def timed(runs: int, **work: Callable[[], Any]) -> dict[str, float]:
    """Return the median seconds of each piece of work, taken in turns: a busy moment hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(runs):
        for name, do in work.items():
            started = time.perf_counter()
            do()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(found) for name, found in seconds.items()}


def memory(pid: int) -> float:
    """Return the most that a process has held so far, MB (Linux; wait4 never tells less than ours)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def whole_command(*words: object) -> dict[str, float]:
    """Run a command of matchmodel from its start to its end; stop where it fails."""
    started = time.perf_counter()
    line = [sys.executable, "-m", "matchmodel", *map(str, words)]
    child, most = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), 0.0
    while not (done := os.wait4(child.pid, os.WNOHANG))[0]:
        most = max(most, memory(child.pid))
        time.sleep(0.02)
    _, status, usage = done
    seconds = time.perf_counter() - started
    agree(" ".join(line), status, 0)
    return {"seconds": seconds, "core_seconds": usage.ru_utime + usage.ru_stime, "megabytes": most}


def people(model: Model, count: int, seed: int = 0) -> pd.DataFrame:
    """Return applicants as the model's own tables have them, with every covariate, as texts and numbers.

    Cells are drawn by how many rank the specialty anywhere, covariates from the model's reference population
    (US IMGs need no visa), scores from the minimum, quartiles and maximum printed of non-US IMGs who matched
    in internal medicine.
    """
    random = np.random.default_rng(seed)
    ranked = model.record.advice["ranked_anywhere"]
    cells = [
        (kind, s, ranked[s][kind]["ranked"])
        for kind in model.applicant_types
        for s in model.specialties(kind)
        if kind in ranked.get(s, {}) and not model.withheld(kind, s)
    ]
    weights = np.array([n for _, _, n in cells], float)
    cell = random.choice(len(cells), count, p=weights / weights.sum())
    kinds = np.array([kind for kind, _, _ in cells])[cell]
    frame = pd.DataFrame({"specialty": np.array([s for _, s, _ in cells])[cell], "applicant_type": kinds})
    published = model.record.advice["published"]
    for name in (
        "step2_ck",
        "visa_needed",
        "step1_failed",
        "step2_failed",
        "years_since_graduation",
        "usce_months",
    ):
        values: Any = np.full(count, "no", dtype=object)
        for kind in model.applicant_types:
            rows = np.flatnonzero(kinds == kind)
            reference = model.kind(kind).reference.get(name)
            if name == "step2_ck":
                printed = published["non-us-img"]["Internal Medicine"][name]["matched"]
                ends = [printed[q] for q in ("min", "q1", "median", "q3", "max")]
                values[rows] = np.round(np.interp(random.random(len(rows)), np.linspace(0, 1, 5), ends))
            elif reference is not None:
                shares = np.array(reference.shares) / sum(reference.shares)
                values[rows] = random.choice(np.array(reference.values, object), len(rows), p=shares)
        texts = name in ("visa_needed", "step1_failed", "step2_failed")
        frame[name] = values.astype(str) if texts else values.astype(int)
    return frame
