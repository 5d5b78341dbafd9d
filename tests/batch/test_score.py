"""A table of applicants: the numbers of predict, ways to write a table, refusals that write nothing."""

import csv
import math
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.batch.columns import ANSWERS, CHANCES, ENDS, GIVEN, OUTCOMES, REQUIRED, SPELLINGS
from matchmodel.batch.columns import COLUMNS as KNOWN_COLUMNS
from matchmodel.batch.columns import PERSON as PERSON_COLUMN
from matchmodel.batch.score import score_applicants
from matchmodel.batch.table import read_table
from matchmodel.tabular.cells import key

from ..etl.case_tables import book
from ..model.synthetic import CHAINED, GREY, WITHHELD, model, model_file
from ..running import run
from ..strategies import applicants_of, questions

MODEL = model()
COLUMNS = [name + end for name in CHANCES for end in ENDS]
EVERYTHING = [name + end for name in (*CHANCES, *REQUIRED, GIVEN) for end in ENDS]


def figures(applicant, question=None, names=COLUMNS):
    """Return the numbers of an answer under the names of columns, NaN where there is none."""
    answer = MODEL.odds(applicant, question)
    found = {}
    for name in (*CHANCES, GIVEN):
        one = getattr(answer, name)
        found |= dict(zip((name + end for end in ENDS), (math.nan,) * 3 if one is None else one, strict=True))
    for name in REQUIRED:
        one = getattr(answer, name)
        values = (None,) * 3 if one is None else (one.applications, one.low, one.high)
        found |= {name + end: math.nan if v is None else v for end, v in zip(ENDS, values, strict=True)}
    return [found[name] for name in names]


def score(tmp_path, capsys, content, out="out put.csv"):
    """Answer a table written as bytes or text; (status, rows, standard error)."""
    table, out = tmp_path / "in put.csv", tmp_path / out
    table.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, _, err = run(capsys, "score", table, out, "--model", model_file())
    if not out.exists():
        return status, None, err
    with open(out, encoding="utf-8", newline="") as file:
        return status, list(csv.reader(file)), err


# --- the same numbers as predict ----------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(applicants_of(MODEL), questions()), min_size=1, max_size=8))
def test_random_tables_have_the_numbers_of_predict(rows):
    people, asked = [a for a, _ in rows], [q for _, q in rows]
    found = score_applicants(MODEL, people, asked)
    names = [name for name in EVERYTHING if name in found]
    assert [*found] == [*names, "trust"]
    assert (REQUIRED[0] in names, GIVEN in names) == (
        any(q.target is not None for q in asked),
        any(q.interviews is not None for q in asked),
    )
    for k, (applicant, question) in enumerate(rows):
        wanted = figures(applicant, question if REQUIRED[0] in names else question.replace(target=0.5), names)
        assert [found[name][k] for name in names] == pytest.approx(wanted, abs=1e-12, rel=0, nan_ok=True)
        assert found["trust"][k] == MODEL.cell(applicant.applicant_type, applicant.specialty).trust.kind


def test_nothing_but_the_usual_number_is_asked_without_questions():
    people = [
        Applicant(s, kind, step2_ck=250) for kind in MODEL.applicant_types for s in (CHAINED, GREY, WITHHELD)
    ]
    found = score_applicants(MODEL, people)
    assert [*found] == [*COLUMNS, "trust"]
    for k, applicant in enumerate(people):
        assert [found[name][k] for name in COLUMNS] == pytest.approx(
            figures(applicant), abs=1e-12, nan_ok=True
        )


def test_more_rows_than_are_answered_at_once():
    people = [Applicant("IM", "non-us-img", step2_ck=200 + k % 90) for k in range(210)]
    found = score_applicants(MODEL, people)
    for k in (0, 99, 100, 209):
        assert [found[name][k] for name in COLUMNS] == pytest.approx(figures(people[k]), abs=1e-12)


# --- ways to write a table ----------------------------------------------------------------------------------

