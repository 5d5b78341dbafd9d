"""The text: within 100 columns, plain, with the numbers of --json, the verdict last."""

import re
from dataclasses import replace

import pytest

from matchmodel import Applicant, Model
from matchmodel.compare.answers import Asked
from matchmodel.compare.coefficients import GROUPS
from matchmodel.compare.report import APPLICANTS, LABEL, MOST, SHOWN, UNJUDGED, figures, report_lines, signed
from matchmodel.compare.result import Thresholds, compare_models
from matchmodel.report.wording import percent

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


@pytest.mark.parametrize("name", NAMES)
def test_fits_and_ends_with_the_verdict(pairs, name):
    lines = "\n".join(report_lines(pairs[name])).split("\n")
    assert max(map(len, lines)) <= 100 and lines[-1] == pairs[name].verdict
    text = "\n".join(lines)
    assert all(line.isascii() and line == line.rstrip() for line in lines) and "\n\n\n" not in text
    assert "it is no test" in " ".join(text.split())


def test_what_came_went_and_is_trusted_otherwise_is_told(pairs):
    text = " ".join("\n".join(report_lines(pairs["levels"])).split())
    assert "trust of Neurology, non-US IMGs: ok -> withheld (NEW gives no number there)" in text
    assert "same id, another entry: source " in text and "(grade)" in text and "tail: iqr -> bounds" in text
    text = " ".join("\n".join(report_lines(pairs["US IMGs gone"])).split())
    assert "went: applicant type US IMGs (NEW has no answer there)" in text
    assert "went: source neurology-2026" in "\n".join(report_lines(pairs["no neurology"]))


@pytest.mark.parametrize("name", ["no neurology", "levels", "strict"])
def test_coefficients_have_the_numbers_of_the_json(pairs, name):
    found, lines = pairs[name], list(report_lines(pairs[name]))
    made = found.as_dict()["coefficients"]
    checked = 0
    for key, group in GROUPS.items():
        some = [(c, d) for c, d in zip(found.coefficients, made, strict=True) if c.group == key and c.change]
        if not some:
            continue
        start = next(k for k, line in enumerate(lines) if line.startswith(f"  {group.title}: "))
        over = sum(d["over"] for _, d in some)
        counted = f"{sum(c.group == key for c in found.coefficients)} compared, {len(some)} moved"
        assert counted + (f", {over} over" if over else "") in lines[start]
        shown = UNJUDGED if some[0][0].size is None else max(SHOWN, min(over, MOST))
        for change, entry in some[:shown]:
            k = next(k for k in range(start + 1, len(lines)) if lines[k].startswith("  " + change.label))
            line = lines[k][LABEL + 2 :] if len(change.label) <= LABEL else lines[k + 1]
            numbers = []
            for side in ("old", "new"):
                se = entry[f"{side}_se"]
                numbers += [figures(entry[side]), *([f"({figures(se)})"] if se else [])]
            size = [] if entry["standard_errors"] is None else [signed(entry["standard_errors"])]
            moved = ("+" if entry["change"] > 0 else "") + figures(entry["change"])
            assert line.split() == [*numbers, moved, *size, *(["over"] if entry["over"] else [])], lines[k]
            checked += 1
        if len(some) > shown:
            assert any(line.startswith(f"  and {len(some) - shown} more") for line in lines[start:])
    assert checked >= 5


def test_groups_come_in_the_order_of_their_largest(pairs):
    found = pairs["levels"]
    titles = [
        m.group(1)
        for line in report_lines(found)
        if (m := re.match(r"  ([^:]+): \d+ compared, \d+ moved", line))
    ]
    assert titles[0] == GROUPS[found.coefficients[0].group].title == "Level"


def chance(side):
    return (
        f"{percent(side['p_ranked'])} ({100 * side['p_ranked_low']:.1f} to {100 * side['p_ranked_high']:.1f})"
    )


def said(entry, found, overlap, points):
    over = abs(entry[points]) > found.thresholds.points
    words = ", ".join(["apart"] * (not entry[overlap]) + ["over"] * over)
    return f"  {words}" if words else ""


@pytest.mark.parametrize("name", NAMES)
def test_applicants_have_the_numbers_of_the_json(pairs, name):
    found, lines = pairs[name], "\n".join(report_lines(pairs[name])).split("\n")
    shown = found.as_dict()["applicants"][:APPLICANTS]
    rows = [line for line in lines if re.search(r"\d% \(\d.* to .*\d% \(\d", line)]
    assert len(rows) == len(shown)
    for line, entry in zip(rows, shown, strict=True):
        numbers = f"{chance(entry['old']):>23}{chance(entry['new']):>23}{signed(entry['points']):>8}"
        assert line.endswith(numbers + said(entry, found, "overlap", "points"))
    for entry in (e for e in shown if e["applications"] is not None):
        needed = [entry[side]["required_applications"] for side in ("old", "new")]
        takes = " -> ".join("none" if n is None else str(n) for n in needed)
        chances = f"{percent(entry['old']['p_apply']):>8}{percent(entry['new']['p_apply']):>8}"
        moved = f"{signed(entry['points_apply']):>8}  {percent(entry['target']):>6}"
        row = f"{entry['applications']:>6}{chances}{moved}  {takes}"
        assert any(
            line.endswith(row + said(entry, found, "overlap_apply", "points_apply")) for line in lines
        ), row


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
    text = " ".join("\n".join(report_lines(pairs[name])).split())
    for words in SAID[name]:
        assert words in text, words
