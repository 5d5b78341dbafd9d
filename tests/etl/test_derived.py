"""Columns made of others: each text read once, into columns."""

import pytest

from matchmodel.etl.derived import derived, sound
from matchmodel.tabular.cells import CellFault

BLANK = {"applicant_type": None, "img_share_low": None, "img_share_high": None, "signal_sent": None}
GROUPS = {
    "non-us-img at programs with under 10% IMG residents": ("non-us-img", 0.0, 0.1, None),
    "Non-US-IMG at programs with 10-25 % IMG residents": ("non-us-img", 0.1, 0.25, None),
    "us-img at programs with 75% or more IMG residents": ("us-img", 0.75, 1.0, None),
    "Signal sent (all types)": (None, None, None, "yes"),
    "signal not sent": (None, None, None, "no"),
    "non-us-img": (None, None, None, None),
    "non-us-img at programs sponsoring J-1": (None, None, None, None),
    "step 1 ever failed (all types)": (None, None, None, None),
}
FEES = {
    ("ERAS", 1): ("application", None),
    ("ResidencyCAS (emergency medicine)", 19): ("application", "Emergency Medicine"),
    ("ResidencyCAS (Plastic Surgery (Integrated))", 1): ("application", "Plastic Surgery (Integrated)"),
    ("NRMP extra rank beyond 20", 21): ("rank", None),
    ("NRMP registration (20 ranks included)", None): ("once", None),
    ("USMLE transcript", None): ("once", None),
}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_of_invitations(group):
    assert tuple(derived("invitation_groups", {"group": group}).values()) == GROUPS[group]


@pytest.mark.parametrize("case", FEES)
def test_a_fee(case):
    service, first = case
    assert tuple(derived("fees", {"service": service, "from_program": first}).values()) == FEES[case]


def test_a_service_of_no_known_specialty_is_refused():
    with pytest.raises(CellFault, match="no known specialty") as caught:
        derived("fees", {"service": "ResidencyCAS (emergensy medicine)", "from_program": 1})
    assert (caught.value.expected or "").startswith("Emergency Medicine")


def test_a_tidy_row_has_what_its_other_columns_say():
    row = {"group": "signal sent", **BLANK, "applicant_type": "", "img_share_low": float("nan")}
    assert sound("invitation_groups", row | {"signal_sent": "yes"})
    assert not sound("invitation_groups", row | {"signal_sent": "no"})
    assert not sound("invitation_groups", row | {"signal_sent": "yes", "img_share_high": 0.1})
    assert not sound("fees", {"service": "ResidencyCAS (emergensy medicine)", "from_program": 1.0})
    assert sound("counts", {"matched": 3})
