"""Files on their way into force: looked at without any effect, and the loads that the ledger says are in force."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines import check, force, worker
from pipelines.intake import Intake, Request, checked_folder, intake, intake_all
from store import landing
from store.company import Company
from store.ledger import Act

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class LandResult:
    """What came of landing one file; `is_repeat` when the same bytes, read the same way, are in force already."""

    load_id: str
    file_name: str
    file_hash: str
    source: str
    because: tuple[str, ...]
    parts: tuple[check.Part, ...]
    is_repeat: bool


def quiet(_fraction: float, _text: str) -> None:
    """Progress that nobody watches."""


def examine(
    company: Company,
    path: Path,
    *,
    file_name: str | None = None,
    source: str | None = None,
    contract: str | None = None,
    answers: dict | None = None,
    at: datetime | None = None,
    is_trusted: bool = False,
    progress: Progress = quiet,
) -> tuple[landing.Landed, Intake]:
    """What landing this file would do, with nothing put in force yet: the bytes kept, and its rows checked.

    Errors: a Refusal when the file cannot be read, is not recognised, or leaves a question open.
    """
    kept = landing.keep(company, path, file_name)
    request = _request(company, kept, at=at or datetime.now(UTC), source=source, contract=contract, answers=answers)
    if is_trusted:
        return kept, intake(request, progress)
    seconds, what = worker.seconds_for(kept.size_bytes), f"reading {kept.file_name}"
    return kept, worker.run(intake, request, seconds=seconds, progress=progress, what=what)


def source_name(found: Intake) -> str:
    """The system or systems that a file came from."""
    return " + ".join(dict.fromkeys(sheet["reading"]["source"] for sheet in found.sheets))


def load_payload(load_id: str, kept: landing.Landed, found: Intake) -> dict:
    """What the ledger remembers of a load: the bytes, how they are read, why, and every line accounted for."""
    return {
        "load_id": load_id,
        "file_hash": kept.file_hash,
        "file_name": kept.file_name,
        "size_bytes": kept.size_bytes,
        "line_count": kept.line_count,
        "source": source_name(found),
        "sheets": list(found.sheets),
        "because": list(found.because),
        "counts": [counts_of(part) for part in found.parts],
    }


def counts_of(part: check.Part) -> dict:
    """A part's contract and its four counts."""
    return {name: getattr(part, name) for name in ("contract", "lines_in", "accepted", "set_aside", "ignored")}


def in_force(acts: list[Act]) -> list[Act]:
    """The load acts that no undo has taken back, oldest first."""
    undone = {act.payload["load_id"] for act in acts if act.kind == "undo"}
    return [act for act in acts if act.kind == "load" and act.payload["load_id"] not in undone]


def checked_loads(company: Company, acts: list[Act], progress: Progress = quiet) -> list[force.Load]:
    """The loads in force with their checked rows, which are made anew where code has changed since they were kept."""
    loads = [(act, _request_again(company, act)) for act in in_force(acts)]
    folders = {act.act_no: checked_folder(request, request.sheets) for act, request in loads}
    stale = [request for act, request in loads if not (folders[act.act_no] / "parts.json").exists()]
    if stale:
        seconds = sum(worker.seconds_for(Path(request.path).stat().st_size) for request in stale)
        worker.run(intake_all, stale, seconds=seconds, progress=progress, what="reading the landed files again")
        _forget_others(stale, set(folders.values()))
    return [
        force.Load(act.act_no, act.payload["load_id"], act.payload, act.at, act.who, check.opened(folders[act.act_no]))
        for act, _ in loads
    ]


def _forget_others(requests: list[Request], used: set[Path]) -> None:
    """Throw away what older code made of these files."""
    for request in requests:
        for folder in Path(request.checked_root).glob(f"{request.file_hash[:16]}-*"):
            if folder not in used:
                shutil.rmtree(folder, ignore_errors=True)


def listed(acts: list[Act], in_build: set[str]) -> list[dict]:
    """Every load there ever was, oldest first: its counts, whether it is in force, and whether the build holds it."""
    ids = {act.payload["load_id"] for act in in_force(acts)}
    return [
        {
            **{key: said for key, said in act.payload.items() if key != "sheets"},
            "loaded_at": act.at,
            "who": act.who,
            "is_in_force": act.payload["load_id"] in ids,
            "is_in_build": act.payload["load_id"] in in_build,
        }
        for act in acts
        if act.kind == "load"
    ]


def _request(company: Company, kept: landing.Landed, *, at: datetime, **said: object) -> Request:
    return Request(
        path=str(kept.path),
        file_name=kept.file_name,
        file_hash=kept.file_hash,
        line_count=kept.line_count,
        checked_root=str(company.checked),
        timezone_name=company.timezone_name,
        landed_at=at,
        **said,  # type: ignore[arg-type]
    )


def _request_again(company: Company, act: Act) -> Request:
    """The request that reads a recorded load the way it was read when it was landed."""
    said = act.payload
    path = landing.kept_path(company, said["file_hash"])
    kept = landing.Landed(
        said["file_hash"], said["file_name"], said["size_bytes"], said["line_count"], path, is_new=False
    )
    return _request(company, kept, at=act.at, sheets=tuple(said["sheets"]))
