"""No group of fewer than five follows from what calibrate, update and evaluate say and write.

The counts are read back from the terminal, the reports and the model files of all three commands and put
together; a linear programme looks for what they leave open of each small group.
"""

import json
import re
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from matchmodel import load_model
from matchmodel.own import FEWEST
from matchmodel.own.rows import read_own

from ..running import run
from .people import MODEL, YEAR, made_up, outcomes, write

WITHHELD = next(s for s in MODEL.specialties("us-img") if MODEL.withheld("us-img", s))
TYPES = ("non-us-img", "us-img")


def office(kind):
    """Return an office's (people, matched, interviews, applications), with small groups of a kind."""
    us = {"types": 3, "parts": 0}.get(kind, 60)
    people = made_up(240, 400) + made_up(us, 401, ("us-img",))
    matched = ["yes" if hit else "no" for hit in outcomes(MODEL, people, 400)[1]]
    n = len(people)
    interviews, applications = [4] * n, [60] * n
    if kind == "outcomes":  # four of US IMGs matched; withheld, two of six
        matched[240:] = ["yes"] * 4 + ["no"] * 56
        people += [people[240 + k].replace(specialty=WITHHELD) for k in range(6)]
        matched, interviews = matched + ["yes", "yes", "no", "no", "no", "no"], interviews + [4] * 6
        applications += [60] * 6
    if kind == "parts":  # unknown outcomes, no interviews, unknown interviews, no score
        matched[:2], interviews[5:8], interviews[9:12] = ["", ""], [0, 0, 0], [""] * 3
        matched[5:8] = ["no"] * 3
        people[20:23] = [a.replace(step2_ck=None) for a in people[20:23]]
    if kind == "years":  # another cycle, none at all, and repeated rows
        people[:3] = made_up(3, 402, cycle=YEAR - 1)
        people[10:14] = [a.replace(cycle=None, yog=None) for a in people[10:14]]
        for part in (people, matched, interviews, applications):
            part += part[30:32]
    if kind == "questions":  # of the six who had no interview, four gave applications; two others none
        interviews[:6], matched[:6] = [0] * 6, ["no"] * 6
        applications[:2], applications[10:12] = [""] * 2, [""] * 2
    return people, matched, interviews, applications


class Rows:
    """The rows of a table as cells of everything that a count may be of; a group is a set of cells."""

    def __init__(self, table):
        self.names = ("type", "part", "matched", "no cycle", "no interviews known", "applied", "no score")
        values = (TYPES, ("used", "withheld", "no interviews", "unknown outcome"), *[(True, False)] * 5)
        # who had no interview did not match, and it is known how many they had
        never = {
            ("no interviews", True, False),
            ("no interviews", True, True),
            ("no interviews", False, True),
        }
        never |= {("unknown outcome", True, known) for known in (True, False)}
        self.cells = [c for c in product(*values) if (c[1], c[2], c[4]) not in never]
        count = dict.fromkeys(self.cells, 0)
        kinds = [table.rows.cells.values[code][0] for code in table.rows.cells.codes]
        parts = [table.part.values[code] for code in table.part.codes]
        sent, score = (c.values[c.codes] for c in map(table.rows.numbers.get, ("applications", "step2_ck")))
        flags = (table.matched == 1, table.without_cycle, np.isnan(table.interviews), ~np.isnan(sent))
        for kind, part, *yes in zip(kinds, parts, *flags, np.isnan(score), strict=True):
            count[kind, "used" if part in TYPES else part, *yes] += 1
        self.count = np.array([count[c] for c in self.cells])

    def group(self, **of):
        """Return which cells are in a group."""
        wanted = {
            self.names.index(n.replace("_", " ")): v if isinstance(v, tuple) else (v,) for n, v in of.items()
        }
        return np.array([all(c[k] in v for k, v in wanted.items()) for c in self.cells], float)

    def open(self, told, group):
        """Return the least and the largest size of a group that all told counts allow."""
        rows, sizes = (np.array(v) for v in zip(*told, strict=True))
        ends = [linprog(s * group, A_eq=rows, b_eq=sizes, bounds=(0, 5000)) for s in (1, -1)]
        assert all(end.status == 0 for end in ends)  # what is told fits together
        return ends[0].fun, -ends[1].fun


RANKED = ("used", "withheld")
LINES = {  # what the commands print -> the group that each number is of
    r"^- (\S+) rows: ": [{}],
    r"(\S+) left out with unknown outcomes": [{"part": "unknown outcome"}],
    r"(\S+) without an interview": [{"part": "no interviews"}],
    r"(\S+) with unknown interviews": [{"part": RANKED, "no_interviews_known": True}],
    r"(\S+) rows of specialties without": [{"part": "withheld"}],
    r"(\S+) used, (\S+) of them matched": [{"part": RANKED}, {"part": RANKED, "matched": True}],
    r"(\S+) rows name no cycle": [{"no_cycle": True}],
    r"Step 2 CK (\d+)": [{"part": RANKED, "no_score": True}],
    r"from (\d\S*) rows of": [{}],
}
USED, APPLIED = {"part": "used"}, {"part": ("used", "no interviews"), "applied": True}


