"""What `check` says of raw tables: contradictions, and what moved since the year before."""
