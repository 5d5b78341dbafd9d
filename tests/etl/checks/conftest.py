"""Both commands run on a spoilt folder."""

import shutil

import pytest

from matchmodel.cli.main import main
from matchmodel.etl import run_etl

from ..conftest import Raw


def snapshot(*folders):
    return {
        path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
    }


def refused(capsys, *words):
    assert main([*words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "Traceback" not in told.err
    return told.err


@pytest.fixture(scope="session")
def processed(tmp_path_factory):
    """What `etl` wrote when the folder was still sound."""
    folder = tmp_path_factory.mktemp("sound")
    run_etl(Raw(folder / "raw").path, folder / "processed")
    return folder / "processed"


@pytest.fixture
def ended(raw, processed, tmp_path, capsys):
    """Run both commands on the spoilt folder; nothing may be touched."""
    out = shutil.copytree(processed, tmp_path / "processed")

    def end(lines):
        before = snapshot(raw.path, out)
        said = [refused(capsys, "etl", "--raw", str(raw.path), "--out", str(out)), refused(capsys, "check",
            "--raw", str(raw.path)),
                refused(capsys, "check", "--raw", str(raw.path), "--source", "report")]  # fmt: skip
        assert said[0] == said[1] == said[2]
        for line in lines:
            assert any(each.startswith(line) for each in said[0].splitlines()), said[0]
        assert snapshot(raw.path, out) == before

    return end