IM, US = Applicant("IM", "non-us-img", step2_ck=250), Applicant("Dermatology", "us-img")
FULL = Applicant("IM", "non-us-img", 250, 1, 2, 2024, 4, True, 2026)
TABLES = {  # a table -> who is in it
    "plain": ("specialty,applicant_type,step2_ck\nIM,non-us-img,250\nDermatology,us-img,\n", [IM, US]),
    "byte order mark, CRLF": (
        b"\xef\xbb\xbfspecialty,applicant_type,step2_ck\r\nIM,non-us-img,250\r\nDermatology,us-img,\r\n",
        [IM, US],
    ),
    "headers in any spelling": (" SPECIALTY ,Applicant-Type,Step2 CK\nIM,non-us-img,250\n", [IM]),
    "headers run together": ("Specialty,ApplicantType,STEP2CK\nIM,non-us-img,250\n", [IM]),
    "other order, spaces": (
        "step2_ck,applicant_type,specialty\n 250 , Non US IMG , Internal Medicine\n",
        [IM],
    ),
    "quoted": ('"specialty","applicant_type","step2_ck"\n"IM","non-us-img","250"\n', [IM]),
    "no last line end": ("specialty,applicant_type,step2_ck\nIM,non-us-img,250", [IM]),
    "blank lines": ("\nspecialty,applicant_type,step2_ck\n\nIM,non-us-img,250\n\n", [IM]),
    "only a header": ("specialty,applicant_type,step2_ck\n", []),
    "every column": (
        "specialty,applicant_type,step2_ck,step1_attempts,step2_attempts,yog,usce_months,visa_needed,cycle,matched,interviews\n"
        "IM,non-us-img,250,1,2,2024,4,yes,2026,1,7\n",
        [FULL],
    ),
    "a green card": (
        "specialty,applicant_type,step2_ck,visa_needed\nIM,non-us-img,250,green card\n",
        [IM.replace(visa_needed=False)],
    ),
    "years and failures": (
        "specialty,applicant_type,step2_ck,step1_failed,step2_failed,years_since_graduation,usce_months,visa_needed\n"
        "IM,non-us-img,250,0,TRUE,2,4,1\n",
        [FULL.replace(cycle=None).replace(yog=2025)],
    ),
    "agreeing twice": (
        "specialty,applicant_type,step1_attempts,step1_failed,yog,years_since_graduation\nIM,us-img,2,yes,2020,7\n",
        [Applicant("IM", "us-img", step1_attempts=2, yog=2020)],
    ),
    "floats of a spreadsheet": (
        "specialty,applicant_type,step1_attempts,yog,visa_needed\nIM,non-us-img,2.0,2020.0,1.0\n",
        [Applicant("IM", "non-us-img", step1_attempts=2, yog=2020, visa_needed=True)],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(name, tmp_path, capsys):
    content, people = TABLES[name]
    status, (header, *rows), err = score(tmp_path, capsys, content)
    assert (status, err) == (0, "")
    start = header.index("p_ranked")
    assert header[start : start + len(COLUMNS)] == COLUMNS and header[-1] == "trust"
    found = [
        [float(cell) if cell else math.nan for cell in row[start : start + len(COLUMNS)]] for row in rows
    ]
    assert found == [pytest.approx(figures(a), abs=1e-12, nan_ok=True) for a in people]


def test_questions_of_a_table(tmp_path, capsys):
    asked = Question(120, 0.4, 3)
    content = (
        "specialty,applicant_type,step2_ck,applications,target,interviews\n"
        "IM,non-us-img,250,120,40%,3\nDermatology,us-img,,,,\nPlastic Surgery,us-img,,,,0\n"
    )
    status, (header, *rows), err = score(tmp_path, capsys, content)
    assert (status, err) == (0, "") and header[6:] == [*EVERYTHING, "trust"]
    assert [float(cell) for cell in rows[0][6:-1]] == pytest.approx(figures(IM, asked, EVERYTHING), abs=1e-12)
    assert (
        [row[-1] for row in rows] == ["ok", "grey", "withheld"]
        and set(rows[2][6:-1]) == {""}
        and rows[1][6]
        and not rows[1][9]
    )
    assert rows[0][header.index("required_applications")].isdecimal()


def test_what_is_not_read_is_carried_along_and_named(tmp_path, capsys):
    content = 'specialty,note,applicant_type,note,papers\nIM,"a ""b"", c",us-img,é\nd,2\n'.replace(
        "é\nd", '"é\nd"'
    )
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text(content, encoding="utf-8")
    status, said, _ = run(capsys, "score", table, out, "--model", model_file())
    with open(out, encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert status == 0 and said == f"Not read: note, note, papers\n1 applicant answered, written to {out}\n"
    assert header[:5] == ["specialty", "note", "applicant_type", "note", "papers"] and row[:5] == [
        "IM",
        'a "b", c',
        "us-img",
        "é\nd",
        "2",
    ]


PERSON = FULL.replace(cycle=None, step2_ck=250.5, usce_months=3.5, step2_attempts=1)
WRITTEN = {  # headers and a row as people write them -> what is said of the headers
    "words": (
        "Specialty;Type;Step 2;Step 1 attempts;Attempts at Step 2 CK;Graduation year;USCE;Need visa?\n"
        "Internal Medicine;Non-US citizen IMG;250,5;1;1;2024;3,5;J-1\n",
        'Read: "Type" as applicant_type, "Step 2" as step2_ck, "Attempts at Step 2 CK" as step2_attempts, '
        '"Graduation year" as yog, "USCE" as usce_months, "Need visa?" as visa_needed',
    ),
    "other words": (
        "Speciality\tIMG type\tUSMLE Step 2 CK Score\tStep1 tries\tStep 2 attempts\tYear of graduation\t"
        "US clinical experience (months)\tVisa status\nIM\tnon-us-img\t250.5\t1\t1\t2024\t3.5\tyes\n",
        'Read: "Speciality" as specialty, "IMG type" as applicant_type, "USMLE Step 2 CK Score" as step2_ck, '
        '"Step1 tries" as step1_attempts, "Year of graduation" as yog, '
        '"US clinical experience (months)" as usce_months, "Visa status" as visa_needed',
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_headers_as_people_write_them(name, tmp_path):
    content, said = WRITTEN[name]
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    read = read_table(tmp_path / "in.csv", MODEL)
    assert read.applicants == [PERSON] and read.said == (said,)


@pytest.mark.parametrize("word", ["", " ", "unknown", "Unknown", "n/a", "N/A", "NA", "-", "–", "?", "nan"])
def test_unknown_in_every_way(word, tmp_path):
    columns = [name for name in KNOWN_COLUMNS if name not in ("specialty", "applicant_type")]
    row = ",".join(["IM,us-img", *[word] * len(columns)])
    (tmp_path / "in.csv").write_text(f"specialty,applicant_type,{','.join(columns)}\n{row}\n", "utf-8")
    read = read_table(tmp_path / "in.csv", MODEL)
    assert (read.applicants, read.questions) == ([Applicant("IM", "us-img")], [Question()])


def test_every_column_has_spellings_of_its_own():
    assert set(SPELLINGS) == {*KNOWN_COLUMNS, *OUTCOMES, PERSON_COLUMN}
    every = [key(text) for name, others in SPELLINGS.items() for text in {key(t) for t in (name, *others)}]
    assert len(every) == len(set(every)) and not ANSWERS & set(every)


UNREAD = {  # a header -> the end of why it is not let pass
    "Step 1": 'the column "Step 1" is not read, though it looks like what an answer takes (the model has no',
    "Step 3 passed": "(the model has no Step 3)",
    "USCE (weeks)": 'the column "USCE (weeks)" is not read',
    "Attempts": 'the column "Attempts" is not read',
    "Years": None,
    "Visa in hand": 'the column "Visa in hand" is not read',
    "Second specialty": 'the column "Second specialty" is not read',
    "Name": None,
    "Publications": None,
}


@pytest.mark.parametrize("header", UNREAD)
def test_a_column_that_looks_like_an_input_is_not_passed_over(header, tmp_path, capsys):
    (tmp_path / "in.csv").write_text(f"specialty,applicant_type,{header}\nIM,us-img,7\n", "utf-8")
    words = ["score", tmp_path / "in.csv", tmp_path / "out.csv", "--model", model_file()]
    status, said, err = run(capsys, *words)
    if UNREAD[header] is not None:
        assert (status, said) == (2, "") and UNREAD[header] in err and len(err.splitlines()) == 1
        assert not (tmp_path / "out.csv").exists()
        status, said, err = run(capsys, *words, "--ignore-unread")
    assert (status, err) == (0, "") and f"Not read: {header}\n" in said


def test_a_workbook_is_the_same_table(tmp_path, capsys):
    rows = [["Specialty", "Type", "Step 2"], ["IM", "non-us-img", 250], ["Dermatology", "us-img", None]]
    (tmp_path / "in.xlsx").write_bytes(book(rows))
    read = read_table(tmp_path / "in.xlsx", MODEL)
    assert read.applicants == [IM, US]
    (tmp_path / "in.xlsx").write_bytes(book([*rows, ["IM", "us-img", date(2026, 5, 1)]]))
    with pytest.raises(ValueError, match="row 4: step2_ck '2026-05-01' is a date or a time"):
        read_table(tmp_path / "in.xlsx", MODEL)


def test_what_a_spreadsheet_would_run_is_made_harmless(tmp_path, capsys):
    cells = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", " =1", "\uff1d1", "-5", "+1.5", "-", "a=b"]
    table = tmp_path / "in.csv"
    with open(table, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["specialty", "applicant_type", "=x", *"abcdefghi"], ["IM", "us-img", *cells]]
        )
    assert run(capsys, "score", table, tmp_path / "out.csv", "--model", model_file())[0] == 0
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        header, row = csv.reader(file)
    assert header[2] == "'=x" and row[2:12] == [*("'" + cell for cell in cells[:6]), *cells[6:]]


def test_a_lone_carriage_return_stays_in_its_cell(tmp_path, capsys):
    status, (_, row), _ = score(tmp_path, capsys, 'specialty,note,applicant_type\nIM,"a\rb",us-img\n')
    assert status == 0 and row[:3] == ["IM", "a\rb", "us-img"]


def test_tabs_where_the_name_says_so(tmp_path, capsys):
    (tmp_path / "in.csv").write_text("specialty,applicant_type\nIM,us-img\n", encoding="utf-8")
    assert run(capsys, "score", tmp_path / "in.csv", tmp_path / "o.tsv", "--model", model_file())[0] == 0
    assert (tmp_path / "o.tsv").read_text("utf-8").startswith("specialty\tapplicant_type\tp_ranked\t")


@pytest.mark.parametrize("name", ["in.csv", "link.csv", "model.json", "out.xlsx"])
def test_nothing_is_overwritten_that_is_kept(name, tmp_path, capsys):
    (tmp_path / "model.json").write_bytes(Path(model_file()).read_bytes())
    (tmp_path / "in.csv").write_text("specialty,applicant_type\nIM,us-img\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "in.csv")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    words = ["score", tmp_path / "in.csv", tmp_path / name, "--model", tmp_path / "model.json"]
    status, said, err = run(capsys, *words)
    assert (status, said) == (2, "") and len(err.splitlines()) == 1
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_an_answers_file_keeps_its_mode(tmp_path, capsys):
    out = tmp_path / "out put.csv"
    out.touch()
    out.chmod(0o600)
    assert score(tmp_path, capsys, "specialty,applicant_type\nIM,us-img\n")[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600 and out.stat().st_size > 0


def test_scored_again_is_the_same_table(tmp_path, capsys):
    first, second, third = (tmp_path / name for name in ("1.csv", "2.csv", "3.csv"))
    first.write_text("specialty,applicant_type,P Ranked,p_apply_low\nIM,us-img,9,9\n", encoding="utf-8")
    assert run(capsys, "score", first, second, "--model", model_file())[0] == 0
    once = second.read_text(encoding="utf-8")
    assert once.splitlines()[0] == ",".join(["specialty", "applicant_type", *COLUMNS, "trust"])
    assert run(capsys, "score", second, third, "--model", model_file())[0] == 0
    assert third.read_text(encoding="utf-8") == once and len(os.listdir(tmp_path)) == 3


def test_a_link_stays_a_link(tmp_path, capsys):
    (tmp_path / "there").mkdir()
    link = tmp_path / "out put.csv"
    link.symlink_to(tmp_path / "there" / "real.csv")
    assert score(tmp_path, capsys, "specialty,applicant_type\nIM,us-img\n")[0] == 0
    assert link.is_symlink() and (tmp_path / "there" / "real.csv").is_file()


# --- in chunks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_chunks_are_the_table(encoding, tmp_path, capsys, monkeypatch):
    lines = ["specialty,applicant_type,step2_ck,target,name"]
    lines += [f"IM,non-us-img,{230 + k},{'' if k < 16 else '4%'},né {k}" for k in range(20)]
    lines.insert(9, ",,,,")
    content = "\r\n".join(lines).encode(encoding)
    whole = score(tmp_path, capsys, content, "whole.csv")
    monkeypatch.setattr("matchmodel.batch.chunks.ROWS_AT_ONCE", 3)
    monkeypatch.setattr("matchmodel.tabular.table.PIECE", 7)
    assert score(tmp_path, capsys, content, "parts.csv") == whole and whole[0] == 0
    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "parts.csv").read_bytes()
    assert [row[4] for row in whole[1][1:]] == [f"né {k}" for k in range(20)]
    assert whole[1][0][17:20] == [REQUIRED[0] + end for end in ENDS]
    assert whole[1][20][17].isdecimal()


def test_faults_of_all_chunks_stand_in_order(tmp_path, capsys, monkeypatch):
    content = "specialty,applicant_type,step2_ck\n" + "".join(
        f"IM,us-img,{999 if k % 2 else 240}\n" for k in range(100)
    )
    whole = score(tmp_path, capsys, content.replace("240\n", "240\nIM\n", 1))
    monkeypatch.setattr("matchmodel.batch.chunks.ROWS_AT_ONCE", 3)
    assert score(tmp_path, capsys, content.replace("240\n", "240\nIM\n", 1)) == whole
    lines = whole[2].splitlines()
    assert whole[:2] == (2, None) and len(lines) == 41 and lines[-1].endswith("and 11 more problems")
    assert "row 3 has another number of cells" in lines[0] and "row 4: Step 2 CK is 999" in lines[1]


def test_a_table_that_breaks_off_late_leaves_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("matchmodel.batch.chunks.ROWS_AT_ONCE", 3)
    content = "specialty,applicant_type,name\n" + "IM,us-img,x\n" * 10 + 'IM,us-img,"open\n'
    status, rows, err = score(tmp_path, capsys, content)
    assert (status, rows) == (2, None) and "row 12 cannot be read" in err and len(os.listdir(tmp_path)) == 1
