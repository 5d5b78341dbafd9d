"""A table of applicants with outcomes: who is in which question, and what is refused."""

import numpy as np
import pytest

from matchmodel.cli import main
from matchmodel.errors import RefusedInput
from matchmodel.outcomes import outcome, read_outcomes

from .asking import MODEL, run

HEAD = "specialty,applicant_type,step2_ck,matched,interviews,applications\n"
TABLE = HEAD + (
    "IM,non-us-img,250,yes,4,\n"
    "IM,non-us-img,240,no,0,50\n"  # no interview: ranked nothing
    "IM,non-us-img,240,0,2,120\n"
    "FM,us-img,230,TRUE,,80\n"  # unknown interviews: taken as having ranked
    "FM,us-img,230,false,unknown,\n"
    "FM,us-img,230,,3,\n"  # unknown outcome
    "FM,us-img,230,unknown,0,40\n"
)


def read(tmp_path, text=TABLE, **more):
    path = tmp_path / "persons.csv"
    path.write_text(text, encoding="utf-8")
    return read_outcomes(path, MODEL, **more)


def test_who_is_in_which_question(tmp_path):
    found = read(tmp_path)
    assert (found.rows, found.unknown_outcome, found.types) == (7, 2, ["non-us-img", "us-img"])
    assert found.counts() == {"no_interviews": 1, "unknown_interviews": 2}
    assert found.counts("us-img") == {"no_interviews": 0, "unknown_interviews": 2}
    assert found.ranked()[1].tolist() == [True, False, True, False]
    assert found.ranked("us-img")[1].tolist() == [True, False]
    assert found.applied()[1].tolist() == [False, False, True]  # the one without an interview counts here
    assert np.isnan(read(tmp_path, applications=False).p_apply).all()


def test_the_numbers_are_those_of_score(tmp_path, capsys):
    found = read(tmp_path)
    out = tmp_path / "out.csv"
    assert main(["score", str(tmp_path / "persons.csv"), str(out)]) == 0
    header, *rows = (line.split(",") for line in out.read_text(encoding="utf-8").splitlines())
    for name, values in (("p_ranked", found.p_ranked), ("p_apply", found.p_apply)):
        wanted = [float(row[header.index(name)] or "nan") for row in rows[:5]]
        assert values == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_a_cell_at_a_time():
    assert outcome({"matched": "Yes", "interviews": "3.0"}) == (True, 3)
    assert outcome({"matched": None}) == (None, None)
    assert outcome({"matched": "0", "interviews": " 0 ".strip()}) == (False, 0)
    with pytest.raises(RefusedInput, match="which takes an interview"):
        outcome({"matched": "1", "interviews": "0"})


REFUSED = {  # a table -> lines on standard error, after the file's name
    "no outcomes": ("specialty,applicant_type\nIM,us-img\n", ["the column matched is missing"]),
    "perhaps": (HEAD + "IM,us-img,240,perhaps,,\n", ["row 2: matched is 'perhaps'; it is yes or no"]),
    "matched without an interview": (HEAD + "IM,us-img,240,yes,0,\n", ["row 2: matched is yes with 0 interviews"]),
    "interviews": (HEAD + "IM,us-img,240,no,-1,\nIM,us-img,240,no,2.5,\nIM,us-img,240,no,some,\nIM,us-img,240,no,nan,\n",
                   ["row 2: interviews is -1", "row 3: interviews is 2.5", "row 4: interviews is 'some', not a number", "row 5: interviews is nan"]),
    "both kinds of a row": (HEAD + "IM,us-img,999,maybe,,\n", ["row 2: Step 2 CK is 999", "row 2: matched is 'maybe'"]),
    "as score refuses": (HEAD + "IMM,us-img,240,yes,,\n", ["row 2: unknown specialty 'IMM'"]),
    "two meanings": ("specialty,applicant_type,matched,Matched\nIM,us-img,1,0\n", ["two columns mean matched"]),
    "nobody": (HEAD, []),
    "no table": (None, ["there is no table"]),
}


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
@pytest.mark.parametrize("name", REFUSED)
def test_bad_tables_end_with_status_2_and_leave_nothing(name, command, tmp_path, capsys):
    content, wanted = REFUSED[name]
    table, out = tmp_path / "persons.csv", tmp_path / "out"
    if content is not None:
        table.write_text(content, encoding="utf-8")
    words = ["evaluate", "--applicants", table, "--out", out] if command == "evaluate" else ["calibrate", table, "--out", out]
    status, said, err = run(capsys, *words)
    assert (status, said) == (2, "") and err.startswith(f"matchmodel {command}: ") and "Traceback" not in err
    assert all(line in err for line in wanted) and len(err.splitlines()) == max(1, len(wanted))
    assert not out.exists()
