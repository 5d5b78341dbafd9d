"""Where an applicant stands among those who rank a specialty: above, near or below the average, by a stated rule."""

from dataclasses import dataclass
from typing import Any, Literal

from ..model.answer import Answer

Word = Literal["above average", "near average", "below average", "not known"]
ABOVE, NEAR, BELOW, UNKNOWN = "above average", "near average", "below average", "not known"
# The rule is a choice, made of the model's own terms.
RULE = (
    "Above average: the whole 80% range of the chance, if you rank at least one program, lies above the average of "
    "applicants of the same type who rank the specialty. Below average: the whole range lies below it. Near average: the "
    "range holds it. The rule is a choice, and it compares with others who rank the same specialty: above average in a "
    "hard one can still be less than an even chance."
)
WHY: dict[str, str] = {
    ABOVE: "the whole 80% range lies above the average",
    BELOW: "the whole 80% range lies below the average",
    NEAR: "the 80% range holds the average",
    UNKNOWN: "nothing but specialty and type is known, so the answer is the average",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an applicant stands: P(match | ranked) and its 80% range against the specialty's average."""

    word: Word
    p: float
    low: float
    high: float
    average: float

    @property
    def why(self) -> str:
        """The rule as it applies."""
        return WHY[self.word]

    def to_dict(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        return {"word": self.word, "p": self.p, "low": self.low, "high": self.high, "average": self.average, "why": self.why}


def word_of(low: float, high: float, average: float) -> Word:
    """Return the word of a range against an average; an end that touches it does not clear it."""
    return ABOVE if low > average else BELOW if high < average else NEAR


def standing(answer: Answer) -> Standing | None:
    """Return the `Standing` of an answer, None where it is withheld."""
    if answer.p_ranked is None or answer.average_ranked is None:
        return None
    found = answer.p_ranked
    word = word_of(found.low, found.high, answer.average_ranked) if answer.likelihood_ratios else UNKNOWN
    return Standing(word, found.point, found.low, found.high, answer.average_ranked)
