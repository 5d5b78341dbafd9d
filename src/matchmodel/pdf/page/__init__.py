"""A page of a PDF: words, columns, headers."""
