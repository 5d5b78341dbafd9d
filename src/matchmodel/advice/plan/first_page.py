"""The first page: the chance in a sentence, what to do, the cost, the next date, what would change it."""

from collections.abc import Iterator

from ...model.answer import Answer
from ...report.answer import Said, chances, in_words
from ...report.blocks import Items, Section, Strong, Text
from ...report.wording import dollars, moved, one_in, percent, with_span
from ..calendar import CHECK
from ..common import SURE, WARNED, warnings
from ..notes import text
from ..what_if.result import Lever
from .result import InSpecialty, Plan

THINGS = 3
COUNTS = {1: "One thing", 2: "Two things", 3: "Three things"}
INTERVIEWS = (1, 3, 6, 10)  # interviews in hand whose chances are told
RULES = {  # what programs have rules on, by what is flagged
    "visa_needed": "visas",
    "step1_failed": "failed attempts",
    "step2_failed": "failed attempts",
    "years_since_graduation": "years since graduation",
    "usce_months": "US clinical experience",
    "step2_ck": "low scores",
}
LABELS = {
    "step2_ck": "Step 2 CK",
    "years_since_graduation": "year of graduation",
    "usce_months": "US clinical experience",
    "visa_needed": "whether a visa is needed",
    "step1_failed": "Step 1 attempts",
    "step2_failed": "Step 2 CK attempts",
}
NOT_MEASURED = "Letters, research, how you interview: no figures, so they are in no number here."


def _chances(answer: Answer) -> Iterator[Said]:
    """Yield the chances of a specialty, the nearest to a match first."""
    found = list(chances(answer))
    if answer.p_given_interviews is not None:
        yield found[-1]
    yield from found[:1]


def chance(plan: Plan) -> Section:
    """The chance in a sentence, of every specialty, and what is warned of."""
    answer = plan.first.answer
    said = [f"{in_words(answer, one)}: {with_span(one.chance)}." for one in _chances(answer)]
    others = [f"{part.name}: {_backup(part)}" for part in plan.specialties[1:]]
    warned = [*others, *warnings(plan.first.answer)]
    for notes in (plan.levers.notes, () if plan.timing is None else plan.timing.notes):
        warned += [text(note) for note in notes if note.code in WARNED]
    blocks = [Text((Strong(said[0]),)), *map(Text, said[1:])] if said else []
    return Section("Your chance", (*blocks, *((Items(tuple(dict.fromkeys(warned))),) if warned else ())))


def _backup(part: InSpecialty) -> str:
    unsure = "unsure, " * (part.answer.trust.kind == "grey")
    found = [
        f"{unsure}about {one_in(one.chance.point)} {one.who}, {with_span(one.chance)}"
        for one in _chances(part.answer)
    ]
    return found[-1] + "." if found else "no number."


def _gain(lever: Lever) -> str:
    return f"{moved(lever.change)} points"


def _todo(plan: Plan, lever: Lever) -> str | None:
    """Return a lever as something to do, None where it is nothing that one does."""
    fields, own = lever.name.fields, plan.first.answer.applicant.step2_ck
    cost = "" if lever.cost_usd is None else f", for {dollars(lever.cost_usd)}"
    what = {
        "more_applications": f"Apply to {lever.after.applications} programs, {fields.get('more')} more",
        "usce_months": f"Get {fields.get('months')} more months of US clinical experience",
        "step2_ck": f"Prepare for a Step 2 CK of {fields.get('to', 0):g}, not {own or 0:g}",
        "one_more_interview": "Take every interview that you are offered; one more",
        "backup": f"Apply to {fields.get('applications')} programs of {fields.get('specialty')} too",
    }.get(lever.kind)
    return None if what is None or lever.name.code == "lever_instead" else f"{what}: {_gain(lever)}{cost}."


