"""Every layout, spoilt: `etl` and `check` end with exit status 2, name file, row and column, and leave every file as it was."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from matchmodel.cli.main import main
from matchmodel.etl import run_etl
from matchmodel.etl.layouts import LAYOUTS

from .case_tables import PLAIN, Case, as_csv, book, book_case, cells, column, csv_case, first
from .conftest import COUNTS, TOML

TYPE = 'applicant_type = "non-us-img"'


def spoilt_cell(suits, text, fault):
    """Put `text` in place of the first cell of a column that suits; the line names row 2 and the column."""

    def make(layout):
        found = first(layout, suits)
        if found is None:
            return None
        header, rows = cells(layout)
        rows[0][found[0]] = text
        return csv_case(layout, (header, rows)), f"report/a.csv: row 2, column {found[1]}: '{text}' {fault}"

    return make


def spoilt_header(change, fault):
    """Change the header (and its rows); `fault` is made of the name of the column in question."""

    def make(layout):
        header, rows = cells(layout)
        header, rows, name = change(layout, header, rows)
        return csv_case(layout, (header, rows)), f"report/a.csv: row 1, column {name}: {fault}"

    return make


def without_column(layout, header, rows):
    at = next(at for at, name in enumerate(header) if column(layout, name).required)
    return (
        [name for name in header if name != header[at]],
        [row[:at] + row[at + 1 :] for row in rows],
        column(layout, header[at]).printed,
    )


def column_more(layout, header, rows):
    return [*header, "Shoe Size"], [[*row, "1"] for row in rows], "Shoe Size"


def column_twice(layout, header, rows):
    return [*header, header[0].upper() + "*"], [[*row, row[0]] for row in rows], header[0].upper() + "*"


def row_twice(layout):
    header, rows = cells(layout)
    if not LAYOUTS[layout].identity:
        return None
    return csv_case(layout, (header, [*rows, rows[0]])), f"report/a.csv: row {len(rows) + 2}: repeats row 2"


def row_of_another_length(cut):
    def make(layout):
        header, rows = cells(layout)
        rows[1] = rows[1][:-1] if cut else [*rows[1], "7"]
        return csv_case(
            layout, (header, rows)
        ), f"report/a.csv: row 3: the row has {len(rows[1])} cells (expected {len(header)} cells"

    return make


def pasted(change, fault):
    """Pasted text whose row 3 is changed."""

    def make(layout):
        header, rows = cells(layout)
        lines = ["   ".join(cell or "–" for cell in row) for row in (header, *rows)]
        lines[2] = change(lines[2])
        return Case(
            layout, "a.txt", "\n".join(lines).encode(), PLAIN[layout][0]
        ), f"report/a.txt: row 3: {fault.format(len(header) - 1, len(header) + 1, len(header))}"

    return make


def spoilt_text(change, fault, file="a.csv"):
    def make(layout):
        content = change(as_csv(*cells(layout)))
        return csv_case(layout, file=file)._replace(
            content=content if isinstance(content, bytes) else content.encode()
        ), fault

    return make


def spoilt_book(change, fault):
    """A workbook whose first row's first number is changed by change(cell, sheet)."""

    def make(layout):
        found = first(layout, lambda kind: kind.number)
        if found is None:
            return None
        at, name = found
        case = book_case(layout, more=lambda made: change(made.active.cell(2, at + 1), made.active))
        return case, f"report/a.xlsx: row 2, column {name}: {fault}"

    return make


def a_chart_alone(layout):
    made = openpyxl.Workbook()
    made.create_chartsheet("Chart")
    made.remove(made["Sheet"])
    out = io.BytesIO()
    made.save(out)
    return Case(layout, "a.xlsx", out.getvalue(), PLAIN[layout][0]), "report/a.xlsx: "


def a_zip(layout):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.csv", as_csv(*cells(layout)))
    return Case(layout, "a.xlsx", out.getvalue(), PLAIN[layout][0]), "report/a.xlsx: cannot be read: "


def keys(*more, fault, file="a.csv", spoil=None):
    """Keys of the [[table]] spoilt; spoil(layout) gives other words for its file and layout."""

    def make(layout):
        case = csv_case(layout, file=file, keys=(*PLAIN[layout][0], *more))
        return (spoil(case) if spoil else case), f"report/source.toml: table 1: {fault}"

    return make


def given_nowhere(layout):
    case = csv_case(layout, keys=())
    return (case, "report/a.csv: Applicant Type: is given nowhere") if TYPE in PLAIN[layout][0] else None


