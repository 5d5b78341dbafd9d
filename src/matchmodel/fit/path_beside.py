"""Where a model that was made from another one is written."""

import os
from pathlib import Path

from ..artefact import default_path
from ..errors import MatchModelError, RefusedInput


def _same(one, other):
    return os.path.realpath(one) == os.path.realpath(other) or (os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other))


def path_beside(model, out, table, ending, before):
    """Return where to write: '-ENDING' before .json, beside the model, or in models/ for the default one.

    Parameters
    ----------
    model : str or Path or None
        The model that it is made from; the default one where None.
    out : str or Path or None
        As asked for.
    table : str or Path
        Of applicants.
    ending : str
        Such as 'updated'.
    before : str
        What the model that it is made from is called in the refusal.

    Raises
    ------
    RefusedInput
        When it would overwrite the model or the table.
    """
    source = Path(model) if model is not None else Path(default_path())
    folder = source.parent if model is not None else Path("models")
    path = Path(out) if out is not None else folder / f"{source.stem}-{ending}{source.suffix}"
    if _same(path, source) or _same(path, default_path()):
        raise RefusedInput(f"{path} is {before}, which is kept; name another file with --out")
    if _same(path, table):
        raise RefusedInput(f"{path} is the table of applicants; name another file with --out")
    if path.exists() and not path.is_file():
        raise MatchModelError(f"{path} is no plain file; name a model file to write")
    return path
