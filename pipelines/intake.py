"""A landed file on its way in: what it is, how it is read, and its rows held to their contracts. Runs in the worker's child process."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import orjson

from errors import Refusal
from pipelines import check, read, recognise
from pipelines.source import Reading, reading_of, source, spec_of
from pipelines.version import checking_version

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Request:
    """A file and what a person said of it; whatever was not said is recognised.

    `sheets` repeats the readings of an earlier intake (from the ledger); then nothing is recognised anew.
    """

    path: str
    file_name: str
    file_hash: str
    line_count: int
    checked_root: str
    timezone_name: str
    landed_at: datetime
    source: str | None = None
    contract: str | None = None
    answers: dict | None = None
    sheets: tuple[dict, ...] = ()


@dataclass(frozen=True)
class Intake:
    """What came of a request: each sheet's reading with the reasons for it, and the checked rows.

    `sheets` are plain values for the ledger; `recognitions` hold sample rows and suggestions for a person to confirm.
    """

    sheets: tuple[dict, ...]
    recognitions: tuple[recognise.Recognition, ...]
    because: tuple[str, ...]
    folder: str
    parts: tuple[check.Part, ...]


def intake(request: Request, progress: Progress | None = None) -> Intake:
    """The file read and checked.

    Errors: a Refusal when the file cannot be read, is not recognised, or a question about it has no answer yet.
    """
    say = progress or (lambda _fraction, _text: None)
    say(0.0, f"reading {request.file_name}")
    sheets = read.survey(Path(request.path), request.file_name)
    recognitions = () if request.sheets else _recognised(sheets, request)
    readings = (
        [(_sheet(sheets, said["sheet"]), resolved(said["reading"])) for said in request.sheets]
        if request.sheets
        else [(sheet, found.reading) for sheet, found in recognitions]
    )
    # The columns of a sheet are told by their place, so they may be given the spelling that the rules use.
    readings = [(replace(sheet, columns=reading.spelled(sheet.columns)), reading) for sheet, reading in readings]
    specs = tuple({"sheet": sheet.sheet_name, "reading": _spec(reading)} for sheet, reading in readings)
    # A ledger of an earlier version names readings without what was added to them since; the place is told by what it says.
    folder = checked_folder(request, request.sheets or specs)
    file = check.Sheets(
        Path(request.path), tuple(readings), request.line_count, request.timezone_name, request.landed_at
    )
    made = check.checked(file, folder, say)
    because = tuple(sentence for _, found in recognitions for sentence in found.because)
    return Intake(specs, tuple(found for _, found in recognitions), because, str(folder), made.parts)


def intake_all(requests: list[Request], progress: Progress | None = None) -> None:
    """Several files read and checked one after another; what is kept of them is in their folders."""
    for place, request in enumerate(requests):
        if progress:
            progress(place / len(requests), f"reading {request.file_name} again")
        intake(request)


def checked_folder(request: Request, specs: tuple[dict, ...]) -> Path:
    """Where the checked rows of this file, read this way by this code, are kept."""
    said = [specs, request.timezone_name, request.landed_at.date().isoformat(), request.line_count, checking_version()]
    said += [spec_of(resolved(spec["reading"])) for spec in specs if "feeds" not in spec["reading"]]
    digest = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return Path(request.checked_root) / f"{request.file_hash[:16]}-{digest[:12]}"


def resolved(spec: dict) -> Reading:
    """The reading that a ledger entry names: written out whole, or one of a known source by name."""
    if "feeds" in spec:
        return reading_of(spec)
    for reading in source(spec["source"]).readings:
        if reading.file == spec["name"]:
            return reading
    raise Refusal(
        f"The file {spec['name']!r} of source {spec['source']!r} cannot be read any more.",
        "The source does not describe that file now.",
        f"Put it back into pipelines/sources/{spec['source']}.yml, or undo the load.",
    )


def _spec(reading: Reading) -> dict:
    return spec_of(reading) if reading.source == "generic" else {"source": reading.source, "name": reading.file}


def _recognised(sheets: list[read.Sheet], request: Request) -> tuple[tuple[read.Sheet, recognise.Recognition], ...]:
    found, refused = [], []
    for sheet in sheets:
        try:
            made = recognise.recognise(
                sheet,
                file_name=request.file_name,
                source=request.source,
                contract=request.contract,
                answers=request.answers,
            )
            found.append((sheet, made))
        except Refusal as refusal:
            refused.append(refusal)
    # A workbook may hold a cover sheet or notes beside the data; a file with nothing recognised is refused.
    if not found:
        raise refused[0]
    questions = [question for _, recognition in found for question in recognition.questions]
    if questions:
        raise questions[0].refusal(request.file_name)
    return tuple(found)


def _sheet(sheets: list[read.Sheet], name: str) -> read.Sheet:
    return next(sheet for sheet in sheets if sheet.sheet_name == name)
