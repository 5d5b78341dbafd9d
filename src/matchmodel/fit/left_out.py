"""Training without some sources: which are used then, and what is lost."""

from collections.abc import Iterable

from ..covariates import COVARIATES
from ..errors import MissingTables
from ..etl import Tidy
from ..model.records import LeftOut, Note
from .train import PRIMARY, Trained

CONSENT, ASKED = "consent", "asked"


def open_sources(tidy: Tidy, exclude: Iterable[str] = ()) -> Tidy:
    """Return the sources for which nobody's consent is asked, ready to train on.

    Where none of them has counts, the open validation sources are trained on too: an old report is better
    than no answer, and the answers say that it is old.

    Raises
    ------
    MissingTables
        When no open source has counts.
    """
    asked = {s.id for s in tidy.sources.values() if s.consent}
    chosen = tidy.select(role="training", exclude={*exclude, *asked})
    if not len(chosen.table("counts")):
        chosen = tidy.select(exclude={*exclude, *asked})
    if not len(chosen.table("counts")):
        raise MissingTables(
            "without the sources whose consent is asked for no table of counts is left: "
            "there is nothing to train on"
        )
    return chosen


def left_out(everything: Tidy, trained: Trained, why: str) -> LeftOut | None:
    """Say what was left out of training, and what is lost by it; None where nothing was left out.

    Parameters
    ----------
    everything
        All training sources.
    trained
        What was fitted to some of them.
    why
        `CONSENT` or `ASKED`.
    """
    missing = sorted(set(everything.sources) - set(trained.tidy.sources))
    if not missing:
        return None
    lost = [
        Note("lost_tables", {"applicant_type": kind, "year": one.table_year})
        for kind, one in trained.stand_ins.items()
    ]
    counted = everything.table("counts")
    newest = counted[counted["year"] == counted["year"].max()]["specialty"] if len(counted) else []
    gone = sorted(
        set(newest) - set(trained.fits[PRIMARY if PRIMARY in trained.fits else trained.primary].specialties)
    )
    if gone:
        lost.append(
            Note(
                "lost_specialties",
                {"count": len(gone), "names": ", ".join(gone[:4]) + (" and others" if len(gone) > 4 else "")},
            )
        )
    register = set(everything.table("effects")["covariate"])
    used = {name for name, effect in trained.effects.items() if effect.rows}
    without = [c.label for name, c in COVARIATES.items() if name in register and name not in used]
    if without:
        lost.append(Note("lost_covariates", {"labels": ", ".join(without)}))
    if not any(trained.chains.values()) and len(everything.table("invitations")):
        lost.append(Note("lost_chain"))
    rates = everything.table("rates")
    last = {kind: rates[rates["applicant_type"] == kind]["year"].max() for kind in trained.fits}
    if any(kind in trained.drifts and trained.drifts[kind].last < year for kind, year in last.items()) or (
        len(rates) and not trained.drifts
    ):
        until = max((d.last for d in trained.drifts.values()), default=None)
        lost.append(Note("lost_rates", {"until": until}) if until else Note("lost_all_rates"))
    return LeftOut(why, tuple(missing), tuple(lost))
