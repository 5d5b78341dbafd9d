"""`matchmodel plan`: the command, which writes one page for an applicant.

Standard library only.
"""

import os

from ..asking import add_output, add_person, applicant_of, put, replace_text
from ..errors import RefusedInput
from ..wording import ASSOCIATION, percent, type_name, wrapped
from .page import plan

NAMES = {".md": "plan.md", ".html": "plan.html"}
MARKED = "matchmodel plan: written by the program"


def arguments(parser):
    """Add the options of `matchmodel plan`."""
    parser.add_argument("--specialty", metavar="S", action="append", required=True, help="the preferred specialty; given again for backups, up to three in all")
    add_person(parser)
    parser.add_argument("--step2-taken", metavar="yes|no", help="whether Step 2 CK has been taken; no makes --step2 an expected score (default: taken where --step2 is given)")
    parser.add_argument("--gain", metavar="POINTS", default=0.0, help="points of Step 2 CK that a year of waiting adds, for the timing; needs --step2-taken no (default: 0)")
    parser.add_argument("--usce-gain", metavar="MONTHS", default=0.0, help="months of US clinical experience that a year of waiting adds, for the timing (default: 0)")
    parser.add_argument("--out", metavar="PLACE", help="a folder for plan.md and plan.html, made where it is missing, one file that ends in .md or .html, or - to print the page (default: here)")
    add_output(parser)


def places(out):
    """Return {ending: path} of what is to be written.

    Parameters
    ----------
    out : str or None
    """
    ending = os.path.splitext(out or "")[1].lower()
    if ending in NAMES and not os.path.isdir(out):
        return {ending: out}
    return {ending: os.path.join(out or ".", name) for ending, name in NAMES.items()}


def check_free(path):
    """Refuse a file that this command did not write.

    Raises
    ------
    RefusedInput
    """
    if not os.path.lexists(path):
        return
    if os.path.isdir(path):
        raise RefusedInput(f"{path} is a folder; name another place with --out")
    if not os.path.isfile(path):
        raise RefusedInput(f"{path} is no plain file; name another place with --out")
    with open(path, encoding="utf-8", errors="replace") as file:
        if MARKED not in file.readline():
            raise RefusedInput(f"{path} was not written by this command and stays as it is; move it, or name another place with --out")


def write(result, out):
    """Write the pages; return their paths.

    Parameters
    ----------
    result : Plan
    out : str or None
    """
    from .page_html import html
    from .page_markdown import markdown

    targets = places(out)
    for path in targets.values():
        check_free(path)
    made = {ending: {".md": markdown, ".html": html}[ending](result) for ending in targets}  # all first, so that nothing is half written
    for ending, path in targets.items():
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        replace_text(path, made[ending])
    return tuple(targets.values())


def lines(result, paths=()):
    """Yield the lines that `matchmodel plan` prints.

    Parameters
    ----------
    result : Plan
    paths : sequence of str
        What was written.
    """
    a = result.applicant
    yield wrapped(f"Plan for the {a.cycle} Match, {type_name(a.applicant_type)} (model {result.model_name})", "")
    yield ""
    for part in result.specialties:
        s = part.standing
        yield wrapped(f"{part.name}: {s.word}; {percent(s.p)} chance of matching if ranked (80% range {percent(s.low)} to {percent(s.high)}; average {percent(s.average)})", "  ")
    for text in result.left_out:
        yield wrapped(f"left out: {text}", "  ")
    for path in paths:
        yield f"  written: {path}"
    yield ""
    yield wrapped(ASSOCIATION, "")


def run(args):
    """Answer `matchmodel plan`."""
    from ..applicant import yes_or_no
    from ..model import load_model
    from .page_text import text_lines

    writes = args.out != "-" and (args.out is not None or not args.json)
    if writes:
        for path in places(args.out).values():
            check_free(path)
    first, *backups = args.specialty
    result = plan(load_model(args.model), applicant_of(args, first), backups, yes_or_no(args.step2_taken, "--step2-taken"), args.gain, args.usce_gain)
    paths = write(result, args.out) if writes else ()
    put(result, text_lines if args.out == "-" else lambda one: lines(one, paths), args.json)
