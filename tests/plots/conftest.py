import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text


# Made-up numbers, here to be drawn and read back.
def bins(seed: int = 1, k: int = 60, largest: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    predicted = np.sort(rng.uniform(0.05, 0.97, k))
    total = rng.integers(0, largest, k)
    return pd.DataFrame({"predicted": predicted, "matched": rng.binomial(total, predicted), "total": total})


def years() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    rows = []
    for kind, rate in (("us-img", 0.5), ("non-us-img", 0.45)):
        for year in (
            *range(1983, 2009),
            2012,
            2013,
            *range(2015, 2019),
            *range(2020, 2023),
            2024,
            2025,
            2026,
        ):
            low, high = rate - 0.02, rate + 0.02
            rate += rng.normal(0, 0.02)
            rows.append((kind, year, rate, low, high, low <= rate <= high))
    return pd.DataFrame(rows, columns="applicant_type year rate low high inside".split())


def worlds() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        (s, k, rng.normal(mean, 0.05), rng.normal(0.8, 0.04), rng.uniform(0.03, 0.06))
        for s, mean in (("correlations x0", 1.0), ("correlations x1", 0.9))
        for k in range(20)
    ]
    return pd.DataFrame(rows, columns="setting world slope coverage mean_error".split())


def left_out() -> pd.DataFrame:
    rows = [
        ("Neurology", "slope", 0.4, 0.2, 0.6, 0.3, 0.25, 0.36, True),
        ("Pediatrics", "slope", 0.41, 0.21, 0.61, 0.7, 0.64, 0.76, False),
        ("Neurology", "rate", 0.45, 0.25, 0.65, 0.42, 0.38, 0.46, True),
        ("Pediatrics", "rate", 0.44, 0.24, 0.64, 0.68, 0.66, 0.7, False),
        ("Dermatology", "rate", 0.46, 0.26, 0.66, 0.17, 0.09, 0.3, False),
        ("Neurology", "rank slope", 1.3, 0.9, 1.7, 1.2, 1.0, 1.4, True),
        ("Neurology", "usual number", 90.0, 40.0, 140.0, 88.0, 80.0, 96.0, True),
    ]
    return pd.DataFrame(
        rows, columns="specialty what predicted low high measured measured_low measured_high inside".split()
    )


def changes() -> pd.DataFrame:
    rows = [
        (change, name, measure, base + move, base + move - width, base + move + width, base)
        for change, move, width in (
            ("as shipped", 0.0, 0.06),
            ("no widening", 0.01, 0.04),
            ("twice as wide", -0.02, 0.09),
        )
        for name, base in (("strong, visa", 0.7), ("weak, failures, visa", 0.1))
        for measure in ("p_ranked", "p_apply", "p_any_invitation")
    ]
    rows = [(*row[:3], *(0.5 * v for v in row[3:])) if row[2] == "p_apply" else row for row in rows]
    return pd.DataFrame(rows, columns="change applicant measure point low high base".split())


def chain() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """What chains were solved for, shares who rank, and matches by invitations."""
    fitted = [
        (q, 1.0 + k, None if k == 2 else 0.2, 1.1 + k)
        for q in ("mean_ranks", "sd_ranks", "rank_slope")
        for k in range(3)
    ]
    shares = [
        ("Internal Medicine", 0.65, 0.64, 0.8, 0.55, 0.75),
        ("General Surgery", 0.39, 0.39, 0.5, 0.3, 0.46),
    ]
    found = [("1-2", 3, 0, 0.6, 0.0, 2.0), ("3-5", 6, 1, 2.5, 0.0, 5.0), ("10+", 11, 7, 8.1, 5.0, 11.0)]
    return (
        pd.DataFrame(fitted, columns="quantity published se chain".split()),
        pd.DataFrame(shares, columns="specialty observed share takes_part prior_low prior_high".split()),
        pd.DataFrame(found, columns="invitations applicants matched expected low high".split()),
    )


def labelled(axis: Axes, label: str) -> list:
    """Return an axis's lines, collections and patches of a label."""
    return [a for a in (*axis.lines, *axis.collections, *axis.patches) if a.get_label() == label]


def shown_texts(figure: Figure) -> list[Text]:
    """Return the texts that are drawn: not empty, visible, and no tick label beyond its axis."""
    figure.draw_without_rendering()
    hidden = set()
    for axes in figure.findobj(lambda a: hasattr(a, "get_xaxis")):
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * (high - low)
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low - slack <= tick.get_loc() <= high + slack or not axes.get_visible():
                    hidden |= {tick.label1, tick.label2}
    return [
        t
        for t in figure.findobj(Text)
        if t.get_text().strip()
        and t.get_visible()
        and t not in hidden
        and (t.axes is None or t.axes.get_visible())
    ]
