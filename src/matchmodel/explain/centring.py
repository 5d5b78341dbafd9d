"""Step 6 shown: likelihood ratios that keep the published rate (notebook 2)."""

from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit

from ..covariates import COVARIATES
from .words import fixed, percent, signed

WHERE = ("non-us-img", "Internal Medicine")


def ratios(model, name, kind=WHERE[0], specialty=WHERE[1]):
    """Return a covariate's likelihood ratio by value, as its reference population is spread.

    Returns
    -------
    pandas.DataFrame
        value, share, u, ratio (the factor on the odds), p (of somebody of whom nothing else is
        known).
    """
    cell, reference = model.cell(kind, specialty), model.type(kind)["reference"][name]
    u, delta = np.array(reference["u"]), model.delta(name).value
    log_ratio = delta * u - cell.kappa(name)
    return pd.DataFrame({"value": reference["values"], "share": reference["shares"], "u": u, "ratio": np.exp(log_ratio), "p": expit(cell.level + log_ratio)})


def ratios_table(model, name, kind=WHERE[0], specialty=WHERE[1]):
    """Return `ratios` as it is shown."""
    found = ratios(model, name, kind, specialty)
    return pd.DataFrame({
        COVARIATES[name].label: found["value"], "share of applicants": found["share"].map(percent), "u": found["u"].map(fixed),
        "likelihood ratio": found["ratio"].map("x{:.2f}".format), "chance": found["p"].map(percent),
    })


def kept(model, name, kind=WHERE[0], specialty=WHERE[1]):
    """Return three averages over a covariate's reference population.

    Returns
    -------
    dict
        rate (the cell's), centred (with kappa), at_mean (with delta times the mean u in kappa's
        place).
    """
    found, cell, delta = ratios(model, name, kind, specialty), model.cell(kind, specialty), model.delta(name).value
    share = found["share"] / found["share"].sum()
    at_mean = expit(cell.level + delta * (found["u"] - share @ found["u"]))
    return {"rate": cell.average, "centred": float(share @ found["p"]), "at_mean": float(share @ at_mean)}


def kept_table(model, kind=WHERE[0], specialty=WHERE[1]):
    """Return delta, kappa and what the averages come to, a row a covariate."""
    cell, rows = model.cell(kind, specialty), []
    for name in model.type(kind)["reference"]:
        found = kept(model, name, kind, specialty)
        rows.append((
            COVARIATES[name].label, signed(model.delta(name).value, 3), signed(cell.kappa(name), 3),
            percent(found["rate"], 3), percent(found["centred"], 3), percent(found["at_mean"], 3),
        ))
    return pd.DataFrame(rows, columns=["covariate", "delta", "kappa", "rate", "averaged with kappa", "averaged, centred on the mean"])


def everything(model, kind=WHERE[0], specialty=WHERE[1]):
    """Return averages over every combination of the covariates, taken as independent.

    Returns
    -------
    dict
        rate (the cell's), kept (with the model's kappas), if_unmatched (with the population taken
        for that of those who did not match, so that each kappa is ln E[exp(delta u)]).
    """
    cell, references = model.cell(kind, specialty), model.type(kind)["reference"]
    shares, centred, bare = [], [], []
    for name, r in references.items():
        w, shift = np.array(r["shares"]) / np.sum(r["shares"]), model.delta(name).value * np.array(r["u"])
        shares.append(w)
        centred.append(shift - cell.kappa(name))
        bare.append(shift - np.log(w @ np.exp(shift)))
    weights = np.array([np.prod(w) for w in product(*shares)])
    totals = {k: np.array([sum(v) for v in product(*parts)]) for k, parts in (("kept", centred), ("if_unmatched", bare))}
    return {"rate": cell.average, **{k: float(weights @ expit(cell.level + v)) for k, v in totals.items()}}


def kept_sentence(model, kind=WHERE[0], specialty=WHERE[1]):
    """Say that each centring keeps the rate, what all of them together come to, and what another centring would do."""
    cells = [model.cell(k, s) for k in model.applicant_types for s in model.specialties(k)]
    gaps = [abs(kept(model, n, c.applicant_type, c.specialty)["centred"] - c.average) for c in cells for n in model.type(c.applicant_type)["reference"]]
    found = everything(model, kind, specialty)
    told = "to six decimals" if max(gaps) < 5e-7 else f"to within {100 * max(gaps):.3f} points"
    return (
        f"In all {len(cells)} cells every covariate by itself returns the cell's rate {told} ({len(gaps)} averages). All of them at once, independent, give "
        f"{found['kept']:.2%} in {specialty.lower()} instead of {found['rate']:.2%}. "
        f"Had the reference population been taken for that of the unmatched, it would have been {found['if_unmatched']:.1%}."
    )
