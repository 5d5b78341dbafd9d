"""A Step 2 CK that is not known yet: its distribution, from a practice test or a mean and SD."""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, erf, erfc, sqrt
from typing import Any, Literal

import numpy as np

from ..applicant import SCORE_HIGH, SCORE_LOW, read_number
from ..errors import NotInModel, RefusedInput, clipped
from ..frozen import frozen
from ..known import known
from ..model import Model
from ..model.records import Note

SD_HIGH = 50.0  # points; beyond, the whole scale is open and nothing was said
PER_CENT = 100  # a practice score up to it may be a percentage of right answers, not a score
UNSPECIFIED = "unspecified"  # the row for tests that have none of their own
NODES = 15  # of the Gauss-Hermite rule
STEP, REACH = (
    0.3,
    6.0,
)  # of the sums up to a mark, in standard deviations: between two points, and from the mean to the end


def number(value: Any, name: str, low: float, high: float, meaning: str) -> float:
    """Return a number between two; a blank is refused too."""
    found = read_number(value, name, low, high, meaning)
    if found is None:
        raise RefusedInput(f"{name} is blank; {meaning}")
    return float(found)


def normal_cdf(x: float) -> float:
    """Return P(a standard normal number <= x)."""
    return 0.5 * erfc(-x / sqrt(2.0)) if x < 0 else 0.5 * (1.0 + erf(x / sqrt(2.0)))


@frozen
class Scores:
    """A normal distribution of Step 2 CK; what lies beyond the ends of the scale is taken as at the end.

    Attributes
    ----------
    mean
        None where nothing is known of the score.
    sd
        0 for a known score.
    taken
        Whether the exam is passed already, so that it cannot be taken again.
    grade
        Of the evidence.
    told
        Where it comes from.
    """

    mean: float | None
    sd: float
    taken: bool
    basis: Literal["evidence", "assumed", "known", "unknown"]
    grade: str | None
    told: Note
    source: str | None

    def nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """Return scores (NaN where unknown) and weights of a Gauss-Hermite rule.

        E f(S) = sum_i w_i f(mean + SD x_i), exact for polynomials of degree up to 29 (Abramowitz and
        Stegun, Handbook of Mathematical Functions, 25.4.46). One node with all weight where the SD is 0.
        """
        if self.mean is None or not self.sd:
            return np.array([np.nan if self.mean is None else self.mean]), np.ones(1)
        x, w = np.polynomial.hermite.hermgauss(NODES)
        return np.clip(self.mean + self.sd * sqrt(2.0) * x, SCORE_LOW, SCORE_HIGH), w / w.sum()

    def under(self, mark: float) -> float | None:
        """Return P(score < mark); scores are whole numbers, so half a point is taken off the mark."""
        if self.mean is None:
            return None
        return normal_cdf((mark - 0.5 - self.mean) / self.sd) if self.sd else float(self.mean < mark)

    def above(self, chances: Callable[[np.ndarray], np.ndarray], mark: float, whole: float) -> float:
        """Return E[ f(S); S >= mark ]: f counts as 0 below the mark.

        The part below is summed by Simpson's rule and taken from the whole.

        Parameters
        ----------
        chances
            Scores -> f, shape (n,).
        mark
        whole
            E f(S).
        """
        if self.mean is None or not self.sd:
            return 0.0 if self.under(mark) else whole
        low, high = self.mean - REACH * self.sd, min(mark - 0.5, self.mean + REACH * self.sd)
        if high <= low:
            return whole
        steps = 2 * ceil((high - low) / (2.0 * STEP * self.sd))
        scores = np.linspace(low, high, steps + 1)
        weights = np.where(np.arange(steps + 1) % 2, 4.0, 2.0)
        weights[[0, -1]] = 1.0
        density = np.exp(-0.5 * ((scores - self.mean) / self.sd) ** 2) / (self.sd * sqrt(2.0 * np.pi))
        below = (
            (high - low) / steps / 3.0 * (weights * density) @ chances(np.clip(scores, SCORE_LOW, SCORE_HIGH))
        )
        return max(0.0, whole - float(below))

    def gained(self, gain: float, gain_sd: float = 0.0) -> "Scores":
        """Return the distribution after a gain that is independent of the score."""
        if not gain and not gain_sd:
            return self
        return replace(self, mean=known(self.mean) + gain, sd=sqrt(self.sd**2 + gain_sd**2))

    def to_dict(self) -> dict[str, Any]:
        """Return it as `--json` prints it."""
        from .notes import text

        named = {name: getattr(self, name) for name in ("mean", "sd", "taken", "basis", "grade")}
        return named | {"told": text(self.told), "source": self.source}


