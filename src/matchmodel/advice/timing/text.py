"""This cycle or the next as a page of blocks."""

from collections.abc import Iterator

from ...known import known
from ...model.records import Note
from ...report.answer import warned, withheld_page
from ...report.blocks import Block, Grid, Items, Page, Section, Text
from ...report.wording import ASSOCIATION, counted, dollars, percent, points, span, type_name
from ..calendar import LISTS_DUE, SENT, calendar
from ..common import SURE, WARNED
from ..notes import text
from ..practice import Scores
from .result import Compared, Comparison, Option, Timing

TELL = 5e-4  # share under the passing mark from which fails are told
SHOWN = ("luck_after_interviews", "years_not_compared", "independent_without_chain")
NEXT = "--details: both years side by side, luck, those who applied before, all notes."


def _score(scores: Scores) -> str:
    if scores.mean is None:
        return "unknown"
    return f"{round(scores.mean, 1):g}" + (f", SD {scores.sd:.1f}" if scores.sd else "")


def _number(value: float | None, unit: str = "") -> str:
    return "unknown" if value is None else f"{round(value, 1):g}{unit}"


def _fails(found: Comparison) -> bool:
    shares = [one.under_mark for one in (found.now, found.wait) if one.under_mark is not None]
    return found.now.under_mark is not None and max(shares) >= TELL


def _head(t: Timing) -> str:
    held = t.answer.question.interviews
    if t.applications is None:
        return "If you rank at least one program"
    if held is not None:
        return f"With the {counted(held, 'interview')} you hold"
    return f"If you apply to {counted(t.applications, 'program')}{_usual(t)}"


def _usual(t: Timing) -> str:
    return "" if t.answer.applications_basis == "given" else " (usual)"


def choices(t: Timing) -> Grid:
    """The three choices: a row each."""
    f = known(t.found)
    now, later = str(f.now.cycle), str(f.wait.cycle)
    paid = f.now.held is not None and f.now.usd is not None  # who holds interviews has applied
    most = f.wait.usd if paid else f.both.usd_most
    rows = (
        (f"now, {now}", f.now.chance, "paid" if paid else dollars(f.now.usd)),
        (f"wait, {later}", f.wait.chance, dollars(f.wait.usd)),
        (f"both: {later} only if {now} fails", f.both.any, most and f"up to {dollars(most)}"),
    )
    unsure = " (unsure)" if t.answer.trust.kind == "grey" else ""
    cells = ((name, percent(p.point), span(p), usd or "") for name, p, usd in rows)
    last = None if any(usd for _, _, usd in rows) else -1  # no dollars where applications are not by ERAS
    head = (_head(t), "chance" + unsure, "80% range", "fees")
    return Grid(head[:last], tuple(row[:last] for row in cells))


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


def _sure(one: Compared) -> str:
    """Say by how much one of two is better, and how sure that is."""
    sure = "sure" if one.sure >= SURE else "not sure"
    by = f"{abs(100 * one.difference.point):.1f} points"
    return f"{by} ({sure}: {_draws(one.sure)} of the model's draws agree)"


def best_choice(t: Timing) -> str:
    """Say which choice is the best, and which of one try."""
    f = known(t.found)
    both, one, later = f.against_both, f.against_now, f.wait.cycle
    twice = f"now, and again in {later} if you do not match"
    if both.better == "waiting":
        return f"Best: wait for {later}. It beats both tries by {_sure(both)}."
    best = f"Best: {twice}. It beats waiting by {_sure(both)}."
    if both.better is None:
        best = f"Waiting comes to the same as both tries: {twice}."
    if one.better is None:
        return f"{best} With one try, both years come to the same."
    which = "waiting beats now" if one.better == "waiting" else "now beats waiting"
    return f"{best} With one try, {which} by {_sure(one)}."


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


def _known(t: Timing) -> Iterator[str]:
    """Yield what the score is where it is not known for sure, and what waiting adds."""
    scores = known(t.found).now.scores
    if scores.basis not in ("known", "unknown"):
        grade = "" if scores.grade is None else f", grade {scores.grade}"
        yield f"Step 2 CK: {text(scores.told)} ({scores.basis}{grade})."
    gains = []
    if t.gain or t.gain_sd:
        spread = f" (SD {t.gain_sd:g})" if t.gain_sd else ""
        gains.append(f"{t.gain:g} points of Step 2 CK{spread}")
    if t.usce_gain:
        gains.append(f"{t.usce_gain:g} months of USCE")
    if gains:
        yield f"Waiting adds {' and '.join(gains)}, as you say (assumed)."


