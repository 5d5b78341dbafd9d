"""Tables over page breaks, several tables on a page, and what else stands on it. Every figure is made up."""

import pytest

from matchmodel.errors import RefusedInput

from ..made import ACROSS, Grid, Style, named

NAMES = [
    "Anesthesiology",
    "Dermatology",
    "Emergency Medicine",
    "Family Medicine",
    "Neurology",
    "Pathology",
    "Pediatrics",
    "Psychiatry",
    "Urology",
    "Physical Medicine and Rehabilitation",
]
ROWS = [[name, f"{1000 + 7 * i:,}", str(30 + i)] for i, name in enumerate(NAMES)]
TOLD = [[name, matched.replace(",", ""), other] for name, matched, other in ROWS]
HEAD = [[("Specialty", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]]
PAIRS = [
    [name if i == 0 else "", cohort, str(50 + k), str(220 + k), "231", "245"]
    for k, name in enumerate(NAMES)
    for i, cohort in enumerate(("Matched", "Not Matched"))
]
PAIRED = [[NAMES[k // 2], *row[1:]] for k, row in enumerate(PAIRS)]
PAIR_HEAD = [
    [("Specialty", 0, 0), ("Cohort", 1, 1), ("n", 2, 2), ("Q1", 3, 3), ("Median", 4, 4), ("Q3", 5, 5)]
]


def printed(report, rows, head, again, cut, texts=1, widths=(180, 80, 80), shift=0.0, title=""):
    """Rows over two pages; the second one's header repeated or not."""
    report.text(60, 60, "Table 4. Made-up applicants", 11)
    report.table(Grid(list(widths), head, rows[:cut], texts), 60, 90)
    report.text(300, 760, "45", 8).turn()
    report.text(60 + shift, 30, "A made-up report, 2026", 7)
    if title:
        report.text(60 + shift, 60, title, 11)
    end = report.table(Grid(list(widths), head, rows[cut:], texts), 60 + shift, 90, head=again)
    report.text(60 + shift, end + 12, "* Fewer than five of 60 applicants.", 7).text(300, 760, "46", 8)


@pytest.mark.parametrize("again", [True, False], ids=["header again", "no header"])
@pytest.mark.parametrize("shift", [0.0, 25.0], ids=["same margin", "other margin"])
@pytest.mark.parametrize("title", ["", "Table 4 (continued)", "Table 4. Made-up applicants, continued"])
@pytest.mark.parametrize("cut", [1, 5, 9])
def test_over_two_pages(paper, read, again, shift, title, cut):
    report = paper()
    printed(report, ROWS, HEAD, again, cut, shift=shift, title=title)
    got = read(report, "counts", "1-2")
    assert (got.rows, got.pages, got.doubts) == (TOLD, [1, 2], [])


@pytest.mark.parametrize("again", [True, False], ids=["header again", "no header"])
@pytest.mark.parametrize("cut", [4, 5, 7], ids=["between pairs", "inside a pair", "inside another"])
def test_a_pair_of_rows_over_the_break(paper, read, again, cut):
    report = paper()
    printed(report, PAIRS, PAIR_HEAD, again, cut, 2, (170, 80, 44, 44, 44, 44))
    assert read(report, "quartiles", "1-2").rows == PAIRED


def test_a_specialty_named_again_after_the_break(paper, read):
    rows = [list(row) for row in PAIRS]
    rows[5][0] = f"{NAMES[2]} (continued)"
    report = paper()
    printed(report, rows, PAIR_HEAD, True, 5, 2, (170, 80, 44, 44, 44, 44))
    assert read(report, "quartiles", "1-2").rows == PAIRED


def test_a_page_between_that_holds_none_of_it(paper, read):
    report = paper()
    report.table(Grid([180, 80, 80], HEAD, ROWS[:5]), 60, 90)
    report.turn().paragraph(60, 90, ["A figure stands here.", "It says 12 of 45."])
    report.turn().table(Grid([180, 80, 80], HEAD, ROWS[5:]), 60, 90)
    got = read(report, "counts", "1-3")
    assert (got.rows, got.pages, got.without) == (TOLD, [1, 3], [2])


@pytest.fixture
def two(paper):
    """Two tables of one layout on a page."""
    report = paper()
    report.text(60, 60, "Table 1. Made-up applicants of one kind", 11)
    end = report.table(Grid([180, 80, 80], HEAD, ROWS[:4]), 60, 90)
    report.text(60, end + 40, "Table 2. Made-up applicants of another kind", 11)
    report.table(Grid([180, 80, 80], HEAD, ROWS[4:]), 60, end + 60)
    return report


@pytest.mark.parametrize("table, wanted", [(1, TOLD[:4]), (2, TOLD[4:])])
def test_two_tables_on_a_page(two, read, table, wanted):
    assert read(two, "counts", table=table).rows == wanted


@pytest.mark.parametrize(
    "table, said",
    [
        (
            None,
            "2 tables on page 1 look like counts: 1 on page 1 under "
            "'Table 1. Made-up applicants of one kind' (4 rows); 2 on",
        ),
        (3, "there is no table 3 on page 1: 1 on page 1"),
        (0, "there is no table 0"),
    ],
)
def test_two_tables_are_not_guessed_between(two, read, table, said):
    with pytest.raises(
        RefusedInput, match="say --table 1 to 2" if table is None else "there is no table"
    ) as caught:
        read(two, "counts", table=table)
    assert str(caught.value).startswith(said) and "\n" not in str(caught.value)


def test_two_tables_of_the_same_specialties_on_two_pages(paper, read):
    report = paper()
    for _ in range(2):
        report.table(Grid([180, 80, 80], HEAD, ROWS), 60, 90)
        report.turn()
    with pytest.raises(RefusedInput, match="2 tables on pages 1 and 2 look like counts"):
        read(report, "counts", "1-2")
    assert read(report, "counts", "2").rows == TOLD


def test_a_table_of_another_layout_below_is_left_alone(paper, read):
    report = paper()
    end = report.table(Grid([180, 80, 80], HEAD, ROWS), 60, 90)
    report.table(Grid([170, 80, 44, 44, 44, 44], PAIR_HEAD, PAIRS, 2), 60, end + 30)
    assert read(report, "counts").rows == TOLD
    assert read(report, "quartiles").rows == PAIRED


def test_prose_notes_and_numbers_round_a_table_are_no_rows(paper, read):
    prose = [
        "In 2026, 1,234 made-up applicants ranked a program; 567 matched and 667 did not match.",
        "Neurology matched 12 of 45 of them, Urology 3 of 4.",
        "The median was 240, the first quartile 230.",
    ]
    report = paper()
    report.text(60, 30, "A made-up report 2026", 7).text(540, 30, "45", 7)
    y = report.paragraph(60, 60, prose)
    end = report.table(Grid([180, 80, 80], HEAD, ROWS), 60, y + 10)
    y = report.paragraph(
        60,
        end + 16,
        [
            "^1 Includes 12 applicants of 2025.",
            "* Fewer than 5.",
            "Note: 45 programs, 60 positions.",
            "Source: made up, 2026.",
        ],
        7,
        9,
    )
    report.paragraph(60, y + 16, prose)
    got = read(report, "counts")
    assert (got.rows, got.doubts) == (TOLD, [])


def test_headings_among_the_rows_are_left_out_and_said(paper, read):
    rows = ["Primary care", *ROWS[:4], "Other specialties", *ROWS[4:]]
    report = paper()
    report.table(Grid([180, 80, 80], HEAD, rows), 60, 90)
    got = read(report, "counts")
    assert got.rows == TOLD
    assert "page 1: 'Other specialties' was taken for no row and left out" in [
        str(doubt) for doubt in got.doubts
    ]


@pytest.mark.parametrize("middle", ["top", "middle", "bottom"])
@pytest.mark.parametrize("rules", ["none", "grid", "levels"])
@pytest.mark.parametrize("gap", [0.5, 4, 10], ids=["rows close", "usual", "rows apart"])
@pytest.mark.parametrize(
    "spelled",
    [
        "Obstetrics and Gynecology",
        "Internal Medicine/ Pediatrics",
        "Internal Medicine/ Pediatrics^a",
        "Interventional Radiology (Integrated)",
    ],
)
def test_wrapped_names(paper, read, middle, rules, gap, spelled):
    rows = [
        ["Neurology", "10", "20"],
        [named(spelled.partition("^")[0], 60) + spelled[len(spelled.partition("^")[0]) :], "1,234", "56"],
        ["Pathology", "30", "40"],
    ]
    report = paper()
    report.table(Grid([75, 80, 80], HEAD, rows, 1, Style(middle=middle, rules=rules, row_gap=gap)), 60, 90)
    wanted = spelled.partition("^")[0].replace("/ ", "/")
    assert read(report, "counts").rows == [
        ["Neurology", "10", "20"],
        [wanted, "1234", "56"],
        ["Pathology", "30", "40"],
    ]


def test_a_name_in_no_list_is_kept_and_said(paper, read):
    report = paper()
    report.table(Grid([180, 80, 80], HEAD, [*ROWS, ["Aerospace Medicine", "3", "4"]]), 60, 90)
    got = read(report, "counts")
    assert got.rows == [*TOLD, ["Aerospace Medicine", "3", "4"]]
    assert [str(doubt) for doubt in got.doubts] == [
        "page 1, Aerospace Medicine, Specialty: is in no list of specialties"
    ]


def test_a_wide_page_of_many_rows(paper, read):
    """Two hundred rows over five pages, in order."""
    report, rows = paper(ACROSS), []
    for page in range(5):
        part = [[NAMES[i], str(page), str(i)] for i in range(9)]
        rows += part
        if page:
            report.turn()
        report.table(Grid([180, 80, 80], HEAD, part), 60, 90)
    with pytest.raises(
        RefusedInput, match="5 tables on pages 1 to 5"
    ):  # the same specialties again: five tables, not one
        read(report, "counts", "1-5")
    assert read(report, "counts", "1-5", table=3).rows == rows[18:27]


@pytest.mark.parametrize("again", [True, False], ids=["header again", "no header"])
@pytest.mark.parametrize(
    "first, rest",
    [
        (("Child Neurology", "Did Not"), ("", "Match")),
        (("Child Neurology", "U.S. IMG"), ("", "did not\nmatch")),
        (("Interventional\nRadiology", "Did Not\nMatch to"), ("(Integrated)", "Preferred\nSpecialty")),
        (("Radiology-", "Unmatched"), ("Diagnostic", "")),
    ],
)
def test_a_label_over_the_break(paper, read, first, rest, again):
    kept = [[name, cohort, *row[2:]] for row, (name, cohort, *_) in zip(PAIRS, PAIRED, strict=True)]
    row = [*first, "40", "221", "231", "245"]
    rows = [*kept[:3], row, [*rest, "", "", "", ""], *kept[4:]]
    report = paper(ACROSS)
    printed(report, rows, PAIR_HEAD, again, 4, 2, (180, 80, 60, 60, 60, 60))
    got = read(report, "quartiles", "1-2")
    name = " ".join(" ".join(part.split("\n")) for part in (first[0], rest[0]) if part).replace("- ", "-")
    assert got.rows == [*PAIRED[:3], [name, "Not Matched", *row[2:]], *PAIRED[4:]]
    assert not got.doubts
