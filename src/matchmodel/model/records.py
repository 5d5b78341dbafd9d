"""The records of a model file: everything that training writes and an answer reads.

Each record is a frozen dataclass whose fields are the keys of the file. `matchmodel.model.file` reads, checks
and writes them by their types; nothing else touches the file's JSON.
"""

from dataclasses import field
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np

from ..errors import ModelFileError
from ..frozen import frozen
from .advice import Advice
from .advice import Basis as Basis

TrustKind = Literal["ok", "grey", "withheld"]
Scalar = str | int | float | bool | None
OPTIONAL = {"optional": True}  # of a field: a file in which it says nothing has no such key


@frozen
class Draws:
    """Joint draws of one quantity, kept as the text of the file until they are asked for.

    Every `Draws` of a file has the same number of values, in the same order of draws.
    """

    text: str

    @cached_property
    def array(self) -> np.ndarray:
        """The values, shape (d,); text that is not all numbers raises `ModelFileError`."""
        try:
            values = np.fromstring(self.text, sep=" ")
        except ValueError:
            values = np.empty(0)
        if len(values) != self.text.count(" ") + 1 or not np.isfinite(values).all():
            raise ModelFileError(
                "the model file is damaged: its draws hold something else than numbers; "
                "train it again with: matchmodel train"
            )
        return values

    @classmethod
    def of(cls, values: np.ndarray) -> "Draws":
        """Pack an array to six significant digits."""
        return cls(" ".join(f"{v:.6g}" for v in np.asarray(values, float).tolist()))


@frozen
class Note:
    """A remark as a code and the fields of its sentence, which `matchmodel.model.notes` makes."""

    code: str
    fields: dict[str, Scalar] = field(default_factory=dict)


@frozen
class Coefficient:
    """One number with where it comes from."""

    value: float
    se: float | None
    basis: Basis
    source: str
    notes: tuple[Note, ...] = ()


@frozen
class Drawn:
    """One number with where it comes from, and its joint draws."""

    value: float
    se: float | None
    basis: Basis
    source: str
    draws: Draws
    notes: tuple[Note, ...] = ()


@frozen
class Prior:
    """What was believed of an effect before any row, and why."""

    mean: float
    sd: float
    why: str


@frozen
class EvidenceRow:
    """One estimate behind an effect, on the scale of the log odds of matching."""

    id: str
    source_id: str
    grade: str
    basis: Basis
    value: float
    se: float
    weight: float


@frozen
class Effect:
    """A covariate's effect on the log odds of matching, per unit of u; `specialties` has that of each."""

    label: str
    unit: str
    mean: Coefficient
    spread: float
    prior: Prior
    rows: tuple[EvidenceRow, ...]
    specialties: dict[str, Drawn]


@frozen
class Published:
    """The counts of a table, and their rate."""

    matched: float
    not_matched: float
    rate: float


@frozen
class Seen:
    """The lowest and highest score behind a cell; `printed` is False where they are reconstructed."""

    low: float
    high: float
    printed: bool


@frozen
class Trust:
    """How far a cell may be trusted: 'ok', 'grey' (unsure) or 'withheld' (no number), and why."""

    kind: TrustKind
    reasons: tuple[Note, ...] = ()


@frozen
class Usual:
    """The usual number of applications of a specialty, and its draws."""

    value: float
    low: float
    high: float
    basis: Basis
    source: str
    draws: Draws


@frozen
class Rates:
    """Invitation rates of a specialty's programs, highest first, and how many programs have each."""

    rates: tuple[float, ...]
    programs: tuple[float, ...]
    listed: int
    with_figures: int
    mean: Coefficient


@frozen
class SolvedFor:
    """A published figure that a chain was solved for, beside what the chain gives (the mean over draws)."""

    quantity: str
    published: float
    se: float | None
    chain: float
    source: str


@frozen
class Chain:
    """From applications to a match, for one specialty and type; formulas in `matchmodel.model.engine`."""

    rates: Rates
    choice: Drawn
    usual: Usual
    invitations: Drawn
    dispersion: Drawn
    rank_slope: Drawn
    profile_rate: Drawn
    solved_for: tuple[SolvedFor, ...]
    replaced: int
    basis: Basis


