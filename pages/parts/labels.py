"""What a column is called on screen, what it means, and in what unit it counts: all from its name and the dictionary."""

from functools import cache

from pipelines.contract import dictionary

SUFFIXES = {
    "qty": "qty", "amount": "money", "cost": "money", "price": "money", "days": "days", "hours": "hours", "minutes": "minutes",
    "share": "share", "date": "date", "at": "instant", "count": "count", "number": "number",
    "id": "text", "code": "text", "name": "text", "key": "text", "text": "text",
}  # fmt: skip
TYPES = {
    "amount": "money",
    "cost": "money",
    "price": "money",
    "id": "text",
    "code": "text",
    "name": "text",
    "key": "text",
    "map": "text",
}
SHORT = {
    "sku": "SKU",
    "po": "PO",
    "id": "ID",
    "abc": "ABC",
    "xyz": "XYZ",
    "uom": "UoM",
    "kpi": "KPI",
    "sql": "SQL",
    "m3": "m³",
    "kg": "kg",
    "ai": "AI",
}
SILENT = ("id", "code", "days", "hours", "minutes")
PLAIN = {
    "period_start_date": "From",
    "value": "Value",
    "numerator": "Above the line",
    "denominator": "Below the line",
    "row_count": "Rows",
    "spread": "Standard deviation",
}
IN_BRACKETS = {"days": "days", "hours": "hours", "minutes": "minutes"}


def unit_of(column: str) -> str:
    """The unit in which a column counts, told by its name; `text` where the name tells none.

    >>> unit_of("ordered_qty"), unit_of("net_amount"), unit_of("is_late"), unit_of("cost_amount_per_kg")
    ('qty', 'money', 'boolean', 'money')
    """
    if column.startswith(("is_", "has_")):
        return "boolean"
    last = column.rsplit("_", 1)[-1]
    if "_per_" in column:
        return unit_of(column.split("_per_", 1)[0])
    if last in SUFFIXES:
        return SUFFIXES[last]
    kind = dictionary().get(column, {}).get("type", "text")
    return TYPES.get(kind, kind)


@cache
def label(column: str) -> str:
    """A column's name for people.

    >>> label("ordered_qty"), label("sku_id"), label("late_days"), label("is_late"), label("net_amount")
    ('Ordered qty', 'SKU', 'Late (days)', 'Late', 'Net amount')
    >>> label("category_name"), label("site_name")
    ('Category', 'Site name')
    """
    if column in PLAIN:
        return PLAIN[column]
    words = column.removeprefix("is_").removeprefix("has_").split("_")
    unit = IN_BRACKETS.get(words[-1])
    if len(words) > 1 and (words[-1] in SILENT or _names_a_thing_without_id(column)):
        words = words[:-1]
    text = " ".join(SHORT.get(word, word) for word in words)
    text = text[:1].upper() + text[1:]
    return f"{text} ({unit})" if unit else text


def heading(column: str, currency: str, unit: str = "", given: str = "") -> str:
    """A column's name at the head of a download: as on screen, with its unit, and the name by which programs know it.

    Args:
        unit: how the screen counts it, where the name does not tell.
        given: what the screen calls it, where that is not the label of the dictionary.

    >>> (
    ...     heading("npv_amount", "EUR", given="Net present value"),
    ...     heading("loss_share", "EUR", "share", "Chance of a loss"),
    ... )
    ('Net present value (EUR) [npv_amount]', 'Chance of a loss (1 = 100%) [loss_share]')
    >>> heading("late_days", "EUR"), heading("Outcome", "EUR")
    ('Late (days) [late_days]', 'Outcome')
    """
    text, counted = given or label(column), unit or unit_of(column)
    said = {"money": currency, "per_unit": currency, "share": "1 = 100%", "minutes": "minutes"}.get(counted, "")
    if said and said not in text:
        text = f"{text} ({said})"
    return text if text == column else f"{text} [{column}]"


def _names_a_thing_without_id(column: str) -> bool:
    """A category has a name and nothing else, so its name is the category; a site has both an id and a name."""
    return column.endswith("_name") and column.removesuffix("_name") + "_id" not in dictionary()


def meaning(column: str) -> str | None:
    """What the dictionary says of a column; None where it says nothing."""
    return dictionary().get(column, {}).get("meaning")
