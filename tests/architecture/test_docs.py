"""What the documentation points at is there, and the commands that it gives exist."""

import re
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, files

PAGES = [path for path in files() if path.suffix == ".md"]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")
NAMED = re.compile(r"`((?:pipelines|store|metrics|models|pages|data|tests|docs|benchmarks)/[\w./-]+\.\w+)`")


@pytest.mark.parametrize("page", PAGES, ids=map(str, PAGES))
def test_every_link_and_every_file_named_is_there(page: Path):
    text = (ROOT / page).read_text("utf-8")
    missing = [link for link in LINK.findall(text) if not (ROOT / page.parent / link).exists()]
    missing += [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    assert missing == []


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {word for page in PAGES for word in re.findall(r"`make ([a-z]+)", (ROOT / page).read_text("utf-8"))}
    assert named <= targets
