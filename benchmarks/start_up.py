"""How long a whole `matchmodel predict` takes beside importing numpy: medians of interleaved runs.

Run it on a quiet machine: python benchmarks/start_up.py [RUNS]. The answers of both runs of a pair must be
the same.
"""

import statistics
import subprocess
import sys
import time

from common import merge, ratio

WORDS = [
    "--specialty",
    "IM",
    "--applicant-type",
    "non-us-img",
    "--step2",
    "250",
    "--yog",
    "2024",
    "--usce",
    "4",
    "--visa",
    "yes",
]
COMMANDS = {
    "python": [sys.executable, "-c", "pass"],
    "import numpy": [sys.executable, "-c", "import numpy"],
    "predict": [sys.executable, "-m", "matchmodel", "predict", *WORDS],
    "predict --json": [sys.executable, "-m", "matchmodel", "predict", *WORDS, "--json"],
    "predict, two specialties": [sys.executable, "-m", "matchmodel", "predict", *WORDS, "--specialty", "FM"],
}


def main(runs: int) -> None:
    """Write the part 'start': the medians, and their ratios to importing numpy."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    printed: dict[str, bytes] = {}
    for _ in range(runs):
        for name, words in COMMANDS.items():
            started = time.perf_counter()
            done = subprocess.run(words, capture_output=True, check=True)
            times[name].append(time.perf_counter() - started)
            if printed.setdefault(name, done.stdout) != done.stdout:
                raise SystemExit(f"{name} answered differently when asked again")
    medians = {name: statistics.median(found) for name, found in times.items()}
    base = medians["import numpy"]
    ratios = {
        f"{name}: times importing numpy": ratio(medians[name] / base, 2, "most")
        for name in COMMANDS
        if name.startswith("predict")
    }
    merge("start", {"seconds": medians, "ratios": ratios})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
