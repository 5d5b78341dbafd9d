"""The same numbers whatever the locale, time zone, hash seed, threads, folder, and order of rows."""

import csv
import json
import os
import subprocess
import sys

from .asking import QUESTIONS, Fault, checked, small_model_file
from .crashes import ROOT
from .kinds import kind
from .tables import PEOPLE

PART = "Numbers"
AROUND = {
    "LC_ALL": ("C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "xx"),
    "TZ": ("UTC", "Pacific/Kiritimati", "America/Los_Angeles", "nowhere"),
    "PYTHONHASHSEED": ("0", "1", "4242", "random"),
    "OPENBLAS_NUM_THREADS": ("1", "2", "7"),
    "OPENBLAS_CORETYPE": ("Nehalem", "Haswell", ""),
    "COLUMNS": ("20", "500"),
    "PYTHONUTF8": ("0", "1"),
    "PYTHONOPTIMIZE": ("", "1", "2"),
}


@kind(PART, "locale, time zone, hash seed, threads and kernels of the processor", 3, 60)
def around(rng, folder):
    def asked(words, **more):
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}
        argv = [sys.executable, "-m", "matchmodel", *words, "--json"]
        done = subprocess.run(argv, env=env, cwd=folder, capture_output=True, check=False)
        if done.returncode:
            raise Fault(f"{words} with {more}: {done.stderr.decode()[-300:]}")
        return done.stdout

    questions = [QUESTIONS[1], QUESTIONS[4], QUESTIONS[10], QUESTIONS[8]]
    right = {}
    while True:
        words = rng.choice(questions)
        if tuple(words) not in right:
            right[tuple(words)] = asked(words)
        more = {name: rng.choice(values) for name, values in AROUND.items()}
        if not _alike(json.loads(asked(words, **more)), json.loads(right[tuple(words)])):
            raise Fault(f"{words} with {more}: another answer")
        yield "same"


@kind(PART, "rows and columns of a table in another order, rows twice", 15, 400)
def order(rng, folder):
    head, *rows = [line.split(",") for line in PEOPLE.splitlines()]
    path, out = folder / "in.csv", folder / "out.csv"

    def scored(columns, lines):
        path.write_text("".join(",".join(row[k] for k in columns) + "\n" for row in [head, *lines]), "utf-8")
        if checked(["score", path, out, "--model", small_model_file()]) is None:
            raise Fault("a sound table was refused")
        with open(out, encoding="utf-8", newline="") as file:
            return [dict(sorted(row.items())) for row in csv.DictReader(file)]

    usual = range(len(head))
    right = {tuple(row): answer for row, answer in zip(rows, scored(usual, rows), strict=True)}
    while True:
        lines, columns = rng.choices(rows, k=rng.randrange(1, 40)), list(usual)
        rng.shuffle(columns)
        for row, answer in zip(lines, scored(columns, lines), strict=True):
            for name, value in right[tuple(row)].items():
                if answer[name] != value and not _near(answer[name], value):
                    raise Fault(f"{row}: {name} {answer[name]}, not {value}")
        yield "same"


def _alike(one, other):
    """Equal, numbers but for their last bits, which another kernel of the processor moves."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return one == other or (isinstance(one, float) and isinstance(other, float) and _near(one, other))


def _near(one, other):
    """To the last bits: a sum over rows of one cell is taken in the order of memory."""
    try:
        return abs(float(one) - float(other)) <= 1e-9 * abs(float(other))
    except ValueError:
        return False
