"""`matchmodel score`: a table of applicants, answered chunk by chunk and written whole or not at all."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path

import numpy as np

from ..errors import MatchModelError, RefusedInput
from ..files import check_output, whole
from ..model import Model, load_model
from ..model.file import default_path, shipped_path
from ..progress import Say, Soon
from ..report.wording import bar, counted, wrapped
from ..tabular.cells import key
from ..tabular.parquet import is_parquet
from ..tabular.table import MOST_PROBLEMS, Fault, refuse
from ..tabular.text import TABBED, Row, harmless, joined
from .answers import TRUSTS, Answers, answer_rows, wanted
from .coded import coded
from .columns import ANSWERS, COLUMNS, ENDS, GIVEN, REQUIRED, TRUST
from .parquet import write_parquet
from .rows import Rows, read_rows
from .table import OpenTable, open_table, read_row

ROWS_AT_ONCE = 20_000  # read, answered and written; equal ones among them are answered once
# Whole numbers and trust are written as they are; of the others, all digits.
_WHOLE = frozenset(name + end for name in REQUIRED for end in ENDS)


@dataclass
class _Checked:
    """What the first reading of a table found: all faults, and what there is to answer."""

    rows: int = 0
    more: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0

    def add(self, faults: Iterable[Fault]) -> None:
        """Keep the first faults, and count the others."""
        found = sorted(faults, key=itemgetter(0))
        room = MOST_PROBLEMS - len(self.faults)
        self.faults += found[:room]
        self.unnamed += len(found[room:])


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield the rows in chunks, at least one, which may be empty."""
    yield (chunk := list(islice(rows, ROWS_AT_ONCE)))
    while len(chunk) == ROWS_AT_ONCE:
        yield (chunk := list(islice(rows, ROWS_AT_ONCE)))


def _read_chunk(names: Sequence[str | None], chunk: Sequence[Row], model: Model) -> Rows:
    named = ((k, name) for k, name in enumerate(names) if name in COLUMNS)
    columns = {name: coded((cells[k] for _, cells in chunk), len(chunk)) for k, name in named if name}
    return read_rows(columns, len(chunk), model)


def _check(path: str | os.PathLike[str], model: Model, ignore_unread: bool, progress: Say) -> _Checked:
    """Read a table through once, and refuse it with all that is wrong, before anything is answered."""
    opened = open_table(path, ignore_unread)
    stream, names = opened.stream, opened.names
    checked, more = _Checked(), set[str]()
    for chunk in _chunks(stream.rows):
        rows = _read_chunk(names, chunk, model)
        more |= set(wanted(rows))
        bad = ((chunk[k][0], read_row(names, chunk[k][1], model)[3]) for k in np.flatnonzero(rows.refused))
        checked.add([*stream.faults, *((line, f": {text}") for line, texts in bad for text in texts)])
        stream.faults.clear()
        checked.rows += len(chunk)
        progress(f"read {checked.rows:,} rows")
    checked.add(stream.faults)
    if checked.faults:
        refuse(stream.path, checked.faults, checked.unnamed)
    checked.more = tuple(name for name in (*REQUIRED, GIVEN) if name in more)
    checked.said = opened.said
    return checked


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


def _answered(opened: OpenTable, model: Model, checked: _Checked, progress: Say) -> Chunks:
    """Yield the rows of a table and their answers, chunk by chunk."""
    done = 0

    def part(share: float) -> None:
        at = done + share * len(chunk)
        progress(f"{bar(at / checked.rows)} answered {at:,.0f} of {checked.rows:,} rows")

    for chunk in _chunks(opened.stream.rows):
        rows = _read_chunk(opened.names, chunk, model)
        yield chunk, answer_rows(model, rows, columns=checked.more, progress=part)
        done += len(chunk)


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
    checked = _check(table, loaded, ignore_unread, progress)
    opened = open_table(table, ignore_unread=True)
    headers = opened.stream.headers
    kept = [k for k, header in enumerate(headers) if key(header) not in ANSWERS]  # an earlier run's go
    answered = _answered(opened, loaded, checked, progress)
    try:
        with whole(path) as beside:
            if is_parquet(path):
                write_parquet(beside, table, headers, kept, answered)
            else:
                _write_text(beside, headers, kept, answered, "\t" if path.suffix.lower() in TABBED else ",")
    except OSError as error:
        raise MatchModelError(f"{path} cannot be written: {error.strerror}") from None
    people = counted(checked.rows, "applicant", "applicants")
    print("\n".join([*(wrapped(line, "") for line in checked.said), f"{people} answered, written to {path}"]))
