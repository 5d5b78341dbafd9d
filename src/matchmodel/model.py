"""A trained model: its cells, and the odds of an applicant.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple

from . import answer, odds
from .artefact import read_model_file, unpack
from .errors import NotInModel, RefusedInput, clipped
from .specialties import canonical_specialty

FURTHEST_CYCLE = 10  # years from the newest table; beyond it the drift says nothing useful

Drawn = namedtuple("Drawn", "value draws basis source")


class Cell:
    """One specialty for one applicant type: numbers unpacked when first asked for.

    Attributes
    ----------
    applicant_type, specialty : str
    year : int
        Of the table behind the level.
    alpha, beta, level : float
        Log odds at 240, per ten points, and of the average, as the tables have them.
    recalibration : matchmodel.odds.Recalibration or None
        What was learnt from known outcomes of the type's applicants; comes last.
    score_mean : float
        Mean Step 2 CK of the population, in points.
    """

    def __init__(self, kind, specialty, content, year, recalibration=None):
        self.applicant_type, self.specialty, self.content, self.year = kind, specialty, content, year
        self.alpha = content["alpha"]["value"]
        self.beta = content["beta"]["value"]
        self.level = content["level"]["value"]
        self.score_mean = content["score_mean"]
        self.recalibration = recalibration
        self._draws = {}

    def draws(self, name):
        """Return the draws of 'alpha', 'beta' or 'level', a list of float."""
        if name not in self._draws:
            self._draws[name] = unpack(self.content["draws"][name])
        return self._draws[name]

    def kappa(self, name):
        """Return the centring of a covariate."""
        return self.content["kappa"][name]

    def kappa_draws(self, name):
        """Return the draws of a covariate's centring, a list of float."""
        key = "kappa " + name
        if key not in self._draws:
            self._draws[key] = unpack(self.content["draws"]["kappa"][name])
        return self._draws[key]

    @property
    def average(self):
        """Match rate of the specialty for the type, as the model has it (shrunk for small cells, recalibrated)."""
        return odds.expit(self.level if self.recalibration is None else self.recalibration.log_odds(self.level))

    @property
    def published(self):
        """The counts and the rate as published, None where the type has no table of its own."""
        return self.content["published"]


