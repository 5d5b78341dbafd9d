"""`matchmodel curve`: the chance of matching against the number of applications, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .applicant import Applicant
from .errors import NotInModel, RefusedInput
from .model import Model
from .model.engine import ranges
from .model.notes import text
from .model.records import Note
from .question import DEFAULT_TARGET
from .report.wording import type_name

POINTS = 40


@dataclass(frozen=True)
class Curve:
    """One applicant's chance against the number of applications.

    Attributes
    ----------
    label
        What it is called.
    applications
        Numbers of applications, shape (k,).
    p, low, high
        Programs as IMGs choose them, and the 80% range, shape (k,).
    random, friendliest
        The bounds: programs at random, and the most IMG-friendly first, shape (k,).
    usual
        The usual number of applications.
    """

    label: str
    applications: np.ndarray
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    random: np.ndarray
    friendliest: np.ndarray
    usual: float


def make_curve(model: Model, applicant: Applicant, label: str, most: int | None = None) -> Curve:
    """Return an applicant's curve, from one application to every program listed, or to `most`.

    Raises
    ------
    NotInModel
        Where there is no chain, or no number at all.
    """
    applicant = model.resolve(applicant)
    kind, specialty = applicant.applicant_type, applicant.specialty
    if not model.has_chain(kind, specialty):
        code = "withheld" if model.withheld(kind, specialty) else "no_chain"
        raise NotInModel(text(Note(code, {"specialty": specialty, "applicant_type": kind})).rstrip("."))
    people = model.people([applicant])
    chain = people.chain
    end = int(chain.listed) if most is None else min(most, int(chain.listed))
    numbers = np.unique(np.round(np.linspace(1, end, POINTS)).astype(int))
    random, friendliest = (
        people.p_apply(people.invitations(numbers, order)).mean(axis=-1)
        for order in ("random", "friendliest")
    )
    chosen = ranges(people.p_apply(people.invitations(numbers)))
    return Curve(label, numbers, *chosen, random, friendliest, chain.record.usual.value)


_PARTS = {  # field -> what a label says of it
    "specialty": "{}", "applicant_type": "{}", "step2_ck": "Step 2 CK {:g}", "yog": "YOG {}",
    "years_since_graduation": "{:g} years out", "usce_months": "USCE {:g}",
    "visa_needed": ("no visa", "visa"), "step1_failed": ("no Step 1 failure", "Step 1 failed"),
    "step2_failed": ("no Step 2 CK failure", "Step 2 CK failed"),
}  # fmt: skip


def labels(applicants: Sequence[Applicant]) -> list[str]:
    """Return a label for each applicant: what they differ in, else the specialty."""
    differing = [field for field in _PARTS if len({getattr(a, field) for a in applicants}) > 1] or [
        "specialty"
    ]
    made = []
    for a in applicants:
        texts = []
        for field in differing:
            value, words = getattr(a, field), _PARTS[field]
            if value is not None:
                said = type_name(value) if field == "applicant_type" else value
                texts.append(words.format(said) if isinstance(words, str) else words[value])
        made.append(", ".join(texts) or a.specialty)
    return made


def run_curve(
    model: Model,
    applicants: Sequence[Applicant],
    out: str | Path,
    target: float | None = None,
    most: int | None = None,
) -> None:
    """Draw the curves of applicants to a file.

    Parameters
    ----------
    model, applicants, out
    target
        Marked by a line.
    most
        Largest number of applications drawn.

    Raises
    ------
    RefusedInput
        For a file that is neither PNG nor SVG, or more curves than can be told apart.
    NotInModel
        Where there is no chain.
    """
    from .plots.applications import check_count, curves_plot, curves_title
    from .plots.style import FORMATS, save

    out = Path(out)
    if out.suffix.lower() not in FORMATS:
        raise RefusedInput(f"{out} is neither .png nor .svg; name the picture so, such as curve.png")
    check_count(len(applicants))
    resolved = [model.resolve(a) for a in applicants]
    curves = [make_curve(model, a, label, most) for a, label in zip(resolved, labels(resolved), strict=True)]
    save(curves_plot(curves, curves_title(resolved), target if target is not None else DEFAULT_TARGET), out)
    print(f"{len(curves)} curve{'s' if len(curves) > 1 else ''}, written to {out}")
