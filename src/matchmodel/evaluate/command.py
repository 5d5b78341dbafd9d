"""`matchmodel evaluate`: every check that needs no new data, as figures, pictures, a report and the model card."""

import os
from pathlib import Path

from .. import __version__
from ..errors import MissingTables, RefusedInput
from ..etl import read_tidy
from ..fit.chain import fit_chain
from ..fit.train import PRIMARY, SEED, train
from ..model import load_model
from . import collect, sensitivity, simulation
from .model_card import model_card
from .pictures import draw_all
from ..progress import Progress
from .report import report
from .results import plain, write_evaluation, write_text

OUT, CARD = "reports", "MODEL_CARD.md"


def _evaluate(tidy, model, worlds, progress):
    """Return the evaluation's parts, those that the tables allow."""
    training, validation = tidy.select(role="training"), tidy.select(role="validation")
    found = {"model": {"name": model.name, "newest_table": model.newest_table, "program": __version__, "applicant_types": model.applicant_types}}

    def part(name, text, make):
        progress.part(text)
        try:
            found[name] = plain(make())
        except MissingTables as error:
            progress.note(f"  left out: {error}")
        progress.step()

    part("held_out", "score bins of the 2007 report", lambda: collect.held_out(tidy))
    if len(validation.table("bins")):
        part("rank_shape", "contiguous ranks of the 2007 report", lambda: collect.ranks_held_out(validation))
    trained = train(training)
    kinds = [k for k in model.applicant_types if model.type(k)["derived_from"] is None and k in trained.fits]
    part("population_average", "average over the reference population", lambda: collect.population_average(trained, model, kinds))
    part("left_out", "each specialty from the others", lambda: collect.specialties_left_out(trained, trained.primary))
    rates = training.table("rates")
    known = [k for k in model.applicant_types if (rates["applicant_type"] == k).sum() > 12]
    if known:
        part("years", "one year ahead", lambda: collect.years(rates, known))
    if worlds and len(training.table("population")) and len(training.table("correlations")):
        part("worlds", "made-up worlds with known truth", lambda: collect.worlds(training, range(worlds), progress.step))
    if PRIMARY in trained.fits and "Internal Medicine" in model.specialties(PRIMARY):
        part("widths", "where the ranges come from", lambda: collect.answer_widths(model))
        part("sensitivity", "other choices, and each source left out", lambda: collect.answers_moved(training, trained, progress.step))
    chain = fit_chain(trained, SEED)
    if chain is not None and PRIMARY in chain.types:
        part("chain", "from applications to a match", lambda: collect.applications(trained, chain))
    return found


def run_evaluate(data, model=None, out=OUT, card=None, worlds=simulation.WORLDS):
    """Evaluate a model and write evaluation.json, evaluation.md, pictures and the model card.

    Parameters
    ----------
    data : str or Path
        Folder that `matchmodel etl` wrote.
    model : str or Path, optional
        Model file; the default model where absent.
    out : str or Path
        Folder for all but the model card.
    card : str or Path, optional
        The model card; where absent MODEL_CARD.md, in the working folder if `out` is the
        default, else in `out`.
    worlds : int
        Made-up worlds a setting; 0 leaves them out.

    Returns
    -------
    dict
        The evaluation, as written.
    """
    if worlds == 1:
        raise RefusedInput("one made-up world says nothing of the luck in it; ask for 0 or for 2 at the least")
    tidy, loaded, folder = read_tidy(Path(data)), load_model(model), Path(out)
    training = tidy.select(role="training")
    folder.mkdir(parents=True, exist_ok=True)
    with Progress(8 + len(simulation.SETTINGS) * worlds + sensitivity.steps(training)) as progress:
        found = _evaluate(tidy, loaded, worlds, progress)
        progress.part("pictures, report and model card")
        kind = PRIMARY if PRIMARY in loaded.applicant_types else loaded.applicant_types[0]
        pictures = draw_all(found, loaded, training, kind, folder)
    path = write_evaluation(found, folder)
    write_text(folder / "evaluation.md", report(found, {p.name for p in pictures}))
    card = Path(card) if card is not None else Path(CARD) if Path(out) == Path(OUT) else folder / CARD
    write_text(card, model_card(found, loaded, Path(os.path.relpath(folder, card.parent)).as_posix()))
    print(f"{path}: {len(found) - 1} checks; {folder / 'evaluation.md'} with {len(pictures)} pictures; {card}")
    return found
