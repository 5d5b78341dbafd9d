"""What the evaluation found, shown part by part (notebook 3)."""

from collections.abc import Mapping

from matchmodel.evaluate.report.text import section as section_of
from matchmodel.evaluate.results import Part
from matchmodel.model import Model
from matchmodel.report.markdown import section_lines

AGAIN = "make it again with `matchmodel evaluate`"
PICTURES = "../reports/"  # seen from the notebooks


def made_of(evaluation: Mapping[str, Part], model: Model) -> str:
    """Say which model was evaluated, and whether it is the one that is loaded."""
    evaluated = evaluation["model"]
    same = evaluated.get("hash") == model.hash
    which = (
        "the model loaded here"
        if same
        else f"**another one than the model loaded here, {model.name}**; {AGAIN}"
    )
    return f"Evaluation of {evaluated['name']} (newest table {evaluated['newest_table']}), {which}."


def section(evaluation: Mapping[str, Part], name: str) -> str:
    """Return a part of the evaluation in words, tables and pictures, as its report has it.

    Where the part is missing, or was made by another version, a sentence says so.

    Parameters
    ----------
    evaluation
        As `matchmodel.evaluate.results.read_evaluation` returns it.
    name
        Of the part.
    """
    if name not in evaluation:
        return f"This evaluation has no part '{name}'; {AGAIN}."
    try:
        made = section_of(name, evaluation[name], folder=PICTURES)
    except (KeyError, TypeError):
        return f"The part '{name}' of this evaluation was made by another version; {AGAIN}."
    return "\n".join(section_lines(made)).rstrip()
