"""Tables of applicants that are refused whole, and places where nothing can be written."""

import os

import pytest

from ..model.synthetic import model_file
from ..running import run
from .test_score import score

HEAD = "specialty,applicant_type,step2_ck,visa_needed,note\n"
REFUSED = {  # a table -> its lines on standard error, after the file's name
    "empty": ("", ["is empty; its first line names the columns"]),
    "only blank lines": ("\n\n", ["is empty; its first line names the columns"]),
    "no columns": (
        "name;kind\nIM;us-img\n",
        ["no column has a name that is known; name them, such as specialty,applicant_type,step2_ck"],
    ),
    "the two that are needed": (
        "step2_ck,yog\n240,2020\n",
        ["the columns specialty and applicant_type are missing"],
    ),
    "one meaning twice": (
        "specialty,Specialty,applicant type\nIM,IM,us-img\n",
        ["two columns mean specialty"],
    ),
    "cells": (
        HEAD + "IM,us-img\nIM,us-img,250,,,9\n",
        [
            "row 2 has another number of cells than the header (2, not 5)",
            "row 3 has another number of cells than the header (6, not 5)",
        ],
    ),
    "all of a row's problems": (
        HEAD + "IM,us-img,240,,\nIMM,alien,999,perhaps,\n",
        [
            "row 3: unknown specialty 'IMM'",
            "row 3: unknown applicant type 'alien'",
            "row 3: Step 2 CK is 999;",
            "row 3: visa needed is 'perhaps';",
        ],
    ),
    "together only": (HEAD + "IM,us-img,240,yes,\n", ["row 2: visa needed is yes, but US IMGs"]),
    "both": (
        HEAD + "IM,us-img,0,yes,\n",
        ["row 2: Step 2 CK is 0;", "row 2: visa needed is yes, but US IMGs"],
    ),
    "numbered as a spreadsheet does": (
        HEAD + '\nIM,us-img,,,"two\nlines"\n\nIM,us-img,x,,\n',
        ["row 5: Step 2 CK is 'x', not a number"],
    ),
    "nobody in a row": (
        HEAD + ",,240,,\n",
        ["row 2: the specialty is empty", "row 2: applicant type is empty; say us-img or non-us-img"],
    ),
    "not a number": (
        HEAD + "IM,us-img,inf,,\nIM,us-img,none,,\n",
        ["row 2: Step 2 CK is inf;", "row 3: Step 2 CK is 'none', not a number"],
    ),
    "no table": (
        HEAD + "Urology,us-img,,,\n",
        ["row 2: urology has its own match (AUA)"],
    ),
    "quote left open": (
        HEAD + 'IM,us-img,250,,"open\nIM,us-img,240,,\n',
        ["row 2 cannot be read: unexpected end of data (expected a CSV row, quotes closed)"],
    ),
    "two encodings": (
        HEAD.encode() + b"IM,us-img,250,,caf\xe9 caf\xc3\xa9\n",
        ["mixes UTF-8 with another encoding (first at line 2)"],
    ),
    "a huge cell": (
        HEAD + f"IM,us-img,250,,{'x' * 200_000}\n",
        ["row 2 cannot be read: field larger"],
    ),
    "a huge name": (HEAD + f"{'x' * 100_000},us-img,250,,\n", [f"row 2: unknown specialty '{'x' * 60}...'"]),
    "disagree": (
        "specialty,applicant_type,step2_attempts,step2_failed\nIM,us-img,2,no\n",
        ["row 2: step2_attempts 2 and step2_failed no disagree"],
    ),
    "years disagree": (
        "specialty,applicant_type,yog,years_since_graduation\nIM,us-img,2020,3\n",
        ["row 2: year of graduation 2020 and 3 years since graduation disagree"],
    ),
    "after the cycle": (
        "specialty,applicant_type,yog,cycle\nIM,us-img,2026,2025\nIM,us-img,2028,\n",
        [
            "row 2: year of graduation 2026 is after the cycle 2025",
            "row 3: year of graduation 2028 is after the cycle 2027",
        ],
    ),
    "interviews": (
        "specialty,applicant_type,interviews\nIM,us-img,61\n",
        ["row 2: interviews is 61; it is a whole number between 0 and 60"],
    ),
    "which IMG": ("specialty,applicant_type\nIM,img\n", ["row 2: applicant type 'img' may be either"]),
    "target": (
        "specialty,applicant_type,target\nIM,us-img,1\n",
        ["row 2: target is 1; it is a chance, such as 60% or 0.6"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_whole(name, tmp_path, capsys):
    content, wanted = REFUSED[name]
    status, rows, err = score(tmp_path, capsys, content)
    assert status == 2 and rows is None and os.listdir(tmp_path) == ["in put.csv"]
    found = err.splitlines()
    assert len(found) == len(wanted)
    for line, words in zip(found, wanted, strict=True):
        assert f"in put.csv: {words}" in line or f"in put.csv {words}" in line


def test_a_refusal_leaves_an_older_answer_alone(tmp_path, capsys):
    (tmp_path / "out put.csv").write_text("older\n", encoding="utf-8")
    assert score(tmp_path, capsys, "specialty,applicant_type\nnothing,us-img\n")[:2] == (2, [["older"]])


NOWHERE = {  # where a good table is to be read from or written to -> status, words
    "no table": ("no such.csv", "out.csv", 2, "there is no table no such.csv"),
    "a folder as table": ("folder", "out.csv", 2, "folder cannot be read: Is a directory"),
    "a folder as answer": ("in.csv", "folder", 1, "is not a regular file; name a CSV file to write"),
    "a missing folder": ("in.csv", "missing/out.csv", 1, "missing to write to; make it first"),
    "a device": ("in.csv", "/dev/full", 1, "/dev/full is not a regular file"),
    "a name too long": ("in.csv", "x" * 300, 1, "File name too long"),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_nowhere_to_read_or_write(name, tmp_path, capsys, monkeypatch):
    table, out, wanted, words = NOWHERE[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "in.csv").write_text("specialty,applicant_type\nIM,us-img\n", encoding="utf-8")
    status, said, err = run(capsys, "score", table, out, "--model", model_file())
    assert (
        (status, said) == (wanted, "") and len(err.splitlines()) == 1 and words in err and ".tmp" not in err
    )
    assert sorted(os.listdir(tmp_path)) == ["folder", "in.csv"] and os.listdir("folder") == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder(tmp_path, capsys):
    (tmp_path / "closed").mkdir(mode=0o555)
    status, _, err = score(tmp_path, capsys, "specialty,applicant_type\nIM,us-img\n", out="closed/out.csv")
    assert status == 1 and "cannot be written: Permission denied" in err and len(err.splitlines()) == 1


def test_a_full_disk_leaves_nothing(tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    status, rows, err = score(tmp_path, capsys, "specialty,applicant_type\nIM,us-img\n")
    assert (
        (status, rows) == (1, None)
        and err.endswith("cannot be written: No space left on device\n")
        and os.listdir(tmp_path) == ["in put.csv"]
    )


def test_no_model(tmp_path, capsys):
    status, said, err = run(
        capsys, "score", tmp_path / "in.csv", tmp_path / "out.csv", "--model", tmp_path / "no.json"
    )
    assert (status, said) == (1, "") and "there is no model file" in err and len(err.splitlines()) == 1
