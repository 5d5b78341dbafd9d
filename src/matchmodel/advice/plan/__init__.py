"""`matchmodel plan`: one page for an applicant."""

from .compute import plan

__all__ = ["plan"]
