"""The command line; each command imports its own part when it runs."""

import argparse
import os
import sys
from typing import Any, NoReturn

from .. import __version__
from ..errors import MatchModelError, MissingTables, RefusedInput, SourceProblems
from ..extras import names_missing_extra
from .options import add_applicant, add_output

REFUSED, FAILED = 2, 1
# Questions that advice answers: the module of matchmodel.advice that has `arguments(parser)` and `run(args)`, and what it does.
ADVICE = {
    "what-if": (
        "what_if.command",
        "what would move the odds, best first: points, required applications, dollars",
    ),
    "target": (
        "target.command",
        "the Step 2 CK that a chance of matching takes, beside the published quartiles",
    ),
    "timing": (
        "timing.command",
        "this cycle or the next, from a practice test or a score: which is better, how sure, what would tip it",
    ),
    "portfolio": (
        "portfolio.command",
        "a first specialty and backups under a budget: the split that maximises the chance of matching at all",
    ),
    "programs": (
        "programs.command",
        "the best list out of a table of programs that you bring: what cannot work, chances, signals",
    ),
    "plan": (
        "plan.command",
        "one page for an applicant, as Markdown and HTML: odds, applications, levers, timing, calendar",
    ),
    "specialties": ("specialties.command", "every specialty for one applicant, side by side"),
}


HINTS = {  # an option that is not known -> what to say instead
    "--step1": "a Step 1 number is not in the model, its attempts are: --step1-attempts",
    "--step1-score": "a Step 1 number is not in the model, its attempts are: --step1-attempts",
    "--step2-ck": "say --step2",
    "--step2-score": "say --step2",
    "--type": "say --applicant-type",
}


