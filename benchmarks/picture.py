"""Draw reports/benchmarks.png from reports/benchmarks.json: ratios beside their bars, and growth."""

import json
from typing import Any

import matplotlib.pyplot as plt
from common import FIGURES
from matplotlib.axes import Axes

MET, MISSED = "#2f7d5b", "#b3512f"


def draw_ratios(axes: Axes, ratios: dict[str, dict[str, Any]]) -> None:
    """Draw how each figure stands to its bar: right of the line is better."""
    for place, (what, one) in enumerate(ratios.items()):
        better = one["value"] / one["bar"] if one["at"] == "least" else one["bar"] / one["value"]
        axes.barh(place + 0.24, better - 1, left=1, height=0.28, color=MET if one["met"] else MISSED)
        value = f"{one['value']:,.0f}" if one["value"] >= 100 else f"{one['value']:.3g}"
        text = f"{what}\n{value}, to be at {one['at']} {one['bar']:,g}"
        label = axes.text(
            0.02, place + 0.06, text, transform=axes.get_yaxis_transform(), va="bottom", fontsize=8
        )
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.0})  # over the line of the bar
    axes.axvline(1, color="black", linewidth=1)
    axes.set(xscale="log", xlim=(0.05, 20), yticks=[], ylim=(len(ratios) - 0.4, -0.7))
    axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "bar", "2", "5", "10"])
    axes.set_xlabel("times as good as its bar")


def draw_growth(axes: Axes, by_rows: list[dict[str, float]]) -> None:
    """Draw time and memory of `score` against the rows of its table."""
    rows = [one["rows"] for one in by_rows]
    axes.plot(rows, [one["core_seconds"] for one in by_rows], "o-", color=MET, label="core seconds")
    axes.plot(rows, [one["megabytes"] for one in by_rows], "s--", color="#44546a", label="memory, MB")
    axes.set(xscale="log", yscale="log", xlabel="rows of the table", title="matchmodel score, CSV to CSV")
    axes.legend(frameon=False)


def main() -> None:
    """Draw what there is."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    ratios = {what: one for part in figures.values() for what, one in part.get("ratios", {}).items()}
    size = (11, max(4.0, 1.0 + 0.62 * len(ratios)))
    figure, (left, right) = plt.subplots(1, 2, figsize=size, layout="constrained", width_ratios=[3, 2])
    draw_ratios(left, ratios)
    if "score" in figures:
        draw_growth(right, figures["score"]["by_rows"])
    figure.savefig(FIGURES.with_suffix(".png"), dpi=120)


if __name__ == "__main__":
    main()
