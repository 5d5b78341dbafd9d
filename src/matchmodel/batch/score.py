"""A table of applicants, answered with the numbers of `Model.odds`."""

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..applicant import FIELDS as ABOUT_WHOM
from ..applicant import Applicant
from ..errors import MatchModelError, RefusedInput
from ..files import whole
from ..known import known
from ..model import Model, load_model
from ..model.engine import ORDERS, People, ranges
from ..model.records import ApplicantType, Cell
from ..progress import Soon
from ..question import DEFAULT_TARGET, Question
from ..question import FIELDS as ABOUT_WHAT

COLUMNS = (*ABOUT_WHOM, *ABOUT_WHAT)
OTHERS = ("matched", "interviews")  # of the applicants layout, read where outcomes are asked for
CHANCES = ("p_ranked", "p_apply", "p_any_invitation", "expected_invitations")
REQUIRED = tuple(
    "required_applications" + end for end in ("", "_random", "_friendliest")
)  # in the order of ORDERS
GIVEN = "p_given_interviews"
ENDS = ("", "_low", "_high")
ROWS_AT_ONCE = 100  # times the draws, times twelve ranks, in floats: a few megabytes


@dataclass(frozen=True)
class Table:
    """A table of applicants, as read.

    Attributes
    ----------
    headers, rows
        Its cells, as they stand there.
    applicants, questions
        Of each row.
    others
        What else was asked for of each row.
    """

    headers: list[str]
    rows: list[list[str]]
    applicants: list[Applicant]
    questions: list[Question]
    others: list[Any]


def score_applicants(
    model: Model,
    applicants: Sequence[Applicant],
    questions: Sequence[Question] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, np.ndarray]:
    """Answer applicants, grouped by cell and cycle.

    Parameters
    ----------
    model
    applicants
    questions
        Of each applicant; where absent, nothing but the usual number of applications is asked about.
    progress
        Called with what is being done.

    Returns
    -------
    dict
        Columns of shape (n,): `CHANCES`; where any question has a target `REQUIRED`, where any has interviews
        `GIVEN`; each with '_low' and '_high', NaN where there is no number. 'trust' is a text.
    """
    asked = [Question()] * len(applicants) if questions is None else questions
    columns = [*CHANCES]
    columns += REQUIRED if any(q.target is not None for q in asked) else ()
    columns += (GIVEN,) if any(q.interviews is not None for q in asked) else ()
    found = {name + end: np.full(len(applicants), np.nan) for name in columns for end in ENDS}
    found["trust"] = np.full(len(applicants), "", dtype="U8")
    groups: dict[tuple[str, str, int], list[int]] = {}
    resolved = [model.resolve(a) for a in applicants]
    for k, a in enumerate(resolved):
        groups.setdefault((a.applicant_type, a.specialty, known(a.cycle)), []).append(k)
    done = 0
    for (kind, specialty, _), members in groups.items():
        found["trust"][members] = model.cell(kind, specialty).trust.kind
        for start in range(0, len(members), ROWS_AT_ONCE):
            rows = members[start : start + ROWS_AT_ONCE]
            if not model.withheld(kind, specialty):
                people = model.people([resolved[k] for k in rows])
                for name, values in _answers(people, [asked[k] for k in rows], columns).items():
                    found[name][rows] = values
            done += len(rows)
            if progress:
                progress(f"answered {done:,} of {len(applicants):,} applicants")
    return found


def _answers(people: People, asked: list[Question], columns: list[str]) -> dict[str, np.ndarray]:
    """Return the columns of applicants of one cell and cycle, as `matchmodel.model.answer` has them."""
    found = {"p_ranked": ranges(people.p_ranked())}
    chain = people.arrays.chain
    if chain is not None:
        usual = max(round(chain.record.usual.value), 1)
        mean = people.invitations(
            np.array([usual if q.applications is None else q.applications for q in asked])
        )
        found |= {
            "p_apply": ranges(people.p_apply(mean)),
            "p_any_invitation": ranges(people.p_any(mean)),
            "expected_invitations": ranges(mean),
        }
        if REQUIRED[0] in columns:
            target = np.array([DEFAULT_TARGET if q.target is None else q.target for q in asked])
            needed_mean = people.mean_needed(target)
            for order, name in zip(ORDERS, REQUIRED, strict=True):
                needed = people.needed(target, order, needed_mean)
                point, low, high = (
                    np.where(np.isinf(v), np.nan, v) for v in (needed.point, needed.low, needed.high)
                )
                found[name] = point, low, high
        if GIVEN in columns:
            held = np.array([np.nan if q.interviews is None else q.interviews for q in asked])
            chances = ranges(people.p_given(np.nan_to_num(held)))
            point, low, high = (np.where(np.isnan(held), np.nan, v) for v in chances)
            found[GIVEN] = point, low, high
    return {name + end: v for name, values in found.items() for end, v in zip(ENDS, values, strict=True)}


# --- reading a table ----------------------------------------------------------------------------------------


def _key(header: str) -> str:
    return "".join(ch for ch in header.casefold() if ch.isalnum())


def _records(path: str | os.PathLike[str]) -> list[tuple[int, list[str]]]:
    """Return (row number, cells) of a CSV's rows, blank ones counted and left out."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return [(k, row) for k, row in enumerate(csv.reader(file, strict=True), start=1) if row]
    except FileNotFoundError:
        raise RefusedInput(f"there is no table {path}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise RefusedInput(f"{path} cannot be read as UTF-8 CSV: {error}") from None
    except OSError as error:
        raise RefusedInput(f"{path} cannot be read: {error.strerror}") from None


class Asking(Protocol):
    """What a table's rows ask of a model while they are read."""

    def kind(self, applicant_type: str) -> ApplicantType:
        """Return a type's record; refuses what is not there."""

    def cell(self, applicant_type: str, specialty: str) -> Cell:
        """Return a specialty's record; refuses what is not there."""

    def resolve(self, applicant: Applicant) -> Applicant:
        """Return the applicant with cycle and years filled in; refuses what cannot be."""