BAD = {
    "a column missing": spoilt_header(without_column, "the column is missing"),
    "a column that is unknown": spoilt_header(column_more, "unknown column"),
    "a column twice": spoilt_header(column_twice, "says the same as column"),
    "a row twice": row_twice,
    "a row too short": row_of_another_length(True),
    "a row too long": row_of_another_length(False),
    "text in a number": spoilt_cell(lambda kind: kind.number, "24l", "is not a number"),
    "a spreadsheet's error": spoilt_cell(lambda kind: kind.number, "#VALUE!", "is not a number"),
    "two numbers": spoilt_cell(lambda kind: kind.number, "12 (17)", "is not a number"),
    "a decimal comma": spoilt_cell(lambda kind: kind.number, "1,5", "is not a number"),
    "an exponent": spoilt_cell(lambda kind: kind.number, "1e3", "is not a number"),
    "negative": spoilt_cell(lambda kind: kind.number and kind.low == 0 and not kind.positive, "-5", "is negative"),
    "a fraction where whole": spoilt_cell(lambda kind: kind.whole, "1990.5", "is not a whole number"),
    "a percentage of no share": spoilt_cell(lambda kind: kind.number and not kind.share, "41.9%", "is a percentage"),
    "over 100 percent": spoilt_cell(lambda kind: kind.share, "100.1%", "is above 100"),
    "a share beyond its scale": spoilt_cell(lambda kind: kind.share, "148.5", "is above 1"),
    "a correlation beyond 1": spoilt_cell(lambda kind: kind.low == -1, "1.01", "is above 1"),
    "a year of two digits": spoilt_cell(lambda kind: kind.low == 1950, "26", "is below 1950"),
    "an unknown specialty": spoilt_cell(lambda kind: kind.expected.startswith("a specialty"), "Internal Medcine", "is no known specialty (expected Internal Medicine"),
    "an unknown cohort": spoilt_cell(lambda kind: kind.words and "matched" in kind.words, "Perhaps", "is no cohort (expected Matched or Not Matched)"),
    "an unknown grade": spoilt_cell(lambda kind: kind.words and "D" in kind.words, "E", "is no grade (expected A, B, C or D)"),
    "neither yes nor no": spoilt_cell(lambda kind: kind.words and "yes" in kind.words, "maybe", "is neither yes nor no"),
    "a word of no list": spoilt_cell(lambda kind: kind.words and kind.expected.startswith("one of"), "log_ods_match", "is no known "),
    "no date": spoilt_cell(lambda kind: kind.expected.startswith("a date"), "July 2022", "is no date (expected a date such as 2025-07-01"),
    "no bin": spoilt_cell(lambda kind: "bin such as" in kind.expected, "5-Jan", "is not a bin"),
    "a type given nowhere": given_nowhere,
    "nothing": spoilt_text(lambda text: "", "report/a.csv: the file is empty"),
    "a title without its '#'": spoilt_text(lambda text: "Table 1\n" + text, "report/a.csv: row 1, column Table 1: the header is one column only"),
    "a comment alone": spoilt_text(lambda text: "# nothing yet\n", "report/a.csv: the file is empty"),
    "a header alone": spoilt_text(lambda text: text.splitlines()[0], "report/a.csv: the table has no rows"),
    "not filled in": spoilt_text(lambda text: "# how\n" + text.splitlines()[0], "report/a.csv: is not filled in yet: the table has no rows"),
    "a row below comments": spoilt_text(lambda text: f"# how\n\n#\n{text}x\n", "report/a.csv: row {rows+5}: the row has 1 cells"),
    "a header below comments": spoilt_text(lambda text: f"# how\n\n{text}".replace("\n", ",Shoe Size\n", 3).replace("# how,Shoe Size", "# how").replace("\n,Shoe Size", "\n", 1),
                                           "report/a.csv: row 3, column Shoe Size: unknown column"),
    "an open quote": spoilt_text(lambda text: text + '"open\n', "report/a.csv: row {rows+2}: cannot be read"),
    "semicolons": spoilt_text(lambda text: text.replace(",", ";"), "report/a.csv: is split by semicolons, where 3.392 may mean 3,392"),
    "semicolons, as the first line says": spoilt_text(lambda text: "sep=;\n" + text.replace(",", ";"), "report/a.csv: is split by semicolons"),
    "semicolons in .txt": spoilt_text(lambda text: text.replace(",", ";"), "report/a.txt: is split by semicolons", "a.txt"),
    "single spaces in .txt": spoilt_text(lambda text: text.replace(",", " "), "report/a.txt: row 1, column ", "a.txt"),
    "two encodings": spoilt_text(lambda text: text.encode() + "* one – \n".encode() + b"* other \x96\n", "report/a.csv: mixes UTF-8 with another encoding (first at line {rows+3})"),
    "UTF-16 without its mark": spoilt_text(lambda text: text.encode("utf-16-le"), "report/a.csv: holds zero bytes"),
    "UTF-16 cut off": spoilt_text(lambda text: text.encode("utf-16")[:-1], "report/a.csv: begins as UTF-16 and does not go on so"),
    "UTF-8 cut off": spoilt_text(lambda text: b"\xef\xbb\xbf" + (text + "–").encode()[:-1], "report/a.csv: begins as UTF-8 and does not go on so"),
    "a PDF": spoilt_text(lambda text: b"%PDF-1.7 " + text.encode(), "report/a.csv: is a PDF"),
    "a workbook called .csv": spoilt_text(lambda text: book([["a"]]), "report/a.csv: is a workbook or another packed file by its content"),
    "a text called .xlsx": spoilt_text(lambda text: text, "report/a.xlsx: is no workbook by its content", "a.xlsx"),
    "an old workbook": spoilt_text(lambda text: b"\xd0\xcf\x11\xe0" + text.encode(), "report/a.xls: is an old or a locked Office file", "a.xls"),
    "a file that is not read": spoilt_text(lambda text: text, "report/a.ods: is a .ods file, which is not read", "a.ods"),
    "a workbook cut off": spoilt_text(lambda text: book([["a"]])[:-300], "report/a.xlsx: cannot be read: ", "a.xlsx"),
    "a packed text called .xlsx": a_zip,
    "a workbook of a chart": a_chart_alone,
    "an empty workbook": spoilt_text(lambda text: book([]), "report/a.xlsx: the file is empty", "a.xlsx"),
    "a date of a spreadsheet": spoilt_book(lambda cell, sheet: setattr(cell, "value", datetime.date(2027, 1, 5)), "'2027-01-05' is a date or a time (expected the text as printed"),
    "a formula without its value": spoilt_book(lambda cell, sheet: setattr(cell, "value", "=1+1"), "'=1+1' is a formula whose value was not saved with it"),
    "an error in a cell": spoilt_book(lambda cell, sheet: (setattr(cell, "value", "#REF!"), setattr(cell, "data_type", "e")), "'#REF!' is a spreadsheet's error"),
    "cells merged": spoilt_book(lambda cell, sheet: (setattr(sheet.cell(1, cell.column), "value", sheet.cell(1, cell.column).value), sheet.merge_cells(None, 1, cell.column, 2, cell.column)),
                                "'' is covered by a merged cell (expected cells unmerged"),
    "a true in a number": spoilt_book(lambda cell, sheet: setattr(cell, "value", True), "'TRUE' "),
    "a part too few in pasted text": pasted(lambda line: line.rpartition("   ")[0], "the row has {0} part"),
    "a part too many in pasted text": pasted(lambda line: line + "   7", "the row has {1} parts (expected {2} as in the header, split by tabs or by two or more spaces; a suppressed cell is a dash)"),
    "cells run together in pasted text": pasted(lambda line: line.replace("   ", " ", 1), "the row has {0} part"),
    "a sheet that is not there": lambda layout: (book_case(layout, keys=('sheet = "Table 9"',)), "report/a.xlsx (sheet Table 9): sheet: 'Table 9' is no sheet of this workbook (expected one of Sheet1)"),
    "a sheet of a text": keys('sheet = "Sheet1"', fault="sheet: 'Sheet1' is asked of a file that is no workbook"),
    "an unknown key": keys('sheets = "Sheet1"', fault="sheets: unknown key (expected sheet, one of"),
    "a page not filled in": keys('page = "FILL IN: the page"', fault="page: 'FILL IN: the page' is not filled in yet"),
    "an unknown layout": keys(fault="layout: 'shoe-sizes' is no known layout (expected one of counts", spoil=lambda case: case._replace(layout="shoe-sizes")),
    "a file outside": keys(fault="file: '../elsewhere.csv' is outside its folder", file="../elsewhere.csv"),
}  # fmt: skip
CASES = {
    (variant, layout): made
    for variant, make in BAD.items()
    for layout in PLAIN
    if (made := make(layout)) is not None
}


