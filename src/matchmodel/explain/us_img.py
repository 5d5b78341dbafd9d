"""Step 4 shown: US IMGs, who have no table of their own (notebook 2)."""

import numpy as np
import pandas as pd

from ..evaluate.years import Z80
from ..wording import type_name
from .words import fixed, join, percent, signed


def ratios(derived, fit):
    """Return the odds ratios of US against non-US IMGs by specialty, the most certain first.

    Returns
    -------
    pandas.DataFrame
        specialty, own, se, used, used_se (all log), z.
    """
    own = np.isfinite(derived.ratios.values)
    found = pd.DataFrame({
        "specialty": fit.specialties, "own": derived.ratios.values, "se": np.where(own, derived.ratios.ses, np.nan), "used": derived.theta, "used_se": derived.theta_se,
    })
    found["z"] = found["own"] / found["se"]
    return found.sort_values("se", na_position="last", ignore_index=True)


def ratios_table(derived, fit):
    """Return `ratios` as odds ratios, own and used, with 80% ranges."""
    found = ratios(derived, fit)

    def written(value, se):
        return [f"{np.exp(v):.2f} ({np.exp(v - Z80 * e):.2f} to {np.exp(v + Z80 * e):.2f})" if np.isfinite(v) else "" for v, e in zip(value, se, strict=True)]

    return pd.DataFrame({
        "specialty": found["specialty"],
        "own odds ratio (80% range)": written(found["own"], found["se"]),
        "own over its SE": found["z"].map(lambda v: signed(v, 1)),
        "used (80% range)": written(found["used"], found["used_se"]),
    })


def ratios_sentence(derived, fit):
    """Say the pooled odds ratio and where US IMGs matched clearly more or less often."""
    found = ratios(derived, fit)
    above, below = found[found["z"] > 2]["specialty"], found[found["z"] < -2]["specialty"]
    pooled = derived.ratios
    return (
        f"Pooled log odds ratio {signed(pooled.mean)} (SE {pooled.mean_se:.2f}), spread between specialties {pooled.spread:.2f}. More than two standard errors above "
        f"zero: {join(above)}. Below: {join(below)}. "
        f"So being a US IMG is no advantage everywhere. {type_name('us-img', True)}' scores are taken {abs(derived.shift):.0f} points lower (SE {derived.shift_se:.1f}), "
        "from the invited applicants of one specialty."
    )


def assumptions(model, kind="us-img"):
    """Return what an answer for US IMGs rests on, each with its basis and source."""
    content = model.type(kind)
    ratio, shift, usce = content["odds_ratio_mean"], content["score_shift"], content["reference"].get("usce_months")
    rows = [
        ("level", f"that of non-US IMGs plus a log odds ratio, {signed(ratio['value'])} on average (SE {fixed(ratio['se'])})", ratio["basis"], ratio["source"]),
        ("slope of Step 2 CK", "that of non-US IMGs", content["mean_slope"]["basis"], content["mean_slope"]["source"]),
        ("spread of scores", f"that of non-US IMGs, moved by {signed(shift['value'], 0)} points (SE {fixed(shift['se'], 1)})", shift["basis"], shift["source"]),
        ("visa", "none is needed", "by definition", ""),
    ]
    if usce is not None:
        rows.insert(3, ("spread of USCE", f"{len(usce['values'])} values, each {percent(usce['shares'][0])}", usce["basis"], usce["source"]))
    return pd.DataFrame(rows, columns=["what", "taken as", "basis", "source"])
