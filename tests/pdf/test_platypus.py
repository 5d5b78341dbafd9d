"""Tables laid out by reportlab's platypus: spans, rules, paddings and wrapped cells, each read exactly.

Every figure is made up.
"""

from itertools import product

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import (
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from matchmodel.pdf import read_pdf

STATS = ["n", "25th Percentile", "Median", "75th Percentile"]
PAIRS = {
    "Anesthesiology": [["1,304", "232", "240", "252"], ["182", "224", "233", "245"]],
    "Internal Medicine/Pediatrics": [["22", "235", "245", "255"], ["98", "221", "230", "241"]],
    "Physical Medicine and Rehabilitation": [["120", "231", "239", "250"], ["2,113", "219", "228", "240"]],
    "Public Health and Preventive Medicine": [["3", "*", "*", "*"], ["<5", "*", "*", "*"]],
    "Radiology-Diagnostic<super>a</super>": [["219", "236", "247", "258"], ["156", "226", "236", "246"]],
}
COUNTED = {name: [pair[0][0], "54.1%", pair[1][0], "45.9%"] for name, pair in PAIRS.items()}
BINS = ["≤ 200", "201–210", "211–220", "> 220"]


def plain(cell):
    return "" if cell in ("*", "<5") else cell.replace(",", "")


def name_of(printed):
    return printed.partition("<")[0]


QUARTILES = [
    [name_of(name), cohort, *map(plain, cells)]
    for name, pair in PAIRS.items()
    for cohort, cells in zip(("Matched", "Not Matched"), pair, strict=True)
]
COUNTS = [[name_of(name), plain(cells[0]), plain(cells[2])] for name, cells in COUNTED.items()]
BINNED = [
    [name_of(name), bin_, plain(a), plain(b)]
    for name, pair in PAIRS.items()
    for bin_, a, b in zip(BINS, *pair, strict=True)
]
TRUTH = {"quartiles": QUARTILES, "counts": COUNTS, "bins": BINNED}


# Each way: layout, header rows, rows, columns of words, spans (first and last cell)


def side(words=("Matched", "Did Not Match")):
    head = [["Specialty", words[0], "", "", "", words[1], "", "", ""], ["", *STATS, *STATS]]
    return (
        "quartiles",
        head,
        [[name, *a, *b] for name, (a, b) in PAIRS.items()],
        1,
        [((0, 0), (0, 1)), ((1, 0), (4, 0)), ((5, 0), (8, 0))],
    )


def side_with_n_above():
    return side(("Matched (n = 1,668)", "Not Matched (n = 2,549)"))


def side_of_long_words():
    return side(("Matched to Preferred Specialty", "Did Not Match to Preferred Specialty"))


def in_turn():
    heads = [cell for stat in STATS for cell in (stat, "")]
    rows = [
        [name, *(cell for both in zip(a, b, strict=True) for cell in both)] for name, (a, b) in PAIRS.items()
    ]
    spans = [((0, 0), (0, 1)), *(((i, 0), (i + 1, 0)) for i in range(1, 9, 2))]
    return "quartiles", [["Specialty", *heads], ["", *["Matched", "Not Matched"] * 4]], rows, 1, spans


def in_pairs(words=("Matched", "Not Matched")):
    rows = [row for name, (a, b) in PAIRS.items() for row in ([name, words[0], *a], ["", words[1], *b])]
    return (
        "quartiles",
        [["Specialty", "Match Status", *STATS]],
        rows,
        2,
        [((0, i), (0, i + 1)) for i in range(1, 1 + len(rows), 2)],
    )


def in_pairs_of_wrapped_cohorts():
    return in_pairs(("Matched to Preferred Specialty", "Did Not Match to Preferred Specialty"))


def under_titles():
    rows = [
        row
        for name, (a, b) in PAIRS.items()
        for row in ([name, "", "", "", ""], ["Matched", *a], ["Not Matched", *b])
    ]
    return (
        "quartiles",
        [["Specialty", *STATS]],
        rows,
        1,
        [((0, i), (4, i)) for i in range(1, 1 + len(rows), 3)],
    )


def counts_and_shares():
    head = [["Specialty", "Matched", "", "Not Matched", ""], ["", "n", "%", "n", "%"]]
    return (
        "counts",
        head,
        [[name, *cells] for name, cells in COUNTED.items()],
        1,
        [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (4, 0))],
    )


def bins_down():
    rows = [
        [name if i == 0 else "", bin_, *cells]
        for name, pair in PAIRS.items()
        for i, (bin_, *cells) in enumerate(zip(BINS, *pair, strict=True))
    ]
    return (
        "bins",
        [["Specialty", "Step 2 CK Score", "Matched", "Unmatched"]],
        rows,
        2,
        [((0, i), (0, i + 3)) for i in range(1, 1 + len(rows), 4)],
    )


def bins_across_in_pairs():
    rows = [row for name, (a, b) in PAIRS.items() for row in ([name, "Matched", *a], ["", "Not Matched", *b])]
    head = [["Specialty", "Match Status", "USMLE Step 2 CK Score", "", "", ""], ["", "", *BINS]]
    spans = [
        ((0, 0), (0, 1)),
        ((1, 0), (1, 1)),
        ((2, 0), (5, 0)),
        *(((0, i), (0, i + 1)) for i in range(2, 2 + len(rows), 2)),
    ]
    return "bins", head, rows, 2, spans


