"""Pictures of results: each function returns a matplotlib figure, drawn without any global state."""

from .applications import applications_plot, curves_plot
from .chain import chain_plot
from .checks import drift_plot, left_out_plot, sensitivity_plot, worlds_plot
from .forest import evidence_plot, forest_plot
from .reliability import reliability_plot
from .score import score_plot
from .style import save
from .uncertainty import uncertainty_plot

__all__ = [
    "applications_plot", "chain_plot", "curves_plot", "drift_plot", "evidence_plot", "forest_plot",
    "left_out_plot", "reliability_plot", "save", "score_plot", "sensitivity_plot", "uncertainty_plot",
    "worlds_plot",
]  # fmt: skip
