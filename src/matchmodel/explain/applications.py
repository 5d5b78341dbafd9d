"""From applications to a match: the anchor, the answers, what they cost, and what they were held against (notebook 4)."""

import numpy as np
import pandas as pd

from ..applicant import Applicant
from ..chain_math import none_invited
from ..evaluate.chain_checks import chain_checks
from ..fees import application_fees, schedule_of
from ..odds import expit
from ..odds import terms as odds_terms
from .words import fixed, percent

KIND, SPECIALTY = "non-us-img", "Internal Medicine"
SCORES = (230, 245, 260)
SIZES = (20, 40, 80, 120, 160, 200)
TARGET = 0.5


def asked(score=245, applications=None, target=TARGET, specialty=SPECIALTY, kind=KIND):
    """Return an applicant with a score, of whom nothing else is known."""
    return Applicant(specialty, kind, step2_ck=score, applications=applications, target=target)


def several(scores=SCORES, specialty=SPECIALTY, kind=KIND):
    """Return applicants that differ in their score alone."""
    return [asked(s, None, TARGET, specialty, kind) for s in scores]


def point(model, applicant):
    """Return the chain's `State` at the point, the logistic chance that it is anchored to, and the chain cell."""
    filled = model.cycle_of(applicant)
    cell, chain = model.cell(filled.applicant_type, filled.specialty), model.chain_cell(filled.applicant_type, filled.specialty)
    p = expit(odds_terms(model, cell, filled, filled.cycle).log_odds)
    return chain.states(chain.log_factors(filled)[0][:1], [p])[0], p, chain


def anchored(model, applicants):
    """Return the anchor of each applicant.

    Returns
    -------
    pandas.DataFrame
        score, usual, logistic (P(match | ranked) of the logistic model), chain (the same of the
        chain at the usual number, programs at random), any (P(at least one invitation) there),
        apply (their product), odds_against (E, with one rank), one_rank (1/(1 + E)).
    """
    rows = []
    for a in applicants:
        state, p, chain = point(model, a)
        usual = chain.content["usual"]["value"]
        some = 1 - none_invited(usual * state.each, state.alpha)
        both = state.match(usual * state.each)
        rows.append((a.step2_ck, usual, p, both / some, some, both, state.odds_against, 1 / (1 + state.odds_against)))
    return pd.DataFrame(rows, columns=["score", "usual", "logistic", "chain", "any", "apply", "odds_against", "one_rank"])


def anchored_table(model, applicants):
    """Return `anchored` as it is shown."""
    found = anchored(model, applicants)
    return pd.DataFrame({
        "Step 2 CK": found["score"].map("{:g}".format),
        "logistic model, given a ranked program": found["logistic"].map(percent), "chain at the usual number": found["chain"].map(percent),
        "any invitation": found["any"].map(percent), "matched, from the application on": found["apply"].map(percent), "with one rank": found["one_rank"].map(percent),
    })


def anchored_sentence(model, applicants):
    """Say that chain and logistic model agree at the usual number."""
    found = anchored(model, applicants)
    gap = (found["chain"] - found["logistic"]).abs().max()
    told = "to nine decimals" if gap < 5e-10 else f"to within {100 * gap:.3f} points"
    return (
        f"At the usual number ({found['usual'].iloc[0]:.0f}) both say the same {told}, whatever the score. "
        "The level is the logistic model's; the chain gives the shape in the number of applications."
    )


def by_applications(model, applicant, sizes=SIZES):
    """Return what each number of applications brings.

    Returns
    -------
    pandas.DataFrame
        applications, expected (mean invitations), any, apply, low, high (its 80% range), friendliest
        (the chance when the most IMG-friendly programs come first), usd (fees; NaN without a schedule).
    """
    rows = []
    schedule = schedule_of(model.content["chain"]["fees"], applicant.specialty)
    for n in (*sizes, model.chain_cell(applicant.applicant_type, applicant.specialty).listed):
        found = model.odds(applicant._replace(applications=n, target=None)).chain
        first = next((q for size, _, q in found.table if size == n), np.nan)
        rows.append((n, found.expected, found.p_any, found.p_apply, found.p_apply_low, found.p_apply_high, first, np.nan if schedule is None else application_fees(schedule, n)))
    return pd.DataFrame(rows, columns=["applications", "expected", "any", "apply", "low", "high", "friendliest", "usd"])


