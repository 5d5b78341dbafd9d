"""Files written whole or not at all: nobody else reads them meanwhile, modes and links stay."""

import os
import stat

import pytest

from matchmodel import files
from matchmodel.errors import MatchModelError
from matchmodel.files import same_file, whole, write_text


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def usual():
    """The usual mode of a new file is as the process has it."""
    before = os.umask(0o027)
    yield 0o640
    os.umask(before)


def test_private_while_it_is_written_and_of_the_usual_mode_after(tmp_path, usual):
    with whole(tmp_path / "a.csv") as beside:
        beside.write_text("x")
        assert mode(beside) == 0o600 and not (tmp_path / "a.csv").exists()
    assert mode(tmp_path / "a.csv") == usual and os.listdir(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("kept", [0o600, 0o644, 0o664])
def test_a_file_that_is_replaced_keeps_its_mode(kept, tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    path.chmod(kept)
    write_text(path, "new")
    assert (mode(path), path.read_text("utf-8")) == (kept, "new")


def test_what_goes_wrong_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), whole(tmp_path / "a.csv") as beside:
        beside.write_text("x")
        raise KeyError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("named", ["", "no unnamed files", "no locks either"])
def test_every_way_of_writing(tmp_path, monkeypatch, named):
    """Where the system has no files without names, a neighbour is written."""
    if named == "no locks either":
        monkeypatch.setattr(files, "fcntl", None)
    if named:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "a.csv"
    for text in ("one", "two"):
        with whole(path) as beside:
            beside.write_text(text)
            assert (beside.parent == tmp_path) == bool(named) and mode(beside) == 0o600
        assert path.read_text("utf-8") == text and os.listdir(tmp_path) == ["a.csv"]
    with pytest.raises(FileExistsError):
        write_text(path, "three", new=True)
    write_text(tmp_path / "b.csv", "new", new=True)
    assert path.read_text("utf-8") == "two" and sorted(os.listdir(tmp_path)) == ["a.csv", "b.csv"]


def test_what_a_killed_run_left_is_swept_away_and_what_another_writes_is_not(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    dead, else_s = tmp_path / "a.csv.0123abcd.tmp", tmp_path / "a.csv.notes.tmp"
    dead.write_text("half a fi")
    else_s.write_text("mine")
    with whole(tmp_path / "a.csv") as live:
        live.write_text("live")
        write_text(tmp_path / "a.csv", "quicker")
        assert live.exists() and not dead.exists() and else_s.exists()
    assert (tmp_path / "a.csv").read_text("utf-8") == "live"
    assert sorted(os.listdir(tmp_path)) == ["a.csv", "a.csv.notes.tmp"]


def test_what_cannot_be_written_is_said_in_one_line(tmp_path):
    with pytest.raises(MatchModelError, match=r"a\.csv cannot be written: No such file or directory$"):
        write_text(tmp_path / "no" / "a.csv", "x")


def test_one_file_by_two_names(tmp_path):
    (tmp_path / "a").touch()
    os.link(tmp_path / "a", tmp_path / "hard")
    (tmp_path / "soft").symlink_to(tmp_path / "a")
    assert same_file(tmp_path / "a", tmp_path / "hard") and same_file(tmp_path / "soft", tmp_path / "a")
    assert same_file(tmp_path / "no", tmp_path / "." / "no") and not same_file(tmp_path / "a", tmp_path / "b")
