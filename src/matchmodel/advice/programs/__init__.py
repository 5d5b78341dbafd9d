"""`matchmodel programs`: the best list out of a table of programs."""

from .compute import programs

__all__ = ["programs"]
