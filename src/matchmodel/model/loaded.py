"""A trained model, ready to answer."""

import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..applicant import Applicant
from ..covariates import COVARIATES
from ..errors import ModelFileError, NotInModel, RefusedInput, clipped
from ..known import known
from ..no_data import OTHER_MATCHES
from ..question import Question
from ..report.wording import type_name
from ..specialty import canonical_specialty
from .engine import CellArrays, People
from .file import checksum, dumps, read_model_file
from .records import ApplicantType, Cell, ModelRecord

if TYPE_CHECKING:
    from .answer import Answer

FURTHEST_CYCLE = 10  # years from the newest table; beyond it the drift says nothing useful


# Between what draws lie, whatever the tables; beyond, answers would be no numbers.
CELL_BOUNDS = {"level": (-30, 30), "alpha": (-30, 30), "beta": (-10, 10), "drift": (-10, 10)} | {
    "intercept": (-30, 30),
    "slope": (0, 10),
}
CHAIN_BOUNDS = {"m0": (1e-6, 1e6), "dispersion": (1e-4, 1e4), "b": (-10, 10), "eta": (-6, 6)} | {
    "rho": (1e-4, 1e4),
    "usual": (1e-4, 1e4),
}
MOST_LP = 100.0
KEPT = 32  # answers; the parts of a plan ask the same again


def _refuse_beyond(draws: np.ndarray | float, name: str, low: float, high: float) -> None:
    if not (low <= np.min(draws) and np.max(draws) <= high):
        raise ModelFileError(
            f"the model file is damaged: draws of {name} are not between {low:g} and {high:g}; "
            "train it again with: matchmodel train"
        )


