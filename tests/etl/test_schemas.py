"""The schemas as a gate of their own: a tidy table spoilt after reading is refused."""

import pytest

from matchmodel.etl.layouts import LAYOUTS
from matchmodel.etl.schemas import SCHEMAS, faults


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


@pytest.mark.parametrize("name, column, value", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_table_is_refused(raw, name, column, value):
    table = raw.read().table(name).copy()
    assert faults(name, table) == []
    table.loc[0, column] = value
    assert faults(name, table)


def test_repeated_missing_and_extra_columns_are_refused(raw):
    table = raw.read().table("counts")
    assert faults("counts", table.drop(columns="matched"))
    assert faults("counts", table.assign(extra=1))
    assert faults("counts", table.loc[[0, 0]])
    assert faults("counts", table.astype({"year": "float64"}))
