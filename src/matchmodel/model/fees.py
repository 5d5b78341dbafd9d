"""What applications cost, by the season's schedule in the model file."""

from collections.abc import Sequence

from ..known import known
from .records import Fees, FeeStep

# Specialties whose applications go through another service than ERAS. Knowledge of which
# service, not of prices: where the fees table has no schedule for it, no dollars are given.
OTHER_SERVICES = {
    "Emergency Medicine": "ResidencyCAS",
    "Obstetrics and Gynecology": "ResidencyCAS",
    "Plastic Surgery (Integrated)": "the Plastic Surgery Common Application",
}


def schedule_of(fees: Fees, specialty: str) -> tuple[FeeStep, ...] | None:
    """Return the schedule of a specialty's applications, None where the fees table has none."""
    if specialty in fees.schedules:
        return fees.schedules[specialty]
    return None if specialty in OTHER_SERVICES else fees.schedules.get("ERAS")


def application_fees(schedule: tuple[FeeStep, ...], applications: int) -> float:
    """Return the dollars that so many applications to one specialty cost.

    A step with `usd_flat` costs that as soon as its first program is applied to; one with
    `usd_each` costs it for each program between its ends.
    """
    total = 0.0
    for step in schedule:
        inside = min(applications, step.to_program or applications) - (step.from_program or 1) + 1
        if inside > 0:
            total += step.usd_flat if step.usd_flat is not None else inside * known(step.usd_each)
    return total


def cost(schedule: tuple[FeeStep, ...] | None, applications: int, beyond: int = 0) -> float | None:
    """Return the dollars of so many applications beyond others, None without a schedule."""
    return (
        None
        if schedule is None
        else application_fees(schedule, applications) - application_fees(schedule, beyond)
    )


def total(fees: Sequence[float | None]) -> float | None:
    """Return the sum of some fees, None where one of them is not known."""
    priced = [usd for usd in fees if usd is not None]
    return sum(priced, 0.0) if len(priced) == len(fees) else None


def fixed_fees(fees: Fees) -> list[tuple[str, float]]:
    """Return (what, dollars) of what is paid once a season however many programs are applied to."""
    return [(step.service, step.usd_flat) for step in fees.fixed if step.usd_flat is not None]
