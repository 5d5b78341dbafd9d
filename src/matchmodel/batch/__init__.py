"""Tables of applicants."""
