"""How large a demo world is, and when it begins: fixed by the size alone, never by today's clock."""

from dataclasses import dataclass
from datetime import date

from errors import Refusal
from pipelines.demo.clock import day_number


@dataclass(frozen=True)
class Size:
    """One size of world: how many of each thing, the day it begins, and the day up to which the first extracts reach."""

    name: str
    sku_count: int
    dc_count: int
    branch_count: int
    customer_count: int
    supplier_count: int
    carrier_count: int
    lines_per_workday: float
    first_day: int
    history_end: int
    default_last: int
    has_daily_stock: bool
    events_from: int
    plants_per_kind: int
    # So many days before the default last day people and agents begin to decide in Crossdock; 0 for never.
    decides_days: int = 0
    # So many days before the default last day people begin to work with AI; 0 for never.
    ai_days: int = 0


# History ends on a Saturday, so that four closed weeks lie between the first extracts and the default last day.
HISTORY_END = day_number(date(2026, 10, 17))
DEFAULT_LAST = day_number(date(2026, 11, 14))

SMALL = Size(
    name="small",
    sku_count=120,
    dc_count=1,
    branch_count=2,
    customer_count=84,
    supplier_count=10,
    carrier_count=4,
    lines_per_workday=62.0,
    first_day=day_number(date(2025, 8, 17)),
    history_end=HISTORY_END,
    default_last=DEFAULT_LAST,
    has_daily_stock=True,
    events_from=day_number(date(2025, 8, 17)),
    plants_per_kind=1,
    decides_days=273,
    ai_days=273,
)
LARGE = Size(
    name="large",
    sku_count=2_200,
    dc_count=2,
    branch_count=6,
    customer_count=900,
    supplier_count=64,
    carrier_count=8,
    lines_per_workday=820.0,
    first_day=day_number(date(2024, 11, 10)),
    history_end=HISTORY_END,
    default_last=DEFAULT_LAST,
    has_daily_stock=False,
    # The log of handling steps is kept for a year only, as systems do; two years of it would be half of all bytes.
    events_from=day_number(date(2025, 11, 9)),
    plants_per_kind=2,
    decides_days=273,
    ai_days=273,
)
SIZES = {size.name: size for size in (SMALL, LARGE)}


def size_named(name: str) -> Size:
    """The size of that name; a name that is not one is refused.

    >>> size_named("small").sku_count
    120
    """
    if name not in SIZES:
        raise Refusal(
            f"No demo company of size {name!r} was grown.", "There are three sizes.", "Use tiny, small or large."
        )
    return SIZES[name]
