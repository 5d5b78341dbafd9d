"""Tables of applicants as Parquet files."""

import csv
import os
import random

import pytest

from ..model.synthetic import model_file
from ..running import run

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed: matchmodel[parquet]")
pq = pytest.importorskip("pyarrow.parquet")

COLUMNS = {
    "Specialty": ["IM"] * 7,
    "Type": ["us-img", "non-us-img", "us-img", "non-us-img", "us-img", "us-img", "us-img"],
    "Step 2": [250.0, None, 231.5, 240.0, 222.0, 280.0, 199.0],
    "USCE": [1, 2, None, 4, 5, 6, 7],
    "Need visa?": [False, True, None, True, None, None, None],
    "name": ["=1+1", "b", "c", "d", "e", "f", "g"],
    "target": [None, None, None, None, None, 0.05, None],
}


def test_parquet_and_text_are_the_same_table(tmp_path, capsys, monkeypatch):
    table = pa.table(COLUMNS)
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=2)
    monkeypatch.setattr("matchmodel.batch.chunks.ROWS_AT_ONCE", 3)
    for name in ("out.csv", "out.parquet"):
        status, _, err = run(
            capsys, "score", tmp_path / "in.parquet", tmp_path / name, "--model", model_file()
        )
        assert (status, err) == (0, "")
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.column_names == header and found.select(table.column_names).equals(table)
    answers = [
        ["" if v is None else v for v in found[name].to_pylist()] for name in header[len(COLUMNS) : -1]
    ]
    assert [[float(v) if v else "" for v in row[len(COLUMNS) : -1]] for row in rows] == [
        *map(list, zip(*answers, strict=True))
    ]
    assert found["trust"].to_pylist() == [row[-1] for row in rows] and rows[0][5] == "'=1+1"
    assert (
        run(capsys, "score", tmp_path / "out.csv", tmp_path / "again.parquet", "--model", model_file())[0]
        == 0
    )
    again = pq.read_table(tmp_path / "again.parquet")
    assert again["p_apply"].equals(found["p_apply"]) and again.column_names == header


def test_refused_whole(tmp_path, capsys):
    pq.write_table(pa.table(COLUMNS | {"Step 2": [999.0] * 7}), tmp_path / "in.parquet")
    words = ["score", tmp_path / "in.parquet", tmp_path / "out.parquet", "--model", model_file()]
    status, _, err = run(capsys, *words)
    assert status == 2 and len(err.splitlines()) == 7 and "row 1: Step 2 CK is 999" in err
    (tmp_path / "in.parquet").write_bytes(b"PAR1 not really")
    status, _, err = run(capsys, *words)
    assert status == 2 and "cannot be read as a Parquet file" in err and len(err.splitlines()) == 1
    assert os.listdir(tmp_path) == ["in.parquet"]


def test_bytes_changed(tmp_path, capsys):
    """A damaged part is found out when it is read: one line, or an answer, and never a traceback."""
    path, out, rng = tmp_path / "in.parquet", tmp_path / "out.csv", random.Random(3)
    pq.write_table(pa.table(COLUMNS), path)
    sound = path.read_bytes()
    refused = 0
    for _ in range(150):
        raw = bytearray(sound)
        for _ in range(rng.randrange(1, 4)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
        path.write_bytes(raw[: rng.choice((None, None, rng.randrange(len(raw))))])
        status, _, err = run(capsys, "score", path, out, "--model", model_file())
        assert status == 0 or (status == 2 and all(str(path) in line for line in err.splitlines())), err
        assert out.exists() is not bool(status)
        out.unlink(missing_ok=True)
        refused += status == 2
    assert refused > 100
