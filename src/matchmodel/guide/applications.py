"""Rules for claims about low scores and the number of applications."""

from .ask import FAILS, HOLDS, KIND, UNSETTLED, Part, Ranged, chance, parts_text, percent, ranged_figures, side, verdict_of

POSSIBLE = 0.10  # a chance of one in ten, from the application on: under it a plan fails nine times of ten
LOW_SCORE = 225  # the middle of the 220 to 230 that the guide calls low
FULL_USCE = 12  # months; the most that the measured effect counts
CHAIN_BASIS = "measured and evidence"
NO_CHAIN = "The model has no chain of applications for most of the specialties; it would take a table of invitation rates by program."


def usual_applications(question, specialty):
    """Return the usual number of applications of a specialty, a whole number."""
    return round(question.model.chain_cell(KIND, specialty).content["usual"]["value"])


def hopeful(question):
    """Return the least share observed of what the chain says: who ranked a program over who applied, 1 where nothing is known.

    Applicants (US and non-US IMGs together) of a season, and those who ranked the specialty in that
    year's Match, stand in two tables; the chain says the same share for the usual number of applications.
    """
    applied = question.tidy.table("applicants_total")
    ranked = question.tidy.table("ranked_anywhere").set_index(["specialty", "year"])[["us_img_ranked", "non_us_img_ranked"]].sum(axis=1)
    shares = [1.0]
    for specialty, season, persons in applied[["specialty", "season", "img_applicants"]].itertuples(index=False):
        if (specialty, season) in ranked.index and question.model.has_chain(KIND, specialty):
            said = question.model.chain_cell(KIND, specialty).content["usual"]["share_ranking"]
            shares.append(ranked[specialty, season] / persons / said)
    return float(min(shares))


def drawn_down(least):
    """Return what an answer says of the low ends."""
    return f"The low ends are multiplied by {least:.2f}, the least observed share of what the chain says of ranking a program."


def from_application(question, applicant, least):
    """Return the chance from the application on; its low end is drawn down by what `hopeful` found."""
    chain = question.model.odds(applicant).chain
    return Ranged(chain.p_apply, chain.p_apply_low * least, chain.p_apply_high)


def low_score_possible(question):
    """Judge 'LOW to HIGH is still possible with no failures and much clinical experience'.

    Asked at the middle of the two, with no failure, twelve months of US clinical experience and the
    specialty's usual number of applications. Possible means a chance of one in ten from the
    application on: a specialty holds with its whole range over it, fails with its whole range under it.
    The low end is first drawn down by what the chain is known to be too hopeful by. Letters are in no table.
    """
    low, high = question.numbers
    score, least = (low + high) / 2, hopeful(question)
    if len(question.chained) < question.named.most:
        return question.unanswerable(NO_CHAIN)
    parts, figures = [], {"observed share of what the chain says, least": least}
    for s in question.chained:
        usual = usual_applications(question, s)
        found = from_application(question, question.who(s, score, step1_failed=False, step2_failed=False, usce_months=FULL_USCE, applications=usual), least)
        state = {"above": HOLDS, "below": FAILS, "across": UNSETTLED}[side(found, POSSIBLE)]
        parts.append(Part(s, state, f"{chance(found)} with {usual} applications"))
        figures |= ranged_figures(f"{s}, chance at {score:g} from the application on", found) | {f"{s}, usual applications": usual}
    why = (
        f"At {score:g} with no failure and {FULL_USCE} months of USCE, a chance over {percent(POSSIBLE)} from the application on: {parts_text(parts)}. {drawn_down(least)} "
        "Letters are in no table, so they are not answerable."
    )
    return question.verdict(verdict_of(parts), why, figures, CHAIN_BASIS)


def broad_list(question):
    """Judge the last third of 'strong programs look for A, community ones for B to C, D to E needs a broad list'.

    Broad means more than the specialty's usual number: taken are the applications that the middle of D and E
    needs for the chance that A has with the usual number. With their whole 80% range over the usual number it
    holds, with the whole range at or under it it fails. What programs look for is in no table for the specialty.
    """
    strong, *_, low, high = question.numbers
    score = (low + high) / 2
    if len(question.chained) < question.named.most:
        return question.unanswerable(NO_CHAIN)
    parts, figures = [], {}
    for s in question.chained:
        usual = usual_applications(question, s)
        target = question.model.odds(question.who(s, strong, applications=usual)).chain.p_apply
        needed = question.model.odds(question.who(s, score, target=target)).chain.random
        most = needed.high if needed.reachable else None  # None: some draws never get there
        state = HOLDS if needed.low is None or needed.low > usual else FAILS if most is not None and most <= usual else UNSETTLED
        number = f"{needed.applications} applications, {needed.low} to {'no bound' if most is None else most}," if needed.reachable else "not every program is enough"
        parts.append(Part(s, state, f"{number} for the {percent(target)} that {strong:g} has with the usual {usual}"))
        figures |= {f"{s}, usual applications": usual, f"{s}, chance at {strong:g} with the usual number": target}
        named = ("applications", needed.applications), ("applications, low", needed.low), ("applications, high", most)
        figures |= {f"{s}, {name} needed at {score:g}": float(value) for name, value in named if value is not None}
    why = (
        f"That {score:g} takes more than the usual number of applications: {parts_text(parts)}. "
        "Which scores strong or community programs look for is in no table, so that part is not answerable."
    )
    return question.verdict(verdict_of(parts), why, figures, CHAIN_BASIS)


def only_with_many(question):
    """Judge 'those with low scores match only by applying to N or more programs'.

    Asked at 225 with one application fewer than N, nothing else known. Only means that the chance is then under
    one in ten: a specialty holds with its whole range under it, fails with its whole range over it,
    the low end first drawn down by what the chain is known to be too hopeful by.
    """
    (many,) = question.numbers
    fewer, least = int(many) - 1, hopeful(question)
    if len(question.chained) < question.named.most:
        return question.unanswerable(NO_CHAIN)
    parts, figures = [], {"observed share of what the chain says, least": least}
    for s in question.chained:
        found = from_application(question, question.who(s, LOW_SCORE, applications=fewer), least)
        state = {"above": FAILS, "below": HOLDS, "across": UNSETTLED}[side(found, POSSIBLE)]
        parts.append(Part(s, state, chance(found)))
        figures |= ranged_figures(f"{s}, chance at {LOW_SCORE} with {fewer} applications", found)
    why = f"'Only' asks for a chance under {percent(POSSIBLE)} at {LOW_SCORE} with {fewer} applications: {parts_text(parts)}. {drawn_down(least)}"
    return question.verdict(verdict_of(parts), why, figures, CHAIN_BASIS)
