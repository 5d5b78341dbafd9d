"""`python -m tests.documents`: write every page anew."""

from ..worked import DOCS, write_anew
from .pages import PAGES, ROOT, page_anew, sources


def main() -> None:
    """Write README, CHANGELOG, docs and the outputs of docs/advice."""
    found = sources()
    for page in PAGES:
        (ROOT / page).write_text(page_anew(page, found), encoding="utf-8")
        print(page)
    for path in sorted(DOCS.glob("*.md")):
        write_anew(path)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
