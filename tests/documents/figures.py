"""Figures that pages show in sentences, each with how it is read from the model and its evaluation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from matchmodel import Applicant, Model, Question
from matchmodel.model.engine import Range
from matchmodel.model.records import Cell, Chain

Row = dict[str, Any]
HELD = 3  # interviews
NON_US, US = "non-us-img", "us-img"
IM, FM, GS = "Internal Medicine", "Family Medicine", "General Surgery"
_CLEAN = {"step1_attempts": 1, "step2_attempts": 1}
PROFILES: dict[str, dict[str, Any]] = {
    "strong": {
        "step2_ck": 260, "years_since_graduation": 1, "usce_months": 6, "visa_needed": False, **_CLEAN,
    },
    "middle": {"step2_ck": 250, "years_since_graduation": 2, "usce_months": 4, "visa_needed": True, **_CLEAN},
    "weak": {
        "step2_ck": 225, "years_since_graduation": 10, "usce_months": 0, "visa_needed": True,
        "step1_attempts": 2, "step2_attempts": 2,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Sources:
    """What figures are read from.

    Attributes
    ----------
    model
        That ships.
    evaluation
        Of reports/evaluation.json.
    """

    model: Model
    evaluation: dict[str, Row]

    def rows(self, part: str, **where: str) -> list[Row]:
        """Return the rows of a part of the evaluation that have these values."""
        return [r for r in self.evaluation[part]["rows"] if all(r[k] == v for k, v in where.items())]

    def row(self, part: str, **where: str) -> Row:
        """Return the first of `rows`."""
        return self.rows(part, **where)[0]

    def seen(self, what: str, specialty: str) -> Row:
        """Return a published figure that nothing was fitted to, beside the model's; `what` begins so."""
        return next(r for r in self.rows("not_fitted", specialty=specialty) if r["what"].startswith(what))

    def counted(self, part: str, **where: str) -> Row:
        """Return the first coverage of a part that has these values."""
        return next(c for c in self.evaluation[part]["coverage"] if all(c[k] == v for k, v in where.items()))

    @cached_property
    def chains(self) -> list[Chain]:
        """The chains of non-US IMGs, the only ones with printed ranks."""
        return [c.chain for c in self.model.kind(NON_US).cells.values() if c.chain is not None]

    @property
    def simulated(self) -> Row:
        """Simulated data sets as the model takes them, non-US IMGs."""
        return next(r for r in self.evaluation["worlds"]["summary"] if r["promised"])

    @property
    def broken(self) -> Row:
        """Those that break what it takes for granted."""
        summary = self.evaluation["worlds"]["summary"]
        return next(r for r in reversed(summary) if r["applicant_type"] == NON_US)

    def answer(self, profile: str, specialty: str, applications: int | None = None) -> Any:
        """Return what a profile of `PROFILES` is answered, in the year of the table."""
        who = Applicant(specialty, NON_US, cycle=self.model.kind(NON_US).year, **PROFILES[profile])
        return self.model.odds(who, Question(applications=applications, interviews=HELD))

    def trusted(self, kind: str, how: str) -> int:
        """Return how many specialties of a type are trusted so."""
        return sum(cell.trust.kind == how for cell in self.model.kind(kind).cells.values())


def percent(value: float, digits: int = 1) -> str:
    """Return a proportion in percent, without the sign."""
    return f"{100 * value:.{digits}f}"


def span(found: Range) -> str:
    """Return a chance in percent with its range."""
    return f"{percent(found.point)} ({percent(found.low)} to {percent(found.high)})"


def level(cell: Cell) -> str:
    """Return the average of a cell in percent."""
    return percent(float((1 / (1 + 2.718281828459045**-cell.level.draws.array)).mean()))


def _small(name: str) -> Callable[[Sources], str]:
    return lambda s: percent(s.evaluation["small_cells"][name])


def _share(specialty: str) -> Callable[[Sources], str]:
    return lambda s: f"{s.row('participation', specialty=specialty)['share']:.2f}"


def _held(kind: str, name: str, digits: int = 3) -> Callable[[Sources], str]:
    return lambda s: f"{s.row('held_out', applicant_type=kind)[name]:.{digits}f}"


def _simulated(which: str, name: str, digits: int = 3, factor: float = 1.0) -> Callable[[Sources], str]:
    return lambda s: f"{factor * getattr(s, which)[name]:.{digits}f}"


def _years(kind: str, name: str) -> Callable[[Sources], str]:
    return lambda s: f"{s.counted('years', applicant_type=kind)[name]}"


def _left_out(what: str, name: str) -> Callable[[Sources], str]:
    return lambda s: f"{s.counted('left_out', what=what)[name]}"


