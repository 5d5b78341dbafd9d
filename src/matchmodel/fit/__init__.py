"""From tidy tables to a model file: reconstruct, fit, pool, combine evidence, draw."""
