"""Reading a report's PDF: words and the gaps between them, to raw tables for a person to look over."""

from .command import run_read_pdf
from .reading import PdfReading, read_pdf

__all__ = ["PdfReading", "read_pdf", "run_read_pdf"]
