"""`matchmodel timing`: this cycle or the next."""

from .compute import timing

__all__ = ["timing"]
