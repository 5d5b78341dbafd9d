"""What is odd is listed and must be signed for; a spoilt table is refused or listed, a sound one not."""

import copy
import shutil
from pathlib import Path

import numpy as np
import pytest

from matchmodel.cli.main import main
from matchmodel.errors import SourceProblems
from matchmodel.etl import read_raw
from matchmodel.etl.checks.previous_year import against_earlier
from matchmodel.etl.pipeline import gather

from ..conftest import TOML
from .spoilt import COUNTS, SCORES, SPOIL, next_year, published, write

RAW = Path(__file__).parents[3] / "data" / "raw"
TYPE = 'applicant_type = "non-us-img"'
SIGNED = 'looked_over = "AB, 2027-03-01"\n'
HEADER = "Specialty,Matched,Not Matched\n"


def test_the_tables_of_this_repository_have_nothing_odd():
    assert gather(RAW).odd == ()


@pytest.fixture
def two_years(tmp_path):
    write(tmp_path / "before", published(), 2026)

    def put(tables):
        write(tmp_path / "now", tables, 2027)
        return gather(tmp_path)

    return put


@pytest.mark.parametrize("seed", range(2))
def test_a_sound_table_of_another_year_has_nothing_odd(two_years, seed):
    found = two_years(next_year(published(), np.random.default_rng(1000 + seed)))
    assert found.problems == found.odd == ()


@pytest.mark.parametrize("name", SPOIL)
@pytest.mark.parametrize("file", [COUNTS, SCORES])
def test_a_spoilt_table_is_refused_or_listed(two_years, name, file):
    random = np.random.default_rng(7)
    tables = next_year(published(), random)
    SPOIL[name](tables, random, file)
    found = two_years(tables)
    assert found.problems or found.odd or any(each.moves for each in against_earlier(found, "now"))


@pytest.mark.slow
def test_of_two_hundred_spoilt_tables_none_is_unseen(two_years):
    unseen = []
    for k in range(200):
        random = np.random.default_rng(k)
        sound = next_year(published(), random)
        tables = copy.deepcopy(sound)
        name = list(SPOIL)[k % len(SPOIL)]
        file = (COUNTS, SCORES)[random.integers(2)]
        SPOIL[name](tables, random, file)
        alone = file == COUNTS and random.integers(2) == 1  # no other table of the year to compare with
        found = two_years({COUNTS: tables[COUNTS]} if alone else tables)
        listed = found.problems or found.odd or any(each.moves for each in against_earlier(found, "now"))
        if not listed and tables != sound:
            unseen.append((k, name, file))
    assert unseen == []


def test_last_years_table_handed_in_again_is_listed(two_years):
    lines = [str(problem) for problem in two_years(published()).odd]
    assert any(
        line.startswith("now/counts.csv: 24 of 24 rows have the very figures of 2026") for line in lines
    ), lines


def test_every_specialty_with_its_neighbours_counts(raw):
    """What the shares alone let pass: each row moved by one."""
    rows = {"Pediatrics": "700,300,3000", "Psychiatry": "250,120,2500", "Family Medicine": "660,340,5400",
            "Emergency Medicine": "90,50,3200", "Internal Medicine": "3700,2300,11600"}  # fmt: skip
    header, figures = "Specialty,Matched,Not Matched,Positions\n", list(rows.values())
    table = [header + "".join(f"{n},{f}\n" for n, f in zip(rows, each, strict=True))
             for each in (figures, figures[1:] + figures[:1])]  # fmt: skip
    raw.alone("a.csv", "counts", table[1], TYPE)
    raw.add("a.csv", "counts", table[0], TYPE, source="before", toml=TOML.replace("2026", "2025"))
    lines = [str(problem) for problem in gather(raw.path).odd]
    assert lines[2] == (
        "report/a.csv: row 2: its number of applicants went from 1,000 to 370 since 2025; it is nearest to "
        "Psychiatry of 2025 (expected figures of Pediatrics)"
    )
    assert "in another order than in 2025" in lines[0] and "positions" in lines[1] and len(lines) > 5


def doubtful(raw, toml=TOML):
    """Counts that sum to less than the total that is printed."""
    return raw.alone("a.csv", "counts", HEADER + "Neurology,60,40\nUrology,5,5\nTotal,75,45\n", TYPE).toml(
        (raw.path / "report" / "source.toml").read_text("utf-8").replace(TOML, toml)
    )


