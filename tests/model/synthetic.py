"""A small made-up model: two applicant types, three specialties.

One specialty is sound and has a chain, one is grey and has none, one is withheld.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from matchmodel.covariates import COVARIATES
from matchmodel.model import Model
from matchmodel.model.file import dumps
from matchmodel.model.records import (
    ApplicantType,
    Cell,
    Chain,
    Coefficient,
    Drawn,
    Draws,
    Drift,
    Effect,
    EvidenceRow,
    Fees,
    FeeStep,
    ModelRecord,
    Note,
    PassingMark,
    Prior,
    Published,
    RateOfYear,
    Rates,
    Reference,
    Seen,
    Settings,
    SolvedFor,
    Source,
    Trust,
    Usual,
    Years,
)

DRAWS = 50
CHAINED, GREY, WITHHELD = "Internal Medicine", "Dermatology", "Plastic Surgery (Integrated)"
KINDS = ("non-us-img", "us-img")
EFFECTS = {
    "years_since_graduation": -0.3,
    "usce_months": 0.2,
    "visa_needed": -0.4,
    "step1_failed": -0.5,
    "step2_failed": -0.8,
}
USUAL = 90
SOURCE = "made up"


def coefficient(value: float, se: float | None = 0.1) -> Coefficient:
    return Coefficient(value, se, "measured", SOURCE)


class Maker:
    """Draws of one made-up model, from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def normal(self, value: float, sd: float) -> np.ndarray:
        return value + sd * self.random.standard_normal(DRAWS)

    def drawn(self, values: np.ndarray, basis: str = "measured") -> Drawn:
        return Drawn(float(values.mean()), float(values.std()), basis, SOURCE, Draws.of(values))

    def effect(self, name: str) -> Effect:
        mean = EFFECTS[name]
        own = {s: self.drawn(self.normal(mean, 0.05), "evidence") for s in (CHAINED, GREY, WITHHELD)}
        row = EvidenceRow("row", SOURCE, "B", "evidence", mean, 0.1, 1.0)
        c = COVARIATES[name]
        return Effect(c.label, c.unit, coefficient(mean), 0.1, Prior(mean, 0.2, "made up"), (row,), own)

    def chain(self) -> Chain:
        rates = Rates((0.3, 0.1, 0.05, 0.0), (4.0, 60.0, 200.0, 136.0), 400, 250, coefficient(0.043, 0.004))
        usual = np.maximum(self.normal(USUAL, 8), 20)
        return Chain(
            rates=rates,
            choice=self.drawn(np.maximum(self.normal(1.3, 0.1), 1.02)),
            usual=Usual(
                float(usual.mean()),
                float(np.quantile(usual, 0.1)),
                float(np.quantile(usual, 0.9)),
                "evidence",
                SOURCE,
                Draws.of(usual),
            ),
            invitations=self.drawn(np.exp(self.normal(-0.05, 0.1))),
            dispersion=self.drawn(np.exp(self.normal(0.6, 0.15))),
            rank_slope=self.drawn(np.exp(self.normal(0.3, 0.1))),
            profile_rate=self.drawn(np.clip(self.normal(0.5, 0.05), 0.1, 0.9)),
            solved_for=(SolvedFor("share who rank", 0.65, 0.01, 0.648, SOURCE),),
            replaced=1,
            basis="measured",
        )

    def cell(self, specialty: str, level: float, derived: bool, reference: dict[str, Reference]) -> Cell:
        means = {name: float(np.dot(r.u, r.shares)) for name, r in reference.items()}
        levels, beta = self.normal(level, 0.05), np.maximum(self.normal(0.35, 0.04), 0.05)
        trusts = {
            CHAINED: Trust("ok"),
            GREY: Trust("grey", (Note("level_unsure", {"sd": 0.3}),)),
            WITHHELD: Trust("withheld", (Note("few_applicants", {"applicants": 9, "limit": 15}),)),
        }
        rate = float(1 / (1 + np.exp(-level)))
        return Cell(
            published=None if derived else Published(1000 * rate, 1000 * (1 - rate), rate),
            trust=trusts[specialty],
            level=self.drawn(levels),
            alpha=self.drawn(levels - 0.5 * beta),
            beta=self.drawn(beta),
            kappa={
                n: self.drawn(EFFECTS[n] * m + self.normal(0, 0.02), "evidence") for n, m in means.items()
            },
            drift=Draws.of(self.normal(0, 0.1)),
            own_slope=specialty == CHAINED,
            score_mean=245.0,
            score_sd=14.0,
            score_n=3000.0,
            score_seen=None if specialty == WITHHELD else Seen(209.0, 284.0, False),
            chain=self.chain() if specialty == CHAINED else None,
        )

    def applicant_type(self, kind: str) -> ApplicantType:
        us = kind == "us-img"
        names = [n for n in EFFECTS if not (us and n == "visa_needed")]
        reference = {n: _reference(n) for n in names}
        levels = {CHAINED: 0.6 if us else 0.0, GREY: -0.6 if us else -1.2, WITHHELD: -1.0}
        return ApplicantType(
            year=2026,
            years=Years((2026,), (2026,), 0.05, 0.1),
            derived_from="non-us-img" if us else None,
            stand_in=None,
            preferred_rate=None if us else 0.5,
            anywhere=RateOfYear(2026, 0.6, SOURCE),
            score_shift=coefficient(-8.0, 3.0) if us else None,
            odds_ratio=coefficient(0.6) if us else None,
            level_mean=coefficient(-0.5),
            level_slope=None,
            level_spread=0.3,
            mean_slope=coefficient(0.35),
            slope_spread=0.1,
            calibration=None,
            drift=Drift(0.1, 0.1, "measured", 1983, 2026, SOURCE, Draws.of(self.normal(0, 0.1))),
            reference=reference,
            cells={s: self.cell(s, level, us, reference) for s, level in levels.items()},
        )


