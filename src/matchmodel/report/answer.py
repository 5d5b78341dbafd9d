"""An answer, and several beside each other, as a page of blocks."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..known import known
from ..model.answer import Answer, ChanceAt, LikelihoodRatio, Required
from ..model.engine import Range
from ..model.notes import WARNINGS, text
from ..model.records import Note
from ..specialty import short_name
from .blocks import Block, Grid, Items, Page, Section, Text
from .wording import bar, counted, dollars, factor, one_in, percent, span, times, type_name, with_span

SHOWN = frozenset({"attempts_capped", "calibrated", "updated", "stand_in"})  # beside the warnings
COLUMNS = 4  # numbers of applications that are shown
SCOPE = "An association, not a cause. For people who take part and prefer this specialty."
NEXT = "Next: what-if, target or timing with the same options; --details for all."
NOTHING_KNOWN = "Nothing else is known, so this is the average. Give --step2, --yog, --usce, --visa."
MEASURES = {
    "research": "research experiences",
    "abstracts": "abstracts",
    "publications": "publications",
    "presentations": "presentations",
    "work": "work experiences",
    "volunteer": "volunteer experiences",
}
BASES = "measured: a Match table. evidence: other studies. assumed: nobody measured it."


def title(answer: Answer) -> str:
    """Return the title of an answer."""
    a = answer.applicant
    return f"{a.specialty}, {type_name(a.applicant_type)}, {a.cycle} Match (model {answer.model_name})"


def warned(answer: Answer) -> list[Note]:
    """Return the notes that no answer leaves out, the most important first."""
    a = answer.applicant
    another_year = answer.table_year + 1 != a.cycle
    return [
        n
        for n in answer.notes
        if n.code in WARNINGS
        or n.code in SHOWN
        or n in answer.trust.reasons
        or (n.code == "next_year" and another_year)
    ]


def withheld_page(answer: Answer) -> Page:
    """Return the page of an answer that is withheld: why, and no numbers."""
    return Page(title(answer), (Section("No number", (Items(tuple(map(text, warned(answer)))),)),))


class Said(NamedTuple):
    """A chance, the average applicant's, and the words of both: in a table, and of whom a sentence speaks."""

    if_you: str
    who: str
    chance: Range
    average: float | None = None


def chances(answer: Answer) -> Iterator[Said]:
    """Yield the chances that are known, the widest question first."""
    if answer.p_apply is not None:
        to = counted(known(answer.applications), "program")
        usual = "" if answer.applications_basis == "given" else " (usual)"
        yield Said(f"if you apply to {to}{usual}", f"who apply to {to}", answer.p_apply, answer.average_apply)
    if answer.p_ranked is not None:
        one = "rank at least one program"
        yield Said(f"if you {one}", f"who {one}", answer.p_ranked, answer.average_ranked)
    if answer.p_given_interviews is not None:
        held = counted(known(answer.question.interviews), "interview")
        yield Said(f"with the {held} you hold", f"who hold {held}", answer.p_given_interviews)


def in_words(answer: Answer, said: Said) -> str:
    """Return a chance as the begin of a sentence: 'About 1 in 4 applicants like you who ... match'."""
    about = "Unsure: about" if answer.trust.kind == "grey" else "About"
    return f"{about} {one_in(said.chance.point)} applicants like you {said.who} match"


def first(answer: Answer) -> Section:
    """Return what is said first: the chance in a sentence, and the chances beside the average's."""
    unsure = answer.trust.kind == "grey"
    rows = tuple(
        (
            one.if_you,
            percent(one.chance.point),
            span(one.chance),
            bar(one.chance.point, "?" if unsure else "#"),
            "" if one.average is None else percent(one.average),
        )
        for one in chances(answer)
    )
    head = ("Chance of matching", "", "80% range", "", "average")
    sentence = f"{in_words(answer, next(chances(answer)))}."
    return Section("", (Text(sentence), Grid(head, rows, frozenset({0, 3}))))


def value(ratio: LikelihoodRatio) -> str:
    """Return the value that a likelihood ratio is of."""
    if isinstance(ratio.value, bool):
        return "yes" if ratio.value else "no"
    return f"{round(ratio.value, 2):g}"


def _known_how(ratio: LikelihoodRatio) -> str:
    return ratio.basis if ratio.low > 1 or ratio.high < 1 else f"{ratio.basis}, unclear"


def _ratios(answer: Answer) -> Section:
    if not answer.likelihood_ratios:
        return Section("", (Text(NOTHING_KNOWN),))
    rows = tuple(
        (
            "+" if r.low > 1 else "-" if r.high < 1 else "?",
            f"{r.label}: {value(r)}",
            factor(r.ratio),
            f"{times(r.low)} to {times(r.high)}",
            _known_how(r),
        )
        for r in sorted(answer.likelihood_ratios, key=lambda r: -r.ratio)
    )
    head = ("", "What helps (+) and hurts (-)", "odds", "80% range", "how well known")
    return Section("", (Grid(head, rows, frozenset({0, 1, 4})),))


def _reach(one: Required) -> str:
    if one.low is None:
        return "80% range: most draws never reach it"
    return f"80% range {one.low} to {'no upper bound' if one.high is None else one.high}"


def needed(one: Required, listed: int) -> str:
    """Return how many applications a target takes, with range and fees."""
    if not one.reachable:
        return f"not reachable with all {listed} listed"
    fees = "" if one.fees_usd is None else f", {dollars(one.fees_usd)} in fees"
    return f"{one.applications} applications ({_reach(one)}){fees}"


