"""The page of an applicant as sections of plain blocks, which Markdown and HTML only have to write out.

Each section is a function of the frozen `Plan`, so the two pages cannot disagree. Standard library only.
"""

from collections import namedtuple

from ..show import factor, times
from ..wording import ASSOCIATION, dollars, percent, points, type_name
from .cycles_command import verdict
from .levers_command import with_range
from .page_figures import (
    curve_figure,
    levers_figure,
    odds_figure,
    ratios_figure,
    value_text,
)
from .split_command import unsure
from .standing import RULE

Text = namedtuple("Text", "text")
Items = namedtuple("Items", "items")
Grid = namedtuple("Grid", "head rows left")  # left: which columns stand to the left
Picture = namedtuple("Picture", "svg words")
Section = namedtuple("Section", "title blocks")
SAME = 40  # characters in which two notes that say the same begin alike

BASES = "measured: a Match table; evidence: the register of other studies; assumed: nobody measured it."


def _percents(low, high):
    return f"{percent(low)} to {percent(high)}"


def _picture(svg, words):
    return () if svg is None else (Picture(svg, words),)


def title(plan):
    """Return the page's title."""
    a = plan.applicant
    return f"Plan for the {a.cycle} Match: {', '.join(part.name for part in plan.specialties)}"


def known(plan):
    """Return what is known of the applicant, as (name, value) texts."""
    a = plan.applicant
    found = [("applicant type", type_name(a.applicant_type))]
    found += [(ratio.label, value_text(ratio.value)) for ratio in plan.first.answer.likelihood_ratios]
    return found


def stand(plan):
    """Where I stand."""
    rows = [
        (part.name, part.standing.word, percent(part.standing.p), _percents(part.standing.low, part.standing.high), percent(part.standing.average), part.standing.why) for part in plan.specialties
    ]
    return Section("Where I stand", (Grid(("specialty", "standing", "if ranked", "80% range", "average", "why"), rows, {0, 1, 5}), Text(RULE)))


def odds(plan):
    """The odds by specialty, and what moves them."""
    rows = []
    for part in plan.specialties:
        a, c = part.answer, part.answer.chain
        apply = ("", "", "no table") if c is None else (str(c.applications), percent(c.p_apply), _percents(c.p_apply_low, c.p_apply_high))
        rows.append((part.name, percent(a.p_ranked), _percents(a.p_ranked_low, a.p_ranked_high), *apply))
    blocks = [
        Grid(("specialty", "if ranked", "80% range", "applications", "applying", "80% range"), rows, {0}),
        Text("If ranked: the chance of matching to that specialty, given at least one ranked program in it. Applying: counted from the application on, with so many programs at random"
             + (", the specialty's usual number." if plan.asked is None else ".")),
        *_picture(odds_figure(plan), "Chance of matching by specialty, with 80% ranges."),
    ]  # fmt: skip
    if plan.first.answer.likelihood_ratios:
        moved = [(f"{r.label}: {value_text(r.value)}", factor(r.ratio), f"{times(r.low)} to {times(r.high)}", r.basis, r.source) for r in plan.first.answer.likelihood_ratios]
        blocks += [
            Text(f"What moves the odds in {plan.first.name}, against the average of those who rank it:"),
            Grid(("known", "odds", "80% range", "basis", "source"), moved, {0, 3, 4}),
            *_picture(ratios_figure(plan), f"What moves the odds in {plan.first.name}: factors on the odds, with 80% ranges."),
        ]
    return Section("The odds by specialty", (*blocks, Text(BASES)))


def _needed(one):
    if not one.reachable:
        return "not reachable", f"every program gives {percent(one.best)}", ""
    return str(one.applications), f"{one.low} to {one.high}" if one.high is not None else f"{one.low} or more", dollars(one.fees_usd) or "no figure"


