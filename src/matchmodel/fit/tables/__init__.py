"""From printed tables to slopes and levels (steps 1 to 3)."""
