"""The commands, in the order of the help."""

from .ask import (
    curve,
    page,
    plan,
    portfolio,
    predict,
    profile,
    programs,
    score,
    specialties,
    target,
    timing,
    what_if,
)
from .data import check, etl, new_source, read_pdf
from .models import calibrate, compare, evaluate, forecast, model, train, update
from .parser import Command

ADVICE = (what_if, target, timing, portfolio, programs, plan, specialties)  # each is a package of advice too
COMMANDS: tuple[Command, ...] = (
    etl, new_source, check, read_pdf, train, model, evaluate, forecast, calibrate, update, predict, curve,
    score, profile, page, *ADVICE, compare,
)  # fmt: skip