def _reference(name: str) -> Reference:
    covariate = COVARIATES[name]
    values = ("no", "yes") if covariate.binary else ("0", "3", "6", "10")
    shares = (0.7, 0.3) if covariate.binary else (0.25, 0.25, 0.25, 0.25)
    u = tuple(covariate.transform({"no": 0.0, "yes": 1.0}.get(v, v)) for v in values)
    return Reference(values, tuple(float(x) for x in u), shares, "evidence", SOURCE)


def _fees() -> Fees:
    def step(
        service: str, start: int | None, end: int | None, each: float | None, flat: float | None = None
    ) -> FeeStep:
        return FeeStep(service, start, end, each, flat, SOURCE, "A")

    eras = (step("ERAS", 1, 30, 11.0), step("ERAS", 31, None, 30.0))
    return Fees(
        2026,
        {"ERAS": eras},
        (step("registration", None, None, None, 70.0), step("transcript", None, None, None, 80.0)),
    )


def record(seed: int = 1) -> ModelRecord:
    """Return the record of a made-up model."""
    make = Maker(seed)
    return ModelRecord(
        kind="matchmodel",
        schema=3,
        name="synthetic",
        about="made up, for tests",
        newest_table=2026,
        draw_count=DRAWS,
        settings=Settings(
            seed, DRAWS, "normal", (0.1, 0.9), {"lambda": 0.5, "signs held": True, "why": "made up"}
        ),
        sources=(Source(SOURCE, "Made up", "nobody", 2026, "A", "none", False),),
        left_out=None,
        passing_marks=(
            PassingMark("2012-07-01", 196),
            PassingMark("2013-07-01", 203),
            PassingMark("2025-07-01", 218),
        ),
        effects={name: make.effect(name) for name in EFFECTS},
        types={kind: make.applicant_type(kind) for kind in KINDS},
        fees=_fees(),
        advice={"previous_attempts": []},
        unused=(),
        updated=None,
    )


@cache
def model_file() -> Path:
    """Return a file of the made-up model."""
    path = Path(tempfile.mkdtemp(prefix="matchmodel-")) / "synthetic.json"
    path.write_text(dumps(record()), encoding="utf-8")
    atexit.register(shutil.rmtree, path.parent)
    return path


@cache
def model(seed: int = 1) -> Model:
    """Return a made-up model."""
    return Model(record(seed))