def by_applications_table(model, applicant, sizes=SIZES):
    """Return `by_applications` as it is shown."""
    found = by_applications(model, applicant, sizes)
    return pd.DataFrame({
        "applications": found["applications"].map("{:,.0f}".format), "invitations expected": found["expected"].map(lambda v: fixed(v, 1)), "any invitation": found["any"].map(percent),
        "matched": found["apply"].map(percent), "80% range": [f"{percent(a)} to {percent(b)}" for a, b in zip(found["low"], found["high"], strict=True)],
        "friendliest first": found["friendliest"].map(percent), "fees, dollars": found["usd"].map(lambda v: fixed(v, 0)),
    })


def _ends(r):
    low, high = ("" if v is None else f"{v:,}" for v in (r.low, r.high))
    return f"{low} to {high}" if high else f"{low} or more" if low else "not reached in the draws"


def required_table(model, applicants, target=TARGET):
    """Return the required applications of each applicant, in both orders, with what they cost."""
    rows = []
    for a in applicants:
        chain = model.odds(a._replace(applications=None, target=target)).chain
        for order, r in (("at random", chain.random), ("friendliest first", chain.friendliest)):
            rows.append((
                f"{a.step2_ck:g}", order, f"{r.applications:,}" if r.reachable else f"not reachable: {percent(r.best)} with every program", _ends(r),
                "" if r.fees_usd is None else f"{r.fees_usd:,.0f}",
                "" if r.next_gain is None else f"{100 * r.next_gain:.1f}", "" if r.usd_per_point is None else f"{r.usd_per_point:,.0f}",
            ))
    return pd.DataFrame(rows, columns=["Step 2 CK", "programs", f"applications for {target:.0%}", "80% range", "fees, dollars", "next ten add, points", "dollars a point"])


def required_sentence(model, applicant, target=TARGET):
    """Say how many applications a target takes in both orders, and what they cost."""
    chain = model.odds(applicant._replace(applications=None, target=target)).chain
    r, f = chain.random, chain.friendliest
    if not (r.reachable and f.reachable):
        return f"A chance of {target:.0%} is not reachable with every program in the specialty: {percent(r.best)} at the most."
    dollars = "" if r.fees_usd is None else f", {r.fees_usd:,.0f} dollars"
    return (
        f"With a score of {applicant.step2_ck:g} and nothing else known, a chance of {target:.0%} takes {r.applications:,} programs at random (80% range "
        f"{_ends(r)}{dollars}), {f.applications:,} when the most IMG-friendly come first "
        f"({_ends(f)}). With all {chain.listed:,} it is {percent(r.best)} in either order."
    )


def fees_table(model):
    """Return the season's fees: schedules, and what is paid once."""
    fees = model.content["chain"]["fees"]
    rows = []
    for service, schedule in fees["schedules"].items():
        for r in schedule:
            upto = "on" if r["to_program"] is None else f"to {r['to_program']}"
            rows.append((service, f"program {r['from_program']} {upto}", f"{r['usd_each']:g} each" if r["usd_flat"] is None else f"{r['usd_flat']:g} in all", r["grade"], r["source"]))
    rows += [(r["service"], "once a season", f"{r['usd_flat']:g}", r["grade"], r["source"]) for r in fees["fixed"]]
    return pd.DataFrame(rows, columns=["for", "what", "dollars", "grade", "source"])


def checks(trained, chain, kind=KIND):
    """Return published figures beside what the chain says, none of which it was fitted to."""
    return pd.DataFrame(
        [(c.what, c.published, c.chain, c.why) for c in chain_checks(trained, chain, kind)],
        columns=["what", "published", "chain", "where the published figure is from, and why they differ"],
    )


def checks_sentence(trained, chain, kind=KIND):
    """Say in which direction the chain misses the observed shares of applicants who rank any program."""
    found = [c for c in chain_checks(trained, chain, kind) if c.what.startswith("share")]
    over = [c for c in found if c.value > c.target]
    gaps = [100 * (c.value - c.target) for c in found]
    return (
        f"In {len(over)} of {len(found)} specialties the chain puts more applicants among those who rank than were observed, by {min(gaps):.0f} to {max(gaps):.0f} "
        "points. The observed shares count everybody who applied at all, "
        "many of them to a few programs as a second choice; the chain is for somebody who applies to the usual number."
    )
