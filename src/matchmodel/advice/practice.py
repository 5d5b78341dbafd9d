"""A Step 2 CK that is not known yet: its distribution, from a practice test or a mean and SD, and what is averaged over it.

Standard library only.
"""

from collections import namedtuple
from math import ceil, erf, erfc, exp, isfinite, pi, sqrt

from ..applicant import SCORE_HIGH, SCORE_LOW
from ..errors import NotInModel, RefusedInput, clipped

SD_HIGH = 50.0  # points; beyond, the whole scale is open and nothing was said
PER_CENT = 100  # a practice score up to it may be a percentage of right answers, not a score
UNSPECIFIED = "unspecified"  # the row for tests that have none of their own
STEP, REACH = 0.3, 6.0  # of the sums up to a mark, in standard deviations: between two points, and from the mean to the end

# Gauss-Hermite nodes (in standard deviations) and weights of a normal distribution, the half from its mean up (Abramowitz and Stegun, table 25.10, times sqrt(2) and over sqrt(pi))
HERMITE = {
    3: ((0.0, 0.6666666666666667), (1.7320508075688772, 0.16666666666666666)),
    9: (
        (0.0, 0.4063492063492064), (1.0232556637891326, 0.2440975028949394), (2.07684797867783, 0.04991640676521791), (3.2054290028564703, 0.0027891413212317653),
        (4.5127458633997835, 2.2345844007746576e-05),
    ),
    15: (
        (0.0, 0.3182595182595182), (0.7991290683245481, 0.2324622936097323), (1.6067100690287297, 0.08941779539984439), (2.432436827009758, 0.017365774492137616),
        (3.289082424398767, 0.0015673575035499558), (4.1962077112690155, 5.642146405189015e-05), (5.190093591304782, 5.975419597920582e-07), (6.3639478888298395, 8.589649899633293e-10),
    ),
}  # fmt: skip


def number(value, name, low, high, meaning):
    """Return a float between two ends.

    Raises
    ------
    RefusedInput
        In one line that says what can be given.
    """
    try:
        if isinstance(value, (bool, bytes)) or (isinstance(value, str) and "_" in value):
            raise ValueError  # which float() would read
        found = float(value)
    except OverflowError:
        found = float("inf")
    except (TypeError, ValueError):
        raise RefusedInput(f"{name} is '{clipped(value)}', not a number; {meaning}") from None
    if not isfinite(found) or not low <= found <= high:
        raise RefusedInput(f"{name} is {clipped(value)}; {meaning}")
    return found + 0.0


def normal_cdf(x):
    """Return P(a standard normal number <= x)."""
    return 0.5 * erfc(-x / sqrt(2.0)) if x < 0 else 0.5 * (1.0 + erf(x / sqrt(2.0)))


class Scores(namedtuple("Scores", "mean sd taken basis grade told source")):
    """A normal distribution of Step 2 CK; what lies beyond the ends of the scale is taken as at the end.

    Attributes
    ----------
    mean : float or None
        None where nothing is known of the score.
    sd : float
        0 for a known score.
    taken : bool
        Whether the exam is passed already, so that it can't be taken again.
    basis : {'evidence', 'assumed', 'known', 'unknown'}
    grade : str or None
        Of the evidence.
    told : str
        Where it comes from, in words.
    source : str or None
    """

    __slots__ = ()

    def nodes(self, count):
        """Return (score, weight) of a Gauss-Hermite rule.

        E f(S) = sum_i w_i f(mean + SD x_i), exact for polynomials of degree up to 2 count - 1 (Abramowitz and Stegun,
        Handbook of Mathematical Functions, 25.4.46). One node with all weight where the SD is 0.
        """
        if self.mean is None or not self.sd:
            return ((self.mean, 1.0),)
        half = HERMITE[count]
        both = [(-x, w) for x, w in reversed(half[1:])] + list(half)
        return tuple((min(max(self.mean + self.sd * x, float(SCORE_LOW)), float(SCORE_HIGH)), w) for x, w in both)

    def average(self, function, count):
        """Return E f(S)."""
        return sum(w * function(score) for score, w in self.nodes(count))

    def under(self, mark):
        """Return P(score < mark), None where nothing is known of it; scores are whole numbers, so half a point is taken off the mark."""
        if self.mean is None:
            return None
        if not self.sd:
            return float(self.mean < mark)
        return normal_cdf((mark - 0.5 - self.mean) / self.sd)

    def above(self, function, mark, whole):
        """Return E[ f(S); S >= mark ]: f counts as 0 below the mark.

        The part below is summed by Simpson's rule and taken from the whole.

        Parameters
        ----------
        function : callable
        mark : float
        whole : float
            E f(S).
        """
        if not self.sd:
            return 0.0 if self.under(mark) else whole
        low, high = self.mean - REACH * self.sd, min(mark - 0.5, self.mean + REACH * self.sd)
        if high <= low:
            return whole
        steps = 2 * ceil((high - low) / (2.0 * STEP * self.sd))
        step, total = (high - low) / steps, 0.0
        for k in range(steps + 1):
            score = low + k * step
            z = (score - self.mean) / self.sd
            each = exp(-0.5 * z * z) * function(min(max(score, float(SCORE_LOW)), float(SCORE_HIGH)))
            total += each * (1 if k in (0, steps) else 4 if k % 2 else 2)
        return max(0.0, whole - total * step / (3.0 * self.sd * sqrt(2.0 * pi)))

    def gained(self, gain, gain_sd=0.0):
        """Return the distribution after a gain that is independent of the score."""
        return self._replace(mean=self.mean + gain, sd=sqrt(self.sd**2 + gain_sd**2)) if gain or gain_sd else self


