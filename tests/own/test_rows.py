"""Reading your own applicants: who is used, what each row weighs, what is told, what is refused."""

import csv
from datetime import date

import numpy as np
import pytest

from matchmodel.batch.table import read_table
from matchmodel.cli.main import main
from matchmodel.errors import RefusedInput
from matchmodel.own.outcomes import read_outcomes
from matchmodel.own.rows import outcome, read_own, remarks
from matchmodel.own.told import WHY_SOME
from matchmodel.own.update.numbers import own_rows, used_rows

from ..etl.case_tables import book
from ..running import run
from .people import MODEL

HEAD = (
    "specialty",
    "applicant_type",
    "step2_ck",
    "yog",
    "visa_needed",
    "cycle",
    "interviews",
    "matched",
    "Person",
)
IM = ("Internal Medicine", "non-us-img", "245", "2020", "yes", "2026", "5")
WITHHELD = next(s for s in MODEL.specialties("us-img") if MODEL.withheld("us-img", s))


def write(path, *rows, head=HEAD):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def read(path):
    return used_rows(read_own(path, MODEL))


def test_unknown_outcomes_and_no_interviews_are_left_out_and_counted(tmp_path):
    table = write(
        tmp_path / "t.csv",
        (*IM, "yes", ""), (*IM, "", ""), (*IM, "unknown", ""),
        (*IM[:6], "0", "no", ""), (*IM[:6], "", "no", ""),
        ("Neurology", "us-img", "", "", "", "", "3", "no", ""),
        (WITHHELD, "us-img", "", "", "", "", "3", "no", ""),
    )  # fmt: skip
    rows, _ = read(table)
    own = read_own(table, MODEL)
    assert own.tally.parts == {
        "no interviews": (0, 1), "non-us-img": (1, 1), "unknown outcome": (0, 2), "us-img": (0, 1),
        "withheld": (0, 1),
    }  # fmt: skip
    assert len(own) == 7 and len(rows) == 4
    assert rows.matched.tolist() == [1, 0, 0, 0] and rows.weight.tolist() == [1] * 4
    assert rows.types == ["non-us-img", "us-img"]
    assert rows.score[:2] == pytest.approx(0.5) and np.isnan(rows.score[2])
    assert rows.cycles.tolist() == [2026, 2026, MODEL.default_cycle, MODEL.default_cycle]
    assert rows.covariates[0, 0] == pytest.approx(np.log(7)) and np.isnan(rows.covariates[0, 1])
    assert set(rows.unknown(MODEL).values()) == {None}  # of four rows nothing is told
    many = own_rows(own.rows.take(np.arange(5).repeat(10)), np.ones(50))
    assert many.unknown(MODEL) == {
        "step2_ck": 0, "years_since_graduation": 0, "usce_months": 50, "visa_needed": 0,
        "step1_failed": 50, "step2_failed": 50,
    }  # fmt: skip


def test_a_persons_rows_weigh_one_over_how_many_are_used(tmp_path):
    lines = (
        (*IM, "no", "a"),
        (*IM[:5], "2025", "5", "no", "a"),
        (*IM, "", "a"),
        (*IM, "no", "b"),
        (*IM, "no", ""),
    )
    rows, several = read(write(tmp_path / "t.csv", *lines))
    assert rows.weight.tolist() == [0.5, 0.5, 1, 1] and several == (1, 2)
    assert read_own(tmp_path / "t.csv", MODEL).repeated == 0


def test_unread_columns_repeated_rows_and_blank_cycles_are_told(tmp_path):
    head = (*HEAD[:5], "cycle", *HEAD[6:8], "Research papers", "person", "target")
    lines = [(*IM[:5], "", "5", "no", "4", "a", "0.5")] * 6
    lines += [(*IM, hit, str(k), "", "") for k in range(6) for hit in ("yes", "no")]
    own = read_own(write(tmp_path / "t.csv", *lines, head=head), MODEL)
    assert own.said == ("Not read: Research papers, target",) and own.repeated == 5 and len(own) == 18
    every, weighed = list(remarks(own, "gone")), list(remarks(own, "gone", weighs_people=True))
    counts = "0 left out with unknown outcomes, 0 without an interview (they ranked nothing)"
    assert every == [
        f"18 rows: {counts}, 0 with unknown interviews taken as having ranked",
        "Not read: Research papers, target",
        "the column person is read by update alone: here every row counts as another applicant",
        "5 rows repeat an earlier one in every column: taken as other applicants",
        f"6 rows name no cycle: taken as of the {MODEL.default_cycle} Match",
    ]
    unless = " unless a column person says that they are the same"
    assert weighed == [*every[:2], every[3] + unless, every[4]]
    few = list(remarks(read_own(write(tmp_path / "t.csv", *lines[2:9], head=head), MODEL), "gone"))
    assert few[0].startswith("some rows: ") and few[3].startswith("some rows repeat") and few[-1] == WHY_SOME


