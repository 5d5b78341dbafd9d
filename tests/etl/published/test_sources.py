"""data/raw as it is kept: its sources, and what each of them says of itself."""

import pytest

from matchmodel.etl import run_etl
from matchmodel.etl.layouts import LAYOUTS

from .conftest import RAW

TABLES = sorted(set(LAYOUTS) - {"applicants", "first_choices"})  # these are not published
CHECKS_ONLY = {
    "charting-outcomes-2007",
    "charting-outcomes-2013-img-means",
    "interview-trackers",
    "program-director-surveys",
    "program-invitations-2026-samples",
}
ASK_CONSENT = (
    "charting-outcomes-2026-non-us-img", "results-and-data-2025", "program-invitations-2024",
        "neurology-2026", "evidence-residency-explorer", "residency-explorer-2026",
    "program-invitations-2026", "program-invitations-2026-samples", "exam-failures-neurology-2026",
        "exam-failures-family-medicine-2024", "nrmp-2026-visa", "match-participation",
)  # fmt: skip


def test_every_layout_with_a_published_figure_is_there(tidy):
    assert sorted(tidy.tables) == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_known_source(tidy, name):
    assert set(tidy.table(name)["source_id"]) <= set(tidy.sources)


def test_every_source_says_what_it_is(tidy):
    for source in tidy.sources.values():
        assert source.title and source.publisher and source.via and source.terms and len(source.sha256) == 64


def test_which_are_for_validation(tidy):
    assert set(tidy.select(role="validation").sources) == CHECKS_ONLY


def test_sources_that_ask_consent_say_so(tidy):
    for name in ASK_CONSENT:
        assert tidy.sources[name].consent, name


def test_every_row_out_of_residency_explorer_asks_for_consent(tidy):
    for table in tidy.tables.values():
        if "source" in table:
            named = table[table["source"].str.contains("Residency Explorer")]
            assert all(tidy.sources[name].consent for name in named["source_id"])


def test_the_readme_has_a_row_for_every_source(tidy):
    first = (RAW / "README.md").read_text(encoding="utf-8").split("## Rights")[0]
    listed = [line.split("|")[1].strip(" `") for line in first.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(tidy.sources)
    consent = (RAW / "README.md").read_text(encoding="utf-8").split("## Rights")[1].split("## Adding")[0]
    assert all(f"`{name}`" in consent for name in ASK_CONSENT)


def test_it_is_written_and_read_back(tmp_path, tidy):
    from matchmodel.etl import read_tidy

    run_etl(RAW, tmp_path)
    back = read_tidy(tmp_path)
    assert back.sources == tidy.sources
    for name, table in tidy.tables.items():
        assert back.table(name).equals(table), name


def test_nothing_names_a_machine():
    for path in RAW.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not any(f"/{folder}/" in text for folder in ("home", "Users", "root", "tmp")), path
