"""A page file is a story told once: PAGE, render, a few named pieces; it asks for rows and never makes them."""

import ast
import re

import pytest

from tests.architecture.checkout import ROOT, Module, addresses, called, ids, modules, pages

QUERY = re.compile(r"\bselect\b[\s\S]+\bfrom\b|\bgroup\s+by\b|\border\s+by\b", re.IGNORECASE)
RESHAPES = {"group_by", "groupby", "agg", "pivot", "unpivot", "melt", "join", "rolling", "sql"}


def test_no_page_lies_where_streamlit_would_run_it_by_itself():
    """Streamlit runs pages/*.py past the front door, and so past its guards; one folder down it does not."""
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_every_address_is_one_page():
    assert sorted(addresses()) == sorted(set(addresses()))


@pytest.mark.parametrize("module", pages(), ids=ids(pages()))
def test_a_page_is_declarations_and_functions(module: Module):
    """Nothing happens on import: constants in capitals, PAGE among them, functions, and one of them render(visit)."""
    body = module.tree.body[1:]
    named = [
        target.id
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    ]
    allowed = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Assign | ast.AnnAssign
    assert [f"line {node.lineno}" for node in body if not isinstance(node, allowed)] == []
    assert [name for name in named if not name.isupper()] == []
    assert "PAGE" in named
    render = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == "render")
    assert [argument.arg for argument in render.args.args] == ["visit"]


@pytest.mark.parametrize("module", pages(), ids=ids(pages()))
def test_a_page_holds_no_sql(module: Module):
    """Tables are made in pipelines/sql, numbers in metrics; a page names them."""
    said = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    texts = [
        n
        for n in ast.walk(module.tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
    ]
    assert [f"line {node.lineno}: {node.value[:60]}" for node in texts if QUERY.search(node.value)] == []


@pytest.mark.parametrize("module", pages(), ids=ids(pages()))
def test_a_page_reshapes_no_rows(module: Module):
    """`", ".join(…)` joins words; `rows.join(other)` joins rows, and belongs in a mart."""
    calls = [
        call
        for call in module.calls
        if called(call) in RESHAPES
        and isinstance(call.func, ast.Attribute)
        and not (called(call) == "join" and isinstance(call.func.value, ast.Constant))
    ]
    assert [f"line {call.lineno}: {called(call)}" for call in calls] == []


def test_only_the_kit_and_the_door_know_where_pages_are_drawn():
    """A page module is named by nobody: the front door finds it by walking the folders."""
    names = {module.name for module in pages()}
    found = [
        f"{module.path}: {name}" for module in modules() for name, _ in module.imports
        if (name in names or name.rsplit(".", 1)[0] in names) and module.path != "app.py"
    ]  # fmt: skip
    assert found == []
