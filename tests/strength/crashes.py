"""Commands that write, killed at any moment, on a full disk, two at once, in a read-only folder.

The old files stay or the new ones are whole, and nothing else is left for longer than until the next run.
`python -m tests.strength.crashes etl 50` kills one command so often.
"""

import itertools
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from matchmodel.cli.main import main
from matchmodel.errors import MatchModelError
from matchmodel.etl.store import read_tidy
from matchmodel.fit.command import run_train
from matchmodel.fit.train import train
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
        self.trained = train(read_tidy(folder / "tidy").select(role="training")) if name == "train" else None
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

    def run(self):
        """Run it here; training is done once, and what it writes of that each time."""
        if not self.trained:
            main([str(word) for word in self.words])
            return
        with patch("matchmodel.fit.command.train", lambda *_, **more: self.trained):
            run_train(self.folder / "tidy", self.outputs[0])

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

    def judge(self, what, swept=False):
        """Say which it is, or that it is a fault; `swept`: a neighbour may be left, until the next run."""
        try:
            names, content = self.found()
        except (MatchModelError, OSError) as error:
            raise Fault(f"{what}: neither old nor new: {error}") from error
        left = [name for name in names if LEFT.search(name)] if swept else []
        if tuple(name for name in names if name not in left) not in self.names:
            raise Fault(f"{what}: left {names}")
        old, new = self.old[1], self.new[1]
        mixed = not self.tidy and all(c in pair for c, *pair in zip(content, old, new, strict=True))
        if content not in (old, new) and not mixed:  # a plan is two files, each of them whole
            raise Fault(f"{what}: neither old nor new")
        if left:
            forked(self, lambda number: None)
            if self.judge(f"{what}, and run again") != "answered":
                raise Fault(f"{what}: the next run writes nothing")
        return "answered" if content == new else "same"


CHANGES = (  # what Python tells of before it is done
    "os.rename",
    "os.link",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
    "os.symlink",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LEFT = re.compile(r"\.[0-9a-f]{8}\.tmp$|^\.etl-")  # a whole file, a folder of tables, on the way to its place
WHOLE = 10  # of so many tries, one is of a run from its start


def forked(case, then):
    """Run the command in a child that has imported all; `then(number)` is called before each of its changes
    to a file or a folder of the case.
    """
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.chdir(case.folder)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        count, ours = 0, (str(case.folder), "/proc/self/fd/")

        def heard(event, args):
            nonlocal count
            if event in CHANGES or (event == "open" and args[2] & WRITES):
                if str(args[0]).startswith(ours) or str(args[-1]).startswith(ours):
                    count += 1
                    then(count)

        sys.addaudithook(heard)
        case.run()
    finally:
        os._exit(0)


def steps(case):
    """How many changes a whole run makes, and how long it takes from the first one."""
    read, write = os.pipe()
    case.reset()
    forked(case, lambda number: os.write(write, b"%f " % time.monotonic()))
    os.close(write)
    with open(read, "rb") as file:
        times = file.read().split()
    return len(times), time.monotonic() - float(times[0])


def killed(name):
    """A kind of fault: a command killed before each of its changes to a file in turn, at any moment from the
    first of them on, and at any moment of a run from its start.
    """

    def trials(rng, folder):
        case = Case(name, folder)
        count, seconds = steps(case)
        order = rng.sample(range(1, count + 1), count)
        for number in itertools.count():
            case.reset()
            if number % WHOLE == WHOLE - 1:
                at = rng.uniform(0, 1.05 * case.seconds)
                run = case.start()
                try:
                    run.wait(at)
                except subprocess.TimeoutExpired:
                    run.send_signal(signal.SIGKILL)
                run.communicate()
                yield case.judge(f"{name} killed after {at:.2f} of {case.seconds:.2f} s", swept=True)
            elif number % 2:
                at = rng.uniform(0.001, 1.05 * seconds)
                forked(case, lambda k, at=at: signal.setitimer(signal.ITIMER_REAL, at) if k == 1 else None)
                yield case.judge(
                    f"{name} killed {at:.3f} of {seconds:.3f} s after its first change", swept=True
                )
            else:
                at = order[number // 2 % count]
                forked(case, lambda k, at=at: k == at and os.kill(os.getpid(), signal.SIGKILL))
                yield case.judge(f"{name} killed before change {at} of {count}", swept=True)

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
