"""Forest plots: what each covariate does to the odds, and the evidence behind it."""

import numpy as np
from scipy.special import ndtri

from ..applicant import Applicant
from ..covariates import COVARIATES
from ..errors import NotInModel
from ..wording import type_name
from . import style

VALUES = {
    "step2_ck": (220, 230, 240, 250, 260),
    "years_since_graduation": (0, 1, 3, 5, 10),
    "usce_months": (0, 3, 6, 12),
    "visa_needed": (False, True),
    "step1_failed": (False, True),
    "step2_failed": (False, True),
}
GROUPS = {"step2_ck": "Step 2 CK", "usce_months": "Months of US clinical experience"}
# basis, with the grade of evidence: colour and marker, darker the better known
LOOK = {"measured": (style.INK, "o"), "A": (style.BLUE, "s"), "B": (style.BLUE, "s"), "C": (style.VERMILLION, "D"), "D": (style.ORANGE, "^"), "assumed": (style.GREY, "v")}
Z80, Z95 = float(ndtri(0.9)), float(ndtri(0.975))
ROW = 0.185  # inches
TICKS = (0.1, 0.2, 0.25, 0.5, 1, 2, 4, 5, 10)


def covariate_title(name):
    """Return a covariate's name as a heading."""
    label = GROUPS.get(name) or COVARIATES[name].label
    return label[0].upper() + label[1:]


def grades(model, name):
    """Return the grades behind a covariate and their weights, the heaviest first; {} where nothing is graded."""
    found = {}
    for row in model.content["covariates"].get(name, {}).get("rows", ()):
        if row["grade"]:
            found[row["grade"]] = found.get(row["grade"], 0.0) + row["weight"]
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def look(basis, graded):
    """Return the colour and marker of a basis and its heaviest grade."""
    return LOOK[next(iter(graded), "C")] if basis == "evidence" else LOOK[basis]


def table_grades(model, cell):
    """Return the grades of the tables behind a cell's slope on the score, as `grades` gives those of the register."""
    known = {s["id"]: s["grade"] for s in model.content["sources"]}
    found = sorted({known[i] for i in cell.content["beta"]["source"].split(", ") if known.get(i)})
    return dict.fromkeys(found, 1 / len(found)) if found else {}


def _said(basis, graded):
    return f"{basis}, {'/'.join(graded)}" if graded and basis != "assumed" else basis


def _row_name(name, value):
    if COVARIATES[name].binary if name in COVARIATES else False:
        return "yes" if value else "no"
    return f"{value:g}"


def ratios(model, kind="non-us-img", specialty="Internal Medicine", values=None):
    """Return {covariate: [LikelihoodRatio, ...]} of the values that the model has an effect for."""
    year = model.type(kind)["year"]
    found = {}
    for name, some in (values or VALUES).items():
        if name != "step2_ck" and not model.has_effect(kind, name):
            continue
        answers = [model.odds(Applicant(specialty, kind, cycle=year, **{name: v})) for v in some]
        found[name] = [lr for a in answers for lr in a.likelihood_ratios if lr.covariate == name]
    return {name: each for name, each in found.items() if each}


def _log_axis(axis, low, high):
    axis.set_xscale("log")
    axis.set_xlim(low, high)
    ticks = [t for t in TICKS if low <= t <= high and t not in (0.2, 5)]
    axis.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axis.set_xticks([], minor=True)


def _column(axis, x, y, text, **more):
    more = {"fontsize": style.TEXT, "color": style.INK, "va": "center", "ha": "left", **more}
    return axis.text(x, y, text, transform=axis.get_yaxis_transform(), **more)


def _title(axis, x, y, text):
    """Write a group's title over whatever lines it crosses, and a hairline above it."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    _column(axis, x, y, text, weight="bold", bbox=box, zorder=2)
    if y:
        axis.plot([x, 1], [y - 0.5, y - 0.5], transform=axis.get_yaxis_transform(), color=style.PALE, lw=0.6, clip_on=False, zorder=0, label="_hairline")


def _bare(axis, rows):
    axis.set(ylim=(rows - 0.4, -0.6), yticks=[])
    axis.spines["left"].set_visible(False)


def forest_plot(model, kind="non-us-img", specialty="Internal Medicine"):
    """Draw by how much values of each covariate multiply the odds of the specialty's average applicant.

    Parameters
    ----------
    model : Model
    kind : str
    specialty : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    specialty = model.cell(kind, specialty).specialty
    found = ratios(model, kind, specialty)
    rows = sum(len(each) + 1 for each in found.values())
    of_score = table_grades(model, model.cell(kind, specialty))
    year = model.type(kind)["year"]
    figure, axes = style.new_figure(
        rows * ROW, title=f"What each covariate does to the odds: {specialty}, {type_name(kind, True)}, {year}",
        caption="Likelihood ratio: the factor on the odds of matching, against the average of the specialty (1), with its 80% range. An association, not a cause; ratios multiply where covariates "
        "are independent within the matched and the not matched. Grades, A to D, the heaviest first: those of the Match tables or of the register's estimates behind an effect.",
        left=1.6, right=2.55, above=0.22, below=0.42,
    )
    axis = axes[0, 0]
    _bare(axis, rows)
    axis.axvline(1, color=style.GREY, lw=0.8, zorder=0)
    width = style.size_of(axis)[0]
    columns = (1 + 0.12 / width, 1 + 1.5 / width)
    y, ends = 0, []
    for name, each in found.items():
        _title(axis, -1.48 / width, y, covariate_title(name))
        y += 1
        graded = of_score if name == "step2_ck" else grades(model, name)
        for lr in each:
            colour, marker = look(lr.basis, graded)
            axis.plot([lr.low, lr.high], [y, y], color=colour, lw=1.6, solid_capstyle="butt", label=f"range {name}")
            axis.plot(lr.ratio, y, marker=marker, color=colour, ms=5, ls="", label=f"ratio {name}")
            _column(axis, -0.1 / width, y, _row_name(name, lr.value), ha="right")
            _column(axis, columns[0], y, f"{lr.ratio:.2f} ({lr.low:.2f}–{lr.high:.2f})")
            _column(axis, columns[1], y, _said(lr.basis, graded), color=style.legible(colour))
            ends += [lr.low, lr.high]
            y += 1
    reach = max(max(ends), 1 / min(ends), 2) * 1.15
    _log_axis(axis, 1 / reach, reach)
    axis.set_xlabel("← lower odds       factor on the odds       higher odds →")
    for x, text in zip(columns, ("ratio (80% range)", "basis, grade"), strict=True):
        style.heading(axis, text, x=x, size=style.TEXT)
    return figure


