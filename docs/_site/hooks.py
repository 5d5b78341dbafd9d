"""Pages of the site that stand elsewhere in the project, or are made from the code, when the site is built.

A page is written once. README, the report and others are taken into the site from where they are, and their
links, which hold in the project's folder, are turned to the site's pages.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from reference import commands_page, layouts_page

ROOT = Path(__file__).parents[2]
FORECAST = max(path.name for path in (ROOT / "reports").glob("forecast-*.md"))
TAKEN = {  # where it is in the project -> where the site has it
    "README.md": "index.md",
    "MODEL_CARD.md": "trust/model-card.md",
    "reports/evaluation.md": "trust/evaluation.md",
    "reports/evaluation.json": "trust/evaluation.json",
    f"reports/{FORECAST}": "trust/forecast.md",
    "data/raw/README.md": "reference/sources.md",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    **{f"reports/{path.name}": f"trust/{path.name}" for path in (ROOT / "reports").glob("*.png")},
}
HOME = {there: here for here, there in TAKEN.items()}
MADE = {"reference/commands.md": commands_page, "reference/layouts.md": layouts_page}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#:]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and pictures that do not stand in docs/."""
    for here, there in TAKEN.items():
        files.append(File.generated(config, there, abs_src_path=str(ROOT / here)))
    for there, make in MADE.items():
        files.append(File.generated(config, there, content=make()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links between files of the project to links between pages of the site."""
    there = page.file.src_uri
    if there in MADE:
        return markdown
    folder = posixpath.dirname(HOME.get(there, f"docs/{there}"))

    def turned(match: re.Match[str]) -> str:
        picture, text, target, anchor = match.groups(default="")
        here = posixpath.normpath(posixpath.join(folder, target))
        site = TAKEN.get(here, here.removeprefix("docs/"))
        if here not in TAKEN and not here.startswith("docs/") and (ROOT / here).exists():
            return text if text.strip("`") == here else f"{text} (`{here}`)"  # of the project, but no page
        return f"{picture}[{text}]({posixpath.relpath(site, posixpath.dirname(there) or '.')}{anchor})"

    return LINK.sub(turned, markdown)
