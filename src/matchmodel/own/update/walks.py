"""How the levels of your own rows may differ from the table's: by the year, and by whose they are.

Those of other years are random walks, as the model's drift has them. Beside them each type with rows has a
shift of its own: an office's applicants are no sample of all who apply.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from ...model import Model
from .numbers import OwnRows
from .prior import NONE, Key, Prior

# A choice: no source says how far offices differ. Two in three have odds within a factor of 1.6 of the
# tables', 19 in 20 within 2.7. 300 rows leave a sixteenth of it in the answer, 30 rows two fifths.
OFFICE_SD = 0.5
RIDGE = 1e-6  # of a variance; types whose walks are one walk would be singular together


@dataclass(frozen=True, eq=False)
class Walk:
    """One walk, of a type where `specialty` is None, else of a specialty beside it; draws per root year."""

    kind: str
    specialty: str | None
    draws: np.ndarray
    year: int


@dataclass(frozen=True, eq=False)
class Shift:
    """A walk at one cycle."""

    walk: Walk
    cycle: int

    @property
    def years(self) -> int:
        """Years from the table's."""
        return self.cycle - self.walk.year


class Shifts:
    """The shifts of levels that a table's rows need.

    Attributes
    ----------
    every
        The shifts, those of types first.
    places
        {(type, specialty), cycle: (place of the type's shift, of the specialty's)}, counted from the first
        shift.
    offices
        {type: place of the shift of your own level}, counted from the first shift; after all others.
    """

    def __init__(self, model: Model, prior: Prior, rows: OwnRows, own_level: bool = False) -> None:
        self.every: list[Shift] = []
        self.places: dict[tuple[Key, int], tuple[int, int]] = {}
        own: dict[str, Walk] = {}  # by the text of the draws: types may share them
        common: dict[str, Walk] = {}
        for kind in prior.types:
            drift = model.kind(kind).drift
            if drift is not None:
                common[kind] = Walk(kind, None, drift.draws.array, prior.year[kind])
        for key in prior.cells:
            draws = model.cell(*key).drift
            own.setdefault(draws.text, Walk(key[0], key[1], draws.array, prior.year[key[0]]))
        years, year = np.unique(rows.cycles, return_inverse=True)
        found = np.unique(rows.key * len(years) + year).tolist()
        walks = sorted((*rows.keys[k // len(years)], int(years[k % len(years)])) for k in found)
        by_walk: dict[tuple[int, int], int] = {}

        def place(walk: Walk | None, cycle: int) -> int:
            if walk is None or cycle == walk.year or not walk.draws.any():
                return NONE
            key = id(walk), cycle
            if key not in by_walk:
                by_walk[key] = len(self.every)
                self.every.append(Shift(walk, cycle))
            return by_walk[key]

        types = {
            (kind, cycle): place(common.get(kind), cycle)
            for kind, cycle in sorted({(k, c) for k, _, c in walks})
        }
        for kind, specialty, cycle in walks:
            walk = own[model.cell(kind, specialty).drift.text]
            self.places[(kind, specialty), cycle] = types[kind, cycle], place(walk, cycle)

        self.offices = {kind: len(self.every) + i for i, kind in enumerate(rows.types if own_level else ())}

    def __len__(self) -> int:
        return len(self.every) + len(self.offices)

    def covariance(self) -> np.ndarray:
        """Return the prior covariance: the walks' own times the years in common, 0 on different sides.

        Your own levels are independent of them, and of one another.
        """
        size = len(self.every)
        joint = np.zeros((size, size))
        for i, a in enumerate(self.every):
            for j, b in enumerate(self.every[: i + 1]):
                tied = a.walk is b.walk or (a.walk.specialty is None and b.walk.specialty is None)
                if tied and a.years * b.years > 0:
                    product = float(np.mean(a.walk.draws * b.walk.draws))
                    joint[i, j] = joint[j, i] = product * min(abs(a.years), abs(b.years))
        offices = OFFICE_SD**2 * np.eye(len(self.offices))
        both: np.ndarray = block_diag(joint + RIDGE * np.diag(np.diag(joint)), offices)
        return both
