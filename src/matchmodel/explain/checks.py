"""What the evaluation found, shown part by part (notebook 3)."""

from pathlib import Path
from typing import Any

from ..evaluate.report import SECTIONS
from ..model import Model
from ..notebook import say, show_file

AGAIN = "make it again with `matchmodel evaluate`"


def made_of(evaluation: dict[str, Any], model: Model) -> str:
    """Say which model was evaluated, and whether it is the one that is loaded."""
    found = evaluation["model"]
    same = found.get("hash") == model.hash
    rest = "the model loaded here" if same else f"**another one than the model loaded here, {model.name}**; {AGAIN}"
    return f"Evaluation of {found['name']} (newest table {found['newest_table']}), {rest}."


def section(evaluation: dict[str, Any], name: str) -> str:
    """Return a part of the evaluation in words and tables, or a sentence where it has none that can be read."""
    if name not in evaluation:
        return f"This evaluation has no part '{name}'; {AGAIN}."
    try:
        return SECTIONS[name][0](evaluation[name])
    except (KeyError, TypeError):
        return f"The part '{name}' of this evaluation was made by another version; {AGAIN}."


def show_section(evaluation: dict[str, Any], folder: Path, name: str) -> None:
    """Show a part of the evaluation with its pictures.

    Parameters
    ----------
    evaluation
        As `matchmodel.evaluate.results.read_evaluation` returns it.
    folder
        Where it and its pictures lie.
    name
        Of the part.
    """
    say(section(evaluation, name))
    for file, alt in SECTIONS[name][1]:
        path = folder / f"{file}.png"
        if name in evaluation and path.exists():
            show_file(path, alt)
