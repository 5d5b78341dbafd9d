"""The figures of an applicant's page: inline SVG, with a title and a description that say the same in words.

Standard library only. Colours differ in lightness too, and lines in their dashes, so that a grey print tells them apart.
"""

from math import ceil, floor, log10

from ..specialties import short_name
from ..wording import percent, points

WIDTH = 680
INK, SOFT, RULE_COLOUR, GRID = "#1a1a1a", "#4a4a4a", "#8a8a8a", "#e2e2e2"
COLOURS = ("#0b4f8a", "#b4460f", "#2f7d4f", "#6b3fa0")
DASHES = ("", "7 4", "2 3", "10 3 2 3")
ROW = 26
RATIO_TICKS = (1.0, 0.5, 2.0, 0.2, 5.0, 0.1, 10.0, 0.05, 20.0, 0.8, 1.25, 0.67, 1.5, 0.02, 50.0)  # the first that fit are shown
CLOSE = 0.13  # of the width between two ticks, at the least


def escaped(text):
    """Return text that is safe in HTML and SVG, within attributes too."""
    for raw, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(raw, safe)
    return text


def _text(x, y, text, anchor="start", size=13, fill=INK, weight="normal"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{fill}" font-weight="{weight}">{escaped(text)}</text>'


def _line(x1, y1, x2, y2, colour=INK, width=1.0, dash=""):
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _dot(x, y, colour, shape):
    if shape == "square":
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="#ffffff" stroke="{colour}" stroke-width="2.5"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{colour}"/>'


def svg(name, title, description, height, parts):
    """Return an SVG element.

    Parameters
    ----------
    name : str
        Of its title and description, unique on the page.
    title, description : str
    height : float
    parts : iterable of str
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"><title id="{name}-t">{escaped(title)}</title><desc id="{name}-d">{escaped(description)}</desc>'
        f'{"".join(parts)}</svg>'
    )  # fmt: skip


def _wide(text, size=13):
    return 0.56 * size * len(text)


def forest(name, title, description, rows, scale, ticks, tick_text, zero=None, zero_text="", legend=()):
    """Return a figure of points with ranges, a row each.

    Parameters
    ----------
    name, title, description : str
    rows : sequence of (str, float, float, float, str, str, str, float or None)
        Label, value, low, high, text on the right, colour, shape ('dot' or 'square'), and a mark of its own.
    scale : callable
        Value -> 0 to 1.
    ticks : sequence of float
    tick_text : callable
    zero : float, optional
        A value whose vertical line is drawn.
    zero_text : str
    legend : sequence of (str, str, str)
        Shape, colour, words.
    """
    left = min(270.0, max(120.0, max(_wide(row[0]) for row in rows) + 16))
    right = WIDTH - max(_wide(row[4], 12) for row in rows) - 14
    top = 12 + 20 * bool(legend) + 16 * bool(zero_text)
    bottom = top + ROW * len(rows) + 6
    at = lambda v: left + (right - left) * min(max(scale(v), 0.0), 1.0)
    parts, x = [], 8.0
    for shape, colour, words in legend:
        parts += [_line(x + 7, 6, x + 7, 20, colour, 2.5) if shape == "bar" else _dot(x + 7, 13, colour, shape), _text(x + 18, 17, words, size=12, fill=SOFT)]
        x += 34 + _wide(words, 12)
    for tick in ticks:
        parts += [_line(at(tick), top, at(tick), bottom, GRID), _text(at(tick), bottom + 16, tick_text(tick), "middle", 12, SOFT)]
    if zero is not None:
        parts.append(_line(at(zero), top, at(zero), bottom, RULE_COLOUR, 1.5))
        parts.append(_text(at(zero), top - 5, zero_text, "middle", 12, SOFT))
    for k, (label, value, low, high, said, colour, shape, mark) in enumerate(rows):
        y = top + ROW * (k + 0.5) + 3
        parts += [_text(left - 10, y + 4, label, "end"), _line(at(low), y, at(high), y, colour, 3)]
        if mark is not None:
            parts.append(_line(at(mark), y - 9, at(mark), y + 9, INK, 2.5))
        parts += [_dot(at(value), y, colour, shape), _text(right + 10, y + 4, said, size=12, fill=SOFT)]
    return svg(name, title, description, bottom + 26, parts)


def _said(p, low, high):
    return f"{percent(p)} ({percent(low)[:-1]} to {percent(high)[:-1]})"


def odds_figure(plan):
    """Return the odds by specialty with their ranges."""
    rows, words = [], []
    for part in plan.specialties:
        a = part.answer
        rows.append((f"{_short(part.name)}, if ranked", a.p_ranked, a.p_ranked_low, a.p_ranked_high, _said(a.p_ranked, a.p_ranked_low, a.p_ranked_high), COLOURS[0], "dot", a.average))
        words.append(f"{part.name}: {_said(a.p_ranked, a.p_ranked_low, a.p_ranked_high)} given a ranked program, average {percent(a.average)}")
        if a.chain is not None:
            c = a.chain
            rows.append((f"with {c.applications} applications", c.p_apply, c.p_apply_low, c.p_apply_high, _said(c.p_apply, c.p_apply_low, c.p_apply_high), COLOURS[1], "square", None))
            words[-1] += f"; {_said(c.p_apply, c.p_apply_low, c.p_apply_high)} with {c.applications} applications"
    legend = [("dot", COLOURS[0], "given at least one ranked program")]
    if any(part.answer.chain is not None for part in plan.specialties):
        legend.append(("square", COLOURS[1], "counted from the application on"))
    legend.append(("bar", INK, "average"))
    ticks = [0, 0.25, 0.5, 0.75, 1]
    return forest("odds", "Chance of matching by specialty, with 80% ranges", ". ".join(words) + ".", rows, lambda v: v, ticks, lambda v: f"{100 * v:g}%", legend=legend)


def _short(name):
    return short_name(name, 24)


def _nice(most):
    """Return ticks from 0 to most, four to seven of them."""
    rough = most / 5
    size = 10 ** floor(log10(rough))
    step = next(k * size for k in (1, 2, 2.5, 5, 10) if k * size >= rough)
    return [step * k for k in range(int(most / step + 1e-9) + 1)]


def curve_figure(plan):
    """Return the chance of matching against applications, a curve a specialty; None without any."""
    drawn = [part for part in plan.specialties if part.curve]
    if not drawn:
        return None
    left, right, top, height = 52.0, WIDTH - 16.0, 34.0, 250.0
    bottom = top + height
    most = max(part.curve[-1][0] for part in drawn)
    highest = min(1.0, ceil(10 * max(max(row[3] for row in part.curve) for part in drawn) + 0.3) / 10)
    highest = max(highest, min(1.0, plan.target + 0.05))
    x = lambda n: left + (right - left) * n / most
    y = lambda p: bottom - height * p / highest
    parts, words, at = [], [], 8.0
    for p in (k / 10 for k in range(0, int(10 * highest + 1e-9) + 1, 2 if highest > 0.5 else 1)):
        parts += [_line(left, y(p), right, y(p), GRID), _text(left - 8, y(p) + 4, f"{100 * p:.0f}%", "end", 12, SOFT)]
    for n in _nice(most):
        parts += [_line(x(n), bottom, x(n), bottom + 5, RULE_COLOUR), _text(x(n), bottom + 20, f"{n:g}", "middle", 12, SOFT)]
    parts += [_line(left, bottom, right, bottom, RULE_COLOUR), _text((left + right) / 2, bottom + 40, "applications, programs at random", "middle", 12, SOFT)]
    for k, part in enumerate(drawn):
        colour, rows = COLOURS[k], [(0, 0.0, 0.0, 0.0), *(row[:4] for row in part.curve)]
        up = " ".join(f"{x(n):.1f},{y(high):.1f}" for n, _, _, high in rows)
        down = " ".join(f"{x(n):.1f},{y(low):.1f}" for n, _, low, _ in reversed(rows))
        parts.append(f'<polygon points="{up} {down}" fill="{colour}" fill-opacity="{0.18 if len(drawn) == 1 else 0.12}"/>')
    for k, part in enumerate(drawn):
        colour, rows = COLOURS[k], [(0, 0.0, 0.0, 0.0), *(row[:4] for row in part.curve)]
        line = " ".join(f"{x(n):.1f},{y(p):.1f}" for n, p, _, _ in rows)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{DASHES[k]}"/>')
        c = part.answer.chain
        parts.append(_dot(x(c.applications), y(c.p_apply), colour, "dot"))
        parts += [_line(at, 14, at + 26, 14, colour, 2.5, DASHES[k]), _text(at + 32, 18, _short(part.name), size=12)]
        at += 46 + _wide(_short(part.name), 12)
        words.append(f"{part.name}: {percent(c.p_apply)} with {c.applications} applications, {percent(part.curve[-1][1])} with all {part.curve[-1][0]}")
    parts += [_line(left, y(plan.target), right, y(plan.target), INK, 1.2, "4 3"), _text(right, y(plan.target) - 5, f"target {100 * plan.target:g}%", "end", 12)]
    words.append("bands are 80% ranges, dots the number of applications reckoned with on this page")
    return svg("curve", "Chance of matching against the number of applications", "; ".join(words) + ".", bottom + 50, parts)


def ratios_figure(plan):
    """Return the likelihood ratios of the first specialty on a logarithmic scale; None where nothing is known."""
    from ..show import factor, times

    ratios = plan.first.answer.likelihood_ratios
    if not ratios:
        return None
    least, most = min(0.79, min(r.low for r in ratios)), max(1.26, max(r.high for r in ratios))
    low = max((s for s in RATIO_TICKS if s <= least), default=least)
    high = min((s for s in RATIO_TICKS if s >= most), default=most)
    span, ticks = log10(high) - log10(low), []
    for tick in RATIO_TICKS:
        if low <= tick <= high and all(abs(log10(tick / other)) > CLOSE * span for other in ticks):
            ticks.append(tick)
    rows = [(f"{r.label}: {value_text(r.value)}", r.ratio, r.low, r.high, f"{factor(r.ratio)} ({times(r.low)} to {times(r.high)})", COLOURS[1] if r.ratio < 1 else COLOURS[0], "square" if r.ratio < 1 else "dot", None) for r in ratios]
    words = ". ".join(f"{row[0]}: odds {row[4]}" for row in rows)
    legend = (("dot", COLOURS[0], "raises the odds"), ("square", COLOURS[1], "lowers the odds"))
    return forest("ratios", f"What moves the odds in {plan.first.name}", words + ".", rows, lambda v: (log10(v) - log10(low)) / span, ticks, lambda v: f"x{v:g}", 1.0, "average", legend)


def levers_figure(plan):
    """Return the levers' changes in points; None where there are none."""
    found = [(lever, lever.ranked if lever.chance is None else lever.chance) for lever in plan.levers.levers]
    if not found:
        return None
    low = 100 * min(0.0, min(f.low for _, f in found))
    high = 100 * max(0.0, max(f.high for _, f in found))
    reach = max(high - low, 2.0)
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50) if reach / s <= 7)
    ticks = [step * k / 100 for k in range(floor(low / step), ceil(high / step) + 1)]
    first, last = ticks[0], ticks[-1]
    rows = [(lever.name, f.point, f.low, f.high, f"{points(f.point)} ({points(f.low)} to {points(f.high)})", COLOURS[0] if f.point >= 0 else COLOURS[1], "dot" if f.point >= 0 else "square", None) for lever, f in found]
    what = "given at least one ranked program" if found[0][0].chance is None else "counted from the application on"
    words = ". ".join(f"{row[0]}: {row[4]} points" for row in rows)
    return forest("levers", f"Levers in {plan.first.name}: change of the chance in points, {what}", words + ".", rows, lambda v: (v - first) / (last - first), ticks, lambda v: f"{100 * v:+.3g}" if v else "0", 0.0, "as things are")


def value_text(value):
    """Return the value of a covariate as text."""
    return ("yes" if value else "no") if isinstance(value, bool) else f"{round(value, 2):g}"
