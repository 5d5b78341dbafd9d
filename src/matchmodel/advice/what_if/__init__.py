"""`matchmodel what-if`: what would move the odds."""

from .compute import what_if

__all__ = ["what_if"]
