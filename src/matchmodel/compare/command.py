"""`matchmodel compare`: two model files in; a report, JSON and a figure out, and an exit status."""

import os
import sys
from pathlib import Path

from ..applicant import Applicant
from ..errors import MatchModelError, RefusedInput
from ..files import json_text
from ..model import Model, load_model
from ..progress import Progress
from .answers import read_rows
from .result import Thresholds, compare_models

MANY = 1000  # applicants from which the answers take a second


def _read(path: str | os.PathLike[str]) -> Model:
    """Return the model of a file, compared with itself first, so that a damaged one fails here and by name.

    Raises
    ------
    RefusedInput
        Also for a file that is no model: exit status 1 is for what changed.
    """
    try:
        model = load_model(path)
        compare_models(model, model)
    except MatchModelError as error:
        name = os.fspath(path)
        raise RefusedInput(str(error) if name in str(error) else f"{name}: {error}") from None
    except (ValueError, ArithmeticError) as error:  # numbers that no training writes
        raise RefusedInput(
            f"{os.fspath(path)} is a damaged model file ({error}); train it again with: matchmodel train"
        ) from None
    return model


def _cycle(text: str | int | None, models: tuple[Model, Model]) -> int | None:
    """Return the cycle asked for, refused where one of the models cannot answer it for one of its types."""
    cycle = None
    if text is not None:
        for model in models:
            for kind in model.applicant_types:
                for specialty in model.specialties(kind)[:1]:
                    cycle = model.resolve(Applicant(specialty, kind).replace(cycle=text)).cycle
    return cycle


def run_compare(
    old: str | os.PathLike[str],
    new: str | os.PathLike[str],
    as_json: bool = False,
    figure: str | os.PathLike[str] | None = None,
    applicants: str | os.PathLike[str] | None = None,
    thresholds: Thresholds | None = None,
    cycle: str | int | None = None,
    ignore_unread: bool = False,
) -> int:
    """Compare two model files and print what changed.

    Parameters
    ----------
    old, new
        Model files.
    as_json
        Print one JSON object instead of text.
    figure
        Picture to write, .png or .svg.
    applicants
        A table as for `matchmodel score`; the made-up reference applicants where absent.
    thresholds
    cycle
        The same cycle for both models; the default of each where absent.
    ignore_unread
        As for `read_table`.

    Returns
    -------
    int
        0 where nothing is over the threshold, 1 where something is.

    Raises
    ------
    RefusedInput
        For anything that keeps it from comparing: exit status 1 is for what changed alone.
    """
    models = _read(old), _read(new)
    cycle = _cycle(cycle, models)
    rows = None if applicants is None else read_rows(applicants, *models, ignore_unread)
    try:
        if rows is not None and len(rows) >= MANY:
            with Progress(2 * len(rows)) as progress:
                progress.part(f"asking both models about {len(rows):,} applicants")
                comparison = compare_models(*models, rows, cycle, thresholds, progress.bar.update)
        else:
            comparison = compare_models(*models, rows, cycle, thresholds)
        if figure is not None:
            from ..plots.style import save  # matplotlib only where it is asked for
            from .picture import comparison_plot

            save(comparison_plot(comparison), Path(figure))
        as_text = json_text(comparison.to_dict())
        print(as_text if as_json else comparison)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (BrokenPipeError, RefusedInput):
        raise
    except (MatchModelError, OSError) as error:  # a picture that cannot be written, a full disk
        raise RefusedInput(str(error)) from None
    return comparison.status
