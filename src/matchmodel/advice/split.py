"""A first specialty and backups under one budget: the split that maximises the chance of matching at all.

Standard library only.
"""

from math import isfinite

from ..applications import UNSURE
from ..errors import RefusedInput, clipped
from ..fees import application_fees, fixed_fees
from ..wording import ASSOCIATION, dollars
from . import picking
from .chances import Chances
from .luck import Curve, exactly, together, weighty
from .profile import ORDERS, RANDOM, Figure, Profile
from .split_result import Other, Part, Portfolio

MOST = 3  # specialties
NEXT = 10  # applications whose gain is told
COARSE = 14  # steps of the budget in the first look at three specialties


class _Search:
    """Profiles, their budget, and what a split is worth."""

    def __init__(self, profiles, rule, order, wishes):
        self.profiles, self.rule, self.order, self.wishes = profiles, rule, order, wishes
        self.states = [p.state for p in profiles]
        self.longest = [rule.most(k, rule.budget, p.listed) for k, p in enumerate(profiles)]
        self._g, self._w = zip(*weighty(self.states[0].alpha))
        self._curves = [Curve(s) for s in self.states]
        self._rows, self._values = [{} for _ in profiles], {}

    def _row(self, k, n):
        rows = self._rows[k]
        if n not in rows:
            mean, curve = self.mean(k, self.states[k], n), self._curves[k]
            rows[n] = [curve(mean * g) for g in self._g]
        return rows[n]

    def mean(self, k, state, n):
        return self.profiles[k].mean(state, n, self.order) if n else 0.0

    def value(self, split):
        """Return what a split is worth, read off the curves."""
        split = tuple(split)
        if split not in self._values:
            none, total = self._w, 0.0
            for k, (n, wish) in enumerate(zip(split, self.wishes)):
                if n:
                    left = [a * b for a, b in zip(none, self._row(k, n))]
                    total += wish * (sum(none) - sum(left))
                    none = left
            self._values[split] = total
        return self._values[split]

    def together(self, split, states=None, f=exactly):
        states = self.states if states is None else states
        return together(states[0].alpha, [(f(s), self.mean(k, s, n)) for k, (s, n) in enumerate(zip(states, split)) if n])

    def exact(self, split):
        """Return (chance of matching at all, value, each, independent) of a split, without a grid; one specialty alone is its chain."""
        use = [k for k, n in enumerate(split) if n]
        if not use:
            return 0.0, 0.0, (0.0,) * len(split), 0.0
        if len(use) == 1:
            k = use[0]
            alone = self.states[k].match(self.mean(k, self.states[k], split[k]))
            return alone, self.wishes[k] * alone, tuple(alone if j == k else 0.0 for j in range(len(split))), alone
        found = self.together(split)
        each, rest = [], iter(found.each)
        for n in split:
            each.append(next(rest) if n else 0.0)
        return found.any, sum(w * p for w, p in zip(self.wishes, each)), tuple(each), found.independent

    def drawn(self, split):
        """Return the chance of matching at all, a `Drawn` of probabilities."""
        use = [k for k, n in enumerate(split) if n]
        if len(use) == 1:
            return self.profiles[use[0]].chance(split[use[0]], self.order)
        return Chances([lambda s, k=k: self.mean(k, s, split[k]) for k in use]).drawn([self.profiles[k] for k in use])

    def corners(self):
        """Return the splits that put all into one specialty."""
        return [tuple(n if k == only else 0 for k in range(len(self.longest))) for only, n in enumerate(self.longest)]

    def even(self):
        """Return the split with the same share of the budget for each."""
        share = self.rule.budget / len(self.longest)
        return tuple(self.rule.most(k, int(share) if isinstance(self.rule, picking.Counted) else share, n) for k, n in enumerate(self.longest))

    def best(self):
        """Return the best split, and whether every one was looked at.

        Two specialties: every split. Three: every one of a coarse grid, then moves of applications between any two, every
        such move tried, until none helps. Corners and the even split are always among the candidates, by their exact values.
        """
        if len(self.longest) == 1:
            return self.corners()[0], True
        if len(self.longest) == 2:
            found, every = picking.best_split(self.value, self.rule, self.longest), True
            split = found[0]
        else:
            split, every = self._three()
        candidates = [split, *self.corners(), self.even()]
        return max(candidates, key=lambda s: (self.exact(s)[1], self.value(s))), every

    def _three(self):
        budget, rule, longest = self.rule.budget, self.rule, self.longest
        coarse = set()
        for i in range(COARSE + 1):
            for j in range(COARSE + 1 - i):
                spent = [i * budget / COARSE, j * budget / COARSE]
                a, b = (rule.most(k, int(s + 1e-9) if isinstance(rule, picking.Counted) else s, longest[k]) for k, s in enumerate(spent))
                c = rule.most(2, budget - rule.cost(0, a) - rule.cost(1, b), longest[2])
                coarse.add((a, b, c))
        best, step = max(coarse, key=self.value), max(longest)
        while step:
            moved = max(self._moves(best, step), key=self.value, default=best)
            best, step = (moved, step) if self.value(moved) > self.value(best) + picking.TIE else (best, step // 2)
        return best, False

    def _moves(self, split, step):
        """Yield splits that move so many applications from one specialty to another, and spend what is then left in one."""
        rule = self.rule
        for i, n in enumerate(split):
            for j in range(len(split)):
                for taken in {n - step, n + step} if i != j else ():
                    made = list(split)
                    made[i] = min(max(taken, 0), self.longest[i])
                    others = sum(rule.cost(k, made[k]) for k in range(len(made)) if k != j)
                    if others <= rule.budget + 1e-9:
                        made[j] = rule.most(j, rule.budget - others, self.longest[j])
                        yield tuple(made)


def _whole(value, name):
    try:
        number = int(value)
        if number != float(value) or number < 1:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise RefusedInput(f"{name} is {clipped(value)}; it is a whole number of 1 or more") from None
    return number


def _amount(value):
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number) or number <= 0:
        raise RefusedInput(f"budget is {clipped(value)}; it is in dollars, such as 3000")
    return number


