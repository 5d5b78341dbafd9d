"""The page of an applicant as sections of plain blocks.

Each section is a function of the frozen `Plan`, so that the terminal, Markdown and HTML cannot disagree.
"""

from collections.abc import Iterator, Sequence

from ...model.engine import Range
from ...model.notes import WARNINGS
from ...wording import ASSOCIATION, dollars, factor, percent, times, type_name
from ..common import WARNED, interviews_of, moved
from ..notes import text
from ..target.result import ScoreNeeded
from ..timing.text import verdict
from ..what_if.result import Lever
from .blocks import Block, Grid, Items, Page, Picture, Section, Text
from .calendar import CHECK, OTHER_SERVICE
from .figures import curve_figure, levers_figure, odds_figure, ratio_name, ratios_figure, value_text
from .red_flags import Flag
from .result import InSpecialty, Plan
from .standing import rule

BASES = "measured: a Match table; evidence: the register of other studies; assumed: nobody measured it."
UNMEASURED = (
    "How programs read letters, interviews, personal statements, research, Step 3 or where you studied: no "
    "figure that the model could use.",
    "Which single programs would invite you: invitation rates are averages over programs.",
    "Whether a visa, an older graduation or a failed attempt closes a single program's door: programs say so "
    "themselves.",
    "What a change would cause: everything here compares applicants who differ, and in more than is printed.",
)
# Notes of an answer that the page tells; the others stand in the answer of `predict`.
NOTES = (
    "calibrated", "updated", "stand_in", "derived", "takes_part", "preferred_only", "interviews", "attempts_capped",
    "no_own_slope", "flat_slope", "no_figure", "usual_unknown", "usual_unsure", "next_year", "no_series", "no_fees",
    "no_schedule",
)  # fmt: skip
UNSCORED = (
    "exam_taken",
    "top_of_scale",
    "usce_enough",
    "usce_no_figure",
    "no_signal_figure",
    "signals_crude",
    "unmeasured",
)
TWO, THREE = frozenset({0, 1}), frozenset({0, 1, 2})


def _range(found: Range | None) -> str:
    """Return a chance and its range: '50.0% (44.0 to 56.0)'."""
    return (
        ""
        if found is None
        else f"{percent(found.point)} ({percent(found.low)[:-1]} to {percent(found.high)[:-1]})"
    )


def _picture(svg: str | None, words: str) -> tuple[Block, ...]:
    return () if svg is None else (Picture(svg, words),)


def _about(plan: Plan) -> str:
    answer = plan.first.answer
    known = [type_name(answer.applicant.applicant_type)]
    known += [f"{ratio.label}: {value_text(ratio.value)}" for ratio in answer.likelihood_ratios]
    if answer.question.interviews is not None:
        known.append(f"{interviews_of(answer.question.interviews)} held")
    return f"{'; '.join(known)}. Model {answer.model_name}. In brackets are 80% ranges."


def _warnings(part: InSpecialty) -> Iterator[str]:
    """Yield what a specialty's odds are warned of; a doubt with its reasons."""
    for note in part.answer.notes:
        if note.code in ("grey", "withheld"):
            yield " ".join(map(text, (note, *part.answer.trust.reasons)))
        elif note.code in WARNINGS and note.code != "no_chain":
            yield text(note)


def warned(plan: Plan) -> Section | None:
    """What is warned of; None where nothing is."""
    found = [said for part in plan.specialties for said in _warnings(part)]
    for notes in (plan.levers.notes, () if plan.timing is None else plan.timing.notes):
        found += [text(note) for note in notes if note.code in WARNED]
    texts = tuple(dict.fromkeys(found))
    return Section("Warnings", (Items(texts),)) if texts else None


def stand(plan: Plan) -> Section:
    """Where I stand."""
    rows = tuple((part.name, part.standing, _range(part.answer.p_apply)) for part in plan.specialties)
    return Section(
        "Where I stand", (Grid(("specialty", "standing", "if you apply"), rows, TWO), Text(rule()))
    )


def _odds_row(part: InSpecialty, held: int | None) -> tuple[str, ...]:
    a = part.answer
    number = "" if a.applications is None else f"{a.applications}"
    average = "" if a.average_ranked is None else f"{percent(a.average_ranked)} ranked"
    if a.average_apply is not None:
        average = f"{percent(a.average_apply)} applying, " + average
    given = () if held is None else (_range(a.p_given_interviews),)
    return part.name, number, _range(a.p_apply), _range(a.p_ranked) or "no number", *given, average