def snapshot(*folders):
    return {
        path: path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()
    }


def refused(capsys, *words):
    assert main([*words]) == 2
    told = capsys.readouterr()
    assert told.out == "" and "Traceback" not in told.err
    return told.err


@pytest.fixture
def ended(raw, tmp_path, capsys):
    """Run both commands on the spoilt folder; nothing may be touched."""
    out = tmp_path / "processed"
    run_etl(raw.path, out)

    def end(lines):
        before = snapshot(raw.path, out)
        said = [refused(capsys, "etl", "--raw", str(raw.path), "--out", str(out)), refused(capsys, "check", "--raw", str(raw.path)),
                refused(capsys, "check", "--raw", str(raw.path), "--source", "report")]  # fmt: skip
        assert said[0] == said[1] == said[2]
        for line in lines:
            assert any(each.startswith(line) for each in said[0].splitlines()), said[0]
        assert snapshot(raw.path, out) == before

    return end


def test_every_variant_is_tried():
    assert {variant for variant, _ in CASES} == set(BAD)


@pytest.mark.parametrize("variant, layout", CASES)
def test_it_is_refused_and_nothing_is_touched(raw, ended, variant, layout):
    case, line = CASES[variant, layout]
    case.put(raw)
    ended(
        [
            line.replace("{rows+2}", f"{len(cells(layout)[1]) + 2}")
            .replace("{rows+3}", f"{len(cells(layout)[1]) + 3}")
            .replace("{rows+5}", f"{len(cells(layout)[1]) + 5}")
        ]
    )


