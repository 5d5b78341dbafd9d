"""How long a whole `matchmodel train` takes, and where its time goes: medians of runs.

Run it on a quiet machine, after `matchmodel etl`: python benchmarks/training.py [RUNS]. The model file must
be that of models/ to the last byte.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import agree, merge, ratio

PARTS = "parts"  # the word with which a run tells of them


def processor_seconds() -> float:
    """Return what all processes that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def whole(committed: Path) -> tuple[float, float]:
    """Train as the command line does; return the seconds, and those of all processors."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / committed.name
        began, used = time.perf_counter(), processor_seconds()
        words = [sys.executable, "-m", "matchmodel", "train", "--model", str(new)]
        subprocess.run(words, capture_output=True, check=True)
        took, used = time.perf_counter() - began, processor_seconds() - used
        agree("the model trained, and that of models/", float(new.read_bytes() != committed.read_bytes()), 0)
    return took, used


def parts() -> dict[str, float]:
    """Train in this process alone; return the processor seconds of each part."""
    begun = [(0.0, "starting, and importing what training takes")]

    def begin(what: str) -> None:
        begun.append((time.process_time(), what))

    from matchmodel.etl import read_tidy
    from matchmodel.fit.document.model import document
    from matchmodel.fit.train import train
    from matchmodel.model.file import write_model

    begin("reading and checking the tables")
    tidy = read_tidy("data/processed").select(role="training")
    trained = train(tidy, say=begin)
    begin("writing the model, and asking it for every specialty")
    with tempfile.TemporaryDirectory() as folder:
        write_model(document(trained, PARTS), Path(folder) / "model.json")
    ends = [*(at for at, _ in begun[1:]), time.process_time()]
    return {what: end - at for (at, what), end in zip(begun, ends, strict=True)}


def main(runs: int) -> None:
    """Write the part 'training'."""
    committed = max(Path("models").glob("match-????.json"))
    found = [whole(committed) for _ in range(runs)]
    seconds, used = (statistics.median(run[k] for run in found) for k in (0, 1))
    one_process = [
        json.loads(subprocess.run([sys.executable, __file__, PARTS], capture_output=True, check=True).stdout)
        for _ in range(runs)
    ]
    medians = {what: statistics.median(run[what] for run in one_process) for what in one_process[0]}
    ratios = {"matchmodel train: seconds": ratio(seconds, 10, "most")}
    figures = {"seconds": seconds, "core_seconds": used, "core_seconds_of_parts": medians}
    merge("training", {**figures, "ratios": ratios})


if __name__ == "__main__":
    if sys.argv[1:] == [PARTS]:
        print(json.dumps(parts()))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
