"""Effects of covariates, and who they are measured in (steps 5 and 6)."""
