"""Who asks, on the command line: the words that every question about an applicant shares.

Standard library only: this module is on the path of ``predict``.
"""


def add_applicant(parser, several=False):
    """Add the options that describe an applicant.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    several : bool
        Whether the specialty may be given several times, and who is asked for may be left out.
    """
    many = {"action": "append"} if several else {"required": True}
    parser.add_argument("--specialty", metavar="S", help="any usual spelling, such as 'Internal Medicine' or 'General Surgery'" + ("; may be given several times" if several else ""), **many)
    add_person(parser, required=not several)


def add_person(parser, required=True):
    """Add the options that describe a person, whatever the specialty."""
    parser.add_argument("--applicant-type", required=required, metavar="T", help="non-us-img or us-img (or another type the model was trained on)")
    parser.add_argument("--step2", metavar="N", help="Step 2 CK score")
    parser.add_argument("--step1-attempts", metavar="N", help="attempts at Step 1; 2 or more mean that it was failed at least once")
    parser.add_argument("--step2-attempts", metavar="N", help="attempts at Step 2 CK, likewise")
    parser.add_argument("--yog", metavar="Y", help="year of graduation from medical school")
    parser.add_argument("--usce", metavar="MONTHS", help="months of US clinical experience")
    parser.add_argument("--visa", metavar="yes|no", help="whether a visa is needed; not for US IMGs")
    parser.add_argument("--cycle", metavar="Y", help="year of the Match (default: the year after the model's newest table)")
    parser.add_argument("--applications", metavar="N", help="how many programs are applied to")
    parser.add_argument("--target", metavar="P", help="a chance of matching whose required applications are asked for, such as 0.6 (default: 0.5)")


def add_output(parser):
    """Add --json and --model."""
    parser.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    parser.add_argument("--model", metavar="FILE", help="model file (default: the one that ships)")


def applicant_of(args, specialty=None):
    """Return the `Applicant` of parsed words.

    Parameters
    ----------
    args : argparse.Namespace
    specialty : str, optional
        Instead of the one in the words.
    """
    from .applicant import Applicant

    return Applicant(
        args.specialty if specialty is None else specialty, args.applicant_type, args.step2, args.step1_attempts, args.step2_attempts, args.yog, args.usce,
        args.visa, args.cycle, applications=args.applications, target=args.target,
    )  # fmt: skip


def replace_text(path, text):
    """Write a text file whole or not at all: to a neighbour, then renamed.

    Parameters
    ----------
    path, text : str
    """
    import os

    path = os.path.realpath(path)  # so that a link stays one
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def put(result, lines, as_json):
    """Print a result: one JSON object, or the lines for a person.

    Parameters
    ----------
    result : object
        With `as_dict`.
    lines : callable
        Result -> iterable of str.
    as_json : bool
    """
    if as_json:
        import json

        print(json.dumps(result.as_dict(), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(lines(result)))
