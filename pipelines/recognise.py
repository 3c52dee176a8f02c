"""What a sheet is: a file of a known system by its headings, or an extract by words and values; with reasons, never a guess."""

from errors import Refusal
from pipelines import generic
from pipelines import source as source_book
from pipelines.recognition import Question, Recognition
from pipelines.sheet import Sheet
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
    there = set(sheet.columns)
    fitting = [
        (len(reading.headers), known, reading)
        for known in source_book.sources().values()
        for reading in known.readings
        if reading.headers and there.issuperset(reading.headers)
    ]
    if not fitting:
        return None
    count, known, reading = max(fitting, key=lambda fitted: fitted[0])
    words = "The heading" if count == 1 else f"All {count} headings"
    unmapped = tuple(h for h in sheet.columns if h not in reading.named_headers and h not in reading.drop)
    because = (f"{words} of {known.title} ({reading.file}) {'is' if count == 1 else 'are'} there.",)
    return Recognition(reading, because, 1.0, {}, unmapped)


def _of_source(sheet: Sheet, name: str, file_name: str) -> Recognition:
    named = source_book.source(name)
    there = set(sheet.columns)
    fitting = [reading for reading in named.readings if there.issuperset(reading.headers)]
    if fitting:
        reading = max(fitting, key=lambda fitted: len(fitted.headers))
        unmapped = tuple(h for h in sheet.columns if h not in reading.named_headers and h not in reading.drop)
        return Recognition(
            reading, (f"You named {named.title}; the headings of {reading.file} are there.",), 1.0, {}, unmapped
        )
    nearest = max(named.readings, key=lambda reading: len(there.intersection(reading.headers)) / len(reading.headers))
    missing = [header for header in nearest.headers if header not in there]
    raise Refusal(
        f"{file_name} was not recognised as {named.title}.",
        f"Of the file {nearest.file} these headings are missing: {listed(missing)}.",
        "Export it with its original headings, or leave the source out.",
    )
