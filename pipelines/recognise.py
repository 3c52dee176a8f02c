"""What a sheet is: a file of a known system by its headings, or an extract by words and values; with reasons, never a guess."""

from errors import Refusal
from pipelines import generic
from pipelines import source as source_book
from pipelines.recognition import Question, Recognition
from pipelines.sheet import Sheet
from pipelines.source import Reading
from pipelines.words import listed

__all__ = ["Question", "Recognition", "recognise"]


def recognise(
    sheet: Sheet, *, file_name: str, source: str | None = None, contract: str | None = None, answers: dict | None = None
) -> Recognition:
    """What the sheet is, with the reasons.

    A known source is recognised by its headings, all of which must be there. Otherwise the extract is chosen whose
    required columns are all found and which explains most headings; the name of the file is a hint.

    Args:
        sheet: what `read.survey` found.
        file_name: the name that it came under.
        source: a source that the person named; then only its files are looked for.
        contract: an extract that the person named; then only headings are mapped.
        answers: what the person said: `columns` (contract column to heading, an empty heading leaves it out), `dates`
            (dmy, mdy or ymd) and `decimal` ("." or ",").

    Raises:
        Refusal: nothing fits well enough, two extracts fit equally, or a named one does not fit.
    """
    said = answers or {}
    if source and source != "generic":
        return _of_source(sheet, source, file_name)
    if not contract and source != "generic" and (known := _known_source(sheet)):
        return known
    return generic.recognised(sheet, file_name, contract, said)


def _known_source(sheet: Sheet) -> Recognition | None:
    fitting = [
        (len(reading.headers), known, reading)
        for known in source_book.sources().values()
        for reading in known.readings
        if reading.headers and set(reading.spelled(sheet.columns)).issuperset(reading.headers)
    ]
    if not fitting:
        return None
    count, known, reading = max(fitting, key=lambda fitted: fitted[0])
    words = "The heading" if count == 1 else f"All {count} headings"
    because = (f"{words} of {known.title} ({reading.file}) {'is' if count == 1 else 'are'} there.",)
    return Recognition(reading, because, 1.0, {}, _unmapped(sheet, reading))


def _of_source(sheet: Sheet, name: str, file_name: str) -> Recognition:
    named = source_book.source(name)
    fitting = [reading for reading in named.readings if set(reading.spelled(sheet.columns)).issuperset(reading.headers)]
    if fitting:
        reading = max(fitting, key=lambda fitted: len(fitted.headers))
        because = (f"You named {named.title}; the headings of {reading.file} are there.",)
        return Recognition(reading, because, 1.0, {}, _unmapped(sheet, reading))
    nearest = min(named.readings, key=lambda reading: len(_missing(sheet, reading)) / len(reading.headers))
    missing = _missing(sheet, nearest)
    raise Refusal(
        f"{file_name} was not recognised as {named.title}.",
        f"Of the file {nearest.file} these headings are missing: {listed(missing)}.",
        "Export it with its original headings, or leave the source out.",
    )


def _missing(sheet: Sheet, reading: Reading) -> list[str]:
    there = set(reading.spelled(sheet.columns))
    return [header for header in reading.headers if header not in there]


def _unmapped(sheet: Sheet, reading: Reading) -> tuple[str, ...]:
    spoken_for = reading.named_headers.union(reading.drop)
    return tuple(header for header in reading.spelled(sheet.columns) if header not in spoken_for)
