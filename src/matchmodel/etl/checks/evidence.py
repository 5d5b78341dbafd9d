"""Contradictions in what is gathered beside the Match tables.

Effects, populations, who takes part, facts, the exam.
"""

from collections.abc import Iterator

from ...covariates import COVARIATES
from ..problems import Problem
from ..words import QUANTITIES, UNITS_OF
from .common import MORE_THAN_THERE_WERE, Check, Tables, in_order


def _units_of_their_covariate(tables: Tables) -> Iterator[Problem]:
    for record in tables["effects"]:
        covariate, unit = record.text("covariate"), record.text("unit")
        if covariate and unit and unit not in UNITS_OF[covariate]:
            yield record.problem("unit", " or ".join(UNITS_OF[covariate]), f"is no unit of {covariate}")


def _estimates_with_unit_and_error(tables: Tables) -> Iterator[Problem]:
    for record in tables["effects"]:
        estimate, se, unit = (record.values[name] for name in ("estimate", "se", "unit"))
        if estimate is None and se is not None and "estimate" not in record.bad:
            expected = "an estimate beside its standard error, or both blank"
            yield record.problem("estimate", expected, "is blank beside the other", "")
        if estimate is not None and unit is None and "unit" not in record.bad:
            units = UNITS_OF.get(record.text("covariate") or "", ())
            yield record.problem("unit", " or ".join(units), "is blank beside an estimate", "")


def _variants_of_a_row(tables: Tables) -> Iterator[Problem]:
    covariates = {record.text("id"): record.text("covariate") for record in tables["effects"]}
    for record in tables["effects"]:
        other, covariate = record.text("variant_of"), record.text("covariate")
        if other is None:
            continue
        if other not in covariates or other == record.text("id"):
            yield record.problem("variant_of", "the id of another effect, or a blank", "names no other row")
        elif covariate and covariates[other] and covariates[other] != covariate:
            fault = f"is a row of {covariates[other]}"
            yield record.problem("variant_of", f"a row of {covariate}", fault)


def _counts_or_shares(tables: Tables) -> Iterator[Problem]:
    for record in tables["population"]:
        if record.has_bad("count", "share", "se"):
            continue
        count, share, se = record.numbers("count", "share", "se")
        if count is None and share is None:
            column = "count" if "count" in record.headers else "share"
            yield record.problem(column, "a count or a share", "has neither a count nor a share")
        if count is not None and share is not None:
            yield record.problem("share", "a count or a share, not both", "stands beside a count")
        if se is not None and share is None:
            yield record.problem("se", "the standard error of a share", "stands beside no share")


def _values_of_their_covariate(tables: Tables) -> Iterator[Problem]:
    for record in tables["population"]:
        covariate, value = COVARIATES.get(record.text("covariate") or ""), record.text("value")
        if covariate is None or value is None:
            continue
        if covariate.binary and value not in ("yes", "no"):
            yield record.problem("value", "yes or no", f"is no value of {covariate.name}")
        if not covariate.binary and not value.replace(".", "", 1).isdecimal():
            yield record.problem("value", "a number, 0 or more", f"is no value of {covariate.name}")


def _shares_within_one(tables: Tables) -> Iterator[Problem]:
    for record in tables["participation"]:
        quantity = record.text("quantity")
        if quantity is None or not QUANTITIES[quantity]:
            continue
        for name in ("value", "low", "high"):
            share = record.number(name)
            if share is not None and share > 1:
                fault = f"is above 1, and {quantity} is a share"
                yield record.problem(name, "a proportion between 0 and 1", fault)


def _certified_of_registered(tables: Tables) -> Iterator[Problem]:
    names = ("source_id", "year", "specialty", "applicant_type")
    registered = {}
    for record in tables["participation"]:
        if record.values["quantity"] == "registered":
            registered[tuple(record.values[name] for name in names)] = record.number("value")
    for record in tables["participation"]:
        most = registered.get(tuple(record.values[name] for name in names))
        value = record.number("value")
        if record.values["quantity"] != "certified" or most is None or value is None:
            continue
        if value > most:
            yield record.problem("value", f"at most {most:g}, those registered", MORE_THAN_THERE_WERE)


def _facts_with_a_figure(tables: Tables) -> Iterator[Problem]:
    names = ("value", "low", "high")
    for record in tables["facts"]:
        if record.numbers(*names) == (None, None, None) and not record.has_bad(*names):
            yield record.problem("value", "a figure, or Low and High", "is blank")


def _marks_have_dates(tables: Tables) -> Iterator[Problem]:
    for record in tables["exam_reference"]:
        item, day = record.values["item"], record.values["from_date"]
        if item == "passing_score" and day is None and "from_date" not in record.bad:
            expected = "the day from which the passing score holds, such as 2025-07-01"
            yield record.problem("from_date", expected, "is blank")


EVIDENCE_CHECKS: tuple[Check, ...] = (
    _units_of_their_covariate,
    _estimates_with_unit_and_error,
    _variants_of_a_row,
    _counts_or_shares,
    _values_of_their_covariate,
    _shares_within_one,
    in_order("participation", "low", "value", "high"),
    in_order("facts", "low", "value", "high"),
    _certified_of_registered,
    _facts_with_a_figure,
    _marks_have_dates,
    in_order("invited_step2_means", "q1", "median", "q3"),
)
