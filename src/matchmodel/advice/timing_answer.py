"""What `matchmodel timing` answers: each cycle, both, and how they compare.

Standard library only.
"""

from collections import namedtuple

SAME = 5e-4  # difference of two chances under which they come to the same


class Option(namedtuple("Option", "cycle years_since_graduation usce_months scores ranked apply under_mark passed usd")):
    """One person in one cycle.

    Attributes
    ----------
    cycle : int
    years_since_graduation, usce_months : float or None
    scores : matchmodel.advice.practice.Scores
    ranked : Figure
        P(match | at least one ranked program), averaged over the scores.
    apply : Figure or None
        P(match), counted from the application on; None without a chain.
    under_mark : float or None
        Share of the scores under today's passing mark; None for an exam that is passed.
    passed : float or None
        The chance of `apply` (of `ranked` without a chain) where a fail counts as no match.
    usd : float or None
        Application fees, and what is paid once a season.
    """

    __slots__ = ()

    @property
    def chance(self):
        """From the application on where there is a chain, else given a rank."""
        return self.ranked if self.apply is None else self.apply


class Compared(namedtuple("Compared", "difference low high share")):
    """Waiting against something else: the difference of the chances, its 80% range, and the share of joint draws in which waiting is better."""

    __slots__ = ()

    @property
    def waiting_is_better(self):
        """Whether the point says so."""
        return self.difference > 0

    @property
    def sure(self):
        """Share of the joint draws that agree with the point."""
        return self.share if self.waiting_is_better else 1.0 - self.share


class Both(namedtuple("Both", "point low high independent repeat second usd_most usd_expected")):
    """Applying now, and again the year after if it fails.

    Attributes
    ----------
    point, low, high : float
        P(match in either), luck shared between the cycles; without a chain luck is independent.
    independent : float
        The same with independent luck.
    repeat : float or None
        The same where the second try has the lower odds that the register gives to people who applied before; never above `point`.
    second : Figure
        The chance of the second try on its own, with the score of the first.
    usd_most, usd_expected : float or None
        Fees of both cycles, and on average, the second being paid only after a failure.
    """

    __slots__ = ()


_FIELDS = (
    "model_name applicant table_year measure applications usual listed mark gain gain_sd usce_gain now wait both against_now against_both "
    "gain_possible tip_now tip_both repeat basis season fixed warnings notes"
)


class Timing(namedtuple("Timing", _FIELDS)):
    """This cycle or the next.

    Attributes
    ----------
    applicant : Applicant
        With cycle and years since graduation filled in.
    measure : {'p_apply', 'p_ranked'}
        The chance that is compared: from the application on, or given a rank where there is no chain.
    applications, usual, listed : int or None
    mark : int or None
        Today's passing mark.
    gain, gain_sd, usce_gain : float
        As asked.
    now, wait : Option
    both : Both
    against_now, against_both : Compared
        Waiting against applying now alone, and against applying now and again.
    gain_possible : bool
        Whether the exam is still to be taken and something is known of the score.
    tip_now, tip_both : int or None
        The least whole number of points that makes waiting the better; 0 where it is better with none; None where no gain does it.
    repeat : dict or None
        The register's row on people who applied before.
    basis : dict
        {figure: 'measured', 'evidence' or 'assumed'}; of the scores also 'known' and 'unknown'.
    season, fixed : int or None, list
        Of the fees.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.applicant
        return {
            "model": self.model_name, "specialty": a.specialty, "applicant_type": a.applicant_type, "cycle": a.cycle, "table_year": self.table_year, "range": 0.8,
            "measure": self.measure, "applications": self.applications, "usual_applications": self.usual, "programs_listed": self.listed, "passing_mark": self.mark,
            "gain": self.gain, "gain_sd": self.gain_sd, "usce_gain": self.usce_gain,
            "this_cycle": _option(self.now), "next_cycle": _option(self.wait),
            "both_cycles": {**self.both._asdict(), "second": dict(self.both.second._asdict())},
            "waiting_against_now": _compared(self.against_now), "waiting_against_now_and_again": _compared(self.against_both),
            "gain_possible": self.gain_possible, "tipping_gain": self.tip_now, "tipping_gain_against_both": self.tip_both,
            "applied_before": self.repeat, "basis": self.basis,
            "fees": {"season": self.season, "fixed_usd": [{"what": what, "usd": usd} for what, usd in self.fixed]},
            "warnings": list(self.warnings), "notes": list(self.notes),
        }  # fmt: skip


def _option(option):
    return {
        "cycle": option.cycle, "years_since_graduation": option.years_since_graduation, "usce_months": option.usce_months, "step2_ck": dict(option.scores._asdict()),
        "p_ranked": option.ranked.point, "p_ranked_low": option.ranked.low, "p_ranked_high": option.ranked.high,
        **{"p_apply" + end: None if option.apply is None else getattr(option.apply, name) for end, name in (("", "point"), ("_low", "low"), ("_high", "high"))},
        "share_under_passing_mark": option.under_mark, "fail_as_no_match": option.passed, "usd": option.usd,
    }  # fmt: skip


def _compared(one):
    better = None if abs(one.difference) < SAME else "waiting" if one.waiting_is_better else "applying now"
    return {**one._asdict(), "better": better, "sure": one.sure}
