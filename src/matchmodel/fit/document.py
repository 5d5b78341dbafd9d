"""What was fitted, written down as the self-describing model file."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ..artefact import KIND, SCHEMA, pack
from ..covariates import COVARIATES
from .check import check_model
from .logistic import DEFAULT_TAIL

ABOUT = (
    "Odds of matching to the preferred specialty, given at least one ranked program. log odds = alpha + beta*(step2_ck - 240)/10 "
    "+ sum over known covariates of delta*u - kappa; unknown covariates drop out; without a score, level stands for alpha + beta*.... Every 'draws' text holds one number a joint draw, in the same order throughout the file."
)


SHARED_NOTE = "the own estimate, kept in part, the rest is the covariates' mean, each in standard deviations of its population"


def number(value):
    """Return a float with ten significant digits, None where it is not finite."""
    value = float(value)
    return float(f"{value:.10g}") if np.isfinite(value) else None


def coefficient(value, se, basis, source, note=""):
    """Return one coefficient with its standard error, basis and source."""
    made = {"value": number(value), "se": number(se), "basis": basis, "source": source}
    return {**made, "note": note} if note else made


def _cell(trained, kind, j):
    fit, centring = trained.fits[kind], trained.centring[kind]
    derived = trained.derived if kind == "us-img" and trained.derived is not None else None
    stand_in = trained.stand_ins.get(kind)
    slope = fit.slope_years.newest[j]
    total = float(fit.matched[j] + fit.not_matched[j])
    counts, scores = ", ".join(fit.count_sources[j]), ", ".join(fit.score_sources[j])
    own_slope = slope is not None and slope.converged and np.isfinite(fit.slopes.values[j])
    keep = float(fit.slopes.weights()[j])
    slope_note = (
        f"own estimate {fit.slopes.values[j]:.3f} (SE {fit.slopes.ses[j]:.3f}: sampling {slope.se_sampling:.3f}, rounding "
        f"{slope.se_rounding:.3f}, tails {slope.se_tails:.3f}{_of_years(fit.slope_years.years[j])}), kept by {keep:.2f}, the rest is the mean over specialties"
        if own_slope
        else "no usable table of its own: the mean over specialties"
    )
    if stand_in is not None:
        level_basis = slope_basis = "assumed"
        counts = ", ".join(sorted({counts, *stand_in.sources}))
        level_note = f"that of independent applicants of {stand_in.table_year}, moved by {stand_in.shift:+.3f} (SE {stand_in.shift_se:.3f})"
        slope_note = f"that of independent applicants of {stand_in.table_year}; {slope_note}"
    elif derived is None:
        level_basis, slope_basis = "measured", "measured"
        level_note = _level_note(fit, j, total)
    else:
        level_basis, slope_basis = "evidence", "assumed"
        counts = ", ".join(sorted({counts, *derived.sources}))
        level_note = f"non-US level plus the log odds ratio US against non-US, {derived.theta[j]:+.3f} (SE {derived.theta_se[j]:.3f}), shrunk"
        slope_note = f"that of non-US IMGs, assumed to hold for US IMGs; {slope_note}"
    cell = {
        "published": None if derived or stand_in or not total else {"matched": number(fit.matched[j]), "not_matched": number(fit.not_matched[j]), "rate": number(fit.matched[j] / total)},
        "level": coefficient(fit.level[j], np.std(fit.level_draws[:, j], ddof=1), level_basis, counts, level_note),
        "alpha": coefficient(fit.alpha[j], np.std(fit.alpha_draws[:, j], ddof=1), level_basis, counts, "solved so that the population gives the rate"),
        "beta": coefficient(fit.beta[j], np.std(fit.beta_draws[:, j], ddof=1), slope_basis, scores or counts, slope_note),
        "own_slope": bool(own_slope),
        "score_mean": number(240 + 10 * fit.score_mean[j]),
        "score_sd": number(10 * fit.score_sd[j]),
        "score_n": number(fit.measured_n[j]),
        "score_seen": None if fit.seen[j] is None else {"low": number(fit.seen[j][0]), "high": number(fit.seen[j][1]), "printed": fit.seen[j][2]},
        "kappa": {name: number(values[j]) for name, values in centring.kappa.items()},
        "draws": {
            "level": pack(fit.level_draws[:, j]),
            "alpha": pack(fit.alpha_draws[:, j]),
            "beta": pack(fit.beta_draws[:, j]),
            "kappa": {name: pack(values[:, j]) for name, values in centring.kappa_draws.items()},
        },
    }
    return cell


def _of_years(years):
    return "" if len(years) < 2 else f"; brought to the newest of the years {', '.join(map(str, years))}"


def _level_note(fit, j, total):
    older = fit.level_years.newest_weight[j]
    taken_in = "" if older > 0.9995 or not np.isfinite(fit.levels.values[j]) else f"; the newest year's weight is {older:.2f}, the rest is older years', which the drift widens"
    if not total:
        return "counts suppressed: " + ("older years' level, drawn towards the mean over specialties" if taken_in else "the mean over specialties")
    if fit.whole[j]:
        return "as published" + taken_in
    return f"fewer than 100 applicants: kept by {fit.levels.weights(fit.whole)[j]:.2f}, the rest is the mean over specialties" + taken_in


def _score_shift(derived, stand_in):
    if stand_in is not None:
        return coefficient(stand_in.score_shift, stand_in.score_shift_se, "assumed", ", ".join(stand_in.sources))
    if derived is not None:
        return coefficient(derived.shift, derived.shift_se, "evidence" if derived.shift_known else "assumed", ", ".join(derived.sources))
    return None


def _rates(trained, kind):
    rates = trained.tidy.table("rates")
    rates = rates[rates["applicant_type"] == kind]
    if rates.empty:
        return None
    newest = rates.sort_values("year").iloc[-1]
    return {"year": int(newest["year"]), "rate": number(newest["match_rate"]), "source": str(newest["source_id"])}


def _type(trained, kind):
    fit, centring = trained.fits[kind], trained.centring[kind]
    derived = trained.derived if kind == "us-img" and trained.derived is not None else None
    stand_in = trained.stand_ins.get(kind)
    matched, total = fit.matched.sum(), (fit.matched + fit.not_matched).sum()
    drift = trained.drifts.get(kind)
    return {
        "year": fit.year,
        "years": {"counts": list(fit.level_years.years), "step2_ck": sorted({y for years in fit.slope_years.years for y in years}, reverse=True), "slope_year_spread": number(fit.slope_years.year_spread), "level_drift": number(fit.level_years.drift)},
        "derived_from": trained.primary if derived or stand_in else None,
        "stand_in": None if stand_in is None else stand_in.note,
        "score_shift": _score_shift(derived, stand_in),
        "odds_ratio_mean": coefficient(derived.ratios.mean, derived.ratios.mean_se, "evidence", ", ".join(derived.sources), f"spread {derived.ratios.spread:.3f}") if derived else None,
        "preferred_rate": None if derived or stand_in else number(matched / total),
        "anywhere": _rates(trained, kind),
        "mean_slope": coefficient(fit.slopes.mean, fit.slopes.mean_se, "assumed" if derived or stand_in else "measured", ", ".join(sorted({i for ids in fit.score_sources for i in ids})), f"spread {fit.slopes.spread:.3f}"),
        "slope_spread": number(fit.slopes.spread),
        "recalibration": None,
        "drift": None if drift is None else {"sd_per_year": number(drift[0]), "basis": "measured", "from": drift[1], "to": drift[2], "source": ", ".join(drift[3])},
        "reference": {
            name: {"values": list(r.values), "u": [number(u) for u in r.u], "shares": [number(w) for w in r.weights], "basis": r.basis, "source": r.source}
            for name, r in centring.references.items()
        },
        "cells": {s: _cell(trained, kind, j) for j, s in enumerate(fit.specialties)},
    }


def _effect(effect, name):
    shared = bool(np.isfinite(effect.own))
    rows = [{**row, "value": number(row["value"]), "se": number(row["se"]), "weight": number(row["weight"])} for row in effect.rows]
    sources = ", ".join(sorted({part for row in effect.rows for part in row["source_id"].split(", ")}))
    return {
        "label": COVARIATES[name].label,
        "unit": COVARIATES[name].unit,
        "delta": coefficient(effect.value, effect.se, effect.basis, sources, SHARED_NOTE if shared else ""),
        "own": {"value": number(effect.own), "se": number(effect.own_se), "kept": number(effect.kept)} if shared else None,
        "rows": rows,
        "draws": pack(effect.draws),
    }


def _shared(shared):
    if shared is None:
        return None
    note = "log odds per standard deviation of a covariate, in the direction taken as its own; the spread between covariates is integrated over its posterior"
    return {
        **coefficient(shared.pool.mean, shared.pool.mean_se, "evidence", "effects of the register", note),
        "spread": number(shared.pool.spread),
        "direction": {name: COVARIATES[name].direction for name in shared.names},
        "direction_basis": "assumed",
    }


def _exam(trained):
    table = trained.tidy.table("exam_reference")
    marks = []
    for _, row in table.iterrows():
        if str(row["item"]).startswith("passing score from "):
            marks.append({"from": str(row["item"]).removeprefix("passing score from ").strip(), "mark": int(float(row["value"]))})
    return {"passing_marks": sorted(marks, key=lambda m: m["from"])}


def document(trained, name, chain=None, left_out=None, newest_table=None, advice=None):
    """Return the model file's content.

    Parameters
    ----------
    trained : Trained
    name : str
        Of the model, such as 'match-2026'.
    chain : dict, optional
        The applications part, from `chain_document`.
    left_out : dict, optional
        What was left out of training, from `left_out`.
    advice : dict, optional
        What advice asks of the tables beside the odds, from `advice_document`.
    newest_table : int, optional
        Year after which the default cycle is; that of the newest counts trained on where absent.

    Returns
    -------
    dict
        Plain lists, dicts, texts and numbers; see docs/model-file.md.
    """
    exchange = trained.exchange
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "name": name,
        "about": ABOUT,
        "newest_table": newest_table or max(fit.year for fit in trained.fits.values()),
        "draw_count": len(trained.drift_normals),
        "settings": {"tail": DEFAULT_TAIL, "range": [0.1, 0.9], **asdict(trained.choices)},
        "sources": [
            {"id": s.id, "title": s.title, "publisher": s.publisher, "year": s.year, "grade": s.grade, "terms": s.terms, "consent": s.consent, "via": s.via, "sha256": s.sha256}
            for s in trained.tidy.sources.values()
        ],
        "left_out": left_out,
        "exam": _exam(trained),
        "exchange": None if exchange is None else {
            "value": number(exchange.value), "se": number(exchange.se), "basis": "evidence", "rows": list(exchange.rows),
            "rate_slope": number(exchange.rate_slope), "rate_slope_se": number(exchange.rate_slope_se),
        },
        "shared_effect": _shared(trained.shared),
        "covariates": {name: _effect(effect, name) for name, effect in trained.effects.items()},
        "drift_draws": pack(trained.drift_normals),
        "types": {kind: _type(trained, kind) for kind in sorted(trained.fits)},
        "unused": trained.unused,
        "chain": chain,
        "advice": advice,
    }


def write_model(content, path):
    """Write a model file whole or not at all: to a neighbour, which is asked (`check_model`), then renamed.

    Raises
    ------
    ModelFileError
        When the new model fails its checks; what stood there is left as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + f".{os.getpid()}.tmp")
    try:
        beside.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
        check_model(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
