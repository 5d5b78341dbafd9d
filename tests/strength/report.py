"""`make faults`: every kind of fault tried often; reports/faults.json counts, reports/faults.md tells.

`python -m tests.strength.report PART ...` tries some parts anew, --write none. `--seconds N` is `make fuzz`:
all kinds but crashes in turn, for so long, from `--seed S`, and nothing is written.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from matchmodel.files import write_text
from matchmodel.report.blocks import Grid, Items, Page, Section, Text
from matchmodel.report.markdown import markdown

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
from .kinds import KINDS, OUTCOMES, tried

SEED = 2026
TURN = 1  # seconds of each kind, again and again
REPORTS = Path(__file__).parents[2] / "reports"
MENDED = (  # what was found, and the mend of its whole kind
    (
        "A pipe or a device named as a model, a profile or a PDF was waited for without end; a "
        "gigabyte was read into memory",
        "one reader of files: regular ones alone, of a bounded size",
    ),
    (
        "A key that stood twice in a model file: the last one won in silence",
        "refused wherever JSON is read",
    ),
    (
        "A wrong type in what a model file keeps for advice (practice tests, signals, printed "
        "figures) was a traceback",
        "every entry has its type and its bounds, checked when the file is read",
    ),
    (
        "Draws beyond all bounds gave NaN in JSON",
        "bounds of every quantity's draws",
    ),
    (
        "The medians in an answer stood in the order of the file's keys",
        "one fixed order",
    ),
    (
        "With very few invitations, the chance of 12 or more was rounding noise",
        "the term itself is taken",
    ),
    (
        "A killed run left a hidden neighbour of the file",
        "a file has no name until it is whole; what is left where the system cannot do that is "
        "removed by the next run",
    ),
    (
        "A killed etl could leave tables that no command would read; two at once could remove each other's",
        "new tables are ready as a whole first, and are read from there; runs wait for each other",
    ),
    (
        "What evaluate writes of your own applicants, the forecast and the template of programs could be "
        "half written",
        "written as all others are",
    ),
    (
        "A profile could be read by others for a moment",
        "private from the start",
    ),
    (
        "Control characters in names of files, programs and columns reached the terminal",
        "spelt out in the one place that everything shown passes",
    ),
    (
        "A workbook that unpacks to gigabytes was read",
        "refused by its own list of parts; entities too",
    ),
    (
        "A PDF page that unpacks or draws itself without end took all memory and time",
        "both are bounded",
    ),
    (
        "Nested TOML in a source ended in a traceback",
        "refused like other TOML that cannot be read",
    ),
    (
        "A number of hundreds of digits in a raw table ended in a traceback",
        "no number, wherever a printed one is read",
    ),
    (
        "A profile whose answers held an arrow key was no TOML; what is no text ended in a traceback",
        "asked again; what is written is escaped",
    ),
    (
        "Ctrl-C and Ctrl-D ended in a traceback, in processes beside too",
        "one line, status 1",
    ),
    (
        "A name that the output's encoding lacks ended in a traceback, after the file was written",
        "spelt as in JSON, which stays JSON",
    ),
    (
        "A Parquet file that is damaged within ended in a traceback, or in two lines without its name",
        "refused like one that is damaged at its ends",
    ),
    (
        "The header of a raw table stood in messages as it was, control characters and all; so did a key of "
        "a model file, a refused value with a no-break space, and a path of 5,000 characters",
        "spelt out and cut, once for everything that is said",
    ),
    (
        "Draws of a model file far beyond their bounds printed a warning of arithmetic before the refusal",
        "what follows from draws is worked out after their bounds are held",
    ),
    (
        "One draw off 0 or 1 by rounding moved the range of a change, or of a chance",
        "it lies on the end",
    ),
    (
        "Another processor's arithmetic moved programs' rates, and 84 stored numbers with them",
        "the maximum is found by its slope: no stored digit moves",
    ),
    (
        "A frame of applicants who are all different took gigabytes; times were taken for scores",
        "in blocks; refused",
    ),
    (
        "A required number could be one off where more programs hardly raise the chance, in chains made up "
        "from end to end of what a model file may hold",
        "the number found and the one below are always tried",
    ),
)
SHORT = (
    "Where a slope is measured as nothing (family medicine on Step 2 CK), a "
    "chance may fall by less than a quarter of a percentage point as the score rises. Below scores of "
    "about 200, where nobody is in the tables, it may fall by more in other specialties; above 290 by a "
    "little more in family medicine.",
    "A model file without its checksum whose numbers were changed to other possible ones is another "
    "model: nothing can tell.",
    "A run that is killed between naming a whole file and giving it its place, less than a "
    "millisecond, leaves a neighbour until the next run; etl leaves a hidden folder in its own, where it was "
    "writing its tables there.",
)


def counts():
    """The counts of the last runs, by kind."""
    path = REPORTS / "faults.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def try_all(parts):
    """Try the kinds of some parts; the counts of the others are kept."""
    for name, one in KINDS.items():
        if parts and one.part not in parts:
            continue
        start = time.monotonic()
        found = tried(one, one.many, SEED)
        print(f"{name}: {dict(found)} in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        now = counts() | {name: {outcome: found[outcome] for outcome in OUTCOMES}}
        ordered = {known: now[known] for known in KINDS if known in now}
        write_text(REPORTS / "faults.json", json.dumps(ordered, indent=1) + "\n")


def fuzz(seconds, seed):
    """Try all kinds but crashes in turn; the first fault ends it, with the seed that leads to it."""
    end, done = time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        running = {}
        for k, (name, one) in enumerate(KINDS.items()):
            if one.part != crashes.PART and one.many > 100:
                (place := Path(folder, str(k))).mkdir()
                running[name] = one.trials(random.Random(f"{seed} {one.what}"), place)
        while time.monotonic() < end:
            for name, trials in running.items():
                turn = min(time.monotonic() + TURN, end)
                while time.monotonic() < turn:
                    try:
                        next(trials)
                    except AssertionError as fault:
                        sys.exit(f"{name}, seed {seed}: {fault}")
                    done += 1
    print(f"{done:,} tries of {len(running)} kinds in {seconds} s from seed {seed}: no fault")


def _of(times, many):
    return f"{times:,}" if times >= many else f"{times:,} of {many:,}"


def page():
    """The page of what was tried, found and mended."""
    found = {name: one for name, one in counts().items() if name in KINDS}
    rows = [
        (
            KINDS[name].part,
            KINDS[name].what,
            _of(sum(one.values()), KINDS[name].many),
            *(f"{one[o]:,}" for o in OUTCOMES),
        )
        for name, one in found.items()
    ]
    total = [sum(one[outcome] for one in found.values()) for outcome in OUTCOMES]
    rows.append(("all", "", f"{sum(total):,}", *(f"{n:,}" for n in total)))
    head = ("part", "kind of fault", "tried", "refused", "same answer", "another sound answer")
    about = (
        "What was tried against the program, and what became of it. 'Refused' is one plain line for each "
        "problem, and nothing written. 'Same answer' is that of the sound input, or the old file as it was. "
        "'Another sound answer' is where the input means something else, or the new file, whole. There is no "
        "fourth outcome: a traceback, a hang or a wrong answer in silence ends the run."
    )
    return Page(
        "Faults tried and survived",
        (
            Section("", (Text(about), Grid(head, tuple(rows), frozenset({0, 1})))),
            Section("Found and mended", (Grid(("found", "mended"), MENDED, frozenset({0, 1})),)),
            Section("What is left", (Items(SHORT),)),
        ),
        "Each row is of the last time that its kind was tried, some of them while the program was still "
        "being mended. Where it was tried less often than make faults does, the column says of how many. "
        "The tests try a sample of each kind, make fuzz other seeds.",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if given.seconds:
        fuzz(given.seconds, given.seed)
    else:
        if not given.write:
            try_all(given.parts)
        write_text(REPORTS / "faults.md", markdown(page()))
