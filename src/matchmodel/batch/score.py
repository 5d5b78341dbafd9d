"""A table of applicants, answered with the numbers of `Model.odds`."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..applicant import Applicant
from ..errors import MatchModelError, RefusedInput
from ..files import check_output, whole
from ..model import Model, load_model
from ..model.file import default_path, shipped_path
from ..progress import Soon
from ..question import Question
from ..report.wording import wrapped
from ..tabular.cells import key
from ..tabular.text import TABBED, harmless, joined
from .answers import TRUSTS, answer_rows, trusts
from .columns import ANSWERS, GIVEN, INTERVIEWS, REQUIRED, TRUST
from .rows import Rows, of_applicants
from .table import Table, read_table


def score_applicants(
    model: Model, applicants: Sequence[Applicant], questions: Sequence[Question] | None = None
) -> dict[str, np.ndarray]:
    """Answer applicants.

    Parameters
    ----------
    model
    applicants
    questions
        Of each applicant; where absent, nothing but the usual number of applications is asked about.

    Returns
    -------
    dict
        Columns of shape (n,): `CHANCES`; where any question has a target `REQUIRED`, where any has interviews
        `GIVEN`; each with '_low' and '_high', NaN where there is no number. 'trust' is a text.
    """
    asked = [Question()] * len(applicants) if questions is None else questions
    rows = of_applicants(model, applicants, asked)
    return answer_rows(model, rows, columns=wanted(rows)) | {TRUST: np.array(TRUSTS)[trusts(model, rows).codes]}


def wanted(rows: Rows) -> tuple[str, ...]:
    """Return the columns that are there because somebody asks for them."""
    return (*(REQUIRED if rows.asks("target") else ()), *((GIVEN,) if rows.asks(INTERVIEWS) else ()))


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
    found = score_applicants(loaded, read.applicants, read.questions)
    answers = {name: values.tolist() for name, values in found.items()}
    delimiter = "\t" if path.suffix.lower() in TABBED else ","
    try:
        with whole(path) as beside, open(beside, "w", encoding="utf-8", newline="") as file:
            for k, row in enumerate(_answered(read, answers)):
                file.write(joined(row, delimiter) + "\n")
                if not k % 100:
                    progress(f"written {k:,} of {len(read.rows):,} rows")
    except OSError as error:
        raise MatchModelError(f"{path} cannot be written: {error.strerror}") from None
    people = f"{len(read.rows):,} applicant{'' if len(read.rows) == 1 else 's'}"
    print("\n".join([*(wrapped(line, "") for line in read.said), f"{people} answered, written to {path}"]))