def test_headers_as_people_write_them_and_what_looks_like_an_input(tmp_path):
    head = (
        "Specialty",
        "Type",
        "Step 2 score",
        "Match outcome",
        "Interviews attended",
        "Applicant ID",
        "Step 1",
    )
    table = write(tmp_path / "t.csv", ("IM", "non-US IMG", "245", "Yes", "n/a", "7", "pass"), head=head)
    with pytest.raises(RefusedInput, match='the column "Step 1" is not read'):
        read_own(table, MODEL)
    own = read_own(table, MODEL, ignore_unread=True)
    assert own.matched == [1] and np.isnan(own.interviews) and own.people.all()
    assert own.rows.numbers["step2_ck"].values == [245] and own.said[-1] == "Not read: Step 1"


def test_chunks_are_the_table(tmp_path, monkeypatch):
    lines = [
        (*IM[:2], str(230 + k % 4), *IM[3:5], ("", "2025")[k % 2], "5", "no", "abab "[k % 5])
        for k in range(8)
    ]
    table = write(tmp_path / "t.csv", *lines, *lines[:2])
    whole = read_own(table, MODEL)
    (rows, several), told = used_rows(whole), list(remarks(whole, "gone"))
    monkeypatch.setattr("matchmodel.batch.chunks.ROWS_AT_ONCE", 3)
    again = read_own(table, MODEL)
    (parts, some), remarked = used_rows(again), list(remarks(again, "gone"))
    assert (some, remarked, again.tally) == (several, told, whole.tally) and several == (2, 9)
    assert again.repeated == 2 and again.without_cycle.tolist() == whole.without_cycle.tolist()
    for name in ("key", "score", "cycles", "weight"):
        assert getattr(rows, name).tolist() == getattr(parts, name).tolist()
    write(table, *lines, (*IM[:6], "no", "no", ""), (*IM, "no", "", "x"), (*IM, "perhaps", ""))
    with pytest.raises(
        RefusedInput, match="row 10: interviews is 'no'.*\n.*row 11 has.*\n.*row 12: matched is"
    ):
        read_own(table, MODEL)


