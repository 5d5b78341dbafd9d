"""The picture of how far the model was right: tenths of held-out applicants, predicted and seen, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from ..model.engine import Z_RANGE

GROUPS = 10
SIDE, LEFT, TOP, BELOW = 230, 40, 8, 44  # pixels

Group = tuple[float, float, float, float, int]  # predicted, seen, low, high, applicants


def groups(bins: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Return tenths of the applicants by predicted chance, bins whole, each with what was seen.

    What was seen has an 80% interval, Wilson's (J Am Stat Assoc 22:209, 1927).
    """
    some = sorted((b for b in bins if b["total"] > 0), key=lambda b: float(b["predicted"]))
    predicted, matched, total = (
        np.array([b[name] for b in some], float) for name in ("predicted", "matched", "total")
    )
    middle = (np.cumsum(total) - total / 2) / total.sum()
    group = np.minimum((GROUPS * middle).astype(int), GROUPS - 1)
    made = []
    for k in np.unique(group):
        of = group == k
        n, seen = total[of].sum(), matched[of].sum() / total[of].sum()
        z2 = Z_RANGE**2
        centre = seen + z2 / (2 * n)
        half = np.sqrt(z2 * (seen * (1 - seen) / n + z2 / (4 * n**2)))
        low, high = ((centre + sign * half) / (1 + z2 / n) for sign in (-1, 1))
        mean = float((total * predicted)[of].sum() / n)
        made.append((mean, float(seen), float(low), float(high), int(n)))
    return made


def picture(found: Sequence[Group]) -> str:
    """Return the SVG of groups: a circle and its interval each, and the line of perfect chances."""
    bottom, right = TOP + SIDE, LEFT + SIDE

    def x(p: float) -> str:
        return f"{LEFT + SIDE * p:.1f}"

    def y(p: float) -> str:
        return f"{bottom - SIDE * p:.1f}"

    parts = [f'<line class="perfect" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{TOP}"/>']
    for p in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            f'<line class="grid" x1="{LEFT}" x2="{right}" y1="{y(p)}" y2="{y(p)}"/>',
            f'<text class="soft" x="{LEFT - 6}" y="{float(y(p)) + 4:.1f}" text-anchor="end">{p:.0%}</text>',
            f'<text class="soft" x="{x(p)}" y="{bottom + 18}" text-anchor="middle">{p:.0%}</text>',
        ]
    for predicted, seen, low, high, _ in found:
        parts += [
            f'<line class="bar" x1="{x(predicted)}" x2="{x(predicted)}" y1="{y(low)}" y2="{y(high)}"/>',
            f'<circle class="dot" cx="{x(predicted)}" cy="{y(seen)}" r="5"/>',
        ]
    parts.append(
        f'<text x="{LEFT + SIDE / 2}" y="{bottom + 38}" text-anchor="middle">chance that was predicted</text>'
    )
    label = "Chance predicted and share that matched: " + "; ".join(
        f"{p:.0%} predicted, {seen:.0%} seen" for p, seen, *_ in found
    )
    width, height = right + 16, bottom + BELOW
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def section(evaluation: Mapping[str, Any] | None) -> str:
    """Return the HTML of what an evaluation says of applicants of another year, '' without one."""
    bins = (evaluation or {}).get("held_out", {}).get("bins")
    if not bins:
        return ""
    found = groups(bins)
    rows = "".join(
        f'<tr><th scope="row">{p:.0%}</th><td class="n">{seen:.0%}</td>'
        f'<td class="n">{low:.0%} to {high:.0%}</td><td class="n">{n:,}</td></tr>'
        for p, seen, low, high, n in found
    )
    head = "".join(
        f'<th scope="col" class="n">{text}</th>' for text in ("matched", "80% range", "applicants")
    )
    return (
        f'<div class="picture"><p>A test: from the summary tables of the 2007 report, the method predicted '
        f"{sum(n for *_, n in found):,} applicants of that report by their score, US seniors and independent "
        f"applicants. Each dot is a tenth of them. Dots on the dashed line are right. "
        f"Up: the share that matched.</p>{picture(found)}<details><summary>The same as a table</summary>"
        f'<table><thead><tr><th scope="col">predicted</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"</details></div>"
    )
