"""What a notebook needs to be there: the parts of a model or an answer that not every specialty has."""

from typing import TypeVar

from matchmodel.errors import RefusedInput
from matchmodel.model import Model
from matchmodel.model.records import Chain

Known = TypeVar("Known")


def needed(value: Known | None, what: str) -> Known:
    """Return a value that is there.

    Parameters
    ----------
    value
    what
        What it is, in words.

    Raises
    ------
    RefusedInput
        When it is None.
    """
    if value is None:
        raise RefusedInput(f"there is no {what}, which the notebook shows")
    return value


def chain_of(model: Model, kind: str, specialty: str) -> Chain:
    """Return the chain of a specialty that has one.

    Raises
    ------
    RefusedInput
        When it has none.
    """
    return needed(model.cell(kind, specialty).chain, f"chain of {specialty}")
