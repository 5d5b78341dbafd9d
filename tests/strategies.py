"""Random applicants and questions for a model; tables, command lines and JSON of every sort."""

import csv
import io
from dataclasses import dataclass, fields

from hypothesis import strategies as st

from matchmodel import Applicant, Question
from matchmodel.cli.commands import COMMANDS
from matchmodel.cli.main import parsers
from matchmodel.model import Model

KNOWN = {  # covariate -> what an applicant can be given; None is unknown
    "step2_ck": st.none() | st.integers(1, 300) | st.floats(180, 300),
    "usce_months": st.none() | st.floats(0, 120),
    "visa_needed": st.none() | st.booleans(),
}


@st.composite
def applicants_of(draw, model: Model, **fixed):
    """Any applicant that is not refused, of every type, cell and cycle; `fixed` overrides what is drawn."""
    kind = draw(st.sampled_from(model.applicant_types))
    given = {name: draw(values) for name, values in KNOWN.items()}
    given["cycle"] = draw(st.none() | st.integers(model.newest_table - 10, model.newest_table + 10))
    cycle = given["cycle"] or model.default_cycle
    given[draw(st.sampled_from(["yog", "years_since_graduation"]))] = draw(st.none() | st.integers(0, 60))
    if given.get("yog") is not None:
        given["yog"] = cycle - given["yog"]
    for step in ("step1", "step2"):
        if draw(st.booleans()):
            given[step + "_attempts"] = draw(st.none() | st.integers(1, 6))
        else:
            given[step + "_failed"] = draw(st.none() | st.booleans())
    if kind == "us-img" and given["visa_needed"]:
        given["visa_needed"] = None
    specialty = draw(st.sampled_from(model.specialties(kind)))
    return Applicant(**{"specialty": specialty, "applicant_type": kind, **given, **fixed})


def questions():
    """Any question."""
    return st.builds(
        Question,
        applications=st.none() | st.integers(1, 5000),
        target=st.none() | st.floats(0.01, 0.99),
        interviews=st.none() | st.integers(0, 60),
    )


# --- tables as people write them ----------------------------------------------------------------------------

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252")
# What every encoding has, and no two of which are UTF-8 too where they are written in Windows-1252.
PLAIN = st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("äéïøñ")
ANY = st.characters(exclude_categories=("Cs",))


@dataclass(frozen=True)
class Dialect:
    """A way to write a table that means the same.

    Attributes
    ----------
    delimiter, quoting, end, encoding
        Of the text.
    order
        Of the columns, as keys to sort by, some of which are columns that nothing reads.
    blank
        Places of blank lines among the rows.
    more
        What a column that nothing reads holds.
    padded
        Whether blanks stand around the cells.
    """

    delimiter: str
    quoting: int
    end: str
    encoding: str
    order: tuple[int, ...]
    blank: tuple[int, ...]
    more: str
    padded: bool

    def written(self, rows: list[dict[str, str]]) -> bytes:
        """Return the bytes of a table of such rows."""
        names = [*rows[0], "Remark", "Papers"]
        names = [name for _, name in sorted(zip(self.order, names, strict=False))]
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.end)
        writer.writerow(names)
        for k, row in enumerate(rows):
            cells = [row.get(name, self.more) for name in names]
            writer.writerow([f" {cell} " if self.padded else cell for cell in cells])
            if k in self.blank:
                out.write(self.end)
        return out.getvalue().encode(self.encoding)


def dialects(columns):
    """Any way to write a table of so many columns."""
    return st.builds(
        Dialect,
        delimiter=st.sampled_from(",;\t"),
        quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        end=st.sampled_from(["\n", "\r\n"]),
        encoding=st.sampled_from(ENCODINGS),
        order=st.permutations(range(columns + 2)).map(tuple),
        blank=st.lists(st.integers(0, 9), max_size=3).map(tuple),
        more=st.text(PLAIN, max_size=12),
        padded=st.booleans(),
    )


def row_of(applicant, question):
    """An applicant and a question as a row of a table, what is unknown blank."""
    values = {f.name: getattr(one, f.name) for one in (applicant, question) for f in fields(one)}
    words = {None: "", True: "yes", False: "no"}
    return {
        name: words[value] if value is None or isinstance(value, bool) else str(value)
        for name, value in values.items()
    }


# --- what a file or a command line may hold -----------------------------------------------------------------

NUMBERS = st.integers(-(10**400), 10**400) | st.integers(-9, 320) | st.floats() | st.floats(0, 320)
WORDS = st.text(ANY, max_size=12) | NUMBERS.map(str) | st.sampled_from(
    ["", "nan", "1e999", "0x1F", "1_0", "٣", "½", "50%", "1,5", "1.200", "-", "--", "=1+1", "\u202e250",
     "<b>x", "yes", "None", "J-1", "IM", "us-img", "x" * 5000, "a\x00b", "\x1b[2J", "..", "%s", "[", '"', "'"]
)  # fmt: skip


def json_trees():
    """Anything that JSON can say, and what Python's JSON says beyond it."""
    return st.recursive(
        st.none() | st.booleans() | NUMBERS | st.text(ANY, max_size=12),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(ANY, max_size=6), inner, max_size=4)
        ),
        max_leaves=12,
    )


@st.composite
def command_lines(draw, good):
    """A command and options of its own parser, with values that are right, and any others.

    Parameters
    ----------
    good
        {option or name of an argument: values that are right}.
    """
    name = draw(st.sampled_from([name for name in COMMANDS if name != "train"]))  # which starts a process
    actions = [a for a in parsers()[1].choices[name]._actions if "--help" not in a.option_strings]
    needed = [a for a in actions if a.required]
    some = draw(st.lists(st.sampled_from([a for a in actions if not a.required] or needed), max_size=5))
    absurd = draw(st.integers(0, 3))  # none, mostly
    words = [name]
    for k, action in enumerate([*needed, *some]):
        option = action.option_strings[-1:]
        right = st.sampled_from(list(action.choices or good.get(action.dest, ["3", "IM"])))
        value = draw(WORDS | st.just("--json") if absurd == 1 and k % 2 else right)
        words += option if action.nargs == 0 else [*option, str(value)]
    return words
