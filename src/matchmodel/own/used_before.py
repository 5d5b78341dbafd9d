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

from collections import defaultdict
from collections.abc import Iterator
from hashlib import scrypt, sha256

from ..covariates import COVARIATES
from ..errors import RefusedInput
from ..model import Model
from .rows import OwnTable

# Choices. Neither `evaluate` nor `calibrate` takes fewer than 20 rows.
LEAST_WHOLE, LEAST_PART = 20, 50  # different rows
PARTS = (4, 16, 64)
SALT = b"matchmodel, rows of your own"
_FIELDS = ("specialty", "applicant_type", "cycle", "step2_ck", *COVARIATES)


def _sets(table: OwnTable) -> Iterator[tuple[list[str], int]]:
    """Yield each set of rows that has a digest, and how many different ones it takes."""
    whole: list[str] = []
    parts: defaultdict[tuple[object, ...], list[str]] = defaultdict(list)
    for applicant, matched in zip(table.applicants, table.matched, strict=True):
        if matched is None:
            continue
        row = "|".join(str(getattr(applicant, name)) for name in _FIELDS)
        whole.append(row)
        parts[applicant.applicant_type, applicant.cycle].append(row)
        place = int.from_bytes(sha256(row.encode()).digest()[:8])
        for count in PARTS:
            parts[count, place % count].append(row)
    yield whole, LEAST_WHOLE
    for part in parts.values():
        yield part, LEAST_PART


def digests(table: OwnTable) -> tuple[str, ...]:
    """Return the digests of a table's rows with known outcomes, sorted; none where they are too few."""
    texts = {"\n".join(sorted(rows)) for rows, least in _sets(table) if len(set(rows)) >= least}
    return tuple(
        sorted(scrypt(text.encode(), salt=SALT, n=2**12, r=8, p=1, dklen=12).hex() for text in texts)
    )


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
