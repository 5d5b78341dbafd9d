"""`matchmodel update` at the command line: what it says, refuses, writes, and keeps to itself."""

import csv
import json
import os
import re

import numpy as np
import pytest
from scipy.special import expit

from matchmodel import load_model
from matchmodel.fit import own_command
from matchmodel.fit.document import write_model
from matchmodel.fit.own_command import out_path

from ..asking import MODEL, run
from ..persons import made_up, outcomes, write

PEOPLE = made_up(400, 160, ("non-us-img", "us-img"), MODEL.newest_table)


def table(path, people=PEOPLE, **more):
    return write(path, people, outcomes(MODEL, people, 160, 0.2, 1.2)[1], **more)


def person_column(path, out, names):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with open(out, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*row, name] for row, name in zip(rows, ["person", *names], strict=True)])
    return out


def test_it_says_what_moved_and_writes_beside_the_model_which_stays(tmp_path, capsys):
    source = tmp_path / "mine.json"
    write_model(MODEL.content, source)
    before = source.read_bytes()
    status, said, err = run(capsys, "update", table(tmp_path / "own.csv"), "--model", source)
    assert status == 0 and source.read_bytes() == before and sorted(os.listdir(tmp_path)) == ["mine-updated.json", "mine.json", "own.csv"]
    content = json.loads((tmp_path / "mine-updated.json").read_text(encoding="utf-8"))
    assert content["name"] == MODEL.name + "-updated" and content["updated"]["from"] == MODEL.name
    assert content["updated"]["n"] == 400 == sum(t["n"] for t in content["updated"]["types"].values())
    assert "400 rows: 0 left out with unknown outcomes, 0 without an interview" in said and "Step 2 CK ever failed 400" in said
    effect = content["covariates"]["usce_months"]["delta"]
    line = next(line for line in said.splitlines() if "months of US clinical experience, 3" in line)
    old = MODEL.content["covariates"]["usce_months"]["delta"]
    assert f"{old['value']:+.3f}" in line and f"{effect['value']:+.3f}" in line and f"{(effect['value'] - old['value']) / old['se']:+.1f}" in line
    assert "% of what is now known of the odds of applicants like these comes from the rows, the rest from match-2026." in said
    assert said.endswith(f"{tmp_path / 'mine-updated.json'}: the updated model; match-2026 is as it was\n")
    assert all(re.fullmatch(r".* \(\d+ s\)", line) for line in err.splitlines())
    same = load_model(tmp_path / "mine-updated.json")
    assert same.content["chain"] == MODEL.content["chain"] and same.content["drift_draws"] == MODEL.content["drift_draws"]


def test_what_is_left_out_repeated_or_without_a_cycle_is_counted(tmp_path, capsys):
    path = tmp_path / "own.csv"
    people = PEOPLE[:60]
    hits = outcomes(MODEL, people, 160)[1]
    write(path, people + people[:2], ["" if k % 10 == 3 else "no" if k % 10 == 5 else "yes" if h else "no" for k, h in enumerate(np.append(hits, hits[:2]))], [0 if k % 10 == 5 else 4 for k in range(60)] + [4, 4])
    status, said, _ = run(capsys, "update", path, "--out", tmp_path / "new.json")
    assert status == 0 and "62 rows: 6 left out with unknown outcomes, 6 without an interview (they ranked nothing); 50 used" in said and "0 with unknown interviews" in said
    assert "2 rows repeat an earlier one in every column" in said and "several rows" not in said
    status, said, _ = run(capsys, "update", person_column(path, tmp_path / "named.csv", [f"Ada {k % 60}" for k in range(62)]), "--out", tmp_path / "named.json")
    assert status == 0 and "2 persons with several rows, 4 in all: each weighs one over their number" in said
    once, _ = tmp_path / "once.csv", write(tmp_path / "once.csv", people, ["" if k % 10 == 3 else "no" if k % 10 == 5 else "yes" if h else "no" for k, h in enumerate(hits)], [0 if k % 10 == 5 else 4 for k in range(60)])
    assert run(capsys, "update", once, "--out", tmp_path / "once.json")[0] == 0
    one, other, apart = (load_model(tmp_path / f"{name}.json") for name in ("once", "named", "new"))
    assert other.delta("usce_months").value == pytest.approx(one.delta("usce_months").value, abs=1e-8) != apart.delta("usce_months").value
    assert "Ada" not in (tmp_path / "named.json").read_text(encoding="utf-8") and "Ada" not in said


