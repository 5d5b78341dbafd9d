"""Random tables that a browser prints: no cell is silently wrong. Every figure is made up."""

import shutil

import pdfplumber
import pytest

from matchmodel.errors import RefusedInput
from matchmodel.pdf import read_pdf
from matchmodel.specialty import known_specialty

from .browser_tables import KINDS, draw, printed


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium here to print a page")
@pytest.mark.parametrize("seed", range(200, 200 + len(KINDS)))
def test_no_cell_is_silently_wrong(tmp_path, seed):
    drawn = draw(seed)
    path = printed(drawn, tmp_path / "report.pdf")
    with pdfplumber.open(path) as pdf:
        pages = range(1, len(pdf.pages) + 1)
    for which, truth in drawn.truth.items():
        try:
            got = read_pdf(path, pages, drawn.layout, which=which)
        except RefusedInput:
            continue
        told = {(_plain(name), mark.replace(" ", "")): cells for (name, mark), cells in truth.items()}
        doubted = {doubt.row for doubt in got.doubts}
        for row in got.rows:
            cells = dict(zip(got.header, row, strict=True))
            name, mark = cells.pop("Specialty"), cells.pop("Cohort", cells.pop("Bin", ""))
            if not any(
                word.startswith(f"{name or 'a row without a name'} {mark}".strip()) for word in doubted
            ):
                assert _given(cells) == _given(told[_plain(name), mark.replace(" ", "")])


def _plain(name):
    return known_specialty(name) or name


def _given(cells):
    return {key: text for key, text in cells.items() if text}
