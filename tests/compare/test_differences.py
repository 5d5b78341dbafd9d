"""What came, went, is trusted otherwise or differs elsewhere: told once, and nothing unnoticed."""

from dataclasses import fields, is_dataclass, replace

import pytest

from matchmodel.compare import differences as d
from matchmodel.compare.coefficients import coefficient_changes
from matchmodel.compare.walk import leaves
from matchmodel.model.records import Coefficient, Drawn, Draws, LeftOut, Note, Trust, Updated, Usual

from ..model.synthetic import CHAINED
from ..model.synthetic import record as synthetic
from .conftest import IM, at, put, without

NEUROLOGY = ("types", "us-img", "cells", "Neurology")
LACKS = {  # path -> (what, name, answers)
    ("types", "us-img"): ("applicant type", "US IMGs", True),
    NEUROLOGY: ("specialty of US IMGs", "Neurology", True),
    (*NEUROLOGY, "chain"): ("applications chain of US IMGs in", "Neurology", True),
    ("effects", "visa_needed"): ("covariate", "visa needed", False),
    ("types", "us-img", "reference", "usce_months"): (
        "covariate of US IMGs",
        "months of US clinical experience",
        False,
    ),
    ("types", "non-us-img", "drift"): ("drift of non-US IMGs", "", False),
    ("types", "us-img", "score_shift"): ("score shift of US IMGs", "", False),
    ("types", "us-img", "odds_ratio"): ("log odds ratio of US IMGs", "", False),
}


@pytest.mark.parametrize("path", LACKS)
def test_what_one_lacks(record, path):
    what, name, answers = LACKS[path]
    less = without(record, path)
    assert d.came_and_went(record, less) == (d.CameOrWent(what, name, False, answers),)
    assert d.came_and_went(less, record) == (d.CameOrWent(what, name, True, answers),)
    assert d.came_and_went(record, less)[0].lost == answers and not d.came_and_went(less, record)[0].lost
    assert d.other_differences(record, less) == {}


def test_what_has_come_for_the_first_time(record):
    updated = replace(record, updated=Updated(20, 10, {"from": "x"}))
    assert [c.words for c in d.came_and_went(record, updated)] == ["came: update with your own applicants"]
    left_out = replace(record, left_out=LeftOut("consent", ("a",), (Note("lost_chain"),)))
    assert [c.words for c in d.came_and_went(record, left_out)] == [
        "came: what was left out of training on purpose"
    ]


def test_sources(record):
    less = replace(record, sources=record.sources[1:])
    gone = record.sources[0].id
    assert d.came_and_went(record, less) == (d.CameOrWent("source", gone, False, False),)
    assert d.came_and_went(less, record) == (d.CameOrWent("source", gone, True, False),)
    assert d.shared_sources(record, less) == len(record.sources) - 1
    other = replace(
        record, sources=(replace(record.sources[0], grade="D", terms="other"), *record.sources[1:])
    )
    assert d.other_entries(record, other) == (d.OtherEntry(gone, ("grade", "terms")),)
    assert d.came_and_went(record, other) == () and d.shared_sources(record, other) == len(record.sources) - 1


def test_trust(record):
    new = put(record, (*IM, "trust"), Trust("grey", (Note("level_unsure", {"sd": 0.3}),)))
    new = put(new, (*NEUROLOGY, "trust", "kind"), "withheld")
    worst, other = d.trust_changes(record, new)
    assert worst == d.TrustChange("Neurology", "us-img", "ok", "withheld") and worst.lost
    assert other == d.TrustChange("Internal Medicine", "non-us-img", "ok", "grey") and not other.lost
    assert not any(c.lost for c in d.trust_changes(new, record))
    assert d.other_differences(record, put(record, (*NEUROLOGY, "trust", "kind"), "withheld")) == {}


SETTINGS = {  # path -> (name, new value)
    ("settings", "tail"): ("tail", "bounds"),
    ("settings", "seed"): ("seed", 7),
    ("settings", "priors", "visa_needed.sd"): ("priors.visa_needed.sd", 3.0),
    ("schema",): ("schema", 99),
    ("draw_count",): ("draw_count", 400),
    ("newest_table",): ("newest_table", 2031),
}


