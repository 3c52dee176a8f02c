"""Whether a neighbour paid for a gain: what the shelves beside decisions cost in the month before them and in the month after."""

import datetime as dt

import polars as pl

from models.decisions.evidence import Shelf
from models.decisions.outcomes import assumed_at, shelves_of
from models.decisions.worth import missed_units
from models.model import Frames
from models.months import month_after

# A neighbour got worse where it cost a fifth more than before, and by more than half of what the decisions earned.
WORSE_SHARE, EATEN_SHARE = 0.2, 0.5
NEIGHBOURS = {
    "purchase": "expedites and empty days of the same shelves",
    "re_source": "expedites and empty days of the same shelves",
    "stock_parameter": "expedites and empty days of the same shelves",
    "cancel_purchase": "expedites and empty days of the same shelves",
    "transfer": "empty days of the sending shelves",
}


def guarded(gain: float, before: float, after: float) -> tuple[float, str]:
    """How much of a gain counts beside what it did to its neighbour, and why: nothing where the neighbour paid for it.

    >>> guarded(1000.0, 200.0, 150.0)[0]
    1000.0
    >>> guarded(1000.0, 200.0, 900.0)
    (0.0, 'Its own measure got better by 1,000.00, but its neighbours cost 900.00 after 200.00 in the month before: not counted as a gain.')
    """
    if gain <= 0:
        return gain, f"It lost {-gain:,.2f}." if gain < 0 else "It neither earned nor lost."
    if after > before * (1 + WORSE_SHARE) and after - before > EATEN_SHARE * gain:
        said = f"its neighbours cost {after:,.2f} after {before:,.2f} in the month before"
        return 0.0, f"Its own measure got better by {gain:,.2f}, but {said}: not counted as a gain."
    return gain, "No neighbour got worse by much."


def counting_shares(
    mine: pl.DataFrame, decided: dt.date, before: float | None, after: float | None
) -> list[tuple[dt.date, float]]:
    """Month → the share of the gains that matured in it that counts: all, or nothing where a neighbour paid for what was earned so far.

    A month looks at what had matured by its end, so that nothing that matures or is assumed later moves it; what matures in the very
    month of the decision counts, for what neighbours cost in the month after is not known by then.

    Args:
        mine: horizon_date and benefit_amount of decisions of one kind, decider, policy version and month.
        decided: first day of the month in which they were decided.
        before, after: what their neighbours cost in the month before and after; None where that is not watched.

    >>> rows = pl.DataFrame(
    ...     {"horizon_date": [dt.date(2026, 3, 9), dt.date(2026, 4, 9)], "benefit_amount": [100.0, 900.0]}
    ... )
    >>> [share for _, share in counting_shares(rows, dt.date(2026, 2, 1), 200.0, 600.0)]
    [0.0, 1.0]
    """
    known = mine.drop_nulls("benefit_amount").sort("horizon_date")
    by_month = known.group_by(month=pl.col("horizon_date").dt.truncate("1mo"), maintain_order=True).agg(
        gain=pl.col("benefit_amount").sum()
    )
    found = []
    for month, gain in by_month.with_columns(pl.col("gain").cum_sum()).iter_rows():
        if before is None or after is None or gain <= 0 or month <= decided:
            found.append((month, 1.0))
        else:
            found.append((month, guarded(gain, before, after)[0] / gain))
    return found


class Costs:
    """What shelves cost month by month: margin missed on empty days, and surcharges for hurried lines."""

    def __init__(self, frames: Frames, as_of: dt.date):
        self.as_of = as_of
        self.shelves = shelves_of(frames["marts.decision_days"])
        self.assumed = assumed_at(frames)
        margins = (
            frames["marts.sku_margins"]
            .group_by("sku_id")
            .agg(pl.col("unit_margin_amount").cast(pl.Float64).mean())
            .drop_nulls()
        )
        self.margins = dict(margins.iter_rows())
        self.hurried: dict[tuple[str, str, dt.date], float] = {}
        hurried = frames["scores.decisions"].filter(
            pl.col("action_kind_code") == "expedite", pl.col("exported_at").is_not_null()
        )
        for sku, site, day, spent in hurried.select("sku_id", "site_id", "proposed_date", "moved_amount").iter_rows():
            key = (sku, site, day.replace(day=1))
            self.hurried[key] = self.hurried.get(key, 0.0) + float(spent or 0.0)

    def around(self, kind: str, mine: pl.DataFrame, month: dt.date) -> tuple[float | None, float | None]:
        """What the neighbours of these decisions cost in the month before and in the month after; None where that is not over."""
        if kind not in NEIGHBOURS:
            return None, None
        before, after = month_after(month, -1), month_after(month, 1)
        if month_after(after, 1) > self.as_of + dt.timedelta(days=1):
            return None, None
        place = "from_site_id" if kind == "transfer" else "site_id"
        pairs = mine.select("sku_id", place).drop_nulls().unique().sort("sku_id", place).rows()
        cost = {when: sum(self._of(sku, site, when, kind) for sku, site in pairs) for when in (before, after)}
        return round(cost[before], 4), round(cost[after], 4)

    def _of(self, sku: str, site: str, month: dt.date, kind: str) -> float:
        whole = self.shelves.get((sku, site))
        spent = 0.0 if kind == "transfer" else self.hurried.get((sku, site, month), 0.0)
        if whole is None:
            return spent
        shelf: Shelf = whole.within(month, month_after(month, 1) - dt.timedelta(days=1))
        missed = missed_units(shelf.on_hand, shelf.went, whole.usual(month))
        return spent + missed * self.margins.get(sku, 0.0) * self.assumed(month)["lost_sale_share"]
