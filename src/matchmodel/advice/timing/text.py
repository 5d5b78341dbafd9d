"""This cycle or the next as a page of blocks."""

from collections.abc import Iterator

from ...known import known
from ...model.engine import Range
from ...report.answer import withheld_page
from ...report.blocks import Grid, Items, Page, Section, Text
from ...report.wording import counted, dollars, percent, points, span, type_name
from ..common import SURE, endings
from ..notes import text
from ..practice import Scores
from .result import Compared, Comparison, Option, Timing

TELL = 5e-4  # share under the passing mark from which the row with fails is shown
FEW_NOTES = ("years_not_compared", "luck_shared_cycles", "independent_without_chain")


def _span(one: Range) -> str:
    """Return a range of chances without the first percent sign: '46.4 to 55.1%'."""
    return f"{percent(one.low)[:-1]} to {percent(one.high)}"


def _score(scores: Scores) -> str:
    if scores.mean is None:
        return "unknown"
    return f"{round(scores.mean, 1):g}" + (f", SD {scores.sd:.1f}" if scores.sd else "")


def _number(value: float | None, unit: str = "") -> str:
    return "unknown" if value is None else f"{round(value, 1):g}{unit}"


def _fails(found: Comparison) -> bool:
    shares = [one.under_mark for one in (found.now, found.wait) if one.under_mark is not None]
    return found.now.under_mark is not None and max(shares) >= TELL


def _rows(t: Timing) -> Iterator[tuple[str, str, str]]:
    found = known(t.found)
    options: tuple[Option, Option] = (found.now, found.wait)

    def row(head: str, *cells: str) -> tuple[str, str, str]:
        return head, cells[0], cells[1]

    if t.measure == "p_apply":
        yield row("chance if you apply", *(percent(known(o.apply).point) for o in options))
        yield row("  80% range", *(_span(known(o.apply)) for o in options))
    if _fails(found):
        yield row("  a fail counted as no match", *(percent(known(o.passed)) for o in options))
    yield row("chance if you rank at least one", *(percent(o.ranked.point) for o in options))
    yield row("  80% range", *(_span(o.ranked) for o in options))
    held = t.answer.p_given_interviews
    if held is not None:
        yield row(
            f"with the {counted(known(t.answer.question.interviews), 'interview')} you hold",
            percent(held.point),
            "",
        )
    yield row("Step 2 CK", *(_score(o.scores) for o in options))
    if _fails(found):
        yield row(f"  under the passing mark, {t.mark}", *(percent(known(o.under_mark)) for o in options))
    yield row("years since graduation", *(_number(o.years_since_graduation) for o in options))
    yield row("USCE", *(_number(o.usce_months, " months") for o in options))
    if found.now.usd is not None:
        yield row("fees", *(dollars(o.usd) for o in options))


def _draws(sure: float) -> str:
    return "more than 99%" if sure > 0.99 else f"{100 * sure:.0f}%"


def verdict(one: Compared, other: str) -> str:
    """Say which is better, by how much, and how sure that is."""
    d = one.difference
    if one.better is None:
        same = f"Waiting alone and {other} come to the same, within 0.1 points"
        return f"{same} (80% range {points(d.low)} to {points(d.high)})."
    waiting = one.better == "waiting"
    better = (
        f"Waiting alone is better than {other}"
        if waiting
        else f"{other[0].upper()}{other[1:]} is better than waiting alone"
    )
    low, high = (d.low, d.high) if waiting else (-d.high, -d.low)
    agree = f"{_draws(one.sure)} of the model's draws agree"
    said = (
        f"{better}, by {abs(100 * d.point):.1f} points (80% range {points(low)} to {points(high)}); {agree}"
    )
    return said + ("." if one.sure >= SURE else ": not sure.")


def _tip(t: Timing) -> str:
    """Say what gain in points would make waiting the better."""
    f = known(t.found)
    if not f.gain_possible:
        if f.now.scores.taken and f.now.scores.mean is not None:
            return "No gain can tip it: a passed exam cannot be taken again."
        return "Without a score there is no gain to look for: give --practice, or --mean and --sd."
    if f.tip_now == 0:
        first = "Waiting is better than applying now alone even with no gain in Step 2 CK"
        first += ", for the USCE that it adds" if t.usce_gain else ""
    elif f.tip_now is None:
        first = (
            "No gain in Step 2 CK, up to the end of the scale, makes waiting better than applying now alone"
        )
    else:
        gain = f"{f.tip_now} point{'s' * (f.tip_now > 1)}"
        first = f"Waiting is better than applying now alone from a gain of {gain} of Step 2 CK"
    if f.tip_both == f.tip_now:
        return first + ", and so it is against applying in both cycles."
    if f.tip_both is None:
        return first + "; no gain makes it better than applying in both cycles."
    return first + f"; better than applying in both cycles, from {f.tip_both}."


