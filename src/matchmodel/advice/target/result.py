"""What `matchmodel target` answers: the score that a chance takes, by which chance is meant."""

from typing import Any, Literal

from ...frozen import frozen
from ...model.answer import Answer
from ...model.engine import Range
from ...model.records import Basis, Note
from ...readable import Readable
from ..common import plain, plain_notes
from ..what_if.result import Lever

Measure = Literal["apply", "ranked", "interviews"]


@frozen
class ScoreNeeded:
    """The Step 2 CK that a chance takes: if you apply, if you rank one, or with the interviews held.

    Attributes
    ----------
    score
        The least passing whole score at which the mean over draws reaches the target; None where none does.
    low, high
        80% range of each draw's own least score; None where too many draws never reach the target.
    chance
        With that score, or with the highest one where none does it.
    below
        With one point less; None where there is none that passes, or no score does it.
    top
        With the highest score of the scale.
    extrapolated
        Whether the table did not see that score.
    """

    measure: Measure
    score: int | None
    low: int | None
    high: int | None
    chance: Range
    below: float | None
    top: Range
    extrapolated: bool

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "measure": self.measure,
            "reachable": self.score is not None,
            "step2_ck": self.score,
            "step2_ck_low": self.low,
            "step2_ck_high": self.high,
            "chance": plain(self.chance),
            "chance_one_point_less": self.below,
            "chance_at_top_of_scale": plain(self.top),
            "extrapolated": self.extrapolated,
        }


@frozen
class Target(Readable):
    """The Step 2 CK that a chance of matching takes.

    Attributes
    ----------
    answer
        Of `predict`, for the applicant as given: a score of your own is set beside the one that is needed.
    asked
        Which of `scores` was asked for: if you apply where applications are given, else if you rank at
        least one.
    lowest
        Today's passing mark, the lowest score that is looked at.
    taken
        Whether the applicant's own score is of an exam that is passed.
    published
        {'matched' or 'not_matched': n, min, q1, median, q3, max}, of the type's own table.
    levers
        Of `what_if`, where the applicant's own score is of an exam that is passed: what else there is.
    """

    WRITER = "matchmodel.advice.target.text"
    ROWS = "by_measure"

    answer: Answer
    target: float
    lowest: int
    taken: bool
    asked: Measure = "ranked"
    scores: tuple[ScoreNeeded, ...] = ()
    published: dict[str, dict[str, float | None]] | None = None
    basis: dict[str, Basis] | None = None
    notes: tuple[Note, ...] = ()
    levers: tuple[Lever, ...] = ()

    @property
    def found(self) -> ScoreNeeded | None:
        """The one that was asked for, None where the answer is withheld."""
        return next((one for one in self.scores if one.measure == self.asked), None)

    @property
    def stays(self) -> float | None:
        """The applicant's own score where it is of an exam that is passed; it cannot be retaken."""
        return self.answer.applicant.step2_ck if self.taken else None

    @property
    def own(self) -> Range | None:
        """The same chance with the applicant's own score."""
        return None if self.answer.applicant.step2_ck is None else self.as_is(self.asked)

    def as_is(self, measure: Measure) -> Range | None:
        """Return a chance as things are."""
        a = self.answer
        return {"apply": a.p_apply, "ranked": a.p_ranked, "interviews": a.p_given_interviews}[measure]

    @property
    def missing(self) -> float | None:
        """Points that the applicant's own score lacks, negative where it has more."""
        own = self.answer.applicant.step2_ck
        return (
            None if own is None or self.found is None or self.found.score is None else self.found.score - own
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        own, found = self.answer.applicant.step2_ck, self.found
        made = {
            "answer": self.answer.to_dict(),
            "target": self.target,
            "applications": self.answer.applications if self.asked == "apply" else None,
            "passing_mark": self.lowest,
            "any_passing_score": None if found is None else found.score == self.lowest,
        }
        nothing = dict.fromkeys(
            (
                "measure",
                "reachable",
                "step2_ck",
                "step2_ck_low",
                "step2_ck_high",
                "chance",
                "chance_one_point_less",
                "chance_at_top_of_scale",
                "extrapolated",
            )
        )
        made |= nothing if found is None else found.to_dict()
        return made | {
            "by_measure": [one.to_dict() for one in self.scores],
            "own": None
            if own is None
            else {
                "step2_ck": own,
                "taken": self.taken,
                "chance": plain(self.own),
                "points_missing": self.missing,
            },
            "what_else": [lever.to_dict() for lever in self.levers],
            "published": self.published or {},
            "basis": self.basis or {},
            "notes": plain_notes(self.notes),
        }
