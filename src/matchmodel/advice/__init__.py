"""Answers that an applicant can act on, each one function that returns a frozen result. Standard library only.

>>> from matchmodel import Applicant, load_model
>>> from matchmodel.advice import what_if
>>> found = what_if(load_model(), Applicant("Internal Medicine", "non-us-img", step2_ck=245))
>>> found.levers[0].name
'Pediatrics instead'
"""

_WHERE = {
    "what_if": "levers", "target": "score_needed", "timing": "cycles", "portfolio": "split", "programs": "programs.compute", "specialties": "specialties.compute", "plan": "page",
}  # fmt: skip
__all__ = list(_WHERE)


def __getattr__(name):
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(__import__(f"{__name__}.{_WHERE[name]}", fromlist=[name]), name)  # each question imports its own part alone
