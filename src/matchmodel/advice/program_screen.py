"""Which programs of a table cannot work for an applicant, and why; what is unknown on either side drops none.

Standard library only.
"""

from ..errors import RefusedInput, clipped
from .program_table import NO_LIMIT

VISA_TYPES = ("j1", "h1b", "either")
_VISAS = {"j1": "J-1", "h1b": "H-1B"}


def visa_type_name(text):
    """Return the visa type as it is kept here: 'J-1' -> 'j1'.

    Raises
    ------
    RefusedInput
    """
    key = "".join(ch for ch in str(text).casefold() if ch.isalnum())
    if key not in VISA_TYPES:
        raise RefusedInput(f"visa type is '{clipped(text)}'; it is j1, h1b or either")
    return key


def _limit(asked, own, fails, reason, whose, unknown):
    """Hold a limit against the applicant's own figure: (reason or None, what is unknown or None)."""
    if asked == NO_LIMIT:
        return None, None
    if asked is None:
        return None, unknown if own is not None else None
    if own is None:
        return None, whose
    return (reason.format(asked=f"{asked:g}", own=f"{own:g}"), None) if fails(own, asked) else (None, None)


def _attempts(applicant, program):
    reasons, unknown = [], []
    accepted = program.attempts_accepted
    for step, attempts, failed in (("Step 1", applicant.step1_attempts, applicant.step1_failed), ("Step 2 CK", applicant.step2_attempts, applicant.step2_failed)):
        least = attempts if attempts is not None else 2 if failed else 1
        if accepted == NO_LIMIT:
            continue
        if accepted is None:
            unknown += ["attempts accepted"] if least > 1 else []  # no program asks for more than a first pass
        elif least > accepted:
            several = f"{attempts} attempts" if attempts is not None else "at least 2 attempts"
            reasons.append(f"takes {accepted:g} attempt{'' if accepted == 1 else 's'} at {step}, you have {several}")
        elif attempts is None and failed is not False:  # a fail may have been followed by another
            unknown.append(f"your {step} attempts")
    return reasons, unknown


def _visa(applicant, program, visa_type):
    if applicant.applicant_type == "us-img" or applicant.visa_needed is False:
        return None, None
    wanted = ("j1", "h1b") if visa_type == "either" else (visa_type,)
    sponsors = [getattr(program, "sponsors_" + name) for name in wanted]
    if True in sponsors:
        return None, None
    if None in sponsors:
        return None, "visa sponsorship"
    if applicant.visa_needed is None:
        return None, "your visa need"
    return "sponsors neither J-1 nor H-1B" if len(wanted) == 2 else f"does not sponsor {_VISAS[visa_type]}", None


def screen(applicant, program, visa_type="either"):
    """Hold a program's conditions against an applicant.

    Parameters
    ----------
    applicant : Applicant
        With years since graduation filled in.
    program : Program
    visa_type : {'j1', 'h1b', 'either'}
        Which visa would do.

    Returns
    -------
    reasons : tuple of str
        Why it cannot work; empty where it can.
    unknown : tuple of str
        What would have to be known to be sure.
    """
    reasons, unknown = _attempts(applicant, program)
    above = lambda own, asked: own > asked  # noqa: E731
    below = lambda own, asked: own < asked  # noqa: E731
    held = [
        _limit(program.step2_cutoff, applicant.step2_ck, below, "reads Step 2 CK from {asked}, yours is {own}", "your Step 2 CK", "Step 2 CK cutoff"),
        _limit(program.years_since_graduation_accepted, applicant.years_since_graduation, above, "takes up to {asked} years since graduation, you have {own}", "your year of graduation", "years accepted"),
        _limit(program.usce_asked_months, applicant.usce_months, below, "asks for {asked} months of USCE, you have {own}", "your USCE", "USCE asked"),
        _visa(applicant, program, visa_type),
    ]
    if program.accepts_imgs is False:
        reasons.insert(0, "takes no IMGs")
    elif program.accepts_imgs is None and not (program.invitation_rate_us_img or program.invitation_rate_non_us_img or program.img_share):
        unknown.append("takes IMGs")
    reasons += [reason for reason, _ in held if reason]
    unknown += [what for _, what in held if what]
    return tuple(reasons), tuple(dict.fromkeys(unknown))
