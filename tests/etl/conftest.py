"""A small sound raw folder that each test spoils in its own way."""

import pytest

from matchmodel.errors import SourceProblems
from matchmodel.etl import read_raw

TOML = """\
title = "A report"
publisher = "A publisher"
year = 2026
grade = "B"
terms = "none"
consent = false
via = "nobody"
role = "training"
"""

COUNTS = """\
Specialty,Matched,Not Matched
Pediatrics,542,249
Neurology,215,298
"""

STEP2 = """\
Specialty,Cohort,n,Min,Q1,Median,Q3,Max,IQR,Mean,SD
Pediatrics,Matched,422,214,232,240,252,283,20,241,13
Pediatrics,Not Matched,182,209,224,233,245,274,21,234,13
Neurology,Matched,160,,,,,,,,
Neurology,Not Matched,200,,,,,,,,
"""


class Raw:
    """A raw folder with one source, to be written to and read."""

    def __init__(self, path):
        self.path = path
        self.tables = {}
        self.add("counts.csv", "counts", COUNTS, 'applicant_type = "non-us-img"')
        self.add("step2_ck.csv", "quartiles", STEP2, 'applicant_type = "non-us-img"', 'measure = "step2_ck"')

    def add(self, file, layout, text, *keys, source="report", toml=TOML):
        """Add a table to a source; text may be str or bytes."""
        folder = self.path / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        block = "\n".join(["[[table]]", f'file = "{file}"', f'layout = "{layout}"', *keys]) + "\n"
        self.tables.setdefault(source, [toml]).append(block)
        self.toml("".join(self.tables[source]), source)
        return self

    def alone(self, file, layout, text, *keys):
        """One source with one table, in place of what was there."""
        self.tables = {}
        return self.add(file, layout, text, *keys)

    def toml(self, text, source="report"):
        """Write a source.toml as it is."""
        (self.path / source / "source.toml").write_text(text, encoding="utf-8")
        return self

    def edit(self, file, old, new):
        """Replace one text in a file of the report."""
        path = self.path / "report" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def read(self):
        """Read it."""
        return read_raw(self.path)

    def problems(self):
        """Read it and return the problems' lines."""
        with pytest.raises(SourceProblems) as caught:
            self.read()
        lines = [str(problem) for problem in caught.value.problems]
        assert all("\n" not in line for line in lines)
        return lines


@pytest.fixture
def raw(tmp_path):
    """A sound raw folder in a path with a space."""
    return Raw(tmp_path / "raw tables")
