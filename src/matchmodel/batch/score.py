"""A table of applicants, answered with the numbers of `Model.odds`."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..applicant import Applicant
from ..errors import MatchModelError, RefusedInput
from ..files import check_output, whole
from ..known import known
from ..model import Model, load_model
from ..model.engine import ORDERS, People, ranges
from ..model.file import default_path, shipped_path
from ..progress import Soon
from ..question import DEFAULT_TARGET, Question
from ..report.wording import wrapped
from ..tabular.cells import key
from ..tabular.text import TABBED, harmless, joined
from .columns import ANSWERS, CHANCES, ENDS, GIVEN, REQUIRED
from .table import Table, read_table

ROWS_AT_ONCE = 100  # times the draws, times twelve ranks, in floats: a few megabytes


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


# --- the command --------------------------------------------------------------------------------------------


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if np.isnan(value):
        return ""
    return str(int(value)) if name.startswith("required") else repr(float(value))


def _out_path(out: str | os.PathLike[str], table: str | os.PathLike[str], model: str | None) -> Path:
    """Return where the answers are written: a link stays one.

    Raises
    ------
    RefusedInput
        Where that is the table, a model, or a workbook by its name.
    MatchModelError
        Where nothing can be written there.
    """
    asked = model or default_path()
    kept = {"the table itself": table, "the model": asked, "the model that ships": shipped_path()}
    check_output(out, kept, "CSV file")
    path = Path(os.path.realpath(out))
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        raise RefusedInput(f"{out}: the answers are a text table; end its name in .csv or .tsv")
    if not path.parent.is_dir():
        raise MatchModelError(f"there is no folder {path.parent} to write to; make it first")
    return path


def _answered(table: Table, answers: dict[str, list[Any]]) -> Iterator[list[str]]:
    """Yield the table's rows, the header first, with the answers at their end; an earlier run's go."""
    kept = [k for k, header in enumerate(table.headers) if key(header) not in ANSWERS]
    yield [*(harmless(table.headers[i]) for i in kept), *answers]
    for k, row in enumerate(table.rows):
        yield [*(harmless(row[i]) for i in kept), *(_cell(n, v[k]) for n, v in answers.items())]


def run_score(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    model: str | None = None,
    ignore_unread: bool = False,
) -> None:
    """Answer a table of applicants and write it with the answers added, or nothing when a row is refused.

    Parameters
    ----------
    table, out, model
        Files.
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.
    """
    loaded, progress = load_model(model), Soon()
    path = _out_path(out, table, model)
    read = read_table(table, loaded, ignore_unread=ignore_unread)
    found = score_applicants(loaded, read.applicants, read.questions, progress)
    answers = {name: values.tolist() for name, values in found.items()}
    delimiter = "\t" if path.suffix.lower() in TABBED else ","
    try:
        with whole(path) as beside, open(beside, "w", encoding="utf-8", newline="") as file:
            for k, row in enumerate(_answered(read, answers)):
                file.write(joined(row, delimiter) + "\n")
                if not k % ROWS_AT_ONCE:
                    progress(f"written {k:,} of {len(read.rows):,} rows")
    except OSError as error:
        raise MatchModelError(f"{path} cannot be written: {error.strerror}") from None
    people = f"{len(read.rows):,} applicant{'' if len(read.rows) == 1 else 's'}"
    print("\n".join([*(wrapped(line, "") for line in read.said), f"{people} answered, written to {path}"]))
