"""From a number of applications to a match: the chain's answer for one applicant.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import inf

from . import chain_math as cm
from .fees import OTHER_SERVICES, application_fees, fixed_fees, schedule_of
from .odds import RANGE, expit, quantile, range80
from .wording import type_name

DEFAULT_TARGET = 0.5
TABLE = (20, 40, 80, 120, 160, 200)
NEXT = 10  # applications whose gain is told
UNSURE = 0.3  # relative standard error of the usual number from which the notes warn


class Required(namedtuple("Required", "target reachable applications low high fees_usd best next_gain next_usd usd_per_point")):
    """The required number of applications.

    Attributes
    ----------
    target : float
    reachable : bool
        Whether every program that the table lists reaches the target.
    applications : int or None
    low, high : int or None
        80% range over the draws; None where more than a tenth of the draws never reach it.
    fees_usd : float or None
        Of that many applications, fixed fees apart; None without a schedule.
    best : float
        The chance with every program.
    next_gain, next_usd, usd_per_point : float or None
        What the next ten applications add to the chance and cost, and dollars per
        percentage point.
    """

    __slots__ = ()


_FIELDS = (
    "applications p_any p_any_low p_any_high expected expected_low expected_high p_apply p_apply_low p_apply_high "
    "target random friendliest table usual usual_low usual_high usual_basis listed dispersion ratios fees next_gain next_usd warnings notes"
)


class ChainAnswer(namedtuple("ChainAnswer", _FIELDS)):
    """The applications part of an answer; None where something was not asked.

    Attributes
    ----------
    applications : int or None
    p_any, expected, p_apply : float or None
        Probability of at least one invitation, expected invitations, and probability of
        matching at application time, with `_low` and `_high`.
    random, friendliest : Required or None
        For programs at random, and the most IMG-friendly first.
    table : tuple of (int, float, float)
        Applications, chance at random, chance friendliest first; the last row is all programs.
    usual, usual_low, usual_high : float
        The specialty's usual number of applications.
    listed : int
        Programs that the table lists.
    dispersion : float
        Of the number of invitations, at the point.
    ratios : dict
        {covariate: factor on the invitation rate, against the reference population}.
    fees : dict
        What the dollars are of.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    def as_dict(self):
        """Return the keys that `--json` adds."""
        return {
            "applications": self.applications,
            "p_apply": self.p_apply,
            "p_apply_low": self.p_apply_low,
            "p_apply_high": self.p_apply_high,
            "p_any_invitation": self.p_any,
            "p_any_invitation_low": self.p_any_low,
            "p_any_invitation_high": self.p_any_high,
            "expected_invitations": self.expected,
            "expected_invitations_low": self.expected_low,
            "expected_invitations_high": self.expected_high,
            "next_ten": None if self.next_gain is None else {"gain": self.next_gain, "usd": self.next_usd},
            "required_applications": None if self.random is None else dict(self.random._asdict()),
            "required_applications_friendliest": None if self.friendliest is None else dict(self.friendliest._asdict()),
            "by_applications": [{"applications": n, "p_apply": p, "p_apply_friendliest": q} for n, p, q in self.table],
            "usual_applications": {"value": self.usual, "low": self.usual_low, "high": self.usual_high, "basis": self.usual_basis},
            "programs_listed": self.listed,
            "dispersion": self.dispersion,
            "invitation_factors": self.ratios,
            "fees": self.fees,
            "chain_warnings": list(self.warnings),
            "chain_notes": list(self.notes),
        }


def _needed_draws(cell, states, target):
    """Return the applications that every state needs, at random and friendliest first (inf where unreachable)."""
    random, friendliest = [], []
    for s in states:
        mean = cm.mean_needed(target, s.each * cell.listed, s.alpha, s.factors, s.powers, s.b, s.odds_against, s.mean_usual)
        random.append(cm.whole(min(mean / s.each, cell.listed) if mean < inf else inf))
        friendliest.append(inf if mean == inf else cm.whole(min(cm.friendliest_needed(mean, cell.rates, cell.programs, s.scale), cell.listed)))
    return random, friendliest


def settle_count(n, chance, target, listed):
    """Return the least n with chance(n) >= target, from a near guess: rounding can be one off."""
    while n > 1 and chance(n - 1) >= target:
        n -= 1
    while n < listed and chance(n) < target:
        n += 1
    return n


def finite_quantiles(draws):
    """Return the 10% and 90% quantiles as whole numbers, None where a quantile is not finite."""
    ordered = sorted(draws)
    found = []
    for q in RANGE:
        place = q * (len(ordered) - 1)
        if ordered[min(int(place) + 1, len(ordered) - 1)] == inf:
            found.append(None)
        else:
            found.append(int(round(quantile(ordered, q))))
    return found


def cost(schedule, applications, beyond=0):
    """Return the dollars of so many applications beyond others, None without a schedule."""
    return None if schedule is None else application_fees(schedule, applications) - application_fees(schedule, beyond)


