"""Who asks: a frozen, checked applicant.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import isfinite

from .errors import RefusedInput, clipped
from .specialties import canonical_specialty

SCORE_LOW, SCORE_HIGH = 1, 300  # the Step 2 CK scale
ATTEMPT_LIMIT = 4  # per Step, since July 2021
ATTEMPT_LIMIT_BEFORE = 6  # per Step, before July 2021
USCE_LIMIT = 120  # months; ten years of it is a slip of the keyboard
EARLIEST_YOG = 1940
CYCLE_LOW, CYCLE_HIGH = 1952, 2100  # the Match began in 1952
YEARS_LIMIT = 70
APPLICATIONS_LIMIT = 5000

_FIELDS = (
    "specialty applicant_type step2_ck step1_attempts step2_attempts yog usce_months visa_needed cycle "
    "years_since_graduation step1_failed step2_failed applications target"
)

_YES = {**dict.fromkeys(("yes", "true", "1", "1.0", "y"), True), **dict.fromkeys(("no", "false", "0", "0.0", "n"), False)}


def applicant_type_name(text):
    """Return an applicant type as the tables write it: 'US IMG' -> 'us-img'."""
    if not isinstance(text, str):
        raise RefusedInput(f"applicant type is {clipped(text)}; say us-img or non-us-img")
    words = text.strip().casefold().replace("_", " ").replace("-", " ").replace(".", "").split()
    name = "-".join(words)
    return {"us-imgs": "us-img", "non-us-imgs": "non-us-img", "nonus-img": "non-us-img"}.get(name, name)


def yes_or_no(value, name):
    """Return True, False or None (unknown) for yes/no, true/false, 1/0 or a blank."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text in ("", "unknown"):
        return None
    if text not in _YES:
        raise RefusedInput(f"{name} is '{clipped(value)}'; it is yes or no (or left out where unknown)")
    return _YES[text]


def _number(value, name, low, high, meaning, whole=False):
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, (bool, bytes)) or (isinstance(value, str) and "_" in value):
            raise ValueError  # which float() would read
        number = float(value)
    except OverflowError:
        number = float("inf")
    except (TypeError, ValueError):
        raise RefusedInput(f"{name} is '{clipped(value)}', not a number; {meaning}") from None
    if not isfinite(number) or not low <= number <= high:
        raise RefusedInput(f"{name} is {clipped(value)}; {meaning}")
    if whole:
        if number != int(number):
            raise RefusedInput(f"{name} is {clipped(value)}, not a whole number; {meaning}")
        return int(number)
    return number + 0.0  # no minus zero


def _failed(attempts, failed, step):
    if attempts is None:
        return failed
    derived = attempts >= 2
    if failed is not None and failed != derived:
        raise RefusedInput(
            f"{step}_attempts {attempts} and {step}_failed {'yes' if failed else 'no'} disagree; "
            "2 attempts or more mean that the exam was failed at least once: give one of the two"
        )
    return derived


