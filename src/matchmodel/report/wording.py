"""Words and numbers that every text for a person shares. Standard library only."""

from collections.abc import Iterable, Iterator, Sequence

TYPE_NAMES = {"us-img": "US IMG", "non-us-img": "non-US IMG"}
WIDTH = 80
ASSOCIATION = "Every factor is an association among applicants, not what a change would cause."


def type_name(kind: str, several: bool = False) -> str:
    """Return an applicant type as a person writes it: 'non-US IMG', or 'non-US IMGs'."""
    name = TYPE_NAMES.get(kind, kind)
    return name + "s" if several else name


def percent(p: float) -> str:
    """Return a probability as text, with a decimal, never rounded to 0% or 100%."""
    if p < 0.001:
        return "<0.1%"
    if p > 0.999:
        return ">99.9%"
    return f"{100 * p:.1f}%"


def one_in(p: float) -> str:
    """Return a chance as '1 in N', with a decimal where it tells: '1 in 2.1', '1 in 57', '1 in 4,800'."""
    n = 1.0 / p
    return f"1 in {n:.1f}" if n < 3 else f"1 in {float(f'{n:.2g}'):,.0f}"


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


def wrapped(text: str, indent: str) -> str:
    """Return text in lines of `WIDTH`, each after `indent`; the first after indent's last '-'."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    blank = " " * len(indent)
    return "\n".join((indent if k == 0 else blank) + text for k, text in enumerate(lines))


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points with a sign: '+2.1', '0.0', '-0.4'."""
    text = f"{100 * value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


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


def remarks(warnings: Iterable[str], notes: Iterable[str]) -> Iterator[str]:
    """Yield the lines with which every answer ends: its warnings, then its notes, where there are any."""
    for title, texts in (("Warnings", warnings), ("Notes", notes)):
        if texts:
            yield ""
            yield title
            for text in texts:
                yield wrapped(text, "  - ")
