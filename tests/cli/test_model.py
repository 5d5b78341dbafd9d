"""`matchmodel model` says which model answers, and why."""

import json

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
    assert found["why"] == why and len(found["checksum"]) == 64
    assert found["model"] == ("synthetic" if why == "newest_here" else "match-2026")
    assert main(["model", *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Model {found['model']}") and found["checksum"] in out
    assert all(len(line) <= 80 for line in out.split("\n"))
