"""What is refused cell by cell and table by table, each with the line that says so."""

import pytest

TYPE = 'applicant_type = "non-us-img"'

# what is spoilt, and the whole line that says so
CELLS = {
    "no number": (
        ("step2_ck.csv", "Pediatrics,Matched,422,214,232,240", "Pediatrics,Matched,422,214,232,24l"),
        "report/step2_ck.csv: row 2, column Median: '24l' is not a number"
        " (expected a Step 2 CK between 1 and 300, or blank where suppressed)",
    ),
    "score above the scale": (
        ("step2_ck.csv", "252,283", "252,2830"),
        "report/step2_ck.csv: row 2, column Max: '2830' is above 300 (expected a Step 2 CK between 1 and "
            "300, or blank where suppressed)",
    ),
    "score below the scale": (
        ("step2_ck.csv", "182,209", "182,0"),
        "report/step2_ck.csv: row 3, column Min: '0' is below 1 (expected a Step 2 CK between 1 and 300, or "
            "blank where suppressed)",
    ),
    "negative count": (
        ("counts.csv", "215,298", "-215,298"),
        "report/counts.csv: row 3, column Matched: '-215' is negative (expected a whole number, 0 or more, "
            "or blank where suppressed)",
    ),
    "half a person": (
        ("counts.csv", "215,298", "215.5,298"),
        "report/counts.csv: row 3, column Matched: '215.5' is not a whole number"
        " (expected a whole number, 0 or more, or blank where suppressed)",
    ),
    "percentage of people": (
        ("counts.csv", "215,298", "41.9%,298"),
        "report/counts.csv: row 3, column Matched: '41.9%' is a percentage (expected a whole number, 0 or "
            "more, or blank where suppressed)",
    ),
    "unknown specialty": (
        ("counts.csv", "Neurology", "Neurolgy"),
        "report/counts.csv: row 3, column Specialty: 'Neurolgy' is no known specialty (expected Neurology",
    ),
    "unknown cohort": (
        ("step2_ck.csv", "Neurology,Matched", "Neurology,Perhaps"),
        "report/step2_ck.csv: row 4, column Cohort: 'Perhaps' is no cohort (expected Matched or Not Matched)",
    ),
    "blank specialty": (
        ("counts.csv", "Neurology", ""),
        "report/counts.csv: row 3, column Specialty: '' is blank (expected a specialty)",
    ),
    "missing column": (
        ("counts.csv", "Specialty,Matched,Not Matched", "Specialty,Matched,Positions"),
        "report/counts.csv: row 1, column Not Matched: the column is missing (expected the columns Year, "
            "Applicant Type, Specialty, Matched,"
        " Not Matched, Positions, All Applicants, Page)",
    ),
    "unknown column": (
        ("counts.csv", "Specialty,Matched,Not Matched", "Specialty,Matched,Not Matched,Posts"),
        "report/counts.csv: row 1, column Posts: unknown column (expected one of Year, Applicant Type, "
            "Specialty, Matched",
    ),
    "column twice": (
        ("counts.csv", "Specialty,Matched,Not Matched", "Specialty,Matched,Not Matched,Unmatched"),
        "report/counts.csv: row 1, column Unmatched: says the same as column Not Matched (expected each "
            "column once)",
    ),
    "bare thousands separator": (
        ("counts.csv", "542,249", "3,392,249"),
        "report/counts.csv: row 2: the row has 4 cells (expected 3 cells as in the header; a number with a "
            "thousands separator stands in quotes)",
    ),
    "short row": (
        ("counts.csv", "542,249", "542"),
        "report/counts.csv: row 2: the row has 2 cells (expected 3 cells as in the header)",
    ),
    "open quote": (
        ("counts.csv", "Neurology", '"Neurology'),
        "report/counts.csv: row 3: cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit, line", CELLS.values(), ids=CELLS)
def test_a_spoilt_cell_is_named(raw, edit, line):
    problems = raw.edit(*edit).problems()
    assert any(problem.startswith(line) for problem in problems), problems


TABLES = {
    "rate in percent, called a proportion": (
        "rates", "Year,Applicant Type,Match Rate\n2025,us-img,48.5\n",
        "'48.5' is above 1 (expected a proportion between 0 and 1, or percent in a column called '... Pct')",
    ),
    "rate above 100 percent": ("rates", "Applicant Type,Match Rate Pct\nus-img,148.5\n",
        "'148.5' is above 100"),
    "rate below 0": ("rates", "Applicant Type,Match Rate Pct\nus-img,-1\n", "'-1' is negative"),
    "rate blank": ("rates", "Applicant Type,Match Rate Pct\nus-img,*\n", "'*' is blank"),
    "no year": ("rates", "Year,Applicant Type,Match Rate Pct\n25,us-img,48\n",
        "column Year: '25' is below 1950"),
    "unknown grade": ("rates", "Applicant Type,Match Rate Pct,Grade\nus-img,48,E\n",
        "'E' is no grade (expected A, B, C or D)"),
    "correlation beyond 1": ("correlations", "Measure A,Measure B,r\nwork,step1,-1.2\n",
        "'-1.2' is below -1 (expected a correlation"),
    "standard error zero": ("effects",
        "id,covariate,unit,scale,estimate,se\nx,usce_months,month,dispersion,1,0\n", "'0' is not above 0"),
    "standard error negative": ("effects",
        "id,covariate,unit,scale,estimate,se\nx,usce_months,month,dispersion,1,-0.1\n",
        "'-0.1' is not above 0"),
    "row that does not exist": (
        "effects", "id,covariate,unit,scale,estimate,se,source\nx,usce_months,month,dispersion,1,1,as y\n",
            "column source: 'as y' names no row",
    ),
    "no bin": ("bins",
        "Specialty,Applicant Type,Measure,Bin,Matched,Not Matched\nNeurology,a,step1,5-Jan,1,1\n",
        "'5-Jan' is not a bin"),
    "bin against its bounds": (
        "bins", "Specialty,Applicant Type,Measure,Bin,Low,High,Matched,Not Matched\n"
            "Neurology,a,step1,1-5,1,6,1,1\n",
        "column High: '6' contradicts its bin (expected 5, as the bin 1-5 says)",
    ),
    "unknown measure": (
        "bins", "Specialty,Applicant Type,Measure,Bin,Matched,Not Matched\nNeurology,a,step3,1,1,1\n",
        "'step3' is no known measure (expected step2_ck, one of step2_ck, step1, contiguous_ranks",
    ),
    "type given nowhere": (
        "counts", "Specialty,Matched,Not Matched\nNeurology,1,1\n",
        'Applicant Type: is given nowhere (expected a column Applicant Type, or applicant_type = "..." in '
            'its [[table]])',
    ),
    "visa neither yes nor no": (
        "applicants", "specialty,applicant_type,step2_ck,step1_attempts,step2_attempts,yog,usce_months,"
            "visa_needed,cycle,matched\n"
        "Neurology,us img,,,,,,maybe,2026,yes\n", "'maybe' is neither yes nor no",
    ),
    "no rows": ("counts", "Specialty,Matched,Not Matched\n", "the table has no rows"),
    "only totals": (
        "counts", "Specialty,Applicant Type,Matched,Not Matched\nAll Specialties,a,1,1\n",
            "at least one row that is no total",
    ),
    "nothing": ("counts", "", "the file is empty"),
    "blank": ("counts", "\n\n ,\n", "the file is empty"),
}  # fmt: skip


@pytest.mark.parametrize("layout, text, line", TABLES.values(), ids=TABLES)
def test_a_spoilt_table_is_named(raw, layout, text, line):
    problems = raw.alone("a.csv", layout, text).problems()
    assert len(problems) == 1 and problems[0].startswith("report/a.csv: ") and line in problems[0], problems


def test_all_problems_of_all_files_at_once_in_order(raw):
    raw.edit("counts.csv", "215", "x").edit("step2_ck.csv", "283", "301").edit("step2_ck.csv", "274", "2")
    raw.add("rates.csv", "rates", "Applicant Type,Match Rate Pct\nus-img,x\nus-img,y\n", source="another")
    places = [problem.split(": ")[0] + " " + problem.split(": ")[1] for problem in raw.problems()]
    assert places == [
        "another/rates.csv row 2, column Match Rate Pct",
        "another/rates.csv row 3, column Match Rate Pct",
        "another/rates.csv row 3",
        "report/counts.csv row 3, column Matched",
        "report/step2_ck.csv row 2, column Max",
        "report/step2_ck.csv row 3, column Q3",
        "report/step2_ck.csv row 3, column Mean",
    ]


def test_row_numbers_count_every_line_of_the_file(raw):
    text = 'Specialty,Matched,Not Matched,Notes\n\n\nPediatrics,1,2,"two\nlines"\nNeurology,x,2,\n'
    assert (
        raw.alone("a.csv", "counts", text, TYPE)
        .problems()[0]
        .startswith("report/a.csv: row 6, column Matched: 'x'")
    )
