"""An answer as text for a person.

Standard library only: this module is on the path of ``predict``.
"""

from .show_chain import chain_lines
from .wording import percent, remarks, type_name, wrapped


def one_in(n):
    """Return N of '1 in N', with a decimal where it tells: '2.1', '57', '4,800'."""
    return f"{n:.1f}" if n < 20 else f"{float(f'{n:.2g}'):,.0f}"


def times(value):
    """Return a factor in two decimals, or in two figures where those would hide it: '1.66', '0.031', '<0.001'."""
    if value < 0.001:
        return "<0.001"
    if value < 0.095:
        return f"{value:.2g}"
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def factor(value):
    """Return a factor on the odds, such as 'x1.66'."""
    return "x" + times(value)


def _value(ratio):
    if isinstance(ratio.value, bool):
        return "yes" if ratio.value else "no"
    return f"{round(ratio.value, 2):g}"


def _ratios(answer):
    rows = [(f"{r.label}: {_value(r)}", factor(r.ratio), f"{times(r.low)} to {times(r.high)}", r.basis) for r in answer.likelihood_ratios]
    head = ("What moves it", "odds", "80% range", "basis")
    widths = [max(len(row[k]) for row in (head, *rows)) for k in range(4)]
    for row in (head, *rows):
        yield f"  {row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip()


def _moved(answer):
    return "updated with applicants of one's own" if answer.updated else "shrunk"


def lines(answer):
    """Yield the lines that `matchmodel predict` prints.

    Parameters
    ----------
    answer : Answer
    """
    a = answer.applicant
    kind = type_name(a.applicant_type)
    yield wrapped(f"{a.specialty}, {kind}, {a.cycle} Match (model {answer.model_name})", "")
    yield ""
    yield f"  {percent(answer.p_ranked)} chance of matching, given at least one ranked program"
    yield f"  80% range {percent(answer.p_ranked_low)} to {percent(answer.p_ranked_high)}; odds of about 1 in {one_in(answer.one_in)}"
    average = percent(answer.average)
    against = answer.against_average
    said = f"; these odds are {times(against)} times that average's" if answer.likelihood_ratios else ""
    if answer.recalibration is not None:
        told = "derived" if answer.published_rate is None else f"published {percent(answer.published_rate)}, {answer.table_year}"
        yield wrapped(f"The average {kind} here: {average} (recalibrated on applicants of one's own; {told}){said}", "  ")
    elif answer.published_rate is None:
        yield wrapped(f"The average {kind} here: {average} (derived){said}", "  ")
    else:
        published = "published" if abs(answer.average - answer.published_rate) < 5e-4 else f"published {percent(answer.published_rate)}, {_moved(answer)}"
        yield wrapped(f"The average {kind} here: {average} ({published}, {answer.table_year}){said}", "  ")
    yield ""
    if answer.likelihood_ratios:
        yield from _ratios(answer)
        own = " or applicants of one's own" if answer.updated or answer.recalibration else ""
        yield wrapped(f"measured: a Match table{own}; evidence: the register of other studies; assumed: nobody measured it", "  ")
    else:
        yield wrapped("Nothing but specialty and type is known, so this is the average. Give --step2 and the rest to move it.", "  ")
    if answer.chain is not None:
        yield ""
        yield from chain_lines(answer)
    chain = answer.chain
    warnings = answer.warnings + (chain.warnings if chain is not None else ())
    notes = answer.notes + (chain.notes if chain is not None else ())
    yield from remarks(warnings, notes)
