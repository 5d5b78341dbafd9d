"""evaluation.md: the report's text, from evaluation.json; no figure in it is typed by hand."""

from collections.abc import Callable, Collection, Sequence

from ..results import Part
from . import validation, workings
from .card_texts import NEVER
from .tables import bars


def _bars(part: Part) -> str:
    missed = sum(not row["holds"] for row in part["rows"])
    held = len(part["rows"]) - missed
    return f"""## What it must show

{held} of {len(part["rows"])} bars hold. Each row says what was measured and what the limit is; the sections
below say how.

{bars(part["rows"])}
"""


# part -> its text, and the pictures shown with it
SECTIONS: dict[str, tuple[Callable[[Part], str], tuple[tuple[str, str], ...]]] = {
    "bars": (_bars, ()),
    "held_out": (
        validation.held_out,
        (("reliability_score", "Reliability on the 2007 report's score bins"),),
    ),
    "not_fitted": (workings.not_fitted, (("chain", "The chain beside what is published"),)),
    "left_out": (validation.left_out, (("left_out", "Each specialty from the others"),)),
    "small_cells": (validation.small_cells, ()),
    "concordance": (validation.concordance, ()),
    "years": (validation.years, (("years", "The match rate a year ahead"),)),
    "worlds": (validation.worlds, (("worlds", "Simulated data sets with known truth"),)),
    "seeds": (workings.seeds, ()),
    "sensitivity": (
        workings.sensitivity,
        (
            ("sensitivity_choices", "Other choices and priors"),
            ("sensitivity_sources", "Each source left out"),
        ),
    ),
    "widths": (workings.widths, (("uncertainty", "Where the range comes from"),)),
    "fitted": (workings.fitted, (("applications", "Chance against applications"),)),
    "participation": (workings.participation, ()),
    "margin": (workings.margin, ()),
    "order": (workings.order, ()),
    "rank_shape": (validation.rank_shape, (("reliability_ranks", "Reliability on the 2007 report's ranks"),)),
    "population_average": (workings.average, ()),
}
HEAD = (
    ("score", "Chance by Step 2 CK"),
    ("likelihood_ratios", "Likelihood ratios"),
    ("evidence", "The evidence register"),
)


def _shown(pictures: Sequence[tuple[str, str]], there: Collection[str]) -> str:
    return "".join(f"\n![{text}]({name}.png)\n" for name, text in pictures if f"{name}.png" in there)


def report(evaluation: dict[str, Part], pictures: Collection[str] = ()) -> str:
    """Return the whole report, in Markdown.

    Parameters
    ----------
    evaluation
        As `read_evaluation` returns it.
    pictures
        File names of the pictures beside it.
    """
    model = evaluation["model"]
    same = "" if model.get("trained_again_same", True) else (
        "\n**Training on these tables gives another model than the one evaluated**: what is compared with "
        "the tables is that of the training made here.\n"
    )  # fmt: skip
    head = f"""# How well {model["name"]} does

Made by `matchmodel evaluate` from [evaluation.json](evaluation.json); every figure is computed, none is
typed. Data up to {model["newest_table"]}, {model["draws"]} draws, model file {model["hash"][:12]}.

{NEVER}
{same}"""
    parts = [
        text(evaluation[name]) + _shown(drawn, pictures)
        for name, (text, drawn) in SECTIONS.items()
        if name in evaluation
    ]
    return "\n".join([head, *parts[:1], _shown(HEAD, pictures), *parts[1:]])