class Model:
    """A model file, ready to answer.

    Attributes
    ----------
    content : dict
        The file, as read.
    """

    def __init__(self, content):
        self.content = content
        self._cells, self._drawn, self._chain_cells = {}, {}, {}
        self.shared_draws = {}  # what the chains of several specialties share, unpacked

    @property
    def name(self):
        """The model's name, such as 'match-2026'."""
        return self.content["name"]

    @property
    def newest_table(self):
        """Year of the newest table."""
        return self.content["newest_table"]

    @property
    def default_cycle(self):
        """The cycle that is meant when none is given: the year after the newest table."""
        return self.newest_table + 1

    @property
    def applicant_types(self):
        """The applicant types that can be asked for, sorted."""
        return sorted(self.content["types"])

    def specialties(self, applicant_type):
        """Return the specialties that can be asked for, sorted."""
        return sorted(self.type(applicant_type)["cells"])

    def type(self, applicant_type):
        """Return what the file says of an applicant type.

        Raises
        ------
        NotInModel
        """
        try:
            return self.content["types"][applicant_type]
        except KeyError:
            known = ", ".join(self.applicant_types)
            raise NotInModel(f"unknown applicant type '{clipped(applicant_type)}'; this model knows {known}") from None

    def cell(self, applicant_type, specialty):
        """Return the cell of a specialty for a type.

        Raises
        ------
        NotInModel
            With the specialties that the model has.
        """
        key = applicant_type, canonical_specialty(specialty)
        if key not in self._cells:
            kind = self.type(applicant_type)
            content = kind["cells"].get(key[1])
            if content is None:
                raise NotInModel(f"no table of {applicant_type} has the specialty {key[1]}; there are {', '.join(sorted(kind['cells']))}")
            self._cells[key] = Cell(applicant_type, key[1], content, kind["year"], self.recalibration(applicant_type))
        return self._cells[key]

    def recalibration(self, applicant_type):
        """Return the `matchmodel.odds.Recalibration` of a type, None where the model has none."""
        key = "recalibration", applicant_type
        if key not in self._drawn:
            content = self.type(applicant_type)["recalibration"]
            self._drawn[key] = None if content is None else odds.Recalibration(
                content["intercept"]["value"], content["slope"]["value"], unpack(content["draws"]["intercept"]), unpack(content["draws"]["slope"])
            )
        return self._drawn[key]

    def _unpacked(self, key, content, source):
        if key not in self._drawn:
            self._drawn[key] = Drawn(content["value"], unpack(source), content["basis"], content["source"])
        return self._drawn[key]

    def delta(self, name):
        """Return a covariate's effect: value per u, draws, basis and source."""
        entry = self.content["covariates"][name]
        return self._unpacked(("delta", name), entry["delta"], entry["draws"])

    def has_effect(self, applicant_type, name):
        """Whether the model has the covariate for the type."""
        return name in self.content["covariates"] and name in self.type(applicant_type)["reference"]

    def drift_sd(self, applicant_type):
        """Return the yearly standard deviation of the level's drift, 0 where no series is known."""
        drift = self.type(applicant_type)["drift"]
        return 0.0 if drift is None else drift["sd_per_year"]

    @property
    def drift_draws(self):
        """Standard normal draws of the drift, a list of float."""
        if "drift" not in self._drawn:
            self._drawn["drift"] = unpack(self.content["drift_draws"])
        return self._drawn["drift"]

    def chain_cell(self, applicant_type, specialty):
        """Return the applications chain of a specialty for a type.

        Raises
        ------
        NotInModel
            Where there is none.
        """
        from .chain_cell import ChainCell  # only what asks for applications needs it

        key = applicant_type, specialty
        if key not in self._chain_cells:
            self._chain_cells[key] = ChainCell(self, applicant_type, specialty)
        return self._chain_cells[key]

    def has_chain(self, applicant_type, specialty):
        """Whether applications can be asked about."""
        chain = self.content["chain"]
        kind = None if chain is None else chain["types"].get(applicant_type)
        return kind is not None and canonical_specialty(specialty) in kind["specialties"]

    def cycle_of(self, applicant):
        """Return the applicant with cycle and years since graduation filled in.

        Raises
        ------
        RefusedInput
            For a cycle asked for that is too far from the type's table, or a graduation after it;
            the default cycle is always answered.
        """
        kind = self.type(applicant.applicant_type)
        filled = applicant.in_cycle(self.default_cycle)
        near = {kind["year"], self.newest_table} if kind.get("stand_in") else {kind["year"]}  # a stand-in's table is old whatever is asked
        if filled.cycle != self.default_cycle and min(abs(filled.cycle - year) for year in near) > FURTHEST_CYCLE:
            raise RefusedInput(
                f"cycle {filled.cycle} is more than {FURTHEST_CYCLE} years from the table of {kind['year']}; "
                f"ask for a year near it, or retrain with a nearer table"
            )
        return filled

    def odds(self, applicant):
        """Return the odds of an applicant.

        Parameters
        ----------
        applicant : Applicant

        Returns
        -------
        matchmodel.answer.Answer

        Raises
        ------
        NotInModel
            For a type or specialty that the model was not trained for.
        RefusedInput
            For a cycle that cannot be answered.
        """
        filled = self.cycle_of(applicant)
        cell = self.cell(filled.applicant_type, filled.specialty)
        terms = odds.terms(self, cell, filled, filled.cycle)
        chain = None
        if filled.applications is not None or filled.target is not None:
            from .applications import answer_chain

            chain = answer_chain(self, cell, filled, terms)
        return answer.make(self, cell, filled, terms, chain)


def load_model(path=None):
    """Return the model of a file, the default one where no path is given.

    Raises
    ------
    ModelFileError
        When the file is missing or is not a model of this schema.
    """
    return Model(read_model_file(path))
