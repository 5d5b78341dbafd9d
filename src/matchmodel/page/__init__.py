"""A page that answers in a browser: the model packed, the same formulae in a script, one HTML file."""

from .build import build_page, engine
from .pack import pack, packed_record

__all__ = ["build_page", "engine", "pack", "packed_record"]
