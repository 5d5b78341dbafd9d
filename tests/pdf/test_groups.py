"""Groups of columns or rows with one set of names: chosen, or refused with all of them named."""

import pytest

from matchmodel.errors import RefusedInput
from matchmodel.pdf import read_pdf
from matchmodel.pdf.body.labels import measure_of
from matchmodel.pdf.groups import ANY, Choice, type_of

from .made import ACROSS, Grid, Report, Style, leaves

TWO = ["Matched", "Not Matched"]
NAMES = ["Neurology", "Pediatrics", "Urology", "Internal Medicine"]
FIGURES = [[str(100 * i + j) for j in (11, 22, 33, 44)] for i, _ in enumerate(NAMES, start=1)]
TYPES, YEARS, OTHERS = ("Non-U.S. IMGs", "U.S. IMGs"), ("2027", "2026"), ("Cohort A", "Cohort B")
MEASURES = ("USMLE Step 2 CK", "Contiguous ranks")


def counts(path, above):
    """Matched and Not Matched twice, under two words."""
    head = [[(above[0], 1, 2), (above[1], 3, 4)], [("Specialty", 0, 0), *leaves(TWO * 2)]]
    rows = [[name, *cells] for name, cells in zip(NAMES, FIGURES, strict=True)]
    report = Report(path, ACROSS)
    report.table(Grid([150, 80, 80, 80, 80], head, rows), 60, 90)
    return report.save()


def below(path):
    """Years under Matched and Not Matched."""
    head = [[("Matched", 1, 2), ("Not Matched", 3, 4)], [("Specialty", 0, 0), *leaves(YEARS * 2)]]
    rows = [[name, *cells] for name, cells in zip(NAMES, FIGURES, strict=True)]
    report = Report(path, ACROSS)
    report.table(Grid([150, 80, 80, 80, 80], head, rows), 60, 90)
    return report.save()


@pytest.mark.parametrize(
    "above, which, at",
    [
        (TYPES, Choice(applicant_type="non-us-img"), 0),
        (TYPES, Choice(applicant_type="us-img"), 1),
        (TYPES, Choice(applicant_type="U.S. IMGs"), 1),
        (YEARS, Choice(year="2027"), 0),
        (YEARS, Choice(year="2026"), 1),
        (OTHERS, Choice(measure="cohort b"), 1),
    ],
)
def test_the_group_that_is_asked_for_is_read(tmp_path, above, which, at):
    got = read_pdf(counts(tmp_path / "report.pdf", above), "1", "counts", which=which)
    assert got.rows == [
        [name, *cells[2 * at : 2 * at + 2]] for name, cells in zip(NAMES, FIGURES, strict=True)
    ]
    assert got.doubts == []
    assert got.unused == [f"{above[1 - at]} {name}" for name in TWO]


@pytest.mark.parametrize("year, at", [("2027", 0), ("2026", 1)])
def test_years_under_the_cohorts(tmp_path, year, at):
    got = read_pdf(below(tmp_path / "report.pdf"), "1", "counts", which=Choice(year=year))
    assert got.rows == [[name, cells[at], cells[at + 2]] for name, cells in zip(NAMES, FIGURES, strict=True)]
    with pytest.raises(RefusedInput, match="'2027', '2026'"):
        read_pdf(tmp_path / "report.pdf", "1", "counts")


@pytest.mark.parametrize(
    "above, which",
    [(TYPES, ANY), (YEARS, ANY), (OTHERS, ANY), (YEARS, Choice(year="2025")), (YEARS, Choice("us-img"))],
)
def test_none_or_another_is_refused_with_the_groups(tmp_path, above, which):
    with pytest.raises(RefusedInput) as refused:
        read_pdf(counts(tmp_path / "report.pdf", above), "1", "counts", which=which)
    assert all(f"'{word}'" in str(refused.value) for word in above)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("measure, at", [("step2_ck", 0), ("contiguous_ranks", 1)])
