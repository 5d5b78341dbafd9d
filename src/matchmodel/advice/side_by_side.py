"""All specialties of an applicant type for one applicant, side by side.

Standard library only.
"""

from collections import namedtuple
from math import inf

from ..answer import FLAT_SLOPE, seen_range
from ..applications import DEFAULT_TARGET, UNSURE, cost
from ..errors import RefusedInput, clipped
from ..fees import OTHER_SERVICES, fixed_fees
from ..wording import ASSOCIATION, type_name
from .profile import ORDERS, RANDOM, Profile
from .side_by_side_chain import Chain, chain_of

SMALL = 100  # applicants from which a table is taken as large; the model shrinks the level of smaller ones
WORDS = ("well", "partly", "little")  # how much is known, a step down for each reason
SORTS = ("ranked", "apply", "applications", "name")
WHOSE = "non-us-img"  # whose table prints the positions of a specialty; they are open to all

_ROW = (
    "specialty p_ranked p_ranked_low p_ranked_high average applications p_apply p_apply_low p_apply_high usual usual_basis listed needed needed_low needed_high best usd positions "
    "applicants known reasons extrapolated flat level_basis slope_basis rates_basis"
)


class Row(namedtuple("Row", _ROW)):
    """One specialty.

    Attributes
    ----------
    specialty : str
    p_ranked, p_ranked_low, p_ranked_high, average : float
        As `matchmodel.answer.Answer`, to the last digit.
    applications : int or None
        How many the chance is of: the usual number, or those asked for; None where no table describes applications.
    p_apply, p_apply_low, p_apply_high : float or None
        Chance of matching, counted from the application on.
    usual, usual_basis, listed : int, str, int or None
        The specialty's usual number, its basis, and the programs that the table lists.
    needed, needed_low, needed_high : int or None
        The required applications; `needed` is None where every program is not enough, `needed_high` where a tenth of the draws never get there.
    best : float or None
        The chance with every program.
    usd : float or None
        What the required applications cost.
    positions : int or None
        Offered in the Match to all applicants, as printed.
    applicants : int or None
        Who ranked the specialty in the table behind the level.
    known : {'well', 'partly', 'little'}
    reasons : tuple of str
        Why not 'well'.
    extrapolated, flat : bool
        Whether the score lies outside what the table saw, and whether the specialty hardly depends on it.
    level_basis, slope_basis, rates_basis : {'measured', 'evidence', 'assumed'}
        Of the level, of the slope on Step 2 CK, and of the invitation rates (None without a chain).
    """

    __slots__ = ()


_SIDE = "applicant model_name table_year target order sort asked rows positions_year season fixed warnings notes"


class SideBySide(namedtuple("SideBySide", _SIDE)):
    """All specialties for one applicant.

    Attributes
    ----------
    applicant : Applicant
        With cycle and years since graduation filled in; its specialty is that of the first row and means nothing.
    target : float
        The chance whose required applications are told.
    order : {'random', 'friendliest'}
    sort : {'ranked', 'apply', 'applications', 'name'}
    asked : int or None
        Applications asked for, instead of each specialty's usual number.
    rows : tuple of Row
    positions_year : int or None
    season, fixed : int, list
        Of the fees.
    warnings, notes : tuple of str
    """

    __slots__ = ()

    def row(self, specialty):
        """Return the row of a specialty."""
        return next(row for row in self.rows if row.specialty == specialty)

    def as_dict(self):
        """Return plain dicts, lists, texts and numbers, as `--json` prints them."""
        a = self.applicant
        return {
            "model": self.model_name,
            "applicant_type": a.applicant_type,
            "cycle": a.cycle,
            "table_year": self.table_year,
            "target": self.target,
            "order": self.order,
            "sort": self.sort,
            "applications_asked": self.asked,
            "range": 0.8,
            "specialties": [{**row._asdict(), "reasons": list(row.reasons)} for row in self.rows],
            "positions_year": self.positions_year,
            "fees": {"season": self.season, "fixed_usd": [{"what": what, "usd": usd} for what, usd in self.fixed]},
            "warnings": list(self.warnings),
            "notes": list(self.notes),
        }


