"""How far a cell may be trusted: the limits one by one, and the cells of 2026."""

import pytest

from matchmodel.fit.trust import trust

# matched, not matched, SD of the level, gap between the tables -> kind, codes of the reasons
CASES = {
    "sound": (200, 300, 0.1, 0.0, "ok", []),
    "just sound": (10, 10, 0.25, 0.8, "ok", []),
    "fourteen": (7, 7, 0.2, 0.0, "withheld", ["few_applicants"]),
    "fifteen": (7, 8, 0.2, 0.0, "grey", ["few_of_either"]),
    "one matched": (1, 40, 0.2, 0.0, "withheld", ["few_of_either"]),
    "two matched": (2, 40, 0.2, 0.0, "grey", ["few_of_either"]),
    "one not matched": (40, 1, 0.2, 0.0, "withheld", ["few_of_either"]),
    "nine not matched": (40, 9, 0.2, 0.0, "grey", ["few_of_either"]),
    "at the upper SD": (200, 300, 0.45, 0.0, "grey", ["level_unsure"]),
    "above the upper SD": (200, 300, 0.4501, 0.0, "withheld", ["level_unsure"]),
    "above the lower SD": (200, 300, 0.2501, 0.0, "grey", ["level_unsure"]),
    "tables apart": (200, 300, 0.1, 0.81, "grey", ["tables_disagree"]),
    "tables apart the other way": (200, 300, 0.1, -0.81, "grey", ["tables_disagree"]),
    "everything": (1, 5, 0.6, 2.0, "withheld", ["few_applicants", "few_of_either", "level_unsure"]),
    "all that makes grey": (3, 50, 0.3, 1.0, "grey", ["few_of_either", "level_unsure", "tables_disagree"]),
    "nobody": (0, 0, 0.3, 0.0, "withheld", ["few_applicants", "few_of_either"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_limits(name):
    matched, missed, sd, gap, kind, codes = CASES[name]
    found = trust(matched, missed, sd, gap)
    assert (found.kind, [r.code for r in found.reasons]) == (kind, codes)


def test_reasons_carry_their_figures():
    found = trust(3, 50, 0.31234, -1.234)
    assert [r.fields for r in found.reasons] == [
        {"matched": 3, "not_matched": 50},
        {"sd": 0.312},
        {"log_odds": -1.23},
    ]


REAL = {
    ("non-us-img", "Internal Medicine"): "ok",
    ("non-us-img", "General Surgery"): "ok",
    ("non-us-img", "Dermatology"): "grey",
    ("non-us-img", "Otolaryngology"): "grey",
    ("non-us-img", "Thoracic Surgery (Integrated)"): "withheld",
    ("non-us-img", "Public Health and Preventive Medicine"): "withheld",
    ("us-img", "Internal Medicine"): "ok",
    ("us-img", "Family Medicine"): "ok",
    ("us-img", "Diagnostic Radiology"): "grey",
    ("us-img", "Obstetrics and Gynecology"): "grey",
    ("us-img", "Otolaryngology"): "withheld",
    ("us-img", "Dermatology"): "withheld",
    ("us-img", "Vascular Surgery (Integrated)"): "withheld",
    ("us-img", "Neurological Surgery"): "withheld",
}


@pytest.mark.parametrize("cell", REAL, ids=lambda cell: " ".join(cell))
def test_real_cells(trained, cell):
    kind, specialty = cell
    assert trained.trust[kind][specialty].kind == REAL[cell]
