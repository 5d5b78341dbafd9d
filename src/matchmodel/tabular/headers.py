"""Which column is which: the names that people write, brought to the names of fields."""

from collections.abc import Iterable, Mapping, Sequence

from ..errors import clipped
from .cells import key, tidy_text

LISTED = 40  # headers named one by one; beyond, their number


def by_key(spellings: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return {header key: field} of fields and the other spellings of their names."""
    return {key(text): field for field, others in spellings.items() for text in (field, *others)}


def fields(headers: Sequence[str], known: Mapping[str, str]) -> list[str | None]:
    """Return each header's field, None where it is none."""
    return [known.get(key(header)) for header in headers]


def twice(headers: Sequence[str], named: Sequence[str | None]) -> list[str]:
    """Return one sentence for each field that two columns or more claim."""
    return [
        f"two columns mean {field}: "
        + " and ".join(f"'{clipped(h)}'" for h, n in zip(headers, named, strict=True) if n == field)
        for field in sorted({n for n in named if n})
        if named.count(field) > 1
    ]


def mapped(headers: Sequence[str], named: Sequence[str | None]) -> str | None:
    """Return a line that says which header was read as which field, None where none has another name."""
    pairs = [
        f'"{clipped(header)}" as {field}'
        for header, field in zip(headers, named, strict=True)
        if field is not None and key(header) != key(field)
    ]
    return f"Read: {', '.join(pairs)}" if pairs else None


def listed(headers: Sequence[str]) -> str:
    """Return headers as a sentence lists them, only the first of very many."""
    more = f" and {len(headers) - LISTED:,} more" if len(headers) > LISTED else ""
    return ", ".join(clipped(tidy_text(header)) or "(no name)" for header in headers[:LISTED]) + more
