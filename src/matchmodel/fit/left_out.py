"""Training without some sources: which are used then, and what is lost."""

from ..covariates import COVARIATES
from ..errors import MissingTables
from ..wording import type_name
from .train import PRIMARY

CONSENT, ASKED = "consent", "asked"


def open_sources(tidy, exclude=()):
    """Return the sources for which nobody's consent is asked, ready to train on.

    Where none of them has counts, the open validation sources are trained on too: an old report
    is better than no answer, and the answers say that it is old.

    Parameters
    ----------
    tidy : matchmodel.etl.Tidy
        Every source, the validation ones too.
    exclude : iterable of str
        Ids left out besides.

    Returns
    -------
    Tidy

    Raises
    ------
    MissingTables
        When no open source has counts.
    """
    asked = {s.id for s in tidy.sources.values() if s.consent}
    chosen = tidy.select(role="training", exclude={*exclude, *(asked & set(tidy.sources))})
    if not len(chosen.table("counts")):
        chosen = tidy.select(exclude={*exclude, *asked})
    if not len(chosen.table("counts")):
        raise MissingTables("without the sources whose consent is asked for no table of counts is left: there is nothing to train on")
    return chosen


def left_out(everything, trained, chain, reason):
    """Say what was left out of training, and what is lost by it.

    Parameters
    ----------
    everything : matchmodel.etl.Tidy
        All training sources.
    trained : Trained
    chain : Chain or None
    reason : {'consent', 'asked'}

    Returns
    -------
    dict or None
        sources (ids), reason, lost (texts) and text (a sentence for the answers); None where
        nothing was left out.
    """
    used = trained.tidy.sources
    missing = sorted(set(everything.sources) - set(used))
    if not missing:
        return None
    lost = []
    for kind, one in trained.stand_ins.items():
        lost.append(f"the tables of {type_name(kind, True)} (independent applicants of {one.table_year} stand in)")
    counted = everything.table("counts")
    newest = counted[counted["year"] == counted["year"].max()]["specialty"] if len(counted) else []
    gone = sorted(set(newest) - set(trained.fits[PRIMARY if PRIMARY in trained.fits else trained.primary].specialties))
    if gone:
        lost.append(f"{len(gone)} specialties ({', '.join(gone[:4])}{' and others' if len(gone) > 4 else ''})")
    register = set(everything.table("effects")["covariate"])
    without = [c.label for name, c in COVARIATES.items() if name in register and name not in trained.effects]
    if without:
        lost.append(f"what is known of {', '.join(without)}")
    if chain is None and len(everything.table("invitations")):
        lost.append("the chance from the application on")
    last = {kind: everything.table("rates").query("applicant_type == @kind")["year"].max() for kind in trained.fits}
    if any(kind in trained.drifts and trained.drifts[kind][2] < year for kind, year in last.items()) or (len(everything.table("rates")) and not trained.drifts):
        until = max((d[2] for d in trained.drifts.values()), default=None)
        lost.append(f"the yearly match rates after {until}" if until else "the yearly match rates")
    several = "s" if len(missing) > 1 else ""
    why = f"source{several} whose consent is asked for" if reason == CONSENT else f"source{several} left out on request"
    text = f"This model was trained without {len(missing)} {why}" + (f"; lost: {'; '.join(lost)}" if lost else "; no answer lost") + "."
    return {"sources": missing, "reason": reason, "lost": lost, "text": text}
