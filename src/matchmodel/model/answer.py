"""One applicant's answer: the numbers once, computed in every draw; what is shown is derived from them."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..applicant import FIELDS, Applicant
from ..covariates import COVARIATES
from ..frozen import frozen
from ..question import DEFAULT_TARGET, Question
from ..readable import Readable
from . import notes as remarks
from .advice import MEDIANS
from .engine import MOST_RANKS, ORDERS, Needed, Order, People, Range, expit, one_range, ranges
from .fees import cost, fixed_fees, schedule_of
from .records import Basis, Cell, FeeStep, Note, Trust

if TYPE_CHECKING:
    from .loaded import Model

TABLE = (20, 40, 80, 120, 160, 200)  # numbers of applications whose chances are told
INTERVIEWS = 15  # interviews held up to which chances are told
REQUIRED = {
    order: "required_applications" + end
    for order, end in zip(ORDERS, ("", "_random", "_friendliest"), strict=True)
}
_RANGES = ("p_ranked", "p_apply", "p_any_invitation", "expected_invitations", "p_given_interviews")


@frozen
class LikelihoodRatio:
    """By how much one known covariate multiplies the odds of matching, against the specialty's average.

    `ratio` is e to the mean log ratio over draws; `low` and `high` are its 80% range.
    """

    covariate: str
    label: str
    value: float | bool
    ratio: float
    low: float
    high: float
    basis: Basis
    source: str
    notes: tuple[Note, ...] = ()


@frozen
class Required:
    """The number of applications that a chance takes, in one order of programs.

    `applications` is None where every program listed does not reach the target; `low` and `high` are None
    where the range has no end there, since too many draws never reach it.
    """

    target: float
    reachable: bool
    applications: int | None
    low: int | None
    high: int | None
    fees_usd: float | None


@frozen
class UsualNumber:
    """The usual number of applications of a specialty, and where it comes from."""

    value: float
    low: float
    high: float
    basis: Basis


@frozen
class ChanceAt:
    """The chance of matching with so many applications, and their fees (None without a schedule)."""

    applications: int
    chance: Range
    fees_usd: float | None


@frozen
class Median:
    """A median that the table prints of those who matched and of those who did not."""

    measure: str
    matched: float
    not_matched: float


@frozen
class FeesOf:
    """Dollars: of the applications, and what is paid once a season whatever their number."""

    season: int | None
    applications_usd: float | None
    fixed: tuple[tuple[str, float], ...]


@frozen
class Answer(Readable):
    """The odds of one applicant; a number that is not known or not asked is None, and all are where withheld.

    Attributes
    ----------
    applicant
        With cycle and years since graduation filled in.
    question
        As asked.
    p_ranked
        Chance of matching, for those who rank at least one program.
    p_apply, p_any_invitation, expected_invitations
        Chance of matching, of at least one invitation, and invitations expected, with so many `applications`.
    p_given_interviews
        Chance of matching with the interviews held.
    applications, applications_basis
        As asked ('given'), at most the programs listed, or the usual number and its basis.
    average_ranked, average_apply
        The same chances of an applicant of whom nothing is known.
    published_rate
        As the table prints it.
    chances_by_interviews
        For 1, 2, ..., 15 interviews held.
    chances_by_applications
        At round numbers of applications and at all that are `listed`.
    medians
        Of what the table prints and no odds are computed from: research, publications and the like.
    """

    WRITER = "matchmodel.report.answer"
    ROWS = "chances_by_applications"

    applicant: Applicant
    question: Question
    model_name: str
    table_year: int
    trust: Trust
    p_ranked: Range | None = None
    p_apply: Range | None = None
    p_any_invitation: Range | None = None
    expected_invitations: Range | None = None
    p_given_interviews: Range | None = None
    applications: int | None = None
    applications_basis: str | None = None
    usual: UsualNumber | None = None
    average_ranked: float | None = None
    average_apply: float | None = None
    published_rate: float | None = None
    likelihood_ratios: tuple[LikelihoodRatio, ...] = ()
    required_applications: Required | None = None
    required_applications_random: Required | None = None
    required_applications_friendliest: Required | None = None
    chances_by_interviews: tuple[Range, ...] | None = None
    chances_by_applications: tuple[ChanceAt, ...] | None = None
    listed: int | None = None
    fees: FeesOf | None = None
    extrapolated: bool = False
    medians: tuple[Median, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether no number is given."""
        return self.trust.kind == "withheld"

    @property
    def odds(self) -> float | None:
        """Odds of matching if at least one program is ranked."""
        return None if self.p_ranked is None else self.p_ranked.point / (1.0 - self.p_ranked.point)

    @property
    def against_average(self) -> float | None:
        """Those odds, divided by the average applicant's."""
        if self.odds is None or self.average_ranked is None:
            return None
        return self.odds * (1.0 - self.average_ranked) / self.average_ranked

    @property
    def warnings(self) -> tuple[Note, ...]:
        """The notes that warn."""
        return tuple(note for note in self.notes if note.code in remarks.WARNINGS)

    def to_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists, texts and numbers: the object that `--json` prints."""
        a = self.applicant
        made: dict[str, Any] = {
            "model": self.model_name,
            "specialty": a.specialty,
            "applicant_type": a.applicant_type,
            "cycle": a.cycle,
            "table_year": self.table_year,
            "known": {
                name: value
                for name in FIELDS[2:]
                if name != "cycle" and (value := getattr(a, name)) is not None
            },
            "trust": {"kind": self.trust.kind, "reasons": _notes(self.trust.reasons)},
            "range": 0.8,
        }
        for name in _RANGES:
            found = getattr(self, name)
            made |= {name + end: None if found is None else getattr(found, part) for end, part in _ENDS}
        made |= {
            "odds": self.odds,
            "one_in": None if self.p_ranked is None else 1.0 / self.p_ranked.point,
            "average_ranked": self.average_ranked,
            "average_apply": self.average_apply,
            "published_rate": self.published_rate,
            "odds_against_average": self.against_average,
            "interviews": self.question.interviews,
            "applications": self.applications,
            "applications_basis": self.applications_basis,
            "usual_applications": _plain(self.usual),
            "programs_listed": self.listed,
            "likelihood_ratios": [
                one.__dict__ | {"notes": _notes(one.notes)} for one in self.likelihood_ratios
            ],
            "required_applications": _plain(self.required_applications),
            "required_applications_random": _plain(self.required_applications_random),
            "required_applications_friendliest": _plain(self.required_applications_friendliest),
            "chances_by_interviews": None if self.chances_by_interviews is None else [
                {"interviews": k, "p": p.point, "p_low": p.low, "p_high": p.high}
                for k, p in enumerate(self.chances_by_interviews, 1)
            ],
            "chances_by_applications": None if self.chances_by_applications is None else [
                {
                    "applications": at.applications, "p_apply": at.chance.point,
                    "p_apply_low": at.chance.low, "p_apply_high": at.chance.high, "fees_usd": at.fees_usd,
                }
                for at in self.chances_by_applications
            ],
            "fees": None if self.fees is None else {
                "season": self.fees.season, "applications_usd": self.fees.applications_usd,
                "fixed_usd": [{"what": what, "usd": usd} for what, usd in self.fees.fixed],
            },
            "extrapolated": self.extrapolated,
            "medians": [dict(one.__dict__) for one in self.medians],
            "notes": _notes(self.notes),
        }  # fmt: skip
        return made


_ENDS = (("", "point"), ("_low", "low"), ("_high", "high"))


def _plain(record: Any) -> dict[str, Any] | None:
    return None if record is None else dict(record.__dict__)


def _notes(found: tuple[Note, ...]) -> list[dict[str, str]]:
    return [{"code": note.code, "text": remarks.text(note)} for note in found]


# --- making one ---------------------------------------------------------------------------------------------


def make(model: "Model", applicant: Applicant, question: Question, only: Order | None = None) -> Answer:
    """Return the `Answer` of a resolved applicant.

    Parameters
    ----------
    model, applicant, question
    only
        An order of programs: of the required numbers, that one alone is asked, and nothing else that a row of
        a table does not show.
    """
    cell = model.cell(applicant.applicant_type, applicant.specialty)
    kind = model.kind(applicant.applicant_type)
    empty = Answer(applicant, question, model.name, kind.year, cell.trust)
    if empty.withheld:
        return replace(empty, notes=remarks.notes(model, empty))
    people = model.people([applicant])
    whole = only is None
    ranked = replace(
        empty,
        p_ranked=one_range(people.p_ranked()[0]),
        average_ranked=float(expit(people.base).mean()) if whole else None,
        published_rate=None if cell.published is None else cell.published.rate,
        likelihood_ratios=tuple(
            _ratio(model, applicant, cell, name, shift[0]) for name, shift in people.shifts.items() if whole
        ),
        extrapolated=_beyond(cell, applicant.step2_ck),
        medians=_medians(model, applicant),
    )
    made = ranked if cell.chain is None else _with_chain(model, ranked, people, only)
    return replace(made, notes=remarks.notes(model, made))


def _medians(model: "Model", a: Applicant) -> tuple[Median, ...]:
    """Return what the newest table prints beside the score, which is in no odds."""
    published = model.record.advice.get("published", {}).get(a.applicant_type, {}).get(a.specialty, {})
    return tuple(
        Median(measure, of["matched"], of["not_matched"])
        for measure in MEDIANS
        if len(of := published.get("medians", {}).get(measure, {})) == 2
    )


def _beyond(cell: Cell, score: float | None) -> bool:
    seen = cell.score_seen
    return score is not None and seen is not None and not seen.low <= score <= seen.high


def _ratio(model: "Model", applicant: Applicant, cell: Cell, name: str, shift: np.ndarray) -> LikelihoodRatio:
    ratio, low, high = (float(np.exp(v)) for v in one_range(shift))
    others: tuple[Note, ...] = ()
    if name == "step2_ck":
        label, drawn = "Step 2 CK", cell.beta
    else:
        label = COVARIATES[name].label
        drawn = model.record.effects[name].specialties[applicant.specialty]
        reference = model.kind(applicant.applicant_type).reference[name]
        others = (Note("against_reference", {"basis": reference.basis, "source": reference.source}),)
    return LikelihoodRatio(
        name,
        label,
        getattr(applicant, name),
        ratio,
        low,
        high,
        drawn.basis,
        drawn.source,
        (*drawn.notes, *others),
    )


def _with_chain(model: "Model", answer: Answer, people: People, only: Order | None) -> Answer:
    """Return the answer with what its chain says of applications and interviews."""
    a, asked, chain = answer.applicant, answer.question, people.chain
    usual, listed = chain.record.usual, int(chain.listed)
    applications, basis = (
        (round(usual.value), usual.basis) if asked.applications is None else (asked.applications, "given")
    )
    applications = min(max(applications, 1), listed)
    schedule = schedule_of(model.record.fees, a.specialty)
    sizes = [n for n in TABLE if n < listed and only is None] + [listed]
    chances = _each_range(people.p_apply(people.invitations(np.array(sizes))))
    mean = people.invitations(np.array([applications]))
    found: dict[str, Any] = {
        "p_apply": one_range(people.p_apply(mean)[0]),
        "p_given_interviews": None
        if asked.interviews is None
        else one_range(people.p_given(np.array([asked.interviews]))[0]),
        "applications": applications,
        "applications_basis": basis,
        "usual": UsualNumber(usual.value, usual.low, usual.high, usual.basis),
        "listed": listed,
        "chances_by_applications": tuple(
            ChanceAt(n, p, cost(schedule, n)) for n, p in zip(sizes, chances, strict=True)
        ),
        "fees": FeesOf(
            model.record.fees.season, cost(schedule, applications), tuple(fixed_fees(model.record.fees))
        ),
    }
    if only is None:
        average = model.people([Applicant(a.specialty, a.applicant_type, cycle=a.cycle)])
        apply = average.p_apply(average.invitations(np.array([applications])))
        by_ranks = _each_range(people.p_by_ranks()[0].T)
        by_ranks += [by_ranks[-1]] * (INTERVIEWS - MOST_RANKS)
        found |= {
            "expected_invitations": one_range(mean[0]),
            "p_any_invitation": one_range(people.p_any(mean)[0]),
            "average_apply": float(apply.mean()),
            "chances_by_interviews": tuple(by_ranks),
        }
    target = np.array([DEFAULT_TARGET if asked.target is None else asked.target])
    for order, needed in people.needed(target, ORDERS if only is None else (only,)).items():
        found[REQUIRED[order]] = _required(float(target[0]), needed, schedule)
    return replace(answer, **found)


def _each_range(draws: np.ndarray) -> list[Range]:
    """Return the ranges of several numbers' draws, shape (m, d)."""
    return [Range(*(float(v) for v in each)) for each in zip(*ranges(draws), strict=True)]


def _required(target: float, needed: Needed, schedule: tuple[FeeStep, ...] | None) -> Required:
    n, low, high = (None if np.isinf(v[0]) else int(v[0]) for v in (needed.point, needed.low, needed.high))
    return Required(target, n is not None, n, low, high, None if n is None else cost(schedule, n))
