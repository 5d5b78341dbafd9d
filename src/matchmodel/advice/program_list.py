"""The best list out of a table of programs for one applicant: what cannot work, chances, signals, the picking, and the gain.

Standard library only.
"""

import os
from math import exp, log

from .. import chain_math as cm
from .. import odds
from ..errors import NotInModel, RefusedInput, clipped
from ..fees import application_fees
from ..specialties import canonical_specialty
from . import picking
from .chances import Chances
from .luck import Curve, weighty
from .profile import Figure, jointly
from .program_candidates import Candidates, summed
from .program_notes import notes_of
from .program_result import Part, ProgramList
from .program_screen import visa_type_name
from .program_table import ProgramTable, read_programs

MOST_SIGNALS = 1000
_TINY = 1e-15


def _whole(value, name, low, high):
    try:
        number = int(str(value).strip())
    except ValueError:
        raise RefusedInput(f"{name} is '{clipped(value)}', not a whole number; it is between {low} and {high}") from None
    if not low <= number <= high:
        raise RefusedInput(f"{name} is {clipped(value)}; it is between {low} and {high}")
    return number


def _dollars(value):
    try:
        number = float(str(value).strip().removeprefix("$").replace(",", ""))
    except ValueError:
        raise RefusedInput(f"budget is '{clipped(value)}', not a number; it is in dollars, such as 500") from None
    if not 0 < number <= 1e6:
        raise RefusedInput(f"budget is {clipped(value)}; it is in dollars, more than 0 and at most 1,000,000")
    return number


def _wanted(model, kind, table, specialties):
    """Return (specialties to pick from, those aside with the reason)."""
    present = table.specialties
    asked = present if not specialties else list(dict.fromkeys(canonical_specialty(s) for s in specialties))
    for name in asked:
        if name not in present:
            raise RefusedInput(f"the table has no program of {name}; it has {', '.join(present)}")
    known = model.type(kind)["cells"]
    count = lambda name: sum(p.specialty == name for p in table.programs)  # noqa: E731
    use = [name for name in asked if name in known and model.has_chain(kind, name)]
    aside = [(name, count(name), "not asked for") for name in present if name not in asked]
    aside += [(name, count(name), "the model has no invitation rates of it" if name in known else f"no table of {kind} has it") for name in asked if name not in use]
    if use:
        return use, aside
    chainless = [name for name in asked if name in known]
    if len(chainless) == 1:
        return chainless, [one for one in aside if one[0] != chainless[0]]
    if not chainless:
        raise NotInModel(f"the table's specialties ({', '.join(asked)}) are in no table of {kind}; there are {', '.join(sorted(known))}")
    raise NotInModel(f"the model has no invitation rates of {' or '.join(chainless)}, so they cannot be weighed against one another; ask for one with --specialty")


def _split(groups, applications, budget):
    """Return applications a specialty, and whether every split was tried."""
    longest = [len(g.eligible) for g in groups]
    if budget is None:
        rule = picking.Counted(applications)
    else:
        for g in groups:
            if g.fees is None:
                raise RefusedInput(f"this model has no fees for {g.specialty}, so a budget in dollars says nothing; give --applications")
        rule = picking.Paid(budget, [lambda n, g=g: application_fees(g.fees, n) for g in groups])
        least = min(rule.cost(k, 1) for k in range(len(groups)))
        if least > budget:
            raise RefusedInput(f"a budget of ${budget:,.0f} pays for no application; the first costs ${least:,.0f}")
    if len(groups) == 1:
        return (rule.most(0, rule.budget, longest[0]),), True
    nodes = weighty(groups[0].profile.state.alpha)
    tables = [picking.chance_table(Curve(g.profile.state), g.lists.totals[: rule.most(k, rule.budget, longest[k]) + 1], nodes) for k, g in enumerate(groups)]
    return picking.best_split(picking.any_match(tables, [w for _, w in nodes]), rule, longest)


