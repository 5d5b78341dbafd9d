"""From applications to a match (step 8)."""
