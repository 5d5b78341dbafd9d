"""Who asks: a frozen, checked applicant. Standard library only."""

from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, Literal, overload

from .errors import RefusedInput, clipped
from .specialty import asked_specialty

SCORE_LOW, SCORE_HIGH = 1, 300  # the Step 2 CK scale
ATTEMPT_LIMIT = 4  # per Step, since July 2021
ATTEMPT_LIMIT_BEFORE = 6  # per Step, before July 2021
USCE_LIMIT = 120  # months; ten years of it is a slip of the keyboard
EARLIEST_YOG = 1940
CYCLE_LOW, CYCLE_HIGH = 1952, 2100  # the Match began in 1952
YEARS_LIMIT = 70

YES = {
    **dict.fromkeys(("yes", "true", "1", "1.0", "y"), True),
    **dict.fromkeys(("no", "false", "0", "0.0", "n"), False),
}
VISAS = {
    **dict.fromkeys(("j1", "j1visa", "h1b", "h1bvisa"), "yes"),
    **dict.fromkeys(
        ("greencard", "greencardholder", "permanentresident", "uspermanentresident", "lpr"), "green-card"
    ),
    **dict.fromkeys(("citizen", "uscitizen", "citizenship", "uscitizenship"), "citizen"),
}
TYPES = {
    **dict.fromkeys(("usimg", "usimgs", "uscitizenimg", "uscitizenimgs", "americanimg", "usfmg"), "us-img"),
    **dict.fromkeys(
        ("nonusimg", "nonusimgs", "nonuscitizenimg", "nonuscitizenimgs", "noncitizenimg", "nonusfmg"),
        "non-us-img",
    ),
}
_TYPE_NAMES = {*TYPES.values()}
EITHER_TYPE = {"img", "imgs", "fmg", "fmgs", "internationalmedicalgraduate", "foreignmedicalgraduate"}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def applicant_type_name(text: str, visa: str | None = None) -> str:
    """Return an applicant type as the tables write it: 'US citizen IMG' -> 'us-img'.

    Parameters
    ----------
    text
        Any spelling; 'IMG' alone is understood where the visa tells which.
    visa
        As `visa_word` returns it, where it is known.

    Raises
    ------
    RefusedInput
        Where it may be either type.
    """
    if not isinstance(text, str):
        raise RefusedInput(f"applicant type is {clipped(text)}; say us-img or non-us-img")
    if text in _TYPE_NAMES:
        return text
    key = _letters(text)
    if key in EITHER_TYPE:
        told = {"yes": "non-us-img", "green-card": "non-us-img", "citizen": "us-img"}.get(visa or "")
        if told is not None:
            return told
        raise RefusedInput(
            f"applicant type '{clipped(text)}' may be either: say us-img for a US citizen, "
            "non-us-img for everybody else (permanent residents too)"
        )
    words = text.strip().casefold().replace("_", " ").replace("-", " ").replace(".", "").split()
    return TYPES.get(key, "-".join(words))


def yes_or_no(value: Any, name: str) -> bool | None:
    """Return True, False or None (unknown) for yes/no, true/false, 1/0 or a blank."""
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text in ("", "unknown"):
        return None
    if text not in YES:
        raise RefusedInput(f"{name} is '{clipped(value)}'; it is yes or no (or left out where unknown)")
    return YES[text]


def visa_word(value: Any) -> str | None:
    """Return 'yes', 'no', 'green-card', 'citizen' or None (unknown) for what is said of a visa."""
    if isinstance(value, str) and _letters(value) in VISAS:
        return VISAS[_letters(value)]
    try:
        needed = yes_or_no(value, "visa needed")
    except RefusedInput:
        raise RefusedInput(
            f"visa needed is '{clipped(value)}'; it is yes, no, j-1, h-1b, green-card or citizen "
            "(or left out where unknown)"
        ) from None
    return {True: "yes", False: "no", None: None}[needed]