def test_two_measures_with_both_cohorts_under_each(tmp_path, measure, at):
    stats = ["n", "Q1", "Median", "Q3"]
    head = [
        [(MEASURES[0], 1, 8), (MEASURES[1], 9, 16)],
        [(TWO[i % 2], 4 * i + 1, 4 * i + 4) for i in range(4)],
        [("Specialty", 0, 0), *leaves(stats * 4)],
    ]
    cells = [[str(9 + 16 * i + j) for j in range(16)] for i, _ in enumerate(NAMES)]
    report = Report(tmp_path / "report.pdf", (900, 612))
    report.table(Grid([130] + [44] * 16, head, [[n, *c] for n, c in zip(NAMES, cells, strict=True)]), 30, 90)
    got = read_pdf(report.save(), "1", "quartiles", which=Choice(measure=measure))
    assert got.rows == [
        [name, cohort, *row[8 * at + 4 * j : 8 * at + 4 * j + 4]]
        for name, row in zip(NAMES, cells, strict=True)
        for j, cohort in enumerate(TWO)
    ]


def test_a_choice_where_there_is_nothing_to_choose_is_refused(tmp_path):
    report = Report(tmp_path / "report.pdf", ACROSS)
    rows = [[name, *cells[:2]] for name, cells in zip(NAMES, FIGURES, strict=True)]
    report.table(Grid([150, 80, 80], [[("Specialty", 0, 0), *leaves(TWO)]], rows), 60, 90)
    with pytest.raises(RefusedInput, match="no groups for --year 2027"):
        read_pdf(report.save(), "1", "counts", which=Choice(year="2027"))


def test_words_of_reports():
    assert measure_of("Mean USMLE Step 2 CK score") == measure_of("Step 2 CK") == "step2_ck"
    assert measure_of("Mean number of contiguous ranks") == "contiguous_ranks"
    assert measure_of("Favourite colour") == ""
    assert type_of("Non-U.S. Citizen IMGs 2027") == "non-us-img"


def test_a_page_per_specialty_with_measures_as_rows(tmp_path):
    head = [[("Measure", 0, 0), ("Outcome", 1, 1), *leaves(["n", "Q1", "Median", "Q3"], 2)]]
    report = Report(tmp_path / "report.pdf", ACROSS)
    rows = [
        [name if i == 0 else "", TWO[i], "40", *cells]
        for name, pair in (("USMLE Step 2 CK score", ["240", "230"]), ("Contiguous ranks", ["9", "3"]))
        for i, cells in enumerate([[str(int(q) - 2), q, str(int(q) + 2)] for q in pair])
    ]
    for name in NAMES[:2]:
        report.text(60, 60, name, 14)
        report.table(Grid([150, 90, 50, 50, 50, 50], head, rows, 2), 60, 80)
        report.turn()
    path = report.save()
    got = read_pdf(path, "1-2", "quartiles", which=Choice(measure="contiguous_ranks"))
    assert got.rows == [[name, *rows[i][1:]] for name in NAMES[:2] for i in (2, 3)]
    with pytest.raises(RefusedInput, match="'USMLE Step 2 CK score', 'Contiguous ranks'"):
        read_pdf(path, "1-2", "quartiles")


@pytest.mark.parametrize(
    "types, ends",
    [
        (TYPES, (" Matched", " Not Matched")),
        (TYPES, ("\nMatched", "\nUnmatched")),
        (TYPES, (" who matched", " who did not match")),
        (("Non-\nU.S. IMGs", "\nU.S. IMGs"), (" Matched", " Not Matched")),
    ],
)
@pytest.mark.parametrize("which, at", [("non-us-img", 0), ("us-img", 2)])
def test_a_type_and_a_cohort_in_one_header(tmp_path, types, ends, which, at):
    lines = zip(*(f"{name}{end}".split("\n") for name in types for end in ends), strict=True)
    head = [[cell for cell in leaves(line) if cell[0]] for line in lines]
    rows = [[name, *cells] for name, cells in zip(NAMES, FIGURES, strict=True)]
    report = Report(tmp_path / "report.pdf", ACROSS)
    head = [*head[:-1], [("Specialty", 0, 0), *head[-1]]]
    report.table(Grid([150] + [130] * 4, head, rows, style=Style(size=7)), 40, 90)
    got = read_pdf(report.save(), "1", "counts", which=Choice(applicant_type=which))
    assert got.rows == [[name, *cells[at : at + 2]] for name, cells in zip(NAMES, FIGURES, strict=True)]
