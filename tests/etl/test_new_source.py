"""`new-source`: what it makes, that every empty table can be filled in and read, and what it refuses."""

import tomllib

import pytest

from matchmodel.cli.main import main
from matchmodel.etl import read_raw
from matchmodel.etl.layouts import COMMENTS, LAYOUTS
from matchmodel.etl.new_source import make_source
from matchmodel.etl.readers.files import match_header, read_cells
from matchmodel.etl.sources import PLACEHOLDER
from matchmodel.etl.templates import TEMPLATES, comment

from .case_tables import PLAIN


def told(capsys, *words):
    status = main(["new-source", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_every_layout_has_a_template():
    assert set(TEMPLATES) == set(LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_template_fits_its_layout(layout):
    read = read_cells("a.csv", f"{comment(layout)}\n{TEMPLATES[layout].header}\n".encode())
    assert read.line == 2 and [str(problem) for problem in read.problems] == [
        "a.csv: is not filled in yet: the table has no rows (expected at least one row below the header)"
    ]
    assert match_header("a.csv", read.header, LAYOUTS[layout], COMMENTS)[1] == []
    assert comment(layout).count("\n") == 0 and comment(layout).startswith(f"# {layout.replace('_', '-')}: ")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_filled_in_it_is_read(tmp_path, layout, capsys):
    """Only the rows and the words FILL IN are touched, as a person would."""
    status, _, _ = told(
        capsys, "trial-2027", "--year", "2027", "--raw", str(tmp_path), "--layout", layout.replace("_", "-")
    )
    folder = tmp_path / "trial-2027"
    assert status == 0 and main(["check", "--raw", str(tmp_path)]) == 2
    refused = capsys.readouterr().err.splitlines()
    assert any("is not filled in yet: the table has no rows" in line for line in refused) and any(
        "source.toml: via: 'FILL IN" in line for line in refused
    )
    toml = folder / "source.toml"
    toml.write_text(toml.read_text().replace(PLACEHOLDER, "made up"))
    (table,) = folder.glob("*.csv")
    header, *rows = PLAIN[layout][1].splitlines()
    template = TEMPLATES[layout].header.split(",")
    assert set(header.split(",")) - set(template) <= {"Season"}
    rows = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    extra = {"Specialty": "Neurology"}  # of a layout whose plain table says it in source.toml
    lines = [",".join(row.get(name, extra.get(name, "")) for name in template) for row in rows]
    table.write_text(table.read_text() + "\n".join(lines) + "\n")
    tidy = read_raw(tmp_path)
    assert len(tidy.table(layout)) == len(rows) and tidy.sources["trial-2027"].year == 2027
    assert main(["check", "--raw", str(tmp_path), "--source", "trial-2027"]) == 0


def test_the_default_tables(tmp_path, capsys):
    status, out, err = told(capsys, "co-2027", "--year", "2027", "--raw", str(tmp_path / "new raw"))
    folder = tmp_path / "new raw" / "co-2027"
    assert (status, err) == (0, "") and sorted(path.name for path in folder.iterdir()) == [
        "counts.csv",
        "source.toml",
        "step2_ck.csv",
    ]
    said = tomllib.loads((folder / "source.toml").read_text())
    assert {name: said[name] for name in ("title", "publisher", "year", "grade", "consent", "role")} == {
        "title": "Charting Outcomes: Non-U.S. IMGs, 2027 Main Residency Match",
            "publisher": "National Resident Matching Program", "year": 2027,
        "grade": "A", "consent": True, "role": "training",
    }  # fmt: skip
    assert said["terms"].startswith("NRMP asks for its consent")
    assert [(table["file"], table["layout"], table.get("measure"),
        table["applicant_type"]) for table in said["table"]] == [
        ("counts.csv", "counts", None, "non-us-img"), ("step2_ck.csv", "quartiles", "step2_ck", "non-us-img"),
    ]  # fmt: skip
    assert (
        f"matchmodel check --raw '{tmp_path / 'new raw'}' --source co-2027" in out and f"made {folder}" in out
    )
    assert list((tmp_path / "new raw").iterdir()) == [folder]  # nothing of the making is left


def test_layouts_with_their_measure(tmp_path):
    _, chosen = make_source(
        "a",
        2027,
        tmp_path,
        ["quartiles:Contiguous Ranks", "bins:step1", "bins", "rates"],
        "U.S. IMGs",
        'A "title"',
    )
    assert [table.file for table in chosen] == [
        "contiguous_ranks.csv",
        "step1_bins.csv",
        "step2_ck_bins.csv",
        "rates.csv",
    ]
    said = tomllib.loads((tmp_path / "a" / "source.toml").read_text())
    assert said["title"] == 'A "title"' and [table.get("applicant_type") for table in said["table"]] == [
        "us-img"
    ] * 3 + [None]


TITLES = {
    (("counts",), "us-img"): "Charting Outcomes: U.S. IMGs, 2027 Main Residency Match",
    (("counts",), "us-senior"): "FILL IN: the report's title",
    (("rates", "ranked-anywhere"), "us-img"): "Results and Data: 2027 Main Residency Match",
    (("counts", "fees"), "us-img"): "FILL IN: the report's title",
}


@pytest.mark.parametrize("layouts, kind, title", [(*asked, title) for asked, title in TITLES.items()])
def test_a_title_is_said_where_it_is_known(tmp_path, layouts, kind, title):
    make_source("a", 2027, tmp_path, layouts, kind)
    assert tomllib.loads((tmp_path / "a" / "source.toml").read_text())["title"] == title


REFUSED = {
    "an id of two words": (
        ["co 2027", "--year", "2027"],
        "'co 2027' is no source id; use letters, digits and hyphens",
    ),
    "an id that leads outside": (["../co", "--year", "2027"], "'../co' is no source id"),
    "an absolute id": (["/tmp/co", "--year", "2027"], "'/tmp/co' is no source id"),
    "an id with dots": (["co.2027", "--year", "2027"], "'co.2027' is no source id"),
    "an id with an underscore": (["co_2027", "--year", "2027"], "'co_2027' is no source id"),
    "an empty id": (["", "--year", "2027"], "'' is no source id"),
    "an id that ends in a hyphen": (["co-", "--year", "2027"], "'co-' is no source id"),
    "an id without end": (["a" * 81, "--year", "2027"], "is no source id"),
    "a letter of another alphabet": (["cо-2027", "--year", "2027"], "is no source id"),
    "a year of two digits": (["co", "--year", "27"], "27 is no year; give the appointment year"),
    "an unknown layout": (
        ["co", "--year", "2027", "--layout", "count"],
        "'count' is no layout; the layouts are counts, quartiles, bins, ranked-anywhere",
    ),
    "an unknown measure": (
        ["co", "--year", "2027", "--layout", "quartiles:step3"],
        "'step3' is no measure; the measures are step2_ck, step1",
    ),
    "a measure of a layout without": (
        ["co", "--year", "2027", "--layout", "counts:step1"],
        "counts:step1: counts has no measure",
    ),
    "a layout twice": (
        ["co", "--year", "2027", "--layout", "quartiles", "quartiles:step2ck"],
        "quartiles:step2ck is asked for twice",
    ),
    "no type": (["co", "--year", "2027", "--applicant-type", "12"], "'12' is no applicant type"),
    "no title": (["co", "--year", "2027", "--title", " "], "is no title"),
    "a title over two lines": (["co", "--year", "2027", "--title", "a\nb"], "is no title"),
}


@pytest.mark.parametrize("words, line", REFUSED.values(), ids=REFUSED)
def test_refused_and_nothing_made(tmp_path, capsys, words, line):
    status, out, err = told(capsys, *words, "--raw", str(tmp_path))
    assert (
        (status, out) == (2, "")
        and line in err
        and err.count("\n") == 1
        and err.startswith("matchmodel new-source: ")
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["folder", "full folder", "file", "dangling link"])
def test_what_is_there_is_never_touched(tmp_path, capsys, there):
    path = tmp_path / "co"
    if there.endswith("folder"):
        path.mkdir()
    if there == "full folder":
        (path / "counts.csv").write_text("mine")
    if there == "file":
        path.write_text("mine")
    if there == "dangling link":
        path.symlink_to(tmp_path / "nowhere")
    status, _, err = told(capsys, "co", "--year", "2027", "--raw", str(tmp_path))
    assert (
        status == 2
        and "already exists, and nothing is overwritten" in err
        and list(tmp_path.iterdir()) == [path]
    )
    assert there != "full folder" or [each.read_text() for each in path.iterdir()] == ["mine"]


def test_a_raw_folder_that_is_none(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert (
        "is a file; give the folder of sources"
        in told(capsys, "co", "--year", "2027", "--raw", str(tmp_path / "file"))[2]
    )
    make_source("co", 2027, tmp_path)
    assert (
        "is itself a source; give the folder of sources"
        in told(capsys, "more", "--year", "2027", "--raw", str(tmp_path / "co"))[2]
    )


def test_a_run_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        make_source("co", 2027, tmp_path)
    assert list(tmp_path.iterdir()) == []
