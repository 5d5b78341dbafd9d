"""`matchmodel update` at the command line: what it says, refuses, writes, and keeps to itself."""

import json
import os
import re

import pytest
from scipy.special import expit

from matchmodel import load_model
from matchmodel.model.file import write_model
from matchmodel.own.told import Tally, counts_told, share_told
from matchmodel.own.update.command import out_path

from ...running import run
from ..people import MODEL, made_up, outcomes, write

PEOPLE = made_up(400, 160, ("non-us-img", "us-img"))


def table(path, people=PEOPLE, **more):
    return write(path, people, outcomes(MODEL, people, 160, 0.2, 1.2)[1], **more)


def flat(text):
    """The text in one line, without the marks of lists."""
    return " ".join(text.split())


def effect(model, name="usce_months"):
    return model.record.effects[name].mean


def test_it_says_what_moved_and_writes_beside_the_model_which_stays(tmp_path, capsys):
    source = tmp_path / "mine.json"
    write_model(MODEL.record, source)
    before = source.read_bytes()
    status, said, err = run(capsys, "update", table(tmp_path / "own.csv"), "--model", source)
    assert status == 0 and source.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["mine-updated.json", "mine.json", "own.csv"]
    new = load_model(tmp_path / "mine-updated.json")
    assert new.name == MODEL.name + "-updated" and new.record.updated.details["from"] == MODEL.name
    assert (new.record.updated.n, new.record.updated.matched) == (
        400,
        outcomes(MODEL, PEOPLE, 160, 0.2, 1.2)[1].sum(),
    )
    assert "400 rows: 0 left out with unknown outcomes, 0 without an interview" in flat(said)
    assert "Step 2 CK ever failed 400" in flat(said)
    line = next(line for line in said.splitlines() if line.startswith("  months of US clinical"))
    moved = effect(new).value - effect(MODEL).value
    before, se_before, after, se_after, _, weight = map(float, re.findall(r"[-+]?\d+\.\d+", line))
    assert after - before == pytest.approx(moved, abs=0.0011)
    assert se_after < se_before and 0 < weight < 1 and max(map(len, said.splitlines()[:-1])) <= 80
    share = (
        "% of what is now known of the odds of applicants like these comes from the rows, the rest from "
        "match-2026."
    )
    assert share in flat(said)
    assert "calibrate puts the average of your own applicants into the answers" in flat(said)
    assert said.endswith(f"{tmp_path / 'mine-updated.json'}: the updated model; match-2026 is as it was\n")
    assert all(re.fullmatch(r".* \(\d+ s\)", line) for line in err.splitlines())
    for kind in MODEL.applicant_types:
        for specialty in MODEL.specialties(kind):
            one, other = MODEL.cell(kind, specialty), new.cell(kind, specialty)
            assert (one.chain, one.drift, one.published) == (other.chain, other.drift, other.published)


def test_what_is_left_out_repeated_or_without_a_cycle_is_counted(tmp_path, capsys):
    people, hits = PEOPLE[:60], outcomes(MODEL, PEOPLE[:60], 160)[1]
    matched = [
        "" if k % 10 == 3 else "no" if k % 10 == 5 else "yes" if h else "no" for k, h in enumerate(hits)
    ]
    interviews = [0 if k % 10 == 5 else 4 for k in range(60)]
    twice = people + people[:10], matched + matched[:10], interviews + interviews[:10]
    status, said, _ = run(
        capsys, "update", write(tmp_path / "own.csv", *twice), "--out", tmp_path / "new.json"
    )
    left_out = "70 rows: 7 left out with unknown outcomes, 7 without an interview (they ranked nothing), 0"
    said = flat(said)
    assert status == 0 and left_out in said and "- 56 used, " in said
    assert "10 rows repeat an earlier one in every column" in said and "several rows" not in said
    named = write(tmp_path / "named.csv", *twice, person=[f"Ada {k % 60}" for k in range(70)])
    status, said, _ = run(capsys, "update", named, "--out", tmp_path / "named.json")
    several = "8 people with several rows, 16 in all: each weighs one over their number"
    assert status == 0 and several in flat(said)
    once = write(tmp_path / "once.csv", people, matched, interviews)
    assert run(capsys, "update", once, "--out", tmp_path / "once.json")[0] == 0
    one, other, apart = (load_model(tmp_path / f"{name}.json") for name in ("once", "named", "new"))
    assert (
        effect(other).value == pytest.approx(effect(one).value, abs=1e-7)
        and effect(apart).value != effect(one).value
    )
    assert "Ada" not in (tmp_path / "named.json").read_text(encoding="utf-8") and "Ada" not in said