def _failing(t: Timing) -> str:
    """Say what a fail counted as no match changes."""
    f = known(t.found)
    if not _fails(f):
        return ""
    gap = known(f.wait.passed) - known(f.now.passed)
    if points(gap) == points(f.against_now.difference.point):
        return ""
    better = "waiting" if gap > 0 else "applying now"
    return f" With a fail counted as no match, {better} is better by {abs(100 * gap):.1f} points."


def _both(t: Timing) -> Iterator[str]:
    f = known(t.found)
    b = f.both
    luck = "shared between the cycles" if t.measure == "p_apply" else "independent between the cycles"
    fails = "; scores under the passing mark count as passed here" if _fails(f) else ""
    chance = f"{percent(b.any.point)} chance over both cycles (80% range {span(b.any)})"
    yield (f"{chance}, luck {luck} (assumed){fails}.")
    if t.measure == "p_apply":
        alone = f"the second try alone: {percent(b.second.point)}"
        yield (f"{percent(b.independent)} with independent luck; {alone}.")
    if b.repeat is not None:
        yield (
            f"{percent(b.repeat)} with the lower odds that one study gives to people who apply again: "
            f"a pessimistic bound, of "
            "one specialty, selection mixed in."
        )
    if b.usd_most is not None:
        alone = f"waiting alone {dollars(f.wait.usd)}"
        yield (
            f"{dollars(b.usd_most)} in fees for both cycles, {dollars(b.usd_expected)} on average; {alone}."
        )


def _second_try(t: Timing) -> str:
    if t.gain or t.gain_sd:
        return (
            " Who applies now has sat the exam now: the second try is with that score, and a gain goes to "
            "those who wait."
        )
    return ""


def _head(t: Timing) -> Iterator[str]:
    f = known(t.found)
    scores = f.now.scores
    grade = "" if scores.grade is None else f", grade {scores.grade}: volunteers' own reports"
    basis = "" if scores.basis in ("known", "unknown") else f" ({scores.basis}{grade})"
    yield f"Step 2 CK: {text(scores.told)}{basis}"
    if t.gain or t.gain_sd:
        spread = f", SD {t.gain_sd:g}" if t.gain_sd else ""
        yield f"Gain by waiting: {t.gain:g} points{spread}, as you say (assumed)"
    if t.applications is not None:
        which = "" if t.answer.applications_basis == "given" else ", the usual number"
        yield f"{t.applications} applications in each cycle{which}"


def page(t: Timing, details: bool = False) -> Page:
    """Return the page that `matchmodel timing` prints.

    Parameters
    ----------
    t
    details
        Whether the basis and all notes are added.
    """
    f = t.found
    if f is None:
        return withheld_page(t.answer)
    a = t.applicant
    title = f"{a.specialty}, {type_name(a.applicant_type)}: the {f.now.cycle} Match or the next"
    said = (
        verdict(f.against_now, "applying now alone") + _failing(t),
        verdict(f.against_both, "applying now and again") + _second_try(t),
        _tip(t),
    )
    head = ("", f"now, {f.now.cycle}", f"waiting, {f.wait.cycle}")
    both = f"Applying in {f.now.cycle}, and again in {f.wait.cycle} if that fails"
    sections = [
        Section("", tuple(map(Text, _head(t)))),
        Section("", (Grid(head, tuple(_rows(t))),)),
        Section("", (Items(said),)),
        Section(both, tuple(map(Text, _both(t)))),
    ]
    if details:
        sections.append(Section("", (Text(_basis(t)),)))
    ends = endings(t.answer, t.notes, FEW_NOTES, details)
    return Page(f"{title} (model {t.answer.model_name})", (*sections, *ends))


def _basis(t: Timing) -> str:
    found: dict[str, list[str]] = {}
    for what, basis in known(t.basis).items():
        if what != "your score":  # told above
            found.setdefault(basis, []).append(what)
    bases = (basis for basis in ("measured", "evidence", "assumed") if basis in found)
    return "Basis: " + "; ".join(f"{basis}: {', '.join(found[basis])}" for basis in bases) + "."
