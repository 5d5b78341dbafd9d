"""`matchmodel update`: the model as prior, your own applicants as likelihood."""
