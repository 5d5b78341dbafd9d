"""The schemas as a gate of their own: a tidy table spoilt after reading is refused."""

import pytest

from matchmodel.etl.layouts import LAYOUTS
from matchmodel.etl.schemas import SCHEMAS, faults

from .case_tables import csv_case


def test_one_schema_a_layout():
    assert set(SCHEMAS) == set(LAYOUTS)


SPOILT = {
    "negative count": ("counts", "matched", -1.0),
    "half a person": ("counts", "matched", 1.5),
    "no specialty": ("counts", "specialty", ""),
    "no source": ("counts", "source_id", ""),
    "a year out of range": ("counts", "year", 26),
    "score above the scale": ("quartiles", "max", 301.0),
    "quartiles out of order": ("quartiles", "q1", 251.0),
    "no cohort": ("quartiles", "cohort", "perhaps"),
    "unknown measure": ("quartiles", "measure", "step3"),
}
# of what is gathered beside the reports: layout, column, and what is no value of it
BESIDE = {
    "unknown scale": ("effects", "scale", "log_ods"),
    "unknown adjustment": ("effects", "adjusted_for", "step2_ck;shoe_size"),
    "an adjustment unparsed": ("effects", "adjusted_for", "step2_ck; age"),
    "a score that is not adjusted for": ("effects", "score_adjusted", "yes"),
    "a count beside a share": ("population", "share", 0.5),
    "a type of IMG that is none": ("population", "applicant_type", "us-senior"),
    "no day": ("exam_reference", "from_date", "July"),
    "unknown item": ("exam_reference", "item", "passing score"),
    "unknown quantity": ("participation", "quantity", "share"),
}


@pytest.mark.parametrize("name, column, value", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_table_is_refused(raw, name, column, value):
    table = raw.read().table(name).copy()
    assert faults(name, table) == []
    table.loc[0, column] = value
    assert faults(name, table)


@pytest.mark.parametrize("name, column, value", BESIDE.values(), ids=BESIDE)
def test_a_spoilt_table_beside_the_reports_is_refused(raw, name, column, value):
    table = csv_case(name).put(raw).read().table(name).copy()
    assert faults(name, table) == []
    table.loc[0, column] = value
    assert faults(name, table)


def test_repeated_missing_and_extra_columns_are_refused(raw):
    table = raw.read().table("counts")
    assert faults("counts", table.drop(columns="matched"))
    assert faults("counts", table.assign(extra=1))
    assert faults("counts", table.loc[[0, 0]])
    assert faults("counts", table.astype({"year": "float64"}))
