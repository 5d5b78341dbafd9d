"""`matchmodel evaluate`: every check that needs no new data: figures, pictures, report and model card."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..errors import MissingTables, RefusedInput
from ..etl import read_tidy
from ..files import plain, write_text
from ..fit.train import PRIMARY, train
from ..model import Model, load_model
from ..progress import Progress
from ..report.markdown import markdown
from . import collect
from .bars import bars
from .bars import records as bar_records
from .checks import monte_carlo, sensitivity
from .collect import Inputs
from .report.model_card import model_card
from .report.pictures import draw_all
from .report.text import report
from .results import Part, write_evaluation
from .simulation import recovery as simulation
from .trials import Trial

OUT, CARD = "reports", "MODEL_CARD.md"
# What a part without a training takes, and one training alone; 1 is a training beside another.
SHORT, ALONE = 0.2, 2.0

# name: (what is being done, how)
PARTS: dict[str, tuple[str, Callable[[Inputs], Part]]] = {
    "fitted": ("figures that the chains were solved for", collect.fitted),
    "participation": ("who takes part", collect.participation),
    "not_fitted": ("figures that nothing was fitted to", collect.figures_not_fitted),
    "held_out": ("score bins of the 2007 report", collect.held_out),
    "rank_shape": ("contiguous ranks of the 2007 report", collect.rank_shape),
    "left_out": ("each specialty from the others", collect.left_out),
    "population_average": ("average over the reference population", collect.population_average),
    "margin": ("the chains' margins", collect.margin),
    "order": ("the order of answers, over random applicants", collect.order),
    "concordance": ("how well applicants are told apart", collect.concordance),
    "years": ("one year ahead", collect.years),
}


def _evaluate(inputs: Inputs, worlds: int, progress: Progress, tried: list[Trial]) -> dict[str, Part]:
    """Return the evaluation's parts, those that the tables allow."""
    parts: dict[str, Part] = {"model": collect.about(inputs)}

    def part(name: str, text: str, make: Callable[[], Part]) -> None:
        progress.part(text)
        try:
            one = plain(make())
            if one["rows"]:
                parts[name] = one
        except MissingTables as error:
            progress.note(f"  left out: {error}")
        progress.step(SHORT)

    for name, (text, make) in PARTS.items():
        part(name, text, partial(make, inputs))
    if "left_out" in parts:
        part(
            "small_cells",
            "small competitive cells",
            lambda: collect.small_cells(inputs, parts["left_out"]["rows"]),
        )
    if _has_examples(inputs.fresh):
        part("widths", "where the ranges come from", lambda: collect.answer_widths(inputs))
        progress.part("other seeds, choices, priors, and each source left out")
        parts["seeds"], parts["sensitivity"] = (
            plain(one) for one in collect.answers_moved(inputs, progress.step, tried)
        )
    if worlds:
        part("worlds", "simulated data sets with known truth", lambda: collect.worlds(worlds, progress.step))
    parts["bars"] = {"rows": plain(bar_records(bars(parts)))}
    return parts


def _has_examples(model: Model) -> bool:
    return PRIMARY in model.applicant_types and "Internal Medicine" in model.specialties(PRIMARY)


def run_evaluate(
    data: str | Path,
    model: str | Path | None = None,
    out: str | Path = OUT,
    card: str | Path | None = None,
    worlds: int = simulation.DATA_SETS,
) -> dict[str, Part]:
    """Evaluate a model and write evaluation.json, evaluation.md, pictures and the model card.

    Parameters
    ----------
    data
        Folder that `matchmodel etl` wrote.
    model
        Model file; the default model where absent.
    out
        Folder for all but the model card.
    card
        The model card; where absent MODEL_CARD.md, in the working folder if `out` is the default, else in
        `out`.
    worlds
        Simulated data sets per setting; 0 leaves them out.

    Returns
    -------
    parts
        The evaluation, as written.
    """
    if worlds == 1:
        raise RefusedInput(
            "one simulated data set says nothing of the luck in it; ask for 0 or for 2 at the least"
        )
    tidy, loaded, folder = read_tidy(Path(data)), load_model(model), Path(out)
    training = tidy.select(role="training")
    folder.mkdir(parents=True, exist_ok=True)
    tried = monte_carlo.trials(loaded.record.draw_count) + sensitivity.trials(training)
    total = ALONE + SHORT * (len(PARTS) + 2) + len(tried) + len(simulation.SETTINGS) * worlds
    with Progress(total) as progress:
        progress.part("training on the same tables")
        settings = loaded.record.settings
        trained = train(training, draws=loaded.record.draw_count, seed=settings.seed)
        progress.step(ALONE)
        inputs = Inputs(tidy, training, loaded, trained)
        parts = _evaluate(inputs, worlds, progress, tried)
        progress.part("pictures, report and model card")
        kind = PRIMARY if PRIMARY in loaded.applicant_types else loaded.applicant_types[0]
        pictures = draw_all(parts, loaded, training, kind, folder)
    path = write_evaluation(parts, folder)
    write_text(folder / "evaluation.md", markdown(report(parts, {p.name for p in pictures})))
    card = Path(card) if card is not None else Path(CARD) if Path(out) == Path(OUT) else folder / CARD
    place = Path(os.path.relpath(folder, card.parent)).as_posix()
    write_text(card, markdown(model_card(parts, loaded, place)))
    rows = parts["bars"]["rows"]
    missed = [row["what"] for row in rows if not row["holds"]]
    print(
        f"{path}: {len(parts) - 2} checks; {len(rows) - len(missed)} of {len(rows)} bars held; "
        f"{folder / 'evaluation.md'} with {len(pictures)} pictures; {card}"
    )
    for what in missed:
        print(f"  not held: {what}")
    return parts
