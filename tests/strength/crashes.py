"""Commands that write, killed at random moments, on a full disk, two at once, in a read-only folder.

The old files stay or the new ones are whole, and nothing else is left. `python -m tests.strength.crashes
etl 50` kills one command so often.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from matchmodel.errors import MatchModelError
from matchmodel.etl.store import read_tidy
from matchmodel.model.file import shipped_path

from .asking import WHO, Fault
from .kinds import kind

PART = "Crashes"
ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
OLDER = "an older one\n"
HEAD = (
    "specialty,applicant_type,step2_ck,yog,usce_months,visa_needed,step1_attempts,interviews,matched,cycle\n"
)


class Case:
    """A command, what it writes, and what stood there before.

    Attributes
    ----------
    words
        The command line.
    outputs
        The files that it writes.
    """

    def __init__(self, name, folder):
        self.folder, self.out = folder, folder / "out"
        self.out.mkdir()
        self.tidy = name == "etl"
        rng = random.Random(5)
        people = "".join(
            f"{rng.choice(('Pediatrics', 'Neurology', 'Psychiatry'))},non-us-img,{rng.randrange(210, 270)},"
            f"{rng.randrange(2010, 2026)},{rng.randrange(9)},{rng.choice(('yes', 'no'))},1,"
            f"{rng.randrange(1, 9)},{rng.choice(('yes', 'no'))},2026\n"
            for _ in range(800)
        )
        table = folder / "in.csv"
        table.write_text(HEAD + people, encoding="utf-8")
        out = self.out
        self.words, names = {
            "etl": (["etl", "--raw", folder / "raw", "--out", out], []),
            "train": (["train", "--data", folder / "tidy", "--model", out / "m.json"], ["m.json"]),
            "update": (
                ["update", table, "--model", shipped_path(), "--out", out / "m.json"], ["m.json"]
            ),
            "score": (["score", table, out / "a.csv"], ["a.csv"]),
            "plan": (["plan", "--specialty", "Neurology", *WHO, "--out", out], ["plan.md", "plan.html"]),
            "page": (["page", "--out", out / "p.html"], ["p.html"]),
        }[name]  # fmt: skip
        self.outputs = [out / one for one in names]
        self.older = OLDER
        if name == "plan":
            self.older = "<!-- matchmodel plan: written by the program -->" + OLDER
        if name in ("etl", "train"):
            shutil.copytree(RAW, folder / "raw")
            self._done(["etl", "--raw", folder / "raw", "--out", folder / "tidy"])
        if self.tidy:
            changed = folder / "raw" / "program-signals" / "source.toml"
            text = changed.read_text(encoding="utf-8").replace('title = "', 'title = "New ', 1)
            changed.write_text(text, encoding="utf-8")
        self.reset()
        start = time.monotonic()
        self._done(self.words)
        self.seconds = time.monotonic() - start
        self.new = self.found()
        self.reset()
        self.old = self.found()
        if self.old == self.new:
            raise Fault("nothing new was written")
        self.names = {self.old[0], self.new[0]}

    def _done(self, words):
        done = self.start(words).communicate()
        if done[1] and b"Traceback" in done[1]:
            raise Fault(done[1].decode())

    def start(self, words=None, **more):
        """Start the command."""
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
        argv = [sys.executable, "-m", "matchmodel", *map(str, words or self.words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(argv, env=env, cwd=self.folder, stdout=pipe, stderr=pipe, **more)

    def reset(self):
        """Put back what stood there before."""
        shutil.rmtree(self.out)
        if self.tidy:
            shutil.copytree(self.folder / "tidy", self.out)
        else:
            self.out.mkdir()
        for path in self.outputs:
            path.write_text(self.older, encoding="utf-8")

    def found(self):
        """The names in the folder, and what is read there."""
        names = tuple(sorted(path.name for path in self.out.iterdir()))
        if self.tidy:
            tidy = read_tidy(self.out)
            titles = tuple(source.title for source in tidy.sources.values())
            return names, (titles, tuple(len(table) for table in tidy.tables.values()))
        return names, tuple(path.read_bytes() for path in self.outputs)

    def judge(self, what):
        """Say which it is, or that it is a fault."""
        try:
            names, content = self.found()
        except (MatchModelError, OSError) as error:
            raise Fault(f"{what}: neither old nor new: {error}") from error
        if names not in self.names:
            raise Fault(f"{what}: left {names}")
        old, new = self.old[1], self.new[1]
        if content == new:
            return "answered"
        mixed = not self.tidy and all(c in pair for c, *pair in zip(content, old, new, strict=True))
        if content != old and not mixed:  # a plan is two files, each of them whole
            raise Fault(f"{what}: neither old nor new")
        return "same"


def killed(name):
    """A kind of fault: a command killed at any moment."""

    def trials(rng, folder):
        case = Case(name, folder)
        while True:
            case.reset()
            at = rng.uniform(0, 1.05 * case.seconds)
            run = case.start()
            try:
                run.wait(at)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
            run.communicate()
            yield case.judge(f"{name} killed after {at:.2f} of {case.seconds:.2f} s")

    return trials


@contextmanager
def read_only(folder):
    """A folder that nobody can write to, root neither."""
    before = folder.stat().st_mode
    folder.chmod(0o555)
    fixed = os.geteuid() == 0 and subprocess.run(["chattr", "+i", folder], check=False).returncode == 0
    try:
        yield fixed or os.geteuid() != 0
    finally:
        if fixed:
            subprocess.run(["chattr", "-i", folder], check=True)
        folder.chmod(before)


def hindered(name):
    """A kind of fault: a full disk, a read-only folder, two at once."""

    def trials(rng, folder):
        case = Case(name, folder)
        while True:
            case.reset()
            limit = rng.choice((50, 200, 500))
            full = case.start(preexec_fn=lambda n=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)))
            yield _refused(case, full, "a full disk")
            case.reset()
            with read_only(case.out) as closed:
                if closed:
                    outcome = _refused(case, case.start(), "a read-only folder")
            if closed:
                yield outcome
            case.reset()
            both = [case.start(), case.start()]
            for run in both:
                if (said := run.communicate()[1]) and run.returncode:
                    raise Fault(f"two at once: {said.decode()[-500:]}")
            yield case.judge("two at once")

    return trials


def _refused(case, run, what):
    err = run.communicate()[1].decode()
    last = err.splitlines()[-1:]  # above it, how far it had come
    if run.returncode not in (1, 2) or "Traceback" in err or not last[0].startswith("matchmodel "):
        raise Fault(f"{what}: status {run.returncode}, {err[-500:]}")
    if case.judge(what) != "same":
        raise Fault(f"{what}: written in spite of it")
    return "refused"


for each, quick in {"etl": 2, "train": 1, "update": 2, "score": 3, "plan": 3, "page": 3}.items():
    kind(PART, f"{each}, killed at any moment", quick, 50)(killed(each))
    kind(PART, f"{each}, on a full disk, in a read-only folder, two at once", 3, 6)(hindered(each))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        trials = killed(sys.argv[1])(random.Random(1), Path(made))
        print(sys.argv[1], [next(trials) for _ in range(int(sys.argv[2]))])
