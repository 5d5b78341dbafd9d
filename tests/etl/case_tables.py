"""One small plain table per layout, figures made up, and the ways of writing it down that the tests share."""

import csv
import io
from typing import NamedTuple

import openpyxl

from matchmodel.etl.kinds import KINDS, NumberKind
from matchmodel.etl.layouts import LAYOUTS
from matchmodel.tabular.cells import key

TYPE = 'applicant_type = "non-us-img"'
SCORE = 'measure = "step2_ck"'

# layout: (keys of its [[table]], plain CSV); made up. A number over 999, a blank number and a decimal where
# the layout has them.
PLAIN = {
    "counts": ((TYPE,), """\
Specialty,Matched,Not Matched,Positions,All Applicants
Internal Medicine,3412,3588,11777,12001
Dermatology,,,571,903
Family Medicine,801,1204,5212,4803
"""),
    "quartiles": ((TYPE, SCORE), """\
Specialty,Cohort,n,Min,Q1,Median,Q3,Max,Mean,SD
Internal Medicine,Matched,2804,201,238,247,255,281,246.4,12
Internal Medicine,Not Matched,2755,196,226,235,245,276,235.5,13.5
Dermatology,Matched,7,,,,,,,
Dermatology,Not Matched,12,,,,,,,
"""),
    "bins": ((TYPE, SCORE), """\
Specialty,Bin,Matched,Not Matched
Internal Medicine,<=220,12,301
Internal Medicine,221-250,1405,2104
Internal Medicine,>250,1199,
Internal Medicine,Unknown,14,22
"""),
    "ranked_anywhere": ((), """\
Specialty,US IMG Ranked It,US IMG Matched,Non US IMG Ranked It,Non US IMG Matched
Internal Medicine,2715,1311,8012,4207
Dermatology,31,,44,
"""),
    "rates": ((), """\
Year,Applicant Type,Match Rate Pct,Active Applicants,Matched PGY1
2025,us-img,67.8,,
2026,us-img,60,4000,2400
2026,non-us-img,50.5,10000,5050
"""),
    "effects": ((), """\
ID,Covariate,Unit,Scale,Estimate,SE,n,Specialty,Population,Year,Grade,Source,Adjusted For,Variant Of,Note
one,step2_ck,10 points,log_odds_match,0.4,0.08,1086,Neurology,IMGs,2024,C,a study,usce_months; age,two,made up
two,step2_ck,10 points,log_odds_invitation,-0.3,0.2,86,,IMGs,2023,B,another study,nothing,one,made up
three,usce_months,month,log_odds_match,,,,,IMGs,2023,D,another study,step2_ck; visa_needed,four,made up
four,usce_months,,log_odds_match,,,,,IMGs,2023,D,another study,,three,made up
"""),
    "correlations": ((), """\
Measure A,Measure B,r,n,Source
step2_ck,usce_months,-0.17,1031,a tracker
step2_ck,visa_needed,0.05,,a tracker
"""),
    "population": ((), """\
Covariate,Value,Applicant Type,Population,Count,Share,SE,Source,Grade,Note
visa_needed,yes,img,a tracker's IMGs,1097,,,a tracker,C,made up
visa_needed,no,img,a tracker's IMGs,38,,,a tracker,C,made up
step1_failed,yes,,everybody,,0.07,,a report,B,made up
visa_needed,yes,non-us-img,those who ranked,,0.85,0.004,a report,B,made up
"""),
    "invitations": ((), """\
Specialty,Applicant Type,Invitation Rate,Programs,Programs Listed,Coverage
Internal Medicine,non-us-img,0,1003,1602,all
Internal Medicine,non-us-img,0.05,40,1602,all
Neurology,non-us-img,0.05,9,,sample
"""),
    "invitation_means": ((), """\
Year,Specialty,Applicant Type,Application Weighted,Program Mean,SE,Programs,Source,Grade
2026,Internal Medicine,us-img,0.06,0.05,0.008,1038,a capture,C
2026,Internal Medicine,non-us-img,0.03,0.02,,38,a capture,C
"""),
    "participation": ((), """\
Year,Specialty,Applicant Type,Quantity,Value,SE,Low,High,Source,Grade,Note
2026,Internal Medicine,img,applications_per_applicant,88.5,,80,97,a capture,C,made up
2026,All,all,registered,53373,,,,a page,B,made up
2026,All,all,certified,48050,,,,a page,B,made up
2025,All,us-img,share_certified,0.8,0.01,0.7,0.9,a page,B,made up
"""),
    "first_choices": ((), """\
Year,Specialty,Applicant Type,First Choice,Ranked,Source,Grade
2026,Internal Medicine,non-us-img,6993,7702,a report,A
2026,Neurology,us-img,80,101,a report,A
"""),
    "visa_outcomes": ((), """\
Year,Applicant Type,Visa Needed,Match Rate Pct,Applicants,Matched,Source,Grade
2026,non-us-img,yes,50.5,10000,5050,a report,A
2026,non-us-img,no,67.5,,,a report,A
"""),
    "invited_interviews": ((), """\
Year,Specialty,Applicant Type,Invitations,Applicants,Matched,Source,Grade
2025,General Surgery,all,0,1039,0,a spreadsheet,C
2025,General Surgery,all,1-2,15,4,a spreadsheet,C
2025,General Surgery,all,10+,113,103,a spreadsheet,C
2025,General Surgery,img,10+,11,7,a spreadsheet,C
"""),
    "means": ((TYPE, SCORE), """\
Specialty,Matched,Not Matched,Matched Mean,Not Matched Mean,Source,Grade
Internal Medicine,1690,,236.5,,a page,B
All,,,233,225,a page,B
"""),
    "applications": ((), """\
Year,Specialty,Mean Applications,Source,Grade
2024,Internal Medicine,172.5,a survey,C
2024,All,1139,a survey,C
"""),
    "applicants_total": ((), """\
Season,Specialty,IMG Applicants,Source,Grade
2025,All,20756,a dashboard,C
2025,Internal Medicine,15057,a dashboard,C
"""),
    "exam_reference": ((), """\
Item,Population,From,Value,Source,Grade
passing_score,all who sit it,2022-07-01,214,an exam page,B
mean,all who sat it,,249.5,an exam page,B
"""),
    "invitation_groups": (('specialty = "Neurology"',), """\
Group,Invitation Rate Pct,Applications,Programs
us-md,27.5,32055,170
non-us-img,4.65,48895,170
"""),
    "invited_step2": ((), """\
Specialty,Applicant Type,Statistic of Invited,Quantile over Programs,Step 2 CK,Programs
Neurology,non-us-img,p10,0,216,75
Neurology,non-us-img,p10,0.5,231.5,75
"""),
    "invited_step2_means": ((), """\
Year,Specialty,Applicant Type,Mean Q1,Mean Median,Mean Q3,SD of Medians,Programs,Source,Grade
2026,Internal Medicine,us-img,235,244.5,252.5,7.5,1018,a capture,C
2026,Internal Medicine,non-us-img,243,251.5,260.5,,18,a capture,C
"""),
    "facts": ((), """\
Year,Specialty,Fact,Value,Low,High,Source,Grade
2024,Family Medicine,programs that say so,0.47,,,a survey,B
2019,All,applications per program,1789,1500,2000,a survey,B
2018,All,places filled,,0.5,0.75,a survey,B
"""),
    "fees": ((), """\
Season,Service,From Program,To Program,USD Each,USD Flat,Scope,Source,Grade
2026,ERAS,1,30,11.5,,per specialty,a price list,A
2026,ERAS,31,,30,,per specialty,a price list,A
2026,NRMP,1,20,,1170,in all,a price list,A
"""),
    "signals": ((), """\
Season,Specialty,Gold,Silver,Total,Source,Grade
2026,Anesthesiology,5,10,15,a table,A
2026,Neurology,,,8,a table,A
"""),
    "practice_tests": ((), """\
Test,Correlation with Step 2 CK,Bias Points,Residual SD Points,Source,Grade
NBME,0.92,-1.5,5.9,a predictor site,C
none,,0,15,a predictor site,D
"""),
    "applicants": ((), """\
specialty,applicant_type,step2_ck,step1_attempts,step2_attempts,yog,usce_months,visa_needed,cycle,matched,applications,interviews
Internal Medicine,non-us-img,251,1,1,2021,3.5,yes,2026,yes,1120,6
Neurology,us-img,,1,,2019,,no,2026,no,,
"""),
}  # fmt: skip