def of_mean(mean: Any, sd: Any) -> Scores:
    """Return `Scores` of a mean and a standard deviation of your own."""
    m = number(mean, "mean", SCORE_LOW, SCORE_HIGH, f"scores are on the {SCORE_LOW} to {SCORE_HIGH} scale")
    s = number(sd, "SD", 0, SD_HIGH, f"it is in points, between 0 and {SD_HIGH:.0f}")
    return Scores(m, s, False, "assumed", None, Note("score_of_mean"), None)


def of_score(step2_ck: float | None, taken: bool = True) -> Scores:
    """Return `Scores` of a known score, an SD of 0; of None, an unknown one."""
    if step2_ck is None:
        return Scores(None, 0.0, bool(taken), "unknown", None, Note("score_unknown"), None)
    if taken:
        return Scores(float(step2_ck), 0.0, True, "known", None, Note("score_taken"), None)
    return Scores(float(step2_ck), 0.0, False, "assumed", None, Note("score_expected"), None)


def folded(name: str) -> str:
    """Return the letters and digits of a name, lower case: 'Free 120' -> 'free120'."""
    return "".join(c for c in str(name).casefold() if c.isalnum())


def row_named(tests: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Return the row of a practice test by a loose name; the unspecified one where it is not listed.

    Raises
    ------
    NotInModel
        Where the model has no practice tests, or none for others.
    """
    if not tests:
        raise NotInModel(
            "this model has no figures on practice tests; give --mean and --sd instead, or train it "
            "on a table of them"
        )
    asked, known = folded(name), {folded(row["test"]): row for row in tests}
    if not asked:
        raise RefusedInput(
            f"practice test is '{clipped(name)}'; say one of {', '.join(row['test'] for row in tests)}"
        )
    if asked in known:
        return known[asked]
    near = [
        row
        for key, row in known.items()
        if key != UNSPECIFIED and (asked.startswith(key) or (len(asked) > 3 and key.startswith(asked)))
    ]
    if len(near) == 1:
        return near[0]
    if UNSPECIFIED in known:
        return known[UNSPECIFIED]
    raise NotInModel(
        f"no figures on the practice test '{clipped(name)}'; there are some on "
        f"{', '.join(row['test'] for row in tests)}; or give --mean and --sd"
    )


def of_practice(model: Model, name: str, score: Any) -> Scores:
    """Return `Scores` of a practice test: normal around its score less its bias, with the residual SD.

    The figures are those of the register: self-reports of volunteers, who are not all applicants; a score
    that was not good is perhaps not reported. That the residual is normal and the same at every score is
    assumed.

    Parameters
    ----------
    model
    name
        NBME, UWSA2, Free 120, in any spelling; another test is answered with the unspecified figures.
    score
        As a Step 2 CK score, three digits; not a percentage.

    Raises
    ------
    RefusedInput
    """
    row = row_named(model.record.advice.get("practice_tests") or [], name)
    meaning = f"give the Step 2 CK that the test predicts, between {PER_CENT + 1} and {SCORE_HIGH}"
    n = number(score, "practice score", 0, SCORE_HIGH, meaning)
    if n <= PER_CENT:
        raise RefusedInput(f"practice score is {n:g}, which may be a percentage of right answers; {meaning}")
    if row["sd"] is None:
        raise NotInModel(f"the table has no residual SD of {row['test']}; give --mean and --sd instead")
    bias, other = row["bias"] or 0.0, folded(row["test"]) == UNSPECIFIED
    told = Note(
        "score_of_practice",
        {
            "score": n,
            "test": clipped(name, 20) if other else row["test"],
            "own_figures": not other,
            "bias": bias,
            "sd": row["sd"],
        },
    )
    mean = min(max(n - bias, float(SCORE_LOW)), float(SCORE_HIGH))
    return Scores(mean, row["sd"], False, "evidence", row["grade"], told, row["source"])