class _Parser(argparse.ArgumentParser):
    """A parser that takes whole options only, and refuses in one plain line, like everything else here."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **more})

    def error(self, message: str) -> NoReturn:
        hints = {text: None for word in message.split() if (text := HINTS.get(word.partition("=")[0]))}
        said = "; ".join([" ".join(message.split()), *hints])
        self.exit(REFUSED, f"{self.prog}: {said} (see {self.prog} --help)\n")


def _count(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def _etl(args):
    from ..etl import run_etl

    tidy = run_etl(args.raw, args.out)
    rows = sum(len(table) for table in tidy.tables.values())
    print(
        f"{len(tidy.sources)} sources, {len(tidy.tables)} tables, {rows:,} rows: all sound, written to {args.out}"
    )


def _new_source(args):
    from ..etl.new_source import run_new_source

    run_new_source(args.id, args.year, args.raw, args.layout, args.applicant_type, args.title)


def _check(args):
    from ..etl.checks.command import run_check

    run_check(args.raw, args.source)


def _read_pdf(args):
    from ..pdf.command import run_read_pdf

    run_read_pdf(args.pdf, args.pages, args.layout, args.out, args.table)


def _train(args):
    from ..fit.command import run_train

    run_train(args.data, args.model, args.exclude_source, args.without_consent)


def _evaluate(args):
    if args.applicants is not None:
        from ..own.evaluate.compute import run_people

        run_people(args.applicants, args.model, args.out)
        return
    if args.forecast is not None:
        from ..evaluate.forecast_command import run_evaluate_forecast

        run_evaluate_forecast(args.forecast, args.data)
        return
    from ..evaluate.command import run_evaluate

    run_evaluate(args.data, args.model, args.out, args.card, args.worlds)


def _calibrate(args):
    from ..own.calibrate.command import run_calibrate

    run_calibrate(args.table, args.model, args.out, args.method, args.folds)


def _update(args):
    from ..own.update.command import run_update

    run_update(args.table, args.model, args.out)


def _predict(args: argparse.Namespace) -> None:
    from ..model import load_model
    from .options import applicant_of, put_json, question_of

    question, applicants = question_of(args), [applicant_of(args, specialty) for specialty in args.specialty]
    model = load_model(args.model)
    answers = [model.odds(applicant, question) for applicant in applicants]
    if args.json:
        found = [answer.to_dict() for answer in answers]
        put_json(found[0] if len(found) == 1 else found)
        return
    from ..report.answer import lines

    print("\n\n\n".join("\n".join(lines(answer, args.details)) for answer in answers))


def _score(args: argparse.Namespace) -> None:
    from ..batch.score import run_score

    run_score(args.table, args.out, args.model)


def _curve(args: argparse.Namespace) -> None:
    from ..curve import run_curve
    from ..model import load_model
    from ..question import Question
    from .options import applicant_of, question_of

    model = load_model(args.model)
    if args.table is not None:
        from ..batch.score import read_table

        table = read_table(args.table, model)
        applicants, question = table.applicants, table.questions[0] if table.questions else Question()
    elif args.specialty is None or args.applicant_type is None:
        raise RefusedInput("say who: --specialty and --applicant-type, or --table with a CSV of applicants")
    else:
        applicants, question = [applicant_of(args, s) for s in args.specialty], question_of(args)
    run_curve(model, applicants, args.out, question.target, question.applications)


def _compare(args):
    from ..compare.command import run_compare
    from ..compare.result import Thresholds

    return run_compare(
        args.old,
        args.new,
        args.json,
        args.figure,
        args.applicants,
        Thresholds(args.threshold, args.standard_errors),
        args.cycle,
    )


def _parser(asked=None):
    """Return the parser; of advice, only the command that is asked for gets its options, so that the others need not be imported."""
    parser = _Parser(
        prog="matchmodel",
        description="Odds of matching into a US residency for international medical graduates, learnt from published Match tables.",
        epilog="Example: matchmodel predict --specialty 'Internal Medicine' --applicant-type non-us-img --step2 250 --yog 2024 --usce 4 --visa yes",
    )
    parser.add_argument("--version", action="version", version=f"matchmodel {__version__}")
    commands = parser.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND", parser_class=_Parser
    )

    def add(name, run, text):
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    etl = add("etl", _etl, "read the raw tables, refuse what is not sound, write tidy tables")
    etl.add_argument(
        "--raw", metavar="DIR", default="data/raw", help="folder of sources (default: %(default)s)"
    )
    etl.add_argument(
        "--out",
        metavar="DIR",
        default="data/processed",
        help="folder for the tidy tables (default: %(default)s)",
    )

    new_source = add(
        "new-source", _new_source, "make a source's folder: its source.toml, and empty tables to fill in"
    )
    new_source.add_argument(
        "id",
        metavar="ID",
        help="name of the folder: letters, digits, hyphens, such as charting-outcomes-2027-non-us-img",
    )
    new_source.add_argument(
        "--year", metavar="Y", type=_count, required=True, help="appointment year that the figures describe"
    )
    new_source.add_argument(
        "--raw", metavar="DIR", default="data/raw", help="folder of sources (default: %(default)s)"
    )
    new_source.add_argument(
        "--layout",
        metavar="NAME",
        nargs="+",
        action="extend",
        help="layouts, some with their measure, such as "
        "quartiles:contiguous_ranks or bins:step1 (default: counts quartiles:step2_ck)",
    )
    new_source.add_argument(
        "--applicant-type",
        metavar="T",
        default="non-us-img",
        help="whom counts, quartiles and bins describe (default: %(default)s)",
    )
    new_source.add_argument(
        "--title",
        metavar="TEXT",
        help="the report's title (default: that of the report such tables usually stand in)",
    )

    check = add(
        "check",
        _check,
        "validate the raw tables as etl does and write nothing; a summary, and what moved against the year before",
    )
    check.add_argument(
        "--raw", metavar="DIR", default="data/raw", help="folder of sources (default: %(default)s)"
    )
    check.add_argument("--source", metavar="ID", help="of this source alone")

    read_pdf = add(
        "read-pdf", _read_pdf, "read a table of a report's PDF into a raw CSV, for a person to look over"
    )
    read_pdf.add_argument(
        "pdf", metavar="REPORT.pdf", help="the report; its pages must hold text, not pictures of it"
    )
    read_pdf.add_argument(
        "--pages",
        metavar="LIST",
        required=True,
        help="pages of the PDF on which the table stands, counted from 1, such as 4-6,9",
    )
    read_pdf.add_argument(
        "--layout", required=True, choices=("quartiles", "counts", "bins"), help="what the table is"
    )
    read_pdf.add_argument(
        "--out",
        metavar="FILE.csv",
        required=True,
        help="where to write; never a table that a source.toml lists",
    )
    read_pdf.add_argument("--table", metavar="N", type=_count, help="which one, where the pages hold several")

    train = add("train", _train, "fit the model to the tidy tables and write the model file")
    train.add_argument(
        "--data", metavar="DIR", default="data/processed", help="folder of tidy tables (default: %(default)s)"
    )
    train.add_argument(
        "--model",
        metavar="FILE",
        help="where to write it (default: models/match-YEAR.json, YEAR that of the newest table)",
    )
    train.add_argument(
        "--exclude-source",
        metavar="ID",
        nargs="+",
        action="extend",
        default=[],
        help="leave these sources out",
    )
    train.add_argument(
        "--without-consent",
        action="store_true",
        help="leave out every source whose consent is asked for (consent = true); every answer then says what was lost",
    )

    evaluate = add(
        "evaluate", _evaluate, "compare the model with what it was not fitted to, and write a report"
    )
    evaluate.add_argument(
        "--data", metavar="DIR", default="data/processed", help="folder of tidy tables (default: %(default)s)"
    )
    evaluate.add_argument(
        "--applicants",
        metavar="FILE.csv",
        help="compare it with your own applicants instead: a table as for score, "
        "with their outcomes in a column matched (yes or no; blank where unknown) and, where known, interviews",
    )
    evaluate.add_argument(
        "--forecast",
        metavar="FILE.json",
        help="score a forecast instead, against the tables of the year that it is for",
    )
    evaluate.add_argument("--model", metavar="FILE", help="model file (default: the one that ships)")
    evaluate.add_argument(
        "--out", metavar="DIR", default="reports", help="folder for the report (default: %(default)s)"
    )
    evaluate.add_argument(
        "--card",
        metavar="FILE",
        help="where to write the model card (default: MODEL_CARD.md; in --out where that is given)",
    )
    evaluate.add_argument(
        "--worlds",
        metavar="N",
        type=_count,
        default=60,
        help="simulated data sets a setting; 0 leaves them out (default: %(default)s)",
    )

    forecast = add(
        "forecast",
        None,
        "write the next report's rates with intervals, before that report is out; never changed after",
    )
    if asked == "forecast":
        from ..evaluate import forecast_command

        forecast_command.arguments(forecast)
        forecast.set_defaults(run=forecast_command.run)

    calibrate = add(
        "calibrate",
        _calibrate,
        "learn the average and one scale for all factors from your own applicants with known outcomes, into a new model file",
    )
    calibrate.add_argument(
        "table",
        metavar="APPLICANTS.csv",
        help="a table as for score, with a column matched (yes or no; blank where unknown) and, where known, interviews",
    )
    calibrate.add_argument(
        "--model",
        metavar="FILE",
        help="the model to calibrate, which stays as it is (default: the one that ships)",
    )
    calibrate.add_argument(
        "--out",
        metavar="FILE",
        help="where to write (default: beside the model, '-calibrated' before .json; in models/ for the one that ships)",
    )
    calibrate.add_argument(
        "--method",
        choices=("intercept-slope", "temperature"),
        default="intercept-slope",
        help="temperature learns a slope alone (default: %(default)s)",
    )
    calibrate.add_argument(
        "--folds", metavar="N", type=int, default=10, help="of the cross-validation (default: %(default)s)"
    )

    update = add(
        "update",
        _update,
        "update each factor and specialty with your own applicants with known outcomes, into a new model file: the tables are the prior, the rows the likelihood",
    )
    update.add_argument(
        "table",
        metavar="APPLICANTS.csv",
        help="a table as for score, with a column matched (yes or no; blank where unknown) and, where known, interviews "
        "and person (any name of your own, the same for all rows of one person; it is not kept)",
    )
    update.add_argument(
        "--model", metavar="M", help="the model to update, which stays as it is (default: the one that ships)"
    )
    update.add_argument(
        "--out",
        metavar="FILE",
        help="where to write (default: beside the model, '-updated' before .json; in models/ for the one that ships)",
    )

    predict = add(
        "predict",
        _predict,
        "print the odds of one applicant, in one specialty or several; what is left out is unknown and drops out",
    )
    add_applicant(predict, several=True)
    add_output(predict, details=True)

    curve = add(
        "curve", _curve, "draw the chance of matching against the number of applications, to PNG or SVG"
    )
    add_applicant(curve, several=True, required=False)
    curve.add_argument(
        "--table",
        metavar="IN.csv",
        help="a table of applicants as for score, a curve a row, instead of the words above",
    )
    curve.add_argument(
        "--out", metavar="FILE", default="curve.png", help="picture, .png or .svg (default: %(default)s)"
    )
    curve.add_argument("--model", metavar="FILE", help="model file (default: the one that ships)")

    score = add("score", _score, "answer a table of applicants (CSV), with the same numbers as predict")
    score.add_argument(
        "table",
        metavar="IN.csv",
        help="columns: specialty, applicant_type, and those known of step2_ck, step1_attempts, step2_attempts, "
        "yog, usce_months, visa_needed, cycle, years_since_graduation, step1_failed, step2_failed, applications, target, interviews",
    )
    score.add_argument("out", metavar="OUT.csv", help="the same table with the answers added")
    score.add_argument("--model", metavar="FILE", help="model file (default: the one that ships)")

    for name, (module, text) in ADVICE.items():
        made = add(name, None, text)
        if name == asked:
            part = __import__(f"matchmodel.advice.{module}", fromlist=["run"])
            part.arguments(made)
            made.set_defaults(run=part.run)

    compare = add(
        "compare",
        _compare,
        "say what changed between two model files: coefficients in standard errors, applicants in points",
    )
    compare.epilog = (
        "Exit status: 0 where nothing is over a threshold; 1 where something is, or where NEW has lost an applicant type, a specialty, its number or an applications chain; 2 where the files cannot be compared. "
        "Both models share most of their sources, so standard errors tell how large a change is; they are no test."
    )
    compare.add_argument("old", metavar="OLD.json", help="model file")
    compare.add_argument("new", metavar="NEW.json", help="model file")
    compare.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    compare.add_argument("--figure", metavar="FILE", help="draw it too, to .png or .svg")
    compare.add_argument(
        "--applicants",
        metavar="IN.csv",
        help="a table as for score, asked of both models (default: made-up reference applicants)",
    )
    compare.add_argument(
        "--cycle",
        metavar="Y",
        help="ask both models for the Match of this year (default: each for the year after its own newest table)",
    )
    compare.add_argument(
        "--threshold",
        metavar="POINTS",
        type=float,
        default=5.0,
        help="the largest change of an applicant's chance that passes, in percentage points (default: %(default)g; a level's usual drift in a year, 0.15 log odds, moves an even chance by 3.8)",
    )
    compare.add_argument(
        "--standard-errors",
        metavar="Z",
        type=float,
        default=3.0,
        help="the largest change of a coefficient that passes (default: %(default)g; some 640 are compared, and were their changes independent standard normal numbers, "
        "one or two would lie beyond 3)",
    )
    return parser


def _say(text):
    if (
        sys.stderr is not None
    ):  # None where it was closed before the start; print would then take standard output
        print(text, file=sys.stderr)


@names_missing_extra
def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        The words after the program's name.

    Returns
    -------
    int
        0 answered, 2 refused input, 1 anything else; or what the command says, as compare does.
    """
    words = sys.argv[1:] if argv is None else argv
    parser = _parser(words[0] if words else None)
    args, unknown = parser.parse_known_args(words)
    if unknown:
        _Parser(prog=f"{parser.prog} {args.command}").error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        status = args.run(args)
        if sys.stdout is not None:  # None where it was closed before the start
            sys.stdout.flush()  # here, since at exit a full disk or a closed pipe would be a traceback
    except BrokenPipeError:  # as of '| head': nobody is reading, so there is nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except SourceProblems as error:
        _say(error)
        return REFUSED
    except (RefusedInput, MissingTables) as error:
        _say(f"matchmodel {args.command}: {error}")
        return REFUSED
    except (MatchModelError, OSError) as error:
        _say(f"matchmodel {args.command}: {error}")
        return FAILED
    return 0 if status is None else status


if __name__ == "__main__":
    sys.exit(main())