def programs(model, applicant, table, applications=None, budget=None, specialties=None, signals=None, visa_type="either"):
    """Return the list of programs that maximises an applicant's chance of matching for a budget.

    What cannot work is dropped. A program invites with its rate (of the table brought; kept inside the specialty's own rates, or
    shrunk by the number behind it; else the mean, times what its share of IMGs goes with), with or without a signal, times the profile's
    factor. Mean invitations are their sum, and the chance of matching rises with it, so the list of N with S signals is the one with the
    largest sum (`picking`); between specialties the split maximises P(match to any), luck shared (`luck`).

    Parameters
    ----------
    model : Model
    applicant : Applicant
        Its specialty is replaced by each of those asked for.
    table : str, path-like or ProgramTable
        Of `program_table`.
    applications : int, optional
        How many programs are applied to; this or `budget`.
    budget : float, optional
        Dollars of application fees, which start again in each specialty; fixed fees apart.
    specialties : sequence of str, optional
        Those of the table to pick from; all where absent.
    signals : int, optional
        In each specialty; what the table of signals says where absent.
    visa_type : {'either', 'j1', 'h1b'}
        Which visa would do, where one is needed.

    Returns
    -------
    ProgramList

    Raises
    ------
    RefusedInput
        For a table that is not sound (all problems at once), or a question that cannot be answered.
    """
    if (applications is None) == (budget is None):
        raise RefusedInput("say how much: --applications with a number of programs, or --budget with dollars; one of the two")
    if applications is not None:
        applications = applicant._replace(applications=applications).applications
        if applications is None:
            raise RefusedInput("applications is blank; it is a whole number, such as 40")
    budget = None if budget is None else _dollars(budget)
    signals = None if signals is None else _whole(signals, "signals", 0, MOST_SIGNALS)
    visa_type = visa_type_name(visa_type)
    table = table if isinstance(table, ProgramTable) else read_programs(os.fspath(table))
    use, aside = _wanted(model, applicant.applicant_type, table, specialties)
    people = [applicant._replace(specialty=name, applications=None, target=None) for name in use]
    groups = [Candidates(model, a, [p for p in table.programs if p.specialty == a.specialty], signals, visa_type, len(use) == 1) for a in people]
    live = [g for g in groups if g.eligible]
    split, every = _split(live, applications, budget) if live else ((), True)
    numbers = dict(zip((g.specialty for g in live), split))
    return _result(model, table, visa_type, budget, applications, groups, numbers, every, aside, people)


def _result(model, table, visa_type, budget, asked, groups, numbers, every, aside, people):
    """Put the result together: figures, programs, parts, notes."""
    chosen = [(g, numbers[g.specialty]) for g in groups if numbers.get(g.specialty)]
    figures = _figures(chosen) if chosen and chosen[0][0].chain is not None else (None,) * 9
    picks, others, parts = [], [], []
    for g in groups:
        n = numbers.get(g.specialty, 0)
        factor = None if g.chain is None else g.profile.propagate(lambda s: log(s.scale))
        factor = None if factor is None else Figure(*(exp(v) for v in (factor.point, factor.low, factor.high)))
        bounds = (1.0, 1.0) if factor is None else (factor.low, factor.high)
        order, sent = g.lists.order, g.lists.signalled[n]
        sent = {i for i in sent if g.signalled[i] > g.plain[i]}
        picks += [g.pick(i, i in sent, bounds) for i in order[:n]]
        others += [g.pick(i, False, bounds) for i in order[n:]]
        state = None if g.chain is None else g.profile.state
        mean = None if state is None else summed(g.listed_rates(n))(state)
        parts.append(Part(
            g.specialty, len(g.programs), len(g.eligible), n, None if g.fees is None else application_fees(g.fees, n), g.signals, len(sent), g.published, g.effect is not None,
            factor, None if state is None else state.each, None if state is None else state.match(mean) if n else 0.0, mean, None if g.chain is None else g.profile.listed, g.chain is not None,
        ))  # fmt: skip
    fees = [p.fees_usd for p in parts if p.applications]
    answers = [model.odds(a) for a in people]
    warnings = list(dict.fromkeys(text for answer in answers for text in answer.warnings))
    made = ProgramList(
        groups[0].profile.applicant, model.name, table.path, visa_type, budget, sum(p.applications for p in parts), None if None in fees else sum(fees), tuple(parts), tuple(picks), tuple(others),
        tuple(d for g in groups for d in g.dropped), tuple(aside), *figures, every, tuple(warnings), (),
    )  # fmt: skip
    ends = [(min(g.chain.rates), max(g.chain.rates)) if g.chain is not None else None for g in groups]
    return made._replace(notes=notes_of(made, asked, table.unread, groups[0].effect, ends, [text for x in answers for text in x.notes if text.startswith(x.applicant.specialty)]))


def _figures(chosen):
    """Return chance, expected, p_any_invitation, random and gain in the table, random and gain everywhere, without signals."""
    profiles = [g.profile for g, _ in chosen]
    means = [summed(g.listed_rates(n)) for g, n in chosen]
    found = Chances(means).drawn(profiles)
    total = lambda states: sum(mean(s) for mean, s in zip(means, states))  # noqa: E731

    def any_invitation(states):
        none = cm.none_invited(total(states), states[0].alpha)
        return odds.logit(min(max(1.0 - none, _TINY), 1 - _TINY))

    expected = jointly(profiles, lambda states: log(max(total(states), _TINY)))
    invited = jointly(profiles, any_invitation)
    figures = [Figure.of(found), Figure(*(exp(v) for v in Figure.of(expected))), Figure(*(odds.expit(v) for v in Figure.of(invited)))]
    states = [p.state for p in profiles]
    for others in ([g.random_mean(n) for g, n in chosen], [g.everywhere_mean(n) for g, n in chosen]):
        drawn = Chances(others).drawn(profiles)
        figures += [Figure.of(drawn), Figure.of(found.minus(drawn))]
    usual = [lambda s, n=min(n, g.profile.listed): n * s.each for g, n in chosen]
    unsent = [summed(g.listed_rates(n, signals=0)) for g, n in chosen]
    return (*figures, Chances(usual)(states), Chances(unsent)(states))
