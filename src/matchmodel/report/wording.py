"""Words and numbers that every text for a person shares. Standard library only."""

from collections.abc import Sequence
from math import isfinite
from typing import Protocol

TYPE_NAMES = {"us-img": "US IMG", "non-us-img": "non-US IMG"}
WIDTH = 80
ASSOCIATION = "Every factor is an association among applicants, not what a change would cause."


def type_name(kind: str, several: bool = False) -> str:
    """Return an applicant type as a person writes it: 'non-US IMG', or 'non-US IMGs'."""
    name = TYPE_NAMES.get(kind, kind)
    return name + "s" if several else name


def percent(p: float, digits: int = 1) -> str:
    """Return a probability as text, in so many decimals, never rounded to 0% or 100%."""
    least = 10.0 ** -(digits + 2)
    if p < least:
        return f"<{100 * least:.{digits}f}%"
    if p > 1 - least:
        return f">{100 * (1 - least):.{digits}f}%"
    return f"{100 * p:.{digits}f}%"


def decimals(value: float | None, digits: int = 2, sign: bool = False) -> str:
    """Return a number in so many decimals, zero without a sign; '-' for none and what is not finite."""
    if value is None or not isfinite(value):
        return "-"
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text.lstrip("+-") if not text.strip("+-0.") else text


def per_hundred(value: float | None, digits: int = 1) -> str:
    """Return a proportion times 100, for a column whose head says '%' or 'points'; '-' for none."""
    return decimals(None if value is None else 100 * value, digits)


class Ranged(Protocol):
    """A number with the ends of its range."""

    @property
    def point(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def span(value: Ranged) -> str:
    """Return the range of a chance: '21.0% to 33.7%'."""
    return f"{percent(value.low)} to {percent(value.high)}"


def with_span(value: Ranged | None) -> str:
    """Return a chance and its range: '50.0% (44.0 to 56.0)'; '' where there is none."""
    if value is None:
        return ""
    return f"{percent(value.point)} ({percent(value.low)[:-1]} to {percent(value.high)[:-1]})"


def moved(value: Ranged) -> str:
    """Return a change in points with its range: '+4.9 (+3.9 to +5.8)'."""
    return f"{points(value.point)} ({points(value.low)} to {points(value.high)})"


def counted(n: int, noun: str, several: str = "") -> str:
    """Return a count with its noun, whose plural ends in 's' or is given: '1 interview', '3 people'."""
    return f"{n:,} {noun if n == 1 else several or noun + 's'}"


# Shares that people read at a glance; rarer ones are '1 in N'.
SHARES = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (9, 10), (19, 20))


def one_in(p: float) -> str:
    """Return a chance as the nearest share in small numbers: '2 in 5', '1 in 3', '1 in 57', '1 in 4,800'."""
    if p < 0.18:
        return f"1 in {float(f'{1.0 / max(p, 1e-9):.2g}'):,.0f}"
    a, b = min(SHARES, key=lambda share: abs(share[0] / share[1] - p))
    return f"{a} in {b}"


def bar(p: float, mark: str = "#", width: int = 10) -> str:
    """Return a chance as a bar of plain characters: '####......'."""
    filled = min(width, round(width * p))
    return mark * filled + "." * (width - filled)


def times(value: float) -> str:
    """Return a factor in two decimals, or in two figures where those hide it: '1.66', '0.031', '<0.001'."""
    if value < 0.001:
        return "<0.001"
    if value < 0.095:
        return f"{value:.2g}"
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def factor(value: float) -> str:
    """Return a factor on the odds, such as 'x1.66'."""
    return "x" + times(value)


def wrapped(text: str, indent: str, width: int = WIDTH) -> str:
    """Return text in lines of `width`, each after `indent`, of which the first alone has its '-'."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    blank = " " * len(indent)
    return "\n".join((indent if k == 0 else blank) + text for k, text in enumerate(lines))


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points with a sign: '+2.1', '0.0', '-0.4'."""
    return decimals(100 * value, 1, sign=True)


def dollars(usd: float | None) -> str:
    """Return dollars as text, '' where there is no figure."""
    return "" if usd is None else f"-${-usd:,.0f}" if usd < 0 else f"${usd:,.0f}"


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], left: int | set[int] = 1, indent: str = "  "
) -> list[str]:
    """Return the lines of a table of texts, the first columns to the left and the others to the right.

    Parameters
    ----------
    head, rows
    left
        How many of the first columns, or which ones, stand to the left.
    indent
    """
    to_left = set(range(left)) if isinstance(left, int) else left
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(len(head))]
    return [
        (
            indent
            + "  ".join(
                f"{cell:<{w}}" if k in to_left else f"{cell:>{w}}"
                for k, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
        ).rstrip()
        for row in (head, *rows)
    ]