def how_much(model, cell):
    """Return how much is known of a cell, and why not more.

    'well' is one step down ('partly', then 'little') for each of: fewer than `SMALL` applicants in the table; no slope on
    Step 2 CK of its own; derived from another type. Suppressed counts are two steps. The steps are a choice.

    Parameters
    ----------
    model : Model
    cell : Cell

    Returns
    -------
    word : str
    reasons : tuple of str
    applicants : int or None
        In the table behind the level.
    """
    kind = model.type(cell.applicant_type)
    source = cell if kind["derived_from"] is None else model.cell(kind["derived_from"], cell.specialty)
    counts, reasons, steps = source.published, [], 0
    applicants = None if counts is None or counts.get("matched") is None or counts.get("not_matched") is None else int(counts["matched"] + counts["not_matched"])
    if applicants is None:
        reasons.append("counts suppressed")
        steps += 2
    elif applicants < SMALL:
        reasons.append(f"{applicants} applicants")
        steps += 1
    if not cell.content["own_slope"]:
        reasons.append("no slope of its own")
        steps += 1
    if kind["derived_from"] is not None or kind.get("stand_in"):
        reasons.append("derived from another type")
        steps += 1
    return WORDS[min(steps, 2)], tuple(reasons), applicants


def published_of(model, applicant_type):
    """Return what the tables print of each specialty for a type, and whose it is; {} and None where the model has none."""
    printed = (model.content.get("advice") or {}).get("published") or {}
    for kind in (applicant_type, WHOSE):
        if printed.get(kind):
            return printed[kind], kind
    return {}, None


def _row(model, applicant, target, order, printed):
    profile = Profile(model, applicant, crossed=False)
    cell, ranked = profile.cell, profile.ranked
    known, reasons, applicants = how_much(model, cell)
    seen, score = seen_range(cell), applicant.step2_ck
    chain = chain_of(profile, target, order, applicant.applications)
    numbers = dict.fromkeys((*Chain._fields, "usual_basis", "rates_basis", "usd")) if chain is None else {
        **chain._asdict(),
        "usual_basis": profile.chain.content["usual"]["basis"],
        "rates_basis": profile.chain.content["mean_rate"]["basis"],
        "usd": None if chain.needed is None else cost(profile.schedule, chain.needed),
    }
    positions = printed.get(cell.specialty, {}).get("positions")
    return Row(
        specialty=cell.specialty,
        p_ranked=ranked.point,
        p_ranked_low=ranked.low,
        p_ranked_high=ranked.high,
        average=cell.average,
        positions=None if positions is None else int(positions),
        applicants=applicants,
        known=known,
        reasons=reasons,
        extrapolated=bool(score is not None and seen is not None and not seen[0] <= score <= seen[1]),
        flat=bool(score is not None and cell.content["own_slope"] and cell.beta < FLAT_SLOPE),
        level_basis=cell.content["level"]["basis"],
        slope_basis=cell.content["beta"]["basis"],
        **numbers,
    )


_KEYS = {
    "ranked": lambda row: -row.p_ranked,
    "apply": lambda row: inf if row.p_apply is None else -row.p_apply,
    "applications": lambda row: (0, row.needed, 0.0) if row.needed is not None else (1, 0, -row.best) if row.best is not None else (2, 0, 0.0),
    "name": lambda row: row.specialty.casefold(),
}


def _names(rows):
    return ", ".join(row.specialty for row in rows)


