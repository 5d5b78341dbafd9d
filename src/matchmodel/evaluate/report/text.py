"""evaluation.md: the report's page, from evaluation.json; no figure in it is typed by hand."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from ...report.blocks import Code, Image, Link, Page, Section, Strong, Text
from ..results import Part
from . import validation, workings
from .card_texts import NEVER
from .tables import bars


def _bars(part: Part) -> Section:
    missed = sum(not row["holds"] for row in part["rows"])
    held = f"{len(part['rows']) - missed} of {len(part['rows'])} bars hold"
    about = f"{held}. Each row says what was measured and what the limit is; the sections below say how."
    return Section("What it must show", (Text(about), bars(part["rows"])))


# part -> its section, and the pictures shown with it
SECTIONS: dict[str, tuple[Callable[[Part], Section], tuple[tuple[str, str], ...]]] = {
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


def section(name: str, part: Part, pictures: Collection[str] | None = None, folder: str = "") -> Section:
    """Return the section of a part, its pictures after it.

    Parameters
    ----------
    name, part
        Of the evaluation.
    pictures
        File names of those that are there; all where absent.
    folder
        Where they lie, with a '/', from the page.
    """
    make, drawn = SECTIONS[name]
    whole = make(part)
    return replace(whole, blocks=(*whole.blocks, *_images(drawn, pictures, folder)))


def _images(
    drawn: Iterable[tuple[str, str]], pictures: Collection[str] | None, folder: str = ""
) -> tuple[Image, ...]:
    return tuple(
        Image(f"{folder}{name}.png", words)
        for name, words in drawn
        if pictures is None or f"{name}.png" in pictures
    )


def report(evaluation: dict[str, Part], pictures: Collection[str] = ()) -> Page:
    """Return the whole report.

    Parameters
    ----------
    evaluation
        As `read_evaluation` returns it.
    pictures
        File names of the pictures beside it.
    """
    model = evaluation["model"]
    about = (
        "Made by ", Code("matchmodel evaluate"), " from ", Link("evaluation.json"),
        "; every figure is computed, none is typed. "
        f"Data up to {model['newest_table']}, {model['draws']} draws, model file {model['hash'][:12]}.",
    )  # fmt: skip
    blocks = [Text(NEVER)]
    if not model.get("trained_again_same", True):
        other = Strong("Training on these tables gives another model than the one evaluated")
        blocks.append(Text((other, ": what is compared with the tables is that of the training made here.")))
    parts = [section(name, evaluation[name], pictures) for name in SECTIONS if name in evaluation]
    head = Section("", _images(HEAD, pictures))
    return Page(
        f"How well {model['name']} does", (Section("", tuple(blocks)), *parts[:1], head, *parts[1:]), about
    )
