"""The ways in which reports print these tables, each read exactly. Every figure is made up."""

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from matchmodel.errors import RefusedInput
from matchmodel.pdf import read_pdf
from matchmodel.pdf.groups import Choice

from ..made import ACROSS, UPRIGHT, Grid, Report, Style, leaves, named

SPECIALTY, STATS = ("Specialty", 0, 0), ["n", "Q1", "Median", "Q3"]
PEDIATRICS = [["422", "232", "240", "252"], ["182", "224", "233", "245"]]
REHAB = [["1,120", "235", "245", "255"], ["98", "221", "230", "241"]]
NUCLEAR = [["3", "", "", ""], ["2", "", "", ""]]
PRINTED = [
    ("Pediatrics", PEDIATRICS),
    ("Physical Medicine and Rehabilitation", REHAB),
    ("Nuclear Medicine", NUCLEAR),
]
TOLD = [
    [name, cohort, *(cell.replace(",", "") for cell in cells)]
    for name, pair in PRINTED
    for cohort, cells in zip(("Matched", "Not Matched"), pair, strict=True)
]
QUARTILES = ["Specialty", "Cohort", *STATS]
COUNTS = [
    ["Pediatrics", "542", "249"],
    ["Neurology", "1,215", "298"],
    ["Urology", "12", "–"],
    ["All Specialties", "1,769", "547"],
]
COUNTED = [
    ["Pediatrics", "542", "249"],
    ["Neurology", "1215", "298"],
    ["Urology", "12", ""],
    ["All Specialties", "1769", "547"],
]


def side(style, width=110):
    """Both cohorts side by side."""
    rows = [[named(name, width - 10, style.font, style.size), *pair[0], *pair[1]] for name, pair in PRINTED]
    return Grid(
        [width] + [44] * 8,
        [[("Matched", 1, 4), ("Not Matched", 5, 8)], [SPECIALTY, *leaves(STATS * 2)]],
        rows,
        1,
        style,
    )


STYLES = {
    "plain": Style(),
    "ruled": Style(rules="grid"),
    "horizontal rules": Style(rules="levels"),
    "vertical rules": Style(rules="uprights"),
    "centred": Style(align="center"),
    "left": Style(align="left", head_align="left"),
    "right under left heads": Style(align="right", head_align="left"),
    "figures beside the middle of a wrapped name": Style(middle="middle"),
    "figures beside its last line": Style(middle="bottom"),
    "Times, small": Style(font="Times-Roman", size=6.5, row_gap=2),
    "Courier": Style(font="Courier", size=7),
    "large and airy": Style(size=11, row_gap=12, leading=1.3),
    "tight": Style(size=8, row_gap=0.5, leading=1.0, padding=1),
}


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("size", [UPRIGHT, ACROSS], ids=["portrait", "landscape"])
def test_cohorts_side_by_side(paper, read, name, size):
    report = paper(size)
    report.text(60, 50, "Table 2. Step 2 CK of applicants, made up", 12).paragraph(
        60, 70, ["Of 1,234 made-up applicants, 567 matched in 2026.", "Not one is real."]
    )
    end = report.table(side(STYLES[name]), 60, 100)
    report.text(60, end + 15, "^a Includes 3 applicants of 2025.", 7).text(
        60, end + 25, "Note: 12 programs, 45 positions.", 7
    ).text(300, size[1] - 30, "45", 8)
    got = read(report, "quartiles")
    assert (got.header, got.rows) == (QUARTILES, TOLD)
    assert got.doubts == []