def required(target, needed, chance, listed, schedule):
    """Return the `Required` of one order.

    Parameters
    ----------
    target : float
    needed : list of float
        Applications of the point and of every draw.
    chance : callable
        Applications -> chance of the point.
    listed : int
    schedule : list of dict or None
    """
    best = chance(listed)
    low, high = finite_quantiles(needed[1:])
    if best < target:
        return Required(target, False, None, low, high, None, best, None, None, None)
    n = settle_count(int(needed[0]), chance, target, listed)
    more = min(n + NEXT, listed)
    gain = chance(more) - chance(n)
    usd = cost(schedule, more, n)
    per_point = None if usd is None or gain <= 0 or more == n else usd / (100 * gain)
    low = n if low is None else min(low, n)
    high = high if high is None else max(high, n)
    return Required(target, True, n, low, high, cost(schedule, n), best, gain, usd, per_point)


def _fee_notes(cell, model_fees, schedule):
    if schedule is None:
        service = OTHER_SERVICES.get(cell.specialty)
        yield f"{cell.specialty} takes applications through {service}, whose fees this model does not have: no dollars." if service else "This model has no fees table: no dollars."
    elif model_fees.get("fixed"):
        fixed = fixed_fees(model_fees)
        yield f"Fees are of the {model_fees['season']} season, for this specialty alone; once a season there are also {sum(usd for _, usd in fixed):.0f} dollars: {', '.join(f'{what} {usd:.0f}' for what, usd in fixed)}."


def _notes(cell, kind):
    usual = cell.content["usual"]
    yield (
        f"Invitation rates are averages over {type_name(kind, True)} of one season ({cell.content['with_figures']} of {cell.listed} programs have figures; the others are taken as spread alike); "
        "'all' means every program that the table lists."
    )
    yield "Friendliest first is an optimistic bound: the programs that invite the largest share of applicants like you may not fit you, and their rates are the least certain."
    yield "What more applications add is an upper bound: better applicants get more interviews, so ranks and quality are mixed. Program signals are not in the number, and every invitation is taken as ranked."
    if usual["basis"] == "assumed":
        yield f"The usual number of applications ({usual['value']:.0f}) is {usual['note']}."
    elif usual["se"] > UNSURE * usual["value"]:
        yield f"Few applicants stand behind the usual number of applications ({usual['value']:.0f}, SE {usual['se']:.0f}): everything on applications to {cell.specialty} is unsure."
    if "not reached" in usual["note"]:
        yield "The published mean number of ranks is not reached even with every program, so the usual number is taken as all of them."


def answer_chain(model, cell, applicant, terms):
    """Return the `ChainAnswer` of an applicant.

    Parameters
    ----------
    model : Model
    cell : Cell
    applicant : Applicant
        With `applications`, `target` or both; cycle filled in.
    terms : Terms
        Of the logistic model.

    Raises
    ------
    NotInModel
        Where there is no chain for the type and specialty.
    """
    chain = model.chain_cell(cell.applicant_type, cell.specialty)
    log_factors, ratios = chain.log_factors(applicant)
    states = chain.states(log_factors, [expit(v) for v in (terms.log_odds, *terms.log_odds_draws)])
    point = states[0]
    listed = chain.listed

    def at_random(n):
        return point.match(n * point.each)

    def friendliest(n):
        if n >= listed:  # the same programs as at random, to the last digit
            return at_random(n)
        return point.match(cm.friendliest_mean(n, chain.rates, chain.programs, point.scale))

    asked, warnings = applicant.applications, []
    if asked is not None and asked > listed:
        warnings.append(f"{asked} applications, but the table lists {listed} programs of {cell.specialty}: answered for all {listed}")
        asked = listed
    model_fees = model.content["chain"]["fees"]
    schedule = schedule_of(model_fees, cell.specialty)
    numbers = [None] * 9
    next_gain = next_usd = None
    if asked is not None:
        numbers = []
        means = [asked * s.each for s in states]
        for values in (
            [1.0 - cm.none_invited(m, s.alpha) for m, s in zip(means, states)],
            means,
            [s.match(m) for m, s in zip(means, states)],
        ):
            numbers += [values[0], *range80(values[1:], values[0])]
        more = min(asked + NEXT, listed)
        if more > asked:
            next_gain = at_random(more) - at_random(asked)
            next_usd = cost(schedule, more, asked)
    random = first = None
    if applicant.target is not None:
        by_random, by_friendliest = _needed_draws(chain, states, applicant.target)
        random = required(applicant.target, by_random, at_random, listed, schedule)
        first = required(applicant.target, by_friendliest, friendliest, listed, schedule)
    usual = [s[5] for s in chain.shared]
    usual_low, usual_high = range80(usual[1:], usual[0])
    sizes = [n for n in TABLE if n < listed] + [listed]
    return ChainAnswer(
        asked, *numbers,
        target=applicant.target,
        random=random,
        friendliest=first,
        table=tuple((n, at_random(n), friendliest(n)) for n in sizes),
        usual=usual[0],
        usual_low=usual_low,
        usual_high=usual_high,
        usual_basis=chain.content["usual"]["basis"],
        listed=listed,
        dispersion=point.alpha,
        ratios=ratios,
        fees={
            "season": model_fees.get("season"),
            "applications_usd": None if asked is None else cost(schedule, asked),
            "fixed_usd": [{"what": what, "usd": usd} for what, usd in fixed_fees(model_fees)],
        },
        next_gain=next_gain,
        next_usd=next_usd,
        warnings=tuple(warnings),
        notes=(*_notes(chain, cell.applicant_type), *_fee_notes(chain, model_fees, schedule)),
    )
