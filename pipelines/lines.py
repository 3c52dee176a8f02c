"""Text line by line: every physical line ends up in exactly one record, so that one bad line costs one line."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from errors import Refusal
from pipelines.prescan import opened
from pipelines.rectangle import WHITE, rectangle

BLOCK_BYTES = 1 << 18  # small blocks stay in the processor's cache: four times faster than large ones
WINDOW_LINES = 400  # so do the values of a short run, from their making to their writing
LONGEST_RECORD_LINES = 500
LONGEST_RECORD_CHARS = 1 << 20
LONGEST_LINE_CHARS = 16 << 20
SHOWN_CHARS = 1 << 16

csv.field_size_limit(max(csv.field_size_limit(), LONGEST_RECORD_CHARS))

NEVER_CLOSED = (
    "The line opens a quotation mark that is never closed. Close it, or double each quotation mark inside a value, "
    "and load the line again."
)
AFTER_QUOTE = (
    "Text follows straight after a closing quotation mark. Double each quotation mark inside a value, "
    "and load the line again."
)
NUL = "The line holds zero bytes (shown as ␀), which no text has. Export it again, and load the line again."
UNREADABLE = (
    "The line holds bytes that are no characters in the file's encoding (shown as \\x..). "
    "Save the file as UTF-8, and load the line again."
)


OPEN = "open"  # the lines at hand end within a quoted value


@dataclass
class Records:
    """A run of records: their cells, the physical line each begins on, defects by place, and empty lines left out.

    A run read in one stroke holds its cells as `columns`; `rows` is then empty.
    """

    rows: list[Sequence[str | None]] = field(default_factory=list)
    columns: list[pa.Array] = field(default_factory=list)
    line_nos: Sequence[int] = field(default_factory=list)
    defects: dict[int, str] = field(default_factory=dict)
    blank: int = 0


def physical_lines(path: Path, encoding: str) -> Iterator[list[str]]:
    """The lines of the file with their ends (LF, CRLF or CR alone), in lists of some thousands.

    Bytes that are no characters come through as lone surrogates, so that `records` can set their line aside.
    A line of more than 16 million characters is refused.
    """
    is_wide = encoding.startswith(("utf-16", "utf-32"))
    decoder = codecs.getincrementaldecoder(encoding)("replace" if is_wide else "surrogateescape")
    kept, is_first = "", True
    with opened(path) as file:
        while block := file.read(BLOCK_BYTES):
            text = decoder.decode(block)
            if is_wide:
                text = text.replace("\ufffd", "\udcfd")
            if is_first and text:
                text, is_first = text.removeprefix("\ufeff"), False
            # newline="" splits at LF, CRLF and CR and nowhere else, which str.splitlines does not
            lines = io.StringIO(kept + text, newline="").readlines()
            kept = lines.pop() if lines else ""  # may be cut within a line, or between CR and LF
            if len(kept) > LONGEST_LINE_CHARS:
                raise Refusal(
                    "The file was not read.",
                    f"It holds a line of more than {LONGEST_LINE_CHARS:,} characters; no table has such lines.",
                    "Export it again with one record per line.",
                )
            yield lines
    kept += decoder.decode(b"", True)
    yield io.StringIO(kept, newline="").readlines()


def records(
    blocks: Iterable[list[str]],
    *,
    delimiter: str,
    width: int | None,
    first_line: int = 1,
    any_width: bool = False,
    by_column: bool = False,
) -> Iterator[Records]:
    """The records of the lines, in runs; records of another width than `width` are defects, unless any width will do.

    A quoted value may hold line breaks. A line whose quotation mark is not closed within 500 lines, or whose
    closing makes no record, is a defect by itself, and reading goes on with the next line. `by_column` lets blocks
    without any oddity come as columns.

    >>> runs = list(records([["a,b\\n", '1,"x\\n', "2,y\\n"]], delimiter=",", width=2))
    >>> [row for run in runs for row in run.rows]
    [['a', 'b'], ['1,"x', None], ['2', 'y']]
    >>> [text[:46] for run in runs for text in run.defects.values()]
    ['The line opens a quotation mark that is never ']
    """
    waiting: list[str] = []
    for lines in blocks:
        columns = rectangle(lines, delimiter, width) if by_column and width and not waiting else None
        if columns:
            yield Records(columns=columns, line_nos=range(first_line, first_line + len(lines)))
            first_line += len(lines)
            continue
        reader = _Reader(waiting + lines, first_line, delimiter, width, any_width)
        yield from reader.runs(at_end=False)
        first_line, waiting = first_line + reader.used, reader.lines[reader.used :]
    if waiting:
        yield from _Reader(waiting, first_line, delimiter, width, any_width).runs(at_end=True)


class _Reader:
    """Reads one block of lines; a record that is still open at the end of the block it leaves unread."""

    def __init__(self, lines: list[str], first_line: int, delimiter: str, width: int | None, any_width: bool):
        self.lines, self.first_line, self.delimiter = lines, first_line, delimiter
        self.width, self.any_width, self.used = width, any_width, 0
        self._begin()

    def runs(self, *, at_end: bool) -> Iterator[Records]:
        """The records in short runs; afterwards `used` says how many lines they took."""
        for stop, reason in self._spoilt_lines():
            yield from self._runs_up_to(stop, is_end=True)
            self._set_aside(stop, reason)
            self.used = stop + 1
        yield from self._runs_up_to(len(self.lines), is_end=at_end)
        yield self.found

    def _begin(self) -> None:
        self.line_nos: list[int] = []
        self.found = Records(line_nos=self.line_nos)

    def _spoilt_lines(self) -> list[tuple[int, str]]:
        text = "".join(self.lines)
        if "\0" not in text and not _has_surrogates(text):
            return []
        spoilt = []
        for at, line in enumerate(self.lines):
            if _has_surrogates(line):
                spoilt.append((at, UNREADABLE))
            elif "\0" in line:
                spoilt.append((at, NUL))
        return spoilt

    def _runs_up_to(self, stop: int, *, is_end: bool) -> Iterator[Records]:
        size = WINDOW_LINES
        while self.used < stop:
            window = self.lines[self.used : min(self.used + size, stop)]
            done, fault = self._read_window(window, self.first_line + self.used)
            self.used += done
            if fault is OPEN and len(window) - done <= LONGEST_RECORD_LINES:
                if self.used + len(window) - done < stop:
                    size = LONGEST_RECORD_LINES + 1  # begin again at this record and look as far as one may reach
                    continue
                if not is_end:
                    return
            if fault:
                self._set_aside(self.used, NEVER_CLOSED if fault is OPEN else fault)
                self.used += 1
            size = WINDOW_LINES
            yield self.found
            self._begin()

    def _read_window(self, window: list[str], line_no: int) -> tuple[int, str | None]:
        """How many lines went into finished records, and what is wrong with the record after them."""
        reader = csv.reader(window, delimiter=self.delimiter, strict=True)
        rows, line_nos, width, done = self.found.rows, self.line_nos, self.width, 0
        try:
            for row in reader:
                end = reader.line_num
                if end - done > 1 and not self._is_plausible(window[done:end], row):
                    return done, NEVER_CLOSED
                if len(row) == width and row[0] >= "!":  # begins with no white space, so it is no blank line
                    rows.append(row)
                    line_nos.append(line_no + done)
                else:
                    self._take_odd(row, window[done:end], line_no + done)
                done = end
        except csv.Error as error:
            if "unexpected end" in str(error):
                return done, OPEN
            return done, AFTER_QUOTE if reader.line_num - done == 1 else NEVER_CLOSED
        return done, None

    def _is_plausible(self, lines: list[str], row: list[str]) -> bool:
        """Whether these lines are one record with line breaks in a value, rather than records swallowed by a quote."""
        if len(lines) > LONGEST_RECORD_LINES or (self.width and len(row) != self.width):
            return False
        counts = [line.count(self.delimiter) for line in lines]
        inner = counts[1:-1]
        if self.width is None:
            return len(inner) < 3 or len(set(inner)) > 1 or inner[0] == 0
        as_wide = self.width - 1
        if len(counts) + self.width >= 5 and set(counts) == {as_wide}:
            return False
        return set(inner) != {as_wide} or len(inner) + self.width < 5

    def _take_odd(self, row: list[str], lines: list[str], line_no: int) -> None:
        if not any(cell.strip(WHITE) for cell in row):
            self.found.blank += 1
            return
        if self.any_width or len(row) == self.width:
            self._keep(row, line_no)
        elif len(lines) == 1 and (spaced := self._spaced(lines[0])):
            self._keep(spaced, line_no)
        else:
            self._set_aside(line_no - self.first_line, self._ragged(len(row)), "".join(lines))

    def _spaced(self, line: str) -> list[str] | None:
        """The cells of a line that puts a space between the separator and an opening quotation mark."""
        if self.delimiter + ' "' not in line:
            return None
        try:
            [row] = csv.reader([line], delimiter=self.delimiter, strict=True, skipinitialspace=True)
        except (csv.Error, ValueError):
            return None
        return row if len(row) == self.width else None

    def _ragged(self, cells: int) -> str:
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
        mark = names.get(self.delimiter, repr(self.delimiter))
        is_long = cells > (self.width or 0)
        cause = f"a value that holds a {mark} must stand in quotation marks" if is_long else "values are missing"
        values = "1 value" if cells == 1 else f"{cells} values"
        return f"The line has {values}, the headings name {self.width}: {cause}. Correct it, and load the line again."

    def _keep(self, row: Sequence[str | None], line_no: int) -> None:
        self.found.rows.append(row)
        self.line_nos.append(line_no)

    def _set_aside(self, at: int, reason: str, raw: str | None = None) -> None:
        shown = _shown(self.lines[at] if raw is None else raw)
        self.found.defects[len(self.found.rows)] = reason
        self._keep([shown, *[None] * ((self.width or 1) - 1)], self.first_line + at)


def _has_surrogates(text: str) -> bool:
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _shown(line: str) -> str:
    """The line as it can be kept and shown: odd bytes as \\x.., zero bytes as ␀, and no more than 65,536 characters."""
    text = line.rstrip("\r\n")[:SHOWN_CHARS].replace("\0", "␀")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
