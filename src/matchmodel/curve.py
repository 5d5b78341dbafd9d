"""`matchmodel curve`: the chance of matching against the number of applications, drawn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .applications import DEFAULT_TARGET
from .batch import score_applicants
from .batch_chain import Arrays, Point
from .errors import RefusedInput
from .wording import type_name

POINTS = 40


@dataclass(frozen=True)
class Curve:
    """One applicant's chance against the number of applications.

    Attributes
    ----------
    label : str
    applications : numpy.ndarray of int, shape (k,)
    p, low, high : numpy.ndarray, shape (k,)
        Programs taken at random, and the 80% range.
    friendliest : numpy.ndarray, shape (k,)
        The most IMG-friendly programs first: an optimistic bound.
    usual : float
    """

    label: str
    applications: np.ndarray
    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    friendliest: np.ndarray
    usual: float


def first_friendliest(model, chain, applicant):
    """Return the function applications -> chance with the most IMG-friendly programs first.

    Parameters
    ----------
    model : Model
    chain : ChainCell
    applicant : Applicant
        With its cycle filled in.
    """
    p = model.odds(applicant._replace(applications=None, target=None)).p_ranked
    point = chain.states(chain.log_factors(applicant)[0][:1], [p])[0]
    arrays = Arrays(chain)
    return Point(arrays, point.scale, point.each, point.odds_against).friendliest


def make_curve(model, applicant, label, most=None):
    """Return an applicant's curve, from one application to every program that the table lists.

    Parameters
    ----------
    model : Model
    applicant : Applicant
    label : str
    most : int, optional
        Where to stop.
    """
    applicant = model.cycle_of(applicant)
    chain = model.chain_cell(applicant.applicant_type, applicant.specialty)
    end = chain.listed if most is None else min(most, chain.listed)
    numbers = np.unique(np.round(np.linspace(1, end, POINTS)).astype(int))
    found = score_applicants(model, [applicant._replace(applications=int(n), target=None) for n in numbers])
    best = first_friendliest(model, chain, applicant)
    return Curve(label, numbers, found["p_apply"], found["p_apply_low"], found["p_apply_high"], np.array([best(int(n)) for n in numbers]), chain.content["usual"]["value"])


def labels(applicants):
    """Return a label for each applicant: what they differ in, else the specialty."""
    parts = []
    for field in ("specialty", "applicant_type", "step2_ck", "yog", "years_since_graduation", "usce_months", "visa_needed", "step1_failed", "step2_failed"):
        if len({getattr(a, field) for a in applicants}) > 1:
            parts.append(field)
    words = {"step2_ck": "Step 2 CK {:g}", "yog": "YOG {}", "years_since_graduation": "{:g} years out", "usce_months": "USCE {:g}"}
    flags = {"visa_needed": ("visa", "no visa"), "step1_failed": ("Step 1 failed", "no Step 1 failure"), "step2_failed": ("Step 2 CK failed", "no Step 2 CK failure")}
    made = []
    for a in applicants:
        texts = []
        for field in parts or ["specialty"]:
            value = getattr(a, field)
            if value is None:
                continue
            if field in flags:
                texts.append(flags[field][0 if value else 1])
            elif field == "applicant_type":
                texts.append(type_name(value))
            else:
                texts.append(words.get(field, "{}").format(value))
        made.append(", ".join(texts) or a.specialty)
    return made


def run_curve(model, applicants, out, target=None, most=None):
    """Draw the curves of applicants to a file.

    Parameters
    ----------
    model : Model
    applicants : sequence of Applicant
    out : str or Path
    target : float, optional
    most : int, optional
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
    filled = [model.cycle_of(a) for a in applicants]
    curves = [make_curve(model, a, label, most) for a, label in zip(filled, labels(filled), strict=True)]
    save(curves_plot(curves, curves_title(filled), target if target is not None else DEFAULT_TARGET), out)
    print(f"{len(curves)} curve{'s' if len(curves) > 1 else ''}, written to {out}")
