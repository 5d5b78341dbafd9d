"""The applications chain, written down for the model file."""

import numpy as np

from ..artefact import pack
from .document import coefficient, number


def _drawn(value, draws):
    return {"value": number(value), "draws": pack(draws)}


def _specialty(trained, kind, specialty, chain):
    part = chain.types[kind]
    rates, usual, ranks = part.rates[specialty], part.usual[specialty], part.ranks
    derived = kind == "us-img" and trained.derived is not None
    j = trained.fits[kind].specialties.index(specialty)
    own = np.isfinite(ranks.slopes.values[j])
    note = (
        f"own estimate {ranks.slopes.values[j]:.2f} (SE {ranks.slopes.ses[j]:.2f}), kept by {ranks.slopes.weights()[j]:.2f}, the rest is the mean over specialties"
        if own else "no usable table of its own: the mean over specialties"
    )
    basis, rank_source = ("assumed" if derived else "measured"), ", ".join(ranks.sources)
    norm = part.score_norms.get(specialty)
    return {
        "rates": [number(r) for r in rates.rates],
        "programs": [number(p) for p in rates.programs],
        "listed": rates.listed,
        "with_figures": rates.with_figures,
        "mean_rate": coefficient(rates.mean, rates.mean * rates.error, "evidence", rates.source, f"as printed {rates.printed_mean:.4f}; highest printed {rates.printed_max:g}, drawn down to {rates.rates[0]:.3f}"),
        "log_rate": {"se": number(rates.error), "draws": pack(part.log_rate_draws[specialty])},
        "rank": {
            "a": number(ranks.a[j]),
            "b": coefficient(ranks.b[j], np.std(ranks.b_draws[:, j], ddof=1), basis, rank_source, note),
            "draws": pack(ranks.b_draws[:, j]),
        },
        "usual": {
            **coefficient(usual.value, usual.se, usual.basis, ", ".join(sorted({rank_source, rates.source})), usual.note),
            "share_ranking": number(usual.share_ranking),
            "mean_ranks": number(usual.mean_ranks),
            "mean_ranks_se": number(usual.mean_ranks_se),
            "draws": pack(usual.draws),
        },
        "norm": None if norm is None else _drawn(*norm),
    }


def _fee_row(row):
    def whole(value):
        return int(value) if np.isfinite(value) else None

    def dollars(value):
        return number(value)

    return {
        "service": str(row["service"]), "from_program": whole(row["from_program"]), "to_program": whole(row["to_program"]),
        "usd_each": dollars(row["usd_each"]), "usd_flat": dollars(row["usd_flat"]), "source": str(row["source"]), "grade": str(row["grade"]),
    }


def fees_document(table, specialty_name):
    """Return the fees of the newest season: schedules by service or specialty, and fixed fees.

    A service that names a specialty in brackets, as 'ResidencyCAS (emergency medicine)', is that
    specialty's schedule. Rows without a first program and with a flat price are fixed fees; what
    depends on ranks instead of applications is left out.

    Parameters
    ----------
    table : pandas.DataFrame
        The tidy fees.
    specialty_name : callable
        Text -> canonical specialty, raising for what is none.
    """
    if not len(table):
        return {"season": None, "schedules": {}, "fixed": []}
    season = int(table["season"].max())
    schedules, fixed = {}, []
    for _, row in table[table["season"] == season].iterrows():
        made, service = _fee_row(row), str(row["service"])
        if made["from_program"] is None:
            if made["usd_flat"] is not None:
                fixed.append(made)
            continue
        if service.startswith("NRMP"):
            continue
        key = specialty_name(service.rsplit("(", 1)[1].rstrip(") ")) if "(" in service else service
        schedules.setdefault(key, []).append(made)
    return {"season": season, "schedules": schedules, "fixed": fixed}


def chain_document(trained, chain, specialty_name):
    """Return the 'chain' part of the model file.

    Parameters
    ----------
    trained : Trained
    chain : Chain or None
    specialty_name : callable

    Returns
    -------
    dict or None
    """
    if chain is None:
        return None
    register = trained.tidy.table("effects").set_index("id")
    effects = {}
    for name, (value, se, draws) in chain.effects.items():
        ids = trained.exchange.rows if name == "step2_ck" else [row["id"] for row in trained.effects[name].rows]
        basis = "evidence" if name == "step2_ck" else trained.effects[name].basis
        effects[name] = {**coefficient(value, se, basis, ", ".join(ids)), "draws": pack(draws)}
    sources = ", ".join(sorted(set(register.loc[list(chain.dispersion_rows), "source_id"])))
    return {
        "about": "invitations: negative binomial, mean = applications * mean rate * exp(sum of effect*u - norm); logit P(match | r ranks) = c + b ln r, "
        "c shifted so that at the usual number of applications P(match | ranked) is the logistic model's",
        "dispersion": {**coefficient(chain.dispersion, chain.dispersion_se, "evidence", sources, ", ".join(chain.dispersion_rows)), "draws": pack(chain.dispersion_draws)},
        "effects": effects,
        "fees": fees_document(trained.tidy.table("fees"), specialty_name),
        "types": {
            kind: {
                "norms": {name: _drawn(*norm) for name, norm in part.norms.items()},
                "rank_slope": coefficient(part.ranks.slopes.mean, part.ranks.slopes.mean_se, "measured", ", ".join(part.ranks.sources), f"spread {part.ranks.slopes.spread:.3f}"),
                "specialties": {s: _specialty(trained, kind, s, chain) for s in sorted(part.rates)},
            }
            for kind, part in chain.types.items()
        },
    }
