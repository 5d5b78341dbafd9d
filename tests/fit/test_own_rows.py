"""Reading one's own applicants: who is used, what each row weighs, what is counted."""

import csv

import numpy as np
import pytest

from matchmodel.errors import RefusedInput
from matchmodel.fit.own_rows import read_own_rows

from ..asking import MODEL

HEAD = ("specialty", "applicant_type", "step2_ck", "yog", "visa_needed", "cycle", "interviews", "matched", "Person")
IM = ("Internal Medicine", "non-us-img", "245", "2020", "yes", "2026", "5")


def write(path, *rows, head=HEAD):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def test_unknown_outcomes_and_no_interviews_are_left_out_and_counted(tmp_path):
    table = write(
        tmp_path / "t.csv", (*IM, "yes", ""), (*IM, "", ""), (*IM, "unknown", ""), (*IM[:6], "0", "no", ""), (*IM[:6], "", "no", ""),
        ("Neurology", "us-img", "", "", "", "", "3", "no", ""),
    )
    rows = read_own_rows(table, MODEL)
    assert (rows.rows, len(rows), rows.unknown_outcome, rows.no_interviews, rows.unknown_interviews, rows.without_cycle) == (6, 3, 2, 1, 1, 1)
    assert rows.matched.tolist() == [1, 0, 0] and rows.weight.tolist() == [1, 1, 1] and rows.types == ["non-us-img", "us-img"]
    assert rows.score[:2] == pytest.approx(0.5) and np.isnan(rows.score[2]) and rows.cycles.tolist() == [2026, 2026, MODEL.default_cycle]
    assert rows.covariates[0, 0] == pytest.approx(np.log(7)) and np.isnan(rows.covariates[0, 1])
    assert rows.unknown(MODEL) == {"step2_ck": 1, "years_since_graduation": 1, "usce_months": 3, "visa_needed": 0, "step1_failed": 3, "step2_failed": 3}  # a visa is not asked of US IMGs


def test_a_persons_rows_weigh_one_over_how_many_are_used(tmp_path):
    rows = read_own_rows(write(tmp_path / "t.csv", (*IM, "no", "a"), (*IM[:5], "2025", "5", "no", "a"), (*IM, "", "a"), (*IM, "no", "b"), (*IM, "no", "")), MODEL)
    assert rows.weight.tolist() == [0.5, 0.5, 1, 1] and (rows.several, rows.rows_of_several, rows.duplicates) == (1, 2, 0)


def test_repeated_rows_are_counted_and_kept(tmp_path):
    rows = read_own_rows(write(tmp_path / "t.csv", *[(*IM, "no")] * 3, (*IM, "yes"), head=HEAD[:-1]), MODEL)
    assert len(rows) == 4 and rows.duplicates == 2 and rows.weight.sum() == 4


BAD = {
    "no outcome known": ([(*IM, "", "a")], HEAD, "no row has a known outcome of somebody who ranked, of 1; fill in the column matched"),
    "nobody ranked": ([(*IM[:6], "0", "no", "a")], HEAD, "no row has a known outcome of somebody who ranked"),
    "no column matched": ([IM], HEAD[:-2], "the column matched is missing"),
    "two persons": ([(*IM, "yes", "a", "b")], (*HEAD, "PERSON"), "two columns mean person"),
    "not yes or no": ([(*IM, "perhaps", "a")], HEAD, "row 2: matched is 'perhaps'; it is yes or no"),
    "matched without an interview": ([(*IM[:6], "0", "yes", "a")], HEAD, "row 2: matched is yes with 0 interviews"),
    "another specialty": ([("Basket Weaving", *IM[1:], "yes", "a")], HEAD, "row 2: "),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_tables_are_refused(name, tmp_path):
    rows, head, said = BAD[name]
    with pytest.raises(RefusedInput) as caught:
        read_own_rows(write(tmp_path / "t.csv", *rows, head=head), MODEL)
    assert said in str(caught.value) and "t.csv" in str(caught.value)
