"""`matchmodel train`: from tidy tables to a model file, saying what is done."""

import sys
import time
from pathlib import Path

from ..etl import read_tidy
from ..specialties import canonical_specialty
from .chain import fit_chain
from .chain_document import chain_document
from .document import document, write_model
from .train import SEED, train


def say(text):
    """Print a line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)


def run_train(data, model=None, exclude=()):
    """Train on the tidy tables of a folder and write the model file.

    Parameters
    ----------
    data : str or Path
        Folder that `matchmodel etl` wrote.
    model : str or Path, optional
        Where to write; models/match-YEAR.json where absent.
    exclude : sequence of str
        Ids of sources to leave out.

    Returns
    -------
    Path
        The file written.
    """
    started = time.perf_counter()
    tidy = read_tidy(Path(data)).select(role="training", exclude=tuple(exclude))
    say(f"training on {len(tidy.sources)} sources" + (f", without {', '.join(exclude)}" if exclude else ""))
    trained = train(tidy)
    year = max(fit.year for fit in trained.fits.values())
    path = Path(model) if model is not None else Path("models") / f"match-{year}.json"
    chain = fit_chain(trained, SEED)
    content = document(trained, path.stem, chain_document(trained, chain, canonical_specialty))
    for kind, fit in trained.fits.items():
        say(f"  {kind}: {len(fit.specialties)} specialties, table of {fit.year}; Step 2 CK, per ten points: {fit.slopes.mean:.3f} (SE {fit.slopes.mean_se:.3f}, spread {fit.slopes.spread:.3f})")
    for name, effect in trained.effects.items():
        say(f"  {name}: {effect.value:+.3f} (SE {effect.se:.3f}), {effect.basis}, {len(effect.rows)} estimates")
    if chain is None:
        say("  no applications chain: it needs invitations, contiguous ranks and a dispersion")
    else:
        say(f"  applications chain: {sum(len(part.rates) for part in chain.types.values())} specialties by type, dispersion {chain.dispersion:.2f} (SE {chain.dispersion_se:.2f})")
    consent = [s.id for s in tidy.sources.values() if s.consent]
    if consent:
        say(f"  {len(consent)} sources ask for consent before redistribution or use with machine learning: settle that before publishing the model (data/raw/README.md)")
    write_model(content, path)
    print(f"{path}: {len(content['types'])} applicant types, {content['draw_count']} draws, {len(trained.unused)} estimates unused, {time.perf_counter() - started:.1f} s")
    return path
