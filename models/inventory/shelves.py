"""What is known of each shelf when its future is played through: stock, what is on its way, how late it may be, and demand."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from models import quantile_grid
from models.model import Frames

LEAST_LEAD, MOST_LEAD, USUAL_LEAD = 7, 91, 28
# Of how many past purchase lines of a supplier the lateness is remembered, and with how many of all suppliers it is mixed.
OWN_LINES, ALL_LINES = 150, 50
LEVELS = np.array(quantile_grid.LEVELS)
FORECAST = ("sku_id", "site_id", "target_date", "mean_qty", *quantile_grid.COLUMNS.values())


@dataclass(frozen=True)
class Shelf:
    """What is known of one SKU at one site when its future is played through."""

    sku_id: str
    site_id: str
    on_hand: float
    lead_days: int
    open_qty: np.ndarray
    due: np.ndarray
    late: np.ndarray


def forecasts(frame: pl.DataFrame) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray, dt.date]]:
    """Means and quantiles by SKU and site, with the day that they start after."""
    ordered = frame.sort("sku_id", "site_id", "target_date")
    if not ordered.height:
        return {}
    ends = ordered.select(new=pl.struct("sku_id", "site_id").rle_id())["new"].to_numpy()
    edges = np.flatnonzero(np.diff(ends)) + 1
    means = ordered["mean_qty"].cast(pl.Float64).to_numpy()
    bands = ordered.select(pl.col(FORECAST[4:]).cast(pl.Float64)).to_numpy()
    firsts = np.concatenate([[0], edges])
    names = ordered[firsts.tolist()].select("sku_id", "site_id", "target_date").rows()
    pieces = zip(names, np.split(means, edges), np.split(np.ascontiguousarray(bands), edges), strict=True)
    return {(sku, site): (mean, band, day - dt.timedelta(days=1)) for (sku, site, day), mean, band in pieces}


def shapes(frames: Frames) -> dict[tuple[str, str], tuple[float, float]]:
    """How the demand of each SKU and site hangs together over days: common share and serial correlation."""
    by_class = {name: (common, serial) for name, common, serial in frames["scores.demand_dependence"].iter_rows()}
    return {(sku, site): by_class[name] for sku, site, name in frames["scores.demand_fits"].iter_rows()}


def shelves(stock: pl.DataFrame, lines: pl.DataFrame, transfer_gaps: dict[str, float], today: dt.date) -> list[Shelf]:
    """Each shelf with what is on its way to it, as known at the close of a day; later receipts are not read.

    Lead time is the median of the purchase lines that came for the SKU at the site; where none ever did and the site is
    fed by transfers, two of their gaps; else the median for the SKU, else of everything. What the source has on order
    beyond open purchase lines is a transfer on its way, due now.
    """
    came, waiting = _parted(lines, today)
    leads = _leads(came)
    lateness = _lateness(came)
    mine: dict[tuple[str, str], list[tuple]] = {}
    for sku, site, supplier, due, quantity in waiting.select(
        "sku_id", "site_id", "supplier_id", "due_date", "waited_qty"
    ).iter_rows():
        mine.setdefault((sku, site), []).append((supplier, (due - today).days - 1, float(quantity)))
    found = []
    columns = ("sku_id", "site_id", "on_hand_qty", "on_order_qty")
    for sku, site, on_hand, on_order in stock.select(columns).sort("sku_id", "site_id").iter_rows():
        open_lines = sorted(mine.get((sku, site), []), key=lambda line: line[1:])
        late = [_still_possible(lateness.get(supplier, lateness[None]), -due - 1) for supplier, due, _ in open_lines]
        bought = leads.get((sku, site))
        gap = transfer_gaps.get(site) if bought is None and not open_lines else None
        lead = bought if bought is not None else 2 * gap if gap is not None else leads.get(sku, leads[None])
        moving = float(on_order or 0) - sum(line[2] for line in open_lines)
        if gap is not None and moving > 0:
            open_lines.append((None, 0.0, moving))
            late.append(_even(np.arange(int(2 * gap) + 1.0)))
        found.append(
            Shelf(
                sku,
                site,
                float(on_hand or 0),
                int(np.clip(lead, LEAST_LEAD, MOST_LEAD)),
                np.array([line[2] for line in open_lines]),
                np.array([float(line[1]) for line in open_lines]),
                np.array(late) if late else np.zeros((0, 1)),
            )
        )
    return found


def _parted(lines: pl.DataFrame, today: dt.date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The purchase lines that had come by a day, with `late` and `lead` days, and those still waited for, with `waited_qty`.

    What was received later was on its way then, all of it: how much came before the last receipt is not told. Else the
    source says what is open, also of a line received in part; where it is silent, a line that is due has come or never will.
    Cancelled lines are never on their way.
    """
    known = lines.filter(pl.col("ordered_date") <= today, ~pl.col("is_cancelled").fill_null(value=False))
    received = pl.col("last_received_date")
    ordered, still_open = pl.col("ordered_qty").cast(pl.Float64), pl.col("open_qty").cast(pl.Float64)
    if_silent = pl.when(received.is_null() & (pl.col("due_date") > today)).then(ordered).otherwise(0.0)
    parted = known.with_columns(
        waited_qty=pl.when(received > today).then(ordered).otherwise(pl.coalesce(still_open, if_silent)),
        late=(received - pl.col("due_date")).dt.total_days(),
        lead=(received - pl.col("ordered_date")).dt.total_days(),
    )
    came = parted.filter(received <= today, pl.col("waited_qty") <= 0)
    return came, parted.filter(pl.col("waited_qty") > 0, pl.col("due_date").is_not_null())


