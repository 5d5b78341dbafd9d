"""Contradictions in what is gathered beside the Match tables: effects, populations, who takes part, facts, the exam."""

from ...covariates import COVARIATES
from ..words import QUANTITIES, UNITS_OF


def _units_of_their_covariate(tables):
    for record in tables["effects"]:
        covariate, unit = record.values["covariate"], record.values["unit"]
        if covariate and unit and unit not in UNITS_OF[covariate]:
            yield record.problem("unit", " or ".join(UNITS_OF[covariate]), f"is no unit of {covariate}")


def _estimates_with_unit_and_error(tables):
    for record in tables["effects"]:
        estimate, se, unit = (record.values[name] for name in ("estimate", "se", "unit"))
        if estimate is None and se is not None and "estimate" not in record.bad:
            yield record.problem(
                "estimate",
                "an estimate beside its standard error, or both blank",
                "is blank beside the other",
                "",
            )
        if estimate is not None and unit is None and "unit" not in record.bad:
            yield record.problem(
                "unit",
                " or ".join(UNITS_OF.get(record.values["covariate"], ())),
                "is blank beside an estimate",
                "",
            )


def _variants_of_a_row(tables):
    ids = {record.values["id"]: record.values["covariate"] for record in tables["effects"]}
    for record in tables["effects"]:
        of = record.values["variant_of"]
        if of is not None and (of not in ids or of == record.values["id"]):
            yield record.problem("variant_of", "the id of another effect, or a blank", "names no other row")
        elif (
            of is not None
            and record.values["covariate"]
            and ids[of]
            and ids[of] != record.values["covariate"]
        ):
            yield record.problem(
                "variant_of", f"a row of {record.values['covariate']}", f"is a row of {ids[of]}"
            )


def _counts_or_shares(tables):
    for record in tables["population"]:
        count, share, se = (record.values[name] for name in ("count", "share", "se"))
        if record.bad.intersection(("count", "share", "se")):
            continue
        if count is None and share is None:
            yield record.problem(
                "count" if "count" in record.headers else "share",
                "a count or a share",
                "has neither a count nor a share",
            )
        if count is not None and share is not None:
            yield record.problem("share", "a count or a share, not both", "stands beside a count")
        if se is not None and share is None:
            yield record.problem("se", "the standard error of a share", "stands beside no share")


def _values_of_their_covariate(tables):
    for record in tables["population"]:
        covariate, value = COVARIATES.get(record.values["covariate"]), record.values["value"]
        if covariate is None or value is None:
            continue
        if covariate.binary and value not in ("yes", "no"):
            yield record.problem("value", "yes or no", f"is no value of {covariate.name}")
        if not covariate.binary and not value.replace(".", "", 1).isdecimal():
            yield record.problem("value", "a number, 0 or more", f"is no value of {covariate.name}")


def _shares_within_one(tables):
    for record in tables["participation"]:
        if not QUANTITIES.get(record.values["quantity"]):
            continue
        for name in ("value", "low", "high"):
            if record.values[name] is not None and record.values[name] > 1:
                yield record.problem(
                    name,
                    "a proportion between 0 and 1",
                    f"is above 1, and {record.values['quantity']} is a share",
                )


def _within_its_range(layout):
    def check(tables):
        for record in tables[layout]:
            given = [
                (name, record.values[name])
                for name in ("low", "value", "high")
                if record.values[name] is not None
            ]
            for (below, low), (above, high) in zip(given, given[1:]):
                if low > high:
                    header = record.headers.get(above, above)
                    yield record.problem(below, f"at most the {header}, {high:g}", f"is above the {header}")

    return check


def _certified_of_registered(tables):
    names = ("source_id", "year", "specialty", "applicant_type")
    registered = {}
    for record in tables["participation"]:
        if record.values["quantity"] == "registered":
            registered[tuple(record.values[name] for name in names)] = record.values["value"]
    for record in tables["participation"]:
        most = registered.get(tuple(record.values[name] for name in names))
        if (
            record.values["quantity"] == "certified"
            and None not in (most, record.values["value"])
            and record.values["value"] > most
        ):
            yield record.problem("value", f"at most {most:g}, those registered", "is more than there were")


def _facts_with_a_figure(tables):
    for record in tables["facts"]:
        if all(
            record.values[name] is None for name in ("value", "low", "high")
        ) and not record.bad.intersection(("value", "low", "high")):
            yield record.problem("value", "a figure, or Low and High", "is blank")


def _marks_have_dates(tables):
    for record in tables["exam_reference"]:
        item, day = record.values["item"], record.values["from_date"]
        if item == "passing_score" and day is None and "from_date" not in record.bad:
            yield record.problem(
                "from_date", "the day from which the passing score holds, such as 2025-07-01", "is blank"
            )


def _means_in_order(tables):
    names = ("q1", "median", "q3")
    for record in tables["invited_step2_means"]:
        for below, above in zip(names, names[1:]):
            low, high = record.values[below], record.values[above]
            if None not in (low, high) and low > high:
                header = record.headers.get(above, above)
                yield record.problem(below, f"at most the {header}, {high:g}", f"is above the {header}")


EVIDENCE_CHECKS = (
    _units_of_their_covariate,
    _estimates_with_unit_and_error,
    _variants_of_a_row,
    _counts_or_shares,
    _values_of_their_covariate,
    _shares_within_one,
    _within_its_range("participation"),
    _within_its_range("facts"),
    _certified_of_registered,
    _facts_with_a_figure,
    _marks_have_dates,
    _means_in_order,
)