# a layout's own: text, and the beginnings of the lines that name row and column
OWN = {
    "quartiles out of order": ("quartiles", "238,247,255", "248,247,255", ["row 2, column Q1: '248' is above the Median (expected at most the Median, 247)"]),
    "min above Q1": ("quartiles", "201,238", "239,238", ["row 2, column Min: '239' is above the Q1 (expected at most the Q1, 238)"]),
    "mean outside": ("quartiles", "246.4", "199", ["row 2, column Mean: '199' is outside its own range"]),
    "a score beyond the scale": ("quartiles", "281", "2811", ["row 2, column Max: '2811' is above 300"]),
    "a cohort without the other": ("quartiles", "Dermatology,Not Matched,12,,,,,,,\n", "", ["row 4, column Cohort: 'Matched' stands without its Not Matched row"]),
    "one quartile alone": ("quartiles", "Matched,7,,,,,,,", "Matched,7,,230,,,,,", ["row 4, column Median: '' is blank beside the others"]),
    "matched above all applicants": ("counts", "12001", "6999", ["row 2, column All Applicants: '6999' is too few"]),
    "bins that overlap": ("bins", "221-250", "220-250", ["row 3, column Bin: '220-250' overlaps another bin"]),
    "matched above ranked": ("ranked_anywhere", "2715,1311", "1310,1311", ["row 2, column US IMG Matched: '1311' is more than there were"]),
    "a rate against its counts": ("rates", "60,4000", "62,4000", ["row 3, column Match Rate Pct: '62' contradicts its own counts"]),
    "matched above active": ("rates", "60,4000,2400", "60,4000,4001", ["row 3, column Matched PGY1: '4001' is more than there were"]),
    "a standard error of zero": ("effects", "0.4,0.08", "0.4,0", ["row 2, column SE: '0' is not above 0"]),
    "a source that names no row": ("effects", "C,a study", "C,as nobody", ["row 2, column Source: 'as nobody' names no row"]),
    "a pair turned round": ("correlations", "step2_ck,visa_needed", "usce_months,step2_ck", ["row 3: repeats row 2"]),
    "a scale misspelt": ("effects", "log_odds_invitation", "log_odd_invitation", ["row 3, column Scale: 'log_odd_invitation' is no known scale (expected log_odds_invitation, one of log_odds_match, log_interview_rate,"]),
    "a covariate misspelt": ("effects", "three,usce_months", "three,usce_month", ["row 4, column Covariate: 'usce_month' is no known covariate (expected usce_months, one of step2_ck,"]),
    "a unit misspelt": ("effects", "10 points,log_odds_match", "10 pionts,log_odds_match", ["row 2, column Unit: '10 pionts' is no known unit (expected 10 points, one of 10 points,"]),
    "another covariate's unit": ("effects", "month,log", "yes vs no,log", ["row 4, column Unit: 'yes vs no' is no unit of usce_months (expected 3 months (capped at 12 months) or 3 months or 1 month or month)"]),
    "all specialties in a register": ("effects", "1086,Neurology", "1086,All", ["row 2, column Specialty: 'All' is no known specialty"]),
    "an estimate without its unit": ("effects", "10 points,log_odds_match", ",log_odds_match", ["row 2, column Unit: '' is blank beside an estimate (expected 10 points)"]),
    "an error without its estimate": ("effects", "-0.3,0.2", ",0.2", ["row 3, column Estimate: '' is blank beside the other"]),
    "an adjustment misspelt": ("effects", "usce_months; age", "usce_months; aeg", ["row 2, column Adjusted For: 'usce_months; aeg' is no known word for what an effect is adjusted for: 'aeg' (expected age, one of step2_ck,"]),
    "nothing and something": ("effects", "nothing", "nothing; age", ["row 3, column Adjusted For: 'nothing; age' says 'nothing' beside other words (expected 'nothing', or words apart by semicolons"]),
    "a variant of nobody": ("effects", "four,made up", "five,made up", ["row 4, column Variant Of: 'five' names no other row (expected the id of another effect, or a blank)"]),
    "a variant of itself": ("effects", "four,made up", "three,made up", ["row 4, column Variant Of: 'three' names no other row"]),
    "a variant of another covariate": ("effects", "four,made up", "one,made up", ["row 4, column Variant Of: 'one' is a row of step2_ck (expected a row of usce_months)"]),
    "a measure of no list": ("correlations", "step2_ck,visa_needed", "step2_ck,visa_nedeed", ["row 3, column Measure B: 'visa_nedeed' is no known covariate (expected visa_needed, one of step2_ck,"]),
    "a count withheld": ("population", "1097", "<5", ["row 2, column Count: '<5' has neither a count nor a share (expected a count or a share)"]),
    "a count and a share": ("population", "38,,", "38,0.3,", ["row 3, column Share: '0.3' stands beside a count (expected a count or a share, not both)"]),
    "an error of a count": ("population", "38,,", "38,,0.3", ["row 3, column SE: '0.3' stands beside no share (expected the standard error of a share)"]),
    "neither yes nor no in a population": ("population", "step1_failed,yes", "step1_failed,1", ["row 4, column Value: '1' is no value of step1_failed (expected yes or no)"]),
    "a type that no population has": ("population", "non-us-img", "us-senior", ["row 5, column Applicant Type: 'us-senior' is no known type of IMG (expected one of img, us-img, non-us-img"]),
    "all programs, and not said how many": ("invitations", "0.05,40,1602", "0.05,40,", ["row 3, column Programs Listed: '' is blank (expected how many programs there are, or 'sample' in a column Coverage)"]),
    "a coverage of no list": ("invitations", ",sample", ",smaple", ["row 4, column Coverage: 'smaple' is no known coverage (expected sample, one of all, sample)"]),
    "a mean rate beyond 1": ("invitation_means", "0.06,0.05", "6,0.05", ["row 2, column Application Weighted: '6' is above 1"]),
    "a quantity misspelt": ("participation", "share_certified", "share_certfied", ["row 5, column Quantity: 'share_certfied' is no known quantity (expected share_certified, one of applications_per_applicant,"]),
    "a share above 1": ("participation", "0.8,0.01", "80,0.01", ["row 5, column Value: '80' is above 1, and share_certified is a share (expected a proportion between 0 and 1)"]),
    "a value outside its range": ("participation", "80,97", "90,97", ["row 2, column Low: '90' is above the Value (expected at most the Value, 88.5)"]),
    "more lists than registered": ("participation", "48050", "58050", ["row 4, column Value: '58050' is more than there were (expected at most 53373, those registered)"]),
    "more first choices than ranked it": ("first_choices", "80,101", "102,101", ["row 3, column First Choice: '102' is more than there were (expected at most 101, those who ranked it)"]),
    "a visa rate against its counts": ("visa_outcomes", "50.5,", "54.4,", ["row 2, column Match Rate Pct: '54.4' contradicts its own counts (expected 50.5%, which is 5050 of 10000)"]),
    "more matched than applied": ("visa_outcomes", "5050", "10050", ["row 2, column Matched: '10050' is more than there were (expected at most 10000, the applicants)"]),
    "more matched than invited": ("invited_interviews", "15,4", "15,16", ["row 3, column Matched: '16' is more than there were (expected at most 15, the applicants)"]),
    "ranges of invitations that overlap": ("invited_interviews", "1-2", "1-12", ["row 4, column Invitations: '10+' overlaps another bin (expected bins apart; row 3 has 1-12)"]),
    "a mean beyond the scale": ("means", "236.5", "2365", ["row 2, column Matched Mean: '2365' is above 300 (expected a Step 2 CK between 1 and 300"]),
    "more programs than listed": ("invitations", "0.05,40", "0.05,600", ["row 3, column Programs: 'Programs' sums to 1603"]),
    "a mean of none": ("applications", "172.5", "0", ["row 2, column Mean Applications: '0' is not above 0"]),
    "All left blank": ("applicants_total", "2025,All", "2025,", ["row 2, column Specialty: '' is blank"]),
    "a fact without its value": ("exam_reference", "249.5", "", ["row 3, column Value: '' is blank"]),
    "a passing score without its day": ("exam_reference", "2022-07-01", "", ["row 2, column From: '' is blank (expected the day from which the passing score holds, such as 2025-07-01)"]),
    "a day that is none": ("exam_reference", "2022-07-01", "2022-13-01", ["row 2, column From: '2022-13-01' is no date (expected a date such as 2025-07-01"]),
    "an item misspelt": ("exam_reference", "passing_score", "passing_scoer", ["row 2, column Item: 'passing_scoer' is no known item (expected passing_score, one of passing_score, scale_low,"]),
    "a group twice": ("invitation_groups", "non-us-img,4.65", "us-md,4.65", ["row 3: repeats row 2"]),
    "a statistic of no list": ("invited_step2", "p10,0,", "p1,0,", ["row 2, column Statistic of Invited: 'p1' is no known statistic (expected p10, one of p10, q1, median, q3, p90)"]),
    "means out of order": ("invited_step2_means", "235,244.5", "245,244.5", ["row 2, column Mean Q1: '245' is above the Mean Median (expected at most the Mean Median, 244.5)"]),
    "a fact without a figure": ("facts", "0.47", "", ["row 2, column Value: '' is blank (expected a figure, or Low and High)"]),
    "a range turned round": ("facts", "0.5,0.75", "0.75,0.5", ["row 4, column Low: '0.75' is above the High (expected at most the High, 0.5)"]),
    "a score of 0": ("invited_step2", "0,216", "0,0", ["row 2, column Step 2 CK: '0' is below 1"]),
    "a step that ends first": ("fees", "ERAS,1,30", "ERAS,31,30", ["row 2, column To Program: '30' ends before it begins"]),
    "a total withheld": ("signals", ",,8", ",,–", ["row 3, column Total: '–' is blank"]),
    "a spread of none": ("practice_tests", ",0,15", ",0,0", ["row 3, column Residual SD Points: '0' is not above 0"]),
    "an outcome left blank": ("applicants", "2026,no", "2026,", ["row 3, column matched: '' is blank"]),
    "two faults at once": ("counts", "3412,3588", "x,-3", ["row 2, column Matched: 'x' is not a number", "row 2, column Not Matched: '-3' is negative"]),
}  # fmt: skip


def test_every_layout_has_its_own():
    assert {layout for layout, *_ in OWN.values()} == set(LAYOUTS)


@pytest.mark.parametrize("layout, old, new, lines", OWN.values(), ids=OWN)
def test_a_contradiction_is_refused_and_nothing_is_touched(raw, ended, layout, old, new, lines):
    text = PLAIN[layout][1]
    assert text.count(old) == 1
    Case(layout, "a.csv", text.replace(old, new).encode(), PLAIN[layout][0]).put(raw)
    ended([f"report/a.csv: {line}" for line in lines])


def test_a_missing_file_and_a_link_outside(raw, ended, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(COUNTS)
    (raw.path / "report" / "linked.csv").symlink_to(tmp_path / "elsewhere.csv")
    table = '[[table]]\nfile = "{}"\nlayout = "counts"\napplicant_type = "a"\n'
    raw.toml(TOML + table.format("gone.csv") + table.format("linked.csv") + table.format("/etc/hostname"))
    ended(["report/source.toml: table 1: file: 'gone.csv' is missing", "report/source.toml: table 2: file: 'linked.csv' is outside its folder",
           "report/source.toml: table 3: file: '/etc/hostname' is outside its folder"])  # fmt: skip