def test_refusals_leave_everything_as_it_was(tmp_path, capsys):
    source, rows = tmp_path / "mine.json", table(tmp_path / "own.csv")
    write_model(MODEL.content, source)
    assert run(capsys, "update", rows, "--model", source)[0] == 0
    big = made_up(1500, 161, cycle=MODEL.newest_table)
    assert run(capsys, "calibrate", write(tmp_path / "big.csv", big, outcomes(MODEL, big, 161, 0.2, 0.8)[1]), "--model", source)[0] == 0
    blank = write(tmp_path / "blank.csv", PEOPLE[:3], ["", "", ""])
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    for words, said in (
        ([rows, "--model", source, "--out", source], "is the model before, which is kept"),
        ([rows, "--model", source, "--out", rows], "is the table of applicants"),
        ([rows, "--model", tmp_path / "mine-updated.json"], "match-2026-updated is updated already; put all rows, old and new, into one table and update match-2026 with it"),
        ([rows, "--model", tmp_path / "mine-calibrated.json"], "is calibrated already (non-US IMGs); update the model it was made from"),
        ([blank, "--model", source], "no row has a known outcome of somebody who ranked, of 3; fill in the column matched"),
        ([tmp_path / "nowhere.csv", "--model", source], "nowhere.csv"),
    ):
        status, out, err = run(capsys, "update", *words)
        assert (status, out) == (2, "") and said in err and len(err.splitlines()) == 1, err
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_an_updated_model_can_be_calibrated_after(tmp_path, capsys):
    assert run(capsys, "update", table(tmp_path / "own.csv"), "--out", tmp_path / "new.json")[0] == 0
    big = made_up(1500, 161, cycle=MODEL.newest_table)
    assert run(capsys, "calibrate", write(tmp_path / "big.csv", big, outcomes(MODEL, big, 161, 0.2, 0.8)[1]), "--model", tmp_path / "new.json")[0] == 0


def test_the_default_model_is_written_to_models_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(out_path(None, None, "persons.csv")) == os.path.join("models", "match-2026-updated.json")


def test_a_fit_that_does_not_settle_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("matchmodel.fit.own_update.STEPS", 1)
    status, said, err = run(capsys, "update", table(tmp_path / "own.csv"), "--out", tmp_path / "new.json")
    assert (status, said) == (1, "") and "has not settled after 1 steps, so nothing is written" in err and os.listdir(tmp_path) == ["own.csv"]


def test_no_persons_row_is_in_the_model(tmp_path, capsys):
    """As many numbers in it for 200 persons as for 400; of their predictions no more than chance puts there."""

    def shape(value):
        if isinstance(value, dict):
            return {key: shape(v) for key, v in value.items()}
        if isinstance(value, list):
            return [shape(v) for v in value]
        return len(value.split()) if isinstance(value, str) and re.fullmatch(r"[-\d. e]+", value) else type(value)

    shapes = []
    for n in (200, 400):
        assert run(capsys, "update", table(tmp_path / "own.csv", PEOPLE[:n]), "--out", tmp_path / "new.json")[0] == 0
        text = (tmp_path / "new.json").read_text(encoding="utf-8")
        content = json.loads(text)
        shapes.append(shape({**content["updated"], "cells": {k: {s: c["draws"] for s, c in t["cells"].items()} for k, t in content["types"].items()}}))
        assert set(content) == {*MODEL.content, "updated"} and content["draw_count"] == MODEL.content["draw_count"]
    assert shapes[0] == shapes[1]
    log_odds = outcomes(MODEL, PEOPLE, 160)[0]
    persons = {float(f"{v:.10g}") for x in (log_odds, expit(log_odds)) for v in x}
    # what the new file has of ten digits: points; of the 800 predictions none is among them
    assert not persons & {float(v) for v in re.findall(r"-?\d+\.\d{8,}", text)}
    assert not re.search(r"\d{4}-\d\d-\d\d[T ]", json.dumps(content["updated"]))  # no date either
