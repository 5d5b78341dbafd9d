"""Random questions, with Python's answers on the packed model: what the script of the page must give too."""

import random
from typing import Any

from matchmodel import Applicant, MatchModelError, Model, Question

ASKED = ("applications", "target", "interviews")


def questions(model: Model, count: int, seed: int = 14) -> list[dict[str, Any]]:
    """Return questions with blanks: both types, every cell, near and far cycles, any target."""
    rng = random.Random(seed)

    def some(value: Any, known: float = 0.7) -> Any:
        return value if rng.random() < known else None

    made = []
    for _ in range(count):
        kind = rng.choice(model.applicant_types)
        cycle = some(rng.randint(model.newest_table - 9, model.newest_table + 10), 0.2)
        made.append({
            "specialty": rng.choice(model.specialties(kind)), "applicant_type": kind,
            "step2_ck": some(
                rng.choice([rng.randint(200, 280), rng.randint(1, 300), rng.randint(4000, 5600) / 20])
            ),
            "step1_attempts": some(rng.choice([1, 1, 1, 2, 3, 5])),
            "step2_attempts": some(rng.choice([1, 1, 2, 6])),
            "yog": some((cycle or model.default_cycle) - rng.choice([0, 1, 2, 5, 10, 30, 60])),
            "usce_months": some(rng.choice([0, 1, 2.5, 4, 12, 40])),
            "visa_needed": some(rng.random() < 0.6) if kind == "non-us-img" else some(False, 0.2),
            "cycle": cycle, "applications": some(rng.choice([1, 5, 40, 88, 100, 200, 900]), 0.6),
            "target": some(rng.choice([0.1, 0.5, 0.6, "75%", 90, 0.99]), 0.6),
            "interviews": some(rng.choice([0, 1, 2, 3, 5, 9, 12, 13, 15, 60]), 0.6),
        })  # fmt: skip
    return made


def asked(question: dict[str, Any]) -> tuple[Applicant, Question]:
    """Return who asks and what, or refuse it."""
    what = Question(**{name: question.get(name) for name in ASKED})
    return Applicant(**{name: value for name, value in question.items() if name not in ASKED}), what


def answered(model: Model, question: dict[str, Any]) -> dict[str, Any]:
    """Return Python's answer, or {'refused': its sentence}."""
    try:
        applicant, what = asked(question)
        return model.odds(applicant, what).to_dict()
    except MatchModelError as refused:
        return {"refused": str(refused)}


CHANCE, RELATIVE = 1e-9, 1e-9


def differences(found: Any, right: Any, at: str = "") -> list[str]:
    """Return where two answers differ: numbers by 1e-9 of 1, or of themselves where they are greater."""
    if isinstance(right, dict):
        if not isinstance(found, dict) or list(found) != list(right):
            return [f"{at}: keys {found if not isinstance(found, dict) else list(found)}, not {list(right)}"]
        return [one for key in right for one in differences(found[key], right[key], f"{at}.{key}")]
    if isinstance(right, (list, tuple)):
        if not isinstance(found, list) or len(found) != len(right):
            return [f"{at}: {found}, not {right}"]
        return [
            one
            for k, pair in enumerate(zip(found, right, strict=True))
            for one in differences(*pair, f"{at}[{k}]")
        ]
    if isinstance(right, float) or (isinstance(right, int) and not isinstance(right, bool)):
        if not isinstance(found, (int, float)) or isinstance(found, bool):
            return [f"{at}: {found}, not {right}"]
        return (
            []
            if abs(found - right) <= max(CHANCE, RELATIVE * abs(right))
            else [f"{at}: {found!r}, not {right!r}"]
        )
    return [] if found == right else [f"{at}: {found!r}, not {right!r}"]
