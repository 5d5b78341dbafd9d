"""The applications part of an answer as text for a person.

Standard library only: this module is on the path of ``predict``.
"""

from .wording import dollars, percent, wrapped


def _asked(chain):
    yield f"With {chain.applications} applications, programs at random"
    yield wrapped(f"{percent(chain.p_apply)} chance of matching, counted from the application on (80% range {percent(chain.p_apply_low)} to {percent(chain.p_apply_high)})", "  ")
    yield f"  {percent(chain.p_any)} chance of at least one invitation ({percent(chain.p_any_low)} to {percent(chain.p_any_high)})"
    yield f"  {chain.expected:.1f} invitations expected ({chain.expected_low:.1f} to {chain.expected_high:.1f})"
    usd = chain.fees["applications_usd"]
    if usd is not None:
        yield f"  {dollars(usd)} in application fees, fixed fees apart"
    if chain.next_gain is not None:
        price = "" if chain.next_usd is None else f" for {dollars(chain.next_usd)}"
        each = "" if not chain.next_usd or chain.next_gain <= 0 else f", {dollars(chain.next_usd / (100 * chain.next_gain))} a percentage point"
        yield wrapped(f"The next ten add at most {100 * chain.next_gain:.1f} points{price}{each}", "  ")


def _span(one):
    if one.low is None:
        return "80% range: most draws never reach it"
    return f"80% range {one.low} to {one.high}" if one.high is not None else f"80% range {one.low} to no upper bound: some draws never reach it"


def _needed(one, order, listed):
    if not one.reachable:
        yield f"  {order}: not reachable; every program of the {listed} listed gives {percent(one.best)}"
        if one.low is not None:
            yield f"    ({_span(one)})"
        return
    fees = "" if one.fees_usd is None else f", {dollars(one.fees_usd)}"
    yield wrapped(f"{order}: {one.applications} applications ({_span(one)}){fees}", "  ")
    if one.next_gain:
        price = "" if one.next_usd is None else f" for {dollars(one.next_usd)}, {dollars(one.usd_per_point)} a percentage point"
        yield wrapped(f"the next ten add at most {100 * one.next_gain:.1f} points{price}", "    ")


def chain_lines(answer):
    """Yield the lines of an answer's applications part.

    Parameters
    ----------
    answer : Answer
        With a chain.
    """
    chain = answer.chain
    if chain.applications is not None:
        yield from _asked(chain)
        yield ""
    if chain.target is not None:
        yield f"Applications needed for a {100 * chain.target:g}% chance of matching"
        yield from _needed(chain.random, "programs at random", chain.listed)
        yield from _needed(chain.friendliest, "friendliest first", chain.listed)
        yield ""
    yield f"  {'applications':>12}  {'at random':>9}  {'friendliest first':>17}"
    for n, at_random, friendliest in chain.table:
        label = f"all {n}" if n == chain.listed else str(n)
        yield f"  {label:>12}  {percent(at_random):>9}  {percent(friendliest):>17}"
    yield f"  The usual number here: {chain.usual:.0f} ({chain.usual_low:.0f} to {chain.usual_high:.0f}), {chain.usual_basis}"
