"""A frozen answer: the numbers once, and everything printed derived from them.

Standard library only: this module is on the path of ``predict``.
"""

from collections import namedtuple
from math import exp

from .applicant import ATTEMPT_LIMIT, ATTEMPT_LIMIT_BEFORE
from .covariates import COVARIATES
from .odds import LikelihoodRatio, expit, range80
from .wording import ASSOCIATION, type_name

FLAT_SLOPE = 0.15  # log odds per ten points; under it the notes say why Step 2 CK hardly tells
OLD_TABLE = 10  # years from which a table is warned of

_FIELDS = (
    "applicant model_name table_year p_ranked p_ranked_low p_ranked_high average published_rate "
    "likelihood_ratios extrapolated warnings notes chain recalibration updated"
)


class Answer(namedtuple("Answer", _FIELDS, defaults=(None, None, None))):
    """The odds of one applicant.

    Attributes
    ----------
    applicant : Applicant
        With cycle and years since graduation filled in.
    model_name : str
    table_year : int
    p_ranked, p_ranked_low, p_ranked_high : float
        Probability of matching to the preferred specialty, given at least one ranked program,
        and its 80% range.
    average : float
        The model's rate of the specialty for the applicant type, recalibrated where the model is.
    published_rate : float or None
        The rate as the table prints it; None where no table describes the type.
    likelihood_ratios : tuple of LikelihoodRatio
        One a known covariate; average odds times all of them are the odds.
    extrapolated : bool
        Whether the score lies outside what the specialty's table saw.
    warnings, notes : tuple of str
    chain : matchmodel.applications.ChainAnswer or None
        The applications part, where it was asked for.
    recalibration : dict or None
        method, n, matched, intercept and slope, where the type was recalibrated on known outcomes.
    updated : int or None
        How many applicants of one's own the model was updated with.
    """

    __slots__ = ()

    @property
    def odds(self):
        """Odds, p/(1 - p)."""
        return self.p_ranked / (1.0 - self.p_ranked)

    @property
    def one_in(self):
        """N of '1 in N'."""
        return 1.0 / self.p_ranked

    @property
    def against_average(self):
        """Ratio of the applicant's odds to the average odds of the specialty."""
        return self.odds * (1.0 - self.average) / self.average

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.applicant
        made = {
            "model": self.model_name,
            "specialty": a.specialty,
            "applicant_type": a.applicant_type,
            "cycle": a.cycle,
            "table_year": self.table_year,
            "known": {lr.covariate: lr.value for lr in self.likelihood_ratios},
            "p_ranked": self.p_ranked,
            "p_ranked_low": self.p_ranked_low,
            "p_ranked_high": self.p_ranked_high,
            "range": 0.8,
            "odds": self.odds,
            "one_in": self.one_in,
            "specialty_average": self.average,
            "published_rate": self.published_rate,
            "odds_against_average": self.against_average,
            "likelihood_ratios": [dict(lr._asdict()) for lr in self.likelihood_ratios],
            "extrapolated": self.extrapolated,
            "warnings": list(self.warnings),
            "notes": list(self.notes),
            "p_apply": None,
            "p_apply_low": None,
            "p_apply_high": None,
            "required_applications": None,
            "recalibration": self.recalibration,
            "updated": self.updated,
        }
        if self.chain is not None:
            made.update(self.chain.as_dict())
        return made


def passing_warning(score, marks):
    """Return the warning of a score under today's passing mark, '' where there is none.

    Parameters
    ----------
    score : float
    marks : list of dict
        'from' (ISO date) and 'mark', oldest first.
    """
    if not marks or score >= marks[-1]["mark"]:
        return ""
    today = marks[-1]
    text = f"Step 2 CK {score:g} is under today's passing mark of {today['mark']} (since {today['from']}): "
    older = [(m, marks[k + 1]["from"]) for k, m in enumerate(marks[:-1]) if score >= m["mark"]]
    if older:
        mark, until = older[-1]
        return text + f"it passed only before {until}, when the mark was {mark['mark']}; taken later it is a fail"
    return text + f"it is under every mark known here (the oldest is {marks[0]['mark']}, since {marks[0]['from']}), so it can have passed only before that"


def seen_range(cell):
    """Return (low, high, printed) of the scores that the cell's table saw, None where suppressed."""
    seen = cell.content["score_seen"]
    return None if seen is None else (seen["low"], seen["high"], seen["printed"])


def _warnings(model, cell, a, extrapolated):
    left_out = model.content.get("left_out")
    found = [left_out["text"]] if left_out is not None else []
    if a.step2_ck is not None:
        found.append(passing_warning(a.step2_ck, model.content["exam"]["passing_marks"]))
        seen = seen_range(cell)
        if extrapolated:
            found.append(f"Step 2 CK {a.step2_ck:g} lies outside the {seen[0]:.0f} to {seen[1]:.0f} that the table of {cell.specialty} saw: the answer is extrapolated")
    for step, attempts in (("Step 1", a.step1_attempts), ("Step 2 CK", a.step2_attempts)):
        if attempts is not None and attempts > ATTEMPT_LIMIT:
            found.append(f"{attempts} attempts at {step}: the limit has been {ATTEMPT_LIMIT} since July 2021 (it was {ATTEMPT_LIMIT_BEFORE} before)")
    if a.cycle - cell.year > OLD_TABLE:
        found.append(f"the table is of {cell.year}, {a.cycle - cell.year} years before the {a.cycle} Match: the level may be another by now; --cycle {cell.year} asks for its own year")
    return tuple(text for text in found if text)


def _recalibration(model, kind):
    """Return what an answer says of a type's recalibration, None where there is none."""
    content = model.type(kind)["recalibration"]
    return None if content is None else {name: content[name] for name in ("method", "n", "matched", "intercept", "slope", "basis", "source")}


