"""Random tables in random print, each read exactly. Every figure is made up."""

import random

import pytest

from matchmodel.pdf import read_pdf

from .drawn import Draw


@pytest.mark.parametrize(
    "seed", [*range(40), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(40, 140))]
)
def test_a_random_table_is_read_exactly(tmp_path, seed):
    drawn = Draw(random.Random(seed)).onto(tmp_path / "report.pdf")
    got = read_pdf(tmp_path / "report.pdf", drawn.pages, drawn.layout)
    assert (got.header, got.rows) == (drawn.header, drawn.rows), drawn.about
