"""Commands that answer for an applicant."""
