"""The ways in which reports print numbers by ranges, each read exactly. Every figure is made up."""

import pytest

from ..made import Grid, Style, leaves

SPECIALTY = ("Specialty", 0, 0)
BINS = ["<= 200", "201-210", "211-220", "> 220"]
BINNED = {
    "Anesthesiology": [["2", "11"], ["10", "28"], ["1,017", "41"], ["25", "9"]],
    "Internal Medicine": [["7", "0"], ["41", "16"], ["94", "26"], ["", ""]],
}
BIN_ROWS = [
    [name, bin_, *(cell.replace(",", "") for cell in cells)]
    for name, rows in BINNED.items()
    for bin_, cells in zip(BINS, rows, strict=True)
]


def bins_as_titles(report):
    rows = [
        row
        for name, cells in BINNED.items()
        for row in (name, *([bin_, *pair] for bin_, pair in zip(BINS, cells, strict=True)))
    ]
    report.table(
        Grid([80, 70, 90], [[("Step 2 CK Score", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]], rows),
        60,
        90,
    )


def bins_beside_every_specialty(report, again=True):
    rows = [
        [name if again or i == 0 else "", bin_, *pair]
        for name, cells in BINNED.items()
        for i, (bin_, pair) in enumerate(zip(BINS, cells, strict=True))
    ]
    report.table(
        Grid(
            [120, 80, 70, 90],
            [[SPECIALTY, ("Score", 1, 1), ("Matched", 2, 2), ("Not Matched", 3, 3)]],
            rows,
            2,
        ),
        60,
        90,
    )


def bins_beside_the_first(report):
    bins_beside_every_specialty(report, again=False)


def bins_with_a_header_each(report):
    y = 90
    for name, cells in BINNED.items():
        report.text(64, y - 4, name, 10, "Helvetica-Bold")
        y = 40 + report.table(
            Grid(
                [80, 70, 90],
                [[("Bin", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]],
                [[b, *pair] for b, pair in zip(BINS, cells, strict=True)],
            ),
            60,
            y,
        )


def bins_side_by_side(report):
    for (name, cells), x in zip(BINNED.items(), (40, 320), strict=True):
        report.text(x + 4, 84, name, 10, "Helvetica-Bold")
        report.table(
            Grid(
                [60, 70, 90],
                [[("Bin", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]],
                [[b, *pair] for b, pair in zip(BINS, cells, strict=True)],
            ),
            x,
            90,
        )


def bins_as_columns(report):
    rows = [
        [name, *(pair[0] for pair in cells), *(pair[1] for pair in cells)] for name, cells in BINNED.items()
    ]
    report.table(
        Grid(
            [110] + [48] * 8,
            [[("Matched", 1, 4), ("Not Matched", 5, 8)], [SPECIALTY, *leaves(BINS * 2)]],
            rows,
        ),
        40,
        90,
    )


def bins_as_columns_in_pairs(report):
    rows = [
        [name, cohort, *(pair[i] for pair in cells)]
        for name, cells in BINNED.items()
        for i, cohort in enumerate(("Matched", "Not Matched"))
    ]
    report.table(
        Grid([110, 80] + [55] * 4, [[SPECIALTY, ("Outcome", 1, 1), *leaves(BINS, 2)]], rows, 2), 40, 90
    )


def bins_as_columns_in_turn(report):
    rows = [[name, *(cell for pair in cells for cell in pair)] for name, cells in BINNED.items()]
    head = [
        [(b, 1 + 2 * i, 2 + 2 * i) for i, b in enumerate(BINS)],
        [SPECIALTY, *leaves(["Matched", "Unmatched"] * 4)],
    ]
    report.table(Grid([110] + [54] * 8, head, rows, 1, Style(size=7)), 30, 90)


BIN_WAYS = [
    bins_as_titles,
    bins_beside_every_specialty,
    bins_beside_the_first,
    bins_with_a_header_each,
    bins_side_by_side,
    bins_as_columns,
    bins_as_columns_in_pairs,
    bins_as_columns_in_turn,
]


@pytest.mark.parametrize("way", BIN_WAYS, ids=lambda way: way.__name__)
def test_bins(paper, read, way):
    report = paper()
    way(report)
    got = read(report, "bins")
    assert (got.header, got.rows) == (["Specialty", "Bin", "Matched", "Not Matched"], BIN_ROWS)


def test_bins_of_one_specialty_that_only_the_title_names(paper, read):
    report = paper()
    report.text(60, 60, "Chart AN-3. Anesthesiology: Step 2 CK of made-up applicants", 11)
    report.table(
        Grid(
            [80, 70, 90],
            [[("Score", 0, 0), ("Matched", 1, 1), ("Not Matched", 2, 2)]],
            [[b, *p] for b, p in zip(BINS, BINNED["Anesthesiology"], strict=True)],
        ),
        60,
        90,
    )
    got = read(report, "bins")
    assert got.rows == BIN_ROWS[:4]
    assert ["was taken from the title" in str(doubt) for doubt in got.doubts] == [True]
