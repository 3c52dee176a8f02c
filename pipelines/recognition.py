"""What came of recognising a sheet: the reading, the reasons for it, and the questions that only a person can answer."""

from dataclasses import dataclass

from errors import Refusal
from pipelines.source import Reading

ORDER_WORDS = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}


@dataclass(frozen=True)
class Question:
    """What a file leaves open and a person must say: kind `date_order` or `decimal`, the column, texts that show it."""

    kind: str
    column: str
    examples: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def text(self) -> str:
        """The question in words.

        >>> Question("decimal", "Qty", ("1.234",), (".", ",")).text
        "Is '1.234' in 'Qty' written with a decimal point or a decimal comma?"
        """
        if self.kind == "decimal":
            return f"Is {self.examples[0]!r} in {self.column!r} written with a decimal point or a decimal comma?"
        shown = ", ".join(self.examples)
        return f"In which order are day, month and year in {self.column!r} ({shown})?"

    def refusal(self, file_name: str) -> Refusal:
        """The refusal where nobody can be asked: it says how to give the answer."""
        option = "--dates" if self.kind == "date_order" else "--decimal"
        said = [
            f"{option} {answer}" + (f" ({ORDER_WORDS[answer]})" if answer in ORDER_WORDS else "")
            for answer in self.options
        ]
        return Refusal(
            f"{file_name} was not loaded.",
            f"{self.text} Both ways of reading fit, and a guess could be wrong.",
            f"Say {' or '.join(said)}.",
        )


@dataclass(frozen=True)
class Recognition:
    """What a sheet was taken for and why.

    Attributes:
        reading: how `check` is to read it.
        because: the reasons, in sentences.
        confidence: 0-1; 1 for a known source.
        suggestions: contract column to (heading, score of 100, why), for a person to confirm.
        unmapped_headers: the headings that no column takes; their values are kept beside each row.
        questions: what must be answered before the file is read.
    """

    reading: Reading
    because: tuple[str, ...]
    confidence: float
    suggestions: dict[str, tuple[str, float, str]]
    unmapped_headers: tuple[str, ...]
    questions: tuple[Question, ...] = ()
