"""Step 4: US IMGs, who have no table of their own; and how far each cell is trusted (notebook 2)."""

import numpy as np
import pandas as pd

from matchmodel.fit.tables.score_slopes import TypeFit
from matchmodel.fit.us_img import Derived
from matchmodel.model import Model
from matchmodel.model.engine import Z_RANGE
from matchmodel.model.notes import text
from matchmodel.report.wording import type_name
from notebook_helpers.needed import needed
from notebook_helpers.words import fixed, join, percent, signed


def ratios(derived: Derived, fit: TypeFit) -> pd.DataFrame:
    """Return the odds ratios of US against non-US IMGs by specialty, the most certain first.

    Returns
    -------
    frame
        specialty, ranked, own, se, used, used_se (all log), z.
    """
    frame = pd.DataFrame({
        "specialty": fit.specialties, "ranked": derived.ranked, "own": derived.ratios.values,
        "se": np.where(derived.ratios.known, derived.ratios.ses, np.nan),
        "used": derived.theta, "used_se": derived.theta_se,
    })  # fmt: skip
    frame["z"] = frame["own"] / frame["se"]
    return frame.sort_values("se", na_position="last", ignore_index=True)


def ratios_table(derived: Derived, fit: TypeFit) -> pd.DataFrame:
    """Return `ratios` as odds ratios, own and used, with 80% ranges."""
    each = ratios(derived, fit)

    def written(value: pd.Series, se: pd.Series) -> list[str]:
        ends = zip(np.exp(value), np.exp(value - Z_RANGE * se), np.exp(value + Z_RANGE * se), strict=True)
        return [f"{v:.2f} ({a:.2f} to {b:.2f})" if np.isfinite(v) else "" for v, a, b in ends]

    return pd.DataFrame({
        "specialty": each["specialty"], "US IMGs who ranked it": each["ranked"].map(lambda v: fixed(v, 0)),
        "own odds ratio (80% range)": written(each["own"], each["se"]),
        "own over its SE": each["z"].map(lambda v: signed(v, 1)),
        "used, moved to the year of the level": written(each["used"], each["used_se"]),
    })  # fmt: skip


def ratios_sentence(derived: Derived, fit: TypeFit) -> str:
    """Say the pooled odds ratio, how far it was moved, and where US IMGs clearly matched more or less."""
    each, pooled = ratios(derived, fit), derived.ratios
    above, below = each[each["z"] > 2]["specialty"], each[each["z"] < -2]["specialty"]
    return (
        f"Pooled log odds ratio {signed(pooled.mean)} (SE {pooled.mean_se:.2f}), spread between specialties "
        f"{pooled.spread:.2f}. Since the table's year the yearly rates moved it by {signed(derived.moved)} "
        f"(SE {derived.moved_se:.2f}). More than two standard errors above zero: {join(above)}. Below: "
        f"{join(below)}. So being a US IMG is no advantage everywhere."
    )


def assumptions(model: Model, kind: str = "us-img") -> pd.DataFrame:
    """Return what an answer for US IMGs rests on, each with its basis and source."""
    record = model.kind(kind)
    ratio = needed(record.odds_ratio, f"odds ratio of {kind}")
    shift = needed(record.score_shift, f"shift of the scores of {kind}")
    slope = needed(record.mean_slope, f"mean slope of {kind}")
    moved = f"moved by {signed(shift.value, 0)} points (SE {fixed(shift.se, 1)})"
    plus = f"plus a log odds ratio, {signed(ratio.value)} on average (SE {fixed(ratio.se)})"
    borrowed = "usual number, dispersion and rank slope of non-US IMGs, with a spread"
    rows = [
        ("level", f"that of non-US IMGs {plus}", ratio.basis, ratio.source),
        ("slope of Step 2 CK", "that of non-US IMGs", slope.basis, slope.source),
        ("spread of scores", f"that of non-US IMGs, {moved}", shift.basis, shift.source),
        ("visa", "none is needed", "by definition", ""),
        ("applications to invitations", borrowed, "assumed", ""),
    ]
    usce = record.reference.get("usce_months")
    if usce is not None:
        how = f"{len(usce.values)} values, each {percent(usce.shares[0])}"
        rows.insert(3, ("spread of USCE", how, usce.basis, usce.source))
    return pd.DataFrame(rows, columns=["what", "taken as", "basis", "source"])


def trust_table(model: Model) -> pd.DataFrame:
    """Return the cells that are unsure or withheld, with the reasons."""
    rows = []
    for kind in model.applicant_types:
        for name in model.specialties(kind):
            trust = model.cell(kind, name).trust
            if trust.kind != "ok":
                reasons = " ".join(text(r) for r in trust.reasons)
                rows.append((type_name(kind, True), name, trust.kind, reasons))
    frame = pd.DataFrame(rows, columns=["applicants", "specialty", "trust", "why"])
    return frame.sort_values(["applicants", "trust", "specialty"], ignore_index=True)


def trust_sentence(model: Model) -> str:
    """Say how many cells are trusted how far."""
    each = []
    for kind in model.applicant_types:
        trusts = [model.cell(kind, s).trust.kind for s in model.specialties(kind)]
        numbers = join(f"{trusts.count(word)} {word}" for word in ("ok", "grey", "withheld"))
        each.append(f"{type_name(kind, True)}: {numbers}, of {len(trusts)}")
    return f"{'; '.join(each)}."
