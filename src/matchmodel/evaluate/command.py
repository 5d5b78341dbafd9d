"""`matchmodel evaluate`: every check that needs no new data, written as a report."""

import sys
from pathlib import Path

from ..errors import MissingTables
from ..etl import read_tidy
from ..fit.chain import fit_chain
from ..fit.references import correlations, references
from ..fit.train import PRIMARY, SEED, train
from ..model import load_model
from . import plots, report
from .backtest import backtest_drift
from .chain_checks import chain_checks, rank_shape
from .held_out import check_population_average, evaluate_held_out
from .sensitivity import EXAMPLES, example, grade_sensitivity, widths
from .simulation import simulate

WORLDS = range(8)
STRENGTHS = (1.0, 2.5)


def say(text):
    """Print a line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def run_evaluate(data, model=None, out="reports"):
    """Evaluate a model and write the report with its pictures.

    Parameters
    ----------
    data : str or Path
        Folder that `matchmodel etl` wrote.
    model : str or Path, optional
        Model file; the default model where absent.
    out : str or Path
        Folder for evaluation.md and its pictures.

    Returns
    -------
    Path
        The report.
    """
    tidy, loaded, out = read_tidy(Path(data)), load_model(model), Path(out)
    training = tidy.select(role="training")
    out.mkdir(parents=True, exist_ok=True)
    sections = []
    say("held-out score bins")
    try:
        held = evaluate_held_out(tidy)
        plots.calibration_plot(held, out / "calibration_2007.png")
        sections.append(report.held_out_section(held))
    except MissingTables as error:
        say(f"  left out: {error}")
    say("average over the reference population")
    trained = train(training)
    kinds = [k for k in loaded.applicant_types if loaded.type(k)["derived_from"] is None and k in trained.fits]
    sections.append(report.average_section({k: check_population_average(trained, loaded, k) for k in kinds}))
    population, ties = training.table("population"), training.table("correlations")
    if len(population) and len(ties) and PRIMARY in trained.fits:
        refs, links = references(population), correlations(ties)
        found = {}
        for strength in STRENGTHS:
            say(f"{len(WORLDS)} made-up worlds, correlations x{strength:g}")
            found[strength] = simulate(refs, links, WORLDS, strength)
        sections.append(report.simulation_section(found))
    rates = training.table("rates")
    known = [k for k in loaded.applicant_types if len(rates) and (rates["applicant_type"] == k).sum() > 12]
    if known:
        sections.append(report.drift_section([backtest_drift(rates, k, ahead) for k in known for ahead in (1, 3)]))
    if PRIMARY in trained.fits and "Internal Medicine" in loaded.specialties(PRIMARY):
        say("where the range comes from, and the grades' widening")
        sections.append(report.width_section({name: widths(loaded, example(name)) for name in EXAMPLES}))
        sections.append(report.sensitivity_section(grade_sensitivity(training)))
    chain = fit_chain(trained, SEED)
    if chain is not None and PRIMARY in chain.types:
        say("the applications chain")
        validation = tidy.select(role="validation")
        bins = validation.table("bins")
        counted = sorted(set(bins[bins["measure"] == "contiguous_ranks"]["applicant_type"]))
        sections.append(report.chain_section(chain_checks(trained, chain), [rank_shape(validation, k) for k in counted]))
    plots.score_curves(loaded, out / "score_curves.png", kinds[0])
    path = out / "evaluation.md"
    path.write_text(report.assemble(loaded, sections), encoding="utf-8")
    print(f"{path}: {len(sections)} sections")
    return path