def _kind(kind: str, name: str, digits: int = 2) -> Callable[[Sources], str]:
    def made(s: Sources) -> str:
        found = getattr(s.model.kind(kind), name)
        return f"{getattr(found, 'value', found):.{digits}f}"

    return made


FIGURES: dict[str, Callable[[Sources], str]] = {
    "draws": lambda s: f"{s.model.record.draw_count}",
    "slope": _kind(NON_US, "mean_slope", 3),
    "slope_se": lambda s: f"{s.model.kind(NON_US).mean_slope.se:.3f}",
    "slope_spread": _kind(NON_US, "slope_spread"),
    "line": _kind(NON_US, "level_slope"),
    "line_se": lambda s: f"{s.model.kind(NON_US).level_slope.se:.2f}",
    "level_spread": _kind(NON_US, "level_spread"),
    "ratio_moved": lambda s: f"{s.model.kind(US).odds_ratio.notes[0].fields['log_odds']:.2f}",
    "grey": lambda s: f"{s.trusted(NON_US, 'grey')}",
    "withheld": lambda s: f"{s.trusted(NON_US, 'withheld')}",
    "us_grey": lambda s: f"{s.trusted(US, 'grey')}",
    "us_withheld": lambda s: f"{s.trusted(US, 'withheld')}",
    "specialties": lambda s: f"{len(s.model.specialties(NON_US))}",
    "drift": lambda s: f"{s.model.kind(NON_US).drift.sd_per_year:.3f}",
    "us_drift": lambda s: f"{s.model.kind(US).drift.sd_per_year:.3f}",
    "replaced": lambda s: f"{sum(c.replaced for c in s.chains)}",
    "solved": lambda s: f"{len(s.chains) * s.model.record.draw_count:,}",
    "v_im": lambda s: f"{s.model.cell(NON_US, IM).chain.dispersion.value:.2f}",
    "v_gs": lambda s: f"{s.model.cell(NON_US, GS).chain.dispersion.value:.2f}",
    "seen_v_im": lambda s: f"{s.seen('dispersion', IM)['seen']:.2f}",
    "seen_v_gs": lambda s: f"{s.seen('dispersion', GS)['seen']:.2f}",
    "share_im": _share(IM),
    "share_fm": _share(FM),
    "share_gs": _share(GS),
    "level_error": lambda s: f"{s.evaluation['left_out']['level_error']:.2f}",
    "level_error_mean": lambda s: f"{s.evaluation['left_out']['level_error_of_the_mean']:.2f}",
    "small_matched": _small("matched"),
    "small_expected": _small("expected"),
    "held_slope": _held("together", "slope"),
    "held_slope_se": _held("together", "slope_se"),
    "held_error": lambda s: percent(s.row("held_out", applicant_type="together")["mean_error"], 2),
    "held_floor": lambda s: percent(s.row("held_out", applicant_type="together")["floor"], 2),
    "data_sets": lambda s: f"{s.simulated['data_sets']}",
    "simulated_slope": _simulated("simulated", "slope"),
    "simulated_slope_se": _simulated("simulated", "slope_se"),
    "simulated_coverage": _simulated("simulated", "coverage", 1, 100),
    "simulated_error": _simulated("simulated", "mean_error", 1, 100),
    "broken_slope": _simulated("broken", "slope"),
    "broken_coverage": _simulated("broken", "coverage", 1, 100),
    "years_inside": _years(NON_US, "inside"),
    "years": _years(NON_US, "years"),
    "us_years_inside": _years(US, "inside"),
    "us_years": _years(US, "years"),
    "slopes_inside": _left_out("slope", "inside"),
    "slopes": _left_out("slope", "specialties"),
    "rates_inside": _left_out("rate", "inside"),
    "rates": _left_out("rate", "specialties"),
    "none_im": lambda s: percent(s.seen("share without", IM)["model"], 0),
    "seen_none_im": lambda s: percent(s.seen("share without", IM)["seen"], 0),
    "none_gs": lambda s: percent(s.seen("share without", GS)["model"], 0),
    "seen_none_gs": lambda s: percent(s.seen("share without", GS)["seen"], 0),
    "auc": lambda s: f"{s.evaluation['concordance']['everything']:.2f}",
    "auc_score": lambda s: f"{s.evaluation['concordance']['score']:.2f}",
    "bars_held": lambda s: f"{sum(r['holds'] for r in s.evaluation['bars']['rows'])}",
    "bars": lambda s: f"{len(s.evaluation['bars']['rows'])}",
    "fm_strong_3": lambda s: percent(s.answer("strong", FM).p_given_interviews.point),
    "fm_weak_3": lambda s: percent(s.answer("weak", FM).p_given_interviews.point),
    "us_im": lambda s: level(s.model.cell(US, IM)),
    "us_fm": lambda s: level(s.model.cell(US, FM)),
}