class Case(NamedTuple):
    """A table file to be laid beside a source.toml."""

    layout: str
    file: str
    content: bytes
    keys: tuple

    def put(self, raw):
        """Make it the one table of a raw folder."""
        raw.alone(self.file, self.layout.replace("_", "-"), self.content, *self.keys)
        return raw


def cells(layout):
    """Header and rows of the plain table."""
    header, *rows = csv.reader(io.StringIO(PLAIN[layout][1]))
    return header, rows


def column(layout, header):
    """The layout's column of a printed header."""
    bare = key(header).removesuffix("pct")
    return next(
        each
        for each in LAYOUTS[layout].columns
        if bare in {key(name).removesuffix("pct") for name in (each.name, *each.headers)}
    )


def kind(layout, header):
    """What its cells may hold; a measured value is a number."""
    return KINDS[column(layout, header).kind]


def is_number(layout, header):
    """Say whether a column holds numbers."""
    return isinstance(kind(layout, header), NumberKind)


def each_cell(layout, change):
    """The plain table with change(header, cell) in place of every cell."""
    header, rows = cells(layout)
    return header, [[change(name, cell) for name, cell in zip(header, row, strict=True)] for row in rows]


def as_csv(header, rows, delimiter=",", end="\n"):
    """Text of a CSV file, quoted where it must be."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def csv_case(layout, table=None, file="a.csv", keys=None, **how):
    """A CSV file of the table."""
    return Case(
        layout,
        file,
        as_csv(*(table or cells(layout)), **how).encode(),
        PLAIN[layout][0] if keys is None else keys,
    )


def number(text):
    """What a spreadsheet makes of a typed cell."""
    try:
        value = float(text)
    except ValueError:
        return text or None
    return int(value) if value.is_integer() else value


def book(rows, title="Sheet1", more=()):
    """A workbook with the rows on its first sheet; `more` is called with it before it is saved."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append([number(cell) if isinstance(cell, str) else cell for cell in row])
    for change in [more] if callable(more) else more:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def book_case(layout, rows=None, keys=(), **how):
    """A workbook of the table."""
    header, plain = cells(layout)
    return Case(layout, "a.xlsx", book(rows or [header, *plain], **how), (*PLAIN[layout][0], *keys))


def first(layout, suits):
    """Index and name of the first column whose kind suits and whose first cell is filled; None of none."""
    header, rows = cells(layout)
    return next(
        ((at, name) for at, name in enumerate(header) if rows[0][at] and suits(kind(layout, name))), None
    )
