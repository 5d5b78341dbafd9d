"""A report to print on, and reading it back."""

import pytest

from matchmodel.pdf import read_pdf

from .made import UPRIGHT, Report


@pytest.fixture
def paper(tmp_path):
    """Make an empty report; `size` is the page's."""
    return lambda size=UPRIGHT: Report(tmp_path / "report.pdf", size)


@pytest.fixture
def read():
    """Save a report and read one table from it."""

    def run(report, layout, pages="1", table=None):
        return read_pdf(report.save(), pages, layout, table)

    return run