def _notes(model, rows, common, whose, kind, fees):
    yield from common
    if kind not in (whose, None) and whose is not None:
        yield f"Positions are all that the specialty offered, to applicants of every type, as the table of {type_name(whose, True)} prints them."
    if whose is None:
        yield "This model file has no published positions: train it again to have them."
    flat = [row for row in rows if row.flat]
    if flat:
        yield f"Nearly flat in Step 2 CK among those who rank it: {_names(flat)}. Who ranks it is selected; it does not say that the score is no use in getting interviews there."
    without = [row for row in rows if row.usual is None]
    if without:
        yield f"No table describes applications to {_names(without)}: nothing on applications there."
    if model.content["chain"] is None:
        return
    unsure = [row for row in rows if row.usual is not None and _unsure(model, kind, row)]
    if unsure:
        yield f"Few applicants stand behind the usual number of applications, so everything on applications is unsure, to {_names(unsure)}."
    borrowed = [row for row in rows if row.usual_basis == "assumed"]
    if borrowed:
        who = "every specialty" if len(borrowed) + len(without) == len(rows) else _names(borrowed)
        yield f"The usual number of applications is assumed for {who}: no table of {type_name(kind, True)} gives it."
    unpriced = [row.specialty for row in rows if row.usual is not None and row.needed is not None and row.usd is None]
    if unpriced and fees.get("schedules"):
        yield f"No dollars for {', '.join(f'{name} (through {OTHER_SERVICES[name]})' if name in OTHER_SERVICES else name for name in unpriced)}: this model does not have those fees."
    if fees.get("fixed"):
        fixed = fixed_fees(fees)
        yield f"Dollars are application fees of the {fees['season']} season, for that specialty alone; once a season there are also {sum(usd for _, usd in fixed):.0f} dollars: {', '.join(f'{what} {usd:.0f}' for what, usd in fixed)}."
    yield "Applications: invitation rates are of one season; every invitation is taken as ranked, signals are not in the number, and what more applications add is an upper bound."


def _unsure(model, kind, row):
    usual = model.content["chain"]["types"][kind]["specialties"][row.specialty]["usual"]
    return usual["basis"] != "assumed" and usual["se"] > UNSURE * usual["value"]


def specialties(model, applicant, order=RANDOM, sort="ranked"):
    """Return all specialties of an applicant's type, side by side.

    The chance given a rank is that of `Model.odds`, its range too; chances and required applications are those of
    `matchmodel.advice.profile.Profile` with crossed=False.

    Parameters
    ----------
    model : Model
    applicant : Applicant
        Its specialty is not looked at; `applications` replaces each specialty's usual number, `target` is 0.5 where absent.
    order : {'random', 'friendliest'}
        In which programs are applied to.
    sort : {'ranked', 'apply', 'applications', 'name'}

    Returns
    -------
    SideBySide

    Raises
    ------
    NotInModel
        For a type that the model was not trained for.
    RefusedInput
        For another order or sort, or a cycle that cannot be answered.
    """
    if order not in ORDERS:
        raise RefusedInput(f"order is {clipped(order)}; say {' or '.join(ORDERS)}")
    if sort not in SORTS:
        raise RefusedInput(f"sort is {clipped(sort)}; say one of {', '.join(SORTS)}")
    kind, names = applicant.applicant_type, model.specialties(applicant.applicant_type)
    target = DEFAULT_TARGET if applicant.target is None else applicant.target
    printed, whose = published_of(model, kind)
    rows = [_row(model, applicant._replace(specialty=name), target, order, printed) for name in names]
    rows.sort(key=_KEYS[sort])
    first = applicant._replace(specialty=rows[0].specialty, applications=None, target=None)
    answer = model.odds(first)
    fees = (model.content["chain"] or {}).get("fees") or {}
    common = [text.replace("The first figure is", "'Ranked' is") for text in answer.notes if answer.applicant.specialty not in text and text != ASSOCIATION]
    return SideBySide(
        applicant=model.cycle_of(applicant._replace(specialty=rows[0].specialty)),
        model_name=model.name,
        table_year=answer.table_year,
        target=target,
        order=order,
        sort=sort,
        asked=applicant.applications,
        rows=tuple(rows),
        positions_year=next((one.get("year") for one in printed.values()), None),
        season=fees.get("season"),
        fixed=fixed_fees(fees),
        warnings=tuple(text for text in answer.warnings if answer.applicant.specialty not in text),
        notes=(*_notes(model, rows, common, whose, kind, fees), ASSOCIATION),
    )
