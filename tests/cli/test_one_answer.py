"""Every asking command's `--json` holds the object that predict prints, to the last digit."""

import json

import numpy as np
import pytest

from ..asking import MODEL
from ..running import run

KIND = "non-us-img"
CHAINED = [s for s in MODEL.specialties(KIND) if MODEL.has_chain(KIND, s)]
TABLE = "docs/advice/made-up-programs.csv"
COMMANDS = {
    "what-if": (),
    "target": (),
    "timing": (),
    "portfolio": ("--backup",),
    "plan": ("--out",),
}  # fmt: skip


def words(rng):
    """A random applicant as words of the command line, some things unknown."""
    said = ["--applicant-type", KIND]
    for option, value in (
        ("--step2", rng.integers(215, 272)),
        ("--step1-attempts", rng.integers(1, 3)),
        ("--step2-attempts", rng.integers(1, 3)),
        ("--yog", rng.integers(2008, 2027)),
        ("--usce", rng.integers(0, 13)),
        ("--visa", rng.choice(["yes", "no"])),
    ):
        if option == "--step2" or rng.random() < 0.75:
            said += [option, str(value)]
    return said


def asked(capsys, *said):
    status, out, err = run(capsys, *said)
    assert status == 0, err
    return json.loads(out)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("seed", range(4))
def test_every_command_has_predicts_answer(command, seed, capsys, tmp_path):
    rng = np.random.default_rng(100 + seed)
    first, backup = rng.choice(CHAINED, 2, replace=False)
    person = ["--specialty", first, *words(rng)]
    extra = {"portfolio": ["--backup", backup], "plan": ["--out", str(tmp_path / "plan")]}.get(command, [])
    whole = asked(capsys, command, *person, *extra, "--json")
    answer = whole["answer"] if command != "plan" or "answer" in whole else whole["answers"][0]
    assert answer == asked(capsys, "predict", *person, "--json")


@pytest.mark.parametrize("seed", range(2))
def test_specialties_have_predicts_answers(seed, capsys):
    said = words(np.random.default_rng(200 + seed))
    answers = asked(capsys, "specialties", *said, "--json")["answers"]
    by_name = {one["specialty"]: one for one in answers}
    for specialty in (CHAINED[0], CHAINED[-1]):
        assert by_name[specialty] == asked(capsys, "predict", "--specialty", specialty, *said, "--json")
