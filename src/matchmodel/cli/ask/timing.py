"""`matchmodel timing`: the command."""

from __future__ import annotations

import argparse

from ...advice.limits import GAIN_HIGH, YEAR_MONTHS
from ...errors import RefusedInput
from ..options import add_applicant, add_output, applicant_of, put, question_of
from ..parser import CommandParser

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from ...advice.practice import Scores
    from ...model import Model


def add(parser: CommandParser) -> None:
    """Declare its arguments."""
    parser.not_of_profile = ("--target",)
    add_applicant(parser)

    def option(name: str, metavar: str, text: str, default: str | None = None) -> None:
        parser.add_argument(name, metavar=metavar, help=text, default=default)

    option(
        "--step2-taken",
        "yes|no",
        "whether the score of --step2 is of a passed exam (default: yes); 'no' takes it as expected for sure",
    )
    option(
        "--practice",
        "TEST:SCORE",
        "a practice test instead of --step2, and the Step 2 CK that it predicts, three digits: NBME:245, "
        "UWSA2:238, 'Free 120:240', or another",
    )
    option("--mean", "M", "or the Step 2 CK that you expect,")
    option("--sd", "S", "and how unsure that is, a standard deviation in points (0 for sure)")
    points = (
        f"points of Step 2 CK that a year more of study adds, 0 to {GAIN_HIGH:.0f} (default: %(default)s)"
    )
    option("--gain", "POINTS", points, "0")
    option(
        "--gain-sd", "S", "how unsure the gain is, a standard deviation in points (default: %(default)s)", "0"
    )
    months = f"months more of USCE by the next cycle, 0 to {YEAR_MONTHS:.0f} (default: %(default)s)"
    option("--usce-gain", "MONTHS", months, "0")
    add_output(parser, details=True)


def _scores(args: argparse.Namespace, model: Model) -> Scores | None:
    """Return what is known of Step 2 CK, None for the applicant's own score."""
    from ...advice.practice import of_mean, of_practice

    practice = args.practice is not None
    own = args.mean is not None or args.sd is not None
    if practice + own + (args.step2 is not None) > 1:
        raise RefusedInput(
            "Step 2 CK is told in several ways; give one of --step2, --practice, and --mean with --sd"
        )
    if practice:
        test, colon, score = args.practice.rpartition(":")
        if not colon:
            raise RefusedInput("a practice test takes its name and its score: --practice NBME:245")
        return of_practice(model, test, score)
    if own:
        if args.mean is None or args.sd is None:
            raise RefusedInput(
                "a distribution takes both its ends: --mean 245 --sd 8 (--sd 0 where the score is sure)"
            )
        return of_mean(args.mean, args.sd)
    return None


def run(args: argparse.Namespace) -> None:
    """Print which cycle is better."""
    from ...advice.timing import timing
    from ...model import load_model

    if args.step2_taken is not None and args.step2 is None:
        raise RefusedInput("--step2-taken is about the score of --step2, which is not given")
    if args.target is not None:
        raise RefusedInput(
            "timing has no target; matchmodel target tells the score that a chance takes, matchmodel "
            "predict the applications"
        )
    applicant, question, model = applicant_of(args), question_of(args), load_model(args.model)
    taken = True if args.step2_taken is None else args.step2_taken
    answer = timing(
        model, applicant, question, _scores(args, model), args.gain, args.usce_gain, args.gain_sd, taken
    )
    put(answer, args.json, args.details)
