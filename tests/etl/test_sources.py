"""source.toml: what is read, what is refused, and how the refusal reads."""

import os

import pytest

from matchmodel.errors import SourceProblems
from matchmodel.etl import read_raw
from matchmodel.etl.layouts import LAYOUTS

from .conftest import COUNTS, TOML

TABLE = '[[table]]\nfile = "counts.csv"\nlayout = "counts"\napplicant_type = "non-us-img"\n'

SPOILT = {
    "invalid TOML": (TOML + "[[table]\n", "source.toml: cannot be read: "),
    "misspelt key": (TOML.replace("role", "rol") + TABLE,
        "rol: unknown key (expected role, one of title, publisher"),
    "misspelt table key": (TOML + TABLE.replace("file", "fiel"),
        "table 1: fiel: unknown key (expected file, one of"),
    "misspelt table": (TOML + TABLE.replace("[[table]]", "[[tables]]"),
        "tables: unknown key (expected table"),
    "single brackets": (TOML + TABLE.replace("[[table]]", "[table]"),
        "no tables are listed (expected at least one [[table]]"),
    "no tables": (TOML, "no tables are listed"),
    "no title": (TOML.replace('title = "A report"\n', "") + TABLE,
        'title: is missing (expected title = "...")'),
    "blank publisher": (TOML.replace('"A publisher"', '""') + TABLE, "publisher: is missing"),
    "title of another type": (TOML.replace('"A report"', "7") + TABLE, "title: '7' is not a text"),
    "no year": (TOML.replace("year = 2026\n", "") + TABLE, "year: is missing"),
    "year in quotes": (TOML.replace("2026", '"2026"') + TABLE,
        "year: '2026' is no year (expected a year between 1950 and 2100, without quotes)"),
    "year of a table": (TOML + TABLE + "year = 26\n", "table 1: year: '26' is no year"),
    "unknown grade": (TOML.replace('"B"', '"E"') + TABLE, "grade: 'E' is no grade (expected A, B, C or D)"),
    "unknown role": (TOML.replace('"training"', '"test"') + TABLE,
        "role: 'test' is no role (expected training or validation)"),
    "consent in quotes": (TOML.replace("false", '"no"') + TABLE, "consent: 'no' is neither true nor false"),
    "unknown layout": (TOML + TABLE.replace('"counts"', '"count"'),
        "table 1: layout: 'count' is no known layout (expected one of counts, quartiles"),
    "no layout": (TOML + TABLE.replace('layout = "counts"\n', ""),
        "table 1: layout: is missing (expected one of counts"),
    "unknown measure": (TOML + TABLE + 'measure = "step3"\n',
        "table 1: measure: 'step3' is no known measure (expected step2_ck, one of step2_ck, step1"),
    "unknown specialty": (TOML + TABLE + 'specialty = "Neurolgy"\n',
        "table 1: specialty: 'Neurolgy' is no known specialty (expected Neurology"),
    "missing file": (TOML + TABLE.replace("counts.csv", "count.csv"),
        "table 1: file: 'count.csv' is missing"),
    "a folder for a file": (TOML + TABLE.replace("counts.csv", "."), "table 1: file: '.' is missing"),
    "no file": (TOML + TABLE.replace('file = "counts.csv"\n', ""),
        'table 1: file: is missing (expected file = "...")'),
    "file twice": (TOML + TABLE + TABLE.replace("counts.csv", "./counts.csv"),
        "table 2: file: './counts.csv' is listed twice"),
    "file above": (TOML + TABLE.replace("counts.csv", "../other/counts.csv"),
        "'../other/counts.csv' is outside its folder"),
    "file above, backslashes": (TOML + TABLE.replace('"counts.csv"', "'..\\other\\counts.csv'"),
        "is outside its folder"),
    "absolute file": (TOML + TABLE.replace("counts.csv", "/etc/hostname"),
        "'/etc/hostname' is outside its folder"),
    "a file name that no system has": (TOML + TABLE.replace("counts.csv", "a\\u0000b"),
        "is missing (expected a file"),
    "drive letter": (TOML + TABLE.replace("counts.csv", "C:/counts.csv"),
        "'C:/counts.csv' is outside its folder"),
}  # fmt: skip


@pytest.mark.parametrize("toml, line", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_source_is_named(raw, toml, line):
    raw.alone("counts.csv", "counts", COUNTS).add("counts.csv", "counts", COUNTS, source="other").toml(
        TOML + TABLE, "other"
    )
    raw.toml((TOML + TABLE).replace("2026", "2025"), "other")
    problems = raw.toml(toml).problems()
    assert any(problem.startswith("report/source.toml: ") and line in problem for problem in problems), (
        problems
    )


def test_a_link_that_leads_outside_is_refused(raw, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(COUNTS)
    os.symlink(tmp_path / "elsewhere.csv", raw.path / "report" / "linked.csv")
    problems = raw.toml(TOML + TABLE.replace("counts.csv", "linked.csv")).problems()
    assert problems == [
        "report/source.toml: table 1: file: 'linked.csv' is outside its folder (expected a file in the "
        "source's own folder)"
    ]


def test_defaults_of_a_short_source(raw):
    short = (
        TOML.replace('role = "training"\n', "")
        .replace("consent = false\n", "")
        .replace('via = "nobody"\n', "")
    )
    source = raw.toml(short + TABLE).read().sources["report"]
    assert (source.role, source.consent, source.via, source.notes) == ("training", True, "", "")


def test_words_are_matched_loosely(raw):
    loose = TOML.replace('"B"', '"b"').replace('"training"', '"Validation"')
    source = (
        raw.toml("\ufeff" + (loose + TABLE.replace('"counts"', '"Counts "')).replace("\n", "\r\n"))
        .read()
        .sources["report"]
    )
    assert (source.grade, source.role, source.consent) == ("B", "validation", False)


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_found_by_either_spelling(name):
    from matchmodel.etl.layouts import find_layout

    assert find_layout(name) is find_layout(name.replace("_", "-")) is LAYOUTS[name]


def test_the_hash_knows_every_file(raw):
    before = raw.read().sources["report"].sha256
    assert raw.read().sources["report"].sha256 == before
    after = raw.edit("step2_ck.csv", "283", "284").read().sources["report"].sha256
    assert after != before
    assert raw.edit("source.toml", "nobody", "somebody").read().sources["report"].sha256 not in (
        before,
        after,
    )


def test_a_folder_without_its_toml(raw):
    (raw.path / "forgotten").mkdir()
    (raw.path / "forgotten" / "counts.csv").write_text(COUNTS)
    assert raw.problems() == ["forgotten: has no source.toml (expected a source.toml beside its tables)"]


def test_what_is_no_source_is_passed_over(raw):
    (raw.path / "README.md").write_text("about")
    (raw.path / ".ipynb_checkpoints").mkdir()
    (raw.path / "notes").mkdir()
    assert set(raw.read().sources) == {"report"}


@pytest.mark.parametrize(
    "made, fault",
    [("nothing", "there is no such folder"), ("folder", "holds no sources"), ("file", "is not a folder")],
)
def test_no_raw_folder_is_one_teaching_line(tmp_path, made, fault):
    path = tmp_path / "raw"
    if made == "folder":
        path.mkdir()
    if made == "file":
        path.write_text("")
    with pytest.raises(SourceProblems) as caught:
        read_raw(path)
    assert (
        str(caught.value)
        == f"{path}: {fault} (expected a folder with <source-id>/source.toml in it, such as data/raw)"
    )
