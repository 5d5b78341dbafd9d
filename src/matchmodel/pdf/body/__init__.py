"""The body of a table: labels, figures, rows."""