def _wishes(wishes, count):
    if wishes is None:
        return (1.0,) * count
    try:
        found = tuple(float(w) for w in wishes)
    except (TypeError, ValueError):
        found = ()
    if len(found) != count or not all(isfinite(w) and 0 <= w <= 1 for w in found) or not any(found):
        raise RefusedInput(f"wishes are {clipped(wishes)}; give {count}, one a specialty in your order of preference, between 0 and 1, such as 1,0.7")
    return found


def _profiles(model, applicants):
    names = [a.specialty for a in applicants]
    if not 2 <= len(names) <= MOST:
        raise RefusedInput(f"{len(names)} specialt{'y' if len(names) == 1 else 'ies'}; give a first one and one or two backups")
    if len(set(names)) < len(names):
        raise RefusedInput(f"{next(n for n in names if names.count(n) > 1)} is there twice; give specialties that differ")
    for a in applicants:
        model.chain_cell(a.applicant_type, a.specialty)  # refuses what has no chain, in a line that says so
    return [Profile(model, a._replace(applications=None, target=None), crossed=False) for a in applicants]


def _rule(profiles, applications, budget):
    if applications is not None and budget is not None:
        raise RefusedInput("give --applications or --budget, not both")
    if budget is None:
        return picking.Counted(profiles[0].usual if applications is None else _whole(applications, "applications"))
    without = [p.applicant.specialty for p in profiles if p.schedule is None]
    if without:
        raise RefusedInput(f"the model has no fees of {' and '.join(without)}, so a budget in dollars says nothing there; give --applications instead")
    rule = picking.Paid(_amount(budget), [lambda n, p=p: application_fees(p.schedule, n) for p in profiles])
    least = min(rule.cost(k, 1) for k in range(len(profiles)))
    if least > rule.budget:
        raise RefusedInput(f"a budget of {dollars(rule.budget)} pays for no application; the first costs {dollars(least)}")
    return rule


def _fees(profiles, split):
    fees = [0.0 if not n else None if p.schedule is None else application_fees(p.schedule, n) for p, n in zip(profiles, split)]
    return None if None in fees else sum(fees)


