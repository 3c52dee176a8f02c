"""Who may import whom. import-linter holds the packages (contracts in pyproject.toml); here stands what it cannot hold."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipelines.graph import all_models
from tests.architecture.checkout import ROOT, Module, called, ids, modules

OURS = {"app", "errors", "store", "metrics", "models", "pipelines", "decisions", "pages", "tests", "benchmarks"}
RECORDERS = {"pipelines/flow.py", "decisions/desk.py"}
REACHES_OUT = {
    "requests", "httpx", "aiohttp", "urllib3", "websockets", "websocket", "socket", "socketserver", "smtplib", "ftplib",
    "telnetlib", "imaplib", "poplib", "xmlrpc", "http.client", "http.server", "urllib.request", "boto3", "paramiko", "openai",
}  # fmt: skip


def configuration() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]


def test_the_import_contracts_are_kept():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": "."}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_is_known_to_the_contracts_and_to_mypy():
    """A new folder of Python that nobody listed would be held to nothing."""
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert ours == set(configuration()["importlinter"]["root_packages"])
    assert ours <= set(configuration()["mypy"]["files"])


def test_every_folder_of_python_is_a_package():
    """import-linter does not look into a folder without __init__.py, so nothing would hold what lies in it."""
    folders = {Path(module.path).parent for module in modules()} - {Path()}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_only_the_front_door_stands_above_the_pages(module: Module):
    """Nobody imports app.py, and errors.py imports nothing of ours: both are files, which import-linter cannot hold."""
    of_ours = {name.split(".")[0] for name, _ in module.imports} & OURS
    assert not of_ours & {"app", "tests", "benchmarks"}
    if module.path == "errors.py":
        assert not of_ours


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_a_capability_imports_no_other_capability(module: Module):
    """Capabilities meet in the warehouse; what several need is a single module directly under models/."""
    if not module.name.startswith("models."):
        return
    capabilities = {path.parent.name for path in (ROOT / "models").glob("*/__init__.py")}
    own = module.name.split(".")[1]
    others = {f"models.{capability}" for capability in capabilities if capability != own}
    assert [name for name, _ in module.imports if ".".join(name.split(".")[:2]) in others] == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_nobody_else_records(module: Module):
    """`Ledger.append` takes more than one thing and a list's does not: that tells them apart wherever they are called."""
    recorded = [c for c in module.calls if called(c) == "append" and (len(c.args) != 1 or c.keywords)]
    assert module.path in RECORDERS or [f"{module.path}:{call.lineno}" for call in recorded] == []


# Where a company itself names another machine: the receiver of its approved actions, and who may draft words for it.
MAY_REACH_OUT = {"decisions/exports/webhook.py", "decisions/drafting.py"}


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_nothing_reaches_out(module: Module):
    """The product asks no other machine for anything unless a company names it; a PostgreSQL ledger is reached by SQLAlchemy alone."""
    if module.path in MAY_REACH_OUT:
        return
    found = [
        f"{name}, line {line}"
        for name, line in module.imports
        if name.split(".")[0] in REACHES_OUT or ".".join(name.split(".")[:2]) in REACHES_OUT
    ]
    assert found == []


def test_data_holds_no_code():
    assert [str(path) for path in (ROOT / "data").rglob("*.py")] == []


def test_models_that_search_with_a_clock_say_so():
    """Their answers may differ with how busy the machine is, so what took them long is not kept (pipelines/answers.py)."""
    reached, imports = {"models.solver"}, imports_of_models()
    while more := {name for name, seen in imports.items() if name not in reached and seen & reached}:
        reached |= more
    nodes = {model.score.__module__: model for model in all_models().values()}
    assert {name for name in nodes if name in reached} == {name for name, model in nodes.items() if model.searches}


def imports_of_models() -> dict[str, set[str]]:
    """Every module of the models, and what it imports, by their whole names."""
    found = {}
    for path in sorted((ROOT / "models").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        names: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
            elif isinstance(node, ast.Import):
                names |= {one.name for one in node.names}
        found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = names
    return found
