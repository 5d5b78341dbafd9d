"""The levers: the same applicant with one thing changed, asked again, and the change in every draw."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from ...applicant import SCORE_HIGH, Applicant
from ...covariates import COVARIATES, USCE_CAP
from ...errors import RefusedInput
from ...frozen import frozen
from ...known import known
from ...model import Model
from ...model.answer import Answer, Required
from ...model.engine import RANGE, People, Range, one_range
from ...model.fees import cost, schedule_of
from ...model.records import Basis, Note
from ...question import MOST_INTERVIEWS
from ..common import UNCLEAR, Change, centred, change, next_cycle, people_a_year_on, seen_notes, slope_notes
from ..luck import Shared, as_asked
from .result import Kind, Lever, Reach, Side

# Choices of this page, not measurements.
SCORE_GAINS = (5, 10)  # points of Step 2 CK
USCE_GAIN = 3  # months
MORE = 40  # applications


@frozen
class Asked:
    """Everything that a lever compares, in every draw; None where it is not known or not asked.

    Attributes
    ----------
    needed
        Applications that the target takes, in every draw, infinite where none does; `required` the whole
        number.
    """

    applications: int | None
    chance: np.ndarray | None
    ranked: np.ndarray
    held: np.ndarray | None
    needed: np.ndarray | None
    required: tuple[int | None, int | None, int | None]

    @classmethod
    def of(cls, people: People, applications: int | None, target: float, held: int | None) -> "Asked":
        """Ask one applicant."""
        ranked = people.p_ranked()[0]
        if applications is None:
            return cls(None, None, ranked, None, None, (None, None, None))
        chance = people.p_apply(people.invitations(np.array([applications])))[0]
        needed = people.needed(np.array([target]), ("choose",))["choose"]
        whole = [None if np.isinf(v[0]) else int(v[0]) for v in (needed.point, needed.low, needed.high)]
        given = None if held is None else people.p_given(np.array([held]))[0]
        return cls(applications, chance, ranked, given, needed.draws[0], (whole[0], whole[1], whole[2]))

    def moved_to(self, after: "Asked") -> "Asked":
        """Return these draws, those of a walk, with the means of the engine's."""
        chance = None if self.chance is None or after.chance is None else centred(self.chance, after.chance)
        return Asked(
            self.applications,
            chance,
            centred(self.ranked, after.ranked),
            self.held,
            self.needed,
            after.required,
        )


