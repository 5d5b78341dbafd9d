"""The report's pictures."""

import matplotlib.pyplot as plt
import numpy as np

from ..applicant import Applicant
from ..batch import score_applicants

plt.switch_backend("Agg")  # pictures go to files; no screen is needed

INK, SOFT, ACCENT = "#1f2d3d", "#9fb3c8", "#c8553d"


def _finish(figure, path):
    figure.savefig(path, dpi=150, bbox_inches="tight", metadata={"Software": None} if str(path).endswith(".png") else None)
    plt.close(figure)
    return path


def calibration_plot(held, path):
    """Draw predicted against observed shares of the held-out score bins, a panel a type."""
    figure, axes = plt.subplots(1, len(held), figsize=(5.2 * len(held), 5), squeeze=False)
    for axis, one in zip(axes[0], held, strict=True):
        bins = one.bins[one.bins["total"] > 0]
        share = bins["matched"] / bins["total"]
        axis.plot([0, 1], [0, 1], color=SOFT, lw=1, zorder=0)
        axis.scatter(bins["predicted"], share, s=6 + bins["total"] * 0.9, color=INK, alpha=0.55, lw=0)
        order = bins.assign(group=np.minimum((bins["predicted"].rank(pct=True) * 8).astype(int), 7)).groupby("group")
        x = order.apply(lambda g: np.average(g["predicted"], weights=g["total"]))
        y = order.apply(lambda g: g["matched"].sum() / g["total"].sum())
        axis.plot(x, y, color=ACCENT, marker="o", ms=5, lw=1.5, label="eighths of the bins")
        c = one.calibration
        axis.set_title(f"{one.applicant_type}: slope {c.slope:.2f} (SE {c.slope_se:.2f}),\nmean error {100 * c.mean_error:.1f} points, sampling noise {100 * c.floor:.1f}", fontsize=10)
        axis.set(xlabel="predicted from the summary tables", ylabel="observed share matched", xlim=(0, 1), ylim=(0, 1), aspect="equal")
        axis.legend(frameon=False, loc="upper left")
        axis.spines[["top", "right"]].set_visible(False)
    figure.suptitle("2007 report: score bins that training never saw (a dot a bin, area by applicants)", fontsize=11)
    figure.tight_layout()
    return _finish(figure, path)


def score_curves(model, path, kind="non-us-img", specialties=("Internal Medicine", "Family Medicine", "Pediatrics", "General Surgery", "Neurology", "Dermatology")):
    """Draw the probability against Step 2 CK by specialty, with its 80% range."""
    chosen = [s for s in specialties if s in model.specialties(kind)] or model.specialties(kind)[:6]
    columns = min(3, len(chosen))
    rows = -(-len(chosen) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.6 * columns, 2.9 * rows), sharey=True, squeeze=False)
    scores = np.arange(210, 281, 2)
    for axis, specialty in zip(axes.flat, chosen, strict=False):
        year = model.type(kind)["year"]
        p = score_applicants(model, [Applicant(specialty, kind, float(s), cycle=year) for s in scores])
        cell = model.cell(kind, specialty)
        axis.fill_between(scores, p["p_ranked_low"], p["p_ranked_high"], color=SOFT, alpha=0.5, lw=0)
        axis.plot(scores, p["p_ranked"], color=INK, lw=1.8)
        axis.axhline(cell.average, color=ACCENT, lw=1, ls=":")
        seen = cell.content["score_seen"]
        title = specialty if seen else f"{specialty}\n(scores suppressed: mean slope)"
        if seen:
            for edge in (seen["low"], seen["high"]):
                axis.axvline(edge, color=SOFT, lw=0.8, ls="--")
        axis.set_title(title, fontsize=10)
        axis.set(ylim=(0, 1), xlim=(210, 280))
        axis.spines[["top", "right"]].set_visible(False)
    for axis in axes.flat[len(chosen):]:
        axis.set_visible(False)
    for axis in axes[-1]:
        axis.set_xlabel("Step 2 CK")
    for axis in axes[:, 0]:
        axis.set_ylabel("P(match), ranked")
    figure.suptitle(f"{kind}, {model.type(kind)['year']}: chance given at least one ranked program, 80% range. Dotted: the average; dashed: where the scores seen end", fontsize=10)
    figure.tight_layout()
    return _finish(figure, path)