def _visa_needed(word: str | None, kind: str) -> bool | None:
    """Return whether a visa is needed, refused where it cannot be for the applicant type."""
    if kind == "us-img" and word == "yes":
        raise RefusedInput(
            "visa needed is yes, but US IMGs are US citizens, who need no visa; "
            "leave it out, or ask as non-us-img"
        )
    if kind == "us-img" and word == "green-card":
        raise RefusedInput(
            "the NRMP counts permanent residents (green card) as non-US IMGs, who need no visa; "
            "ask as non-us-img"
        )
    if kind == "non-us-img" and word == "citizen":
        raise RefusedInput(
            "US citizens who graduated abroad are US IMGs, wherever they studied; ask as us-img"
        )
    return None if word is None else word == "yes"


@overload
def read_number(
    value: Any, name: str, low: float, high: float, meaning: str, whole: Literal[False] = False
) -> float | None: ...
@overload
def read_number(
    value: Any, name: str, low: float, high: float, meaning: str, whole: Literal[True]
) -> int | None: ...
def read_number(
    value: Any, name: str, low: float, high: float, meaning: str, whole: bool = False
) -> float | None:
    """Return a number between two, None for a blank.

    Parameters
    ----------
    value
        A number, or text.
    name, meaning
        For the message: what it is, and what it can be.
    whole
        Whether it must be a whole one.

    Raises
    ------
    RefusedInput
        In one line.
    """
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


def _failed(attempts: int | None, failed: bool | None, step: str) -> bool | None:
    if attempts is None:
        return failed
    derived = attempts >= 2
    if failed is not None and failed != derived:
        raise RefusedInput(
            f"{step}_attempts {attempts} and {step}_failed {'yes' if failed else 'no'} disagree; "
            "2 attempts or more mean that the exam was failed at least once: give one of the two"
        )
    return derived


