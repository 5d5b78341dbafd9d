"""Holding the model against what it was not fitted to."""
