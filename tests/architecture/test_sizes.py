"""How long things are: a ratchet, printed, so that a file that grows is noticed while it can still be split."""

import ast
from pathlib import Path

from tests.architecture.checkout import ROOT, files, modules, pages

FILE_LINES, PAGE_LINES, FUNCTION_LINES = 300, 80, 70

# Files that may be longer, with the most lines that each may have. This list may only shrink: lower a figure when the
# file shrinks, take the line out when it fits.
LONGER: dict[str, int] = {}
# The same for functions that are one declaration after another, with nothing between them that could go wrong.
LISTS = {"pipelines/arguments.py parser"}


def lengths() -> dict[str, int]:
    return {
        str(path): len((ROOT / path).read_text("utf-8").splitlines())
        for path in files()
        if path.suffix in (".py", ".sql")
    }


def limit(path: str) -> int:
    is_page = path in {module.path for module in pages()}
    return LONGER.get(path, PAGE_LINES if is_page else FILE_LINES)


def test_no_file_is_longer_than_one_idea(capsys):
    found = lengths()
    with capsys.disabled():
        longest = sorted(found.items(), key=lambda item: -item[1])[:5]
        print(f"\n{len(found)} files, {sum(found.values()):,} lines; the longest:", end=" ")
        print(", ".join(f"{path} {lines}" for path, lines in longest))
    assert {path: lines for path, lines in found.items() if lines > limit(path)} == {}


def test_the_list_of_longer_files_only_shrinks():
    found = lengths()
    assert [path for path in LONGER if path not in found] == [], "gone: take it out of the list"
    for path, allowed in LONGER.items():
        usual = PAGE_LINES if Path(path).parts[0] == "pages" and "parts" not in path else FILE_LINES
        assert usual < found[path] == allowed, f"{path} has {found[path]} lines now: lower its figure or take it out"


def test_no_function_is_longer_than_a_screen():
    """Docstrings count: a function that needs a page to explain may be two. A page's `render` is held by its file's length."""
    found = {
        f"{module.path} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in set(modules()) - set(pages())
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in found.items() if lines > FUNCTION_LINES and name not in LISTS} == {}
    assert [name for name in LISTS if found.get(name, 0) <= FUNCTION_LINES] == [], (
        "it fits now: take it out of the list"
    )
