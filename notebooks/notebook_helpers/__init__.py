"""What the notebooks show: helpers that stand beside them, outside the installed package."""
