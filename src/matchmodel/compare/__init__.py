"""Two model files compared: coefficients in standard errors, applicants in points, what came or went."""

from .answers import Asked, compare_applicants
from .coefficients import GROUPS, Change, coefficient_changes
from .reference import REFERENCE
from .result import DEFAULT_POINTS, DEFAULT_STANDARD_ERRORS, Comparison, Thresholds, compare_models

__all__ = [
    "DEFAULT_POINTS", "DEFAULT_STANDARD_ERRORS", "GROUPS", "REFERENCE", "Asked", "Change", "Comparison",
    "Thresholds", "coefficient_changes", "compare_applicants", "compare_models",
]  # fmt: skip
