"""What `new-source` writes: per layout the header, how reports print the table, and who publishes it."""

from typing import NamedTuple

from .words import EXAM_ITEMS, QUANTITIES

CHARTING = "Charting Outcomes"
RESULTS = "Results and Data"
_NRMP = "National Resident Matching Program"
_AAMC = "Association of American Medical Colleges"
_NRMP_TERMS = (
    "NRMP asks for its consent before its data are redistributed or used with machine-learning tools"
)
_TWO_LINES = "two lines per specialty, Matched and Not Matched, and a cohort without figures keeps its line"
SUPPRESSED = (
    "A dash, *, <5 or a blank is a figure that the report withholds: keep the row, leave the cell blank"
)
NOTES = "Footnotes go below the table, on lines that start with * or Note: and total rows may stay in"


class Template(NamedTuple):
    """An empty table.

    Attributes
    ----------
    header
        As the report prints it, with commas.
    printed
        Where and how a report usually prints it, and what a blank means there.
    report
        The report that it usually stands in.
    publisher, terms
        Whose it is and on what terms, where that is known for every year.
    """

    header: str
    printed: str
    report: str | None = None
    publisher: str | None = None
    terms: str | None = None


def _nrmp(header: str, printed: str, report: str) -> Template:
    return Template(header, printed, report, _NRMP, _NRMP_TERMS)


