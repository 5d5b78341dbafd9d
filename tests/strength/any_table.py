"""What holds of any table that Hypothesis draws: applicants, own applicants with outcomes, a report's."""

import csv
import io
import math
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from matchmodel.batch.columns import CHANCES, ENDS, GIVEN, REQUIRED
from matchmodel.batch.rows import PROFILE, of_applicants
from matchmodel.errors import SourceProblems
from matchmodel.etl import read_raw
from matchmodel.own.rows import read_own

from ..own.people import MODEL, made_up, outcomes, write
from ..strategies import WORDS, applicants_of, dialects, questions, row_of
from .asking import Fault, checked, hung, small_model_file
from .crashes import RAW
from .kinds import drawn
from .tables import PART

PEOPLE = st.lists(st.tuples(applicants_of(MODEL), questions()), min_size=1, max_size=6)


def figures(applicant, question):
    """The numbers of an answer under the names of columns, NaN where there is none."""
    answer, found = MODEL.odds(applicant, question), {}
    for name in (*CHANCES, GIVEN, *REQUIRED):
        one = getattr(answer, name)
        if name in REQUIRED and one is not None:
            one = one.applications, one.low, one.high
        found |= dict(zip([name + end for end in ENDS], one or (None,) * 3, strict=True))
    return {name: math.nan if value is None else value for name, value in found.items()}


@drawn(
    PART,
    "any applicants in a table of any sort: each row is what predict says",
    8,
    400,
    people=PEOPLE,
    dialect=dialects(12 + 3),
)
def written_in_any_way(folder, people, dialect):
    path, out = folder / "in.csv", folder / "out.csv"
    path.write_bytes(dialect.written([row_of(*one) for one in people]))
    if checked(["score", path, out]) is None:
        raise Fault("a sound table was refused")
    with open(out, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, one in zip(rows, people, strict=True):
        for name, value in figures(*one).items():
            cell = row.get(name) or "nan"
            if not math.isclose(float(cell), value, rel_tol=1e-12) and (cell, value) != ("nan", value):
                raise Fault(f"{one}: {name} is {cell}, not {value}")
            if cell == "nan" and value == value and name in row:
                raise Fault(f"{one}: {name} is blank, not {value}")
    return "same"


WORD = {None: "", True: "yes", False: "no"}


def own(people, outcomes):
    """Rows of own applicants with what became of them."""
    rows = []
    for (applicant, question), (matched, interviews) in zip(people, outcomes, strict=False):
        row = row_of(applicant, question.replace(interviews=interviews or None, target=None))
        rows.append(row | {"matched": WORD[matched]})
        del rows[-1]["target"]
    return rows


OUTCOMES = st.lists(
    st.tuples(st.none() | st.booleans(), st.none() | st.integers(1, 60)), min_size=6, max_size=6
)


@drawn(
    PART,
    "own applicants in a table of any sort: the same people",
    40,
    2000,
    people=PEOPLE,
    outcomes=OUTCOMES,
    dialect=dialects(12 + 3),
)
def own_in_any_way(folder, people, outcomes, dialect):
    path, rows = folder / "own.csv", own(people, outcomes)
    path.write_bytes(dialect.written(rows))
    read = read_own(path, MODEL)
    asked = of_applicants(MODEL, *([one[k] for one in people] for k in (0, 1)))
    if numbered(read.rows) != numbered(asked):
        raise Fault(f"{numbered(read.rows)}, not {numbered(asked)}")
    told = zip(read.matched.tolist(), read.interviews.tolist(), strict=True)
    wanted = [(row["matched"], row["interviews"]) for row in rows]
    if [(WORD[None if hit != hit else bool(hit)], "" if n != n else f"{n:g}") for hit, n in told] != wanted:
        raise Fault(f"{read.matched}, {read.interviews}, not {wanted}")
    return "same"


def numbered(rows):
    """What is read of each row: its cell, and numbers, None where unknown."""
    columns = [rows.known(name) for name in (*PROFILE, "applications")]
    numbers = [[None if v != v else v for v in column.values[column.codes].tolist()] for column in columns]
    cells = [rows.cells.values[code] for code in rows.cells.codes]
    return list(zip(cells, *numbers, strict=True))


FILLED = ("IM", "us-img", "250", "2020", "3", "yes", "no", "1", "2026", "0.5")
CELLS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 10), WORDS | st.sampled_from(FILLED)), max_size=3
)


@cache
def office():
    """A table of own applicants that calibrate and update take, as rows."""
    people = [one.replace(specialty="Neurology" if k % 3 else "IM") for k, one in enumerate(made_up(400, 3))]
    path = Path(tempfile.mkdtemp()) / "own.csv"
    write(path, people, outcomes(MODEL, people, 3)[1], [3] * 400, [80] * 400)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    shutil.rmtree(path.parent)
    return rows


@drawn(
    PART,
    "any words in a table of own applicants",
    10,
    300,
    command=st.sampled_from(["calibrate", "update"]),
    cells=CELLS,
)
def own_words(folder, command, cells):
    rows = [list(row) for row in office()]
    for k, at, word in cells:
        rows[k][at] = word
    path, out = folder / "own.csv", folder / "out.json"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with hung(120):
        answer = checked([command, path, "--model", small_model_file(), "--out", out], 60)
    if answer is None:
        if out.exists():
            raise Fault("refused, and written")
        return "refused"
    out.unlink(missing_ok=True)
    return "answered"


SOURCES = ("program-signals", "practice-tests", "fees-2026", "match-rates-2012-2026", "nrmp-2026-visa")


@cache
def source(name):
    """A raw source: the files of its folder, its tables as rows, and what is read of it."""
    folder = RAW / name
    read = read_raw_alone(folder)
    tables_ = {p.name: list(csv.reader(io.StringIO(p.read_text("utf-8-sig")))) for p in folder.glob("*.csv")}
    return folder, tables_, read


def read_raw_alone(folder):
    """What is read of one source alone."""
    with tempfile.TemporaryDirectory() as raw:
        shutil.copytree(folder, Path(raw) / folder.name)
        return read_raw(raw).tables


@drawn(
    PART,
    "any words in a raw table, and its columns in any order",
    10,
    500,
    name=st.sampled_from(SOURCES),
    cells=st.lists(st.tuples(st.integers(0), st.integers(0), WORDS), max_size=2),
    order=st.integers(0, 99),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def raw_words(folder, name, cells, order, quoting, encoding, end):
    where, tables_, right = source(name)
    order = random.Random(order)
    here = folder / "raw" / name
    shutil.copytree(where, here)
    file = order.choice(sorted(tables_))
    rows = [list(row) for row in tables_[file]]
    for k, at, word in cells:
        row = rows[k % len(rows)]
        row[at % len(row)] = word
    if len({len(row) for row in rows}) == 1:
        places = list(range(len(rows[0])))
        order.shuffle(places)
        rows = [[row[k] for k in places] for row in rows]
    with open(here / file, "w", encoding=encoding, newline="") as made:
        csv.writer(made, quoting=quoting, lineterminator=end).writerows(rows)
    try:
        with hung(60):
            read = read_raw(folder / "raw").tables
    except SourceProblems as problems:
        if not cells:
            raise Fault(f"a sound source was refused: {problems}") from None
        if not all(str(p).isprintable() and len(str(p)) < 3000 for p in problems.problems):
            raise Fault(f"{problems}") from None
        return "refused"
    finally:
        shutil.rmtree(folder / "raw")
    same = read.keys() == right.keys() and all(read[one].equals(right[one]) for one in read)
    if not cells and not same:
        raise Fault("another order of the columns is another table")
    return "same" if same else "answered"