def evidence_plot(model):
    """Draw the register's estimates behind each covariate, on the match scale, and their combination.

    Parameters
    ----------
    model : Model

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    NotInModel
        Where the model has no covariates.
    """
    entries = model.content["covariates"]
    if not entries:
        raise NotInModel("this model has no covariates beside Step 2 CK: it was trained without estimates of any; train with an evidence register to draw them")
    shared = (model.content.get("shared_effect") or {}).get("direction", ())
    count = sum(len(e["rows"]) + 2 + (name in shared) for name, e in entries.items())
    exchange = model.content["exchange"]
    widened = ", ".join(f"{g} x{v:g}" for g, v in model.content["settings"]["grade_variance"].items())
    caption = (
        f"Log odds of matching per unit, every estimate brought to this scale; thick 80%, thin 95% intervals from standard errors whose variance is widened for the grade ({widened}). "
        "Squares: area by weight (inverse variance). Filled diamonds: the effect that the model uses, as wide as its 80% interval; what the estimates share, such as the exchange rate, stays shared in it."
    )
    if shared:
        caption += " Hollow diamonds: the weighted mean of a covariate's own estimates, before it is drawn towards the covariates' common size."
    if exchange is not None:
        caption += f" Interview-rate scales enter by the exchange rate {exchange['value']:.2f} (SE {exchange['se']:.2f})."
    figure, axes = style.new_figure(count * ROW, title="The estimates behind each covariate, by grade", caption=caption, left=2.1, right=2.45, above=0.3, below=0.42)
    axis = axes[0, 0]
    width = style.size_of(axis)[0]
    _bare(axis, count)
    axis.axvline(0, color=style.GREY, lw=0.8, zorder=0)
    y, reach = 0, [-0.5, 0.5]
    columns = tuple(1 + x / width for x in (0.15, 0.62, 1.2))
    for name, entry in entries.items():
        _title(axis, -1.98 / width, y, f"{covariate_title(name)}, {entry['unit']}")
        y += 1
        for row in sorted(entry["rows"], key=lambda r: (r["grade"], -r["weight"])):
            colour, _ = look(row["basis"], {row["grade"]: 1} if row["grade"] else {})
            value, se = row["value"], row["se"]
            axis.plot([value - Z95 * se, value + Z95 * se], [y, y], color=colour, lw=0.8, label="95%")
            axis.plot([value - Z80 * se, value + Z80 * se], [y, y], color=colour, lw=2, solid_capstyle="butt", label="80%")
            axis.scatter(value, y, s=max(75 * row["weight"], 5), marker="s", color=colour, edgecolor="white", lw=0.5, zorder=3, label="estimate")
            _column(axis, -0.1 / width, y, row["id"], ha="right")
            for x, text in zip(columns, (row["grade"] or "table", f"{100 * row['weight']:.0f}%", f"{value:+.2f} (SE {se:.2f})".replace("-", chr(0x2212))), strict=True):
                _column(axis, x, y, text)
            reach += [value - Z95 * se, value + Z95 * se]
            y += 1
        if name in shared:
            own = sum(row["weight"] * row["value"] for row in entry["rows"])
            axis.plot(own, y, marker="D", ms=4.5, color=style.INK, mfc="white", mew=0.9, ls="", zorder=3, label="own")
            _column(axis, -0.1 / width, y, "weighted mean", ha="right", style="italic")
            _column(axis, columns[2], y, f"{own:+.2f}".replace("-", chr(0x2212)), style="italic")
            y += 1
        value, se = entry["delta"]["value"], entry["delta"]["se"]
        axis.fill([value - Z80 * se, value, value + Z80 * se, value], [y, y - 0.3, y, y + 0.3], color=style.INK, lw=0, label="combined")
        _column(axis, -0.1 / width, y, "used" if name in shared else "combined", ha="right", style="italic")
        _column(axis, columns[2], y, f"{value:+.2f} (SE {se:.2f})".replace("-", chr(0x2212)), style="italic")
        y += 1
        reach += [value - Z80 * se, value + Z80 * se]
    low, high = min(reach), max(reach)
    axis.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    axis.set_xlabel("log odds of matching, per unit (above: the odds ratio)")
    above = axis.secondary_xaxis("top")
    ticks = [t for t in TICKS if low <= np.log(t) <= high and t not in (0.2, 5)]
    above.set_xticks(np.log(ticks), [f"{t:g}" for t in ticks])
    above.tick_params(labelsize=style.TEXT, color=style.GREY, labelcolor=style.INK, width=0.7, length=3)
    above.spines["top"].set(color=style.GREY, linewidth=0.7)
    for x, text in zip(columns, ("grade", "weight", "estimate"), strict=True):
        style.heading(axis, text, x=x, size=style.TEXT)
    return figure
