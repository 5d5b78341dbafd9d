"""`matchmodel curve`: the chance of matching against the number of applications, drawn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .applications import DEFAULT_TARGET
from .batch import score_applicants
from .errors import RefusedInput
from .wording import type_name

FORMATS = (".png", ".svg")
POINTS = 40
COLOURS = ("#1f2d3d", "#c8553d", "#3a7d5d", "#8a5fa8", "#d9a441", "#4a90a4")
MOST_CURVES = len(COLOURS)


@dataclass(frozen=True)
class Curve:
    """One applicant's chance against the number of applications.

    Attributes
    ----------
    label : str
    applications : numpy.ndarray of int, shape (k,)
    p, low, high : numpy.ndarray, shape (k,)
    usual : float
    """

    label: str
    applications: np.ndarray
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    usual: float


def make_curve(model, applicant, label, most=None):
    """Return an applicant's curve, from one application to every program that the table lists.

    Parameters
    ----------
    model : Model
    applicant : Applicant
    label : str
    most : int, optional
        Where to stop.
    """
    chain = model.chain_cell(applicant.applicant_type, applicant.specialty)
    end = chain.listed if most is None else min(most, chain.listed)
    numbers = np.unique(np.round(np.linspace(1, end, POINTS)).astype(int))
    found = score_applicants(model, [applicant._replace(applications=int(n), target=None) for n in numbers])
    return Curve(label, numbers, found["p_apply"], found["p_apply_low"], found["p_apply_high"], chain.content["usual"]["value"])


def labels(applicants):
    """Return a label for each applicant: what they differ in, else the specialty."""
    parts = []
    for field in ("specialty", "applicant_type", "step2_ck", "yog", "years_since_graduation", "usce_months", "visa_needed", "step1_failed", "step2_failed"):
        if len({getattr(a, field) for a in applicants}) > 1:
            parts.append(field)
    words = {"step2_ck": "Step 2 CK {:g}", "yog": "YOG {}", "years_since_graduation": "{:g} years out", "usce_months": "USCE {:g}"}
    flags = {"visa_needed": ("visa", "no visa"), "step1_failed": ("Step 1 failed", "no Step 1 failure"), "step2_failed": ("Step 2 CK failed", "no Step 2 CK failure")}
    made = []
    for a in applicants:
        texts = []
        for field in parts or ["specialty"]:
            value = getattr(a, field)
            if value is None:
                continue
            if field in flags:
                texts.append(flags[field][0 if value else 1])
            elif field == "applicant_type":
                texts.append(type_name(value))
            else:
                texts.append(words.get(field, "{}").format(value))
        made.append(", ".join(texts) or a.specialty)
    return made


def draw(curves, path, title, target=DEFAULT_TARGET):
    """Draw curves with their 80% bands; a dot marks the usual number of applications.

    Parameters
    ----------
    curves : sequence of Curve
    path : str or Path
        Ending in .png or .svg.
    title : str
    target : float
        Marked by a line.
    """
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with plt.rc_context({"svg.hashsalt": "matchmodel", "font.size": 10}):
        figure, axis = plt.subplots(figsize=(8, 5))
        axis.axhline(target, color="#9fb3c8", lw=0.8, ls=":")
        for curve, colour in zip(curves, COLOURS, strict=False):
            axis.fill_between(curve.applications, curve.low, curve.high, color=colour, alpha=0.15, lw=0)
            axis.plot(curve.applications, curve.p, color=colour, lw=2, label=curve.label)
            axis.plot(curve.usual, np.interp(curve.usual, curve.applications, curve.p), "o", color=colour, ms=7, mec="white", zorder=3)
        axis.plot([], [], "o", color="#808080", label="usual number of applications")
        axis.set(xlabel="applications, programs at random", ylabel="chance of matching, from the application on", ylim=(0, 1))
        axis.set_xlim(left=0)
        axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(frameon=False, loc="best")
        axis.set_title(title, fontsize=11, loc="left")
        figure.text(0.01, -0.02, "Bands: 80% ranges. Gains from more applications are upper bounds; preferred specialty only; curves end at the programs listed.", fontsize=8, color="#555555")
        date = {"Date": None} if str(path).endswith(".svg") else {"Software": None}
        figure.savefig(path, dpi=150, bbox_inches="tight", metadata=date)
        plt.close(figure)


def run_curve(model, applicants, out, target=None, most=None):
    """Draw the curves of applicants to a file.

    Parameters
    ----------
    model : Model
    applicants : sequence of Applicant
    out : str or Path
    target : float, optional
    most : int, optional
        Largest number of applications drawn.

    Raises
    ------
    RefusedInput
        For a file that is neither PNG nor SVG, or more curves than can be told apart.
    NotInModel
        Where there is no chain.
    """
    out = Path(out)
    if out.suffix.lower() not in FORMATS:
        raise RefusedInput(f"{out} is neither .png nor .svg; name the picture so, such as curve.png")
    if not 1 <= len(applicants) <= MOST_CURVES:
        raise RefusedInput(f"{len(applicants)} curves; one picture holds 1 to {MOST_CURVES}")
    filled = [model.cycle_of(a) for a in applicants]
    curves = [make_curve(model, a, label, most) for a, label in zip(filled, labels(filled), strict=True)]
    specialties, kinds = {a.specialty for a in filled}, {type_name(a.applicant_type) for a in filled}
    what = specialties.pop() if len(specialties) == 1 else f"{len(specialties)} specialties"
    draw(curves, out, f"{what}, {' and '.join(sorted(kinds))}, {filled[0].cycle} Match", target if target is not None else DEFAULT_TARGET)
    print(f"{len(curves)} curve{'s' if len(curves) > 1 else ''}, written to {out}")
