"""The notebooks: stored with outputs, clean of the machine that made them, without logic, and still true."""

import ast
import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from notebook_helpers.guide import (
    Claim,
    Verdict,
    claims_table,
    figures_table,
    judge_claims,
    read_claims,
    tally,
    told,
)
from notebook_helpers.show import markdown

from matchmodel import load_model
from matchmodel.etl import Tidy

nbformat = pytest.importorskip("nbformat")

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
GUIDE = "05-a-guide-compared-with-the-model.ipynb"
LARGEST = 400_000  # bytes

# A path from the root, a home, a drive; and what a machine calls itself. PNG bytes (base64) are left out.
ABSOLUTE = re.compile(
    r"(?<![\w:/.<])/(?:home|Users|tmp|work|root|usr|opt|var|mnt|private|etc)\b|(?<!\w)[A-Za-z]:\\|file://|~/"
)
LINK = re.compile(r"!\[([^]]*)\]\(([^)]+)\)")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
PACKAGES = {"matchmodel", "notebook_helpers", "IPython", "pathlib"}  # what a cell may import
LOGIC = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.Try,
    ast.TryStar,
    ast.With,
    ast.AsyncWith,
    ast.Match,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.BoolOp,
    ast.Compare,
    ast.UnaryOp,
    ast.AugAssign,
    ast.NamedExpr,
    ast.Assert,
    ast.Raise,
    ast.Delete,
)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def texts(book: Any) -> Iterator[str]:
    """Yield every text that a notebook's outputs hold, pictures apart."""
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield output.text
            for kind, content in sorted(output.get("data", {}).items()):
                if not kind.startswith("image/"):
                    yield content if isinstance(content, str) else json.dumps(content)


def pictures(book: Any) -> list[tuple[str, np.ndarray]]:
    """Return [(alt text, pixels)] of the pictures."""
    from PIL import Image

    found = [
        output for cell in code(book) for output in cell.outputs if "image/png" in output.get("data", {})
    ]
    return [
        (
            o.metadata["image/png"]["alt"],
            np.asarray(Image.open(io.BytesIO(base64.b64decode(o.data["image/png"]))).convert("L"), float),
        )
        for o in found
    ]


def faults(book: Any) -> list[str]:
    """List what a stored notebook must not hold."""
    found = []
    for k, cell in enumerate(book.cells):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            found.append(f"cell {k} was not run")
        if "execution" in cell.metadata:
            found.append(
                f"cell {k} holds times of its run: execute with --ExecutePreprocessor.record_timing=False"
            )
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {k} failed: {output.ename}: {output.evalue}")
            if output.output_type == "stream" and (output.name == "stderr" or "Warning" in output.text):
                found.append(f"cell {k} warned: {output.text.strip()[:200]}")
    for text in (
        *texts(book),
        json.dumps(book.metadata),
        *(json.dumps(cell.metadata) for cell in book.cells),
        *(cell.source for cell in book.cells),
    ):
        if hit := ABSOLUTE.search(text):
            found.append(f"an absolute path: ...{text[max(hit.start() - 30, 0) : hit.end() + 30]!r}")
    return found


