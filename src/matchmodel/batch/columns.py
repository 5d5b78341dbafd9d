"""The columns of a table of applicants: the names that people write for them, and what looks like one."""

from collections.abc import Iterable, Sequence

from ..applicant import FIELDS as ABOUT_WHOM
from ..errors import clipped
from ..model.answer import REQUIRED as BY_ORDER
from ..question import FIELDS as ABOUT_WHAT
from ..tabular import headers
from ..tabular.cells import key

COLUMNS = (*ABOUT_WHOM, *ABOUT_WHAT)
MATCHED, INTERVIEWS, PERSON = "matched", "interviews", "person"
OUTCOMES = (MATCHED, INTERVIEWS)  # read as such where outcomes are asked for
COUNTED = ("applications",)  # which may be in the thousands


def _of_step(step: str, *ends: str) -> tuple[str, ...]:
    """Spellings with the Step's number before and after: 'Step 1 attempts', 'attempts at Step 1'."""
    return tuple(
        text
        for end in ends
        for text in (
            f"step {step} {end}", f"usmle step {step} {end}", f"s{step} {end}", f"{end} step {step}",
            f"{end} at step {step}", f"{end} on step {step}", f"{end} of step {step}",
            f"number of step {step} {end}", f"no of step {step} {end}",
        )
    )  # fmt: skip


SPELLINGS: dict[str, tuple[str, ...]] = {  # case, spaces, hyphens and dots do not count
    "specialty": (
        "speciality", "specialty name", "specialty applied to", "specialty applied", "preferred specialty",
        "first choice specialty", "field",
    ),
    "applicant_type": (
        "type", "type of applicant", "img type", "type of img", "img status", "applicant status",
        "applicant category", "us img or non us img",
    ),
    "step2_ck": (
        "step 2", "step 2 score", "step 2 ck score", "score step 2", "score step 2 ck", "ck",
        "ck score", "2ck", "2ck score", "s2ck", "usmle step 2", "usmle step 2 ck", "usmle step 2 score",
        "usmle step 2 ck score", "step ii", "step ii ck", "step 2 clinical knowledge", "step 2 ck 3 digit",
        "step 2 ck 3 digit score",
    ),
    "step1_attempts": _of_step("1", "attempts", "attempt", "tries"),
    "step2_attempts": tuple(
        text for step in ("2", "2 ck") for text in _of_step(step, "attempts", "attempt", "tries")
    ),
    "yog": (
        "year of graduation", "graduation year", "grad year", "year graduated", "graduated", "graduated in",
        "graduation", "year of grad", "med school graduation year", "medical school graduation year",
        "year of graduation from medical school", "yog year",
    ),
    "usce_months": (
        "usce", "months of usce", "usce in months", "us clinical experience", "us clinical experience months",
        "us clinical experience in months", "months of us clinical experience", "us experience months",
    ),
    "visa_needed": (
        "visa", "need visa", "needs visa", "need a visa", "needs a visa", "visa required", "requires visa",
        "visa need", "visa status", "visa type", "visa sponsorship", "visa sponsorship needed",
        "needs visa sponsorship", "need visa sponsorship", "requires visa sponsorship",
    ),
    "cycle": ("match year", "match cycle", "year of the match", "year of match", "application cycle"),
    "years_since_graduation": (
        "ysg", "years since grad", "years since graduating", "years after graduation", "yrs since graduation",
        "years since medical school", "years out", "time since graduation years",
    ),
    "step1_failed": _of_step("1", "fail", "failed", "fails", "failures"),
    "step2_failed": tuple(
        text for step in ("2", "2 ck") for text in _of_step(step, "fail", "failed", "fails", "failures")
    ),
    "applications": (
        "number of applications", "no of applications", "applications sent", "programs applied to",
        "programs applied", "number of programs", "number of programs applied to", "n applications",
    ),
    "target": ("target chance", "chance wanted", "wanted chance", "target probability"),
    INTERVIEWS: (
        "number of interviews", "no of interviews", "interviews held", "interviews attended", "n interviews",
    ),
    MATCHED: ("match", "did match", "matched yes no", "match outcome", "match result", "outcome"),
    PERSON: ("person id", "applicant id", "applicant no", "applicant number", "aamc id"),
}  # fmt: skip
KNOWN = headers.by_key(SPELLINGS)
# What a column's name holds that looks like one that is read.
_LIKE = (
    "step", "score", "visa", "usce", "clinicalexp", "usexp", "attempt", "fail", "special", "yog", "gradyear",
    "graduat", "cycle", "imgtype", "imgstatus", "applicanttype", "citizen", "interview", "applications",
    "comlex",
)  # fmt: skip
# The same of a whole name: too short or too common to be looked for inside one.
_LIKE_WHOLE = frozenset({"year", "type", "status", "img", "fmg", "j1", "h1b", "experience"})
_NOT_IN_MODEL = {
    "Step 1 score": {"step1", "step1score", "usmlestep1", "usmlestep1score", "stepi"},
    "Step 3": {"step3", "step3score", "step3passed", "usmlestep3", "stepiii"},
    "COMLEX score": {"comlex", "comlexscore", "comlex1", "comlex2", "comlexlevel1", "comlexlevel2"},
}
# The columns that `score` adds; those of an earlier run are no input.
CHANCES = ("p_ranked", "p_apply", "p_any_invitation", "expected_invitations")
REQUIRED = tuple(BY_ORDER.values())
GIVEN = "p_given_interviews"
ENDS = ("", "_low", "_high")
TRUST = "trust"
ANSWERS = frozenset(key(name + end) for name in (*CHANCES, *REQUIRED, GIVEN) for end in ENDS) | {key(TRUST)}


def count_known(cells: Sequence[str]) -> int:
    """Return how many cells are names of columns that a table of applicants may have."""
    return sum(name is not None for name in headers.fields(cells, KNOWN))


def looks_read(header: str) -> bool:
    """Say whether a column that is not read looks like one that an answer takes."""
    bare = key(header)
    return bare in _LIKE_WHOLE or any(part in bare for part in _LIKE)


def unread_refusal(unread: Iterable[str]) -> str | None:
    """Return why columns that are not read are refused; None where none looks like one that counts."""
    alike = [header for header in unread if looks_read(header)]
    if not alike:
        return None
    one = len(alike) == 1
    absent = [f"no {what}" for what, keys in _NOT_IN_MODEL.items() if keys & set(map(key, alike))]
    names = ", ".join(f'"{clipped(header)}"' for header in alike)
    be, look, them = ("is", "it looks", "it") if one else ("are", "they look", "them")
    because = f" (the model has {' and '.join(absent)})" if absent else ""
    return (
        f"the column{'' if one else 's'} {names} {be} not read, though {look} like what an "
        f"answer takes{because}; rename {them} as 'matchmodel score --help' has the columns, or add "
        f"--ignore-unread to go on without {them}"
    )