def told(rows, texts, models, report):
    """Yield (group, count) of everything that is said and written."""
    for text, (line, groups) in product(texts, LINES.items()):
        for found in re.finditer(line, text):
            for number, group in zip(found.groups(), groups, strict=True):
                if number.isdigit():
                    yield rows.group(**group), int(number)
    for kind, name in zip(TYPES, ("non-US IMGs", "US IMGs"), strict=True):
        for text in texts:
            for n, matched in re.findall(rf"(?<!-){name}: (\d+) applicants, (\d+) matched", text):
                yield rows.group(type=kind, **USED), int(n)
                yield rows.group(type=kind, matched=True, **USED), int(matched)
        for record in models:
            one = record.types[kind].calibration
            if one is not None:
                yield rows.group(type=kind, **USED), one.n
                yield rows.group(type=kind, matched=True, **USED), one.matched
        for group in report["groups"]:
            if group["who"] in (name, "all applicants") and group["n"] is not None:
                of = USED if group["estimand"] == "ranked" else APPLIED
                of = of if group["who"] == "all applicants" else of | {"type": kind}
                yield rows.group(**of), group["n"]
                yield rows.group(matched=True, **of), group["events"]
    for record in models:
        if record.updated is not None and record.updated.n is not None:
            yield rows.group(part=RANKED), record.updated.n
            yield rows.group(part=RANKED, matched=True), record.updated.matched
    parts = {"rows": {}, "withheld": {"part": "withheld"}, "no_interviews": {"part": "no interviews"}}
    parts |= {"unknown_outcome": {"part": "unknown outcome"}}
    parts |= {"unknown_interviews": {"part": RANKED, "no_interviews_known": True}}
    yield from ((rows.group(**of), report[name]) for name, of in parts.items() if report[name] is not None)


def small_groups(rows):
    """Yield the groups of one to four that somebody might look for."""
    parts = [{"part": part} for part in ("used", "withheld", "no interviews", "unknown outcome")]
    every = (
        [{"type": kind} for kind in TYPES]
        + parts
        + [part | {"applied": yes} for part in parts for yes in (1, 0)]
    )
    every += [{"no_cycle": True}, {"no_interviews_known": True}, {"no_score": True}]
    every += [{"type": kind} | group for kind in TYPES for group in every if "type" not in group]
    every += [group | {"matched": hit} for group in every for hit in (True, False)]
    for of in every:
        group = rows.group(**of)
        if 0 < group @ rows.count < FEWEST:
            yield of, group


SLOW = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("outcomes", "years", "questions")]


@pytest.mark.parametrize("kind", ["types", "parts", *SLOW])
def test_no_small_group_is_told_nor_follows(kind, tmp_path, capsys):
    folder, table = tmp_path, write(tmp_path / "own.csv", *office(kind))
    texts = []
    for words in (
        ["update", table, "--out", folder / "u.json"],
        ["calibrate", table, "--method", "intercept", "--out", folder / "c.json"],
        ["evaluate", "--applicants", table, "--out", folder],
    ):
        status, out, err = run(capsys, *words)
        assert status == 0, err
        texts += [out, err]
    texts.append((folder / "people.md").read_text(encoding="utf-8"))
    flat = [
        "- " + " ".join(re.split(r"^- ", text, flags=re.M)[1:]).replace("\n", " ") for text in texts if text
    ]
    flat = [re.sub(r" +", " ", text) for text in flat + texts]
    report = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    models = [load_model(folder / name).record for name in ("u.json", "c.json")]
    rows = Rows(read_own(table, MODEL))
    counts = list(told(rows, flat, models, report))
    assert len(counts) > 4 and all(group @ rows.count == n for group, n in counts)
    assert not any(0 < n < FEWEST for _, n in counts)
    looked_for = list(small_groups(rows))
    assert looked_for
    for of, group in looked_for:
        low, high = rows.open(counts, group)
        assert low < 1 and high >= FEWEST, (kind, of, low, high)
    for text in texts:
        nouns = "rows?|people|applicants|persons?|used|matched|left out|without an interview|with unknown"
        assert not re.search(rf"(?<![\d.,+-])[1-4] ({nouns})\b", " ".join(text.split()))
    between_bins_and_thresholds(report)


def between_bins_and_thresholds(report):
    """What bins and net benefits give of a question, put together, has no small step."""
    for group in report["groups"]:
        m = group["metrics"]
        if m is None:
            continue
        above = {(0, 0), (m["n"], m["events"])}
        for d in m["decision"]:
            odds = d["threshold"] / (1 - d["threshold"])
            above.add((d["acted"], round((d["model"] * m["n"] + odds * d["acted"]) / (1 + odds))))
        for k in range(len(m["bins"])):
            above.add(tuple(sum(b[name] for b in m["bins"][k:]) for name in ("n", "matched")))
        steps = np.diff(np.array(sorted(above)), axis=0)
        assert (steps[:, 1] >= FEWEST).all() and (steps[:, 0] - steps[:, 1] >= FEWEST).all()
        assert len(above) > 2
