"""Claims compared with the model and the tables: which rule judges which claim."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from matchmodel.errors import RefusedInput
from matchmodel.etl import Tidy
from matchmodel.model import Model
from notebook_helpers.guide import absent, applications, effects, scores
from notebook_helpers.guide.ask import Case
from notebook_helpers.guide.claims import Claim
from notebook_helpers.guide.result import Verdict


@dataclass(frozen=True)
class Rule:
    """A rule, and the claim that it is written for.

    Attributes
    ----------
    topic
    numbers
        How many numbers the claim must have, since the rule takes its thresholds from them.
    judge
    """

    topic: str
    numbers: int
    judge: Callable[[Case], Verdict]


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


def judge(claim: Claim, model: Model, tidy: Tidy) -> Verdict:
    """Return the `Verdict` on one claim."""
    case, rule = Case(claim, model, tidy), RULES.get(claim.claim_id)
    if rule is None:
        return case.unanswerable(f"No rule is written for the claim {claim.claim_id}.")
    if rule.topic != claim.topic or rule.numbers != len(claim.numbers):
        return case.unanswerable(
            f"The rule of {claim.claim_id} is about '{rule.topic}' with {rule.numbers} numbers, and this "
            f"claim is about '{claim.topic}' with {len(claim.numbers)}: no rule is written for it."
        )
    if not case.named.known:
        return case.unanswerable("None of the specialties that it names is in the model.")
    return rule.judge(case)


def judge_claims(claims: Iterable[Claim], model: Model, tidy: Tidy) -> tuple[Verdict, ...]:
    """Compare a guide's claims with the model and the tables.

    A rule takes its thresholds from the numbers of the claim itself, asks for non-US IMGs, whose scores and
    outcomes are published together, and decides with the whole 80% range: a range that holds both answers
    leaves the claim not answerable. A claim with two halves gets the verdict of its answerable half, and the
    reason says of the rest that it is not answerable.

    Parameters
    ----------
    claims
    model
    tidy
        All tables, those for validation too.

    Returns
    -------
    verdicts
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
    return tuple(judge(claim, model, tidy) for claim in claims)
