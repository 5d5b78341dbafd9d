"""A published guide's advice compared with the model and the tables: claims in, verdicts out."""

from notebook_helpers.guide.claims import Claim, read_claims
from notebook_helpers.guide.judge import judge_claims
from notebook_helpers.guide.result import (
    VERDICTS,
    Verdict,
    claims_table,
    figures_table,
    one,
    tally,
    told,
)

__all__ = [
    "VERDICTS", "Claim", "Verdict", "claims_table", "figures_table", "judge_claims", "one", "read_claims",
    "tally", "told",
]  # fmt: skip
