"""The model checked against what it was fitted to, what it was not fitted to, and simulated data sets."""
