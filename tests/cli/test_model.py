"""`matchmodel model` says which model answers, and why."""

import json
from dataclasses import replace

import pytest

from matchmodel.cli.main import main
from matchmodel.model.file import shipped_path, write_model

from ..model.synthetic import record


def asked(capsys, *words):
    assert main(["model", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("why", ["ships", "newest_here", "asked_for"])
def test_why(why, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    words = []
    if why != "ships":
        write_model(record(), tmp_path / "models" / "match-2026.json")
    if why == "asked_for":
        words = ["--model", shipped_path()]
    found = asked(capsys, *words)
    assert found["signed"] is None and found["why"] == why and len(found["checksum"]) == 64
    assert found["model"] == ("synthetic" if why == "newest_here" else "match-2026")
    assert main(["model", *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Model {found['model']}") and found["checksum"] in out
    assert all(len(line) <= 80 for line in out.split("\n"))


def test_who_made_it_is_under_the_checksum(tmp_path, capsys):
    path = tmp_path / "own.json"
    assert "made by" in shown(capsys, shipped_path()) and "not signed" in shown(capsys, shipped_path())
    write_model(replace(record(), signed="AB, 2027-03-01"), path)
    assert asked(capsys, "--model", str(path))["signed"] == "AB, 2027-03-01"
    assert "AB, 2027-03-01" in shown(capsys, path)
    path.write_bytes(path.read_bytes().replace(b"AB, 2027", b"CD, 2027"))
    assert main(["model", "--model", str(path)]) == 1 and "was changed after" in capsys.readouterr().err


def shown(capsys, path):
    assert main(["model", "--model", str(path)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("text", ["AB", "AB 2027-03-01", "AB, 2027-13-01", ", 2027-03-01", "A\n, 2027-03-01"])
@pytest.mark.parametrize("words", [["train"], ["update", "own.csv"], ["calibrate", "own.csv"]])
def test_what_is_no_signature_is_refused(words, text, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*words, "--signed", text])
    err = capsys.readouterr().err
    assert stop.value.code == 2 and 'it is initials and a date, such as "AB, 2027-03-01"' in err
