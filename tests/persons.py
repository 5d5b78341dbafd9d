"""Made-up persons whose outcomes are drawn from a model's own probabilities, spoiled or not."""

import csv

import numpy as np

from matchmodel import Applicant
from matchmodel.batch import score_applicants
from matchmodel.odds import expit

SPECIALTIES = ("Internal Medicine", "Family Medicine", "Pediatrics", "Neurology", "Psychiatry")
HEADERS = ("specialty", "applicant_type", "step2_ck", "yog", "usce_months", "visa_needed", "step1_attempts", "applications", "interviews", "matched")


def made_up(n, seed, kinds=("non-us-img",), cycle=2026):
    """Return made-up applicants."""
    rng = np.random.default_rng([91, seed])
    people = []
    for _ in range(n):
        kind = str(rng.choice(kinds))
        people.append(Applicant(
            str(rng.choice(SPECIALTIES)), kind, float(np.clip(np.round(rng.normal(245, 14)), 200, 285)), yog=int(rng.integers(cycle - 18, cycle)),
            usce_months=int(rng.integers(0, 13)), visa_needed=bool(rng.random() < 0.7) if kind == "non-us-img" else None,
            step1_attempts=int(rng.random() < 0.15) + 1, cycle=cycle,
        ))
    return people


def outcomes(model, people, seed, intercept=0.0, slope=1.0):
    """Return (log odds that the model gives, whether matched); the true log odds are intercept + slope * log odds."""
    p = score_applicants(model, people)["p_ranked"]
    log_odds = np.log(p / (1 - p))
    rng = np.random.default_rng([92, seed])
    return log_odds, rng.random(len(p)) < np.array([expit(intercept + slope * v) for v in log_odds])


def write(path, people, matched, interviews=None):
    """Write persons as a table of the applicants layout; matched and interviews are what to print."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*HEADERS, "cycle"])
        for k, (a, hit) in enumerate(zip(people, matched, strict=True)):
            row = [getattr(a, name, None) for name in HEADERS]
            row[HEADERS.index("interviews")] = "" if interviews is None else interviews[k]
            row[-1] = hit if isinstance(hit, str) else "yes" if hit else "no"
            writer.writerow(["" if v is None else v for v in [*row, a.cycle]])
    return path
