"""`matchmodel calibrate`: intercept and slope from your own applicants."""