def _season(t: Timing) -> str:
    now, later = known(t.found).now.cycle, known(t.found).wait.cycle
    if t.answer.p_given_interviews is None:
        return f"Applications for {now} are sent in {calendar(now)[SENT].when}, for {later} a year later."
    return f"Rank lists for {now} are due in {calendar(now)[LISTS_DUE].when}."


def _side_by_side(t: Timing) -> Grid:
    f = known(t.found)
    options: tuple[Option, Option] = (f.now, f.wait)
    rows: list[tuple[str, ...]] = []

    def row(head: str, *cells: str) -> None:
        rows.append((head, *cells))

    if t.measure == "p_apply":
        row(
            f"if you apply to {counted(known(t.applications), 'program')}",
            *(percent(known(o.apply).point) for o in options),
        )
        row("  80% range", *(span(known(o.apply)) for o in options))
    row("if you rank at least one program", *(percent(o.ranked.point) for o in options))
    row("  80% range", *(span(o.ranked) for o in options))
    if _fails(f):
        row("a fail counted as no match", *(percent(known(o.passed)) for o in options))
        row(f"under the passing mark, {t.mark}", *(percent(known(o.under_mark)) for o in options))
    row("Step 2 CK", *(_score(o.scores) for o in options))
    row("years since graduation", *(_number(o.years_since_graduation) for o in options))
    row("USCE", *(_number(o.usce_months, " months") for o in options))
    return Grid(("", f"now, {f.now.cycle}", f"wait, {f.wait.cycle}"), tuple(rows))


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


def _told(t: Timing) -> list[Note]:
    """Return the notes that are always told, warnings first; why a cell is unsure is a detail."""
    warnings = [n for n in warned(t.answer) if n not in t.answer.trust.reasons]
    return [*warnings, *(n for n in t.notes if n.code in (*SHOWN, *WARNED))]


def _details(t: Timing) -> Iterator[Section]:
    f = known(t.found)
    compared = [
        verdict(f.against_now, "applying now alone"),
        verdict(f.against_both, "applying now and again"),
    ]
    if t.gain or t.gain_sd:
        compared.append("Who applies now has sat the exam: the second try has that score, without the gain.")
    yield Section("Both years side by side", (_side_by_side(t), Items((*compared, _tip(t)))))
    yield Section(f"Now, and again in {f.wait.cycle} if that fails", (Items(tuple(_both(t))),))
    told = _told(t)
    notes = [n for n in (*t.notes, *t.answer.notes) if n.code != "association"]
    others = tuple(dict.fromkeys(text(n) for n in notes if n not in told))
    yield Section("Notes", (Text(_basis(t)), Items(others)))


def page(t: Timing, details: bool = False) -> Page:
    """Return the page that `matchmodel timing` prints.

    Parameters
    ----------
    t
    details
        Whether both years side by side, luck, the basis and all notes are added.
    """
    f = t.found
    if f is None:
        return withheld_page(t.answer)
    a = t.applicant
    title = f"{a.specialty}, {type_name(a.applicant_type)}: {f.now.cycle} Match, {f.wait.cycle} or both"
    told = _told(t)
    said: list[Block] = [Text(best_choice(t) + _failing(t)), Text(_season(t))]
    last: list[Block] = [Items(tuple(map(text, told)))] if told else []
    last += [Text(ASSOCIATION)] + ([] if details else [Text(NEXT)])
    who = [Section("", tuple(map(Text, _known(t))))] if any(_known(t)) else []
    sections = [*who, Section("", (choices(t),)), Section("", tuple(said)), Section("", tuple(last))]
    more = _details(t) if details else ()
    return Page(f"{title} (model {t.answer.model_name})", (*sections, *more))


def _basis(t: Timing) -> str:
    found: dict[str, list[str]] = {}
    for what, basis in known(t.basis).items():
        if what != "your score":  # told above
            found.setdefault(basis, []).append(what)
    bases = (basis for basis in ("measured", "evidence", "assumed") if basis in found)
    return "Basis: " + "; ".join(f"{basis}: {', '.join(found[basis])}" for basis in bases) + "."