def test_refusals_leave_everything_as_it_was(tmp_path, capsys):
    source, rows = tmp_path / "mine.json", table(tmp_path / "own.csv")
    write_model(MODEL.record, source)
    assert run(capsys, "update", rows, "--model", source)[0] == 0
    big = made_up(1500, 161)
    own = write(tmp_path / "big.csv", big, outcomes(MODEL, big, 161, 0.2, 0.8)[1])
    assert run(capsys, "calibrate", own, "--model", source)[0] == 0
    blank = write(tmp_path / "blank.csv", PEOPLE[:3], ["", "", ""])
    before = {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)}
    again = (
        "match-2026-updated is updated already; put all rows, old and new, into one table and update "
        "match-2026 with it"
    )
    for words, said in (
        ([rows, "--model", source, "--out", source], "is the model before, which is kept"),
        ([rows, "--model", source, "--out", rows], "is the table of applicants"),
        ([rows, "--model", source, "--out", tmp_path], "is not a regular file"),
        ([rows, "--model", tmp_path / "mine-updated.json"], again),
        (
            [rows, "--model", tmp_path / "mine-calibrated.json"],
            "is calibrated already (non-US IMGs); update the model it was made from",
        ),
        (
            [blank, "--model", source],
            "no row has a known outcome of somebody who ranked; fill in the column matched",
        ),
        ([tmp_path / "nowhere.csv", "--model", source], "nowhere.csv"),
    ):
        status, out, err = run(capsys, "update", *words)
        assert status in (1, 2) and out == "" and said in err and len(err.splitlines()) == 1, err
    assert {name: (tmp_path / name).read_bytes() for name in os.listdir(tmp_path)} == before


def test_an_updated_model_is_calibrated_with_other_rows_and_not_with_the_same(tmp_path, capsys):
    """The counts of the update go then: those of the two tables may differ by a few."""
    people = made_up(1500, 161) + made_up(30, 5, ("us-img",))
    own = write(tmp_path / "own.csv", people, outcomes(MODEL, people, 161, 0.2, 0.8)[1])
    new, both = tmp_path / "new.json", tmp_path / "both.json"
    assert run(capsys, "update", own, "--out", new)[0] == 0
    assert load_model(new).record.updated.n == 1530
    status, said, err = run(capsys, "calibrate", own, "--model", new, "--out", both)
    assert (status, said) == (2, "") and not both.exists()
    instead = "no row counts twice: calibrate match-2026-updated with other rows\n"
    assert err.endswith(instead) and len(err.splitlines()) == 1
    others = made_up(1500, 162)
    other = write(tmp_path / "other.csv", others, outcomes(MODEL, others, 162, 0.2, 0.8)[1])
    assert run(capsys, "calibrate", other, "--model", new, "--out", both)[0] == 0
    found = load_model(both).record
    assert found.types["non-us-img"].calibration.n == 1500
    assert (found.updated.n, found.updated.matched) == (None, None)
    assert found.name.endswith("-updated-calibrated")


SMALL = {(40, 4): None, (4, 4): None, (40, 37): None, (40, 5): (40, 5), (10, 5): (10, 5), (0, 0): None}


