"""Every door has a sign: modules, public classes and functions say what they are, and the examples they give are run."""

import ast
import doctest
import importlib
import io

import pytest

from tests.architecture.checkout import Module, ids, modules

EXAMPLES = tuple(module for module in modules() if ">>>" in module.text)
LONGEST_SIGN = 600


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_a_module_opens_with_a_sign(module: Module):
    sign = ast.get_docstring(module.tree) or ""
    assert sign, "say in a sentence or two what this file is"
    assert len(sign.split("\n\n")[0]) <= LONGEST_SIGN, "a sign over a door is one or two sentences"


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_everything_public_says_what_it_gives(module: Module):
    silent = [
        f"{module.path}:{node.lineno} {node.name}"
        for owner in (module.tree, *_public_classes(module))
        for node in owner.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def _public_classes(module: Module) -> list[ast.ClassDef]:
    return [node for node in module.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


@pytest.mark.parametrize("module", EXAMPLES, ids=ids(EXAMPLES))
def test_the_examples_are_true(module: Module):
    """An example that nobody runs becomes false."""
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for example in doctest.DocTestFinder().find(importlib.import_module(module.name)):
        runner.run(example, out=said.write)
    assert runner.summarize(verbose=False).failed == 0, said.getvalue()
