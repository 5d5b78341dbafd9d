"""Tables that people export for themselves, on made-up files that follow the pages' column names."""

import pytest

from matchmodel.advice.programs.table import NO_LIMIT, read_programs
from matchmodel.advice.programs.table.columns import COLUMNS
from matchmodel.advice.programs.table.exports import _BY_KEY, LOCATION, VISAS, likely, state, visas
from matchmodel.errors import RefusedInput
from matchmodel.tabular.cells import key

FREIDA = (
    "My saved programs\n\n"
    "Program Name,ACGME ID,Specialty,City,State,Program Type,Visa status accepted,"
    "Minimum Step 2 CK score,Years since graduation,First-year salary\n"
    'Made-up Hospital Program,1234567890,Internal Medicine,Somewhere,NY,Community,"J-1, H-1B",220,'
    '5 years,"$65,000"\n'
    "Other Made-up Program,1234567891,Family Medicine,Elsewhere,NJ,University,None,No minimum,N/A,\n"
)
EXPLORER = (
    "Institution\tLocation\t% IMG\tUS IMG % invited\tNon-US IMG % Invited\tNon-US IMG Applicants\tSignals\n"
    "Made-up Center\tBronx, NY 10467\t45\t6.1\t3.2\t1,210\tYes\n"
    "Made-up Clinic\tNewark, NJ\t80%\t\tNot reported\t\tNo\n"
)


def read(tmp_path, text, specialty=None, name="export.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return read_programs(path, specialty)


def test_a_table_of_saved_programs_is_read_by_its_headers(tmp_path):
    table = read(tmp_path, FREIDA, encoding="cp1252")
    a, b = table.programs
    assert (a.program, a.id, a.state, a.setting) == (
        "Made-up Hospital Program", "1234567890", "NY", "Community",
    )  # fmt: skip
    assert (a.sponsors_j1, a.sponsors_h1b, a.step2_cutoff, a.years_since_graduation_accepted) == (
        True, True, 220, 5,
    )  # fmt: skip
    assert (b.sponsors_j1, b.sponsors_h1b, b.step2_cutoff, b.years_since_graduation_accepted) == (
        False, False, NO_LIMIT, None,
    )  # fmt: skip
    assert (a.cells["city"], a.cells["firstyearsalary"]) == ("Somewhere", "$65,000")
    assert table.unread == ("City", "First-year salary")
    assert dict(table.mapped)["ACGME ID"] == "id" and any("above the header" in line for line in table.said)


def test_an_export_without_a_specialty_takes_the_one_that_is_asked(tmp_path):
    table = read(tmp_path, EXPLORER, "IM", "export.tsv")
    a, b = table.programs
    assert {p.specialty for p in table.programs} == {"Internal Medicine"}
    assert (a.state, a.img_share, a.invitation_rate_us_img, a.invitation_rate_non_us_img) == (
        "NY", 0.45, pytest.approx(0.061), pytest.approx(0.032),
    )  # fmt: skip
    assert (a.applicants_non_us_img, a.signals, b.signals) == (1210, True, False)
    assert (b.state, b.img_share, b.invitation_rate_non_us_img) == ("NJ", 0.8, None)
    with pytest.raises(RefusedInput, match="the column specialty is missing; where all are of one"):
        read(tmp_path, EXPLORER)


def test_our_own_names_come_first_and_a_second_likely_one_is_carried(tmp_path):
    text = "ACGME ID,id,program,Institution,specialty,IMGs\n77,5,P,H,IM,\n"
    table = read(tmp_path, text)
    assert (table.programs[0].id, table.programs[0].program) == ("5", "P")
    assert table.programs[0].cells == {"acgmeid": "77", "institution": "H"}
    assert [h for h, _ in table.mapped] == ["IMGs"]


NO_TABLES = {
    "applicants": ("name_of_person,score,visa\nX,240,yes\n", "no column is known here ('name_of_person'"),
    "one word": ("hello\n", "is no table of programs"),
    "pdf": ("%PDF-1.7 ...", "is a PDF"),
    "zip": ("PK\x03\x04 ...", "cannot be read"),
    "web page": ("<html><body>Programs</body></html>\n", "is no table of programs"),
    "json": ('{"programs": [1, 2]}\n', "is no table of programs"),
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_export_is_refused_in_one_line(tmp_path, name):
    text, said = NO_TABLES[name]
    with pytest.raises(RefusedInput) as error:
        read(tmp_path, text)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_likely_names_are_keys_of_columns_and_none_of_ours():
    ours = {key(text) for column in COLUMNS for text in (column.name, *column.aliases)}
    assert set(_BY_KEY.values()) <= {column.name for column in COLUMNS} | {VISAS, LOCATION}
    assert not ours & set(_BY_KEY) and all(key(text) == text for text in _BY_KEY)
    assert likely(key("Percent of IMGs")) == likely(key("IMGs %")) == ("img_share", True)
    assert likely(key("IMGs")) == ("img_share", False) and likely(key("Coffee")) == (None, False)


def test_cells_that_say_more_than_one_thing():
    assert visas("H-1B") == {"sponsors_j1": False, "sponsors_h1b": True}
    assert visas("J1 visa") == {"sponsors_j1": True, "sponsors_h1b": False}
    assert visas("None") == {"sponsors_j1": False, "sponsors_h1b": False} and visas("Yes") == {}
    assert [state(text) for text in ("Bronx, NY", "Bronx, NY 10467-2490", "Bronx", ", NY")] == [
        "NY", "NY", None, None,
    ]  # fmt: skip
