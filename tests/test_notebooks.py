"""The notebooks: stored with their outputs, clean of the machine that made them, and still true."""

import json
import re
import shutil
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
TABLES, GUIDE = "01-from-tables-to-odds.ipynb", "02-a-guide-held-against-the-model.ipynb"
NAMES = (TABLES, GUIDE)
CLAIMS = [f"g{k:02d}" for k in range(1, 15)]
VERDICTS = {"supported", "contradicted", "partly", "cannot be answered here"}
UNANSWERABLE = {"g01", "g09", "g11", "g12", "g13"}  # the tables have no such thing
LARGEST = 400_000  # bytes

# A path from the root, a home, a drive; and what a machine calls itself. PNG bytes (base64) are left out.
ABSOLUTE = re.compile(r"(?<![\w:/.<])/(?:home|Users|tmp|work|root|usr|opt|var|mnt|private|etc)\b|(?<!\w)[A-Za-z]:\\|file://|~/")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def read(path):
    return nbformat.read(path, as_version=4)


def texts(book):
    """Yield every text that a notebook's outputs hold, pictures apart."""
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield output.text
            for kind, content in sorted(output.get("data", {}).items()):
                if not kind.startswith("image/"):
                    yield content if isinstance(content, str) else json.dumps(content)


def verdict_table(book):
    """Return {claim id: (verdict, numbers)} of the guide's last table."""
    found = {}
    for text in texts(book):
        if text.startswith("| id | claim | verdict | numbers behind it |"):
            for line in text.split("\n")[2:]:
                claim_id, _, verdict, numbers = (part.strip() for part in line.strip("| ").split(" | "))
                found[claim_id] = verdict, numbers
    return found


def faults(book):
    """List what a stored notebook must not hold."""
    found = []
    for k, cell in enumerate(book.cells):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            found.append(f"cell {k} was not run")
        if "execution" in cell.metadata:
            found.append(f"cell {k} holds times of its run: execute with --ExecutePreprocessor.record_timing=False")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {k} failed: {output.ename}: {output.evalue}")
            if output.output_type == "stream" and output.name == "stderr":
                found.append(f"cell {k} warned: {output.text.strip()[:200]}")
            if output.output_type == "stream" and "Warning" in output.text:
                found.append(f"cell {k} warned: {output.text.strip()[:200]}")
    for text in (*texts(book), json.dumps(book.metadata), *(json.dumps(cell.metadata) for cell in book.cells), *(cell.source for cell in book.cells)):
        if hit := ABSOLUTE.search(text):
            found.append(f"an absolute path: ...{text[max(hit.start() - 30, 0):hit.end() + 30]!r}")
    return found


@pytest.fixture(params=NAMES)
def stored(request):
    return read(FOLDER / request.param)


def test_it_is_valid_ran_in_order_and_is_clean(stored):
    nbformat.validate(stored)
    assert faults(stored) == []
    counts = [cell.execution_count for cell in stored.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small(name):
    assert (FOLDER / name).stat().st_size < LARGEST


def test_every_picture_says_what_it_is(stored):
    pictures = [output for cell in stored.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    assert pictures
    assert all(output.metadata["image/png"]["alt"] for output in pictures)


def test_claims_are_asserted(stored):
    assert sum(cell.source.count("assert ") for cell in stored.cells if cell.cell_type == "code") >= 10


def test_the_guide_sheet_has_its_claims_and_is_called_an_opinion():
    lines = (FOLDER / "guide_claims.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "claim_id,topic,specialties,claim"
    assert [line.split(",")[0] for line in lines[1:]] == CLAIMS
    first = read(FOLDER / GUIDE).cells[0].source
    assert "IMG Residency Guide: Mastering Step Score Strategies for Success" in first and "opinion" in first


def test_every_claim_has_a_verdict_and_numbers():
    found = verdict_table(read(FOLDER / GUIDE))
    assert list(found) == CLAIMS
    assert {verdict for verdict, _ in found.values()} <= VERDICTS
    assert {i for i, (verdict, _) in found.items() if verdict == "cannot be answered here"} == UNANSWERABLE
    assert all(NUMBER.search(numbers) for _, numbers in found.values())


def test_the_guide_is_no_source():
    assert not [path for path in (ROOT / "data" / "raw").rglob("*") if "guide" in path.name]


@pytest.mark.parametrize(
    "text, caught",
    [
        ("wrote /home/someone/x.csv", True),
        ("('/tmp/abc',)", True),
        (r"C:\Users\x", True),
        ("~/project", True),
        ("data/raw and models/match-2026.json", False),
        ("Q1 / median / Q3", False),
        ("https://doi.org/10.1515/jom-2023-0143", False),
    ],
)
def test_absolute_paths_are_told_from_others(text, caught):
    assert bool(ABSOLUTE.search(text)) is caught


def near(a, b):
    """Whether two texts are the same but for a last digit of their numbers."""
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(abs(float(x.replace(",", "")) - float(y.replace(",", ""))) <= 10.0 ** -len(x.partition(".")[2]) * 1.01 for x, y in pairs)


def test_near_allows_a_last_digit_and_no_more():
    assert near("31% (27% to 35%), 1,604", "32% (27% to 35%), 1,604")
    assert not near("31% of 20", "34% of 20")
    assert not near("0.351", "0.360")
    assert not near("supported 3", "partly 3")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_anew_and_says_the_same(name, tmp_path):
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    shutil.copytree(FOLDER, tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copytree(ROOT / "models", tmp_path / "models")
    before = {path: path.read_bytes() for path in sorted((tmp_path / "data").rglob("*")) if path.is_file()}
    book = read(tmp_path / "notebooks" / name)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = nbclient.NotebookClient(book, timeout=120, kernel_name="python3", record_timing=False, resources={"metadata": {"path": str(tmp_path / "notebooks")}})
    client.execute()
    assert faults(book) == []
    assert {path: path.read_bytes() for path in sorted((tmp_path / "data").rglob("*")) if path.is_file()} == before
    fresh, kept = list(texts(book)), list(texts(read(FOLDER / name)))
    assert len(fresh) == len(kept)
    stale = [(a, b) for a, b in zip(kept, fresh, strict=True) if not near(a, b)]
    assert not stale, f"{len(stale)} stored outputs are stale, say make notebooks; the first:\n{stale[0][0]}\nnow:\n{stale[0][1]}"
    if name == GUIDE:
        assert list(verdict_table(book)) == CLAIMS