def _recalibration_note(model, a):
    content = model.type(a.applicant_type)["recalibration"]
    if content is not None:
        line = " and ".join(f"{name} {content[name]['value']:.2f} (SE {content[name]['se']:.2f})" for name in ("slope", "intercept") if content[name]["se"])
        yield (
            f"The odds were recalibrated on {content['n']:,} {type_name(a.applicant_type, True)} of one's own whose outcomes are known ({content['matched']:,} matched): "
            f"{line} on the log odds, {content['basis']} there. The average and every factor include it; it holds for applicants like those."
        )


def _updated_note(model):
    content = model.content.get("updated")
    if content is not None:
        yield f"The model was updated with {content['n']:,} applicants of one's own whose outcomes are known: the published tables were the start, those rows the rest; it holds for applicants like those."


def _kind_notes(model, cell, a):
    kind = model.type(a.applicant_type)
    anywhere = kind["anywhere"]
    text = "The first figure is the chance of matching to the preferred specialty, for those who rank at least one program in it: not of getting an interview, and not of matching anywhere"
    if anywhere is not None:
        text += f" (any PGY-1 position, {type_name(a.applicant_type, True)}, {anywhere['year']}: {100 * anywhere['rate']:.1f}%"
        if kind["preferred_rate"] is not None:
            text += f"; preferred specialty, all specialties, {kind['year']}: {100 * kind['preferred_rate']:.1f}%"
        text += ")"
    yield text + "."
    if kind.get("stand_in"):
        yield kind["stand_in"]
    elif kind["derived_from"] is not None:
        shift = kind["score_shift"]
        yield (
            f"No table gives the outcomes of {type_name(a.applicant_type, True)} by score: level from odds ratios against {type_name(kind['derived_from'], True)}, "
            f"slope assumed the same, scores taken as {abs(shift['value']):.0f} points {'lower' if shift['value'] < 0 else 'higher'} ({shift['basis']})."
        )


def _cell_notes(model, cell, a):
    content = cell.content
    if a.step2_ck is not None and not content["own_slope"]:
        yield f"{cell.specialty} has no slope of its own (the table suppresses the scores of a group, or cannot be fitted): it is the mean over specialties, and the range is wider."
    elif a.step2_ck is not None and cell.beta < FLAT_SLOPE:
        yield (
            f"{cell.specialty} is nearly flat in Step 2 CK among those who rank it ({cell.beta:+.2f} log odds per ten points): who ranks it is selected. "
            "Only applicants with an interview are in the table, and many with high scores rank it beside another specialty; it does not say that the score is no use in getting interviews."
        )
    if content["level"]["note"].startswith("fewer than"):
        yield f"Fewer than 100 applicants in {cell.specialty}: the level is drawn towards the mean over specialties."
    elif content["level"]["note"].startswith("counts suppressed"):
        yield f"The table suppresses the counts of {cell.specialty}: the level is the mean over specialties."
    if a.cycle != cell.year:
        if model.drift_sd(a.applicant_type):
            yield f"The table is of {cell.year}; for the {a.cycle} Match the level is taken as the same, and the range is wider by how much it has moved from year to year."
        else:
            yield f"The table is of {cell.year}; no series of rates says how much the level moves to {a.cycle}, so the range leaves that out."


def _covariate_notes(model, a):
    missing = [c.label for name, c in COVARIATES.items() if a.covariate(name) is not None and not model.has_effect(a.applicant_type, name)]
    if a.applicant_type == "us-img" and "visa needed" in missing:
        missing.remove("visa needed")
    if missing:
        yield f"This model has no figure for {', '.join(missing)} of {type_name(a.applicant_type, True)}: dropped from the answer."
    yield ASSOCIATION


def _ratio(model, cell, name, shift, value):
    point, draws = shift
    low, high = range80(draws, point)
    if name == "step2_ck":
        entry, label = cell.content["beta"], "Step 2 CK"
        note = entry["note"]
    else:
        entry, label = model.delta(name)._asdict(), COVARIATES[name].label
        reference = model.type(cell.applicant_type)["reference"][name]
        note = f"against applicants as {reference['source']}"
    if cell.recalibration is not None:
        note += ("; " if note else "") + f"its logarithm is multiplied by the recalibration's slope, {cell.recalibration.slope:.2f}"
    basis = entry["basis"]
    return LikelihoodRatio(name, label, value, exp(point), exp(low), exp(high), basis, entry["source"], note)


def make(model, cell, applicant, terms, chain=None):
    """Return the `Answer` of an applicant from its terms."""
    point = terms.log_odds
    p = expit(point)
    low, high = range80([expit(v) for v in terms.log_odds_draws], p)
    seen = seen_range(cell)
    score = applicant.step2_ck
    extrapolated = bool(score is not None and seen is not None and not seen[0] <= score <= seen[1])
    published = cell.published
    return Answer(
        applicant=applicant,
        model_name=model.name,
        table_year=cell.year,
        p_ranked=p,
        p_ranked_low=low,
        p_ranked_high=high,
        average=cell.average,
        published_rate=None if published is None else published["rate"],
        likelihood_ratios=tuple(_ratio(model, cell, name, shift, terms.known[name]) for name, shift in terms.shifts.items()),
        extrapolated=extrapolated,
        warnings=_warnings(model, cell, applicant, extrapolated),
        notes=(*_kind_notes(model, cell, applicant), *_recalibration_note(model, applicant), *_updated_note(model), *_cell_notes(model, cell, applicant), *_covariate_notes(model, applicant)),
        chain=chain,
        recalibration=_recalibration(model, applicant.applicant_type),
        updated=None if model.content.get("updated") is None else model.content["updated"]["n"],
    )
