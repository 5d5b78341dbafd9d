"""The score that a chance takes as text for a terminal of 80 columns."""

from collections.abc import Iterator

from ...applicant import SCORE_HIGH
from ...known import known
from ...report.wording import dollars, percent, table, type_name, wrapped
from ..common import endings, interviews_of, span, title, withheld_lines
from .result import ScoreNeeded, Target

COHORTS = (("matched", "matched"), ("not_matched", "not matched"))
QUARTILES = ("min", "q1", "median", "q3", "max")
FEW_NOTES = ("own_score_stays", "of_those_with_it")


def _words(result: Target, one: ScoreNeeded) -> str:
    a = result.answer
    if one.measure == "ranked":
        return "if you rank at least one program"
    if one.measure == "interviews":
        return f"with {interviews_of(a.question.interviews)}"
    return f"if you apply to {a.applications} programs" + (
        "" if a.applications_basis == "given" else ", the usual number"
    )


def _score(result: Target, one: ScoreNeeded) -> tuple[str, str]:
    """Return the score and its range as text."""
    if one.score is None and one.low is None:
        return "none", f"{SCORE_HIGH} gives {percent(one.top.point)}"
    score, low, high = (
        "none" if n is None else "any pass" if n == result.lowest else str(n)
        for n in (one.score, one.low, one.high)
    )
    return score, low if low == high else f"{low} to {high}"


def place(score: float, row: dict[str, float | None]) -> str:
    """Return where a score stands among a cohort's quartiles, in words."""
    lower, median, upper = (known(row[k]) for k in ("q1", "median", "q3"))
    if score < lower:
        return "under the lower quartile"
    if score < median:
        return "between the lower quartile and the median"
    if score <= upper:
        return "between the median and the upper quartile"
    return "above the upper quartile"


def _own(result: Target) -> Iterator[str]:
    """Yield what the applicant's own score gives, and what else would reach the target."""
    own, answer = result.answer.applicant.step2_ck, result.answer
    if own is None:
        return
    gap, chance = result.missing, known(result.own)
    stands = (
        "" if gap is None else ": enough" if gap <= 0 else f": {gap:g} point{'' if gap == 1 else 's'} short"
    )
    yield wrapped(f"Your {own:g} gives {percent(chance.point)} (80% range {span(chance)}){stands}.", "")
    required = answer.required_applications
    if gap is not None and gap <= 0 or required is None:
        return
    if required.applications is None:
        yield wrapped(
            f"With it, all {answer.listed} programs listed do not reach {100 * result.target:g}%.", ""
        )
    else:
        usd = "" if required.fees_usd is None else f", {dollars(required.fees_usd)} in fees"
        yield wrapped(
            f"With it, {100 * result.target:g}% takes {required.applications} applications{usd}.", ""
        )


def _published(result: Target) -> Iterator[str]:
    a = result.answer.applicant
    if not result.published:
        yield wrapped(
            f"No table here prints Step 2 CK quartiles of {type_name(a.applicant_type, True)} in "
            f"{a.specialty}.",
            "",
        )
        return
    yield f"Step 2 CK as published ({type_name(a.applicant_type, True)}, {result.answer.table_year})"
    rows = []
    for key, name in COHORTS:
        row = result.published.get(key)
        if row is not None:
            rows.append((name, *("" if row[k] is None else f"{row[k]:,.0f}" for k in ("n", *QUARTILES))))
    yield from table(("cohort", "n", "lowest", "Q1", "median", "Q3", "highest"), rows)
    matched, found = result.published.get("matched"), known(result.found)
    if found.score is not None and matched is not None and None not in (matched["q1"], matched["q3"]):
        yield wrapped(f"{found.score} stands {place(found.score, matched)} of those who matched.", "  ")


def lines(result: Target, details: bool = False) -> Iterator[str]:
    """Yield the lines that `matchmodel target` prints.

    Parameters
    ----------
    result
    details
        Whether the basis and all notes are added.
    """
    answer = result.answer
    if answer.withheld:
        yield from withheld_lines(answer)
        return
    yield title(answer)
    yield ""
    rows = [(_words(result, one), *_score(result, one)) for one in result.scores]
    yield from table(
        (f"Step 2 CK for a {100 * result.target:g}% chance of matching", "", "80% range"),
        rows,
        left={0, 2},
        indent="",
    )
    found = known(result.found)
    words = _words(result, found).removesuffix(", the usual number")
    less = "" if found.below is None else f"; one point less {percent(found.below)}"
    shown = SCORE_HIGH if found.score is None else found.score
    yield wrapped(
        f"{shown}, {words}: {percent(found.chance.point)} (80% range {span(found.chance)}){less}.", ""
    )
    if any(result.lowest in (one.score, one.low, one.high) for one in result.scores):
        yield f"any pass: {result.lowest} is the lowest passing score today."
    if any(one.high is None for one in result.scores):
        yield "none: no score is high enough."
    if answer.applicant.step2_ck is not None:
        yield ""
        yield from _own(result)
    yield ""
    yield from _published(result)
    if details:
        yield ""
        yield from _basis(result)
    yield from endings(answer, result.notes, FEW_NOTES, details)


def _value(value: float | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{round(value, 2):g}"


def _basis(result: Target) -> Iterator[str]:
    given = [
        f"{one.label}: {_value(one.value)}"
        for one in result.answer.likelihood_ratios
        if one.covariate != "step2_ck"
    ]
    yield wrapped(
        "Taken into account: " + ("; ".join(given) if given else "specialty and type alone") + ".", ""
    )
    rest = ", the rest evidence" if given else ""
    yield wrapped(
        "Basis: " + ", ".join(f"{what} {basis}" for what, basis in known(result.basis).items()) + rest + ".",
        "",
    )
