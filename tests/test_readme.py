"""What the README shows is what the program prints."""

import shlex
from pathlib import Path

from matchmodel.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example():
    words = README.split(".venv/bin/matchmodel predict", 1)[1].split("\n\n", 1)[0].replace("\\\n", " ")
    return ["predict", *shlex.split(words)]


def shown(after):
    """Lines of the indented block that follows a sentence."""
    lines = README.split(after, 1)[1].split("\n")[2:]
    end = next(k for k, line in enumerate(lines) if line and not line.startswith("    "))
    return [line[4:] for line in lines[:end] if line.strip()]


def test_the_example_prints_what_the_readme_shows(capsys):
    assert main(example()) == 0
    printed = capsys.readouterr().out.split("\n")
    answer, needed = shown("\nprints"), shown("and what they cost.")
    assert len(answer) == 12 and len(needed) == 14
    for line in (*answer, *needed):
        assert line in printed


def test_make_run_asks_the_same_applicant():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    words = makefile.split("-m matchmodel predict", 1)[1].split("\n\n", 1)[0].replace("\\\n", " ")
    assert sorted(shlex.split(words)) == sorted(example()[1:])


def test_documents_that_are_linked_are_there():
    for part in README.split("](")[1:]:
        target = part.split(")", 1)[0]
        assert (ROOT / target).exists(), target


def test_the_evaluation_figures_are_those_of_the_report():
    report = (ROOT / "reports" / "evaluation.md").read_text(encoding="utf-8")
    means = next(line for line in report.split("\n") if line.startswith("| **x1** | **mean**")).replace("*", "").split(" | ")
    _, _, slope, error, coverage = means[:5]
    assert f"the slope to the true log odds is {slope} and the mean error {error} points" in README
    assert f"hold the truth {coverage}% of the time" in README
    for kind in ("independent", "us-senior"):
        row = next(line for line in report.split("\n") if line.startswith(f"| {kind} |")).split(" | ")
        assert f"{float(row[4].split()[0]):.2f}" == "1.00"  # both are given as 1.00
    shares = {row.split(" | ")[0].split(", ")[1].split(" (")[0]: row.split(" | ")[1:3] for row in report.split("\n") if row.startswith("| share of applicants")}
    text = " ".join(README.split())
    (seen, chain), family, surgery = shares["Internal Medicine"], shares["Family Medicine"], shares["General Surgery"]
    assert f"{chain} in internal medicine against about {seen} observed, {family[1]} against {family[0]} in family medicine, {surgery[1]} against {surgery[0]} in general surgery" in text