def test_a_person_that_its_workbook_spoilt_is_told(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(book([HEAD, (*IM, "no", date(2026, 5, 1)), (*IM, "no", 7)]))
    with pytest.raises(RefusedInput, match="row 2: person '2026-05-01' is a date or a time"):
        read_own(tmp_path / "t.xlsx", MODEL)


def test_interviews_belong_to_the_outcomes(tmp_path):
    table = write(tmp_path / "t.csv", (*IM[:6], "70", "yes", ""))
    assert read_own(table, MODEL).interviews == [70]
    with pytest.raises(RefusedInput, match="row 2: interviews is 70"):
        read_table(table, MODEL)


def test_a_cell_at_a_time():
    assert outcome({"matched": "Yes", "interviews": "3.0"}) == (True, 3)
    assert outcome({"matched": None}) == (None, None)
    assert outcome({"matched": "0", "interviews": " 0 ".strip()}) == (False, 0)
    with pytest.raises(RefusedInput, match="which takes an interview"):
        outcome({"matched": "1", "interviews": "0"})


QUESTIONS = "specialty,applicant_type,step2_ck,matched,interviews,applications\n"
TABLE = QUESTIONS + (
    "IM,non-us-img,250,yes,4,\n"
    "IM,non-us-img,240,no,0,50\n"  # no interview: ranked nothing
    "IM,non-us-img,240,0,2,120\n"
    "FM,us-img,230,TRUE,,80\n"  # unknown interviews: taken as having ranked
    "FM,us-img,230,false,unknown,\n"
    "FM,us-img,230,,3,\n"  # unknown outcome
    "FM,us-img,230,unknown,0,40\n"
    f"{WITHHELD},us-img,230,no,3,40\n"  # the model gives no number
)


def answered(tmp_path, text=TABLE, **more):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return read_outcomes(path, MODEL, **more)


def test_who_is_in_which_question(tmp_path):
    found = answered(tmp_path)
    parts = {name: sum(pair) for name, pair in found.table.tally.parts.items()}
    assert parts == {"no interviews": 1, "non-us-img": 2, "unknown outcome": 2, "us-img": 2, "withheld": 1}
    assert found.types == ["non-us-img", "us-img"] and found.table.unknown_interviews is None
    assert found.ranked()[1].tolist() == [True, False, True, False]
    assert found.ranked("us-img")[1].tolist() == [True, False]
    assert found.applied()[1].tolist() == [False, False, True]  # the one without an interview counts here
    assert np.isnan(answered(tmp_path, applications=False).p_apply).all()


def test_the_numbers_are_those_of_score(tmp_path, capsys):
    found = answered(tmp_path, TABLE.replace("false,unknown", "false,"))
    out = tmp_path / "out.csv"
    assert main(["score", str(tmp_path / "own.csv"), str(out)]) == 0
    header, *rows = (line.split(",") for line in out.read_text(encoding="utf-8").splitlines())
    wanted = [float(row[header.index("p_ranked")]) for row in rows[:5]]
    assert found.p_ranked == pytest.approx(wanted, abs=1e-12)
    given = [
        k for k in range(5) if rows[k][5]
    ]  # where applications are given; else `score` takes the usual number
    wanted = [float(rows[k][header.index("p_apply")]) for k in given]
    assert found.p_apply[given] == pytest.approx(wanted, abs=1e-12)
    assert np.isnan(np.delete(found.p_apply, given)).all()


REFUSED = {  # a table -> lines on standard error, after the file's name
    "no outcomes": ("specialty,applicant_type\nIM,us-img\n", ["the column matched is missing"]),
    "perhaps": (QUESTIONS + "IM,us-img,240,perhaps,,\n", ["row 2: matched is 'perhaps'; it is yes or no"]),
    "matched without an interview": (
        QUESTIONS + "IM,us-img,240,yes,0,\n", ["row 2: matched is yes with 0 interviews"]
    ),
    "interviews": (
        QUESTIONS + "".join(f"IM,us-img,240,no,{text},\n" for text in ("-1", "2.5", "some", "inf")),
        ["row 2: interviews is -1", "row 3: interviews is 2.5", "row 4: interviews is 'some', not a number",
         "row 5: interviews is inf"],
    ),
    "both kinds of a row": (
        QUESTIONS + "IM,us-img,999,maybe,,\n", ["row 2: Step 2 CK is 999", "row 2: matched is 'maybe'"],
    ),
    "as score refuses": (QUESTIONS + "IMM,us-img,240,yes,,\n", ["row 2: unknown specialty 'IMM'"]),
    "two meanings": (
        "specialty,applicant_type,matched,Matched\nIM,us-img,1,0\n", ["two columns mean matched"]
    ),
    "two people": (
        "specialty,applicant_type,matched,person,PERSON\nIM,us-img,1,a,a\n", ["two columns mean person"]
    ),
    "nobody": (QUESTIONS, []),
    "nobody's outcome": (QUESTIONS + "IM,us-img,240,,,\n", []),
    "no table": (None, ["there is no table"]),
}  # fmt: skip


@pytest.mark.parametrize("command", ["evaluate", "calibrate", "update"])
@pytest.mark.parametrize("name", REFUSED)
def test_bad_tables_end_with_status_2_and_leave_nothing(name, command, tmp_path, capsys):
    content, wanted = REFUSED[name]
    table, out = tmp_path / "own.csv", tmp_path / "out"
    if content is not None:
        table.write_text(content, encoding="utf-8")
    words = (
        ["evaluate", "--applicants", table, "--out", out]
        if command == "evaluate"
        else [command, table, "--out", out]
    )
    status, said, err = run(capsys, *words)
    assert (status, said) == (2, "") and err.startswith(f"matchmodel {command}: ") and "Traceback" not in err
    assert all(line in err for line in wanted) and len(err.splitlines()) == max(1, len(wanted))
    assert not out.exists()


@pytest.mark.parametrize("command", ["evaluate", "calibrate", "update"])
def test_every_command_tells_what_is_not_read(command, tmp_path, capsys):
    lines = [
        (*IM[:2], str(230 + k % 30), *IM[3:], ("no", "yes")[(k * 7) % 30 % 2], str(k)) for k in range(600)
    ]
    table = write(tmp_path / "own.csv", *lines, *lines[:6], head=(*HEAD[:-1], "Research papers"))
    words = ["evaluate", "--applicants", table] if command == "evaluate" else [command, table]
    _, said, err = run(capsys, *words, "--out", tmp_path / "out.json")
    assert "Not read: Research papers" in said
    assert "6 rows repeat an earlier one in every column" in said
    assert "calibrate puts the average of your own applicants into the answers" in " ".join(said.split())
