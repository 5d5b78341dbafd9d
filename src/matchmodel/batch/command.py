"""`matchmodel score`: a table of applicants, answered chunk by chunk and written whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import MatchModelError, RefusedInput
from ..files import check_output, whole
from ..model import Model, load_model
from ..model.file import default_path, shipped_path
from ..progress import Say, Soon
from ..report.wording import bar, counted, wrapped
from ..tabular.cells import key
from ..tabular.parquet import is_parquet
from ..tabular.text import TABBED, Row, harmless, joined
from .answers import TRUSTS, Answers, answer_rows, wanted
from .chunks import checked, chunks
from .columns import ANSWERS, ENDS, GIVEN, REQUIRED, TRUST
from .parquet import write_parquet
from .table import OpenTable, open_table

# Whole numbers and trust are written as they are; of the others, all digits.
_WHOLE = frozenset(name + end for name in REQUIRED for end in ENDS)


class _Checked(NamedTuple):
    """What the first reading of a table found: what there is to answer, and what is said of it."""

    rows: int
    more: tuple[str, ...]
    said: tuple[str, ...]


def _check(path: str | os.PathLike[str], model: Model, ignore_unread: bool, progress: Say) -> _Checked:
    """Read a table through once, and refuse it with all that is wrong, before anything is answered."""
    opened = open_table(path, ignore_unread)
    rows, more = 0, set[str]()
    for chunk in checked(opened, model):
        more |= set(wanted(chunk.rows))
        rows += len(chunk.rows)
        progress(f"read {rows:,} rows")
    return _Checked(rows, tuple(name for name in (*REQUIRED, GIVEN) if name in more), opened.said)


def _texts(name: str, values: np.ndarray) -> list[str]:
    """Return a column of answers as it is written; blank where there is no number."""
    if name in _WHOLE:
        return ["" if v != v else str(int(v)) for v in values.tolist()]
    return ["" if v != v else repr(v) for v in values.tolist()]


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


Chunks = Iterator[tuple[list[Row], Answers]]


def _answered(opened: OpenTable, model: Model, found: _Checked, progress: Say) -> Chunks:
    """Yield the rows of a table and their answers, chunk by chunk."""
    done = 0

    def part(share: float) -> None:
        at = done + share * len(chunk.rows)
        progress(f"{bar(at / found.rows)} answered {at:,.0f} of {found.rows:,} rows")

    for chunk in chunks(opened, model):
        yield chunk.lines, answer_rows(model, chunk.rows, columns=found.more, progress=part)
        done += len(chunk.rows)


def _write_text(
    path: Path, headers: Sequence[str], kept: Sequence[int], answered: Chunks, delimiter: str
) -> None:
    """Write the table's lines, the header first, with the answers at their end."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        for number, (chunk, answers) in enumerate(answered):
            if not number:
                names = [*(harmless(headers[k]) for k in kept), *answers.columns, TRUST]
                file.write(joined(names, delimiter) + "\n")
            texts = [_texts(name, values) for name, values in answers.columns.items()]
            texts.append([TRUSTS[k] for k in answers.trust.tolist()])
            ends = [delimiter + delimiter.join(row) + "\n" for row in zip(*texts, strict=True)]
            for (_, cells), place in zip(chunk, answers.places.tolist(), strict=True):
                file.write(joined([harmless(cells[k]) for k in kept], delimiter) + ends[place])


def run_score(
    table: str | os.PathLike[str],
    out: str | os.PathLike[str],
    model: str | None = None,
    ignore_unread: bool = False,
) -> None:
    """Answer a table of applicants and write it with the answers added, or nothing when a row is refused.

    The table is read twice, in chunks: first for all that is wrong with it, then to be answered. What is held
    is a chunk, whatever the table's length.

    Parameters
    ----------
    table, out, model
        Files.
    ignore_unread
        Whether to go on without columns that look like what an answer takes and are not read.
    """
    loaded, progress = load_model(model), Soon()
    path = _out_path(out, table, model)
    found = _check(table, loaded, ignore_unread, progress)
    opened = open_table(table, ignore_unread=True)
    headers = opened.stream.headers
    kept = [k for k, header in enumerate(headers) if key(header) not in ANSWERS]  # an earlier run's go
    answered = _answered(opened, loaded, found, progress)
    try:
        with whole(path) as beside:
            if is_parquet(path):
                write_parquet(beside, table, headers, kept, answered)
            else:
                _write_text(beside, headers, kept, answered, "\t" if path.suffix.lower() in TABBED else ",")
    except OSError as error:
        raise MatchModelError(f"{path} cannot be written: {error.strerror}") from None
    people = counted(found.rows, "applicant", "applicants")
    print("\n".join([*(wrapped(line, "") for line in found.said), f"{people} answered, written to {path}"]))
