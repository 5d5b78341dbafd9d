"""All or nothing on disk; what is read back is what was written."""

import json
import os

import pandas as pd
import pytest

from matchmodel.errors import MissingTables, RefusedInput, SourceProblems
from matchmodel.etl import read_tidy, run_etl, store, write_tidy
from matchmodel.etl.layouts import LAYOUTS

from .conftest import COUNTS, TOML

TYPE = 'applicant_type = "non-us-img"'


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out put" / "processed"


def test_there_and_back(raw, out):
    written = run_etl(raw.path, out)
    read = read_tidy(out)
    assert read.sources == written.sources and set(read.tables) == set(written.tables) == {
        "counts",
        "quartiles",
    }
    for name, table in written.tables.items():
        pd.testing.assert_frame_equal(read.tables[name], table, check_exact=True)
    assert sorted(path.name for path in out.iterdir()) == ["counts.csv", "quartiles.csv", "sources.json"]


def test_the_same_raw_gives_the_same_bytes(raw, out, tmp_path):
    run_etl(raw.path, out)
    run_etl(raw.path, tmp_path / "again")
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_absent_table_is_empty_with_its_columns(raw, name):
    tidy = raw.alone("a.csv", "correlations" if name != "correlations" else "counts",
                     "Measure A,Measure B,r\nwork,step1,0\n" if name != "correlations" else COUNTS,
                         TYPE).read()  # fmt: skip
    table = tidy.table(name)
    assert table.empty and list(table.columns) == [
        "source_id",
        *(column.name for column in LAYOUTS[name].columns),
    ]
    assert all(str(table[column.name].dtype) == column.dtype for column in LAYOUTS[name].columns)


def test_a_bad_set_writes_nothing(raw, out):
    raw.edit("counts.csv", "215", "x")
    with pytest.raises(SourceProblems):
        run_etl(raw.path, out)
    assert not out.exists()


def test_a_bad_set_leaves_the_former_run(raw, out):
    run_etl(raw.path, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(SourceProblems):
        run_etl(raw.edit("counts.csv", "215", "x").path, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_stale_table_is_removed_and_other_files_stay(raw, out):
    run_etl(raw.path, out)
    (out / "README.md").write_text("kept")
    run_etl(raw.alone("counts.csv", "counts", COUNTS, TYPE).path, out)
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "counts.csv", "sources.json"]
    assert set(read_tidy(out).tables) == {"counts"}


@pytest.mark.parametrize("killed_at", range(4))
@pytest.mark.parametrize("former", [False, True])
def test_a_killed_run_never_began_or_is_whole(raw, out, monkeypatch, killed_at, former):
    """Killed before the new tables are ready the former run stands; later the new one is there to read."""
    if former:
        run_etl(raw.path, out)
    calls = []
    real = os.replace

    def replace(source, target):
        if len(calls) == killed_at:
            raise KeyboardInterrupt
        calls.append(target)
        real(source, target)

    monkeypatch.setattr(store.os, "replace", replace)
    raw.edit("counts.csv", "215", "216").edit("step2_ck.csv", "283", "284")
    with pytest.raises(KeyboardInterrupt):
        run_etl(raw.path, out)
    if former or killed_at:
        assert read_tidy(out).table("counts")["matched"].tolist() == [542, 216 if killed_at else 215]
    else:
        with pytest.raises(MissingTables, match="run `matchmodel etl"):
            read_tidy(out)
    monkeypatch.undo()
    run_etl(raw.path, out)
    assert read_tidy(out).table("counts")["matched"].tolist() == [542, 216]
    assert sorted(path.name for path in out.iterdir()) == ["counts.csv", "quartiles.csv", "sources.json"]


DAMAGE = {
    "no index": (lambda out: (out / "sources.json").unlink(), "has no sources.json"),
    "half an index": (lambda out: (out / "sources.json").write_text("{"), "is damaged"),
    "an index of something else": (lambda out: (out / "sources.json").write_text("[]"), "is damaged"),
    "an index that leads outside": (
        lambda out: (out / "sources.json").write_text(json.dumps({"format": 1, "sources": [],
            "tables": {"../x.csv": ""}})), "is damaged",
    ),
    "a table edited": (lambda out: (out / "counts.csv").write_text("x"),
        "counts.csv is not what the last whole run wrote"),
    "a table gone": (lambda out: (out / "counts.csv").unlink(),
        "counts.csv is not what the last whole run wrote"),
    "a table too many": (lambda out: (out / "rates.csv").write_text("x"),
        "rates.csv is not what the last whole run wrote"),
}  # fmt: skip


@pytest.mark.parametrize("damage, line", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_folder_is_refused(raw, out, damage, line):
    run_etl(raw.path, out)
    damage(out)
    with pytest.raises(MissingTables) as caught:
        read_tidy(out)
    assert (
        line in str(caught.value)
        and "run `matchmodel etl" in str(caught.value)
        and "\n" not in str(caught.value)
    )


def test_raw_tables_are_no_tidy_tables(raw):
    with pytest.raises(MissingTables, match="holds raw sources, not tidy tables; run `matchmodel etl --raw"):
        read_tidy(raw.path)


def test_no_folder_is_refused(tmp_path):
    with pytest.raises(MissingTables, match="is no folder, so it holds no tidy tables; run `matchmodel etl"):
        read_tidy(tmp_path / "nowhere")


def test_tidy_tables_are_not_written_over_raw_ones_or_a_file(raw, tmp_path):
    tidy = raw.read()
    for folder in (raw.path, raw.path / "report"):
        with pytest.raises(RefusedInput, match="holds raw sources; give another folder"):
            write_tidy(tidy, folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedInput, match="is a file; give a folder"):
        write_tidy(tidy, tmp_path / "file")


def test_select_by_role_and_id(raw):
    rates = "Applicant Type,Match Rate Pct\nus-img,52\n"
    raw.add("rates.csv", "rates", rates, source="late", toml=TOML.replace('"training"', '"validation"'))
    tidy = raw.read()
    assert set(tidy.select().sources) == {"late", "report"}
    assert set(tidy.select(role="training").tables) == {"counts", "quartiles"}
    assert set(tidy.select(role="validation").tables) == {"rates"}
    assert (
        set(tidy.select(exclude=["report"]).sources) == {"late"}
        and tidy.select(exclude="late").table("rates").empty
    )
    with pytest.raises(RefusedInput, match="no source 'nobody'; the sources are late, report"):
        tidy.select(exclude=["nobody", "late"])
    with pytest.raises(RefusedInput, match="unknown role 'test'"):
        tidy.select(role="test")
    with pytest.raises(RefusedInput, match="no tidy table 'count'; the tables are counts, quartiles"):
        tidy.table("count")
