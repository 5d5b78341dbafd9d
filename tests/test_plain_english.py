"""Words that do not come back: each was not understood, or said in a roundabout way."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_SAID = {  # as a pattern -> what is said instead
    r"held against": "compared with",
    r"drawn towards": "shrunk towards",
    r"made-up worlds?": "simulated data sets",
    r"\bone's own\b": "your own, or of each",
    r"\bpersons\b": "people, applicants",
    r"all sound": "no problems found",
    r"is no plain file": "is not a regular file",
    r"(is|are) there already": "already exists",
    r"No score does it": "no score is high enough",
    r"looked over by two": "reviewed by two people",
    r"were luck independent": "if luck were independent",
    r"as much lower as": "two short sentences",
    r"taken as spread alike": "two short sentences",
    r"from the application on": "if you apply",
    r"at least one ranked program": "if you rank at least one program",
    r"\ba (row|line) a (specialty|problem|source|person)\b": "one row per specialty",
}
READ = ("src/**/*.py", "docs/**/*.md", "notebooks/**/*.py", "*.md", "data/raw/README.md")


def pages() -> list[Path]:
    return sorted(
        {path for pattern in READ for path in ROOT.glob(pattern) if "site-packages" not in path.parts}
    )


@pytest.mark.parametrize("pattern", NOT_SAID)
def test_what_people_read_is_in_plain_words(pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in pages()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not found, f"say '{NOT_SAID[pattern]}'"


def test_pages_are_read():
    names = {path.name for path in pages()}
    assert {"README.md", "model.md", "command.py"} <= names
    assert len(names) > 150