def odds(plan: Plan) -> Section:
    """The odds by specialty, and what moves them."""
    first = plan.first.answer
    held, given = first.question.interviews, first.question.applications
    extra = () if held is None else (f"with {interviews_of(held)}",)
    head = ("specialty", "applications", "if you apply", "if you rank one", *extra, "average applicant")
    number = "each specialty's usual number of programs" if given is None else "that many programs"
    blocks: list[Block] = [
        Grid(head, tuple(_odds_row(part, held) for part in plan.specialties)),
        Text(
            f"If you apply: to {number}, as IMGs choose them. If you rank one: once you rank at least one "
            f"program."
        ),
        *_picture(odds_figure(plan), "Chance of matching by specialty, with 80% ranges."),
    ]
    if first.likelihood_ratios:
        rows = tuple(
            (ratio_name(r), f"{factor(r.ratio)} ({times(r.low)} to {times(r.high)})", r.basis)
            for r in first.likelihood_ratios
        )
        blocks += [
            Text(f"What moves the odds in {plan.first.name}, against the average of those who rank it:"),
            Grid(("known", "odds", "basis"), rows, frozenset({0, 2})),
            *_picture(ratios_figure(plan), "What moves the odds, as factors with 80% ranges."),
        ]
    return Section("The odds by specialty", (*blocks, Text(BASES)))


def _needed_row(part: InSpecialty) -> tuple[str, str, str]:
    a = part.answer
    one = a.required_applications
    if one is None:
        return part.name, "no figures", ""
    if one.applications is None:
        best = a.chances_by_applications[-1][1]
        return part.name, f"not reachable: all {a.listed} give {percent(best.point)}", ""
    high = f" to {one.high}" if one.high is not None else " or more"
    return part.name, f"{one.applications} ({one.low}{high})", dollars(one.fees_usd) or "no figure"


def _chances_grid(parts: Sequence[InSpecialty]) -> Grid:
    """Chances by number of applications, a column for each specialty."""
    known = [dict(part.answer.chances_by_applications) for part in parts]
    numbers = sorted(
        {n for part, one in zip(parts, known, strict=True) for n in one if n != part.answer.listed}
    )
    rows = [(str(n), *(_range(one.get(n)) for one in known)) for n in numbers]
    last = tuple(
        f"{_range(one[part.answer.listed])}, all {part.answer.listed}"
        for part, one in zip(parts, known, strict=True)
    )
    return Grid(("applications", *(part.name for part in parts)), (*rows, ("all listed", *last)))


def _fees(plan: Plan) -> str:
    """What the applications reckoned with cost, '' where nothing is known."""
    told, fixed, season = [], "", None
    for part in plan.chained:
        fees = part.answer.fees
        if fees is None:
            continue
        season = fees.season
        if fees.applications_usd is not None:
            told.append(
                f"{part.answer.applications} applications to {part.name} cost "
                f"{dollars(fees.applications_usd)}"
            )
        if fees.fixed:
            what = ", ".join(f"{name} {dollars(usd)}" for name, usd in fees.fixed)
            fixed = f"; once a season there are also {dollars(sum(usd for _, usd in fees.fixed))} ({what})"
    return f"{'; '.join(told)}{fixed}. Fees are of the {season} season." if told else ""


def applications(plan: Plan) -> Section:
    """Required applications and their cost."""
    chance = f"{100 * plan.target:g}%"
    blocks: list[Block] = [
        Grid(("specialty", f"applications for {chance}", "fees"), tuple(map(_needed_row, plan.specialties))),
    ]
    if plan.chained:
        fees = _fees(plan)
        blocks += [
            *((Text(fees),) if fees else ()),
            *_picture(
                curve_figure(plan), "Chance of matching against the number of applications, with 80% ranges."
            ),
            _chances_grid(plan.chained),
            Text(
                "Programs are taken as IMGs choose them. What more applications add is an upper bound, since "
                "better applicants get more interviews."
            ),
        ]
    return Section("Required applications and cost", tuple(blocks))


def _reach(lever: Lever) -> str:
    after = lever.after.needed
    if lever.kind == "more_applications":
        return "" if lever.cost_usd is None else f"these cost {dollars(lever.cost_usd)}"
    if lever.reach is None or after is None:
        return ""
    if lever.reach in ("both", "now"):
        return f"{after.applications}" + (", now within reach" if lever.reach == "now" else "")
    return "no longer within reach" if lever.reach == "lost" else "out of reach"


def _held(lever: Lever) -> str:
    if lever.kind == "more_applications":
        return "same"
    return "" if lever.held is None else moved(lever.held)


