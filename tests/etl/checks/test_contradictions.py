"""Every contradiction has a case, and the sound folder has none."""

import pytest

from matchmodel.etl.checks.contradictions import CHECKS

TYPE = 'applicant_type = "non-us-img"'
NO_REPORT_BINS = "Specialty,Bin,Matched,Not Matched\n"


def test_the_sound_folder_is_sound(raw):
    assert set(raw.read().tables) == {"counts", "quartiles"}


EDITS = {
    "min above q1": ("step2_ck.csv", "214,232", "233,232",
        "row 2, column Min: '233' is above the Q1 (expected at most the Q1, 232)"),
    "q1 above median": ("step2_ck.csv", "232,240,252,283,20,", "241,240,252,283,,",
        "row 2, column Q1: '241' is above the Median"),
    "median above q3": ("step2_ck.csv", "232,240,252", "232,253,252",
        "row 2, column Median: '253' is above the Q3"),
    "q3 above max": ("step2_ck.csv", "252,283", "252,251",
        "row 2, column Q3: '252' is above the Max (expected at most the Max, 251)"),
    "iqr against quartiles": ("step2_ck.csv", "283,20,", "283,22,",
        "column IQR: '22' contradicts the quartiles (expected 20, Q3 less Q1"),
    "mean below min": ("step2_ck.csv", "241,13", "213,13",
        "column Mean: '213' is outside its own range (expected a mean between Min 214"),
    "mean above max": ("step2_ck.csv", "234,13", "275,13", "column Mean: '275' is outside its own range"),
    "one quartile alone": ("step2_ck.csv", "232,240,252", "232,,252",
        "column Median: '' is blank beside the others"),
    "quartiles of nobody": ("step2_ck.csv", "Matched,422", "Matched,0", "column n: '0' has quartiles"),
    "cohort above its count": (
        "step2_ck.csv", "Pediatrics,Matched,422", "Pediatrics,Matched,543",
        "row 2, column n: '543' is more than there were (expected at most 542, the count in "
            "report/counts.csv row 2)",
    ),
    "cohort missing": (
        "step2_ck.csv", "Neurology,Not Matched,200,,,,,,,,\n", "",
        "row 4, column Cohort: 'Matched' stands without its Not Matched row (expected both cohorts of "
            "Neurology; a suppressed one is there",
    ),
    "duplicate row": (
        "counts.csv", "Neurology,215,298\n", "Neurology,215,298\nNeurology,215,298\n",
        "report/counts.csv: row 4: repeats row 3 (2026, non-us-img, Neurology) (expected each row once)",
    ),
    "duplicate under another name": ("counts.csv", "Neurology", "Pediatrics (Categorical)",
        "row 3: repeats row 2"),
    "more than all applicants": (
        "counts.csv", "Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298\n",
        "Matched,Not Matched,All Applicants\nPediatrics,542,249,790\nNeurology,215,298,\n",
        "row 2, column All Applicants: '790' is too few (expected at least 791, matched and not matched)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("file, old, new, line", EDITS.values(), ids=EDITS)
def test_a_contradiction_is_refused(raw, file, old, new, line):
    problems = raw.edit(file, old, new).problems()
    assert len(problems) == 1 and line in problems[0], problems


@pytest.mark.parametrize("iqr", ["19", "20", "21"])
def test_an_iqr_may_be_rounded(raw, iqr):
    table = raw.edit("step2_ck.csv", "283,20,", f"283,{iqr},").read().table("quartiles")
    assert table["iqr"].tolist()[0] == float(iqr)


BINS = {
    "bins that overlap": ("Neurology,1-5,1,1\nNeurology,5-9,1,1\n",
        "row 3, column Bin: '5-9' overlaps another bin (expected bins apart; row 2 has 1-5)"),
    "open bin over a closed one": ("Neurology,4+,1,1\nNeurology,6,1,1\n",
        "column Bin: '6' overlaps another bin"),
    "bins above the count": (
        "Neurology,1-5,200,1\nNeurology,6-9,16,1\n",
        "row 3, column Matched: 'Matched' sums to 216 over its bins (expected bins of Neurology summing to "
            "at most 215, the count in report/counts.csv row 3)",
    ),
    "bin twice": ("Neurology,1–5,1,1\nNeurology,1 - 5,1,1\n",
        "row 3: repeats row 2 (2026, non-us-img, Neurology, step1, 1-5)"),
}  # fmt: skip


@pytest.mark.parametrize("rows, line", BINS.values(), ids=BINS)
def test_bins_that_contradict(raw, rows, line):
    problems = raw.add("bins.csv", "bins", NO_REPORT_BINS + rows, TYPE, 'measure = "step1"').problems()
    assert len(problems) == 1 and problems[0].startswith("report/bins.csv: ") and line in problems[0], (
        problems
    )


def test_bins_as_printed_are_let_pass(raw):
    rows = (
        "Neurology,0,100,98\nNeurology,1-5,100,100\nNeurology,5 or More,15,*\nNeurology,Unknown,0,0\n"
        "Neurology,Total,215,298\nAll,,,\n"
    )
    table = (
        raw.add("bins.csv", "bins", NO_REPORT_BINS + rows, TYPE, 'measure = "Research Experiences"')
        .read()
        .table("bins")
    )
    assert table["bin"].tolist() == ["0", "1-5", "5+", "unknown"]
    assert table["low"].tolist()[:3] == [0, 1, 5] and table["high"].tolist()[:2] == [0, 5]
    assert table["low"].isna().tolist() == [False, False, False, True] and table["high"].isna().tolist() == [
        False,
        False,
        True,
        True,
    ]


TABLES = {
    "more matched than ranked it": (
        "ranked-anywhere", "Specialty,US IMG Ranked It,US IMG Matched,Non US IMG Ranked It,Non US IMG "
            "Matched\nNeurology,5,6,7,8\n",
        ["column US IMG Matched: '6' is more than there were (expected at most 5",
            "column Non US IMG Matched: '8' is more than"],
    ),
    "more matched than active": (
        "rates", "Applicant Type,Match Rate Pct,Active Applicants,Matched PGY1\nus-img,100,10,11\n",
        ["column Matched PGY1: '11' is more than there were",
            "column Match Rate Pct: '100' contradicts its own counts"],
    ),
    "rate against its counts": (
        "rates", "Applicant Type,Match Rate Pct,Active Applicants,Matched PGY1\nus-img,52,10,5\n",
        ["'52' contradicts its own counts (expected 50.0%, which is 5 of 10)"],
    ),
    "year twice": ("rates", "Year,Applicant Type,Match Rate Pct\n2025,us-img,52\n2025,US IMG,53\n",
        ["row 3: repeats row 2 (2025, us-img)"]),
    "correlation turned round": ("correlations", "Measure A,Measure B,r\nwork,step1,0.1\nstep1,work,0.2\n",
        ["row 3: repeats row 2 (step1, work)"]),
    "effect twice": ("effects", "id,covariate,unit,scale,estimate,se\nx,usce_months,month,dispersion,1,1\n"
        "x,usce_months,month,dispersion,1,1\n", ["row 3: repeats row 2 (x)"]),
    "more programs than listed": (
        "invitations", "Specialty,Applicant Type,Invitation Rate,Programs,Programs Listed\n"
            "Neurology,us-img,0.1,5,9\nNeurology,us-img,0.2,5,9\n",
        ["row 3, column Programs: 'Programs' sums to 10 "
        "(expected programs of Neurology summing to at most 9)"],
    ),
    "two numbers of programs": (
        "invitations", "Specialty,Applicant Type,Invitation Rate,Programs,Programs Listed\n"
            "Neurology,us-img,0.1,5,90\nNeurology,us-img,0.2,5,91\n",
        ["row 3, column Programs Listed: '91' differs from the rows above"],
    ),
    "fees that end before they begin": (
        "fees", "Service,From Program,To Program,USD Each,USD Flat\nERAS,31,30,1,\n",
            ["column To Program: '30' ends before it begins"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout, text, lines", TABLES.values(), ids=TABLES)
def test_tables_that_contradict_themselves(raw, layout, text, lines):
    problems = raw.alone("a.csv", layout, text).problems()
    assert len(problems) == len(lines)
    for problem, line in zip(problems, lines, strict=True):
        assert line in problem


def test_the_same_table_in_two_sources_of_a_role_is_one_problem(raw):
    text = "Specialty,Matched,Not Matched\nNeurology,1,2\nPediatrics,3,4\nUrology,5,6\n"
    problems = raw.add("again.csv", "counts", text, TYPE, source="second").problems()
    assert problems == [
        "second/again.csv: row 2: gives the same counts again as report/counts.csv row 3, and 1 more such "
        "rows"
        " (expected one table for each year, applicant type and specialty)"
    ]


OTHERWISE = {
    "another role": ('role = "training"', 'role = "validation"'),
    "another year": ("year = 2026", "year = 2025"),
}


@pytest.mark.parametrize("old, new", OTHERWISE.values(), ids=OTHERWISE)
def test_the_same_table_of_another_role_or_year_is_no_repeat(raw, old, new):
    from ..conftest import TOML

    text = "Specialty,Matched,Not Matched\nNeurology,210,300\n"
    raw.add("again.csv", "counts", text, TYPE, source="second", toml=TOML.replace(old, new))
    assert set(raw.read().table("counts")["source_id"]) == {"report", "second"}


def test_a_misspelt_cell_raises_no_second_complaint(raw):
    problems = raw.edit("step2_ck.csv", "Neurology,Not Matched", "Neurolgy,Not Matched").problems()
    assert len(problems) == 1 and "is no known specialty" in problems[0]


def test_every_check_says_nothing_of_no_tables():
    from matchmodel.etl.checks.contradictions import find_contradictions

    assert len(CHECKS) == len(set(CHECKS)) and find_contradictions({}) == []