def test_what_is_odd_must_be_signed_for(raw, capsys, tmp_path):
    doubtful(raw)
    with pytest.raises(SourceProblems) as caught:
        read_raw(raw.path)
    lines = [str(problem) for problem in caught.value.problems]
    assert lines == [
        "report/a.csv: row 4, column Matched: '75' is more than its rows sum to "
        "(expected 65, the sum of its 2 rows)",
        'report/source.toml: the odd figures above are not signed for (expected looked_over = "initials, '
        'date" once these figures are compared with the report)',
    ]
    assert main(["check", "--raw", str(raw.path)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "1 odd figure. Look it up in the report again:" in said
        and "etl refuses the source until then" in said
    )
    doubtful(raw, SIGNED + TOML)
    assert read_raw(raw.path).sources["report"].looked_over == "AB, 2027-03-01"
    assert main(["check", "--raw", str(raw.path)]) == 0
    assert "Signed for: looked_over = AB, 2027-03-01" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("text", ["yes", "AB", "AB, soon", "AB, 2027-13-01", ", 2027-03-01"])
def test_a_signature_is_initials_and_a_date(raw, text):
    doubtful(raw, f'looked_over = "{text}"\n' + TOML)
    assert any("is no signature (expected initials and a date" in line for line in raw.problems())


# rows below the header -> what is said
TOTALS = {
    "rows above the total": ("Neurology,60,40\nUrology,9,9\nTotal,65,49\n",
        "row 4, column Matched: '65' is less than its rows sum to (expected 69, the sum of its 2 rows)"),
    "a slip of ten": ("Neurology,70,40\nUrology,5,9\nAll Specialties,65,49\n",
        "row 4, column Matched: '65' is less than its rows sum to (expected 75"),
}  # fmt: skip


@pytest.mark.parametrize("rows, line", TOTALS.values(), ids=TOTALS)
def test_rows_above_a_printed_total_are_refused(raw, rows, line):
    assert any(line in problem for problem in raw.alone("a.csv", "counts", HEADER + rows, TYPE).problems())


def test_a_withheld_row_makes_up_for_a_total(raw):
    assert raw.alone("a.csv", "counts", HEADER + "Neurology,60,40\nUrology,,\nTotal,65,45\n", TYPE).read()


# layout, table, what is refused
SIZES = {
    "more than the Match": ("counts", HEADER + "Dermatology,1000000,5\n",
        "is above 100000, more than all who register"),
    "ten to the thirtieth": ("counts", HEADER + f"Dermatology,1{'0' * 30},5\n", "is above 100000"),
    "matched above positions": ("counts", "Specialty,Matched,Not Matched,Positions\nUrology,9,9,8\n",
        "is more than there were (expected at most 8, the positions)"),
    "an error of nothing": ("effects",
        "id,covariate,unit,scale,estimate,se\nx,usce_months,month,dispersion,1,0.0000000001\n",
        "is below 1e-05 (expected a standard error"),
    "a fee": ("fees", f"Service,From Program,To Program,USD Each,USD Flat\nERAS,1,30,1{'0' * 30},\n",
        "is above 10000, more than any fee"),
    "signals": ("signals", f"Specialty,Gold,Silver,Total\nUrology,,,1{'0' * 30}\n", "more than all programs"),
    "applications": ("applications", f"Specialty,Mean Applications\nUrology,1{'0' * 30}\n",
        "more than all programs"),
    "everybody": ("rates", "Applicant Type,Match Rate Pct\nus-img,100\n",
        "is nobody or everybody, without counts"),
    "nobody": ("visa-outcomes", "Applicant Type,Visa Needed,Match Rate Pct\nus-img,yes,0\n",
        "is nobody or everybody, without counts"),
}  # fmt: skip


@pytest.mark.parametrize("layout, text, line", SIZES.values(), ids=SIZES)
def test_an_absurd_size_is_refused(raw, layout, text, line):
    problems = raw.alone("a.csv", layout, text, TYPE).problems()
    assert any(line in problem for problem in problems), problems


def test_cohorts_swapped_and_an_n_of_other_people(tmp_path):
    tables = published()
    for row in tables[SCORES][1:]:
        row[1] = "Not Matched" if row[1] == "Matched" else "Matched"
    shutil.copytree(RAW / "charting-outcomes-2026-non-us-img", tmp_path / "a")
    (tmp_path / "a" / SCORES).write_text("\n".join(",".join(row) for row in tables[SCORES]) + "\n", "utf-8")
    found = gather(tmp_path)
    lines = [str(problem) for problem in (*found.problems, *found.odd)]
    assert any("is below that of those who did not match" in line for line in lines)
    assert any("differs from that of the other measures" in line for line in lines)
