"""What training did with each table: used for what, or not used and why."""

from collections.abc import Iterator

import pandas as pd

from ..covariates import COVARIATES
from .train import Trained

# Tables that go in whole wherever they stand
_FOR = {
    "rates": "the yearly drift, and the match rate anywhere",
    "correlations": "how covariates go together",
    "population": "how applicants are spread over a covariate",
    "invitations": "the way from applications to interviews",
    "invitation_means": "the way from applications to interviews",
    "invitation_groups": "signals, and the way from applications to interviews",
    "participation": "applications and who ranks",
    "applications": "applications",
    "applicants_total": "who ranks",
    "exam_reference": "passing marks",
    "invited_step2": "the scores of those invited",
    "fees": "prices",
    "signals": "numbers of signals",
    "practice_tests": "practice tests",
}
_COVARIATES = {measure: known.name for known in COVARIATES.values() for measure in known.measures}


def tables_used(trained: Trained) -> Iterator[str]:
    """Yield a line per table of each source: whether it was used, and for what."""
    for name, table in trained.tidy.tables.items():
        keys = [key for key in ("applicant_type", "measure") if name in ("counts", "quartiles", "bins")]
        keys = [key for key in keys if key in table.columns]
        for group, rows in table.groupby(["source_id", *keys], sort=False):
            source, *which = group
            label = " ".join([name.replace("_", "-"), *map(str, which)])
            what = _what(trained, name, rows)
            yield f"{source}, {label}: {what if what.startswith('not used') else 'used for ' + what}"


def _what(trained: Trained, name: str, rows: pd.DataFrame) -> str:
    if name in ("counts", "quartiles", "bins"):
        return _of_a_type(trained, name, str(rows["applicant_type"].iloc[0]), rows)
    if name == "ranked_anywhere":
        derived = trained.derived
        if derived is not None and set(rows["source_id"]) & set(derived.sources):
            return "US IMGs' odds beside non-US IMGs', and who ranked a specialty at all"
        return "who ranked a specialty at all"
    if name == "effects":
        unused = {one.what for one in trained.unused}
        used = sum(f"register row {one}" not in unused for one in rows["id"])
        return f"effects of covariates: {used} of {len(rows)} rows" if used else "not used: no row could be"
    return _FOR.get(name, "not used: shown, or compared in the evaluation")


def _of_a_type(trained: Trained, name: str, kind: str, rows: pd.DataFrame) -> str:
    fit, newest = trained.fits.get(kind), int(rows["year"].max())
    own = not (kind == "us-img" and trained.derived is not None)
    if fit is None:
        reasons = [one.why for one in trained.unused if one.what == f"counts of {kind}"]
        return f"not used: {reasons[0] if reasons else f'{kind} has no counts'}"
    if name == "counts":
        if not own:
            used = trained.derived is not None and set(rows["source_id"]) <= set(trained.derived.sources)
            return "the level, beside non-US IMGs of that year" if used else "not used: no scores beside them"
        return "the level" if newest == fit.year else f"the level, as an earlier year than {fit.year}"
    measure = str(rows["measure"].iloc[0])
    if measure == "step2_ck":
        return "the slope of Step 2 CK" if own else "not used: too few complete tables of scores"
    if measure == "contiguous_ranks":
        return "ranks" if kind in trained.ranks else "not used: too few complete tables of ranks"
    if measure in _COVARIATES:
        return f"the effect of {_COVARIATES[measure]}"
    return "medians that are shown; in no odds"
