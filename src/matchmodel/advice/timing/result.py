"""What `matchmodel timing` answers: each cycle, both, and how they compare."""

from typing import Any, Literal

from ...applicant import Applicant
from ...frozen import frozen
from ...model.answer import Answer
from ...model.engine import Range
from ...model.records import Note
from ...readable import Readable
from ..common import plain, plain_notes
from ..practice import Scores

SAME = 5e-4  # difference of two chances under which they come to the same


@frozen
class Option:
    """One applicant in one cycle.

    Attributes
    ----------
    ranked
        P(match | ranked), averaged over the scores.
    apply
        The chance if you apply; None without a chain.
    held
        The chance with the interviews that are held now: of this cycle's match, or, with the luck that they
        show, of the next one's; None where they are not given, or without a chain.
    under_mark
        Share of the scores under today's passing mark; None for an exam that is passed.
    passed
        The chance where a fail counts as no match.
    usd
        Application fees, and what is paid once a season.
    """

    cycle: int
    years_since_graduation: float | None
    usce_months: float | None
    scores: Scores
    ranked: Range
    apply: Range | None
    held: Range | None
    under_mark: float | None
    passed: float | None
    usd: float | None

    @property
    def chance(self) -> Range:
        """With the interviews held, else if you apply, else if you rank at least one program."""
        return self.held or self.apply or self.ranked

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        made: dict[str, Any] = {
            "cycle": self.cycle,
            "years_since_graduation": self.years_since_graduation,
            "usce_months": self.usce_months,
            "step2_ck": self.scores.to_dict(),
        }
        chances = (("p_ranked", self.ranked), ("p_apply", self.apply), ("p_given_interviews", self.held))
        for name, found in chances:
            for end, part in (("", "point"), ("_low", "low"), ("_high", "high")):
                made[name + end] = None if found is None else getattr(found, part)
        return made | {
            "share_under_passing_mark": self.under_mark,
            "fail_as_no_match": self.passed,
            "usd": self.usd,
        }


@frozen
class Compared:
    """Waiting against something else: the difference, and the share of draws in which waiting is better."""

    difference: Range
    share: float

    @property
    def waiting_is_better(self) -> bool:
        """Whether the point says so."""
        return self.difference.point > 0

    @property
    def sure(self) -> float:
        """Share of the draws that agree with the point."""
        return self.share if self.waiting_is_better else 1.0 - self.share

    @property
    def better(self) -> Literal["waiting", "applying now"] | None:
        """Which is better; None where they come to the same."""
        if abs(self.difference.point) < SAME:
            return None
        return "waiting" if self.waiting_is_better else "applying now"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        d = self.difference
        return {
            "difference": d.point,
            "low": d.low,
            "high": d.high,
            "share": self.share,
            "better": self.better,
            "sure": self.sure,
        }


@frozen
class BothCycles:
    """Applying now, and again the year after if it fails.

    Attributes
    ----------
    any
        P(match in either), luck shared between the cycles; without a chain luck is independent. As the
        others, with the interviews held where they are given.
    independent
        The same with independent luck.
    repeat
        The same where the second try has the lower odds that the register gives to people who applied
        before; never above `any`.
    second
        The chance of the second try on its own, with the score of the first.
    usd_most, usd_expected
        Fees of both cycles, and on average, the second being paid only after a failure.
    """

    any: Range
    independent: float
    repeat: float | None
    second: Range
    usd_most: float | None
    usd_expected: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "point": self.any.point,
            "low": self.any.low,
            "high": self.any.high,
            "independent": self.independent,
            "repeat": self.repeat,
            "second": plain(self.second),
            "usd_most": self.usd_most,
            "usd_expected": self.usd_expected,
        }


@frozen
class Comparison:
    """The two cycles side by side.

    Attributes
    ----------
    against_now, against_both
        Waiting against applying now alone, and against applying now and again.
    gain_possible
        Whether the exam is still to be taken and something is known of the score.
    tip_now, tip_both
        The least whole number of points that makes waiting the better; 0 where it is better with none; None
        where no gain does it.
    """

    now: Option
    wait: Option
    both: BothCycles
    against_now: Compared
    against_both: Compared
    gain_possible: bool
    tip_now: int | None
    tip_both: int | None


@frozen
class Timing(Readable):
    """This cycle or the next.

    Attributes
    ----------
    answer
        Of `predict`, for the applicant as given.
    applications
        In each cycle; None without a chain.
    mark
        Today's passing mark.
    repeat
        The register's row on people who applied before.
    basis
        {figure: 'measured', 'evidence' or 'assumed'}; of the scores also 'known' and 'unknown'.
    """

    WRITER = "matchmodel.advice.timing.text"
    ROWS = ("this_cycle", "next_cycle")

    answer: Answer
    gain: float
    gain_sd: float
    usce_gain: float
    applications: int | None = None
    mark: int | None = None
    found: Comparison | None = None
    repeat: dict[str, Any] | None = None
    basis: dict[str, str] | None = None
    notes: tuple[Note, ...] = ()

    @property
    def applicant(self) -> Applicant:
        """With cycle and years since graduation filled in."""
        return self.answer.applicant

    @property
    def measure(self) -> Literal["p_apply", "p_ranked"]:
        """The chance that is compared."""
        return "p_ranked" if self.applications is None else "p_apply"

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        f = self.found
        return {
            "answer": self.answer.to_dict(),
            "measure": self.measure,
            "applications": self.applications,
            "passing_mark": self.mark,
            "gain": self.gain,
            "gain_sd": self.gain_sd,
            "usce_gain": self.usce_gain,
            "this_cycle": None if f is None else f.now.to_dict(),
            "next_cycle": None if f is None else f.wait.to_dict(),
            "both_cycles": None if f is None else f.both.to_dict(),
            "waiting_against_now": None if f is None else f.against_now.to_dict(),
            "waiting_against_now_and_again": None if f is None else f.against_both.to_dict(),
            "gain_possible": None if f is None else f.gain_possible,
            "tipping_gain": None if f is None else f.tip_now,
            "tipping_gain_against_both": None if f is None else f.tip_both,
            "applied_before": self.repeat,
            "basis": self.basis,
            "notes": plain_notes(self.notes),
        }
