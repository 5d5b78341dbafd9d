"""What came, went or is another: each found in both directions, and no number of a model file that differs goes unnoticed."""

import pytest

from matchmodel.compare import differences as d
from matchmodel.compare.coefficients import coefficient_changes

from .conftest import at, put, without

CELLS = "types.non-us-img.cells"
# what is taken out of a model: (words of what went, whether answers are lost)
TAKEN = {
    "types.us-img": ([("applicant type", "US IMGs")], True),
    f"{CELLS}.Neurology": ([("specialty of non-US IMGs", "Neurology")], True),
    "covariates.visa_needed": ([("covariate", "visa_needed")], False),
    "types.us-img.reference.usce_months": ([("covariate of US IMGs", "usce_months")], False),
    "chain.types.us-img": ([("applications chain of", "US IMGs")], True),
    "chain.types.us-img.specialties.Neurology": ([("applications chain of US IMGs in", "Neurology")], True),
    "chain.effects.step2_ck": ([("effect on invitations of", "step2_ck")], False),
    "exchange": ([("exchange rate", "")], False),
    "shared_effect": ([("mean of the effects", "")], False),
}
NULLED = {  # likewise, where the file says null
    "types.us-img.drift": ([("drift of US IMGs", "")], False),
    "types.us-img.score_shift": ([("score shift of US IMGs", "")], False),
    "chain": ([("applications chain", "")], True),
    "exchange": ([("exchange rate", "")], False),
}


@pytest.mark.parametrize(("path", "how"), [*((p, "taken") for p in TAKEN), *((p, "null") for p in NULLED)])
def test_what_goes_is_told_once_and_comes_back(content, path, how):
    new = without(content, path) if how == "taken" else put(content, path, None)
    told, lost = (TAKEN if how == "taken" else NULLED)[path]
    gone, back = d.came_and_went(content, new), d.came_and_went(new, content)
    assert [(c.what, c.name) for c in gone] == [(c.what, c.name) for c in back] == told
    assert [c.came for c in gone] == [False] and [c.came for c in back] == [True]
    assert [c.lost for c in gone] == [lost] and not any(c.lost for c in back)
    assert d.other_differences(content, new) == {} and d.settings_differences(content, new) == ()


def test_itself(content):
    assert d.came_and_went(content, content) == d.other_contents(content, content) == d.settings_differences(content, content) == ()
    assert d.other_differences(content, content) == {} and d.shared_sources(content, content) == len(content["sources"])


def test_sources(content, no_neurology):
    assert [(c.what, c.name, c.came) for c in d.came_and_went(content, no_neurology.content)] == [("source", "neurology-2026", False)]
    assert d.shared_sources(content, no_neurology.content) == len(content["sources"]) - 1
    first = content["sources"][0]
    new = put(content, "sources", lambda some: [{**first, "sha256": "ab" * 32}, *some[1:]])
    assert d.other_contents(content, new) == (d.OtherContent(first["id"], first["sha256"], "ab" * 32),)
    assert d.came_and_went(content, new) == () and d.shared_sources(content, new) == len(content["sources"]) - 1


SETTINGS = {  # path -> (name, new value)
    "settings.tail": ("tail", "bounds"), "settings.grade_variance.C": ("grade_variance.C", 3.0), "settings.share": ("share", False), "schema": ("schema", 99),
    "draw_count": ("draw_count", 400), "newest_table": ("newest_table", 2031),
}


@pytest.mark.parametrize("path", SETTINGS)
def test_settings(content, path):
    name, value = SETTINGS[path]
    assert d.settings_differences(content, put(content, path, value)) == (d.Setting(name, at(content, path), value),)
    assert d.settings_differences(content, without(content, path)) == (d.Setting(name, at(content, path), None),)


OTHERS = {  # path -> (kind in words, new value)
    "drift_draws": ("draws", "0 1"),
    f"{CELLS}.Neurology.draws.beta": ("draws", "0 1"),
    f"{CELLS}.Neurology.draws.kappa.usce_months": ("draws", "0 1"),
    f"{CELLS}.Neurology.beta.note": ("notes, sources and bases", "changed"),
    f"{CELLS}.Neurology.score_mean": ("scores of populations", 250.0),
    f"{CELLS}.Neurology.published.matched": ("published counts", 1.0),
    "types.us-img.reference.usce_months.shares": ("reference populations", [1.0]),
    "exam.passing_marks": ("passing marks", []),
    "advice.published.non-us-img.Neurology.positions": ("figures for advice", 1.0),
    "advice.program_signal.value": ("figures for advice", 1.0),
    "chain.fees.season": ("fees", 2050),
    "chain.types.us-img.norms.usce_months.value": ("applications chain, other parts", 0.5),
    "covariates.visa_needed.own.value": ("covariates", 0.5),
    "unused": ("list of what is unused", []),
}


@pytest.mark.parametrize("path", OTHERS)
def test_the_rest_is_counted_by_kind(content, path):
    kind, value = OTHERS[path]
    assert d.other_differences(content, put(content, path, value)) == d.other_differences(put(content, path, value), content) == {kind: 1}


def leaves(content, path=()):
    """Yield the dotted paths of numbers and texts, lists taken whole; of the many cells only one."""
    for key, value in content.items():
        if path and path[-1] in ("cells", "specialties") and key != "Internal Medicine" or "." in key:
            continue
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        elif value is not None:
            yield ".".join((*path, key))


def test_no_leaf_goes_unnoticed(content):
    paths = [p for p in leaves(content) if p not in ("kind", "name")]
    assert len(paths) > 300
    for path in paths:
        old = at(content, path)
        changed = old + 0.5 if isinstance(old, float) else old + 1 if isinstance(old, int) else [*old, 1] if isinstance(old, list) else old + "1"
        if path == "sources":
            changed = old[1:]
        new = put_quickly(content, path, changed)
        seen = [c for c in coefficient_changes(content, new) if c.moved], d.came_and_went(content, new), d.settings_differences(content, new), d.other_differences(content, new)
        assert any(seen), path
        assert sum(map(len, seen)) == 1 or path.endswith(".basis"), (path, seen)  # told beside the coefficient and counted


def put_quickly(content, path, value):
    """As `put`, copying only the dicts on the way."""
    key, _, rest = path.partition(".")
    return {**content, key: put_quickly(content[key], rest, value) if rest else value}
