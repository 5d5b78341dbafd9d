"""How long whole runs take: what asks beside importing numpy, help beside bare Python; medians of
interleaved runs.

Run it on a quiet machine: python benchmarks/start_up.py [RUNS]. A command must say the same each time.
"""

import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import merge, ratio

import matchmodel
from matchmodel.cli.commands import COMMANDS

TABLE = Path(__file__).parent.parent / "docs" / "advice" / "made-up-programs.csv"
PERSON = "--applicant-type non-us-img --step2 250 --yog 2024 --usce 4 --visa yes"
WHO = f"--specialty IM {PERSON}"
PREDICT = f"predict {WHO}"
ASKING = [
    PREDICT,
    f"predict {WHO} --json",
    f"predict {WHO} --specialty FM",
    f"what-if {WHO}",
    f"target {WHO} --target 60%",
    f"timing {WHO}",
    f"portfolio {WHO} --backup FM --applications 100",
    f"specialties {PERSON}",
    f"plan {WHO}",
    f"programs --table {TABLE.name} --applications 20 {WHO}",
    "model",
    "profile",
]
HELP = ["--help", *(f"{name} --help" for name in COMMANDS)]
BASES = {"python": "pass", "import numpy": "import numpy"}


def main(runs: int) -> None:
    """Write the part 'start': the medians, and their ratios."""
    compileall.compile_dir(matchmodel.__path__[0], quiet=1)  # as an installed package is
    words = {name: ["-c", code] for name, code in BASES.items()}
    words |= {said: ["-m", "matchmodel", *said.split()] for said in ASKING + HELP}
    times: dict[str, list[float]] = {name: [] for name in words}
    printed: dict[str, bytes] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:  # which plan and profile write to
            (Path(folder) / TABLE.name).write_bytes(TABLE.read_bytes())
            for name, said in words.items():
                started = time.perf_counter()
                done = subprocess.run([sys.executable, *said], capture_output=True, check=True, cwd=folder)
                times[name].append(time.perf_counter() - started)
                if printed.setdefault(name, done.stdout) != done.stdout:
                    raise SystemExit(f"{name} answered differently when asked again")
    medians = {name: statistics.median(found) for name, found in times.items()}
    asking = {said: medians[said] / medians["import numpy"] for said in ASKING}
    helping = {said: medians[said] / medians["python"] for said in HELP}
    slowest, longest = max(asking, key=asking.__getitem__), max(HELP[1:], key=helping.__getitem__)
    ratios = {
        "predict: times importing numpy": ratio(asking[PREDICT], 2, "most"),
        f"{slowest.split()[0]}, the slowest that asks: times importing numpy": ratio(
            asking[slowest], 2, "most"
        ),
        "help: times bare Python": ratio(helping["--help"], 3, "most"),
        f"{longest}, the slowest of commands: times bare Python": ratio(helping[longest], 3, "most"),
    }
    times_a_base = {"times importing numpy": asking, "times bare Python": helping}
    merge("start", {"seconds": medians, **times_a_base, "ratios": ratios})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
