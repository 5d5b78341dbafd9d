"""`matchmodel compare`: two model files in, a report, JSON and a figure out, and an exit status for one's own automation."""

import json
import sys

from ..applicant import Applicant
from ..errors import MatchModelError, ModelFileError, RefusedInput
from ..progress import Progress
from ..model import load_model
from .answers import read_rows
from .report import report_lines
from .result import compare_models

MANY = 1000  # applicants from which the answers take a second


def _read(path):
    """Return the model of a file, compared with itself first, so that a damaged one fails here and by name.

    Raises
    ------
    RefusedInput
        Also for a file that is no model: exit status 1 is for what changed.
    """
    try:
        model = load_model(path)
    except MatchModelError as error:
        raise RefusedInput(str(error)) from None
    try:
        compare_models(model, model)
    except (ModelFileError, KeyError, IndexError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        why = f"it has no {error}" if isinstance(error, KeyError) else error
        raise RefusedInput(f"{path} is a damaged model file ({why}); train it again with: matchmodel train") from None
    return model


def _cycle(text, models):
    """Return the cycle asked for, refused where one of the models cannot answer it for one of its types."""
    if text is None:
        return None
    for model in models:
        for kind in model.applicant_types:
            specialty = next(iter(model.specialties(kind)), None)
            if specialty is not None:
                cycle = model.cycle_of(Applicant(specialty, kind, cycle=text)).cycle
    return cycle


def run_compare(old, new, as_json=False, figure=None, applicants=None, thresholds=None, cycle=None):
    """Compare two model files and print what changed.

    Parameters
    ----------
    old, new : str or Path
        Model files.
    as_json : bool
        Print one JSON object instead of text.
    figure : str or Path, optional
        Picture to write, .png or .svg.
    applicants : str or Path, optional
        A table as for `matchmodel score`; the made-up reference applicants where absent.
    thresholds : Thresholds, optional
    cycle : str or int, optional
        The same cycle for both models; each one's own default where absent.

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
    rows = None if applicants is None else read_rows(applicants, *models)
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

            save(comparison_plot(comparison), figure)
        if as_json:
            print(json.dumps(comparison.as_dict(), indent=1, ensure_ascii=False, allow_nan=False))
        else:
            print("\n".join(report_lines(comparison)))
        if sys.stdout is not None:
            sys.stdout.flush()
    except (BrokenPipeError, RefusedInput):
        raise
    except (MatchModelError, OSError) as error:  # a picture that cannot be written, a full disk
        raise RefusedInput(str(error)) from None
    return comparison.status
