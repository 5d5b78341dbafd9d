"""Whether a model has learnt from a table's rows before: digests of sets of rows, which its file keeps.

A digest is of who the rows are, what became of them left out: specialty, type, cycle, Step 2 CK and the
covariates as they were read, so that neither the order of rows and columns nor the names of columns count.
There is one of the whole table, one of each applicant type in each cycle, and one of each of 4, of 16 and of
64 parts into which the rows fall by their content. So a table is known again when rows are added to it, taken
away or mended, as long as one of its parts is left as it was: always where fewer rows differ than it has
parts of 50. A random half of a table is not known again.

What it reveals: to somebody who has the same rows, that they were used, which is its purpose. To somebody
who has all rows of a part but one, or all but one column of them, whether a guess of the rest is right; such
a guess takes some hundredths of a second of a processor (scrypt). It says nothing of who matched. No digest
is of fewer than 20 different rows (the whole) or 50 (a part): fewer rows of few covariates could be guessed.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from hashlib import scrypt, sha256
from typing import Any

import numpy as np

from ..batch.coded import Column, joined
from ..covariates import COVARIATES
from ..errors import RefusedInput
from ..model import Model
from .rows import OwnTable

# Choices. Neither `evaluate` nor `calibrate` takes fewer than 20 rows.
LEAST_WHOLE, LEAST_PART = 20, 50  # different rows
PARTS = (4, 16, 64)
SALT = b"matchmodel, rows of your own"
WHOLE = "whole"
AT_ONCE = 20_000  # rows that are texts at a time


def _distinct(table: OwnTable) -> Iterator[tuple[bytes, int, tuple[str, int]]]:
    """Yield each different row of known outcome in the order of its text, how often, type and cycle."""
    rows = table.rows.take(np.flatnonzero(~np.isnan(table.matched)))
    cells = [(f"{s}|{kind}|{cycle}", (kind, cycle)) for kind, s, cycle in rows.cells.values]
    columns = [_in_order(rows.cells.codes, [text for text, _ in cells])]
    for name in ("step2_ck", *COVARIATES):
        column = rows.known(name)
        read = bool if name in COVARIATES and COVARIATES[name].binary else float
        texts = [str(None if v != v else read(v)) for v in column.values.tolist()]
        columns.append(_in_order(column.codes, texts))
    places, found = joined(columns)
    group, times = dict(cells), np.bincount(places)
    for start in range(0, len(times), AT_ONCE):
        piece = slice(start, start + AT_ONCE)
        pairs = zip(columns, found, strict=True)
        said = [[column.values[k] for k in codes[piece].tolist()] for column, codes in pairs]
        for row, n in zip(zip(*said, strict=True), times[piece].tolist(), strict=True):
            yield "|".join(row).encode(), n, group[row[0]]


def _in_order(codes: np.ndarray, texts: Sequence[str]) -> Column:
    """Return a column whose values rise as they do in a row's text, where a bar follows each."""
    order = sorted(range(len(texts)), key=lambda k: texts[k] + "|")
    place = np.empty(len(texts), np.intp)
    place[order] = np.arange(len(texts))
    return Column(place[codes], [texts[k] for k in order])


def digests(table: OwnTable) -> tuple[str, ...]:
    """Return the digests of a table's rows with known outcomes, sorted; none where they are too few.

    Of each set of rows the SHA-256 of its lines in order, then scrypt of that: as scrypt of the lines would
    be, which begins with it (RFC 7914 and RFC 2104, section 2: a key longer than a block is hashed first).
    """
    sets, different = dict[Hashable, Any](), Counter[Hashable]()
    for row, n, group in _distinct(table):
        place = int.from_bytes(sha256(row).digest()[:8])
        for of in (WHOLE, group, *((count, place % count) for count in PARTS)):
            if of in sets:
                sets[of].update((b"\n" + row) * n)
            else:
                sets[of] = sha256(b"\n".join([row] * n))
            different[of] += 1
    least = {of: LEAST_WHOLE if of == WHOLE else LEAST_PART for of in sets}
    found = {rows.digest() for of, rows in sets.items() if different[of] >= least[of]}
    return tuple(sorted(scrypt(rows, salt=SALT, n=2**12, r=8, p=1, dklen=12).hex() for rows in found))


def refuse_used(model: Model, table: OwnTable, path: object, instead: str) -> None:
    """Refuse rows from which a model has learnt already.

    Parameters
    ----------
    model, table
    path
        Of the table.
    instead
        What to do, for the message.

    Raises
    ------
    RefusedInput
        Where a digest of the table is among the model's.
    """
    known = model.record.own_rows
    if known and not set(known).isdisjoint(digests(table)):
        raise RefusedInput(
            f"{path}: {model.name} has learnt from these rows or some of them, and no row counts twice: "
            f"{instead}"
        )