@dataclass(frozen=True, slots=True, repr=False)
class Applicant:
    """One applicant and one specialty; what is None is unknown and drops out of the answer.

    Parameters
    ----------
    specialty
        Any spelling that `asked_specialty` knows.
    applicant_type
        'us-img', 'non-us-img', or another type of the model's tables.
    step2_ck
        Score on the 1 to 300 scale.
    step1_attempts, step2_attempts
        Attempts; 2 or more mean that the exam was failed at least once.
    yog
        Year of graduation; turned into years since graduation by `cycle`.
    usce_months
        Months of US clinical experience.
    visa_needed
        True or False, or a word of `--visa`; US IMGs need none.
    cycle
        Year of the Match; the year after the model's newest table where absent.
    years_since_graduation
        Instead of `yog`.
    step1_failed, step2_failed
        Instead of the attempts.

    Raises
    ------
    RefusedInput
        For a value that cannot be, in one line that says what can.
    """

    specialty: str
    applicant_type: str
    step2_ck: float | None = None
    step1_attempts: int | None = None
    step2_attempts: int | None = None
    yog: int | None = None
    usce_months: float | None = None
    visa_needed: bool | None = None
    cycle: int | None = None
    years_since_graduation: float | None = None
    step1_failed: bool | None = None
    step2_failed: bool | None = None

    def __post_init__(self) -> None:
        for name, value in self._read().items():
            object.__setattr__(self, name, value)

    def _read(self) -> dict[str, Any]:
        """Return the fields as they are kept."""
        word = visa_word(self.visa_needed)
        kind = applicant_type_name(self.applicant_type, word)
        if not kind:
            raise RefusedInput("applicant type is empty; say us-img or non-us-img")
        limit = f"an attempt count is between 1 and {ATTEMPT_LIMIT} ({ATTEMPT_LIMIT_BEFORE} before July 2021)"
        cycle = read_number(
            self.cycle,
            "cycle",
            CYCLE_LOW,
            CYCLE_HIGH,
            "it is the year of the Match, such as 2027",
            whole=True,
        )
        yog = read_number(
            self.yog,
            "year of graduation",
            EARLIEST_YOG,
            CYCLE_HIGH,
            f"give a year from {EARLIEST_YOG} on, such as 2024",
            whole=True,
        )
        if yog is not None and cycle is not None:
            _graduated_by(yog, cycle)
        attempts = [
            read_number(value, f"{step} attempts", 1, ATTEMPT_LIMIT_BEFORE, limit, whole=True)
            for step, value in (("Step 1", self.step1_attempts), ("Step 2 CK", self.step2_attempts))
        ]
        visa = _visa_needed(word, kind)
        return {
            "specialty": asked_specialty(self.specialty),
            "applicant_type": kind,
            "step2_ck": read_number(
                self.step2_ck,
                "Step 2 CK",
                SCORE_LOW,
                SCORE_HIGH,
                f"scores are on the {SCORE_LOW} to {SCORE_HIGH} scale",
            ),
            "step1_attempts": attempts[0],
            "step2_attempts": attempts[1],
            "yog": yog,
            "usce_months": read_number(
                self.usce_months,
                "US clinical experience",
                0,
                USCE_LIMIT,
                f"it is in months, between 0 and {USCE_LIMIT}",
            ),
            "visa_needed": visa,
            "cycle": cycle,
            "years_since_graduation": read_number(
                self.years_since_graduation,
                "years since graduation",
                0,
                YEARS_LIMIT,
                f"it is between 0 and {YEARS_LIMIT}",
            ),
            "step1_failed": _failed(attempts[0], yes_or_no(self.step1_failed, "step1_failed"), "step1"),
            "step2_failed": _failed(attempts[1], yes_or_no(self.step2_failed, "step2_failed"), "step2"),
        }

    def __repr__(self) -> str:
        known = "".join(
            f", {name}={value!r}"
            for name, value in self.given().items()
            if name not in ("specialty", "applicant_type")
        )
        return f"Applicant({self.specialty!r}, {self.applicant_type!r}{known})"

    def given(self) -> dict[str, Any]:
        """Return what is known, by field."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}

    def replace(self, **changes: Any) -> "Applicant":
        """Return a copy with `changes`, checked again; what follows from a changed value is derived anew."""
        kept = {name: getattr(self, name) for name in FIELDS}
        for step in ("step1", "step2"):
            if step + "_attempts" in changes and kept[step + "_attempts"] is not None:
                kept[step + "_failed"] = None
        if self.yog is not None and ("yog" in changes or "cycle" in changes):
            kept["years_since_graduation"] = None
        return type(self)(**{**kept, **changes})

    __replace__ = replace  # copy.replace

    def in_cycle(self, default_cycle: int) -> "Applicant":
        """Return the applicant with cycle and years since graduation filled in.

        Raises
        ------
        RefusedInput
            When the year of graduation is after the cycle, or disagrees with the years given.
        """
        cycle = self.cycle if self.cycle is not None else default_cycle
        years = self.years_since_graduation
        if self.yog is not None:
            _graduated_by(self.yog, cycle)
            derived = float(cycle - self.yog)
            if years is not None and years != derived:
                raise RefusedInput(
                    f"year of graduation {self.yog} and {years:g} years since graduation disagree in "
                    f"cycle {cycle} (that year is {derived:g} years ago); give one of the two"
                )
            years = derived
        if (cycle, years) == (self.cycle, self.years_since_graduation):
            return self
        return type(self)(
            **{name: getattr(self, name) for name in FIELDS}
            | {"cycle": cycle, "years_since_graduation": years}
        )


FIELDS = tuple(f.name for f in fields(Applicant))


def _graduated_by(yog: int, cycle: int) -> None:
    if yog > cycle:
        raise RefusedInput(
            f"year of graduation {yog} is after the cycle {cycle}; it is at the latest the year of the Match"
        )