class Levers:
    """One applicant as things are, and with one thing changed."""

    def __init__(self, model: Model, answer: Answer) -> None:
        self.model, self.answer, self.applicant = model, answer, answer.applicant
        self.cell = model.cell(self.applicant.applicant_type, self.applicant.specialty)
        self.held = None if answer.p_given_interviews is None else answer.question.interviews
        required = answer.required_applications
        self.target = 0.5 if required is None else required.target
        self.schedule = schedule_of(model.record.fees, self.applicant.specialty)
        self.people = model.people([self.applicant])
        self.before = self._of(self.people)

    def _of(self, people: People) -> Asked:
        return Asked.of(people, self.answer.applications, self.target, self.held)

    def ask(self, applicant: Applicant) -> Asked:
        """Ask the same question of another applicant."""
        return self._of(self.model.people([applicant]))

    def every(self, taken: bool | None, backups: Iterable[str] = ()) -> Iterator[Lever | Note]:
        """Yield the levers, and notes on what cannot be pulled."""
        yield from self._score(taken)
        yield from self._usce()
        yield from self._next_year()
        yield from self._more_applications()
        yield from self._one_more_interview()
        for specialty in backups:
            yield self._backup(specialty)

    def _score(self, taken: bool | None) -> Iterator[Lever | Note]:
        score = self.applicant.step2_ck
        if taken or (taken is None and score is not None):
            yield Note("exam_taken" if taken else "exam_counts_as_taken")
        elif score is None:
            yield Note("no_score")
        elif score >= SCORE_HIGH:
            yield Note("top_of_scale", {"top": SCORE_HIGH})
        else:
            for to in dict.fromkeys(min(score + gain, SCORE_HIGH) for gain in SCORE_GAINS):
                notes = (
                    *slope_notes(self.model, self.cell, self.applicant.specialty),
                    *seen_notes(self.cell, self.applicant.specialty, to),
                )
                name = Note("lever_score", {"points": to - score, "to": to})
                yield self._lever(
                    "step2_ck",
                    name,
                    self.ask(self.applicant.replace(step2_ck=to)),
                    notes,
                    self.cell.beta.basis,
                )

    def _usce(self) -> Iterator[Lever | Note]:
        months = self.applicant.usce_months
        if not self.model.has_effect(self.applicant.applicant_type, "usce_months"):
            yield Note("usce_no_figure")
        elif months is None:
            yield Note("usce_unknown")
        elif months >= USCE_CAP:
            yield Note("usce_enough", {"months": months, "cap": USCE_CAP})
        else:
            to = months + USCE_GAIN
            notes = [Note("usce_capped", {"cap": USCE_CAP})] if to > USCE_CAP else []
            notes += self._effect_notes("usce_months")
            name = Note("lever_usce", {"months": USCE_GAIN, "to": to})
            yield self._lever(
                "usce_months",
                name,
                self.ask(self.applicant.replace(usce_months=to)),
                notes,
                self._basis("usce_months"),
            )

    def _next_year(self) -> Iterator[Lever | Note]:
        a = self.applicant
        if not self.model.has_effect(a.applicant_type, "years_since_graduation"):
            yield Note("years_no_figure")
            return
        if a.years_since_graduation is None:
            yield Note("years_unknown")
            return
        try:
            later = next_cycle(self.model, a)
        except RefusedInput as refused:
            yield Note("no_next_cycle", {"why": str(refused)})
            return
        exact = Asked.of(self.model.people([later]), self.answer.applications, self.target, None)
        walked = Asked.of(
            people_a_year_on(self.model, [later]), self.answer.applications, self.target, None
        ).moved_to(exact)
        notes = [
            Note(
                "next_year_moves"
                if self.model.kind(a.applicant_type).drift is not None
                else "next_year_no_series"
            )
        ]
        notes += self._effect_notes("years_since_graduation")
        name = Note("lever_next_year", {"cycle": later.cycle})
        yield self._lever("next_year", name, exact, notes, self._basis("years_since_graduation"), walked)

    def _more_applications(self) -> Iterator[Lever | Note]:
        n, listed = self.answer.applications, self.answer.listed
        if n is None or listed is None:
            yield Note("no_applications")
        elif n >= listed:
            yield Note("all_listed", {"listed": listed})
        else:
            to = min(n + MORE, listed)
            chance = self.people.p_apply(self.people.invitations(np.array([to])))[0]
            after = replace(self.before, applications=to, chance=chance)
            usd = None if self.schedule is None else cost(self.schedule, to, n)
            name = Note("lever_applications", {"more": to - n})
            notes = [Note("applications_to", {"to": to, "before": n, "all": to == listed})]
            yield self._lever("more_applications", name, after, notes, None, cost_usd=usd)

    def _one_more_interview(self) -> Iterator[Lever | Note]:
        if self.held is None or self.held >= MOST_INTERVIEWS:
            return
        held = self.people.p_given(np.array([self.held + 1]))[0]
        after = Asked(None, None, self.before.ranked, held, None, (None, None, None))
        yield self._lever(
            "one_more_interview",
            Note("lever_interview", {"to": self.held + 1}),
            after,
            (),
            known(self.cell.chain).rank_slope.basis,
        )

    def _backup(self, specialty: str) -> Lever | Note:
        """Return what a backup adds: its usual number of applications besides, luck shared."""
        n, answer = self.answer.applications, self.model.odds(self.applicant.replace(specialty=specialty))
        if answer.withheld:
            return Note("no_number_for", {"specialty": specialty})
        people, cell = (
            self.model.people([answer.applicant]),
            self.model.cell(self.applicant.applicant_type, specialty),
        )
        notes = [note for note in answer.notes if note.code in ("grey", "usual_unsure")]
        notes += answer.trust.reasons
        if n is None:
            ranked = people.p_ranked()[0]
            return Lever(
                "backup",
                Note("lever_instead", {"specialty": specialty}),
                Side(None, None, one_range(ranked), None, None),
                None,
                change(ranked, self.before.ranked),
                basis={"ranked": cell.level.basis, "applications": None},
                notes=tuple(notes),
            )
        more = answer.applications
        if more is None:
            return Note("no_applications_to", {"specialty": specialty})
        both = [self.people, people]
        either = Shared(both, list(map(as_asked, both))).any((n, more))[0]
        return Lever(
            "backup",
            Note("lever_backup", {"specialty": specialty, "applications": more}),
            Side(n, one_range(either), None, None, None),
            change(either, known(self.before.chance)),
            None,
            cost_usd=cost(schedule_of(self.model.record.fees, specialty), more),
            basis={"ranked": None, "applications": "assumed"},  # that luck is shared
            notes=(Note("luck_shared_specialties"), *notes),
        )

    # --- what a lever is made of ----------------------------------------------------------------------

    def _basis(self, name: str) -> Basis:
        return self.model.record.effects[name].specialties[self.applicant.specialty].basis

    def _effect_notes(self, name: str) -> list[Note]:
        """Return what is to be said of an effect whose sign is not clear."""
        draws = self.model.record.effects[name].specialties[self.applicant.specialty].draws.array
        share = float((draws * COVARIATES[name].direction <= 0).mean())
        return [Note("effect_unclear", {"share": share})] if share > UNCLEAR else []

    def _lever(
        self,
        kind: Kind,
        name: Note,
        after: Asked,
        notes: Iterable[Note],
        ranked_basis: Basis | None,
        drawn: Asked | None = None,
        cost_usd: float | None = None,
    ) -> Lever:
        """Return a lever.

        Parameters
        ----------
        kind, name, after, notes, ranked_basis, cost_usd
        drawn
            The draws of `after` that belong to those before, where those are others.
        """
        drawn, before = after if drawn is None else drawn, self.before
        chain = self.cell.chain
        applications = (
            None
            if chain is None
            else chain.rates.mean.basis
            if kind == "more_applications"
            else chain.profile_rate.basis
        )
        needed, usd = self._needed(drawn)
        return Lever(
            kind,
            name,
            self._side(after),
            _moved(before.chance, drawn.chance),
            change(drawn.ranked, before.ranked),
            _moved(before.held, drawn.held),
            needed,
            usd,
            cost_usd,
            self._reach(after),
            {"ranked": ranked_basis, "applications": None if kind == "one_more_interview" else applications},
            tuple(notes),
        )

    @cached_property
    def _usd(self) -> np.ndarray:
        """Dollars of 0, 1, ... applications up to all that are listed, and infinity."""
        listed = known(self.answer.listed)
        return np.array([*(cost(self.schedule, n) for n in range(listed + 1)), np.inf], float)

    def _side(self, after: Asked) -> Side:
        n, low, high = after.required
        required = None
        if after.needed is not None:
            required = Required(
                self.target, n is not None, n, low, high, None if n is None else cost(self.schedule, n)
            )
        chance, held = (None if draws is None else one_range(draws) for draws in (after.chance, after.held))
        return Side(after.applications, chance, one_range(after.ranked), held, required)

    def _reach(self, after: Asked) -> Reach | None:
        if self.before.needed is None or after.needed is None:
            return None
        now, then = self.before.required[0] is not None, after.required[0] is not None
        return "both" if now and then else "now" if then else "lost" if now else "neither"

    def _needed(self, after: Asked) -> tuple[Change | None, Change | None]:
        """Return the changes of required applications and of their fees."""
        before = self.before
        was, becomes = before.required[0], after.required[0]
        if before.needed is None or after.needed is None or was is None or becomes is None:
            return None, None
        counts = change_of_needed(before.needed, after.needed, becomes - was)
        if self.schedule is None:
            return counts, None
        usd = [self._usd[_places(draws, len(self._usd) - 2)] for draws in (before.needed, after.needed)]
        point = known(cost(self.schedule, becomes, was))
        return counts, change_of_needed(usd[0], usd[1], point)