TEMPLATES: dict[str, Template] = {
    "counts": _nrmp(
        "Specialty,Matched,Not Matched,Positions,All Applicants",
        "Charting Outcomes, usually its Table 1: applicants by preferred specialty who matched to it and "
        "who did not, all of them and not only those who consented to research. Positions and All "
        "Applicants may be left out",
        CHARTING,
    ),
    "quartiles": _nrmp(
        "Specialty,Cohort,n,Min,Q1,Median,Q3,Max,Mean,SD",
        "Charting Outcomes, usually a table or box plots of each measure by preferred specialty: "
        f"{_TWO_LINES}. n is of those measured, so at most the count. Min, Max, Mean and SD may be left out",
        CHARTING,
    ),
    "bins": _nrmp(
        "Specialty,Bin,Matched,Not Matched",
        "Charting Outcomes, usually the bars of a chart, one per range of the measure: ranges as printed "
        "(<=180 or 181-190 or >260 or 16+ or Unknown), each specialty's ranges apart from one another",
        CHARTING,
    ),
    "ranked_anywhere": _nrmp(
        "Specialty,US IMG Ranked It,US IMG Matched,Non US IMG Ranked It,Non US IMG Matched",
        "Results and Data, usually the tables of applicants and of matches by specialty: an applicant "
        "counts in every specialty ranked",
        RESULTS,
    ),
    "rates": _nrmp(
        "Year,Applicant Type,Match Rate Pct,Active Applicants,Matched PGY1",
        "Results and Data, usually the table of applicants matched to PGY-1 positions by type and year: "
        "one line per year and type (us-img or non-us-img); years that another source has already stay out",
        RESULTS,
    ),
    "effects": Template(
        "ID,Covariate,Unit,Scale,Estimate,SE,n,Specialty,Population,Year,Grade,Source,Adjusted For,"
        "Variant Of,Note",
        "a register: one line per estimate with its standard error, as its publication prints it; without "
        "an estimate both stay blank and the line is listed as unused. 'as above' repeats a source. "
        "Specialty is blank where the estimate is of several. Adjusted For is 'nothing' or words apart by "
        "semicolons; Variant Of names the line whose data this one reads in another way, so that they are "
        "not counted twice",
    ),
    "correlations": Template(
        "Measure A,Measure B,r,n,Source",
        "one line per pair of covariates, each pair once; r between -1 and 1, never blank",
    ),
    "population": Template(
        "Covariate,Value,Applicant Type,Population,Count,Share,SE,Source,Grade,Note",
        "how applicants are spread over one covariate: one line per value, with how many have it, or their "
        "share (a proportion) and its standard error. Applicant Type is us-img or non-us-img or img (both "
        "together), and blank where types are not told apart; Population says who was counted",
    ),
    "invitations": Template(
        "Specialty,Applicant Type,Invitation Rate,Programs,Programs Listed,Coverage",
        "how many programs invited what share of their applicants: one line per rate, as a proportion (or "
        "a column Invitation Rate Pct); no program is named. Coverage is all or sample; of a sample "
        "Programs Listed may stay blank",
    ),
    "invitation_means": Template(
        "Year,Specialty,Applicant Type,Application Weighted,Program Mean,SE,Programs,Source,Grade",
        "mean invitation rates, as proportions: weighted by applications, and of a program taken at random "
        "with its standard error; Programs is how many were read",
        publisher=_AAMC,
    ),
    "participation": Template(
        "Year,Specialty,Applicant Type,Quantity,Value,SE,Low,High,Source,Grade,Note",
        "who takes part: one line per figure, shares as proportions; All stands for all specialties and img "
        f"for US and non-US IMGs together. Quantity is one of {' '.join(QUANTITIES)}",
    ),
    "first_choices": _nrmp(
        "Year,Specialty,Applicant Type,First Choice,Ranked,Source,Grade",
        "how many applicants preferred the specialty (first on their list) and how many ranked it at all, "
        "one line per specialty and type",
        RESULTS,
    ),
    "visa_outcomes": _nrmp(
        "Year,Applicant Type,Visa Needed,Match Rate Pct,Applicants,Matched,Source,Grade",
        "Results and Data: applicants who certified a list, by whether they need a visa (yes or no), with "
        "how many matched to any PGY-1 position",
        RESULTS,
    ),
    "invited_interviews": Template(
        "Year,Specialty,Applicant Type,Invitations,Applicants,Matched,Source,Grade",
        "how many of those with so many invitations matched: one line per range (0 or 1-2 or 10+), each "
        "type's ranges apart from one another; all stands for all types",
    ),
    "means": _nrmp(
        "Specialty,Matched,Not Matched,Matched Mean,Not Matched Mean,Source,Grade",
        "Charting Outcomes, or a page that quotes it, where means stand alone: one line per specialty. "
        "Such tables are shown and not trained on",
        CHARTING,
    ),
    "applications": Template(
        "Year,Specialty,Mean Applications,Source,Grade",
        "applications per IMG: one line per year and specialty; All stands for all specialties and is data "
        "here",
    ),
    "applicants_total": Template(
        "Season,Specialty,IMG Applicants,Source,Grade",
        "application statistics: how many IMGs applied, one line per season and specialty; All stands for "
        "all specialties and is data here",
        publisher=_AAMC,
    ),
    "exam_reference": Template(
        "Item,Population,From,Value,Source,Grade",
        "one line per figure of the exam's scale; a passing score has the day From which it holds, such as "
        f"2025-07-01. Item is one of {' '.join(EXAM_ITEMS)}",
    ),
    "invitation_groups": Template(
        "Specialty,Group,Invitation Rate Pct,Applications,Programs",
        "invitation rates by group of applicants, in percent: one line per group, with how many "
        "applications and programs it is of",
    ),
    "invited_step2": Template(
        "Specialty,Applicant Type,Statistic of Invited,Quantile over Programs,Step 2 CK,Programs",
        "how a statistic of the invited applicants' Step 2 CK (such as p10 or median) is spread over "
        "programs: one line per quantile, as a proportion",
    ),
    "invited_step2_means": Template(
        "Year,Specialty,Applicant Type,Mean Q1,Mean Median,Mean Q3,SD of Medians,Programs,Source,Grade",
        "quartiles of the invited applicants' Step 2 CK, each a mean over programs, with the standard "
        "deviation of the programs' medians",
        publisher=_AAMC,
    ),
    "facts": Template(
        "Year,Specialty,Fact,Value,Low,High,Source,Grade",
        "single figures that are shown and never trained on, such as of a survey: one line per fact in "
        "words, with its value (shares as proportions) or its range",
    ),
    "fees": Template(
        "Service,From Program,To Program,USD Each,USD Flat,Scope,Source,Grade",
        "a price list: one line per step, from its first program to its last (blank: no last one); a price "
        "is each or flat, the other is blank",
    ),
    "signals": Template(
        "Season,Specialty,Gold,Silver,Total,Source,Grade",
        "program signals: one line per season and specialty; Gold and Silver are blank where signals are "
        "all alike",
        publisher=_AAMC,
    ),
    "practice_tests": Template(
        "Test,Correlation with Step 2 CK,Bias Points,Residual SD Points,Source,Grade",
        "how far a practice test misses Step 2 CK: one line per test; a blank correlation is unknown",
    ),
    "applicants": Template(
        "specialty,applicant_type,step2_ck,step1_attempts,step2_attempts,yog,usce_months,visa_needed,cycle,"
        "matched,applications,interviews",
        "your own past applicants, one line per person and cycle, without names; blank is unknown, yes or "
        "no in visa_needed and matched. Keep this folder out of what you publish",
    ),
}


def comment(name: str) -> str:
    """Return the line above the header.

    How the report prints the table, what a blank means, where footnotes go.
    """
    template = TEMPLATES[name]
    withheld = f" {SUPPRESSED}." if template.report else ""
    notes = NOTES if template.report else "Notes go into source.toml"
    return f"# {name.replace('_', '-')}: {template.printed}.{withheld} {notes}."
