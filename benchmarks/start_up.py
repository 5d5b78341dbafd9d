"""How long a whole `matchmodel predict` takes beside importing numpy: medians of interleaved runs.

Run it on a quiet machine: python benchmarks/start_up.py [RUNS]. The answers of both runs of a pair must be
the same.
"""

import statistics
import subprocess
import sys
import time

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
    """Print the medians, and their ratios to importing numpy."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    printed: dict[str, bytes] = {}
    for _ in range(runs):
        for name, words in COMMANDS.items():
            started = time.perf_counter()
            done = subprocess.run(words, capture_output=True, check=True)
            times[name].append(time.perf_counter() - started)
            if printed.setdefault(name, done.stdout) != done.stdout:
                raise SystemExit(f"{name} answered differently when asked again")
    base = statistics.median(times["import numpy"])
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:28} {1000 * median:6.0f} ms  {median / base:.2f} times importing numpy")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