def _messages(given: dict[str, Any], model: Asking, error: RefusedInput) -> list[str]:
    """Return all that is wrong with a refused row: each cell is tried by itself, then the first refusal."""
    plain: dict[str, Any] = {"specialty": "Internal Medicine", "applicant_type": "non-us-img"}
    found = []
    for name, value in given.items():
        try:
            if name in ABOUT_WHAT:
                Question(**{name: value})
            else:
                model.kind(Applicant(**{**plain, name: value}).applicant_type)
        except RefusedInput as one:
            found.append(str(one))
    return found if str(error) in found else [*found, str(error)]


def read_table(
    path: str | os.PathLike[str],
    model: Asking,
    needed: Sequence[str] = ("specialty", "applicant_type"),
    read_others: Callable[[dict[str, str | None]], Any] | None = None,
) -> Table:
    """Read a table of applicants, and what else is asked for of its rows.

    Parameters
    ----------
    path
        CSV; headers matched without regard to case, space, hyphen or underscore.
    model
    needed
        Columns without which the table is refused.
    read_others
        {name of OTHERS: text or None} -> anything; what it refuses is told with the row. Interviews are then
        its own to read, and no question's.

    Raises
    ------
    RefusedInput
        With one line per problem, all of them.
    """
    numbered = _records(path)
    if not numbered:
        raise RefusedInput(
            f"{path} is empty; its first line names the columns, such as specialty,applicant_type,step2_ck"
        )
    headers = numbered.pop(0)[1]
    by_key = {_key(name): name for name in (*COLUMNS, *OTHERS)}
    names = [by_key.get(_key(h)) for h in headers]
    problems = [f"{path}: the column {c} is missing" for c in needed if c not in names]
    problems += [
        f"{path}: two columns mean {name}"
        for name in sorted({n for n in names if n})
        if names.count(name) > 1
    ]
    if problems:
        raise RefusedInput("\n".join(problems))
    table = Table(headers, [row for _, row in numbered], [], [], [])
    columns = COLUMNS if read_others is None else tuple(name for name in COLUMNS if name not in OTHERS)
    for line, row in numbered:
        if len(row) != len(headers):
            problems.append(
                f"{path}: row {line} has another number of cells than the header "
                f"({len(row)}, not {len(headers)})"
            )
            continue
        cells = {
            name: cell.strip() or None for cell, name in zip(row, names, strict=True) if name is not None
        }
        given: dict[str, Any] = {name: cell for name, cell in cells.items() if name in columns}
        try:
            applicant = Applicant(**{name: cell for name, cell in given.items() if name in ABOUT_WHOM})
            model.resolve(applicant)
            table.questions.append(
                Question(**{name: cell for name, cell in given.items() if name in ABOUT_WHAT})
            )
            table.applicants.append(applicant)
        except RefusedInput as error:
            problems += [f"{path}: row {line}: {message}" for message in _messages(given, model, error)]
        if read_others is not None:
            try:
                table.others.append(
                    read_others({name: cell for name, cell in cells.items() if name in OTHERS})
                )
            except RefusedInput as error:
                problems.append(f"{path}: row {line}: {error}")
    if problems:
        raise RefusedInput("\n".join(problems))
    return table


# --- the command --------------------------------------------------------------------------------------------


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if np.isnan(value):
        return ""
    return str(int(value)) if name.startswith("required") else repr(float(value))


def run_score(
    table: str | os.PathLike[str], out: str | os.PathLike[str], model: str | os.PathLike[str] | None = None
) -> None:
    """Answer a table of applicants and write it with the answers added, or nothing when a row is refused."""
    loaded = load_model(model)
    out = Path(os.path.realpath(out))  # so that a link stays one
    if out.exists() and not out.is_file():
        raise MatchModelError(f"{out} is not a regular file; name a CSV file to write")
    if not out.parent.is_dir():
        raise MatchModelError(f"there is no folder {out.parent} to write to; make it first")
    read = read_table(table, loaded)
    answers = score_applicants(loaded, read.applicants, read.questions, Soon())
    answers = {name: values.tolist() for name, values in answers.items()}
    answered = {_key(name + end) for name in (*CHANCES, *REQUIRED, GIVEN) for end in ENDS} | {
        "trust"
    }  # of an earlier run
    kept = [k for k, h in enumerate(read.headers) if _key(h) not in answered]
    try:
        with whole(out) as beside, open(beside, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*(read.headers[i] for i in kept), *answers])
            for k, row in enumerate(read.rows):
                writer.writerow([*(row[i] for i in kept), *(_cell(n, v[k]) for n, v in answers.items())])
    except OSError as error:
        raise MatchModelError(f"{out} cannot be written: {error.strerror}") from None
    known = {_key(name) for name in (*COLUMNS, *OTHERS)}
    unread = [read.headers[i] for i in kept if _key(read.headers[i]) not in known]
    aside = f" (carried along unread: {', '.join(unread)})" if unread else ""
    print(
        f"{len(read.rows):,} applicant{'' if len(read.rows) == 1 else 's'} answered, written to {out}{aside}"
    )
