"""One applicant in one cycle, averaged over a distribution of Step 2 CK; and in two, luck shared."""

from collections.abc import Callable, Sequence

import numpy as np

from ...applicant import Applicant
from ...model.engine import People, expit
from ..common import chances_of
from ..luck import Shared, as_asked
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
    """

    def __init__(
        self,
        people_of: Callable[[Sequence[Applicant]], People],
        applicant: Applicant,
        applications: int | None,
    ) -> None:
        self._people_of, self.applicant, self.applications = people_of, applicant, applications
        self._known: dict[bytes, People] = {}

    def people(self, scores: np.ndarray) -> People:
        """Return the applicant with each score, NaN for an unknown one; each question's scores are kept."""
        key = scores.tobytes()
        if key not in self._known:
            each = [self.applicant.replace(step2_ck=None if np.isnan(s) else float(s)) for s in scores]
            self._known[key] = self._people_of(each)
        return self._known[key]

    def chances(self, scores: np.ndarray) -> np.ndarray:
        """Return the chance if you apply at each score, P(match | ranked) without a chain; shape (n, d)."""
        return self._of(self.people(scores))

    def _of(self, people: People) -> np.ndarray:
        return people.p_ranked() if self.applications is None else chances_of(people, self.applications)

    def chance(self, scores: Scores) -> np.ndarray:
        """Return that chance averaged over a distribution of scores, shape (d,)."""
        values, weights = scores.nodes()
        chance: np.ndarray = weights @ self.chances(values)
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
        cycles, people = (first, second), [first.people(values), second.people(values)]
        self._first, self._second = (cycle._of(who) for cycle, who in zip(cycles, people, strict=True))
        self.independent = self._weights @ (1.0 - (1.0 - self._first) * (1.0 - self._second))
        self.any = self.independent
        if first.applications is not None:
            shared = Shared(people, [as_asked(who) for who in people])
            self.any = self._weights @ shared.any([first.applications] * 2)

    def lowered(self, log_odds: float) -> float:
        """Return P(match in either) where the odds of the second try are so much lower, luck independent."""
        p = np.clip(self._second, TINY, 1.0 - TINY)
        second = expit(np.log(p) - np.log1p(-p) + log_odds)
        return float((self._weights @ (self._first + (1.0 - self._first) * second)).mean())
