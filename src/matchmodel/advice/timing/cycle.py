"""One applicant in one cycle, averaged over a distribution of Step 2 CK; and in two, luck shared."""

from collections.abc import Callable, Sequence

import numpy as np

from ...applicant import SCORE_HIGH, SCORE_LOW, Applicant
from ...model.engine import People, expit
from ..common import chances_of
from ..luck import Shared, after_invitations, as_asked
from ..practice import Scores

TINY = 1e-15


class Cycle:
    """One applicant in one specialty and one cycle.

    Parameters
    ----------
    people_of
        Applicants -> the engine's view of them: `Model.people`, or that of the cycle after
        (`people_a_year_on`).
    applicant
        Resolved; its score is not looked at.
    applications
        None without a chain.
    held
        Interviews held in this cycle, or in the one before; None where they are not known.
    before
        The cycle in which those are held, where it is not this one: they tell of the applicant's luck.
    """

    def __init__(
        self,
        people_of: Callable[[Sequence[Applicant]], People],
        applicant: Applicant,
        applications: int | None,
        held: int | None = None,
        before: "Cycle | None" = None,
    ) -> None:
        self._people_of, self.applicant, self.applications = people_of, applicant, applications
        self.held, self._before = held, before
        self._known: dict[bytes, People] = {}

    def people(self, scores: np.ndarray) -> People:
        """Return the applicant with each score, NaN for an unknown one; each question's scores are kept."""
        key = scores.tobytes()
        if key not in self._known:
            each = [self.applicant.replace(step2_ck=None if np.isnan(s) else float(s)) for s in scores]
            self._known[key] = self._people_of(each)
        return self._known[key]

    def applied(self, scores: np.ndarray) -> np.ndarray:
        """Return the chance if you apply at each score, P(match | ranked) without a chain; shape (n, d)."""
        people = self.people(scores)
        return people.p_ranked() if self.applications is None else chances_of(people, self.applications)

    def chances(self, scores: np.ndarray, gain: float = 0.0) -> np.ndarray:
        """Return that chance with what the interviews held tell, where they are known; shape (n, d).

        Parameters
        ----------
        scores
        gain
            Points that they are above those with which the interviews were got.
        """
        if self.held is None or self.applications is None:
            return self.applied(scores)
        people = self.people(scores)
        if self._before is None:
            return people.p_given(np.full(len(scores), self.held))
        then = self._before.people(np.clip(scores - gain, SCORE_LOW, SCORE_HIGH) if gain else scores)
        return after_invitations(then, self.held, people, self.applications)

    def chance(self, scores: Scores, gain: float = 0.0) -> np.ndarray:
        """Return that chance averaged over a distribution of scores, shape (d,)."""
        values, weights = scores.nodes()
        chance: np.ndarray = weights @ self.chances(values, gain)
        return chance

    def apply(self, scores: Scores) -> np.ndarray:
        """Return the chance if you apply, whatever is held, averaged; shape (d,)."""
        values, weights = scores.nodes()
        chance: np.ndarray = weights @ self.applied(values)
        return chance

    def ranked(self, scores: Scores) -> np.ndarray:
        """Return P(match | ranked) averaged, shape (d,)."""
        values, weights = scores.nodes()
        chance: np.ndarray = weights @ self.people(values).p_ranked()
        return chance


class Both:
    """A first cycle, and a second where the first fails, with the same score in both.

    Attributes
    ----------
    any
        P(match in either), luck shared between the cycles (independent without a chain), shape (d,).
    independent
        The same with independent luck.
    """

    def __init__(self, first: Cycle, second: Cycle, scores: Scores) -> None:
        values, self._weights = scores.nodes()
        self._first, self._second = first.chances(values), second.chances(values)
        self.independent = self._either(second.applied(values))
        if first.applications is None:
            self.any = self.independent
        elif first.held is not None:  # given them and the score, the two tries are independent
            self.any = self._either(self._second)
        else:
            people = [first.people(values), second.people(values)]
            shared = Shared(people, [as_asked(who) for who in people])
            self.any = self._weights @ shared.any([first.applications] * 2)

    def _either(self, second: np.ndarray) -> np.ndarray:
        either: np.ndarray = self._weights @ (self._first + (1.0 - self._first) * second)
        return either

    def lowered(self, log_odds: float) -> float:
        """Return P(match in either) where the odds of the second try are so much lower, luck independent."""
        p = np.clip(self._second, TINY, 1.0 - TINY)
        return float(self._either(expit(np.log(p) - np.log1p(-p) + log_odds)).mean())
