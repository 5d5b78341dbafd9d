"""What `matchmodel portfolio` answers: the best split of a budget, its parts, and the same budget spent otherwise.

Standard library only.
"""

from collections import namedtuple


class Part(namedtuple("Part", "specialty applications listed fees_usd chance matched_here next_gain next_usd wish slope_basis level_basis usual usual_basis")):
    """One specialty of the split.

    Attributes
    ----------
    specialty : str
    applications, listed : int
        Programs applied to, and those that the table lists.
    fees_usd : float or None
    chance : Figure
        P(match) of these applications, were they all; 0 without any.
    matched_here : float
        P(match here and to none before it in the order of preference).
    next_gain, next_usd : float or None
        What ten more applications here would add to the value, and cost; None where there are no more programs.
    wish : float
    slope_basis, level_basis, usual_basis : str
    usual : int
    """

    __slots__ = ()


class Other(namedtuple("Other", "name specialty split chance value fees_usd gain sure")):
    """Another way to spend the budget.

    Attributes
    ----------
    name : str
    specialty : str or None
        That all goes to; None for an even split.
    split : tuple of int
    chance : Figure
        P(match at all).
    value : float
        Of the wish.
    fees_usd : float or None
    gain : Figure
        By how much the best split's chance of matching at all lies above.
    sure : float
        Share of the joint draws in which it does.
    """

    __slots__ = ()


_FIELDS = "applicant model_name table_year order applications budget wishes weighted parts chance value independent fees_usd others every warnings notes"


class Portfolio(namedtuple("Portfolio", _FIELDS)):
    """The best split of a budget between specialties.

    Attributes
    ----------
    applicant : Applicant
        As in the first specialty.
    order : {'random', 'friendliest'}
    applications : int or None
    budget : float or None
        Of the two, the one that was given.
    wishes : tuple of float
    weighted : bool
        Whether wishes differ, so that `value` is not the chance of matching at all.
    parts : tuple of Part
        In the order of preference.
    chance : Figure
        P(match at all).
    value, independent : float
        sum of wish x matched_here; P(match at all), were luck independent between specialties.
    fees_usd : float or None
    others : tuple of Other
        All in each specialty alone, and an even split.
    every : bool
        Whether every split was looked at.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    @property
    def split(self):
        """Applications to each specialty, in the order of preference."""
        return tuple(part.applications for part in self.parts)

    @property
    def corner(self):
        """The specialty that gets everything, None where several get some."""
        used = [part.specialty for part in self.parts if part.applications]
        return used[0] if len(used) == 1 else None

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.applicant
        return {
            "model": self.model_name, "applicant_type": a.applicant_type, "cycle": a.cycle, "table_year": self.table_year, "order": self.order,
            "applications": self.applications, "budget_usd": self.budget, "range": 0.8,
            "p_any": self.chance.point, "p_any_low": self.chance.low, "p_any_high": self.chance.high, "p_any_independent_luck": self.independent,
            "value": self.value, "fees_usd": self.fees_usd, "every_split_tried": self.every,
            "specialties": [{**part._asdict(), "chance": dict(part.chance._asdict())} for part in self.parts],
            "instead": [{**other._asdict(), "split": list(other.split), "chance": dict(other.chance._asdict()), "gain": dict(other.gain._asdict())} for other in self.others],
            "warnings": list(self.warnings), "notes": list(self.notes),
        }  # fmt: skip