def _levers(plan: Plan) -> list[str]:
    """Return what helps for sure, best first, the best of each kind."""
    kinds: dict[str, str] = {}
    for lever in plan.levers.levers:
        said = _todo(plan, lever)
        if said is not None and lever.change.low > 0:
            kinds.setdefault(f"{lever.kind} {lever.name.fields.get('specialty', '')}", said)
    return list(kinds.values())


def _rules(plan: Plan) -> str:
    flagged = dict.fromkeys(RULES[flag.covariate] for flag in plan.first.flags)
    asked = ", ".join(flagged) or "scores, visas and years since graduation"
    return f"Ask each program for its rules on {asked} before you pay for an application."


def _cycles(plan: Plan) -> str | None:
    if plan.timing is None or plan.timing.found is None:
        return None
    f = plan.timing.found
    if f.against_both.better == "waiting" and f.against_both.sure >= SURE:
        return f"Wait for the {f.wait.cycle} Match: {with_span(f.wait.chance)}."
    return (
        f"Apply for {f.now.cycle}, and again for {f.wait.cycle} if you do not match: "
        f"{with_span(f.both.any)} over both."
    )


def _ask_again(plan: Plan) -> Iterator[str]:
    if plan.first.answer.withheld:
        yield "Think of a second specialty: for this one there are too few figures."
    if plan.gaps:
        yield "Ask again with what you did not say: it counts as the average."


def things(plan: Plan) -> Section:
    """Three things to do: what helps most, programs' rules, the cycles."""
    helps, others = _levers(plan), [said for said in (_rules(plan), _cycles(plan)) if said is not None]
    if not plan.first.flags:
        others.reverse()
    found = (*helps[: max(THINGS - 1, THINGS - len(others))], *others, *_ask_again(plan))[:THINGS]
    return Section(f"{COUNTS[len(found)]} to do", (Items(found),))


def cost(plan: Plan) -> Section | None:
    """What the applications on this page cost, in all."""
    said, total, fixed, season = [], 0.0, "", None
    for part in plan.chained:
        fees = part.answer.fees
        if fees is None or fees.applications_usd is None:
            continue
        season, total = fees.season, total + fees.applications_usd
        said.append(
            f"{part.answer.applications} applications to {part.name} {dollars(fees.applications_usd)}"
        )
        if fees.fixed and not fixed:
            once = sum(usd for _, usd in fees.fixed)
            total += once
            what = ", ".join(f"{name} {usd:,.0f}" for name, usd in fees.fixed)
            fixed = f"; once a season {dollars(once)} ({what})"
    if not said:
        return None
    whole = f"{dollars(total)} in the fees of {season}"
    return Section("Cost", (Text((Strong(whole), f": {'; '.join(said)}{fixed}.")),))


def next_date(plan: Plan) -> Section:
    """What comes next in the cycle."""
    if plan.next is None:
        return Section("Next date", (Text(f"The {plan.first.answer.applicant.cycle} cycle is over."),))
    when = plan.next.when[0].upper() + plan.next.when[1:]
    return Section("Next date", (Text((Strong(when), f": {plan.next.what}. {CHECK}")),))


def _interviews(answer: Answer) -> Iterator[str]:
    chances = answer.chances_by_interviews
    if chances is not None:
        told = ", ".join(f"{k}: {percent(chances[k - 1].point)}" for k in INTERVIEWS if k <= len(chances))
        yield f"Interviews in hand: {told}."


def _changes(plan: Plan) -> Iterator[str]:
    yield from _interviews(plan.first.answer)
    if plan.gaps:
        yield f"What you did not say: {', '.join(LABELS[name] for name in plan.gaps)}."
    for lever in plan.levers.levers:
        if lever.kind == "next_year":
            unclear = "" if lever.clear else ", unclear"
            yield f"Waiting a year, nothing else changed: {_gain(lever)}{unclear}."
    yield NOT_MEASURED


def changes(plan: Plan) -> Section:
    """What would change the answer."""
    return Section("What would change this answer", (Items(tuple(_changes(plan))),))


FIRST = (chance, things, cost, next_date, changes)
