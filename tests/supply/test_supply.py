"""The lock file, the table of dependencies and the audit."""

import re

import pytest

from matchmodel import __version__

from ..documents.pages import ROOT, cells, read, rows_below
from ..documents.sentences import DEPENDENCIES
from ..documents.tables import DEPENDENCIES_HEADER
from .audit import verdict
from .packages import brought, installed, licence, pinned

LOWEST = dict(
    line.split("==")
    for line in (ROOT / "constraints" / "lowest.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
pytestmark = pytest.mark.skipif(installed("numpy") == LOWEST["numpy"], reason="installed by make test-lowest")
OPEN = re.compile(r"MIT|BSD|Apache|PSF|Python Software Foundation|MPL|Zlib|CC0|ISC|HPND")
BROUGHT = brought()


def table() -> dict[str, list[str]]:
    lines = read(DEPENDENCIES).split("\n")
    begin, end = rows_below(lines, DEPENDENCIES_HEADER)
    return {row[0]: row for row in map(cells, lines[begin:end])}


def test_the_lock_file_has_what_is_installed_and_nothing_else():
    assert set(pinned()) == set(BROUGHT) >= {"numpy", "pandas", "pdfplumber", "matplotlib"}
    assert __version__ and "matchmodel" not in BROUGHT


@pytest.mark.parametrize("package", BROUGHT)
def test_a_package_has_a_row_with_its_licence_an_open_one(package):
    row = table()[package]
    assert row[2] == licence(package) and OPEN.search(row[2])
    assert row[3] == BROUGHT[package]


def test_every_package_had_a_release_within_the_two_years_before_the_table_was_looked_over():
    year, month = map(int, re.search(r"Looked over in (\d{4})-(\d\d)", read(DEPENDENCIES)).groups())
    late = {}
    for name, row in table().items():
        newest = re.fullmatch(r"(\d{4})-(\d\d)", row[4])
        assert newest, name
        late[name] = 12 * (year - int(newest[1])) + month - int(newest[2])
    still = {name for name, months in late.items() if months > 24}
    assert still == set(re.findall(r"^- `([\w.-]+)`", read(DEPENDENCIES), re.M))


@pytest.mark.parametrize("name", LOWEST)
def test_the_lowest_version_is_not_above_the_locked_one(name):
    lowest, locked = ([int(n) for n in re.findall(r"\d+", text)] for text in (LOWEST[name], pinned()[name]))
    assert lowest <= locked


def test_the_audit_fails_for_a_known_vulnerability_and_says_where_it_reached_nothing():
    skipped = {"name": "a", "skip_reason": "not found"}
    fine = {"name": "b", "version": "1", "vulns": []}
    bad = {"name": "c", "version": "2", "vulns": [{"id": "X-1"}, {"id": "X-2"}]}
    assert verdict([skipped]) == (0, ["vulnerabilities: no database was reached; nothing was audited"])
    assert verdict([skipped, fine])[0] == 0
    assert verdict([fine, bad]) == (
        1,
        ["c 2: X-1, X-2", f"vulnerabilities: 2 of {len(pinned())} packages audited"],
    )


def test_this_is_the_environment_of_the_lock_file():
    off = {name: installed(name) for name, version in pinned().items() if installed(name) != version}
    assert not off
