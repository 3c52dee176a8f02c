"""One company is one folder: its settings, its landed bytes, its builds and its ledger, and nobody else's."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import yaml

from errors import Refusal

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Company:
    """A company's name, its folder, and how it counts money and time.

    `timezone_name` is an IANA name, `reporting_currency` an ISO 4217 code, `week_start` 1 (Monday) to 7; `webhook` says where
    approved actions may be posted to (`url`, `secret_env`, `hosts`), and is left out where they are fetched as files.
    """

    name: str
    folder: Path = field(compare=False)
    company_title: str = ""
    reporting_currency: str = "EUR"
    timezone_name: str = "UTC"
    week_start: int = 1
    fiscal_year_start_month: int = 1
    locale_name: str = "en_GB"
    is_demo: bool = False
    webhook: dict | None = field(default=None, compare=False)

    @property
    def landing(self) -> Path:
        """The folder of landed bytes, one file per content hash."""
        return self.folder / "landing"

    @property
    def checked(self) -> Path:
        """The folder of checked rows; every file in it can be made again from landing and code."""
        return self.folder / "checked"

    @property
    def builds(self) -> Path:
        """The folder of published builds."""
        return self.folder / "builds"

    @property
    def answers(self) -> Path:
        """The folder of what models have answered; every file in it can be made again from what they were asked."""
        return self.folder / "answers"


def home() -> Path:
    """The folder that holds all companies: `CROSSDOCK_HOME`, or `data/companies` in the project."""
    given = os.environ.get("CROSSDOCK_HOME")
    return Path(given).expanduser() if given else Path(__file__).resolve().parent.parent / "data" / "companies"


def companies() -> list[str]:
    """Names of the companies that exist, sorted."""
    return sorted(path.parent.name for path in home().glob("*/company.yml"))


def open_company(name: str) -> Company:
    """The company of that name; refused when there is none."""
    file = home() / _checked_name(name) / "company.yml"
    if not file.exists():
        known = ", ".join(companies()) or "none yet"
        raise Refusal(
            f"There is no company called {name!r}.",
            f"The companies here are: {known}.",
            f"Land a file to begin one: python -m pipelines land --company {name} FILE",
        )
    return _read(file)


def create_company(name: str, **settings: str | int | bool) -> Company:
    """The company of that name, begun now if it does not exist yet; settings of an existing one stay as they are."""
    folder = home() / _checked_name(name)
    file = folder / "company.yml"
    if file.exists():
        return _read(file)
    folder.mkdir(parents=True, exist_ok=True)
    company = Company(name=name, folder=folder, **{"company_title": name.capitalize(), **settings})  # type: ignore[arg-type]
    spec = {key: value for key, value in asdict(company).items() if key not in ("folder", "name") and value is not None}
    write_whole(file, yaml.safe_dump(spec, sort_keys=False, allow_unicode=True).encode())
    return company


@contextmanager
def only_writer(company: Company) -> Iterator[None]:
    """A lock that one process at a time holds while it lands, refreshes or undoes; the others wait their turn.

    The lock is the operating system's: a killed process gives it back by dying.
    """
    with (company.folder / ".writer").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part, even after a power cut."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename inside the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(file: Path) -> Company:
    spec = yaml.safe_load(file.read_text("utf-8")) or {}
    return Company(name=file.parent.name, folder=file.parent, **spec)


def _checked_name(name: str) -> str:
    if NAME.fullmatch(name):
        return name
    raise Refusal(
        f"{name!r} cannot be the name of a company.",
        "A company's name is also the name of its folder.",
        "Use small letters, digits, - and _, beginning with a letter or digit, at most 63 of them.",
    )
