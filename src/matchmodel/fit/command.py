"""`matchmodel train`: from tidy tables to a model file, saying what is done."""

import time
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from ..etl import read_tidy
from ..model.file import write_model
from ..model.notes import text
from ..progress import say
from .document.model import document
from .left_out import ASKED, CONSENT, left_out, open_sources
from .tables_used import tables_used
from .train import train


def run_train(
    data: str | Path,
    model: str | Path | None = None,
    exclude: tuple[str, ...] = (),
    without_consent: bool = False,
    signed: str | None = None,
    second: Executor | None = None,
) -> Path:
    """Train on the tidy tables of a folder and write the model file.

    Parameters
    ----------
    data
        Folder that `matchmodel etl` wrote.
    model
        Where to write; models/match-YEAR.json where absent.
    exclude
        Ids of sources to leave out.
    without_consent
        Leave out every source whose consent is asked for; an old open report is then trained on.
    signed
        Who makes it, of `signature`.
    second
        A second process, which reads the tables and takes a share of the work; the numbers are the same
        without.
    """
    started = time.perf_counter()

    def step(what: str) -> None:
        say(f"{time.perf_counter() - started:5.1f} s  {what}")

    everything = read_tidy(data) if second is None else second.submit(read_tidy, data).result()
    full = everything.select(role="training")
    tidy = (
        open_sources(everything, exclude)
        if without_consent
        else everything.select(role="training", exclude=tuple(exclude))
    )
    missing = sorted(set(full.sources) - set(tidy.sources))
    step(f"{len(tidy.sources)} sources" + (f", without {', '.join(missing)}" if missing else ""))
    trained = train(tidy, old_tables=without_consent, say=step, second=second)
    # without consent the table is old, but who asks today asks for today's cycle
    year = max(
        *(fit.year for fit in trained.fits.values()),
        int(full.table("counts")["year"].max()) if without_consent and len(full.table("counts")) else 0,
    )
    path = (
        Path(model)
        if model is not None
        else Path("models") / f"match-{year}{'-without-consent' if without_consent else ''}.json"
    )
    lost = left_out(full, trained, CONSENT if without_consent else ASKED)
    record = document(trained, path.stem, lost, year)
    for kind, fit in trained.fits.items():
        chains = trained.chains.get(kind, {})
        held = sum(trust.kind == "withheld" for trust in trained.trust[kind].values())
        say(
            f"  {kind}: table of {fit.year}, {len(fit.specialties)} specialties, "
            f"{len(chains)} with applications, {held} withheld; "
            f"Step 2 CK per ten points {fit.slopes.mean:.3f} (SE {fit.slopes.mean_se:.3f})"
        )
    for name, effect in trained.effects.items():
        say(
            f"  {name}: {effect.mean.mean():+.3f} (SE {effect.mean.std(ddof=1):.3f}), "
            f"{effect.basis}, {len(effect.rows)} estimates"
        )
    for line in tables_used(trained):
        say(f"  {line}")
    replaced = sum(c.replaced for chains in trained.chains.values() for c in chains.values())
    solved = sum(len(c.m0) for chains in trained.chains.values() for c in chains.values())
    if solved:
        say(f"  {replaced} of {solved:,} draws of chains had no solution and were replaced")
    else:
        say("  no answers on applications: they take invitation rates and contiguous ranks")
    consent = [s.id for s in tidy.sources.values() if s.consent]
    if consent:
        say(
            f"  {len(consent)} sources ask for consent before redistribution or use with machine learning: "
            "settle that before publishing the model (data/raw/README.md)"
        )
    if lost is not None:
        for note in lost.lost:
            say(f"  lost: {text(note)}")
    step("asking the new model for every specialty")
    write_model(replace(record, signed=signed), path)
    print(
        f"{path}: {len(record.types)} applicant types, {record.draw_count} draws, "
        f"{len(trained.unused)} estimates unused, {time.perf_counter() - started:.1f} s"
    )
    return path
