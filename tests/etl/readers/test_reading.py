"""What reports really contain."""

import numpy as np
import pytest

TYPE = 'applicant_type = "non-us-img"'
PLAIN = [("Pediatrics", 542, 249), ("Neurology", 215, 298)]

# the same counts, as reports may print them
COUNTS_AS_PRINTED = {
    "plain": "Specialty,Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298\n",
    "byte-order mark": "\ufeffSpecialty,Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298\n",
    "CRLF": "Specialty,Matched,Not Matched\r\nPediatrics,542,249\r\nNeurology,215,298\r\n",
    "old Mac line ends": "Specialty,Matched,Not Matched\rPediatrics,542,249\rNeurology,215,298\r",
    "blank lines": "\n\nSpecialty,Matched,Not Matched\n\nPediatrics,542,249\n,,\n  \nNeurology,215,298\n\n",
    "no last line end": "Specialty,Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298",
    "header in another case": "SPECIALTY,matched,not_matched\nPediatrics,542,249\nNeurology,215,298\n",
    "header with hyphens": "specialty , Matched,Not-Matched\nPediatrics,542,249\nNeurology,215,298\n",
    "header with footnotes": "Specialty*,Matched¹,NotMatched [2]\nPediatrics,542,249\nNeurology,215,298\n",
    "header in other words": "Specialty,Matched,Did Not Match\nPediatrics,542,249\nNeurology,215,298\n",
    "columns in another order": "Not Matched,Specialty,Matched\n249,Pediatrics,542\n298,Neurology,215\n",
    "footnote marks": "Specialty,Matched,Not Matched\nPediatrics*,542†,249¹\nNeurology [1],215 (a),298**\n",
    "aliases": "Specialty,Matched,Not Matched\nPEDIATRICS (Categorical),542,249\nneurology,215,298\n",
    "total rows": (
        'Specialty,Matched,Not Matched\nAll Specialties,"757",*\nPediatrics,542,249\n'
        "Neurology,215,298\nTotal*,757,547\n"
    ),
    "footnotes below": (
        "Specialty,Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298\n"
        "* fewer than five\nSource: the report,,\n"
    ),
    "decimals of a spreadsheet": "Specialty,Matched,Not Matched\nPediatrics,542.0,249.0\nNeurology,215,298\n",
    "trailing empty cells": "Specialty,Matched,Not Matched,\nPediatrics,542,249,\nNeurology,215,298,,\n",
    "quotes": '"Specialty","Matched","Not Matched"\n"Pediatrics","542","249"\n"Neurology","215","298"\n',
    "UTF-16": "Specialty,Matched,Not Matched\nPediatrics,542,249\nNeurology,215,298\n".encode("utf-16"),
    "extra comment column": (
        "Specialty,Matched,Not Matched,Notes\nPediatrics,542,249,see – below\nNeurology,215,298,\n"
    ),
    "Windows-1252": (
        "Specialty,Matched,Not Matched,Notes\nPediatrics,542,249,“so”–\nNeurology,215,298,\n"
    ).encode("cp1252"),
    "Latin-1": b"Specialty,Matched,Not Matched,Notes\nPediatrics,542,249,\x81\xe9\nNeurology,215,298,\n",
}


@pytest.mark.parametrize("text", COUNTS_AS_PRINTED.values(), ids=COUNTS_AS_PRINTED)
def test_the_same_counts_however_printed(raw, text):
    table = raw.alone("counts.csv", "counts", text, TYPE).read().table("counts")
    assert list(table[["specialty", "matched", "not_matched"]].itertuples(index=False, name=None)) == PLAIN
    assert set(table["source_id"]) == {"report"} and set(table["year"]) == {2026}
    assert set(table["applicant_type"]) == {"non-us-img"}


def test_thousands_and_suppressed_counts(raw):
    text = 'Specialty,Matched,Not Matched\nInternal Medicine,"3,392","3,600"\nDermatology,<5,–\n'
    table = raw.alone("counts.csv", "counts", text, TYPE).read().table("counts")
    assert table["matched"].tolist()[0] == 3392 and np.isnan(table["matched"].tolist()[1])
    assert np.isnan(table["not_matched"].tolist()[1])


def test_suppressed_quartiles_keep_their_row(raw):
    table = raw.read().table("quartiles")
    neurology = table[table["specialty"] == "Neurology"]
    assert neurology["n"].tolist() == [160, 200]
    assert neurology[["min", "q1", "median", "q3", "max", "iqr", "mean", "sd"]].isna().all(axis=None)


RATES = {
    "Match Rate Pct": "48.5",
    "match_rate_pct": "48.5%",
    "Match Rate (%)": "48.5",
    "Match Rate Percent": "48.5*",
    "Match Rate": "0.485",
    "MATCH-RATE": "48.5%",
}


@pytest.mark.parametrize("header, cell", RATES.items())
def test_percent_columns_become_proportions(raw, header, cell):
    table = (
        raw.alone("rates.csv", "rates", f"Year,Applicant Type,{header}\n2025,US IMG,{cell}\n")
        .read()
        .table("rates")
    )
    assert table[["year", "applicant_type", "match_rate"]].values.tolist() == [[2025, "us-img", 0.485]]