def root_name(node: ast.expr) -> str | None:
    """Return the name with which a chain of attributes, calls and subscripts starts, None without one."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def logic(sources: list[str]) -> list[str]:
    """List the logic in code cells; an import, an assignment, a call and a display are none."""
    found, known = [], {"display"}
    for k, source in enumerate(sources):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [alias.name for alias in node.names]
                )
                found += [
                    f"cell {k} imports {name}" for name in names if name.partition(".")[0] not in PACKAGES
                ]
                known |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
            elif isinstance(node, LOGIC):
                found.append(f"cell {k} holds {type(node).__name__}: {ast.unparse(node)[:80]}")
            elif isinstance(node, ast.BinOp) and not isinstance(
                node.op, ast.Div
            ):  # a path is put together with /
                found.append(f"cell {k} computes {ast.unparse(node)[:80]}")
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
                found.append(f"cell {k} divides {ast.unparse(node)[:80]}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                known |= {
                    name.id
                    for target in node.targets
                    for name in ast.walk(target)
                    if isinstance(name, ast.Name)
                }
        found += [
            f"cell {k} calls {ast.unparse(node)[:80]}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and root_name(node.func) not in known
        ]
    return found


@pytest.fixture(params=NAMES)
def stored(request: pytest.FixtureRequest) -> Any:
    return read(FOLDER / request.param)


def test_there_are_notebooks_numbered_in_order() -> None:
    assert GUIDE in NAMES and [name[:2] for name in NAMES] == [f"{k:02d}" for k in range(1, len(NAMES) + 1)]


def test_it_is_valid_ran_in_order_and_is_clean(stored: Any) -> None:
    nbformat.validate(stored)
    assert faults(stored) == []
    counts = [cell.execution_count for cell in code(stored)]
    assert counts == list(range(1, len(counts) + 1))


def test_it_holds_no_logic_of_its_own(stored: Any) -> None:
    assert logic([cell.source for cell in code(stored)]) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small(name: str) -> None:
    assert (FOLDER / name).stat().st_size < LARGEST


def test_every_picture_says_what_it_is_and_is_there(stored: Any) -> None:
    drawn = pictures(stored)
    linked = [link for text in texts(stored) for link in LINK.findall(text)]
    assert (drawn or linked) and all(alt for alt, _ in (*drawn, *linked))
    assert [path for _, path in linked if not (FOLDER / path).exists()] == []


@pytest.mark.parametrize(
    "source, caught",
    [
        ("from notebook_helpers.guide import told\ntold(1)", 0),
        (
            "from notebook_helpers.show import project_root\npath = project_root() / 'x'\npath.exists()",
            0,
        ),
        ("from matchmodel import load_model\nm = load_model()\nm.cell('a', 'b').draws('beta')[0]", 0),
        ("display(3)", 0),
        ("import numpy as np", 1),
        ("print(3)", 1),
        ("x = 1 + 1", 1),
        ("x = 100 / 3", 1),
        ("x = [y for y in 'abc']", 1),
        ("f = lambda: 3", 1),
        ("def f():\n    return 3", 1),
        ("class A:\n    pass", 1),
        ("for x in 'abc':\n    display(x)", 1),
        ("if display:\n    display(3)", 1),
        ("assert display", 1),
        ("'abc'.upper()", 1),
    ],
)
def test_logic_is_told_from_calls(source: str, caught: int) -> None:
    assert len(logic([source])) == caught, logic([source])


def test_names_of_an_earlier_cell_are_known() -> None:
    assert logic(["from matchmodel import load_model\nm = load_model()", "m.odds(3)"]) == []
    assert logic(["m.odds(3)", "m = 3"]) == ["cell 0 calls m.odds(3)"]


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
def test_absolute_paths_are_told_from_others(text: str, caught: bool) -> None:
    assert bool(ABSOLUTE.search(text)) is caught


def near(a: str, b: str) -> bool:
    """Whether two texts are the same but for a last digit of their numbers."""
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    pairs = zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    return all(
        abs(float(x.replace(",", "")) - float(y.replace(",", ""))) <= 10.0 ** -len(x.partition(".")[2]) * 1.01
        for x, y in pairs
    )


def test_near_allows_a_last_digit_and_no_more() -> None:
    assert near("31% (27% to 35%), 1,604", "32% (27% to 35%), 1,604")
    assert not near("31% of 20", "34% of 20")
    assert not near("0.351", "0.360")
    assert not near("supported 3", "contradicted 3")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_anew_and_says_the_same(name: str, tmp_path: Path) -> None:
    """Each notebook is run once, here: without a fault, touching no file, and saying what is stored."""
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    for part in ("notebooks", "data", "models", "reports"):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    parts = [tmp_path / part for part in ("data", "models", "notebooks", "reports")]
    before = {path: path.read_bytes() for part in parts for path in sorted(part.rglob("*")) if path.is_file()}
    book = read(tmp_path / "notebooks" / name)
    for cell in code(book):
        cell.outputs, cell.execution_count = [], None
    where = {"metadata": {"path": str(tmp_path / "notebooks")}}
    options = {"kernel_name": "python3", "record_timing": False, "resources": where}
    nbclient.NotebookClient(book, timeout=1200, **options).execute()
    assert faults(book) == []
    assert {path: path.read_bytes() for path in before} == before
    kept, fresh = read(FOLDER / name), book
    pairs = list(zip(texts(kept), texts(fresh), strict=True))
    stale = [(a, b) for a, b in pairs if not near(a, b)]
    assert not stale, (
        f"{len(stale)} outputs are stale, say make notebooks; the first:\n{stale[0][0]}\nnow:\n{stale[0][1]}"
    )
    for (alt, old), (said, new) in zip(pictures(kept), pictures(fresh), strict=True):
        same = near(alt, said) and old.shape == new.shape and np.abs(old - new).mean() < 1
        assert same, f"the stored picture '{alt}' is stale, say make notebooks"


# The fifth notebook: a guide's claims.


@pytest.fixture(scope="module")
def guide() -> Any:
    return read(FOLDER / GUIDE)


@pytest.fixture(scope="module")
def claims() -> tuple[Claim, ...]:
    return read_claims(FOLDER / "guide_claims.csv")


@pytest.fixture(scope="module")
def verdicts(claims: tuple[Claim, ...], everything: Tidy) -> tuple[Verdict, ...]:
    return judge_claims(claims, load_model(ROOT / "models" / "match-2026.json"), everything)


def test_the_guide_is_called_an_opinion_and_is_no_source(guide: Any) -> None:
    assert (
        "IMG Residency Guide: Mastering Step Score Strategies for Success" in guide.cells[0].source
        and "opinion" in guide.cells[0].source
    )
    assert not [path for path in (ROOT / "data" / "raw").rglob("*") if "guide" in path.name]


def quotes(book: Any) -> list[str]:
    """Return the lines quoted in markdown cells."""
    lines = [line for cell in book.cells if cell.cell_type == "markdown" for line in cell.source.split("\n")]
    return [line.removeprefix("> ") for line in lines if line.startswith("> ")]


def test_every_claim_is_quoted_once_as_the_sheet_has_it(guide: Any, claims: tuple[Claim, ...]) -> None:
    assert sorted(quotes(guide)) == [
        f"**{c.claim_id}** ({c.topic}; {'; '.join(c.specialties)}): {c.claim}" for c in claims
    ]


def test_words_hold_no_typed_results(guide: Any) -> None:
    """Outside the quotes the only numbers are the names of exams and the 80% range."""
    for cell in guide.cells:
        if cell.cell_type == "markdown":
            own = "\n".join(line for line in cell.source.split("\n") if not line.startswith(">"))
            assert not re.search(r"\d", re.sub(r"Step [123]|80% range", "", own)), own


def test_every_verdict_is_told_under_its_claim_and_is_what_the_rules_say(
    guide: Any, verdicts: tuple[Verdict, ...]
) -> None:
    said = "\n\n".join(texts(guide)).split("\n\n")
    for verdict in verdicts:
        lines = [line for line in said if line.startswith(f"**{verdict.claim_id}: ")]
        assert len(lines) == 1 and near(lines[0], told(verdicts, verdict.claim_id)), (
            f"{verdict.claim_id} is stale, say make notebooks"
        )


def test_the_stored_tables_are_what_the_rules_compute(guide: Any, verdicts: tuple[Verdict, ...]) -> None:
    stored = list(texts(guide))
    for frame in (tally(verdicts), claims_table(verdicts), figures_table(verdicts)):
        wanted = markdown(frame)
        found = [text for text in stored if text.split("\n")[0] == wanted.split("\n")[0]]
        assert len(found) == 1
        lines, computed = found[0].split("\n"), wanted.split("\n")
        assert len(lines) == len(computed)
        stale = [(a, b) for a, b in zip(lines, computed, strict=True) if not near(a, b)]
        assert not stale, f"say make notebooks; the first stale line:\n{stale[0][0]}\nnow:\n{stale[0][1]}"
