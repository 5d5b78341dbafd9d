"""What `matchmodel specialties` answers: every specialty of an applicant type, side by side."""

from typing import TYPE_CHECKING, Any

from ...frozen import frozen
from ...model.answer import REQUIRED, Answer, FeesOf, Required
from ...model.engine import Order
from ...model.records import Note
from ...readable import Readable
from ..notes import text

if TYPE_CHECKING:
    from ..limits import Sort


@frozen
class Row:
    """One specialty: what `predict` says of it, and what its table prints.

    Attributes
    ----------
    positions
        Offered in the Match to applicants of every type.
    applicants
        Who ranked the specialty in the table behind its average.
    """

    answer: Answer
    positions: int | None
    applicants: int | None

    @property
    def specialty(self) -> str:
        """Its name."""
        return self.answer.applicant.specialty

    def required(self, order: Order) -> Required | None:
        """Return the number of applications that the target takes, None without a chain."""
        found: Required | None = getattr(self.answer, REQUIRED[order])
        return found


@frozen
class SideBySide(Readable):
    """Every specialty for one applicant.

    Attributes
    ----------
    rows
        In the order of `sort`; those without a number at the end.
    target
        The chance whose required applications are told.
    order
        In which order of programs those are counted.
    applications
        As asked for, instead of each specialty's usual number.
    notes
        Of every specialty, and of some by name; those of one alone stand in its answer.
    """

    WRITER = "matchmodel.advice.specialties.text"
    ROWS = "specialties"

    rows: tuple[Row, ...]
    target: float
    order: Order
    sort: "Sort"
    applications: int | None
    interviews: int | None
    positions_year: int | None
    notes: tuple[Note, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What `predict` says of each specialty, in the order of the rows."""
        return tuple(row.answer for row in self.rows)

    @property
    def fees(self) -> FeesOf | None:
        """The season, and what is paid once whatever the number of applications."""
        return next((answer.fees for answer in self.answers if answer.fees is not None), None)

    def row(self, specialty: str) -> Row:
        """Return the row of a specialty."""
        return next(row for row in self.rows if row.specialty == specialty)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        a, fees = self.rows[0].answer.applicant, self.fees
        return {
            "answer": None,
            "answers": [answer.to_dict() for answer in self.answers],
            "model": self.rows[0].answer.model_name,
            "applicant_type": a.applicant_type,
            "cycle": a.cycle,
            "table_year": self.rows[0].answer.table_year,
            "sort": self.sort,
            "order": self.order,
            "target": self.target,
            "applications_asked": self.applications,
            "interviews": self.interviews,
            "specialties": [
                {"specialty": row.specialty, "positions": row.positions, "applicants": row.applicants}
                for row in self.rows
            ],
            "positions_year": self.positions_year,
            "fees": None
            if fees is None
            else {
                "season": fees.season,
                "fixed_usd": [{"what": what, "usd": usd} for what, usd in fees.fixed],
            },
            "notes": [{"code": note.code, "text": text(note)} for note in self.notes],
        }
