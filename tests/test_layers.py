"""No circles between modules: what a module imports as it loads leads nowhere back to it."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)  # run after loading


def modules():
    found = {}
    for path in sorted((SOURCE / "matchmodel").rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _statements(node):
    for child in ast.iter_child_nodes(node):
        typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if isinstance(child, LATER) or typing_only:
            continue
        yield child
        yield from _statements(child)


def imported(module, code, is_package, known):
    """Return the modules among `known` that a module imports as it loads."""
    package = module if is_package else module.rpartition(".")[0]
    found = set()
    for node in _statements(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: 1 - node.level or None] if node.level else []
            start = ".".join([*above, *([node.module] if node.module else [])])
            found |= {whole if (whole := f"{start}.{name.name}") in known else start for name in node.names}
    return (found & set(known)) - {module}


def graph():
    known = modules()
    return {
        module: imported(module, path.read_text("utf-8"), path.name == "__init__.py", known)
        for module, path in known.items()
    }


def test_no_circles():
    assert (
        len(list(TopologicalSorter(graph()).static_order())) > 100
    )  # raises CycleError, which names the circle


def test_imports_are_seen():
    known = {"a.b", "a.b.c", "a.d", "a.e"}
    code = "from .c import x\nfrom ..d import y\nfrom .. import e\ndef later():\n    import a.f\n"
    assert imported("a.b", code, True, known) == {"a.b.c", "a.d", "a.e"}
    assert imported("a.b.z", "from .. import d\nfrom . import c", False, known) == {"a.d", "a.b.c"}


def test_edges_of_the_package():
    found = graph()
    assert "matchmodel.errors" in found["matchmodel.applicant"]
    assert "matchmodel.plots.style" not in found["matchmodel.curve"]  # imported only to draw
