"""The text: within 100 columns, plain, with the numbers of --json, the verdict last."""

import re

import pytest

from matchmodel import Applicant, Model
from matchmodel.compare.coefficients import GROUPS
from matchmodel.compare.report import APPLICANTS, LABEL, MOST, SHOWN, figures, report_lines, signed
from matchmodel.compare.result import Thresholds, compare_models
from matchmodel.wording import percent

from .conftest import put, without

FIGURES = {-0.46012: "-0.460", 97.394: "97.39", 143.7: "143.7", 0.0234: "0.0234", -11.0: "-11.00", 0.0: "0", 2.5: "2.500"}
SIGNED = {0.0: "0", 0.04: "0.0", -0.04: "0.0", 1.25: "+1.2", -9.21: "-9.2", 0.06: "+0.1"}


def test_numbers():
    assert {value: figures(value) for value in FIGURES} == FIGURES
    assert {value: signed(value) for value in SIGNED} == SIGNED


@pytest.fixture(scope="module")
def pairs(fresh, no_neurology, no_evidence, content):
    """Comparisons of every kind that the text must carry."""
    new = put(content, "types.non-us-img.year", lambda y: y + 1)
    new = put(put(new, "newest_table", lambda y: y + 1), "settings.tail", "bounds")
    for specialty in content["types"]["us-img"]["cells"]:
        new = put(new, f"types.us-img.cells.{specialty}.level.value", lambda v: v + 9.0)
    new = put(new, "sources", lambda some: [{**some[0], "sha256": ""}, *some[1:]])
    many = {f"applicant {k}": Applicant("Physical Medicine and Rehabilitation", "non-us-img", 220 + k) for k in range(30)}
    less = Model(without(content, "types.us-img"))
    return {
        "itself": compare_models(fresh, fresh), "no neurology": compare_models(fresh, no_neurology), "no evidence": compare_models(fresh, no_evidence),
        "evidence back": compare_models(no_evidence, fresh), "levels": compare_models(fresh, Model(new)), "many": compare_models(fresh, no_neurology, many, cycle=2026),
        "nobody": compare_models(fresh, fresh, {}), "US IMGs gone": compare_models(fresh, less), "strict": compare_models(fresh, no_neurology, thresholds=Thresholds(0, 0)),
    }


NAMES = ("itself", "no neurology", "no evidence", "evidence back", "levels", "many", "nobody", "US IMGs gone", "strict")


@pytest.mark.parametrize("name", NAMES)
def test_fits_and_ends_with_the_verdict(pairs, name):
    lines = "\n".join(report_lines(pairs[name])).split("\n")
    assert max(map(len, lines)) <= 100 and lines[-1] == pairs[name].verdict
    text = "\n".join(lines)
    assert all(line.isascii() and line == line.rstrip() for line in lines) and "\n\n\n" not in text
    assert "it is no test" in " ".join(text.split())


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
        assert f"{sum(c.group == key for c in found.coefficients)} compared, {len(some)} moved" + (f", {over} over" if over else "") in lines[start]
        shown = (3 if some[0][0].size is None else max(SHOWN, min(over, MOST)))
        for change, entry in some[:shown]:
            k = next(k for k in range(start + 1, len(lines)) if lines[k].startswith("  " + change.label))
            line = lines[k][LABEL + 2 :] if len(change.label) <= LABEL else lines[k + 1]
            numbers = [figures(entry["old"]), *([f"({figures(entry['old_se'])})"] if entry["old_se"] else []), figures(entry["new"]), *([f"({figures(entry['new_se'])})"] if entry["new_se"] else [])]
            size = [] if entry["standard_errors"] is None else [signed(entry["standard_errors"])]
            moved = ("+" if entry["change"] > 0 else "") + figures(entry["change"])
            assert line.split() == [*numbers, moved, *size, *(["over"] if entry["over"] else [])], lines[k]
            checked += 1
        if len(some) > shown:
            assert any(line.startswith(f"  and {len(some) - shown} more") for line in lines[start:])
    assert checked > 10


def test_groups_come_in_the_order_of_their_largest(pairs):
    found = pairs["levels"]
    titles = [m.group(1) for line in report_lines(found) if (m := re.match(r"  ([^:]+): \d+ compared, \d+ moved", line))]
    assert titles[0] == GROUPS[found.coefficients[0].group].title == "Level"


@pytest.mark.parametrize("name", NAMES)
def test_applicants_have_the_numbers_of_the_json(pairs, name):
    found, lines = pairs[name], list(report_lines(pairs[name]))
    rows = [line for line in lines if " to " in line and re.search(r"\d%? ?\(\d", line)]
    assert len(rows) == min(len(found.applicants), APPLICANTS)
    for line, entry in zip(rows, found.as_dict()["applicants"], strict=False):
        pair = [f"{percent(s['p_ranked'])} ({100 * s['p_ranked_low']:.1f} to {100 * s['p_ranked_high']:.1f})" for s in (entry["old"], entry["new"])]
        over = abs(entry["points"]) > found.thresholds.points
        said = ", ".join(["apart"] * (not entry["overlap"]) + ["over"] * over)
        assert line.split() == [*pair[0].split(), *pair[1].split(), signed(entry["points"]), *said.split()] or line.startswith("  " + entry["name"])
        assert line.endswith(" ".join([pair[1]]) + f"{signed(entry['points']):>8}" + (f"  {said}" if said else ""))
    for entry in found.as_dict()["applicants"][:APPLICANTS]:
        if entry["applications"]:
            needed = " -> ".join("none" if entry[s]["required_applications"] is None else str(entry[s]["required_applications"]) for s in ("old", "new"))
            row = f"{entry['applications']:>6}{percent(entry['old']['p_apply']):>8}{percent(entry['new']['p_apply']):>8}{signed(entry['points_apply']):>8}  {percent(entry['target']):>6}  {needed}"
            assert any(row in line for line in lines), row


SAID = {  # comparison -> what its text says
    "itself": ["The two files say the same.", "the same, and the same schema", "for the 2027 Match"],
    "no neurology": ["went: source neurology-2026", "basis: evidence -> assumed", "judged by the applicants alone: Centring of covariates"],
    "no evidence": ["went: applications chain (NEW has no answer there)", "went: covariate years_since_graduation, usce_months,", "1 answer lost."],
    "evidence back": ["came: applications chain came: source evidence-register"],
    "levels": ["tail: iqr -> bounds", "newest_table: 2026 -> 2027", "OLD 2027, NEW 2028 (--cycle asks both for one)", "same id, other content: source applications-per-img (sha256", "-> unknown)", "and 12 more, 12 of them over the threshold"],
    "many": ["Applicants of the table, for the 2026 Match", "and 10 more, which moved less"],
    "US IMGs gone": ["went: applicant type US IMGs (NEW has no answer there)", "Not compared: 3", "NEW: unknown applicant type 'us-img'"],
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said(pairs, name):
    text = " ".join("\n".join(report_lines(pairs[name])).split())
    for words in SAID[name]:
        assert words in text, words
