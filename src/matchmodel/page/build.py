"""The page: template, style, script, model and words joined into one HTML file."""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from ..model import Model
from .pack import pack
from .words import words

ENGINE = ("model", "text", "names", "notes", "answer")  # pure functions, which Node runs too


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def engine() -> str:
    """Return the script that answers, without the page: what Node runs in tests."""
    return "\n".join(_read(f"{name}.js") for name in ENGINE)


def _data(value: Any) -> str:
    """Return JSON that may stand in HTML: nothing in it ends the element around it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
