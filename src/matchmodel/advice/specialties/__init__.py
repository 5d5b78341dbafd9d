"""`matchmodel specialties`: every specialty side by side."""

from .compute import specialties

__all__ = ["specialties"]
