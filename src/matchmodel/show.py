"""An answer as text for a person.

Standard library only: this module is on the path of ``predict``.
"""

TYPE_NAMES = {"us-img": "US IMG", "non-us-img": "non-US IMG"}
WIDTH = 96


def percent(p):
    """Return a probability as text, with a decimal, never rounded to 0% or 100%."""
    if p < 0.001:
        return "<0.1%"
    if p > 0.999:
        return ">99.9%"
    return f"{100 * p:.1f}%"


def one_in(n):
    """Return N of '1 in N', with a decimal where it tells: '2.1', '57', '4,800'."""
    return f"{n:.1f}" if n < 20 else f"{float(f'{n:.2g}'):,.0f}"


def wrapped(text, indent):
    """Return text in lines of `WIDTH`, each after `indent`; the first after indent's last '-'."""
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    blank = " " * len(indent)
    return "\n".join((indent if k == 0 else blank) + text for k, text in enumerate(lines))


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


def lines(answer):
    """Yield the lines that `matchmodel predict` prints.

    Parameters
    ----------
    answer : Answer
    """
    a = answer.applicant
    kind = TYPE_NAMES.get(a.applicant_type, a.applicant_type)
    yield f"{a.specialty}, {kind}, {a.cycle} Match (model {answer.model_name})"
    yield ""
    yield f"  {percent(answer.p_ranked)} chance of matching, given at least one ranked program"
    yield f"  80% range {percent(answer.p_ranked_low)} to {percent(answer.p_ranked_high)}; odds of about 1 in {one_in(answer.one_in)}"
    average = percent(answer.average)
    against = answer.against_average
    said = f"; these odds are {times(against)} times that average's" if answer.likelihood_ratios else ""
    if answer.published_rate is None:
        yield wrapped(f"The average {kind} here: {average} (derived){said}", "  ")
    else:
        published = "published" if abs(answer.average - answer.published_rate) < 5e-4 else f"published {percent(answer.published_rate)}, shrunk"
        yield wrapped(f"The average {kind} here: {average} ({published}, {answer.table_year}){said}", "  ")
    yield ""
    if answer.likelihood_ratios:
        yield from _ratios(answer)
        yield "  measured: a Match table; evidence: the register of other studies; assumed: nobody measured it"
    else:
        yield wrapped("Nothing but specialty and type is known, so this is the average. Give --step2 and the rest to move it.", "  ")
    if answer.chain is not None:
        from .show_chain import chain_lines

        yield ""
        yield from chain_lines(answer)
    chain = answer.chain
    warnings = answer.warnings + (chain.warnings if chain is not None else ())
    notes = answer.notes + (chain.notes if chain is not None else ())
    for title, texts in (("Warnings", warnings), ("Notes", notes)):
        if texts:
            yield ""
            yield title
            for text in texts:
                yield wrapped(text, "  - ")
