"""What applications cost, by the season's schedule in the model file.

Standard library only: this module is on the path of ``predict``.
"""

# Specialties whose applications go through another service than ERAS. Knowledge of which
# service, not of prices: where the fees table has no schedule for it, no dollars are given.
OTHER_SERVICES = {
    "Emergency Medicine": "ResidencyCAS",
    "Obstetrics and Gynecology": "ResidencyCAS",
    "Plastic Surgery (Integrated)": "the Plastic Surgery Common Application",
}


def schedule_of(fees, specialty):
    """Return the schedule of a specialty's applications, None where the fees table has none.

    Parameters
    ----------
    fees : dict
        'schedules' of the model file: {service or specialty: rows}.
    specialty : str

    Returns
    -------
    list of dict or None
        Rows with from_program, to_program, usd_each, usd_flat.
    """
    schedules = fees.get("schedules", {})
    if specialty in schedules:
        return schedules[specialty]
    return None if specialty in OTHER_SERVICES else schedules.get("ERAS")


def application_fees(schedule, applications):
    """Return the dollars that so many applications to one specialty cost.

    A row with `usd_flat` costs that as soon as its first program is applied to; one with
    `usd_each` costs it for each program between its ends.

    Parameters
    ----------
    schedule : list of dict
    applications : int
    """
    total = 0.0
    for row in schedule:
        inside = min(applications, row["to_program"] or applications) - (row["from_program"] or 1) + 1
        if inside > 0:
            total += row["usd_flat"] if row["usd_flat"] is not None else inside * row["usd_each"]
    return total


def fixed_fees(fees):
    """Return (what, dollars) of what is paid once a season however many programs are applied to."""
    return [(row["service"], row["usd_flat"]) for row in fees.get("fixed", [])]