def of_mean(mean, sd):
    """Return `Scores` of a mean and a standard deviation of one's own."""
    m = number(mean, "mean", SCORE_LOW, SCORE_HIGH, f"scores are on the {SCORE_LOW} to {SCORE_HIGH} scale")
    s = number(sd, "SD", 0, SD_HIGH, f"it is in points, between 0 and {SD_HIGH:.0f}")
    return Scores(m, s, False, "assumed", None, "the mean and SD that you gave", None)


def of_score(step2_ck, taken=True):
    """Return `Scores` of a known score, an SD of 0; of None, an unknown one."""
    if step2_ck is None:
        return Scores(None, 0.0, bool(taken), "unknown", None, "not given: the average of applicants", None)
    if taken:
        return Scores(float(step2_ck), 0.0, True, "known", None, "the score of the exam, taken and passed", None)
    return Scores(float(step2_ck), 0.0, False, "assumed", None, "the score that you expect, taken as sure", None)


def folded(name):
    """Return the letters and digits of a name, lower case: 'Free 120' -> 'free120'."""
    return "".join(c for c in str(name).casefold() if c.isalnum())


def row_named(tests, name):
    """Return the row of a practice test, by a loose name; the unspecified one where the name is none of those listed.

    Raises
    ------
    NotInModel
        Where the model has no practice tests, or none for others.
    """
    if not tests:
        raise NotInModel("this model has no figures on practice tests; give --mean and --sd instead, or train it on a table of them")
    asked, known = folded(name), {folded(row["test"]): row for row in tests}
    if not asked:
        raise RefusedInput(f"practice test is '{clipped(name)}'; say one of {', '.join(row['test'] for row in tests)}")
    if asked in known:
        return known[asked]
    near = [row for key, row in known.items() if key != UNSPECIFIED and (asked.startswith(key) or (len(asked) > 3 and key.startswith(asked)))]
    if len(near) == 1:
        return near[0]
    if UNSPECIFIED in known:
        return known[UNSPECIFIED]
    raise NotInModel(f"no figures on the practice test '{clipped(name)}'; there are some on {', '.join(row['test'] for row in tests)}; or give --mean and --sd")


def of_practice(model, name, score):
    """Return `Scores` of a practice test: normal around the practice score less the test's bias, with the residual SD.

    The figures are those of the register: self-reports of volunteers, who are not all applicants; a score that was not
    good is perhaps not reported. That the residual is normal and the same at every score is assumed.

    Parameters
    ----------
    model : Model
    name : str
        NBME, UWSA2, Free 120, in any spelling; another test is answered with the unspecified figures.
    score : float
        As a Step 2 CK score, three digits; not a percentage.

    Raises
    ------
    RefusedInput
    """
    row = row_named((model.content.get("advice") or {}).get("practice_tests"), name)
    meaning = f"give the Step 2 CK that the test predicts, between {PER_CENT + 1} and {SCORE_HIGH}"
    n = number(score, "practice score", 0, SCORE_HIGH, meaning)
    if n <= PER_CENT:
        raise RefusedInput(f"practice score is {n:g}, which may be a percentage of right answers; {meaning}")
    if row["sd"] is None:
        raise NotInModel(f"the table has no residual SD of {row['test']}; give --mean and --sd instead")
    bias = row["bias"] or 0.0
    other = folded(row["test"]) == UNSPECIFIED
    test = f"a practice test without figures of its own ('{clipped(name, 20)}')" if other else row["test"]
    less = f", less {bias:g} that it over-predicts" if bias > 0 else f", {-bias:g} more, which it under-predicts" if bias else ""
    told = f"{n:g} on {test}{less}; residual SD {row['sd']:g}"
    return Scores(min(max(n - bias, float(SCORE_LOW)), float(SCORE_HIGH)), row["sd"], False, "evidence", row["grade"], told, row["source"])
