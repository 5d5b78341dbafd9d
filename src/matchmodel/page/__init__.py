"""A page that answers in a browser: the model packed, the same formulae in a script, one HTML file."""

from .build import engine
from .pack import pack, packed_record

__all__ = ["engine", "pack", "packed_record"]
