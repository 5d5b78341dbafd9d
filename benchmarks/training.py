"""How long a whole `matchmodel train` takes, and where its time goes: medians of runs.

Run it on a quiet machine, after `matchmodel etl`: python benchmarks/training.py [RUNS]. The model file must
be that of models/ to the last byte.
"""

import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import agree, merge, ratio

STEP = re.compile(r"^ *(\d+\.\d) s  (.+)$", re.MULTILINE)  # what `train` says on standard error: begun, part
ENDED = re.compile(r"(\d+\.\d) s$")


def processor_seconds() -> float:
    """Return what all processes that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one_run(committed: Path) -> tuple[float, float, dict[str, float]]:
    """Train once; return the seconds, those of all processors, and those of each part."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / committed.name
        began, used = time.perf_counter(), processor_seconds()
        words = [sys.executable, "-m", "matchmodel", "train", "--model", str(new)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        took, used = time.perf_counter() - began, processor_seconds() - used
        agree("the model trained, and that of models/", float(new.read_bytes() != committed.read_bytes()), 0)
    begun = [(float(at), what) for at, what in STEP.findall(done.stderr)]
    ended = ENDED.search(done.stdout.strip())
    if ended is None:
        raise SystemExit(f"train says no time: {done.stdout}")
    whole = float(ended[1])
    parts = {"starting, and importing what training takes": took - whole, "reading the tables": begun[0][0]}
    for (start, what), (end, _) in zip(begun[1:], [*begun[2:], (whole, "")], strict=True):
        parts[what] = end - start
    return took, used, parts


def main(runs: int) -> None:
    """Write the part 'training'."""
    found = [one_run(max(Path("models").glob("match-????.json"))) for _ in range(runs)]
    seconds, used = (statistics.median(run[k] for run in found) for k in (0, 1))
    parts = {what: statistics.median(run[2][what] for run in found) for what in found[0][2]}
    ratios = {"matchmodel train: seconds": ratio(seconds, 10, "most")}
    merge("training", {"seconds": seconds, "core_seconds": used, "parts": parts, "ratios": ratios})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
