"""evaluation.json: every figure of an evaluation once; report, model card, README and notebooks read it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import RefusedInput
from ..files import plain, write_text
from ..inputs import file_bytes, strict_json, why

FILE = "evaluation.json"
PARTS = (
    "model", "bars", "fitted", "participation", "not_fitted", "held_out", "rank_shape", "left_out",
    "small_cells", "population_average", "margin", "order", "concordance", "seeds", "years", "worlds",
    "sensitivity", "widths",
)  # fmt: skip

Part = dict[str, Any]  # of an evaluation: its rows, and what sums them up


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
        evaluation: dict[str, Part] = strict_json(file_bytes(path))
    except FileNotFoundError:
        raise RefusedInput(f"there is no evaluation {path}; make one with: matchmodel evaluate") from None
    except (OSError, ValueError) as error:
        raise RefusedInput(
            f"{path} cannot be read as an evaluation ({why(error)}); make it again with: matchmodel evaluate"
        ) from None
    if not isinstance(evaluation, dict) or "model" not in evaluation:
        raise RefusedInput(f"{path} is not an evaluation; make one with: matchmodel evaluate")
    return evaluation