class Model:
    """A model file, ready to answer.

    Parameters
    ----------
    record
        What training wrote.
    checksum
        Of the file that it was read from, if any.
    """

    def __init__(self, record: ModelRecord, checksum: str | None = None) -> None:
        self.record = record
        self._checksum = checksum
        self._arrays: dict[tuple[str, str], CellArrays] = {}
        self._answers: dict[tuple[Applicant, Question], Answer] = {}

    def __repr__(self) -> str:
        return f"Model('{self.name}')"

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_arrays": {}, "_answers": {}}  # a copy on disk keeps nobody's answers

    @property
    def name(self) -> str:
        """The model's name, such as 'match-2026'."""
        return self.record.name

    @cached_property
    def hash(self) -> str:
        """The file's checksum: the SHA-256 of its bytes without the line that holds it, in hexadecimal."""
        return self._checksum or checksum(dumps(self.record).encode())

    @property
    def newest_table(self) -> int:
        """Year of the newest table."""
        return self.record.newest_table

    @property
    def default_cycle(self) -> int:
        """The cycle that is meant when none is given: the year after the newest table."""
        return self.newest_table + 1

    @property
    def applicant_types(self) -> list[str]:
        """The applicant types that can be asked for, sorted."""
        return sorted(self.record.types)

    def specialties(self, applicant_type: str) -> list[str]:
        """Return the specialties that can be asked for, sorted."""
        return sorted(self.kind(applicant_type).cells)

    def kind(self, applicant_type: str) -> ApplicantType:
        """Return the record of an applicant type.

        Raises
        ------
        NotInModel
            With the types that the model has.
        """
        try:
            return self.record.types[applicant_type]
        except KeyError:
            there = ", ".join(self.applicant_types)
            raise NotInModel(
                f"unknown applicant type '{clipped(applicant_type)}'; this model knows {there}"
            ) from None

    def cell(self, applicant_type: str, specialty: str) -> Cell:
        """Return the record of a specialty for a type.

        Raises
        ------
        NotInModel
            With the specialties that the model has.
        """
        cells, name = self.kind(applicant_type).cells, canonical_specialty(specialty)
        if name not in cells:
            raise NotInModel(self._why_none(name))
        return cells[name]

    def _why_none(self, specialty: str) -> str:
        """Return why a specialty has no odds, with the counts that there are."""
        counted = self.record.advice.get("ranked_anywhere", {}).get(specialty)
        if specialty in OTHER_MATCHES:
            return OTHER_MATCHES[specialty]
        if counted is None:
            return f"no table has odds for {specialty}; matchmodel specialties lists those with odds"
        told = (
            f"{counted[kind]['matched']:.0f} of {counted[kind]['ranked']:.0f} {type_name(kind, True)}"
            for kind in self.applicant_types
            if kind in counted
        )
        return (
            f"no odds for {specialty}: no table shows it by score. In {counted['year']}, of those who "
            f"ranked it anywhere on their list, {' and '.join(told)} matched to it"
        )

    def arrays(self, applicant_type: str, specialty: str) -> CellArrays:
        """Return the draws of a specialty for a type, unpacked once."""
        key = applicant_type, canonical_specialty(specialty)
        if key not in self._arrays:
            self.cell(*key)
            arrays = CellArrays(self.record, self.kind(applicant_type), key[1])
            for of, bounds in ((arrays, CELL_BOUNDS), (arrays.chain, CHAIN_BOUNDS)):
                for name, (low, high) in bounds.items() if of is not None else ():
                    _refuse_beyond(getattr(of, name), name, low, high)
            self._arrays[key] = arrays
        return self._arrays[key]

    def withheld(self, applicant_type: str, specialty: str) -> bool:
        """Whether the specialty is given no number for the type."""
        return self.cell(applicant_type, specialty).trust.kind == "withheld"

    def has_chain(self, applicant_type: str, specialty: str) -> bool:
        """Whether applications and interviews can be asked about."""
        cell = (
            self.record.types[applicant_type].cells.get(canonical_specialty(specialty))
            if applicant_type in self.record.types
            else None
        )
        return cell is not None and cell.chain is not None and cell.trust.kind != "withheld"

    def has_effect(self, applicant_type: str, name: str) -> bool:
        """Whether the model has the covariate for the type."""
        return name in self.record.effects and name in self.kind(applicant_type).reference

    def resolve(self, applicant: Applicant) -> Applicant:
        """Return the applicant with cycle and years since graduation filled in.

        Raises
        ------
        NotInModel
            For a type or specialty that the model was not trained for.
        RefusedInput
            For a cycle asked for that is too far from the type's table, or a graduation after it; the default
            cycle is always answered.
        """
        kind = self.kind(applicant.applicant_type)
        self.cell(applicant.applicant_type, applicant.specialty)
        filled = applicant.in_cycle(self.default_cycle)
        cycle = known(filled.cycle)
        near = (
            {kind.year} if kind.stand_in is None else {kind.year, self.newest_table}
        )  # a stand-in's table is old whatever is asked
        if cycle != self.default_cycle and min(abs(cycle - year) for year in near) > FURTHEST_CYCLE:
            raise RefusedInput(
                f"cycle {cycle} is more than {FURTHEST_CYCLE} years from the table of {kind.year}; "
                f"ask for a year near it, or retrain with a nearer table"
            )
        return filled

    def people(self, applicants: Sequence[Applicant]) -> People:
        """Return the engine's view of applicants of one type, specialty and cycle, resolved.

        Parameters
        ----------
        applicants
            At least one, each as `resolve` returns it.
        """
        first = applicants[0]
        covariates = {
            name: np.array([np.nan if (v := getattr(a, name)) is None else float(v) for a in applicants])
            for name in COVARIATES
            if any(getattr(a, name) is not None for a in applicants)  # else its draws are not unpacked
        }  # fmt: skip
        score = np.array([np.nan if a.step2_ck is None else a.step2_ck for a in applicants], float)
        years = known(first.cycle) - self.kind(first.applicant_type).year
        people = People(self.arrays(first.applicant_type, first.specialty), score, covariates, years)
        _refuse_beyond(people.lp, "the log odds of an applicant", -MOST_LP, MOST_LP)
        return people

    def odds(self, applicant: Applicant, question: Question | None = None) -> "Answer":
        """Return the odds of an applicant.

        Parameters
        ----------
        applicant
            Who asks.
        question
            How many applications, which chance, how many interviews are held; what is left out is the usual
            number of applications, an even chance, and nothing about interviews.

        Raises
        ------
        NotInModel
            For a type or specialty that the model was not trained for.
        RefusedInput
            For a cycle that cannot be answered.
        """
        from .answer import make

        asked = applicant, Question() if question is None else question
        answer = self._answers.get(asked)
        if answer is None:
            if len(self._answers) >= KEPT:
                self._answers.clear()
            answer = self._answers[asked] = make(self, self.resolve(applicant), asked[1])
        return answer


def load_model(path: str | os.PathLike[str] | None = None) -> Model:
    """Return the model of a file; where no path is given, of the newest `models/match-YEAR.json` of the
    working folder, else the one that ships.

    Raises
    ------
    ModelFileError
        When the file is missing or is not a model of this schema.
    """
    return Model(*read_model_file(path))
