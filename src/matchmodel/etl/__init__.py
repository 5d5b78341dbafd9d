"""Published tables, read: raw sources in, tidy tables out, every row with its source.

>>> from matchmodel.etl import run_etl
>>> tidy = run_etl("data/raw", "data/processed")  # doctest: +SKIP
"""

from .pipeline import read_raw, run_etl
from .problems import Problem
from .sources import Source
from .store import read_tidy, write_tidy
from .tidy import Tidy

__all__ = ["Problem", "Source", "Tidy", "read_raw", "read_tidy", "run_etl", "write_tidy"]