@pytest.mark.parametrize("path", SETTINGS)
def test_settings(record, path):
    name, value = SETTINGS[path]
    assert d.settings_differences(record, put(record, path, value)) == (
        d.Setting(name, at(record, path), value),
    )
    if "priors" in path:
        assert d.settings_differences(record, without(record, path)) == (
            d.Setting(name, at(record, path), None),
        )


OTHERS = {  # path -> (kind in words, new value)
    (*IM, "beta", "draws"): ("draws", Draws("0 1")),
    (*IM, "kappa", "usce_months", "draws"): ("draws", Draws("0 1")),
    (*IM, "beta", "source"): ("notes, sources and ranges of coefficients", "changed"),
    (*IM, "beta", "notes"): ("notes, sources and ranges of coefficients", (Note("changed"),)),
    (*IM, "chain", "usual", "high"): ("notes, sources and ranges of coefficients", 500.0),
    (*IM, "score_mean"): ("scores of populations", 250.0),
    (*IM, "published", "matched"): ("published counts", 1.0),
    (*IM, "own_slope"): ("cells, own_slope", False),
    (*IM, "trust", "reasons"): ("reasons for trust", (Note("few_applicants"),)),
    (*IM, "chain", "rates", "listed"): ("applications chain, other parts", 9),
    ("types", "us-img", "reference", "usce_months", "shares"): ("reference populations", (1.0,)),
    ("types", "us-img", "slope_spread"): ("applicant types, slope_spread", 0.9),
    ("effects", "visa_needed", "prior", "sd"): ("priors of effects", 0.9),
    ("effects", "visa_needed", "spread"): ("effects", 0.9),
    ("passing_marks",): ("passing marks", ()),
    ("fees", "season"): ("fees", 2050),
    ("unused",): ("list of what is unused", ()),
    ("about",): ("about", "changed"),
}


@pytest.mark.parametrize("path", OTHERS)
def test_the_rest_is_counted_by_kind(record, path):
    kind, value = OTHERS[path]
    new = put(record, path, value)
    assert set(d.other_differences(record, new)) == set(d.other_differences(new, record)) == {kind}


def changes_of(leaf):
    """Yield (name of the part, leaf with that part changed).

    Of a leaf that is no record, the leaf changed.
    """
    if is_dataclass(leaf) and not isinstance(leaf, (Draws, Note)):
        for f in fields(leaf):
            for _, made in changes_of(getattr(leaf, f.name)):
                yield f.name, replace(leaf, **{f.name: made})
        return
    if isinstance(leaf, Draws):
        yield "", Draws.of(leaf.array * 1.5 + 0.25)
    elif isinstance(leaf, bool) or leaf is None:
        return
    elif isinstance(leaf, (int, float)):
        yield "", leaf + 1
    elif isinstance(leaf, tuple):
        yield "", (*leaf, Note("changed"))
    elif isinstance(leaf, str):
        yield "", leaf + "1"


def test_no_leaf_goes_unnoticed():
    """Every number and text of one cell, and of all that are not by cell, changed by itself."""
    record, checked = synthetic(), 0
    for path, leaf in leaves(record):
        elsewhere = (path[0] == "types" and "cells" in path) or (
            path[0] == "effects" and "specialties" in path
        )
        if path[0] in ("kind", "name", "advice") or (elsewhere and path[3] != CHAINED):
            continue
        for part, made in changes_of(leaf):
            new = put(record, path, made)
            seen = (
                [c for c in coefficient_changes(record, new) if c.moved],
                d.came_and_went(record, new),
                d.settings_differences(record, new),
                d.other_differences(record, new),
                d.other_entries(record, new),
                d.trust_changes(record, new),
            )
            assert any(seen), (path, part)
            checked += 1
    assert checked > 400
    kinds = {type(leaf) for _, leaf in leaves(record)}
    assert {Coefficient, Drawn, Usual, Draws} <= kinds
