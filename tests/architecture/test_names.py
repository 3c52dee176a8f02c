"""Names say what a thing is, and nothing in the project names the machine that it was written on."""

import re
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, files

SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "misc",
    "base",
    "core_utils",
    "lib",
}
# Each has a hole in it, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    r"(?<![\w.])/(wor[k]|roo[t]|far[m])/|(?<![\w.])/(hom[e]|User[s])/\w|far[m]-(studio|bench)|\bsub[a]gent"
    r"|\bTOD[O]\b|\bFIXM[E]\b|\bpypi[.]org|pythonhoste[d]|debian[.]org|npmjs[.](org|com)"
    r"|index[-]url|extra[-]index|find[-]links|\bregistry[=]"
)


def test_a_module_is_named_by_one_noun():
    found = [str(path) for path in files() if path.suffix == ".py" and {path.stem, *path.parts[:-1]} & SAY_NOTHING]
    assert found == []


@pytest.mark.parametrize("path", files(), ids=map(str, files()))
def test_a_file_names_no_machine_and_no_package_host(path: Path):
    lines = (ROOT / path).read_text("utf-8", "replace").splitlines()
    assert [f"line {n}: {line.strip()[:120]}" for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)] == []