def applications(plan):
    """Required applications and their cost."""
    rows = []
    for part in plan.specialties:
        chain = part.answer.chain
        if chain is None:
            rows.append((part.name, "", "no table", "", ""))
            continue
        if not chain.random.reachable and not chain.friendliest.reachable:
            rows.append((part.name, "any order", *_needed(chain.random)))
            continue
        rows.append((part.name, "programs at random", *_needed(chain.random)))
        rows.append(("", "friendliest first", *_needed(chain.friendliest)))
    blocks = [Text(f"Applications that a {100 * plan.target:g}% chance of matching takes, and what they cost ('or more': more than a tenth of the draws never reach it):"), Grid(("specialty", "order", "applications", "80% range", "fees"), rows, {0, 1, 3})]
    chained = [part for part in plan.specialties if part.answer.chain is not None]
    if chained:
        fees = [f"{part.answer.chain.applications} applications to {part.name} cost {dollars(part.usd)}" for part in chained if part.usd is not None]
        if fees:
            fixed = f"; once a season there are also {dollars(sum(usd for _, usd in plan.fixed))} ({', '.join(f'{what} {dollars(usd)}' for what, usd in plan.fixed)})" if plan.fixed else ""
            blocks.append(Text(f"{'; '.join(fees)}{fixed}. Fees are of the {plan.season} season."))
        blocks += _picture(curve_figure(plan), "Chance of matching against the number of applications, programs at random, with 80% ranges.")
        for part in chained:
            rows = [(_count(n, part), percent(p), _percents(low, high), dollars(usd)) for n, p, low, high, usd in part.curve if n in _shown(part)]
            blocks.append(Grid((f"applications to {part.name}", "chance", "80% range", "fees"), rows, {0}))
        blocks.append(Text("What more applications add is an upper bound: better applicants get more interviews. Friendliest first is an optimistic bound: those programs may not fit you."))
    return Section("Required applications and cost", tuple(blocks))


def _count(n, part):
    chain = part.answer.chain
    return f"all {n}" if n == chain.listed else f"{n}, as on this page" if n == chain.applications else str(n)


def _shown(part):
    """Return the numbers of applications of the table: those of `predict`, and the one reckoned with."""
    return {part.answer.chain.applications, *(row[0] for row in part.answer.chain.table)}


def levers(plan):
    """What would move it."""
    result = plan.levers
    blocks = []
    if result.levers:
        chained = result.before.chance is not None
        head = ("lever", *(("applying, points",) if chained else ()), "if ranked, points", f"applications for {100 * plan.target:g}%" if chained else "", "what it is")
        rows = []
        for lever in result.levers:
            basis = ", ".join(f"{what} {basis}" for what, basis in (("odds", lever.basis["ranked"]), ("applications", lever.basis["applications"])) if basis is not None)
            same = lever.kind in ("more_applications", "friendliest")
            rows.append((
                lever.name, *((with_range(lever.chance, points),) if chained else ()), "same" if same else with_range(lever.ranked, points),
                _reach(result, lever) if chained else "", f"{'; '.join(lever.notes)} [{basis}]",
            ))  # fmt: skip
        blocks += [
            Text(f"In {plan.first.name}, best first: the change with its 80% range."),
            Grid(head, rows, set(range(len(head)))),
            *_picture(levers_figure(plan), f"Levers in {plan.first.name}: change of the chance in points, with 80% ranges."),
        ]
    else:
        blocks.append(Text("No lever can be scored for what is known."))
    grouped = {}
    for what, why in result.unscored:
        grouped.setdefault(why, []).append(what)
    blocks += [Text("Not scored:"), Items([f"{', '.join(whats)}: {why}." for why, whats in grouped.items()])]
    return Section("What would move it", tuple(blocks))


def _reach(result, lever):
    from .levers_command import signed

    reach, needed = result.reach(lever), lever.after.needed
    if lever.kind == "more_applications":
        return "same" if lever.cost_usd is None else f"same; these cost {dollars(lever.cost_usd)}"
    if reach == "both":
        usd = "" if lever.usd is None else f", {'+' * (lever.usd.point > 0)}{dollars(lever.usd.point)} in fees"
        return f"{needed.applications}, {with_range(lever.needed, signed)}{usd}"
    return {"now": f"{needed.applications}, now in reach", "lost": "now out of reach", "neither": "out of reach"}.get(reach, "")


