"""Commands that read and check published tables."""
