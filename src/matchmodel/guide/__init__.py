"""A published guide's advice compared with the model and the tables: claims in, verdicts out."""

from .claims import Claim, read_claims
from .judge import judge_claims
from .result import VERDICTS, Verdict, claims_table, figures_table, one, tally, told

__all__ = [
    "VERDICTS", "Claim", "Verdict", "claims_table", "figures_table", "judge_claims", "one", "read_claims",
    "tally", "told",
]  # fmt: skip
