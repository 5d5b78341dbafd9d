"""Processes beside this one."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from matchmodel.processes import beside

SCRIPT = """\
import os, time
from matchmodel.processes import beside
if __name__ == "__main__":
    with beside(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(60)
"""
needs_two = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one processor: there are none")


def alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@needs_two
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no list of processes to look at")
def test_they_end_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    assert alive(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    end = monotonic() + 20
    while alive(worker) and monotonic() < end:
        sleep(0.05)
    assert not alive(worker)


@needs_two
def test_each_is_prepared_first_and_ends_with_the_context():
    with beside(1, os.chdir, "/") as pool:
        assert pool.submit(os.getcwd).result() == "/"
        ((pid, process),) = pool._processes.items()
    process.join(20)
    assert process.exitcode == 0 and pid != os.getpid()


def test_none_is_asked_for():
    with beside(0) as pool:
        assert pool is None