@pytest.mark.parametrize("counts", SMALL)
def test_counts_of_fewer_than_five_are_in_no_file(counts, tmp_path, capsys):
    assert counts_told(*counts) == (SMALL[counts] or (None, None))
    n, matched = counts
    if not n:
        return
    own = write(tmp_path / "own.csv", made_up(n, 163), [k < matched for k in range(n)])
    status, said, _ = run(capsys, "update", own, "--out", tmp_path / "new.json")
    found = load_model(tmp_path / "new.json").record.updated
    assert status == 0 and (found.n, found.matched) == (SMALL[counts] or (None, None))
    assert len(found.shifts) == (SMALL[counts] is not None)  # your own level
    assert ("too few non-US IMGs to say" in flat(said)) == (SMALL[counts] is None)
    answer = run(
        capsys,
        "predict",
        "--specialty",
        "IM",
        "--applicant-type",
        "non-us-img",
        "--model",
        tmp_path / "new.json",
        "--details",
    )
    assert answer[0] == 0 and "of your own" in " ".join(answer[1].split())


def test_a_part_that_is_hidden_is_in_no_sum():
    tally = Tally({"a": (5, 9), "b": (0, 0), "c": (7, 3), "withheld": (0, 6)})
    assert (tally.told("a"), tally.told("b"), tally.told("none"), tally.told("withheld")) == (14, 0, 0, 6)
    assert tally.told("c") is tally.told("a", "c") is tally.told() is None and tally.used() == (None, None)
    assert Tally({"a": (5, 9), "unknown outcome": (0, 6)}).used() == (14, 5)
    assert [share_told(n, 10) for n in (0, 3, 5, 6, 10)] == [0, None, 5, None, 10]
    assert share_told(5, None) is None


def test_the_default_model_is_written_to_models_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(out_path(None, None, "own.csv")) == os.path.join("models", "match-2026-updated.json")


def test_a_fit_that_does_not_settle_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("matchmodel.own.update.posterior.STEPS", 1)
    status, said, err = run(capsys, "update", table(tmp_path / "own.csv"), "--out", tmp_path / "new.json")
    assert (status, said) == (1, "") and "has not settled after 1 steps, so nothing is written" in err
    assert os.listdir(tmp_path) == ["own.csv"]


def shape(value):
    """What kinds of values there are, and how many draws."""
    if isinstance(value, dict):
        return {key: shape(v) for key, v in value.items()}
    if isinstance(value, list):
        return [shape(v) for v in value]
    return len(value.split()) if isinstance(value, str) and re.fullmatch(r"[-\d. e]+", value) else type(value)


def test_no_row_is_in_the_model(tmp_path, capsys):
    """As many numbers for 200 applicants as for 400; of their predictions no more than by chance."""
    shapes = []
    for n in (200, 400):
        own = table(tmp_path / "own.csv", PEOPLE[:n])
        assert run(capsys, "update", own, "--out", tmp_path / "new.json")[0] == 0
        text = (tmp_path / "new.json").read_text(encoding="utf-8")
        content = json.loads(text)
        cells = {
            k: {s: shape(c["level"]["draws"]) for s, c in t["cells"].items()}
            for k, t in content["types"].items()
        }
        shapes.append((shape(content["updated"]), cells, content["draw_count"]))
    assert shapes[0] == shapes[1]
    log_odds = outcomes(MODEL, PEOPLE, 160)[0]
    own = {float(f"{v:.8g}") for x in (log_odds, expit(log_odds)) for v in x}
    # what the new file has of eight digits: points; of the 800 predictions none is among them
    # (draws have six digits, so that a prediction that ends in zeros may meet one by chance)
    points = {float(v) for v in re.findall(r"-?\d+\.\d{7,}", text) if len(re.sub(r"^[-0.]+|\.", "", v)) > 6}
    assert len(points) > 300 and not own & points
    assert not re.search(r"\d{4}-\d\d-\d\d[T ]", json.dumps(content["updated"]))  # no date either
    assert set(content["updated"]) == {"n", "matched", "details", "shifts"}
    assert len(content["updated"]["shifts"]) == 2  # your own levels of the two types
