"""The usual mess: a few rows of some files damaged the way exports are, each one told to the truth."""

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.demo.dice import Dice
from pipelines.demo.extract import Extract
from pipelines.demo.writing import fields, joined


@dataclass(frozen=True)
class Defect:
    """One damaged row: the line of the file, the column and what stands there now, and what a check should say."""

    file_name: str
    line: int
    column: str
    text: str
    says: str
    money: float = 0.0


@dataclass(frozen=True)
class Slip:
    """One kind of damage to one column: the text that takes the place of what stood there, or a function that spoils it.

    `worth` names the column that tells what the row was worth.
    """

    column: str
    damage: Callable[[str], str] | str
    says: str
    worth: str = ""


def _impossible_day(text: str) -> str:
    return "2026-02-30" if "-" in text[:5] else "31.02.2026"


def _piece_word(text: str) -> str:
    return f"{text} pcs"


def _negative(text: str) -> str:
    return "-3" if text == "0" else f"-{text}"


# Every row of a listed extract may be damaged, with a chance that gives a handful in a history and now and then one in a week.
SLIPS: dict[str, tuple[Slip, ...]] = {
    "order_lines": (
        Slip("ordered_at", _impossible_day, "The order date is not a date.", "net_amount"),
        Slip("sku_id", "", "The item number is missing.", "net_amount"),
        Slip("ordered_qty", _piece_word, "There is text in a quantity.", "net_amount"),
    ),
    "orders": (Slip("order_id", "", "The order number is missing."),),
    "purchase_lines": (
        Slip("ordered_date", "00-Jan-0000", "The order date is not a date."),
        Slip("ordered_qty", "n/a", "There is text in a quantity."),
    ),
    "stock_days": (Slip("on_hand_qty", _negative, "Stock on hand is negative."),),
    "receipts": (Slip("received_qty", "n/a", "There is text in a quantity."),),
    "shipments": (Slip("shipment_id", "", "The shipment number is missing.", "freight_amount"),),
}
REPEATED = ("order_lines", "shipments", "purchase_lines", "service_tickets")
ROWS_A_SLIP = 6_500
MOST = 12


def messed(
    extract: Extract, file_name: str, lines: list[str], dice: Dice, until: int
) -> tuple[list[str], list[Defect]]:
    """The lines of a file with some damaged and some repeated, and what was done; the first line is the heading."""
    count = len(lines) - 1
    if count < 20:
        return lines, []
    messy, defects, top = list(lines), [], len(extract.writing.titles) + 1
    names, seen = list(extract.headings), set()
    for number, slip in enumerate(SLIPS.get(extract.contract, ())):
        for nth in range(_how_many(dice, extract, count, number, until)):
            row = 1 + int(dice.uniform(f"mess.{extract.contract}", until, number, nth) * count)
            values = fields(messy[row], extract.writing.separator)
            at = names.index(slip.column)
            if row in seen or not values[at]:
                continue
            seen.add(row)
            worth = _number(values[names.index(slip.worth)], extract.writing.has_decimal_comma) if slip.worth else 0.0
            values[at] = slip.damage if isinstance(slip.damage, str) else slip.damage(values[at])
            messy[row] = joined(values, extract.writing.separator)
            defects.append(Defect(file_name, row + top, extract.headings[slip.column], values[at], slip.says, worth))
    if extract.contract in REPEATED:
        # Repeats stand at the end, so that the line numbers above them hold.
        for nth in range(_how_many(dice, extract, count, 99, until)):
            row = 1 + int(dice.uniform(f"repeat.{extract.contract}", until, nth) * count)
            if row not in seen:
                seen.add(row)
                messy.append(messy[row])
                defects.append(
                    Defect(file_name, len(messy) - 1 + top, "", "", f"The row of line {row + top} stands here again.")
                )
    return messy, defects


def _how_many(dice: Dice, extract: Extract, count: int, number: int, until: int) -> int:
    return min(MOST, int(count / ROWS_A_SLIP + dice.uniform(f"mess.count.{extract.contract}", until, number)))


def _number(text: str, has_decimal_comma: bool) -> float:
    plain = text.replace(".", "").replace(",", ".") if has_decimal_comma else text.replace(",", "")
    return float(plain or 0)
