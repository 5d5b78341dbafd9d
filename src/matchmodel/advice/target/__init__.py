"""`matchmodel target`: the Step 2 CK that a chance of matching takes."""

from .compute import target

__all__ = ["target"]