TYPES = {
    "US IMG": "us-img", "us-img": "us-img", "U.S. IMGs": "us-img", "Non-U.S. IMG": "non-us-img",
        "non us img": "non-us-img",
    "NON_US_IMG": "non-us-img", "Non-US citizen IMGs": "non-us-img", "US Senior": "us-senior",
        "independent*": "independent",
}  # fmt: skip


@pytest.mark.parametrize("word, name", TYPES.items())
def test_applicant_types(raw, word, name):
    by_column = f"Specialty,Applicant Type,Matched,Not Matched\nNeurology,{word},3,4\n"
    assert raw.alone("a.csv", "counts", by_column).read().table("counts")["applicant_type"].tolist() == [name]
    by_key = "Specialty,Matched,Not Matched\nNeurology,3,4\n"
    table = raw.alone("a.csv", "counts", by_key, f'applicant_type = "{word}"').read().table("counts")
    assert table["applicant_type"].tolist() == [name]


YEARS = [
    ("Specialty,Matched,Not Matched\nNeurology,3,4\n", (), 2026),
    ("Specialty,Matched,Not Matched\nNeurology,3,4\n", ("year = 2024",), 2024),
    ("Year,Specialty,Matched,Not Matched\n2022,Neurology,3,4\n", ("year = 2024",), 2022),
    ("Year,Specialty,Matched,Not Matched\n,Neurology,3,4\n", ("year = 2024",), 2024),
]


@pytest.mark.parametrize("text, keys, year", YEARS)
def test_the_year_of_a_row(raw, text, keys, year):
    assert raw.alone("a.csv", "counts", text, TYPE, *keys).read().table("counts")["year"].tolist() == [year]


def test_all_is_data_where_applicants_are_counted(raw):
    raw.alone(
        "a.csv",
        "applications",
        "Year,Specialty,Mean Applications\n2020,All Specialties,139\n2024,Neurology,50\n",
    )
    raw.add("b.csv", "applicants-total", 'Season,Specialty,IMG Applicants\n2025,All,"20,756"\n')
    tidy = raw.read()
    assert tidy.table("applications")["specialty"].tolist() == ["All", "Neurology"]
    assert tidy.table("applicants_total")[["specialty", "img_applicants"]].values.tolist() == [["All", 20756]]


def test_sources_and_grades_of_rows_override_the_files(raw):
    text = (
        "Year,Specialty,Mean Applications,Source,Grade\n2016,Neurology,77,a page,c\n"
        "2017,Neurology,78,as above (later),\n2018,Neurology,79,,D\n"
    )
    table = raw.alone("a.csv", "applications", text).read().table("applications")
    assert table["source"].tolist() == ["a page", "a page (later)", "a page"]
    assert table["grade"].tolist() == ["C", "B", "D"]


def test_a_source_that_no_row_names_is_the_title(raw):
    table = (
        raw.alone("a.csv", "correlations", "Measure A,Measure B,r\nStep 2 CK,visa needed,–0.2\n")
        .read()
        .table("correlations")
    )
    assert table[["r", "source"]].values.tolist() == [[-0.2, "A report"]]


def test_as_another_row(raw):
    text = (
        "id,covariate,unit,scale,estimate,se,population,source\n"
        "x,step2_ck,10 points,log odds match,0.4,0.1,IMGs,a study\n"
        "y,usce_months,,log-odds-match,,,as x,as x\n"
    )
    table = raw.alone("a.csv", "effects", text).read().table("effects")
    assert table["population"].tolist() == ["IMGs", "IMGs"] and table["source"].tolist() == [
        "a study",
        "a study",
    ]
    assert table["scale"].tolist() == ["log_odds_match"] * 2


ADJUSTED = {
    "step2_ck; visa needed": ("step2_ck;visa_needed", "yes"),
    " Step 1 score ;Age;": ("step1;age", "yes"),
    "country income; scores": ("country_income;exam_scores", "yes"),
    "USCE months; usce_months": ("usce_months", "no"),
    "IMG status; step1_failed": ("applicant_type;step1_failed", "no"),
    "nothing": ("nothing", "no"),
    "–": ("", "no"),
    "": ("", "no"),
}


@pytest.mark.parametrize("text", ADJUSTED)
def test_what_an_effect_is_adjusted_for_is_parsed_once(raw, text):
    written = (
        f"id,covariate,unit,scale,estimate,se,adjusted for\n"
        f"x,visa_needed,yes vs no,log_odds_match,0.4,0.1,{text}\n"
    )
    table = raw.alone("a.csv", "effects", written).read().table("effects")
    assert table[["adjusted_for", "score_adjusted"]].values.tolist() == [list(ADJUSTED[text])]


