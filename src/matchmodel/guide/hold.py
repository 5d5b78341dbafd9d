"""Claims held against the model and the tables: which rule judges which claim."""

from collections import namedtuple

from ..errors import RefusedInput
from . import absent, applications, effects, scores
from .ask import Question

Rule = namedtuple("Rule", "topic numbers judge")  # how many numbers the claim must hold, since the rule takes its thresholds from them

RULES = {
    "g01": Rule("score target", 1, scores.needed_score),
    "g02": Rule("score target", 2, scores.score_to_aim_at),
    "g03": Rule("score target", 2, scores.score_to_aim_at),
    "g04": Rule("score target", 2, applications.low_score_possible),
    "g05": Rule("internal medicine", 5, applications.broad_list),
    "g06": Rule("applications", 1, applications.only_with_many),
    "g07": Rule("graduation year", 2, effects.graduation_year),
    "g08": Rule("step 1 failure", 2, effects.worth_of_failure),
    "g09": Rule("timing", 2, absent.timing),
    "g10": Rule("program patterns", 1, absent.patterns),
    "g11": Rule("competitive specialties", 0, effects.failure_in_specialty),
    "g12": Rule("regions", 0, absent.regions),
    "g13": Rule("step 3", 0, absent.step_three),
    "g14": Rule("first attempts", 0, effects.first_attempts),
}


def hold(claim, model, tidy):
    """Return the `Verdict` on one claim."""
    question, rule = Question(claim, model, tidy), RULES.get(claim.claim_id)
    if rule is None:
        return question.unanswerable(f"No rule is written for the claim {claim.claim_id}.")
    if rule.topic != claim.topic:
        return question.unanswerable(f"The rule of {claim.claim_id} is about the topic '{rule.topic}', and this claim's is '{claim.topic}': no rule is written for it.")
    if rule.numbers != len(claim.numbers):
        return question.unanswerable(
            f"The rule of {claim.claim_id} takes its thresholds from the claim, {rule.numbers} numbers, and this one has {len(claim.numbers)}: no rule is written for it."
        )
    if not question.named.known:
        return question.unanswerable("None of the specialties that it names is in the model.")
    return rule.judge(question)


def hold_claims(claims, model, tidy):
    """Hold a guide's claims against the model and the tables.

    A rule takes its thresholds from the numbers of the claim itself, asks for non-US IMGs, whose scores
    and outcomes are published together, and decides with the whole 80% range: a range that holds both
    answers leaves the claim not answerable. A claim with two halves gets the verdict of its answerable
    half, and the reason says of the rest that it is not answerable.

    Parameters
    ----------
    claims : iterable of Claim
    model : Model
    tidy : matchmodel.etl.Tidy
        The tables that the model was trained on.

    Returns
    -------
    tuple of Verdict
        In the order of the claims.

    Raises
    ------
    RefusedInput
        For an id that stands twice.
    """
    claims = tuple(claims)
    ids = [claim.claim_id for claim in claims]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise RefusedInput(f"the claims {', '.join(twice)} stand twice; give each claim its own id")
    return tuple(hold(claim, model, tidy) for claim in claims)
