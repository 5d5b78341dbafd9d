"""No row counts twice: a table is known again however it is written; its digests tell of no row."""

import csv
import hashlib

import numpy as np
import pytest

from matchmodel import load_model
from matchmodel.own import ONCE
from matchmodel.own.calibrate.command import run_calibrate
from matchmodel.own.rows import read_own
from matchmodel.own.update.command import run_update
from matchmodel.own.used_before import LEAST_PART, LEAST_WHOLE, PARTS, SALT, digests

from ..running import run
from .people import MODEL, YEAR, made_up, outcomes, write

PEOPLE = made_up(400, 300, ("non-us-img", "us-img"))
HITS = outcomes(MODEL, PEOPLE, 300)[1]
OTHERS = made_up(300, 301)


def of(path, people, hits=None, **more):
    """Return the digests of a table of people."""
    matched = [k % 2 > 0 for k in range(len(people))] if hits is None else hits
    return digests(read_own(write(path, people, matched, **more), MODEL))


def reworded(path, out):
    """The same rows, from the last to the first, their columns renamed and in another order."""
    names = {"specialty": "Field", "step2_ck": "USMLE Step 2 CK", "yog": "Grad year", "matched": "Outcome"}
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows = [[names.get(cell, cell) for cell in rows[0]], *rows[:0:-1]]
    with open(out, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row[::-1] for row in rows])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with tables, and a model updated and one calibrated with the first."""
    folder = tmp_path_factory.mktemp("used")
    table = write(folder / "own.csv", PEOPLE, HITS)
    run_update(table, None, folder / "updated.json", signed="CD, 2027-02-01")
    run_calibrate(table, None, folder / "calibrated.json", "intercept")
    write(folder / "more.csv", PEOPLE + OTHERS[:3], [*HITS, True, False, True])
    write(folder / "fewer.csv", PEOPLE[3:], HITS[3:])
    write(folder / "years.csv", PEOPLE + made_up(300, 302, cycle=YEAR - 1), [*HITS, *[True, False] * 150])
    reworded(table, folder / "reworded.csv")
    return folder


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("evaluate updated", "own"),
        ("evaluate calibrated", "reworded"),
        *(("calibrate updated", table) for table in ("own", "reworded", "more", "fewer", "years")),
    ],
)
def test_rows_that_a_model_learnt_from_are_refused(words, table, made, tmp_path, capsys):
    command, model = words.split()
    rows, out = made / f"{table}.csv", tmp_path / "out"
    given = ["--applicants", rows] if command == "evaluate" else [rows]
    status, said, err = run(capsys, command, *given, "--model", made / f"{model}.json", "--out", out)
    assert (status, said) == (2, "") and not out.exists() and len(err.splitlines()) == 1
    assert f"{table}.csv: match-2026-{model} has learnt from these rows or some of them" in err
    assert "with other rows" in err and "no row counts twice" in err


def test_other_rows_are_taken_and_both_tables_known_after(made, tmp_path, capsys):
    other = write(tmp_path / "other.csv", OTHERS, outcomes(MODEL, OTHERS, 301)[1])
    both = tmp_path / "both.json"
    words = ["calibrate", other, "--model", made / "updated.json", "--out", both, "--method", "intercept"]
    words += ["--signed", "AB, 2027-03-01"]
    status, said, _ = run(capsys, *words)
    assert status == 0 and ONCE in " ".join(said.split())
    assert load_model(both).record.signed == "AB, 2027-03-01"
    third = made_up(200, 303)
    fresh = write(tmp_path / "third.csv", third, outcomes(MODEL, third, 303)[1])
    for table, known in ((other, True), (made / "own.csv", True), (fresh, False)):
        words = ["evaluate", "--applicants", table, "--model", both, "--out", tmp_path / "reports"]
        status, said, _ = run(capsys, *words)
        assert status == 2 if known else status == 0 and ONCE in " ".join(said.split())


def test_a_digest_is_scrypt_of_the_rows_texts_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("matchmodel.own.used_before.AT_ONCE", 7)
    people = [a.replace(cycle=None) for a in PEOPLE[:60]] + PEOPLE[:30] * 2  # so some stand there three times
    rows = sorted(
        f"{a.specialty}|{a.applicant_type}|{a.cycle}|{a.step2_ck}|"
        f"{a.years_since_graduation}|{a.usce_months}|{a.visa_needed}|{a.step1_failed}|{a.step2_failed}"
        for a in map(MODEL.resolve, people)
    )
    whole = hashlib.scrypt("\n".join(rows).encode(), salt=SALT, n=2**12, r=8, p=1, dklen=12).hex()
    assert whole in of(tmp_path / "a.csv", people)


def test_it_is_of_who_they_are_alone(tmp_path):
    one = of(tmp_path / "a.csv", PEOPLE, HITS)
    assert of(tmp_path / "b.csv", PEOPLE, ~HITS) == one  # who matched is not in it
    more = {"interviews": [k % 5 + 1 for k in range(400)], "person": range(400)}
    assert of(tmp_path / "c.csv", PEOPLE, [True] * 400, **more) == one
    assert len(set(one)) == len(one) <= 1 + 2 + sum(PARTS)
    assert MODEL.record.own_rows == ()  # of a model that learnt from tables alone


def test_too_few_rows_or_rows_alike_have_no_digest(tmp_path):
    few = PEOPLE[: LEAST_WHOLE - 1]
    assert of(tmp_path / "few.csv", few) == () and of(tmp_path / "alike.csv", few * 30) == ()
    assert len(of(tmp_path / "whole.csv", PEOPLE[: LEAST_PART - 1])) == 1  # no part of so few


@pytest.mark.parametrize(("n", "changed"), [(300, 1), (1200, 7)])
def test_a_table_with_some_rows_changed_is_known_again(n, changed, tmp_path):
    """Of one type and cycle, the hardest case; as many rows more as less. A random half is not known."""
    people = made_up(n + changed, 310)
    known = set(of(tmp_path / "a.csv", people[:n]))
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(n)
        other = [people[k] for k in order[changed:]] + people[n:]
        assert not known.isdisjoint(of(tmp_path / "b.csv", other))
        assert known.isdisjoint(of(tmp_path / "c.csv", [people[k] for k in order[: n // 2]]))
