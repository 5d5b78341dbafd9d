"""The reference applicants: made up, nobody's, chosen once so that two comparisons ask the same."""

from typing import Any

from ..applicant import Applicant
from .answers import Asked

_CLEAN: dict[str, Any] = {"step1_failed": False, "step2_failed": False}
_FAILED: dict[str, Any] = {"step1_failed": True, "step2_failed": True}
_STRONG: dict[str, Any] = {
    "step2_ck": 260,
    "years_since_graduation": 1,
    "usce_months": 6,
    "visa_needed": False,
    **_CLEAN,
}
_STRONG_VISA: dict[str, Any] = {
    "step2_ck": 258,
    "years_since_graduation": 2,
    "usce_months": 4,
    "visa_needed": True,
    **_CLEAN,
}
_MIDDLING: dict[str, Any] = {
    "step2_ck": 243,
    "years_since_graduation": 4,
    "usce_months": 3,
    "visa_needed": True,
    **_CLEAN,
}
_OLDER: dict[str, Any] = {
    "step2_ck": 236,
    "years_since_graduation": 9,
    "usce_months": 2,
    "visa_needed": True,
    **_CLEAN,
}
_WEAK: dict[str, Any] = {
    "step2_ck": 224,
    "years_since_graduation": 10,
    "usce_months": 0,
    "visa_needed": True,
    **_FAILED,
}
_US_STRONG: dict[str, Any] = {"step2_ck": 252, "years_since_graduation": 0, "usce_months": 12, **_CLEAN}
_US_MIDDLING: dict[str, Any] = {"step2_ck": 236, "years_since_graduation": 1, "usce_months": 10, **_CLEAN}
_US_WEAK: dict[str, Any] = {
    "step2_ck": 221, "years_since_graduation": 3, "usce_months": 8,
    "step1_failed": True, "step2_failed": False,
}  # fmt: skip

# Years since graduation, not years: so the same applicant is asked of models of different years.
_WHO = {
    "strong, IM": Applicant("Internal Medicine", "non-us-img", **_STRONG),
    "middling, visa, IM": Applicant("Internal Medicine", "non-us-img", **_MIDDLING),
    "weak, failures, visa, IM": Applicant("Internal Medicine", "non-us-img", **_WEAK),
    "score alone, IM": Applicant("Internal Medicine", "non-us-img", step2_ck=245),
    "older graduate, visa, FM": Applicant("Family Medicine", "non-us-img", **_OLDER),
    "strong, visa, neurology": Applicant("Neurology", "non-us-img", **_STRONG_VISA),
    "middling, visa, pediatrics": Applicant("Pediatrics", "non-us-img", **_MIDDLING),
    "strong, surgery": Applicant("General Surgery", "non-us-img", **_STRONG),
    "middling, visa, psychiatry": Applicant("Psychiatry", "non-us-img", **_MIDDLING),
    "US, strong, IM": Applicant("Internal Medicine", "us-img", **_US_STRONG),
    "US, middling, FM": Applicant("Family Medicine", "us-img", **_US_MIDDLING),
    "US, weak, a failure, EM": Applicant("Emergency Medicine", "us-img", **_US_WEAK),
}
REFERENCE = {name: Asked(who) for name, who in _WHO.items()}
