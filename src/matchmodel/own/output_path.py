"""Where a model that was made from another one is written."""

import os
from pathlib import Path

from ..files import check_output
from ..model.file import default_path, shipped_path


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
    MatchModelError
        Where it is a folder or a device.
    """
    source = Path(model) if model is not None else Path(default_path())
    folder = source.parent if model is not None else Path("models")
    path = Path(out) if out is not None else folder / f"{source.stem}-{ending}{source.suffix}"
    kept: dict[str, str | os.PathLike[str]] = {
        before: source,
        "the model that ships": shipped_path(),
        "the table of applicants": table,
    }
    check_output(path, kept, "model file")
    return path
