"""The checkout as data: its modules, parsed, and its text files; what the tests in this folder ask questions of."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("store", "metrics", "models", "pipelines", "decisions", "pages")
# Made by tools, or a company's own: no part of the project.
PASSED_OVER = {
    ".git",
    ".venv",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    "companies",
    "build",
}
TEXT = {".py", ".sql", ".yml", ".yaml", ".toml", ".md", ".txt", ".in", ".cfg", ".ini", ".css", ".svg", ".json", ""}


@dataclass(frozen=True)
class Module:
    """One Python file of the product: where it lies, what it is imported as, and what it says."""

    path: str
    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return _parsed(self.text)

    @property
    def imports(self) -> list[tuple[str, int]]:
        """Every module that it imports, dotted, with the line; `from a import b` counts as `a.b`."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        return found

    @property
    def calls(self) -> list[ast.Call]:
        """Every call that it makes."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]


@cache
def files() -> tuple[Path, ...]:
    """Every text file of the project, by path from its root."""
    return tuple(sorted(path.relative_to(ROOT) for path in _walked(ROOT) if path.suffix in TEXT))


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the product; tests and benchmarks are not of it."""
    return tuple(
        Module(str(path), _dotted(path), (ROOT / path).read_text("utf-8"))
        for path in files()
        if path.suffix == ".py" and (path.parts[0] in PACKAGES or len(path.parts) == 1)
    )


def pages() -> tuple[Module, ...]:
    """The files that are pages: pages/<section>/<page>.py, without the drawing kit."""
    return tuple(
        module
        for module in modules()
        if module.path.startswith("pages/")
        and not module.path.startswith("pages/parts/")
        and not module.path.endswith("__init__.py")
    )


def addresses() -> list[str]:
    """The word of each page in the address bar: its file's name."""
    return [Path(module.path).stem for module in pages()]


def called(call: ast.Call) -> str:
    """The last word of what is called: `append` for `ledger.append(…)`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def ids(things: tuple[Module, ...]) -> list[str]:
    """Test names for a list of modules."""
    return [module.path for module in things]


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _walked(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in PASSED_OVER]
        yield from (Path(where) / name for name in names)
