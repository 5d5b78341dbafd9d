"""Every kind of fault, a bounded sample of each: `make faults` tries many more."""

import pytest

from . import (  # noqa: F401  each declares its kinds
    any_table,
    crashes,
    models,
    output,
    packed,
    properties,
    questions,
    surroundings,
    tables,
)
from .kinds import KINDS, tried

SEED = 1
LONG = ("PDFs", "workbooks:", "a gigabyte, a pipe, a device", "locale")  # and all that are killed


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name, marks=[pytest.mark.slow] if one.part == crashes.PART or one.what.startswith(LONG) else []
        )
        for name, one in KINDS.items()
    ],
)
def test_a_kind_of_fault(name):
    tried(KINDS[name], KINDS[name].quick, SEED)
