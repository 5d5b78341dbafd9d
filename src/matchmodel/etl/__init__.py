"""Published tables, read: raw sources in, tidy tables out, every row with its source.

>>> from matchmodel.etl import run_etl
>>> tidy = run_etl("data/raw", "data/processed")  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import read_raw, run_etl
    from .problems import Problem
    from .sources import Source
    from .store import read_tidy, write_tidy
    from .tidy import Tidy

__all__ = ["Problem", "Source", "Tidy", "read_raw", "read_tidy", "run_etl", "write_tidy"]
_WHERE = {  # imported when first asked for: the words of tables alone need no pandas
    "Problem": "problems", "Source": "sources", "Tidy": "tidy", "read_raw": "pipeline", "run_etl": "pipeline",
    "read_tidy": "store", "write_tidy": "store",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = found
    return found
