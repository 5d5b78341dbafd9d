"""The page: within 80 columns, plain, with the numbers of --json, the verdict last."""

import re
from dataclasses import replace

import pytest

from matchmodel import Applicant, Model
from matchmodel.compare.answers import Asked
from matchmodel.compare.coefficients import GROUPS
from matchmodel.compare.report import APPLICANTS, MOST, SHOWN, UNJUDGED, figures, signed
from matchmodel.compare.result import Thresholds, compare_models
from matchmodel.model.engine import Range
from matchmodel.report.blocks import Grid, Text
from matchmodel.report.wording import WIDTH, percent, with_span

from .conftest import put, without

FIGURES = {
    -0.46012: "-0.460",
    97.394: "97.39",
    143.7: "143.7",
    0.0234: "0.0234",
    -11.0: "-11.00",
    0.0: "0",
    2.5: "2.500",
}
SIGNED = {0.0: "0", 0.04: "0.0", -0.04: "0.0", 1.25: "+1.2", -9.21: "-9.2", 0.06: "+0.1"}


def test_numbers():
    assert {value: figures(value) for value in FIGURES} == FIGURES
    assert {value: signed(value) for value in SIGNED} == SIGNED


@pytest.fixture(scope="module")
def pairs(fresh, no_neurology, no_evidence, record):
    """Comparisons of every kind that the text must carry."""
    new = put(record, ("types", "non-us-img", "year"), lambda y: y + 1)
    new = put(put(new, ("newest_table",), lambda y: y + 1), ("settings", "tail"), "bounds")
    for specialty in record.types["us-img"].cells:
        new = put(new, ("types", "us-img", "cells", specialty, "level", "value"), lambda v: v + 9.0)
    new = replace(new, sources=(replace(new.sources[0], grade="D"), *new.sources[1:]))
    new = put(new, ("types", "non-us-img", "cells", "Neurology", "trust", "kind"), "withheld")
    many = {
        f"applicant {k}": Asked(Applicant("Physical Medicine and Rehabilitation", "non-us-img", 220 + k))
        for k in range(30)
    }  # fmt: skip
    less = Model(without(record, ("types", "us-img")))
    return {
        "itself": compare_models(fresh, fresh),
        "no neurology": compare_models(fresh, no_neurology),
        "no evidence": compare_models(fresh, no_evidence),
        "evidence back": compare_models(no_evidence, fresh),
        "levels": compare_models(fresh, Model(new)),
        "many": compare_models(fresh, no_neurology, many, cycle=2026),
        "nobody": compare_models(fresh, fresh, {}),
        "US IMGs gone": compare_models(fresh, less),
        "strict": compare_models(fresh, no_neurology, thresholds=Thresholds(0, 0)),
    }


NAMES = (
    "itself",
    "no neurology",
    "no evidence",
    "evidence back",
    "levels",
    "many",
    "nobody",
    "US IMGs gone",
    "strict",
)


def words(comparison):
    """The text in one line."""
    return " ".join(str(comparison).split())


def sections(comparison):
    return {section.title: section for section in comparison.page().sections}


def grids(comparison, title):
    """The rows of the tables under a heading that starts so."""
    blocks = (b for s in comparison.page().sections if s.title.startswith(title) for b in s.blocks)
    return [row for block in blocks if isinstance(block, Grid) for row in block.rows]


@pytest.mark.parametrize("name", NAMES)
def test_fits_and_ends_with_the_verdict(pairs, name):
    text = str(pairs[name])
    lines = text.split("\n")
    assert max(map(len, lines)) <= WIDTH and words(pairs[name]).endswith(pairs[name].verdict)
    assert all(line.isascii() and line == line.rstrip() for line in lines) and "\n\n\n" not in text
    assert "it is no test" in words(pairs[name])


def test_what_came_went_and_is_trusted_otherwise_is_told(pairs):
    text = words(pairs["levels"])
    assert "trust of Neurology, non-US IMGs: ok -> withheld (NEW gives no number there)" in text
    assert "same id, another entry: source " in text and "(grade)" in text and "tail: iqr -> bounds" in text
    assert "went: applicant type US IMGs (NEW has no answer there)" in words(pairs["US IMGs gone"])
    assert "went: source neurology-2026" in words(pairs["no neurology"])


