"""Where a model that was made from another one is written."""

import os
from pathlib import Path

from ..errors import MatchModelError, RefusedInput
from ..files import same_file
from ..model.file import default_path


def output_path(
    model: str | os.PathLike[str] | None,
    out: str | os.PathLike[str] | None,
    table: str | os.PathLike[str],
    ending: str,
    before: str,
) -> Path:
    """Return where to write: '-ENDING' before .json, beside the model, or in models/ for the default one.

    Parameters
    ----------
    model
        The model that it is made from; the default one where None.
    out
        As asked for.
    table
        Of applicants.
    ending
        Such as 'updated'.
    before
        What the model that it is made from is called in the refusal.

    Raises
    ------
    RefusedInput
        When it would overwrite the model or the table.
    """
    source = Path(model) if model is not None else Path(default_path())
    folder = source.parent if model is not None else Path("models")
    path = Path(out) if out is not None else folder / f"{source.stem}-{ending}{source.suffix}"
    if same_file(path, source) or same_file(path, default_path()):
        raise RefusedInput(f"{path} is {before}, which is kept; name another file with --out")
    if same_file(path, table):
        raise RefusedInput(f"{path} is the table of applicants; name another file with --out")
    if path.exists() and not path.is_file():
        raise MatchModelError(f"{path} is not a regular file; name a model file to write")
    return path