def bins_side_by_side():
    head = [["Specialty", "Matched", "", "", "", "Not Matched", "", "", ""], ["", *BINS, *BINS]]
    return (
        "bins",
        head,
        [[name, *a, *b] for name, (a, b) in PAIRS.items()],
        1,
        [((0, 0), (0, 1)), ((1, 0), (4, 0)), ((5, 0), (8, 0))],
    )


WAYS = [
    side,
    side_with_n_above,
    side_of_long_words,
    in_turn,
    in_pairs,
    in_pairs_of_wrapped_cohorts,
    under_titles,
    counts_and_shares,
    bins_down,
    bins_across_in_pairs,
    bins_side_by_side,
]
RULES = {
    "grid": [("GRID", (0, 0), (-1, -1), 0.5, colors.grey)],
    "lines below": [("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.black)],
    "bands": [("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.white, colors.lightgrey])],
    "nothing": [],
}
# size, padding, height of the frame taken from the top, alignment, where cells stand,
# words as paragraphs or figures too
PRINTS = {
    "defaults": (8, 6, 72, "LEFT", "BOTTOM", "names"),
    "tight": (7, 2, 72, "RIGHT", "TOP", "names"),
    "figures at another height": (6, 4, 72, "CENTER", "MIDDLE", "names"),
    "all paragraphs": (8, 4, 72, "CENTER", "MIDDLE", "all"),
    "over pages": (9, 4, 390, "RIGHT", "MIDDLE", "all"),
}


def printed(path, way, rules, prints, again=True):
    """Print one table between prose and footnotes; return how many pages it took."""
    layout, head, rows, words, spans = way()
    size, padding, top, align, middle, paragraphs = PRINTS[prints]
    page, count = landscape(letter), len(head[-1])

    def cell(text, row, column):
        heading = row < len(head)
        if not text or not (heading or column < words or paragraphs == "all"):
            return text
        set_ = {"LEFT": 0, "CENTER": 1, "RIGHT": 2}[align] if column >= words else 0
        return Paragraph(
            text,
            ParagraphStyle(
                "cell",
                fontName="Helvetica-Bold" if heading else "Helvetica",
                fontSize=size,
                leading=1.2 * size,
                alignment=set_,
            ),
        )

    data = [[cell(text, i, j) for j, text in enumerate(row)] for i, row in enumerate([*head, *rows])]
    widths = [
        120,
        *[70] * (words - 1),
        *[min(85, (page[0] - 72 - 120 - 70 * (words - 1)) / (count - words))] * (count - words),
    ]
    styles = [
        ("FONTSIZE", (0, 0), (-1, -1), size),
        ("ALIGN", (words, 0), (-1, -1), align),
        ("VALIGN", (0, 0), (-1, -1), middle),
    ]
    styles += [
        ("LEFTPADDING", (0, 0), (-1, -1), padding),
        ("RIGHTPADDING", (0, 0), (-1, -1), padding),
        *(("SPAN", *span) for span in spans),
        *RULES[rules],
    ]
    table = (LongTable if again else Table)(
        data, colWidths=widths, repeatRows=len(head) if again else 0, style=TableStyle(styles)
    )
    sheet = getSampleStyleSheet()
    story = [
        Paragraph(
            "Of 12,345 made-up applicants in 2027, those who matched had a mean of 245, "
            "while those who did not match had a mean of 236.",
            sheet["BodyText"],
        ),
        Paragraph("Table 2. Made-up applicants by preferred specialty, 2027", sheet["Heading3"]),
        table,
        Spacer(1, 4),
        Paragraph("<super>a</super> Includes 3 applicants of 2025.", sheet["BodyText"]),
        Paragraph("* Fewer than 5 applicants; not shown.", sheet["BodyText"]),
    ]
    pages = []

    def number(canvas, document):
        canvas.drawCentredString(page[0] / 2, 22, f"Page {document.page}")
        pages.append(document.page)

    margin = {"leftMargin": 36, "rightMargin": 36, "topMargin": top, "bottomMargin": 60}
    SimpleDocTemplate(str(path), pagesize=page, **margin).build(
        story, onFirstPage=number, onLaterPages=number
    )
    return layout, f"1-{len(pages)}"


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    "rules, prints", [pair for i, pair in enumerate(product(RULES, PRINTS)) if i % 3 == 0]
)
def test_a_table_of_platypus(tmp_path, way, rules, prints):
    layout, pages = printed(tmp_path / "report.pdf", way, rules, prints)
    got = read_pdf(tmp_path / "report.pdf", pages, layout)
    assert got.rows == TRUTH[layout]
    assert got.doubts == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_its_header_on_the_first_page_alone(tmp_path, way):
    layout, pages = printed(tmp_path / "report.pdf", way, "grid", "over pages", again=False)
    assert pages != "1-1"
    assert read_pdf(tmp_path / "report.pdf", pages, layout).rows == TRUTH[layout]
