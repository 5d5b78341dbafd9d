"""The model file: reading it, refusing what is not one, and unpacking draws when they are asked for.

Standard library only: this module is on the path of ``predict``.
"""

import json
import os

from .errors import ModelFileError

KIND = "matchmodel"
SCHEMA = 2
DEFAULT_NAME = "match-2026.json"


_TYPE_KEYS = "anywhere cells derived_from drift preferred_rate recalibration reference score_shift year".split()
_CELL_KEYS = "kappa own_slope published score_mean score_seen".split()


def pack(values):
    """Return draws as one text of numbers, which a reader need not parse until it wants them."""
    return " ".join(f"{v:.6g}" for v in values)


def unpack(text):
    """Return the numbers of a packed text as a list of float.

    Raises
    ------
    ModelFileError
        When it holds anything else.
    """
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError as error:
        raise ModelFileError(f"the model file is damaged: its draws hold something else ({error}); train it again with: matchmodel train") from None
    return numbers


def _no_number(text):
    raise ValueError(f"{text} is no number that a model can have")


def _check_recalibration(content, title, drawn):
    for name in ("intercept", "slope"):
        content[name]["value"] + content[name]["se"]
        drawn(content["draws"][name], f"the recalibration of {title}")
    if content["slope"]["value"] <= 0:
        raise ValueError(f"the recalibration of {title} has the slope {content['slope']['value']}, which would turn the odds upside down")
    content["method"], content["n"] + content["matched"]


def _check(content):
    """Touch everything that an answer reads, so that a damaged file fails here and by name."""
    count = content["draw_count"]

    def drawn(text, name):
        if text.count(" ") + 1 != count:
            raise ValueError(f"{name} has not {count} draws")

    drawn(content["drift_draws"], "the drift")
    if not isinstance(content["name"], str) or not isinstance(content["newest_table"], int):
        raise ValueError("name or newest_table is of another kind")
    content["exam"]["passing_marks"], content["chain"]
    for name, entry in content["covariates"].items():
        entry["delta"]["value"] + 0.0
        drawn(entry["draws"], name)
    for title, kind in content["types"].items():
        for key in _TYPE_KEYS:
            kind[key]
        if kind["recalibration"] is not None:
            _check_recalibration(kind["recalibration"], title, drawn)
        for specialty, cell in kind["cells"].items():
            for key in _CELL_KEYS:
                cell[key]
            for name in ("alpha", "beta", "level"):
                cell[name]["value"] + 0.0
                drawn(cell["draws"][name], f"{name} of {specialty}")
            for name in kind["reference"]:
                cell["kappa"][name] + 0.0
                drawn(cell["draws"]["kappa"][name], f"{name} of {specialty}")


def default_path():
    """Return where the default model is: in the installed package, else in the checkout."""
    here = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(here, "models", DEFAULT_NAME)
    if os.path.exists(installed):
        return installed
    return os.path.join(os.path.dirname(os.path.dirname(here)), "models", DEFAULT_NAME)


def read_model_file(path=None):
    """Read a model file.

    Parameters
    ----------
    path : str or path-like, optional
        The default model where absent.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    ModelFileError
        When the file is missing, is not a model, or is of another schema.
    """
    where = os.fspath(path) if path is not None else default_path()
    try:
        with open(where, encoding="utf-8-sig") as file:
            content = json.load(file, parse_constant=_no_number)
    except FileNotFoundError:
        raise ModelFileError(f"there is no model file {where}; make one with: matchmodel etl && matchmodel train") from None
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or error
        raise ModelFileError(f"{where} cannot be read as a model file ({why}); train it again with: matchmodel train") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise ModelFileError(f"{where} is not a matchmodel file; train one with: matchmodel train")
    if content.get("schema") != SCHEMA:
        raise ModelFileError(f"{where} has schema {content.get('schema')}, this program reads schema {SCHEMA}; train it again with: matchmodel train")
    try:
        _check(content)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        why = f"it has no {error}" if isinstance(error, KeyError) else error
        raise ModelFileError(f"{where} is a damaged model file ({why}); train it again with: matchmodel train") from None
    return content