def with_se(entry, side):
    se = entry[f"{side}_se"]
    return figures(entry[side]) + (f" ({figures(se)})" if se else "")


@pytest.mark.parametrize("name", ["no neurology", "levels", "strict"])
def test_coefficients_have_the_numbers_of_the_json(pairs, name):
    found = pairs[name]
    entries = found.to_dict()["coefficients"]
    checked = 0
    for key, group in GROUPS.items():
        both = zip(found.coefficients, entries, strict=True)
        some = [(c, d) for c, d in both if c.group == key and c.change]
        if not some:
            continue
        over = sum(d["over"] for _, d in some)
        counted = f"{sum(c.group == key for c in found.coefficients)} compared, {len(some)} moved"
        title = f"{group.title}: {counted}" + (f", {over} over" if over else "") + f" ({group.unit})"
        shown = UNJUDGED if some[0][0].size is None else max(SHOWN, min(over, MOST))
        rows = grids(found, title)
        assert len(rows) == min(shown, len(some))
        for row, (change, entry) in zip(rows, some, strict=False):
            size = "" if entry["standard_errors"] is None else signed(entry["standard_errors"])
            moved = ("+" if entry["change"] > 0 else "") + figures(entry["change"])
            mark = "over" if entry["over"] else ""
            assert row == (change.label, with_se(entry, "old"), with_se(entry, "new"), moved, size, mark)
            checked += 1
        if len(some) > shown:
            texts = [b.text for b in sections(found)[title].blocks if isinstance(b, Text)]
            assert any(text.startswith(f"and {len(some) - shown} more") for text in texts)
    assert checked >= 5


def test_groups_come_in_the_order_of_their_largest(pairs):
    found = pairs["levels"]
    titles = [t.split(":")[0] for t in sections(found) if re.search(r": \d+ compared, \d+ moved", t)]
    assert titles[0] == GROUPS[found.coefficients[0].group].title == "Level"


def chance(side):
    return with_span(Range(side["p_ranked"], side["p_ranked_low"], side["p_ranked_high"]))


def mark(entry, found, overlap, points):
    over = abs(entry[points]) > found.thresholds.points
    return {(True, False): "", (True, True): "over", (False, False): "apart", (False, True): "both"}[
        entry[overlap], over
    ]


@pytest.mark.parametrize("name", NAMES)
def test_applicants_have_the_numbers_of_the_json(pairs, name):
    found = pairs[name]
    entries = found.to_dict()["applicants"]
    rows = [row[1:] for title in ("Made-up", "Applicants") for row in grids(found, title)]
    assert rows == [
        (chance(e["old"]), chance(e["new"]), signed(e["points"]), mark(e, found, "overlap", "points"))
        for e in entries[:APPLICANTS]
    ]
    applied = [e for e in entries if e["applications"] is not None][:APPLICANTS]
    expected = [
        (
            f"{e['applications']}", percent(e["old"]["p_apply"]), percent(e["new"]["p_apply"]),
            signed(e["points_apply"]), percent(e["target"]),
            *(str(e[side]["required_applications"] or "none") for side in ("old", "new")),
            mark(e, found, "overlap_apply", "points_apply"),
        )
        for e in applied
    ]  # fmt: skip
    assert [row[1:] for row in grids(found, "If they apply")] == expected
    assert [row[0] for row in grids(found, "Made-up")] == [e["name"] for e in entries] * found.made_up


SAID = {  # comparison -> what its text says
    "itself": ["The two files say the same.", "the same, and the same schema", "for the 2027 Match"],
    "no neurology": ["went: source neurology-2026", "Usual number of applications: "],
    "no evidence": ["went: covariate years since graduation, months of US clinical experience,", "apart"],
    "evidence back": ["came: covariate years since graduation, months of US clinical experience,"],
    "levels": [
        "newest_table: 2026 -> 2027",
        "OLD 2027, NEW 2028 (--cycle asks both for one)",
        "1 answer lost.",
    ],
    "many": ["Applicants of the table, for the 2026 Match", "and 10 more, which moved less"],
    "US IMGs gone": [
        "went: applicant type US IMGs",
        "Not compared: 3",
        "NEW: unknown applicant type 'us-img'",
    ],
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(pairs, name):
    text = words(pairs[name])
    for sentence in SAID[name]:
        assert sentence in text, sentence
