"""Tables of applicants."""

from .frame import score_frame

__all__ = ["score_frame"]