def levers(plan: Plan) -> Section:
    """What would move it."""
    found, a = plan.levers.levers, plan.first.answer
    blocks: list[Block] = []
    if found:
        chained, held = a.p_apply is not None, a.p_given_interviews is not None
        head = (
            ["change"]
            + ["if you apply, points"] * chained
            + ["if you rank one, points"]
            + [f"with {interviews_of(a.question.interviews)}, points"] * held
        )
        head += [f"applications for {100 * plan.target:g}%"] * chained
        rows = []
        for lever in found:
            row = [text(lever.name)]
            row += ["" if lever.chance is None else moved(lever.chance)] * chained
            row.append(
                "same" if lever.kind in ("more_applications", "one_more_interview") else moved(lever.ranked)
            )
            row += [_held(lever)] * held
            rows.append((*row, *([_reach(lever)] * chained)))
        blocks += [
            Text(f"In {plan.first.name}, best first: the change in points, with its 80% range."),
            Grid(tuple(head), tuple(rows)),
            *_picture(levers_figure(plan), "Change of the chance in points, with 80% ranges."),
        ]
        blocks += [Text(text(note)) for note in plan.levers.notes if note.code == "gains_are_upper_bounds"]
    else:
        blocks.append(Text("Nothing can be scored for what is known."))
    unscored = tuple(text(note) for note in plan.levers.unscored if note.code in UNSCORED)
    return Section(
        "What would move it", (*blocks, Text("Not scored:"), Items(unscored)) if unscored else tuple(blocks)
    )


def time(plan: Plan) -> Section:
    """This cycle or the next."""
    title, t = "This cycle or the next", plan.timing
    if t is None or t.found is None:
        return Section(title, (Text("Not answered: see what was left out."),))
    f = t.found
    both = f.both
    rows = (
        (f"apply for the {f.now.cycle} Match", _range(f.now.chance), dollars(f.now.usd)),
        (f"wait for the {f.wait.cycle} Match", _range(f.wait.chance), dollars(f.wait.usd)),
        (
            f"apply for {f.now.cycle}, and again for {f.wait.cycle} if need be", _range(both.any),
            "" if both.usd_most is None else f"{dollars(both.usd_most)} at most",
        ),
    )  # fmt: skip
    counted = "if you rank at least one program"
    if t.applications is not None:
        counted = f"if you apply to {t.applications} programs in each cycle"
    gains = "nothing else about you is taken to change"
    if t.gain or t.usce_gain:
        gains = (
            f"gains while waiting as you said: {t.gain:g} points of Step 2 CK, {t.usce_gain:g} months of USCE"
        )
    blocks: list[Block] = [
        Grid(("choice", "chance of matching", "fees"), rows),
        Text(f"In {plan.first.name}, {counted}; {gains}. {verdict(f.against_now, 'applying now alone')}"),
    ]
    if both.repeat is not None:
        blocks.append(Text(
            f"With the lower odds that one study gives to people who apply again, both cycles come to "
            f"{percent(both.repeat)}: "
            "a pessimistic bound, selection mixed in."
        ))  # fmt: skip
    return Section(title, tuple(blocks))


def _score(part: InSpecialty, found: ScoreNeeded | None) -> tuple[str, str, str, str]:
    if found is None:
        return part.name, "no number", "", ""
    measure = {"apply": "if you apply", "ranked": "if you rank one", "interviews": "as held"}[found.measure]
    if found.score is None:
        took = "none is high enough"
    elif found.score == part.target.lowest:
        took = f"any passing score ({found.score})"
    elif found.high is None:
        took = f"{found.score} ({found.low} or more)"
    else:
        took = f"{found.score} ({found.low} to {found.high})"
    matched = (part.target.published or {}).get("matched", {})
    quartiles = [matched.get(name) for name in ("q1", "median", "q3")]
    printed = "" if None in quartiles else ", ".join(f"{value:.0f}" for value in quartiles)
    return part.name, took, measure, printed


def scores(plan: Plan) -> Section:
    """The Step 2 CK that the target takes."""
    rows = tuple(_score(part, part.score) for part in plan.specialties)
    said = f"For a {100 * plan.target:g}% chance, with everything else as it is."
    own = plan.first.answer.applicant.step2_ck
    if own is not None:
        said += f" Your score here is {own:g}. A passed exam cannot be retaken: then this only says how far it is from the target."
    head = ("specialty", "Step 2 CK", "chance meant", "Q1, median, Q3 of the matched")
    return Section(
        "The Step 2 CK that the target takes", (Text(said), Grid(head, rows, frozenset({0, 1, 2})))
    )


def _flag_row(plan: Plan, told: str, flags: dict[str, Flag]) -> tuple[str, ...]:
    cells = []
    for part in plan.specialties:
        flag = flags.get(part.name)
        ratio = None if flag is None else flag.ratio
        none = "" if flag is None else "no figure"
        cells.append(
            none if ratio is None else f"{factor(ratio.ratio)} ({times(ratio.low)} to {times(ratio.high)})"
        )
    bases = sorted({flag.ratio.basis for flag in flags.values() if flag.ratio is not None})
    return told.rstrip("."), *cells, ", ".join(bases)


