"""Simulated data sets with known truth."""