def gaps(frames: Frames) -> dict[str, float]:
    """Days between transfers in, by site that is fed so."""
    return dict(frames["marts.site_transfers"].iter_rows())


def _leads(came: pl.DataFrame) -> dict:
    middle = pl.col("lead").median()
    by_cell = came.group_by("sku_id", "site_id").agg(middle, pl.len())
    by_sku = came.group_by("sku_id").agg(middle)
    leads: dict = {None: came["lead"].median() if came.height else USUAL_LEAD}
    leads |= {sku: lead for sku, lead in by_sku.iter_rows() if lead is not None}
    leads |= {(sku, site): lead for sku, site, lead, count in by_cell.iter_rows() if lead is not None and count >= 3}
    return leads


def _lateness(came: pl.DataFrame) -> dict[str | None, np.ndarray]:
    """Days late of past lines by supplier, its own latest ones mixed with some of everybody's; equally many for each."""
    ordered = came.filter(pl.col("late").is_not_null()).sort("last_received_date", "supplier_id", "late")
    everybody = ordered["late"].cast(pl.Float64).to_numpy() if ordered.height else np.zeros(1)
    shared = np.quantile(everybody, (np.arange(ALL_LINES) + 0.5) / ALL_LINES)
    found: dict[str | None, np.ndarray] = {None: _even(shared)}
    for (supplier,), group in ordered.group_by("supplier_id", maintain_order=True):
        own = group["late"].tail(OWN_LINES).cast(pl.Float64).to_numpy()
        found[supplier] = _even(np.concatenate([own, shared]))
    return found


def _even(values: np.ndarray, count: int = 100) -> np.ndarray:
    """So many equally likely values of the same distribution."""
    return np.quantile(values, (np.arange(count) + 0.5) / count, method="inverted_cdf")


def _still_possible(late: np.ndarray, days_overdue: float) -> np.ndarray:
    """What lateness remains when a line is overdue already: at least one day more; where nothing so late was seen, a week about."""
    left = late[late > days_overdue]
    return _even(left) if left.size >= 3 else _even(days_overdue + np.arange(1.0, 15.0))