class Applicant(namedtuple("Applicant", _FIELDS, defaults=(None,) * 12)):
    """One applicant and one specialty; what is None is unknown and drops out of the answer.

    Parameters
    ----------
    specialty : str
        Any spelling that `canonical_specialty` knows.
    applicant_type : str
        'us-img', 'non-us-img', or another type of the model's tables.
    step2_ck : float, optional
        Score on the 1 to 300 scale.
    step1_attempts, step2_attempts : int, optional
        Attempts; 2 or more mean that the exam was failed at least once.
    yog : int, optional
        Year of graduation; turned into years since graduation by `cycle`.
    usce_months : float, optional
        Months of US clinical experience.
    visa_needed : bool, optional
        Not for US IMGs, who need none.
    cycle : int, optional
        Year of the Match; the year after the model's newest table where absent.
    years_since_graduation : float, optional
        Instead of `yog`.
    step1_failed, step2_failed : bool, optional
        Instead of the attempts.
    applications : int, optional
        How many programs are applied to.
    target : float, optional
        Chance of matching for which the required applications are asked.

    Raises
    ------
    RefusedInput
        For a value that cannot be, in one line that says what can.
    """

    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        raw = super().__new__(cls, *args, **kwargs)
        kind = applicant_type_name(raw.applicant_type)
        if not kind:
            raise RefusedInput("applicant type is empty; say us-img or non-us-img")
        limit = f"an attempt count is between 1 and {ATTEMPT_LIMIT} ({ATTEMPT_LIMIT_BEFORE} before July 2021)"
        cycle = _number(raw.cycle, "cycle", CYCLE_LOW, CYCLE_HIGH, "it is the year of the Match, such as 2027", whole=True)
        yog = _number(raw.yog, "year of graduation", EARLIEST_YOG, CYCLE_HIGH, f"give a year from {EARLIEST_YOG} on, such as 2024", whole=True)
        if yog is not None and cycle is not None and yog > cycle:
            raise RefusedInput(f"year of graduation {yog} is after the cycle {cycle}; it is at the latest the year of the Match")
        years = _number(raw.years_since_graduation, "years since graduation", 0, YEARS_LIMIT, f"it is between 0 and {YEARS_LIMIT}")
        attempts1 = _number(raw.step1_attempts, "Step 1 attempts", 1, ATTEMPT_LIMIT_BEFORE, limit, whole=True)
        attempts2 = _number(raw.step2_attempts, "Step 2 CK attempts", 1, ATTEMPT_LIMIT_BEFORE, limit, whole=True)
        visa = yes_or_no(raw.visa_needed, "visa needed")
        if kind == "us-img" and visa:
            raise RefusedInput("visa needed is yes, but US IMGs are US citizens or permanent residents and need no visa; leave it out, or ask as non-us-img")
        return super().__new__(
            cls,
            canonical_specialty(raw.specialty),
            kind,
            _number(raw.step2_ck, "Step 2 CK", SCORE_LOW, SCORE_HIGH, f"scores are on the {SCORE_LOW} to {SCORE_HIGH} scale"),
            attempts1,
            attempts2,
            yog,
            _number(raw.usce_months, "US clinical experience", 0, USCE_LIMIT, f"it is in months, between 0 and {USCE_LIMIT}"),
            visa,
            cycle,
            years,
            _failed(attempts1, yes_or_no(raw.step1_failed, "step1_failed"), "step1"),
            _failed(attempts2, yes_or_no(raw.step2_failed, "step2_failed"), "step2"),
            _number(raw.applications, "applications", 1, APPLICATIONS_LIMIT, f"it is a whole number between 1 and {APPLICATIONS_LIMIT}", whole=True),
            cls._target(raw.target),
        )

    @staticmethod
    def _target(value):
        number = _number(value, "target", 0, 1, "it is a chance between 0 and 1, such as 0.5")
        if number is not None and not 0 < number < 1:
            raise RefusedInput(f"target is {clipped(value)}; it is a chance between 0 and 1, such as 0.5")
        return number

    @classmethod
    def _make(cls, values):
        return cls(*values)

    def _replace(self, **changes):
        """Return a copy with `changes`, checked again; what was derived from a changed value is derived anew."""
        given = self._asdict()
        for step in ("step1", "step2"):
            if step + "_attempts" in changes and given[step + "_attempts"] is not None:
                given[step + "_failed"] = None
        if self.yog is not None and ("yog" in changes or "cycle" in changes):
            given["years_since_graduation"] = None
        return type(self)(**{**given, **changes})

    __replace__ = _replace

    def in_cycle(self, default_cycle):
        """Return the applicant with cycle and years since graduation filled in.

        Raises
        ------
        RefusedInput
            When the year of graduation is after the cycle, or disagrees with the years given.
        """
        cycle = self.cycle if self.cycle is not None else default_cycle
        years = self.years_since_graduation
        if self.yog is not None:
            if self.yog > cycle:
                raise RefusedInput(f"year of graduation {self.yog} is after the cycle {cycle}; it is at the latest the year of the Match")
            derived = float(cycle - self.yog)
            if years is not None and years != derived:
                raise RefusedInput(
                    f"year of graduation {self.yog} and {years:g} years since graduation disagree in cycle {cycle} "
                    f"(that year is {derived:g} years ago); give one of the two"
                )
            years = derived
        return self._make({**self._asdict(), "cycle": cycle, "years_since_graduation": years}.values())

    def covariate(self, name):
        """Return the value of a covariate of `matchmodel.covariates`, None where unknown."""
        return getattr(self, name)
