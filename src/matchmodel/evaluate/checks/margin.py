"""The chain's margin over the number of invitations, beside the logistic model's chance."""

import numpy as np
import pandas as pd

from ...model.engine import expit
from ..reference_people import ChainPeople, chain_arrays

TWELFTHS = 12


def margin(people: list[ChainPeople]) -> pd.DataFrame:
    """Compare P(match | ranked, x) by the chain with the logistic model's, in every draw.

    Returns
    -------
    frame
        applicant_type, specialty, mean_error (mean |difference| over people and draws) and worst_twelfth (of
        the mean |difference| by twelfth of those who rank), at the draws' usual numbers; answered (mean
        |difference| of the points at the number that an answer takes), all as proportions; replaced (draws).
    """
    rows = []
    for one in people:
        off = np.abs(one.p_margin() - expit(one.people.log_odds))
        by_twelfth = off.reshape(TWELFTHS, -1, off.shape[1]).mean(axis=(1, 2))
        sent = np.full(len(off), max(round(chain_arrays(one.people).record.usual.value), 1))
        mean = one.people.invitations(sent)
        answered = (one.people.p_apply(mean) / one.people.p_any(mean) - expit(one.people.log_odds)).mean(
            axis=1
        )
        rows.append(
            (
                one.kind,
                one.specialty,
                off.mean(),
                by_twelfth.max(),
                np.abs(answered).mean(),
                one.chain.replaced,
            )
        )
    return pd.DataFrame(
        rows, columns=["applicant_type", "specialty", "mean_error", "worst_twelfth", "answered", "replaced"]
    )
