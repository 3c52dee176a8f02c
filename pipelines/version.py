"""Which code and packaged knowledge a result was made with: a hash of the files, so that other code makes a new result."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = (
    "pipelines",
    "metrics",
    "models",
    "data/contracts",
    "data/dictionary.yml",
    "data/assumptions",
    "data/use_cases",
    "data/registers",
    "data/roadmap",
    "data/calendars",
)
CHECKING = (
    "cast",
    "check",
    "contract",
    "fastcsv",
    "plan",
    "read",
    "settle",
    "source",
    "dialect",
    "prescan",
    "json_",
    "spans",
    "replies",
)


@cache
def code_version() -> str:
    """Sixteen hexadecimal digits over everything that a build's content depends on."""
    return _hash([path for name in EVERYTHING for path in _files(ROOT / name)])


@cache
def checking_version() -> str:
    """Sixteen hexadecimal digits over everything that decides whether a row is accepted, and how it is typed."""
    code = [
        path
        for path in _files(ROOT / "pipelines")
        if path.suffix == ".py" and any(word in str(path) for word in CHECKING)
    ]
    return _hash([*code, *_files(ROOT / "data/contracts"), ROOT / "data/dictionary.yml"])


def _files(base: Path) -> list[Path]:
    found = sorted(base.rglob("*")) if base.is_dir() else [base]
    return [path for path in found if path.is_file() and path.suffix in (".py", ".sql", ".yml", ".csv")]


def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