def time(plan):
    """This cycle or the next."""
    t = plan.timing
    if t is None:
        return Section("This cycle or the next", (Text("Not answered: see what was left out."),))
    head = ("choice", "chance of matching", "80% range", "fees")
    second = t.both
    rows = [
        (f"apply for the {t.now.cycle} Match", percent(t.now.chance.point), _percents(t.now.chance.low, t.now.chance.high), dollars(t.now.usd)),
        (f"wait for the {t.wait.cycle} Match", percent(t.wait.chance.point), _percents(t.wait.chance.low, t.wait.chance.high), dollars(t.wait.usd)),
        (f"apply for {t.now.cycle}, and again for {t.wait.cycle} if need be", percent(second.point), _percents(second.low, second.high), "" if second.usd_most is None else f"{dollars(second.usd_most)} at most"),
    ]
    counted = "given at least one ranked program" if t.measure == "p_ranked" else f"counted from the application on, with {t.applications} applications in each cycle"
    assumed = f"; gains while waiting as you said: {t.gain:g} points of Step 2 CK, {t.usce_gain:g} months of USCE" if t.gain or t.usce_gain else "; nothing else about you is taken to change"
    blocks = [
        Grid(head, rows, {0}),
        Text(f"In {plan.first.name}, {counted}{assumed}."),
        Text(verdict(t.against_now, "applying now alone")),
    ]  # fmt: skip
    if second.repeat is not None:
        row = t.repeat or {}
        blocks.append(Text(
            f"People who applied before have lower odds in the one study that the register holds ({row.get('population', '')}): with those for the second try, both cycles come to {percent(second.repeat)}. "
            "Selection is mixed into that study, so it is told beside the figures above and not counted in them."
        ))  # fmt: skip
    return Section("This cycle or the next", tuple(blocks))


def scores(plan):
    """The Step 2 CK that the target takes."""
    rows = []
    for part in plan.specialties:
        s, matched = part.score, part.score.published.get("matched", {})
        took = "no score does it" if not s.reachable else f"any passing score ({s.lowest})" if s.any_passing else str(s.score)
        printed = "" if None in (matched.get("q1"), matched.get("median"), matched.get("q3")) else f"{matched['q1']:.0f}, {matched['median']:.0f}, {matched['q3']:.0f}"
        rows.append((part.name, took, _scores(s), printed, s.basis["slope"]))
    said = f"For a {100 * plan.target:g}% chance, given at least one ranked program, with everything else as it is ('or more': more than a tenth of the draws never reach it)."
    if plan.applicant.step2_ck is not None:
        said += f" The score here is {plan.applicant.step2_ck:g}; a passed exam cannot be retaken, so where it is final this only says how far it is from the target."
    return Section("The Step 2 CK that the target takes", (Text(said), Grid(("specialty", "Step 2 CK", "80% range", "Q1, median, Q3 of the matched", "slope"), rows, {0, 1, 4})))


def _scores(s):
    return "hardly any draw reaches it" if s.low is None else f"{s.low} or more" if s.high is None else f"{s.low} to {s.high}"


def together(plan):
    """Several specialties at once; None where there is no split."""
    split = plan.portfolio
    if split is None:
        return None
    many = f"{split.applications} applications" if split.budget is None else f"{dollars(split.budget)} of fees"
    best = f"all to {split.corner}" if split.corner else ", ".join(f"{part.applications} to {part.specialty}" for part in split.parts if part.applications)
    chance = f"{percent(split.chance.point)} chance of matching at all (80% range {_percents(split.chance.low, split.chance.high)})"
    paid = "" if split.fees_usd is None else f", for {dollars(split.fees_usd)} in fees"
    rows = [("the best split", best, percent(split.chance.point), _percents(split.chance.low, split.chance.high), dollars(split.fees_usd))]
    for other in split.others:
        to = ", ".join(f"{n} to {part.specialty}" for n, part in zip(other.split, split.parts) if n)
        rows.append((other.name, to, percent(other.chance.point), _percents(other.chance.low, other.chance.high), dollars(other.fees_usd)))
    doubt = unsure(split)
    return Section("Several specialties at once", (
        Text(f"With {many} in all, programs at random, the split with the highest chance of matching at all is {best}: {chance}, counted from the application on{paid}.{' ' + doubt if doubt else ''}"),
        Grid(("way", "applications", "chance", "80% range", "fees"), rows, {0, 1}),
        Text(("" if split.corner else f"Luck is taken as the person's, the same in every specialty (assumed); were it independent, the best split would come to {percent(split.independent)}. ") +
             "Which specialty you want is not in it, and a backup's figures are of those who prefer it."),
    ))  # fmt: skip


