"""What no file of the product may do: run text as code, trust a pickle, build SQL out of strings, write raw HTML."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.checkout import PACKAGES, ROOT, Module, called, ids, modules, pages

RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
TRUSTS_BYTES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}
UNSAFE_YAML = ("yaml.load", "yaml.load_all", "yaml.full_load", "yaml.unsafe_load")
# Files that may all the same, with the reason.
PICKLES = {"pipelines/worker.py": "talks to its own child, and takes back plain values and our frozen classes only"}


NOQA = re.compile(r"# noqa: (?P<rules>[A-Z0-9, ]+?)(?P<reason>\s.*)?$", re.MULTILINE)


def sql_writers() -> set[str]:
    """Files that make SQL as their trade, out of contracts, sources and headers; pyproject.toml has the reason."""
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]["per-file-ignores"]
    return {path for path, rules in ignored.items() if "S608" in rules and not path.endswith("**")}


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_text_is_never_run_as_code(module: Module):
    plain = [call for call in module.calls if isinstance(call.func, ast.Name) and called(call) in RUNS_TEXT]
    assert [f"line {call.lineno}: {called(call)}" for call in plain] == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_no_bytes_are_trusted_to_become_objects(module: Module):
    trusted = [name for name, _ in module.imports if name.split(".")[0] in TRUSTS_BYTES]
    assert bool(trusted) == (module.path in PICKLES), trusted or "this file needs no exception any more"
    unsafe = [
        c
        for c in module.calls
        if ast.unparse(c.func) in UNSAFE_YAML and [ast.unparse(a) for a in c.args[1:]] != ["yaml.CSafeLoader"]
    ]
    assert unsafe == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_no_shell_reads_what_we_write(module: Module):
    shells = [
        c for c in module.calls if any(k.arg == "shell" for k in c.keywords) or ast.unparse(c.func) == "os.system"
    ]
    assert [f"line {call.lineno}" for call in shells] == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_only_the_drawing_kit_writes_html(module: Module):
    if module.path.startswith("pages/parts/"):
        return
    raw = [c for c in module.calls if called(c) == "html" or any(k.arg == "unsafe_allow_html" for k in c.keywords)]
    assert [f"line {call.lineno}" for call in raw] == []


def test_sql_out_of_strings_is_written_in_few_places_each_with_a_reason():
    """The finder is ruff's S608, run without the project's exceptions, so that an exception nobody needs is noticed."""
    paths = [module.path for module in modules()]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--ignore-noqa", "--select", "S608"]
    done = subprocess.run(
        [*command, "--output-format", "json", *paths], cwd=ROOT, capture_output=True, text=True, check=False
    )
    found = {finding["filename"].removeprefix(f"{ROOT}/") for finding in json.loads(done.stdout)}
    line_by_line = {
        module.path for module in modules() if any("S608" in m["rules"] for m in NOQA.finditer(module.text))
    }
    assert found <= sql_writers() | line_by_line, "bind parameters instead, or give the reason"
    assert sql_writers() <= found - line_by_line, "these need no exception for the whole file any more"
    assert found & {module.path for module in pages()} == set(), "a page asks the kit for rows"
    assert [path for path in found if path.startswith(("app.py", "models/"))] == []


@pytest.mark.parametrize("module", modules(), ids=ids(modules()))
def test_every_exception_from_a_rule_gives_its_reason(module: Module):
    assert [match.group() for match in NOQA.finditer(module.text) if not (match["reason"] or "").strip(" -")] == []
    assert "# noqa\n" not in module.text
    assert [line for line in module.text.splitlines() if re.search(r"# type: ignore(?!\[)", line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_no_host_is_named(name: str):
    lines = [
        line
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    assert [
        line for line in lines if not re.fullmatch(r"[a-z0-9._-]+(\[[a-z,]+\])?==[A-Za-z0-9.+!]+( ;.+)?", line)
    ] == []


def test_both_lists_of_pins_agree():
    pins = [
        dict(line.split("==") for line in (ROOT / name).read_text("utf-8").splitlines() if re.match(r"[a-z0-9]", line))
        for name in ("requirements.txt", "requirements-dev.txt")
    ]
    assert {
        name: (pins[0][name], pins[1][name])
        for name in pins[0].keys() & pins[1].keys()
        if pins[0][name] != pins[1][name]
    } == {}


def asked_for(*names: str) -> set[str]:
    """The packages that these lists ask for by name."""
    lines = [line for name in names for line in (ROOT / name).read_text("utf-8").splitlines()]
    return {re.split(r"[\[=<>~ ]", line)[0].lower() for line in lines if re.match(r"[A-Za-z]", line)}


def test_every_dependency_says_why_it_is_here():
    """docs/why/dependencies.md has a line for each package that we ask for by name."""
    why = (ROOT / "docs" / "why" / "dependencies.md").read_text("utf-8").lower()
    assert [name for name in asked_for("requirements.in", "requirements-dev.in") if f"**{name}**" not in why] == []


def test_whatever_is_imported_was_asked_for():
    """A package that only comes along with another may leave with it."""
    brings = packages_distributions()
    ours = {*PACKAGES, "app", "errors"}
    imported = (
        {name.split(".")[0] for module in modules() for name, _ in module.imports} - ours - sys.stdlib_module_names
    )
    asked = asked_for("requirements.in")
    assert [name for name in sorted(imported) if not asked & {d.lower() for d in brings.get(name, [name])}] == []
