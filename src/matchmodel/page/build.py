"""The page: template, style, script, model and words joined into one HTML file."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from ..model import Model
from .pack import pack
from .reliability import section
from .words import words

ENGINE = ("model", "text", "names", "notes", "answer", "beside")  # pure functions, which Node runs too
PAGE = ("wording", "charts", "sections", "share", "app")


def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def engine() -> str:
    """Return the script that answers, without the page: what Node runs in tests."""
    return "\n".join(_read(f"{name}.js") for name in ENGINE)


def _data(value: Any) -> str:
    """Return JSON that may stand in HTML: nothing in it ends the element around it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _hash(text: str) -> str:
    """Return the source of a content-security policy that allows one inline element alone."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def build_page(model: Model, evaluation: Mapping[str, Any] | None = None, docs: str | None = None) -> str:
    """Return the page as HTML; the same model and evaluation give the same bytes.

    Parameters
    ----------
    model
        The model that it carries.
    evaluation
        What `reports/evaluation.json` holds, for the picture of how far to trust it; none without.
    docs
        Where the documentation is, as a link; none without.
    """
    shown = "\n".join(_read(f"{name}.js") for name in PAGE)
    script = f'(() => {{\n"use strict";\n{engine()}\n{shown}}})();'
    style = _read("style.css")
    parts = {
        "script_hash": _hash(script),
        "style_hash": _hash(style),
        "style": style,
        "script": script,
        "data": _data({"model": pack(model.record), "words": words()}),
        "reliability": section(evaluation),
        "docs": ""
        if docs is None
        else f'<p><a href="{escape(docs)}">How the model works: the documentation</a></p>',
    }
    pieces = re.split(r"\{(\w+)\}", _read("template.html"))
    return "".join(parts[piece] if k % 2 else piece for k, piece in enumerate(pieces))
