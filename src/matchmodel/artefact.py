"""The model file: reading it, refusing what is not one, and unpacking draws when they are asked for.

Standard library only: this module is on the path of ``predict``.
"""

import json
import os

from .errors import ModelFileError

KIND = "matchmodel"
SCHEMA = 1
DEFAULT_NAME = "match-2026.json"


def pack(values):
    """Return draws as one text of numbers, which a reader need not parse until it wants them."""
    return " ".join(f"{v:.6g}" for v in values)


def unpack(text):
    """Return the numbers of a packed text as a list of float."""
    return [float(word) for word in text.split()]


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
        with open(where, encoding="utf-8") as file:
            content = json.load(file)
    except FileNotFoundError:
        raise ModelFileError(f"there is no model file {where}; make one with: matchmodel etl && matchmodel train") from None
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{where} cannot be read as a model file ({error}); train it again with: matchmodel train") from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise ModelFileError(f"{where} is not a matchmodel file; train one with: matchmodel train")
    if content.get("schema") != SCHEMA:
        raise ModelFileError(f"{where} has schema {content.get('schema')}, this program reads schema {SCHEMA}; train it again with: matchmodel train")
    return content