def flags(plan: Plan) -> Section:
    """Red flags, and what the evidence says of each."""
    found: dict[str, dict[str, Flag]] = {}
    for part in plan.specialties:
        for flag in part.flags:
            found.setdefault(text(flag.why), {})[part.name] = flag
    blocks: list[Block] = []
    if found:
        head = ("flag", *(f"odds, {part.name}" for part in plan.specialties), "basis")
        rows = tuple(_flag_row(plan, told, each) for told, each in found.items())
        graded = sorted({grade for each in found.values() for flag in each.values() for grade in flag.grades})
        blocks += [
            Grid(head, rows, frozenset({0, len(head) - 1})),
            Text("The odds are against the average of those who rank the specialty."),
        ]
        if graded:
            blocks.append(Text(f"Evidence behind them (grades: A best, D least): {', '.join(graded)}."))
    else:
        blocks.append(Text("None of what is known here is flagged."))
    if plan.gaps:
        names = ", ".join(LABELS[name] for name in plan.gaps)
        blocks.append(Text(f"Not given, and so not in any number (it counts as the average): {names}."))
    return Section("Red flags, and what the evidence says of them", (*blocks, Text(FLAGGED)))


FLAGGED = (
    "Flagged: a failed attempt; more years since graduation than nine in ten of the reference population; no "
    "US clinical experience; a visa; a score under today's passing mark or under the lower quartile of those "
    "who matched. Which values are flagged is a choice; the factors are the model's."
)
LABELS = {
    "step2_ck": "Step 2 CK", "years_since_graduation": "year of graduation", "usce_months": "US clinical experience",
    "visa_needed": "whether a visa is needed", "step1_failed": "Step 1 attempts", "step2_failed": "Step 2 CK attempts",
}  # fmt: skip


def dates(plan: Plan) -> Section:
    """A calendar of the cycle."""
    rows = tuple((event.when, event.what) for event in plan.calendar)
    title = f"A calendar of the {plan.first.answer.applicant.cycle} cycle"
    return Section(title, (Grid(("when", "what"), rows, TWO), Text(f"{CHECK} {OTHER_SERVICE}")))


def unknown(plan: Plan) -> Section:
    """What is not known."""
    left = tuple(map(text, plan.left_out))
    more = (Text("Left out of this page:"), Items(left)) if left else ()
    return Section("What is not known", (Items(UNMEASURED), *more))


def _noted(plan: Plan) -> Iterator[str]:
    for part in plan.specialties:
        for note in part.answer.notes:
            if note.code in NOTES and note not in part.answer.trust.reasons:
                yield text(note)
    if plan.portfolio is not None:
        yield from (
            text(note)
            for note in plan.portfolio.notes
            if note.code in ("who_prefer_it", "interviews_may_clash")
        )


def basis(plan: Plan) -> Section:
    """Notes, basis and sources."""
    notes = tuple(dict.fromkeys(_noted(plan)))
    return Section(
        "Notes, basis and sources", (Items(notes), Text(f"Sources of the model: {'; '.join(plan.sources)}."))
    )


def together(plan: Plan) -> Section | None:
    """Several specialties at once; None where there is no split."""
    split = plan.portfolio
    if split is None or split.chance is None:
        return None
    counts = {part.specialty: part.applications for part in split.parts}
    best = f"all to {split.corner}" if split.corner else _to(counts)
    names = list(counts)
    rows = [("the best split", best, _range(split.chance), dollars(split.fees_usd))]
    for other in split.others:
        to = _to(dict(zip(names, other.split, strict=True)))
        rows.append((other.name, to, _range(other.chance), dollars(other.fees_usd)))
    many = f"{split.applications} applications in all" + (
        "" if split.budget_given else ", the usual numbers together"
    )
    said = f"With {many}, programs as IMGs choose them, the highest chance of matching at all has {best}."
    other = split.unsure
    if other is not None:
        by = f"{abs(100 * other.gain.point):.1f} points better than {other.name}"
        said += f" Not sure: it is {by}, and {100 * other.sure:.0f}% of the model's draws agree."
    luck = "Which specialty you want is not in it, and a backup's figures are of those who prefer it."
    if not split.corner:
        luck = f"Luck is taken as yours, the same in every specialty; were it independent: {percent(split.independent)}. {luck}"
    head = ("way", "applications", "chance of matching at all", "fees")
    return Section("Several specialties at once", (Text(said), Grid(head, tuple(rows), TWO), Text(luck)))


def _to(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} to {name}" for name, n in counts.items() if n)


SECTIONS = (
    warned, stand, odds, applications, levers, time, scores, together, flags, dates, unknown, basis,
)  # fmt: skip


def page(plan: Plan) -> Page:
    """Return the page of a plan."""
    cycle = plan.first.answer.applicant.cycle
    title = f"Plan for the {cycle} Match: {', '.join(part.name for part in plan.specialties)}"
    made = (section(plan) for section in SECTIONS)
    return Page(title, _about(plan), ASSOCIATION, tuple(section for section in made if section is not None))
