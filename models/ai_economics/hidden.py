"""The seven costs that plans forget: what each is planned at and was seen to cost, or why it does not apply; none is silently nought."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from models.ai_economics.lines import BY_CODE, HIDDEN

EVENTS = {
    1: "new vectors",
    2: "review by people",
    3: "prompt redesign",
    4: "second region",
    5: "edge cases of agents",
    6: "support and training",
    7: "vendor switch",
}
ABSENT = {
    1: "No use case that was taken up reads content through vectors.",
    2: "No use case that was taken up has a share of cases that people review.",
    3: "No use case was taken up whose prompts could have to follow the ERP.",
    4: "Everything is served from one region, and no surcharge is assumed.",
    5: "No use case that was taken up is an agent.",
    6: "No use case was taken up that people work with.",
    7: "No use case was taken up whose vendor could change.",
}
SHAPE = {
    "hidden_no": pl.Int64,
    "hidden_name": pl.String,
    "planned_amount": pl.Float64,
    "seen_amount": pl.Float64,
    "is_counted": pl.Boolean,
    "because_text": pl.String,
}


@dataclass(frozen=True)
class Seen:
    """What was detected of one hidden cost: what it cost, None where that is not known, and what was found or looked for."""

    amount: float | None
    is_detected: bool
    because: str


def meter(planned: pl.DataFrame, seen: Mapping[str, Seen], gap: str = "") -> pl.DataFrame:
    """One row for each of the seven, in their order: counted where it is planned or was seen, else why it does not apply.

    Args:
        planned: cost_line_name and planned_amount of the months looked at.
        seen: by the code of the detector; a kind that is missing was not looked for.
        gap: what the plan leaves out because no price is known; a hidden cost that it names has no planned amount.

    >>> rows = pl.DataFrame({"cost_line_name": ["human review"], "planned_amount": [120.0]})
    >>> meter(rows, {}).select("hidden_no", "planned_amount", "is_counted").rows()[:2]
    [(1, 0.0, False), (2, 120.0, True)]
    """
    sums: dict[int, float] = {}
    for name, amount in planned.select("cost_line_name", "planned_amount").iter_rows():
        number = BY_CODE[name].hidden
        sums[number] = sums.get(number, 0.0) + float(amount)
    left_out = {line.hidden for code, line in BY_CODE.items() if code in gap}
    rows: list[tuple[object, ...]] = []
    for number, name in HIDDEN.items():
        found = seen.get(EVENTS[number])
        amount = sums.get(number, 0.0)
        if not amount and number in left_out:
            rows.append((number, name, None, found.amount if found else None, True, f"Left out: {gap}"))
            continue
        is_counted = amount > 0 or (found is not None and found.is_detected)
        rows.append(
            (number, name, amount, found.amount if found else None, is_counted, _because(number, amount, found))
        )
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


def _because(number: int, amount: float, found: Seen | None) -> str:
    if found is not None and found.is_detected:
        return found.because
    looked = f" {found.because}" if found is not None else ""
    return f"Planned, not seen yet.{looked}" if amount > 0 else f"Not applicable: {ABSENT[number]}{looked}"