@frozen
class Cell:
    """One specialty for one applicant type."""

    published: Published | None
    trust: Trust
    level: Drawn
    alpha: Drawn
    beta: Drawn
    kappa: dict[str, Drawn]
    drift: Draws
    own_slope: bool
    score_mean: float
    score_sd: float
    score_n: float
    score_seen: Seen | None
    chain: Chain | None


@frozen
class Reference:
    """How a covariate is spread over those who rank: printed values, u of each, shares."""

    values: tuple[str, ...]
    u: tuple[float, ...]
    shares: tuple[float, ...]
    basis: Basis
    source: str


@frozen
class Drift:
    """How far levels move: the type's common walk per root year, with its draws."""

    sd_per_year: float
    own_sd_per_year: float
    basis: Basis
    first: int
    last: int
    source: str
    draws: Draws


@frozen
class RateOfYear:
    """Share of a type matched to any PGY-1 position in a year."""

    year: int
    rate: float
    source: str


@frozen
class Calibration:
    """What was learnt from your own applicants: log odds' = intercept + slope * log odds."""

    method: str
    n: int
    matched: int
    intercept: Drawn
    slope: Drawn


@frozen
class Years:
    """Which years' tables were used for what."""

    counts: tuple[int, ...]
    step2_ck: tuple[int, ...]
    slope_year_spread: float
    level_drift: float


@frozen
class ApplicantType:
    """One applicant type: what its cells share, and the cells."""

    year: int
    years: Years
    derived_from: str | None
    stand_in: Note | None
    preferred_rate: float | None
    anywhere: RateOfYear | None
    score_shift: Coefficient | None
    odds_ratio: Coefficient | None
    level_mean: Coefficient
    level_slope: Coefficient | None
    level_spread: float
    mean_slope: Coefficient
    slope_spread: float
    calibration: Calibration | None
    drift: Drift | None
    reference: dict[str, Reference]
    cells: dict[str, Cell]


@frozen
class FeeStep:
    """Prices of applications between two numbers of programs."""

    service: str
    from_program: int | None
    to_program: int | None
    usd_each: float | None
    usd_flat: float | None
    source: str
    grade: str


@frozen
class Fees:
    """Application fees of the newest season: schedules by service or specialty, and fixed fees."""

    season: int | None
    schedules: dict[str, tuple[FeeStep, ...]]
    fixed: tuple[FeeStep, ...]


@frozen
class Source:
    """A source that was trained on."""

    id: str
    title: str
    publisher: str
    year: int
    grade: str
    terms: str
    consent: bool
    via: str | None = None
    notes: str | None = None


@frozen
class LeftOut:
    """What was left out of training on purpose, and what was lost with it."""

    why: str
    sources: tuple[str, ...]
    lost: tuple[Note, ...]


@frozen
class Unused:
    """A figure that training could not use, and why."""

    what: str
    source_id: str
    why: str


@frozen
class PassingMark:
    """A Step 2 CK passing mark and the day it holds from."""

    start: str
    mark: int


@frozen
class Settings:
    """Choices of the training that made the file."""

    seed: int
    draws: int
    tail: str
    range: tuple[float, float]
    priors: dict[str, Scalar]


@frozen
class Updated:
    """What your own applicants moved, where the file was updated.

    There are no counts where fewer than five matched or did not.
    """

    n: int | None
    matched: int | None
    details: dict[str, Scalar]
    shifts: tuple[Coefficient, ...] = ()


@frozen
class ModelRecord:
    """The whole file."""

    kind: str
    schema: int
    name: str
    about: str
    newest_table: int
    draw_count: int
    settings: Settings
    sources: tuple[Source, ...]
    left_out: LeftOut | None
    passing_marks: tuple[PassingMark, ...]
    effects: dict[str, Effect]
    types: dict[str, ApplicantType]
    fees: Fees
    advice: Annotated[dict[str, Any], Advice]
    unused: tuple[Unused, ...]
    updated: Updated | None
    own_rows: tuple[str, ...] = field(default=(), metadata=OPTIONAL)
    signed: str | None = field(default=None, metadata=OPTIONAL)
