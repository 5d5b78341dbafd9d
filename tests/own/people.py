"""Simulated applicants whose outcomes are drawn from a model's own chances, spoiled or not."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.special import expit, logit

from matchmodel import Applicant, Question, load_model
from matchmodel.batch.rows import of_applicants
from matchmodel.model import Model
from matchmodel.own.update import numbers
from matchmodel.own.update.numbers import OwnRows

MODEL = load_model()
YEAR = MODEL.kind("non-us-img").year
SPECIALTIES = ("Internal Medicine", "Family Medicine", "Pediatrics", "Neurology", "Psychiatry")
HEADERS = (
    "specialty", "applicant_type", "step2_ck", "yog", "usce_months", "visa_needed", "step1_attempts",
    "applications", "interviews", "matched", "cycle",
)  # fmt: skip


def made_up(n: int, seed: int, kinds: Sequence[str] = ("non-us-img",), cycle: int = YEAR) -> list[Applicant]:
    """Return simulated applicants, failures of Step 2 CK unknown."""
    rng = np.random.default_rng([91, seed])
    people = []
    for _ in range(n):
        kind = str(rng.choice(kinds))
        people.append(Applicant(
            str(rng.choice(SPECIALTIES)), kind, float(np.clip(np.round(rng.normal(245, 14)), 200, 285)),
            yog=int(rng.integers(cycle - 18, cycle)), usce_months=int(rng.integers(0, 13)),
            visa_needed=bool(rng.random() < 0.7) if kind == "non-us-img" else None,
            step1_attempts=int(rng.random() < 0.15) + 1, cycle=cycle,
        ))  # fmt: skip
    return people


def chances(model: Model, people: Sequence[Applicant]) -> np.ndarray:
    """Return the model's P(match | ranked), its mean over draws."""
    found, of = np.empty(len(people)), {}
    for i, a in enumerate(people):
        of.setdefault((a.applicant_type, a.specialty, a.cycle), []).append(i)
    for members in of.values():
        found[members] = model.people([model.resolve(people[i]) for i in members]).p_ranked().mean(axis=1)
    return found


def outcomes(
    model: Model, people: Sequence[Applicant], seed: int, intercept: float = 0.0, slope: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return (the model's log odds, whether matched); the true log odds are intercept + slope * log odds."""
    log_odds = logit(chances(model, people))
    rng = np.random.default_rng([92, seed])
    return log_odds, rng.random(len(people)) < expit(intercept + slope * log_odds)


def own_rows(people: Sequence[Applicant], matched: Sequence, weight: Sequence | None = None) -> OwnRows:
    """Return applicants as an update takes them."""
    rows = of_applicants(MODEL, people, [Question()] * len(people))
    weight = None if weight is None else np.asarray(weight, float)
    return numbers.own_rows(rows, np.asarray(matched, float), weight)


def write(
    path: Path,
    people: Sequence[Applicant],
    matched: Sequence,
    interviews: Sequence | None = None,
    applications: Sequence | None = None,
    **columns: Sequence,
) -> Path:
    """Write a table of the applicants layout; matched, interviews and applications are what to print."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADERS, *columns])
        for k, (a, hit) in enumerate(zip(people, matched, strict=True)):
            row = {name: getattr(a, name, None) for name in HEADERS}
            row["matched"] = hit if isinstance(hit, str) else "yes" if hit else "no"
            row["interviews"] = None if interviews is None else interviews[k]
            row["applications"] = None if applications is None else applications[k]
            row |= {name: values[k] for name, values in columns.items()}
            writer.writerow(["" if v is None else v for v in row.values()])
    return path
