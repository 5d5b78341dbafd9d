"""Files written whole or not at all: nobody else reads them meanwhile, modes and links stay."""

import os
import stat

import pytest

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


def test_one_file_by_two_names(tmp_path):
    (tmp_path / "a").touch()
    os.link(tmp_path / "a", tmp_path / "hard")
    (tmp_path / "soft").symlink_to(tmp_path / "a")
    assert same_file(tmp_path / "a", tmp_path / "hard") and same_file(tmp_path / "soft", tmp_path / "a")
    assert same_file(tmp_path / "no", tmp_path / "." / "no") and not same_file(tmp_path / "a", tmp_path / "b")
