"""`matchmodel portfolio`: a first specialty and backups under one budget."""

from .compute import portfolio

__all__ = ["portfolio"]
