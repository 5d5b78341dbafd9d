"""A table of programs is read as written, and refused with everything that is wrong at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmodel.advice.programs.table import (
    COLUMNS,
    FIELDS,
    NO_LIMIT,
    read_programs,
    template,
    write_template,
)
from matchmodel.errors import RefusedInput

from ...asking import run
from ...worked import DOCS

MADE_UP = DOCS / "made-up-programs.csv"


def read(tmp_path, text):
    path = tmp_path / "programs.csv"
    path.write_text(text, encoding="utf-8")
    return read_programs(path)


def refused(tmp_path, text):
    with pytest.raises(RefusedInput) as error:
        read(tmp_path, text)
    return [line.removeprefix(f"{tmp_path / 'programs.csv'}: ") for line in str(error.value).split("\n")]


def test_the_template_explains_every_column_and_is_read_once_filled_in(tmp_path):
    path = tmp_path / "mine.csv"
    write_template(path)
    text = path.read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"# {column.name}: " in text and column.explained
    assert max(map(len, text.split("\n")[:-2])) <= 120
    with pytest.raises(RefusedInput, match="has columns but no programs"):
        read_programs(path)
    path.write_text(text + "Made-up Program 01,,IM" + "," * (len(COLUMNS) - 3) + "\n", encoding="utf-8")
    (program,) = read_programs(path).programs
    assert (program.label, program.specialty, program.row) == (
        "Made-up Program 01",
        "Internal Medicine",
        text.count("\n") + 1,
    )
    assert {getattr(program, name) for name in FIELDS if name not in ("row", "program", "specialty")} == {
        None
    }


def test_a_template_is_never_written_over_a_file(tmp_path, capsys):
    path = tmp_path / "mine.csv"
    assert (
        run(capsys, "programs", "--template", path)[0] == 0 and path.read_text(encoding="utf-8") == template()
    )
    path.write_text("precious", encoding="utf-8")
    status, _, said = run(capsys, "programs", "--template", path)
    assert status == 2 and "already exists" in said and path.read_text(encoding="utf-8") == "precious"


def test_headers_are_matched_loosely_and_units_read(tmp_path):
    table = read(
        tmp_path,
        '"# a comment, with commas",,\n\nName,SPECIALTY,IMG-Share pct,Invitation Rate Non US '
        "IMG,invitation_rate_us_img,Step2 Cutoff,Attempts accepted,Years_Since_Graduation Accepted,Sponsors "
        "J1,colour\n"
        "Made-up A,im,35,6%,0.1,none,2,5.5,YES,red\n"
        "Made-up B,FM,35%,,,230,None,none,unknown,\n",
    )
    a, b = table.programs
    assert (a.program, a.specialty, a.img_share, a.invitation_rate_non_us_img, a.invitation_rate_us_img) == (
        "Made-up A",
        "Internal Medicine",
        0.35,
        0.06,
        0.1,
    )
    assert (a.step2_cutoff, a.attempts_accepted, a.years_since_graduation_accepted, a.sponsors_j1, a.row) == (
        NO_LIMIT,
        2,
        5.5,
        True,
        4,
    )
    assert (
        b.step2_cutoff,
        b.attempts_accepted,
        b.years_since_graduation_accepted,
        b.sponsors_j1,
        b.img_share,
    ) == (230, NO_LIMIT, NO_LIMIT, None, 0.35)
    assert table.unread == ("colour",) and table.specialties == ["Internal Medicine", "Family Medicine"]


def test_all_problems_are_told_at_once_with_row_and_column(tmp_path):
    said = refused(
        tmp_path,
        "program,specialty,img_share,step2_cutoff,attempts_accepted,sponsors_j1,invitation_rate_us_img_pct,applicants_us_img\n"
        "A,IM,35,,,,,\n,IM,,999,,,,\nC,Astrology,,,1.5,perhaps,,\nD,,,,,,120,0\nE,IM,lots\n# "
        "skipped\nA,Internal Medicine,,,,,,\n",
    )
    wanted = [
        "row 2, column img_share: '35' cannot be; it is a proportion between 0 and 1, such as 0.06; write 6%",
        "row 3, column step2_cutoff: 999 cannot be; it is between 1 and 300, or none",
        "row 3, column program: it is blank; name the program",
        "row 4, column specialty: unknown specialty 'Astrology'",
        "row 4, column attempts_accepted: 1.5 is not a whole number",
        "row 4, column sponsors_j1: sponsors_j1 is 'perhaps'; it is yes or no",
        "row 5, column invitation_rate_us_img_pct: '120' cannot be; it is in percent",
        "row 5, column applicants_us_img: 0 cannot be; it is between 1 and 100,000",
        "row 5, column specialty: it is blank; give one such as Internal Medicine",
        "row 6 has another number of cells than the header (3, not 8)",
        "row 8, column program: 'A' already stands in row 2",
    ]
    assert len(said) == len(wanted) and all(
        line.startswith(start) for line, start in zip(said, wanted, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty; its first line names the columns"),
        ("# nothing but a comment\n", "is empty; its first line names the columns"),
        ("state,setting\nX,Y\n", "the column specialty is missing"),
        ("specialty\nIM\n", "the column program is missing (or id)"),
        ("program,name,specialty\nA,B,IM\n", "two columns mean program"),
        ("program,specialty,img_share,img_share_pct\nA,IM,0.3,30\n", "two columns mean img_share"),
        ("program;state\nA;NY\n", "the column specialty is missing"),  # split by semicolons is a table too
        ('program,specialty\n"A"x,IM\n', "cannot be read: ',' expected after"),
        ("program,specialty\nA\x07,IM\n", "is not plain text"),
        (
            "program,specialty\n" + "A,IM\n" * 10_001,
            "has 10,001 rows; a table of programs has 10,000 at most",
        ),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, text, said):
    assert any(said in line for line in refused(tmp_path, text))


def test_a_table_that_is_not_there_names_the_mend(tmp_path):
    with pytest.raises(
        RefusedInput, match="write an empty one to fill in with: matchmodel programs --template"
    ):
        read_programs(tmp_path / "nowhere.csv")


def test_hundreds_of_problems_are_counted(tmp_path):
    said = refused(tmp_path, "program,specialty\n" + "".join(f"A{k},nonsense{k}\n" for k in range(100)))
    assert len(said) == 41 and said[-1] == "and 60 more problems"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_plain_lines(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "programs.csv"
    path.write_text("program,specialty,img_share\n" + text, encoding="utf-8", errors="replace", newline="")
    try:
        read_programs(path)
    except RefusedInput as error:
        assert all(line.isprintable() for line in str(error).split("\n"))


def test_the_table_of_the_docs_is_plainly_made_up():
    lines = MADE_UP.read_text(encoding="utf-8").strip().split("\n")
    assert lines[0].startswith("# MADE UP")
    rows = [line for line in lines if not line.startswith("#")][1:]
    assert len(rows) == 40 and all(
        row.startswith("Made-up Program ") and row.endswith(",made up") for row in rows
    )
    assert len(read_programs(MADE_UP).programs) == 40
