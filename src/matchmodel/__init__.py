"""Odds of matching into a US residency for international medical graduates.

>>> import matchmodel
>>> model = matchmodel.load_model()
>>> answer = model.odds(matchmodel.Applicant("Internal Medicine", "non-us-img", step2_ck=250))
>>> 0 < answer.p_ranked.low <= answer.p_ranked.point <= answer.p_ranked.high < 1
True
"""

from __future__ import annotations

from importlib import import_module

from .errors import MatchModelError, NotInModel, RefusedInput, UnknownSpecialty

TYPE_CHECKING = False  # typing's own takes longer to import than the help of the command line takes
if TYPE_CHECKING:
    from typing import Any

    from .advice.plan import plan
    from .advice.portfolio import portfolio
    from .advice.programs import programs
    from .advice.specialties import specialties
    from .advice.target import target
    from .advice.timing import timing
    from .advice.what_if import what_if
    from .applicant import Applicant
    from .model import Model, load_model
    from .model.answer import Answer
    from .question import Question

__version__ = "0.2.0"
__all__ = [
    "Answer", "Applicant", "MatchModelError", "Model", "NotInModel", "Question", "RefusedInput",
    "UnknownSpecialty", "load_model", "plan", "portfolio", "programs", "specialties", "target", "timing",
    "what_if",
]  # fmt: skip
_ADVICE = ("plan", "portfolio", "programs", "specialties", "target", "timing", "what_if")
_WHERE = {  # imported when first asked for, so that `import matchmodel` stays light
    "Answer": "model.answer", "Applicant": "applicant", "Model": "model", "Question": "question",
    "load_model": "model", **{name: f"advice.{name}" for name in _ADVICE},
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    found = getattr(import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