def flags(plan):
    """Red flags, and what the evidence says of each."""
    found = {}
    for part in plan.specialties:
        for flag in part.flags:
            found.setdefault((flag.covariate, flag.what, flag.why), []).append((part.name, flag))
    blocks = []
    if found:
        rows, reasons = [], []
        for (_, what, why), each in found.items():
            for k, (name, flag) in enumerate(each):
                rows.append((what if not k else "", name, "no figure" if flag.ratio is None else factor(flag.ratio), "" if flag.ratio is None else f"{times(flag.low)} to {times(flag.high)}", flag.basis or ""))
            flag = each[0][1]
            said = flag.note if flag.ratio is None else f"source {flag.source}" + (f": {', '.join(flag.grades)}" if flag.grades else "")
            where = ", ".join(name for name, _ in each) + ": " if flag.covariate == "step2_ck" else ""  # whose quartiles differ
            reasons.append(f"{where}{what}: {why}; {said}.")
        blocks += [
            Grid(("flag", "specialty", "odds", "80% range", "basis"), rows, {0, 1, 4}),
            Text("The odds are against the average of those who rank the specialty. Why each is flagged, and where its figure comes from (grades of evidence: A best, D least):"),
            Items(reasons),
        ]
    else:
        blocks.append(Text("None of what is known here is flagged."))
    if plan.gaps:
        blocks += [Text("Not given, and so not in any number (it counts as the average):"), Items(list(plan.gaps))]
    return Section("Red flags, and what the evidence says of them", (
        *blocks,
        Text("Flagged: a failed attempt; more years since graduation than nine in ten of the reference population; no US clinical experience; a visa; a score under today's passing mark or under the lower quartile of "
             "those who matched. Which values are flagged is a choice; the factors are the model's."),
    ))  # fmt: skip


def dates(plan):
    """A calendar of the cycle."""
    return Section(f"A calendar of the {plan.applicant.cycle} cycle", (Grid(("when", "what"), [tuple(event) for event in plan.calendar], {0, 1}), *(Text(text) for text in plan.calendar_notes)))


def unknown(plan):
    """What is not known."""
    blocks = [Items(list(plan.unmeasured))]
    if plan.left_out:
        blocks += [Text("Left out of this page:"), Items(list(plan.left_out))]
    return Section("What is not known", tuple(blocks))


def warned(plan):
    """Warnings, where there are some."""
    return Section("Warnings", (Items(list(plan.warnings)),)) if plan.warnings else None


def basis(plan):
    """Notes, basis and sources."""
    notes, begun = [], set()
    for note in (*plan.notes, *plan.levers.notes, *(plan.timing.notes if plan.timing is not None else ()), *(plan.portfolio.notes if plan.portfolio is not None else ())):
        begin = "fees" if note.startswith(("Fees are", "Dollars are")) else note[:SAME]  # several answers say the same in other words
        if begin not in begun and note != ASSOCIATION:
            notes.append(note)
        begun.add(begin)
    return Section("Notes, basis and sources", (Items(notes), Text(BASES), Text("Sources of the model:"), Items(list(plan.sources))))


def sections(plan):
    """Return the `Section`s of a page, in order."""
    made = (warned(plan), stand(plan), odds(plan), applications(plan), levers(plan), time(plan), scores(plan), together(plan), flags(plan), dates(plan), unknown(plan), basis(plan))
    return tuple(section for section in made if section is not None)
