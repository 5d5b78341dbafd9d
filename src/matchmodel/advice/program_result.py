"""What the best list out of a table of programs is told with: one frozen result, and its parts.

Standard library only.
"""

from collections import namedtuple


class Listed(namedtuple("Listed", "row program id specialty state setting chance low high plain signalled signal mark rate kind basis unknown")):
    """One program that can work.

    Attributes
    ----------
    row : int
        Its line in the table.
    program, id, specialty, state, setting : str or None
    chance, low, high : float or None
        Of an invitation, as it is listed, and its 80% range; None where nothing is known of the rate.
    plain, signalled : float or None
        The chance without and with a signal.
    signal : bool
        Whether one of the signals goes there.
    mark : {'reach', 'target', 'safer'} or None
        Its rate against the specialty's mean; None without a table of the specialty's rates.
    rate : float or None
        At which it invites the average applicant of the type.
    kind, basis : str or None
        Where the rate is from, and on what it rests: 'given' (the user's table), 'evidence', 'assumed'.
    unknown : tuple of str
        What would have to be known to be sure that it can work.
    """

    __slots__ = ()


class Dropped(namedtuple("Dropped", "row program id specialty state setting reasons")):
    """One program that cannot work, and why."""

    __slots__ = ()


class Part(namedtuple("Part", "specialty in_table eligible applications fees_usd signals spent published_signals effect factor mean_chance chance expected listed has_chain")):
    """One specialty of the list.

    Attributes
    ----------
    specialty : str
    in_table, eligible, applications : int
        Programs in the table, those that can work, and those on the list.
    fees_usd : float or None
    signals, spent : int
        Signals that there are, and that the list spends.
    published_signals : int or None
        What the table of signals says.
    effect : bool
        Whether the model has an effect of a signal.
    factor : Figure or None
        By which the profile multiplies every rate.
    mean_chance : float or None
        Of an invitation, at a program of the specialty taken at random.
    chance, expected : float or None
        P(match) in this specialty, whatever happens in the others; invitations expected.
    listed : int or None
        Programs that the specialty has.
    has_chain : bool
    """

    __slots__ = ()


_FIELDS = (
    "applicant model_name path visa_type budget applications fees_usd parts picks others dropped aside chance expected p_any_invitation "
    "random_in_table gain_in_table random_everywhere gain_everywhere random_as_predict without_signals every_split warnings notes"
)


class ProgramList(namedtuple("ProgramList", _FIELDS)):
    """The list for one applicant.

    Attributes
    ----------
    applicant : Applicant
        In the first of the specialties.
    model_name, path : str
    visa_type : str
    budget : float or None
        Dollars, where those were given.
    applications : int
        Programs on the list.
    fees_usd : float or None
        Fixed fees apart; None where a specialty has no schedule.
    parts : tuple of Part
    picks, others : tuple of Listed
        The list, specialty by specialty and best first: who applies to fewer leaves out the last; and what can work but is not on it.
    dropped : tuple of Dropped
    aside : tuple of (str, int, str)
        Specialties of the table left out of the picking: their programs, and why.
    chance, expected, p_any_invitation : Figure or None
        P(match) counted from the application on, invitations expected, P(at least one).
    random_in_table, gain_in_table : Figure or None
        P(match) of the same numbers at random among the programs that can work, as many signals at random, and what the list adds.
    random_everywhere, gain_everywhere : Figure or None
        The same at random among all programs of the specialties, signals included.
    random_as_predict : float or None
        P(match) of the same numbers at random as `predict` has it: signals as applicants usually send them.
    without_signals : float or None
        P(match) of the best list that spends no signal.
    every_split : bool
        Whether every split between specialties was tried.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        plain = lambda value: dict(value._asdict()) if value is not None else None  # noqa: E731
        a = self.applicant
        made = {
            "model": self.model_name, "table": self.path, "applicant_type": a.applicant_type, "cycle": a.cycle, "visa_type": self.visa_type, "budget_usd": self.budget,
            "applications": self.applications, "fees_usd": self.fees_usd, "range": 0.8,
        }  # fmt: skip
        for name in "chance expected p_any_invitation random_in_table gain_in_table random_everywhere gain_everywhere".split():
            made[name] = plain(getattr(self, name))
        made["random_as_predict"], made["without_signals"], made["every_split_tried"] = self.random_as_predict, self.without_signals, self.every_split
        made["specialties"] = [{**plain(part), "factor": plain(part.factor)} for part in self.parts]
        for name in ("picks", "others"):
            made[name] = [{**plain(one), "unknown": list(one.unknown)} for one in getattr(self, name)]
        made["dropped"] = [{**plain(one), "reasons": list(one.reasons)} for one in self.dropped]
        made["left_out"] = [{"specialty": s, "programs": n, "why": why} for s, n, why in self.aside]
        made["warnings"], made["notes"] = list(self.warnings), list(self.notes)
        return made
