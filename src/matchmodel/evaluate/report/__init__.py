"""An evaluation as a report, a model card and pictures."""
