"""Which extra installs a package that a command misses; the core needs numpy alone.

Standard library only: this module is on the path of ``predict``.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from collections.abc import Sequence

TRAIN = ("pandas", "scipy", "statsmodels", "sklearn", "threadpoolctl", "pandera", "openpyxl", "tqdm")
EXTRAS = {  # package as it is imported -> the extra of pyproject.toml that brings it
    **dict.fromkeys(TRAIN, "train"),
    "pdfplumber": "pdf",
    "pdfminer": "pdf",
    "matplotlib": "plots",
    "pyarrow": "parquet",
}
COMMANDS = {  # where a command takes more than the extra of the package that was missing
    "evaluate": ("train", "plots"),
    "curve": ("plots",),
    "compare": ("plots",),
}


def missing_extra(command: str, error: ModuleNotFoundError) -> str | None:
    """Return one line that says what to install.

    Parameters
    ----------
    command
        Its name on the command line.
    error
        Raised by an import.

    Returns
    -------
    str or None
        None where the missing module belongs to no extra, so that something else is wrong.
    """
    package = (error.name or "").partition(".")[0]
    if package not in EXTRAS:
        return None
    extras: Sequence[str] = COMMANDS.get(command, (EXTRAS[package],))
    return f"{command} needs {package}: pip install 'matchmodel[{','.join(extras)}]'"
