"""evaluation.json: every figure of an evaluation once; report, model card, README and notebooks read it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import RefusedInput

FILE = "evaluation.json"
DIGITS = 6  # significant ones; beyond them lies what differs between machines
PARTS = (
    "model", "bars", "fitted", "participation", "not_fitted", "held_out", "rank_shape", "left_out",
    "small_cells", "population_average", "margin", "order", "concordance", "seeds", "years", "worlds",
    "sensitivity", "widths",
)  # fmt: skip

Part = dict[str, Any]  # of an evaluation: its rows, and what sums them up


def plain(value: Any, digits: int = DIGITS) -> Any:
    """Return a value as JSON has it: numbers of so many significant digits, None for what is not finite."""
    if isinstance(value, dict):
        return {str(k): plain(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v, digits) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.{digits}g}") if np.isfinite(value) else None
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a data frame's rows as plain dicts."""
    rows: list[dict[str, Any]] = plain(frame.to_dict("records"))
    return rows


def write_evaluation(evaluation: Mapping[str, Part], folder: str | Path) -> Path:
    """Write evaluation.json whole or not at all, its parts in the order of `PARTS`."""
    path = Path(folder) / FILE
    ordered = {name: evaluation[name] for name in PARTS if name in evaluation}
    write_text(path, json.dumps(plain(ordered), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return path


def write_text(path: str | Path, text: str) -> None:
    """Write a text file whole or not at all: to a neighbour first, then renamed."""
    path = Path(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def read_evaluation(path: str | Path = "reports") -> dict[str, Part]:
    """Read an evaluation.

    Parameters
    ----------
    path
        evaluation.json or the folder that holds it.

    Returns
    -------
    evaluation
        Parts by name; each has 'rows', a list of flat dicts, and what sums them up.

    Raises
    ------
    RefusedInput
        When there is none, or it is something else.
    """
    path = Path(path)
    path = path / FILE if path.is_dir() else path
    try:
        evaluation: dict[str, Part] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RefusedInput(f"there is no evaluation {path}; make one with: matchmodel evaluate") from None
    except (OSError, ValueError) as error:
        raise RefusedInput(
            f"{path} cannot be read as an evaluation ({error}); make it again with: matchmodel evaluate"
        ) from None
    if not isinstance(evaluation, dict) or "model" not in evaluation:
        raise RefusedInput(f"{path} is not an evaluation; make one with: matchmodel evaluate")
    return evaluation