def portfolio(model, applicants, applications=None, budget=None, wishes=None, order=RANDOM):
    """Return the split of a budget between specialties that maximises the chance of matching at all, or a weighted wish.

    With n_s applications in each specialty s, in the person's order of preference, and the person's luck G (`luck`),

        value = E_G[ sum_s wish_s (1 - f_s(m_s(n_s) G)) prod_{r before s} f_r(m_r(n_r) G) ],

    f_s the chance of not matching, m_s the mean invitations. With all wishes 1 it is the chance of matching at all, and the order does
    not matter. Two specialties: every split is looked at; three: a grid, refined to single applications. The range takes the
    joint draws through (`jointly`).

    Parameters
    ----------
    model : Model
    applicants : sequence of Applicant
        One person in two or three specialties, the preferred one first.
    applications : int, optional
        Budget in applications; the first specialty's usual number where neither is given.
    budget : float, optional
        Budget in dollars of application fees, which start again in each specialty; fixed fees apart.
    wishes : sequence of float, optional
        What a match to each is worth, between 0 and 1; 1 each where absent.
    order : {'random', 'friendliest'}
        In which programs are applied to.

    Returns
    -------
    Portfolio

    Raises
    ------
    RefusedInput
        For fewer than two or more than three specialties, two budgets, wishes that are none, fees that are not known.
    NotInModel
        For a specialty without an applications chain.
    """
    if order not in ORDERS:
        raise RefusedInput(f"order is {clipped(order)}; say {' or '.join(ORDERS)}")
    applicants = list(applicants)
    profiles = _profiles(model, applicants)
    wishes = _wishes(wishes, len(profiles))
    rule = _rule(profiles, applications, budget)
    search = _Search(profiles, rule, order, wishes)
    split, every = search.best()
    chance, value, each, independent = search.exact(split)
    drawn = search.drawn(split)
    others = []
    for one, other in (*((p.applicant.specialty, c) for p, c in zip(profiles, search.corners())), (None, search.even())):
        if other != split and any(other):
            theirs = search.drawn(other)
            point, worth = search.exact(other)[:2]
            gain = drawn.minus(theirs)
            sure = sum(d > 0 for d in gain.draws) / len(gain.draws)
            others.append(Other("an even split" if one is None else f"all in {one}", one, other, Figure.of(theirs._replace(point=point)), worth, _fees(profiles, other), Figure.of(gain._replace(point=chance - point)), sure))
    parts = [_part(search, k, split, each[k], value) for k in range(len(profiles))]
    answers = [model.odds(p.applicant) for p in profiles]
    return Portfolio(
        applicant=profiles[0].applicant,
        model_name=model.name,
        table_year=answers[0].table_year,
        order=order,
        applications=rule.budget if budget is None else None,
        budget=None if budget is None else rule.budget,
        wishes=wishes,
        weighted=len(set(wishes)) > 1 or wishes[0] != 1.0,
        parts=tuple(parts),
        chance=Figure.of(drawn._replace(point=chance)),
        value=value,
        independent=independent,
        fees_usd=_fees(profiles, split),
        others=tuple(others),
        every=every,
        warnings=tuple(dict.fromkeys(text for answer in answers for text in answer.warnings)),
        notes=tuple(_notes(model, search, split, answers)),
    )


def _part(search, k, split, here, value):
    profile, n = search.profiles[k], split[k]
    more = min(n + NEXT, profile.listed)
    gain = usd = None
    if more > n:
        gain = search.exact(tuple(more if i == k else m for i, m in enumerate(split)))[1] - value
        usd = None if profile.schedule is None else application_fees(profile.schedule, more) - (application_fees(profile.schedule, n) if n else 0.0)
    chance = Figure.of(profile.chance(n, search.order)) if n else Figure(0.0, 0.0, 0.0)
    usual, cell = profile.chain.content["usual"], profile.cell.content
    return Part(
        profile.applicant.specialty, n, profile.listed, None if profile.schedule is None else application_fees(profile.schedule, n) if n else 0.0, chance, here, gain, usd,
        search.wishes[k], cell["beta"]["basis"], cell["level"]["basis"], profile.usual, usual["basis"],
    )  # fmt: skip


def _notes(model, search, split, answers):
    yield (
        "Luck is shared: what makes one person get more interviews than another with the same profile is taken as wholly the person's, the same in every specialty "
        "(assumed; nobody has measured how much of it is). Independent luck is the other end."
    )
    yield "Each specialty's figures are of applicants who prefer it. Nobody has measured how applicants for whom it is a backup fare there; they may fare worse."
    yield "Every invitation is taken as ranked; interviews of two specialties may clash. A match to a backup counts only where those before it failed."
    if search.order != RANDOM:
        yield "Friendliest first is an optimistic bound: those programs may not fit you, and their rates are the least certain."
    small = [p.applicant.specialty for p, n in zip(search.profiles, split) if n and p.chain.content["usual"]["se"] > UNSURE * p.chain.content["usual"]["value"]]
    if small:
        yield f"Few applicants stand behind the usual number of applications of {', '.join(small)}: its part is unsure."
    fees = model.content["chain"]["fees"]
    if fees.get("fixed"):
        yield f"Fees are of the {fees['season']} season; once a season there are also {dollars(sum(usd for _, usd in fixed_fees(fees)))}."
    shared = [text for text in answers[0].notes if all(text in answer.notes for answer in answers) and text != ASSOCIATION]
    yield from (text for text in shared if text.startswith(("The table is of", "No table gives")))
    yield "What more applications add is an upper bound: better applicants get more interviews, so ranks and quality are mixed."
    yield ASSOCIATION
