"""What a model file keeps for advice beside the odds; `matchmodel.fit.document.advice` writes it.

Plain dictionaries, whose keys and types are checked as those of the records are.
"""

from typing import Literal, TypedDict

Basis = Literal["measured", "evidence", "assumed"]


MEDIANS = ("research", "abstracts", "presentations", "publications", "work", "volunteer")  # in this order


class Cohorts(TypedDict, total=False):
    """A median of those who matched, and of those who did not."""

    matched: float
    not_matched: float


class Quartiles(TypedDict):
    """The printed scores of a cohort."""

    n: float | None
    min: float | None
    q1: float | None
    median: float | None
    q3: float | None
    max: float | None


class Scores(TypedDict, total=False):
    """The printed scores of both cohorts."""

    matched: Quartiles
    not_matched: Quartiles


class Printed(TypedDict):
    """What the newest table prints of a specialty and type, in no odds."""

    year: int
    positions: float | None
    all_applicants: float | None
    source: str
    step2_ck: Scores
    medians: dict[str, Cohorts]


class Counted(TypedDict):
    """How many ranked a specialty anywhere on their list, and matched to it."""

    ranked: float
    matched: float


class PracticeTest(TypedDict):
    """How a practice test goes with Step 2 CK; bias and SD in points."""

    test: str
    correlation: float | None
    bias: float | None
    sd: float | None
    source: str
    grade: str


class SignalCounts(TypedDict):
    """How many signals a specialty gives its applicants."""

    season: int
    gold: float | None
    silver: float | None
    total: float | None
    source: str
    grade: str


class ProgramSignal(TypedDict):
    """The effect of a signal on the log odds of an invitation, and the share of applications with one."""

    value: float
    se: float
    basis: Basis
    source: str
    note: str
    share_signalled: float
    specialty: str


Band = TypedDict("Band", {"from": float, "to": float, "ratio": float})


class ImgShare(TypedDict):
    """How the invitation rate goes with the share of IMG residents."""

    specialty: str
    source: str
    basis: Basis
    bands: list[Band]


class Attempts(TypedDict):
    """What one study found of those who applied before, on the log odds of a match."""

    id: str
    log_odds: float
    se: float | None
    population: str
    note: str
    grade: str


class Advice(TypedDict, total=False):
    """All of it; a part is empty where its table is not there."""

    published: dict[str, dict[str, Printed]]
    ranked_anywhere: dict[str, dict[str, int | str | Counted]]
    practice_tests: list[PracticeTest]
    signals: dict[str, SignalCounts]
    program_signal: ProgramSignal | None
    img_share: dict[str, ImgShare]
    previous_attempts: list[Attempts]