def _shown(answer: Answer) -> Sequence[ChanceAt]:
    """Return the numbers of applications around the one asked about, and all that are listed."""
    every = known(answer.chances_by_applications)
    asked = known(answer.applications)
    above = next(k for k, at in enumerate(every) if at.applications >= asked)
    first = max(0, min(above - 1, len(every) - COLUMNS))
    return (*every[first : first + COLUMNS - 1], every[-1]) if len(every) > COLUMNS else every


def _applications(answer: Answer) -> Section:
    some, listed = _shown(answer), known(answer.listed)
    names = [("all " if at.applications == listed else "") + f"{at.applications}" for at in some]
    rows = [("chance of matching", *(percent(at.chance.point) for at in some))]
    if any(at.fees_usd is not None for at in some):
        rows.append(("fees", *(dollars(at.fees_usd) for at in some)))
    one = known(answer.required_applications)
    target = f"For a {100 * one.target:g}% chance: {needed(one, listed)}."
    return Section("", (Grid(("Programs applied to", *names), tuple(rows)), Text(target)))


def _more(answer: Answer) -> Iterator[Section]:
    """Yield what the details add on applications and interviews."""
    listed, usual = known(answer.listed), known(answer.usual)
    some, mean = known(answer.p_any_invitation), known(answer.expected_invitations)
    random = known(answer.required_applications_random)
    friendliest = known(answer.required_applications_friendliest)
    fees_usd = known(answer.fees).applications_usd
    items = [
        f"Bound, programs at random: {needed(random, listed)}.",
        f"Bound, friendliest first: {needed(friendliest, listed)}.",
        f"At least one interview invitation: {percent(some.point)} ({span(some)}).",
        f"Invitations expected: {mean.point:.1f} ({mean.low:.1f} to {mean.high:.1f}).",
        f"The usual number of applications: {usual.value:.0f} ({usual.low:.0f} to {usual.high:.0f}), "
        f"{usual.basis}.",
    ]
    if fees_usd is not None:
        items.append(f"Fees of {answer.applications} applications: {dollars(fees_usd)}, fixed fees apart.")
    yield Section("Applications in detail", (Items(tuple(items)),))
    by_applications = tuple(
        (f"{at.applications}", percent(at.chance.point), span(at.chance), dollars(at.fees_usd))
        for at in known(answer.chances_by_applications)
    )
    by_interviews = tuple(
        (f"{k}", percent(p.point), span(p)) for k, p in enumerate(known(answer.chances_by_interviews), 1)
    )
    yield Section("", (Grid(("Applications", "chance", "80% range", "fees"), by_applications),))
    yield Section("", (Grid(("Interviews held", "chance", "80% range"), by_interviews),))


def _published(answer: Answer) -> str:
    if answer.published_rate is None:
        return "No table prints the average here: it is derived."
    return f"Published average of those who rank: {percent(answer.published_rate)}, {answer.table_year}."


def _printed(answer: Answer) -> Iterator[Section]:
    """Yield the medians that stand in the table and in no odds."""
    rows = tuple((MEASURES[m.measure], f"{m.matched:g}", f"{m.not_matched:g}") for m in answer.medians)
    if rows:
        yield Section(
            f"Medians in the {answer.table_year} table, not in the odds",
            (Grid(("", "matched", "not matched"), rows),),
        )


def _details(answer: Answer) -> Iterator[Section]:
    if answer.chances_by_applications is not None:
        yield from _more(answer)
    yield from _printed(answer)
    told = warned(answer)
    notes = (_published(answer), *(text(n) for n in answer.notes if n not in told))
    yield Section("Notes", (Items(notes),))
    sources = tuple(f"{r.label}: {r.source}" for r in answer.likelihood_ratios)
    if sources:
        yield Section("Sources", (Items(sources), Text(BASES)))


def page(answer: Answer, details: bool = False) -> Page:
    """Return the page that `matchmodel predict` prints.

    Parameters
    ----------
    answer
    details
        Whether bounds, ranges of everything, all notes and the sources are added.
    """
    if answer.withheld:
        return withheld_page(answer)
    sections = [first(answer), _ratios(answer)]
    if answer.chances_by_applications is not None:
        sections.append(_applications(answer))
    told = warned(answer)
    last: tuple[Block, ...] = (Items(tuple(map(text, told))),) if told else ()
    last += (Text(SCOPE), Text(NEXT))
    more = _details(answer) if details else ()
    return Page(title(answer), (*sections, Section("", last), *more))


def several(answers: Sequence[Answer]) -> Page:
    """Return the page of several specialties of one applicant: a row each."""
    first = answers[0].applicant
    rows, reasons = [], []
    for answer in answers:
        name = short_name(answer.applicant.specialty, 22)
        programs = "" if answer.p_apply is None else f"{answer.applications}"
        ranked = "no number" if answer.withheld else with_span(answer.p_ranked)
        unsure = "?" if answer.trust.kind == "grey" else ""
        rows.append((name + unsure, programs, with_span(answer.p_apply), ranked))
        reasons += [f"{name}: {text(n)}" for n in warned(answer)]
    head = ("Specialty (?: unsure)", "programs", "if you apply", "if you rank one")
    blocks: list[Block] = [Grid(head, tuple(rows))]
    if reasons:
        blocks.append(Items(tuple(reasons)))
    title = f"{len(rows)} specialties, {type_name(first.applicant_type)}, {first.cycle} Match"
    not_added = "These chances must not be added up: matches depend on the same luck."
    last = (Text(not_added), Text(SCOPE))
    return Page(f"{title} (model {answers[0].model_name})", (Section("", tuple(blocks)), Section("", last)))