def _places(counts: np.ndarray, listed: int) -> np.ndarray:
    """Return required applications as whole numbers, one more than are listed where they are infinite."""
    places = np.minimum(np.ceil(counts), np.where(np.isinf(counts), listed + 1, listed))
    whole: np.ndarray = places.astype(int)
    return whole


def _moved(before: np.ndarray | None, after: np.ndarray | None) -> Range | None:
    return None if before is None or after is None else change(after, before)


def change_of_needed(before: np.ndarray, after: np.ndarray, point: float) -> Change:
    """Return the change of required applications or of their fees.

    Parameters
    ----------
    before, after
        In every draw, infinite where the target is out of reach.
    point

    Returns
    -------
    Change
        Over the draws in which at least one side is in reach: a draw in which only one is stands at that
        end of the range, without a number. Both ends are None where more than a tenth of all draws have
        neither.
    """
    either = np.isfinite(before) | np.isfinite(after)
    if either.mean() < 1 - UNCLEAR:
        return Change(point, None, None)
    ordered = np.sort(after[either] - before[either])
    places = (max(int(np.ceil(q * len(ordered) - 1e-9)) - 1, 0) for q in RANGE)
    low, high = (None if np.isinf(v) else float(round(v)) for v in (ordered[k] for k in places))
    return Change(point, None if low is None else min(low, point), None if high is None else max(high, point))
