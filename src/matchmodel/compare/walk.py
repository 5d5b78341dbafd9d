"""Two trees of records walked side by side, whatever fields they have."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from ..model.records import Coefficient, Drawn, Draws, Note, Usual

Path = tuple[Any, ...]  # names of fields, keys of dicts, places in tuples
WHOLE = (Coefficient, Drawn, Usual, Draws, Note)  # not walked into


def children(node: Any) -> dict[Any, Any] | None:
    """Return the parts of a record, dict or tuple by name; None for a leaf."""
    if isinstance(node, WHOLE):
        return None
    if is_dataclass(node):
        return {f.name: getattr(node, f.name) for f in fields(node)}
    if isinstance(node, dict):
        return node
    if isinstance(node, (tuple, list)) and any(is_dataclass(item) or isinstance(item, dict) for item in node):
        return dict(enumerate(node))
    return None


def leaves(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield (path, leaf) of everything in a tree: coefficients whole, tuples of plain values whole."""
    parts = children(node)
    if parts is None:
        yield path, node
        return
    for name, part in parts.items():
        yield from leaves(part, (*path, name))


def only_in_one(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, bool]]:
    """Yield (path, whether only NEW has it) of what one tree lacks or has as None, without its parts."""
    if (old is None) != (new is None):
        yield path, old is None
        return
    a, b = children(old), children(new)
    if a is None or b is None:
        return
    for name in dict.fromkeys((*a, *b)):
        if name in a and name in b:
            yield from only_in_one(a[name], b[name], (*path, name))
        else:
            yield (*path, name), name in b


def differing(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield (path, OLD's, NEW's) of every leaf that both trees have and that differs."""
    a, b = children(old), children(new)
    if a is None or b is None or old is None or new is None:
        if old is not None and new is not None and old is not new and old != new:
            yield path, old, new
        return
    for name in a:
        if name in b:
            yield from differing(a[name], b[name], (*path, name))
