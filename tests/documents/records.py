"""The sections of docs/model-file.md: one for each record of the model file, made from the dataclasses."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from textwrap import fill
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from matchmodel.model.records import Draws, ModelRecord, Scalar

PLAIN = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Draws: "draws",
    dict: "object",
}
WIDTH = 110
SEVERAL = {str: "texts", int: "whole numbers", float: "numbers"}


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def type_words(hint: Any) -> str:
    """Return a field's type in words: 'list of `Source`', 'number or null'."""
    if hint in PLAIN:
        return PLAIN[hint]
    if is_dataclass(hint):
        return f"`{hint.__name__}`"
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _either([f"'{word}'" for word in inner])
    if origin is tuple:
        size = "list of " if inner[-1] is Ellipsis else f"list of {len(inner)} "
        return size + (SEVERAL.get(inner[0]) or type_words(inner[0]))
    if origin is dict and inner[1] is Any:
        return PLAIN[dict]
    if origin is dict:
        of = inner[1]
        return "object of single values" if of == Scalar else f"object of {SEVERAL.get(of) or type_words(of)}"
    if origin in (Union, UnionType):
        others = [type_words(kind) for kind in inner if kind is not NoneType]
        return _either([*others, "null"] if NoneType in inner else others)
    raise TypeError(f"no words for {hint}")


def _inside(hint: Any) -> Iterator[type]:
    if is_dataclass(hint):
        yield hint
    for one in get_args(hint):
        yield from _inside(one)


def records() -> list[type]:
    """Return every record of the file, the whole first, each before those that it holds."""
    found, waiting = [], [ModelRecord]
    while waiting:
        record = waiting.pop(0)
        if record in found or record is Draws:
            continue
        found.append(record)
        waiting += [one for hint in get_type_hints(record).values() for one in _inside(hint)]
    return found


def described() -> Iterator[tuple[type, list[tuple[str, str]]]]:
    """Yield each record with the names of its fields and their types in words."""
    for record in records():
        hints = get_type_hints(record)
        yield record, [(f.name, type_words(hints[f.name])) for f in fields(record)]


def record_sections(written: Mapping[tuple[str, str], str]) -> str:
    """Return the sections of all records.

    Parameters
    ----------
    written
        {(record, field): what the page says of the field}; a field without an entry is left blank.
    """
    parts = []
    for record, rows in described():
        about = fill(record.__doc__ or "", WIDTH, break_on_hyphens=False)
        lines = [f"### `{record.__name__}`", "", about, "", "| key | type | what |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {words} | {written.get((record.__name__, name), '')} |" for name, words in rows
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