HEADS = {
    "one line, the ETL's names": ["n", "Q1", "Median", "Q3"],
    "percentiles on two lines": ["n", "25th\nPercentile", "Median", "75th\nPercentile"],
    "words": ["Number of\nApplicants", "Lower\nQuartile", "Median", "Upper\nQuartile"],
    "capitals and dots": ["NO.", "Q1", "MEDIAN", "Q3"],
    "marks": ["n^1", "Q1*", "Median^a", "Q3"],
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("top", [True, False], ids=["set high", "set low"])
def test_headers_over_several_lines(paper, read, name, top):
    words = [text.split("\n") for text in ["Specialty", *HEADS[name] * 2]]
    deep = max(map(len, words))
    head = [
        [
            (w[i if top else i - deep + len(w)], c, c)
            for c, w in enumerate(words)
            if 0 <= (i if top else i - deep + len(w)) < len(w)
        ]
        for i in range(deep)
    ]
    report, grid = paper(ACROSS), side(Style())
    report.table(Grid([110] + [60] * 8, [grid.head[0], *head], grid.rows, 1, Style()), 40, 80)
    assert read(report, "quartiles").rows == TOLD


def each(name, pair, words):
    return [[name, words[0], *pair[0]], [name, words[1], *pair[1]]]


def once(name, pair, words):
    return [[name, words[0], *pair[0]], ["", words[1], *pair[1]]]


@pytest.mark.parametrize("way", [each, once])
@pytest.mark.parametrize(
    "words",
    [("Matched", "Not Matched"), ("MATCHED", "UNMATCHED"), ("Matched", "Did Not Match")],
    ids=" / ".join,
)
@pytest.mark.parametrize("width", [200, 105], ids=["wide", "wrapped"])
def test_cohorts_in_pairs_of_rows(paper, read, way, words, width):
    rows = [row for name, pair in PRINTED for row in way(named(name, width - 10), pair, words)]
    report = paper()
    report.table(
        Grid([width, 80] + [44] * 4, [[SPECIALTY, ("Cohort", 1, 1), *leaves(STATS, 2)]], rows, 2), 60, 90
    )
    assert read(report, "quartiles").rows == TOLD


def test_a_specialty_as_a_title_over_its_pair(paper, read):
    rows = [row for name, pair in PRINTED for row in (name, ["Matched", *pair[0]], ["Not Matched", *pair[1]])]
    report = paper()
    report.table(Grid([120] + [44] * 4, [[SPECIALTY, *leaves(STATS)]], rows), 60, 90)
    assert read(report, "quartiles").rows == TOLD


def test_a_specialty_set_between_its_two_rows(paper, read):
    report = paper()
    report.table(
        Grid([150, 80] + [44] * 4, [[SPECIALTY, ("Cohort", 1, 1), *leaves(STATS, 2)]], [], 2), 60, 90
    )
    y = 120
    for name, pair in PRINTED:
        for i, (cohort, cells) in enumerate(zip(("Matched", "Not Matched"), pair, strict=True)):
            report.text(214, y + 12 * i, cohort)
            for k, cell in enumerate(cells):
                report.text(330 + 44 * k, y + 12 * i, cell, align="right")
        report.text(64, y + 6, name)
        y += 30
    assert read(report, "quartiles").rows == TOLD


def test_a_section_for_each_cohort(paper, read):
    rows = [
        "Matched",
        *([name, *pair[0]] for name, pair in PRINTED),
        "Not Matched",
        *([name, *pair[1]] for name, pair in PRINTED),
    ]
    report = paper()
    report.table(Grid([180] + [44] * 4, [[SPECIALTY, *leaves(STATS)]], rows), 60, 90)
    assert read(report, "quartiles").rows == TOLD[::2] + TOLD[1::2]


def test_a_table_for_each_cohort(paper, read):
    report, y = paper(), 90
    for i in range(2):
        report.text(60, y - 10, f"Applicants who {'matched' if i == 0 else 'did not match'}", 11)
        y = 40 + report.table(
            Grid(
                [180] + [44] * 4, [[SPECIALTY, *leaves(STATS)]], [[name, *pair[i]] for name, pair in PRINTED]
            ),
            60,
            y,
        )
    assert read(report, "quartiles").rows == TOLD[::2] + TOLD[1::2]


def test_statistics_above_and_cohorts_below(paper, read):
    head = [
        [(name, 1 + 2 * i, 2 + 2 * i) for i, name in enumerate(STATS)],
        [SPECIALTY, *leaves(["Matched", "Unmatched"] * 4)],
    ]
    rows = [[name, *(cell for both in zip(*pair, strict=True) for cell in both)] for name, pair in PRINTED]
    report = paper(ACROSS)
    report.table(Grid([170] + [60] * 8, head, rows), 40, 90)
    assert read(report, "quartiles").rows == TOLD


def test_each_half_of_the_page_with_its_own_specialties(paper, read):
    head = [
        [("Matched", 1, 4), ("Not Matched", 6, 9)],
        [SPECIALTY, *leaves(STATS), ("Specialty", 5, 5), *leaves(STATS, 6)],
    ]
    report = paper(ACROSS)
    for i, x in ((0, 30), (1, 400)):
        line = [head[0][i : i + 1], [SPECIALTY, *leaves(STATS)]]
        line[0] = [(line[0][0][0], 1, 4)]
        report.table(Grid([170] + [44] * 4, line, [[name, *pair[i]] for name, pair in PRINTED]), x, 90)
    assert read(report, "quartiles").rows == TOLD[::2] + TOLD[1::2]


def test_every_statistic_keeps_its_place(paper, read):
    names = ["n", "Mean", "SD", "Min", "Q1", "Median", "Q3", "Max", "IQR"]
    cells = ["422", "241.3", "13.1", "214", "232", "240", "252", "283", "20"]
    report = paper(ACROSS)
    report.table(
        Grid(
            [120, 80] + [50] * 9,
            [[SPECIALTY, ("Cohort", 1, 1), *leaves(names, 2)]],
            [["Pediatrics", "Matched", *cells], ["Pediatrics", "Not Matched", *cells]],
            2,
        ),
        30,
        90,
    )
    got = read(report, "quartiles")
    assert got.header == ["Specialty", "Cohort", "n", "Min", "Q1", "Median", "Q3", "Max", "IQR", "Mean", "SD"]
    assert got.rows[0] == [
        "Pediatrics",
        "Matched",
        "422",
        "214",
        "232",
        "240",
        "252",
        "283",
        "20",
        "241.3",
        "13.1",
    ]


COUNT_HEADS = {
    "plain": [[SPECIALTY, ("Matched", 1, 1), ("Not Matched", 2, 2)]],
    "other words": [[SPECIALTY, ("Number Matched", 1, 1), ("Unmatched", 2, 2)]],
    "two lines": [[("Did Not", 2, 2)], [SPECIALTY, ("Matched", 1, 1), ("Match", 2, 2)]],
    "a line above both": [
        [("Preferred Specialty", 1, 2)],
        [SPECIALTY, ("Matched", 1, 1), ("Not Matched", 2, 2)],
    ],
}


@pytest.mark.parametrize("name", COUNT_HEADS)
@pytest.mark.parametrize("rules", ["none", "grid"])
def test_counts(paper, read, name, rules):
    report = paper()
    report.table(Grid([150, 80, 80], COUNT_HEADS[name], COUNTS, 1, Style(rules=rules)), 60, 90)
    got = read(report, "counts")
    assert (got.header, got.rows) == (["Specialty", "Matched", "Not Matched"], COUNTED)


def test_counts_beside_shares_of_their_own_or_in_brackets(paper, read):
    spans = [
        [("Matched", 1, 2), ("Not Matched", 3, 4)],
        [SPECIALTY, ("n", 1, 1), ("%", 2, 2), ("n", 3, 3), ("%", 4, 4)],
    ]
    report = paper()
    report.table(Grid([150] + [50] * 4, spans, [[a, b, "68.5%", c, "31.5%"] for a, b, c in COUNTS]), 60, 90)
    got = read(report, "counts")
    assert got.rows == COUNTED and got.unused == ["%", "%"]
    report = paper()
    rows = [[a, f"{b} (68.5%)", f"{c} (31.5%)" if c != "–" else c] for a, b, c in COUNTS]
    report.table(Grid([150, 90, 90], COUNT_HEADS["plain"], rows), 60, 90)
    assert read(report, "counts").rows == COUNTED


def test_counts_in_two_halves_of_a_page(paper, read):
    report = paper()
    for part, x in ((COUNTS[:2], 40), (COUNTS[2:], 310)):
        report.table(Grid([120, 60, 70], COUNT_HEADS["plain"], part), x, 90)
    assert read(report, "counts").rows == COUNTED


def test_a_page_whose_text_runs_upwards(tmp_path, read):
    report = Report(tmp_path / "report.pdf", UPRIGHT)
    report.canvas.translate(UPRIGHT[0], 0)
    report.canvas.rotate(90)
    report.size = ACROSS
    report.table(side(Style()), 60, 100)
    assert read(report, "quartiles").rows == TOLD


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_a_viewer_turns(tmp_path, read, turn):
    report = Report(tmp_path / "report.pdf", UPRIGHT)
    report.canvas.setPageRotation(turn)
    if turn == 90:
        report.canvas.translate(UPRIGHT[0], 0)
        report.canvas.rotate(90)
    elif turn == 270:
        report.canvas.translate(0, UPRIGHT[1])
        report.canvas.rotate(-90)
    else:
        report.canvas.translate(*UPRIGHT)
        report.canvas.rotate(180)
    report.size = ACROSS if turn != 180 else UPRIGHT
    report.table(side(Style()), 60, 100)
    assert read(report, "quartiles").rows == TOLD


def test_small_capitals_go_on_after_a_hyphen(paper, read):
    report = paper()
    for x, parts in ((120, ("N", "ON", "-U.S. IMG", "S")), (300, ("U.S. IMG", "S"))):
        for text in parts:  # large and small in turn
            size = 6.2 if text in ("ON", "S") else 9
            report.text(x, 75, text, size)
            x += stringWidth(text, "Helvetica", size)
    head = [[SPECIALTY, *leaves(["Matched", "Not Matched"] * 2)]]
    report.table(Grid([80, 80, 80, 80, 80], head, [[row[0], "1", "2", *row[1:]] for row in COUNTS]), 40, 78)
    report.save()
    got = read_pdf(report.path, "1", "counts", which=Choice(applicant_type="us-img"))
    assert got.rows == COUNTED
    with pytest.raises(RefusedInput, match="'NON-U.S. IMGS', 'U.S. IMGS'"):
        read_pdf(report.path, "1", "counts")
