"""`matchmodel train`: from tidy tables to a model file, saying what is done."""

import time
from pathlib import Path

from ..etl import read_tidy
from ..progress import say
from ..specialties import canonical_specialty
from .advice_document import advice_document
from .chain import fit_chain
from .chain_document import chain_document
from .document import document, write_model
from .left_out import ASKED, CONSENT, left_out, open_sources
from .train import SEED, train


def run_train(data, model=None, exclude=(), without_consent=False):
    """Train on the tidy tables of a folder and write the model file.

    Parameters
    ----------
    data : str or Path
        Folder that `matchmodel etl` wrote.
    model : str or Path, optional
        Where to write; models/match-YEAR.json where absent.
    exclude : sequence of str
        Ids of sources to leave out.
    without_consent : bool
        Leave out every source whose consent is asked for; an old open report is then trained on.

    Returns
    -------
    Path
        The file written.
    """
    started = time.perf_counter()
    everything = read_tidy(Path(data))
    full = everything.select(role="training")
    tidy = open_sources(everything, exclude) if without_consent else everything.select(role="training", exclude=tuple(exclude))
    missing = sorted(set(full.sources) - set(tidy.sources))
    say(f"training on {len(tidy.sources)} sources" + (f", without {', '.join(missing)}" if missing else ""))
    trained = train(tidy, old_tables=without_consent)
    # without consent the table is old, but who asks today asks for today's cycle
    year = max(*(fit.year for fit in trained.fits.values()), int(full.table("counts")["year"].max()) if without_consent and len(full.table("counts")) else 0)
    path = Path(model) if model is not None else Path("models") / f"match-{year}{'-without-consent' if without_consent else ''}.json"
    say("fitting the applications chain")
    chain = fit_chain(trained, SEED)
    said = left_out(full, trained, chain, CONSENT if without_consent else ASKED)
    content = document(trained, path.stem, chain_document(trained, chain, canonical_specialty), said, year, advice_document(trained))
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
    if said is not None:
        say(f"  {said['text']}")
    say("asking the new model for every specialty")
    write_model(content, path)
    print(f"{path}: {len(content['types'])} applicant types, {content['draw_count']} draws, {len(trained.unused)} estimates unused, {time.perf_counter() - started:.1f} s")
    return path
