"""An answer as text for a terminal of 80 columns."""

from collections.abc import Iterator

from ..known import known
from ..model.answer import Answer, LikelihoodRatio, Required
from ..model.engine import Range
from ..model.notes import WARNINGS, text
from .wording import dollars, factor, one_in, percent, remarks, table, times, type_name, wrapped

FEW_NOTES = 3  # shown unless details are asked for
RARE = 1 / 3  # chance under which '1 in N' helps


def _span(found: Range) -> str:
    return f"{percent(found.low)} to {percent(found.high)}"


def _chances(answer: Answer) -> Iterator[tuple[str, Range]]:
    """Yield what is said first: a chance and its words, the widest question first."""
    if answer.p_apply is not None:
        usual = "" if answer.applications_basis == "given" else " (usual)"
        yield f"if you apply to {answer.applications} programs{usual}", answer.p_apply
    if answer.p_ranked is not None:
        yield "if you rank at least one program", answer.p_ranked
    if answer.p_given_interviews is not None:
        held = answer.question.interviews
        yield f"with the {held} interview{'' if held == 1 else 's'} you hold", answer.p_given_interviews


def _first(answer: Answer) -> Iterator[str]:
    rows = [
        (words, percent(p.point), _span(p), f"about {one_in(p.point)}" if 0 < p.point < RARE else "")
        for words, p in _chances(answer)
    ]
    yield from table(("Chance of matching", "", "80% range", ""), rows, left={0, 3}, indent="")
    kind = type_name(answer.applicant.applicant_type)
    average = (
        [] if answer.average_apply is None else [f"{percent(answer.average_apply)} if they apply to as many"]
    )
    average.append(f"{percent(known(answer.average_ranked))} if they rank one")
    published = (
        "derived, no table"
        if answer.published_rate is None
        else f"published {percent(answer.published_rate)}, {answer.table_year}"
    )
    yield wrapped(f"The average {kind} here: {', '.join(average)} ({published}).", "")


def _value(ratio: LikelihoodRatio) -> str:
    if isinstance(ratio.value, bool):
        return "yes" if ratio.value else "no"
    return f"{round(ratio.value, 2):g}"


def _ratios(answer: Answer) -> Iterator[str]:
    if not answer.likelihood_ratios:
        yield wrapped(
            "Nothing but specialty and type is known, so this is the average. "
            "Give --step2 and the rest to move it.",
            "",
        )
        return
    rows = [
        (f"{r.label}: {_value(r)}", factor(r.ratio), f"{times(r.low)} to {times(r.high)}", r.basis)
        for r in answer.likelihood_ratios
    ]
    yield from table(("What helps and hurts", "odds", "80% range", "basis"), rows, left={0, 3}, indent="")


def _reach(one: Required) -> str:
    if one.low is None:
        return "80% range: most draws never reach it"
    return f"80% range {one.low} to {'no upper bound' if one.high is None else one.high}"


def _needed(one: Required, listed: int) -> str:
    if not one.reachable:
        return f"not reachable with all {listed} listed"
    fees = "" if one.fees_usd is None else f", {dollars(one.fees_usd)} in fees"
    return f"{one.applications} applications ({_reach(one)}){fees}"


def _applications(answer: Answer, details: bool) -> Iterator[str]:
    told, listed = known(answer.chances_by_applications), known(answer.listed)
    every = [("all " if n == listed else "") + f"{n}" for n, _ in told]
    chances = [percent(p.point) for _, p in told]
    yield from table(("Applications", *every), [("chance of matching", *chances)], indent="")
    one = known(answer.required_applications)
    yield wrapped(f"For a {100 * one.target:g}% chance: {_needed(one, listed)}.", "")
    if details:
        random = known(answer.required_applications_random)
        friendliest = known(answer.required_applications_friendliest)
        yield wrapped(f"Bound, programs at random: {_needed(random, listed)}.", "  ")
        yield wrapped(f"Bound, friendliest first: {_needed(friendliest, listed)}.", "  ")
        yield ""
        yield from _more(answer)


def _more(answer: Answer) -> Iterator[str]:
    some, mean = known(answer.p_any_invitation), known(answer.expected_invitations)
    usual, fees_usd = known(answer.usual), known(answer.fees).applications_usd
    yield f"At least one interview invitation: {percent(some.point)} ({_span(some)})"
    yield f"Invitations expected: {mean.point:.1f} ({mean.low:.1f} to {mean.high:.1f})"
    span = f"{usual.low:.0f} to {usual.high:.0f}"
    yield f"The usual number of applications: {usual.value:.0f} ({span}), {usual.basis}"
    if fees_usd is not None:
        yield f"Fees of {answer.applications} applications: {dollars(fees_usd)}, fixed fees apart"
    yield ""
    applications = [(f"{n}", percent(p.point), _span(p)) for n, p in known(answer.chances_by_applications)]
    yield from table(("Applications", "chance", "80% range"), applications, indent="")
    yield ""
    by_interviews = enumerate(known(answer.chances_by_interviews), 1)
    interviews = [(f"{k}", percent(p.point), _span(p)) for k, p in by_interviews]
    yield from table(("Interviews held", "chance", "80% range"), interviews, indent="")


def lines(answer: Answer, details: bool = False) -> Iterator[str]:
    """Yield the lines that `matchmodel predict` prints.

    Parameters
    ----------
    answer
    details
        Whether bounds, ranges of everything and all notes are added; else there are the warnings and the
        three most important notes.
    """
    a = answer.applicant
    yield wrapped(
        f"{a.specialty}, {type_name(a.applicant_type)}, {a.cycle} Match (model {answer.model_name})", ""
    )
    yield ""
    if answer.withheld:
        for note in (
            answer.notes
            if details
            else (n for n in answer.notes if n.code in WARNINGS or n in answer.trust.reasons)
        ):
            yield wrapped(text(note), "")
        return
    yield from _first(answer)
    yield ""
    yield from _ratios(answer)
    if answer.chances_by_applications is not None:
        yield ""
        yield from _applications(answer, details)
    warned = [n for n in answer.notes if n.code in WARNINGS or n in answer.trust.reasons]
    others = [n for n in answer.notes if n not in warned]
    yield from remarks(
        [text(n) for n in warned], [text(n) for n in (others if details else others[:FEW_NOTES])]
    )
