"""What the README shows is what the program prints."""

import shlex
from pathlib import Path

from matchmodel.cli import main
from matchmodel.evaluate.results import read_evaluation

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
    assert len(answer) == 14 and len(needed) == 14
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


def test_the_evaluation_figures_are_those_of_the_evaluation():
    found, text = read_evaluation(ROOT / "reports"), " ".join(README.split())
    held = {r["applicant_type"]: r for r in found["held_out"]["rows"]}
    both = held["together"]
    assert f"a calibration slope of {both['slope']:.3f} (SE {both['slope_se']:.3f}; {held['independent']['slope']:.3f} for independent applicants, {held['us-senior']['slope']:.3f} for US seniors)" in text
    assert f"a mean error of {100 * both['mean_error']:.2f} points where sampling alone gives {100 * both['floor']:.2f}" in text
    world = found["worlds"]["summary"][0]
    assert f"In {world['worlds']} made-up worlds" in text and f"is {world['slope']:.3f} (SE {world['slope_se']:.3f}), the mean error {100 * world['mean_error']:.1f} points" in text
    assert f"hold the truth {100 * world['coverage']:.1f}% of the time" in text
    years = {c["applicant_type"]: c for c in reversed(found["years"]["coverage"])}  # the first of a type is all years
    assert "{inside} of {years} times for non-US IMGs".format(**years["non-us-img"]) in text and "{inside} of {years} times for US IMGs".format(**years["us-img"]) in text
    slopes = next(c for c in found["left_out"]["coverage"] if c["what"] == "slope")
    assert "lay in its 80% range {inside} of {specialties} times".format(**slopes) in text


def test_the_chains_shares_are_those_of_the_evaluation():
    rows = [r for r in read_evaluation(ROOT / "reports")["chain"]["rows"] if r["what"].startswith("share of applicants")]
    shares = {r["what"].split(", ")[1].split(" (")[0]: (r["published"], r["chain"]) for r in rows}
    (seen, chain), family, surgery = shares["Internal Medicine"], shares["Family Medicine"], shares["General Surgery"]
    wanted = f"{chain} in internal medicine against about {seen} observed, {family[1]} against {family[0]} in family medicine, {surgery[1]} against {surgery[0]} in general surgery"
    assert wanted in " ".join(README.split())
