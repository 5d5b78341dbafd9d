"""The worked applicants of docs/advice are answered as the pages show."""

import pytest

from tests.worked import DOCS, blocks, differs, output

CASES = [
    (page.stem, words, shown) for page in sorted(DOCS.glob("*.md")) for _, _, words, shown in blocks(page)
]


@pytest.mark.parametrize(
    ("page", "words", "shown"), CASES, ids=[f"{page}-{k}" for k, (page, _, _) in enumerate(CASES)]
)
def test_a_worked_applicant(page, words, shown):
    assert shown, f"docs/advice/{page}.md shows nothing after: matchmodel {' '.join(words)}"
    assert differs([line.rstrip() for line in shown], [line.rstrip() for line in output(words)]) is None
    assert all(len(line) <= 80 for line in shown)
