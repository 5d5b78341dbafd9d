"""The commands, in the order of the help.

A command's module, cli/FOLDER/NAME.py, is imported when the command is asked for: help takes this list alone.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as in matchmodel/__init__.py
if TYPE_CHECKING:
    from typing import Any

    from .parser import Command

COMMANDS = {  # name: (folder, help)
    "etl": ("data", "read the raw tables, refuse what is not sound, write tidy tables"),
    "new-source": ("data", "make a source's folder: its source.toml, and empty tables to fill in"),
    "check": (
        "data",
        "validate the raw tables as etl does and write nothing; a summary, and what moved against "
        "the year before",
    ),
    "read-pdf": ("data", "read a table of a report's PDF into a raw CSV, for a person to look over"),
    "train": ("models", "fit the model to the tidy tables and write the model file"),
    "model": ("models", "say which model answers, why, and what it was trained on"),
    "evaluate": ("models", "compare the model with what it was not fitted to, and write a report"),
    "forecast": (
        "models",
        "write the next report's rates with intervals, before that report is out; never changed after",
    ),
    "calibrate": (
        "models",
        "learn the average and one scale for all factors from your own applicants with known "
        "outcomes, into a new model file",
    ),
    "update": (
        "models",
        "update each factor and specialty with your own applicants with known outcomes, into a "
        "new model file: the tables are the prior, the rows the likelihood",
    ),
    "predict": (
        "ask",
        "print the odds of one applicant, in one specialty or several; what is left out is "
        "unknown and drops out",
    ),
    "curve": (
        "ask",
        "draw the chance of matching against the number of applications, to PNG or SVG",
    ),
    "score": ("ask", "answer a table of applicants, with the same numbers as predict"),
    "profile": (
        "ask",
        "write a profile that every question takes as --profile: question by question in a "
        "terminal, else a template to fill in",
    ),
    "page": (
        "ask",
        "write a page that answers in a browser: one file, which sends nothing and needs no server",
    ),
    "what-if": (
        "ask",
        "what could change the chance, best first: points, dollars, and how well it is known",
    ),
    "target": (
        "ask",
        "the Step 2 CK that a chance of matching takes; with a score already, what else would reach it",
    ),
    "timing": (
        "ask",
        "this cycle or the next, from a practice test or a score: which is better, how sure, what "
        "would tip it",
    ),
    "portfolio": (
        "ask",
        "a first specialty and backups under a budget: what each share for the first gives, and "
        "the best split",
    ),
    "programs": (
        "ask",
        "the best list out of a table of programs that you bring: what cannot work, chances, signals",
    ),
    "plan": (
        "ask",
        "one page for an applicant, as Markdown and HTML: odds, applications, levers, timing, calendar",
    ),
    "specialties": ("ask", "every specialty for one applicant, side by side"),
    "compare": (
        "models",
        "say what changed between two model files: coefficients in standard errors, applicants in points",
    ),
}
# Each is a package of advice too.
ADVICE = ("what-if", "target", "timing", "portfolio", "programs", "plan", "specialties")


def command(name: str) -> Command:
    """Return the module of a command."""
    folder, _ = COMMANDS[name]
    module: Any = import_module(f".{folder}.{name.replace('-', '_')}", __package__)
    found: Command = module
    return found