def test_a_column_that_the_reader_makes_is_not_read(raw):
    text = (
        "id,covariate,unit,scale,estimate,se,score adjusted\n"
        "x,visa_needed,yes vs no,log_odds_match,0.4,0.1,yes\n"
    )
    (problem,) = raw.alone("a.csv", "effects", text).problems()
    assert (
        problem.startswith("report/a.csv: row 1, column score adjusted: unknown column")
        and "Score Adjusted" not in problem
    )


def test_shares_and_counts_and_whom_they_are_of(raw):
    text = (
        "Covariate,Value,Applicant Type,Population,Count,Share,SE\n"
        "Visa Needed,Yes,All IMGs,those who ranked,,85.4%,0.004\nstep1 failed,no,,,12,,\n"
    )
    table = raw.alone("a.csv", "population", text, 'applicant_type = "US IMGs"').read().table("population")
    assert table[["covariate", "value", "applicant_type", "population", "grade"]].values.tolist() == [
        ["visa_needed", "yes", "img", "those who ranked", "B"], ["step1_failed", "no", "us-img", "", "B"],
    ]  # fmt: skip
    assert (
        table["share"].tolist()[0] == 0.854
        and np.isnan(table["count"].tolist()[0])
        and table["count"].tolist()[1] == 12
    )
    told = (
        raw.alone("a.csv", "population", "Covariate,Value,Count\nvisa_needed,no,12\n")
        .read()
        .table("population")
    )
    assert told[["applicant_type", "source"]].values.tolist() == [["", "A report"]]


def test_a_type_of_source_toml_that_the_layout_has_not(raw):
    problems = raw.alone(
        "a.csv", "population", "Covariate,Value,Count\nvisa_needed,no,12\n", 'applicant_type = "us-senior"'
    ).problems()
    assert problems == [
        "report/a.csv: Applicant Type: 'us-senior' is given in source.toml and is no word of this layout "
        "(expected one of img, us-img, non-us-img)"
    ]


def test_programs_of_a_sample(raw):
    text = "Specialty,Applicant Type,Invitation Rate,Programs\nNeurology,us-img,0.1,5\n"
    table = (
        raw.alone(
            "a.csv", "invitations", text.replace("Programs", "Programs,Coverage").replace(",5", ",5,Sample")
        )
        .read()
        .table("invitations")
    )
    assert table["coverage"].tolist() == ["sample"] and table["programs_listed"].isna().all()
    listed = text.replace("Programs", "Programs,Programs Listed").replace(",5", ",5,9")
    assert raw.alone("a.csv", "invitations", listed).read().table("invitations")["coverage"].tolist() == [
        "all"
    ]


def test_invitations_held_are_ranges(raw):
    text = (
        "Specialty,Applicant Type,Invitations,Applicants,Matched\nGeneral Surgery,All types,1–2,5,0\n"
        "General Surgery,all,10 or More,9,7\n"
    )
    table = raw.alone("a.csv", "invited-interviews", text).read().table("invited_interviews")
    assert table[["applicant_type", "bin", "low"]].values.tolist() == [["all", "1-2", 1], ["all", "10+", 10]]
    assert table["high"].tolist()[0] == 2 and np.isnan(table["high"].tolist()[1])


DATES = {"2025-07-01": "2025-07-01", "2025–07–01": "2025-07-01", " 2025-07-01 ": "2025-07-01"}


@pytest.mark.parametrize("text, day", DATES.items())
def test_dates(raw, text, day):
    table = (
        raw.alone("a.csv", "exam-reference", f"Item,From,Value\nPassing Score,{text},218\nscale high,–,300\n")
        .read()
        .table("exam_reference")
    )
    assert table[["item", "from_date", "value"]].values.tolist() == [
        ["passing_score", day, 218],
        ["scale_high", "", 300],
    ]


def test_a_spreadsheets_date_is_a_date_where_one_is_asked_for(raw):
    from datetime import date

    from ..case_tables import book

    content = book([["Item", "From", "Value"], ["passing_score", date(2025, 7, 1), 218]])
    assert raw.alone("a.xlsx", "exam-reference", content).read().table("exam_reference")[
        "from_date"
    ].tolist() == ["2025-07-01"]


def test_the_page_is_the_rows_own_or_the_tables(raw):
    text = "Specialty,Bin,Matched,Not Matched,Report Page\nNeurology,1,3,4,22\nNeurology,2,3,4,\n"
    table = (
        raw.alone("a.csv", "bins", text, TYPE, 'measure = "contiguous ranks"', 'page = "Chart 3"')
        .read()
        .table("bins")
    )
    assert table["page"].tolist() == ["22", "Chart 3"]


def test_a_person_table_is_read(raw):
    text = (
        "specialty,applicant_type,step2_ck,step1_attempts,step2_attempts,yog,usce_months,visa_needed,cycle,"
        "matched\n"
        "Neurology,us img,245,1,,2019,3,TRUE,2026,Yes\nNeurology,us img,245,1,,2019,3,TRUE,2026,Yes\n"
    )
    table = raw.alone("people.csv", "applicants", text).read().table("applicants")
    assert table[["visa_needed", "matched", "cycle"]].values.tolist() == [["yes", "yes", 2026]] * 2
