"""When each open order line can be with its customer: earliest feasible day with its confidence, first come first promised."""

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty
from models.orders.promise import DRAWS, INBOUND, NOTHING, STOCK, TRANSFER, Promise, Source, Supply, drawn, promises

Vector = np.ndarray
Cell = tuple[str, str]
TRANSIT_DAYS = 182  # of shipments that tell how long goods travel
AHEAD_DAYS = 500
FEW = 3
COLUMNS = (
    "order_id",
    "line_key",
    "sku_id",
    "site_id",
    "customer_id",
    "wanted_qty",
    "due_date",
    "promise_p50_date",
    "promise_p80_date",
    "promise_p90_date",
    "promise_share",
    "supply_name",
    "is_held",
    "because_text",
    "as_of_date",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each open line; without a day, and with the reason, where nobody can tell."""
    lines = open_lines(frames)
    if lines.is_empty():
        return Scored(empty(MODEL), because="No line is open, or the source does not tell what has shipped.")
    if frames["marts.stock_now"].is_empty():
        return Scored(empty(MODEL), because="No stock is known, so nothing can be promised.")
    if asked.version == RIVAL_ONLY:
        return Scored(
            {"scores.order_promises": _wished(lines, asked)}, because="The wished day is promised to everybody."
        )
    known, rows = supplies(frames, asked), []
    for (sku, site), group in lines.group_by("sku_id", "site_id", maintain_order=True):
        supply = known.get((str(sku), str(site)))
        if supply is None:
            unknown = Promise(None, None, None, None, NOTHING, "No stock of this SKU is known at this site.")
            made = [unknown] * group.height
        else:
            made = promises(replace(supply, committed=0.0), group["open_qty"].to_numpy(), group["due_date"].to_list())
        rows += [_row(line, each, asked) for line, each in zip(group.iter_rows(named=True), made, strict=True)]
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None).sort("order_id", "line_key")
    told = table["promise_share"].drop_nulls()
    missed = int((told < 0.5).sum())
    because = (
        f"{table.height} open lines; {missed} of the {told.len()} with a wished day will rather not be there in time. No look back: what "
        "would have been promised on a past day needs the stock and the open orders of that day, which no source keeps."
    )
    return Scored({"scores.order_promises": table}, because=because, trained_rows=table.height)


def open_lines(frames: Frames) -> pl.DataFrame:
    """Lines with something open, in the order in which they have a claim: who ordered first, and lines of held orders last."""
    held = frames["core.orders"].filter(pl.col("hold_code").is_not_null())
    return (
        frames["marts.order_lines"]
        .filter(pl.col("open_qty") > 0)
        .with_columns(pl.col("open_qty").cast(pl.Float64))
        .join(held, on="order_id", how="left")
        .sort(pl.col("hold_code").is_not_null(), "ordered_at", "order_id", "line_key", nulls_last=True)
    )


def supplies(frames: Frames, asked: Asked) -> dict[Cell, Supply]:
    """Where the goods of each shelf can come from, open lines counted as committed; for a new wish, ask `promise.promise` with one."""
    draws = np.random.default_rng(asked.seed).permuted(np.tile((np.arange(DRAWS) + 0.5) / DRAWS, (64, 1)), axis=1)
    coming, leads = _coming(frames, asked, draws), _leads(frames)
    gaps = dict(frames["marts.site_transfers"].iter_rows())
    transit = _transit(frames, asked, draws[0])
    wanted = {
        (sku, site): float(qty)
        for sku, site, qty in open_lines(frames).group_by("sku_id", "site_id").agg(pl.col("open_qty").sum()).iter_rows()
    }
    stock = {
        (sku, site): (float(held or 0), float(moving or 0))
        for sku, site, held, moving in frames["marts.stock_now"].iter_rows()
    }
    working = _working(frames, asked)
    spare = _spare(stock, coming, wanted, gaps)
    found = {}
    for (sku, site), (held, on_order) in sorted(stock.items()):
        sources = coming.get((sku, site), [])
        gap = gaps.get(site)
        lead = _lead(leads, (sku, site), draws[1])
        if gap is not None:
            sources, lead = _fed((sku, site), (held, on_order), sources, gap, (wanted, spare, draws[2])), lead + gap
        found[(sku, site)] = Supply(
            held, sources, lead, transit.get(site, transit[None]), asked.as_of, working, wanted.get((sku, site), 0.0)
        )
    return found


def _spare(
    stock: dict[Cell, tuple[float, float]],
    coming: dict[Cell, list[Source]],
    wanted: dict[Cell, float],
    gaps: dict[str, float],
) -> dict[str, list]:
    """By SKU, what sites that buy have or get beyond their own open lines: `[site, quantity, days until it is there]`."""
    spare: dict[str, list] = {}
    for (sku, site), (held, _) in sorted(stock.items()):
        if site in gaps:
            continue
        free = max(held, 0.0) - wanted.get((sku, site), 0.0)
        if free > 0:
            spare.setdefault(sku, []).append([site, free, np.zeros(DRAWS)])
        for source in sorted(coming.get((sku, site), []), key=lambda each: float(each.days.mean())):
            before, free = max(free, 0.0), free + source.qty
            if free > before:
                spare.setdefault(sku, []).append([site, free - before, source.days])
    return spare


def _fed(cell: Cell, held: tuple[float, float], sources: list[Source], gap: float, asks: tuple) -> list[Source]:
    """What a fed site gets beside purchases: transfers on their way, then what its feeders can spare, which is no other site's then."""
    (on_hand, on_order), (wanted, spare, draws) = held, asks
    found = list(sources)
    bought = sum(source.qty for source in sources)
    if on_order > bought:
        found.append(Source(on_order - bought, np.ceil(draws * gap) + 0.0, TRANSFER, "another site, on its way"))
    lacking = wanted.get(cell, 0.0) - max(on_hand, 0.0) - max(on_order, bought)
    for place in spare.get(cell[0], []):
        taken = min(place[1], max(lacking, 0.0))
        if taken > 0:
            place[1] -= taken
            lacking -= taken
            found.append(Source(taken, place[2] + 1 + np.ceil(draws * 2 * gap), TRANSFER, place[0]))
    return found


def _coming(frames: Frames, asked: Asked, draws: Vector) -> dict[Cell, list[Source]]:
    """Open purchase lines by shelf, with a day of arrival in each draw; two lines of a shelf come as luck has it, not together."""
    lines = frames["marts.purchase_lines"].join(frames["scores.inbound_risk"], on=["po_id", "line_key"])
    lines = lines.filter(pl.col("open_qty") > 0, pl.col("arrival_p50_date").is_not_null()).sort("po_id", "line_key")
    found: dict[Cell, list[Source]] = {}
    for row in lines.iter_rows(named=True):
        days = [(row[f"arrival_p{level}_date"] - asked.as_of).days for level in (10, 50, 80, 90)]
        mine = found.setdefault((row["sku_id"], row["site_id"]), [])
        luck = draws[3 + len(mine) % 60]
        mine.append(Source(float(row["open_qty"]), drawn(days, luck), INBOUND, f"{row['po_id']} · {row['line_key']}"))
    return found


def _leads(frames: Frames) -> dict:
    """Lead times of past purchase lines: of a shelf, of a SKU, and of everything."""
    came = frames["marts.purchase_lines"].filter(pl.col("lead_days").is_not_null()).sort("po_id", "line_key")
    leads: dict = {None: came["lead_days"].to_numpy()} if came.height else {}
    for keys in (("sku_id",), ("sku_id", "site_id")):
        for key, group in came.group_by(*keys, maintain_order=True):
            if group.height >= FEW:
                leads[key] = group["lead_days"].to_numpy()
    return leads


def _lead(leads: dict, cell: Cell, draws: Vector) -> Vector:
    """The lead time of a new order in each draw; empty where no purchase ever came."""
    past = leads.get(cell, leads.get((cell[0],), leads.get(None)))
    return np.zeros(0) if past is None else np.maximum(np.quantile(past, draws), 1.0)


def _transit(frames: Frames, asked: Asked, draws: Vector) -> dict[str | None, Vector]:
    """Days from the shelf to the customer by site, as they were lately; nought where the source does not tell both days."""
    since = asked.as_of - dt.timedelta(days=TRANSIT_DAYS)
    days = (pl.col("delivered_date") - pl.col("shipped_date")).dt.total_days()
    sent = frames["marts.order_lines"].filter(pl.col("shipped_date") > since).select("site_id", days=days)
    sent = sent.filter(pl.col("days") >= 0).sort("site_id", "days")
    found: dict[str | None, Vector] = {None: np.quantile(sent["days"], draws) if sent.height else np.zeros(draws.size)}
    for (site,), group in sent.group_by("site_id", maintain_order=True):
        if group.height >= FEW:
            found[str(site)] = np.quantile(group["days"], draws)
    return found


def _working(frames: Frames, asked: Asked) -> Vector:
    """For each day from today on, how many days later the next working day is."""
    known = dict(frames["core.calendar"].iter_rows())
    is_working = [
        known.get(day, day.weekday() < 5) for day in (asked.as_of + dt.timedelta(n) for n in range(AHEAD_DAYS))
    ]
    wait, waits = 0, []
    for working in reversed(is_working):
        wait = 0 if working else wait + 1
        waits.append(wait)
    return np.array(waits[::-1])


def _row(line: dict, made: Promise, asked: Asked) -> tuple:
    is_held = line["hold_code"] is not None
    said = f"The order is held ({line['hold_code']}); were it released today: " if is_held else ""
    return (
        line["order_id"], line["line_key"], line["sku_id"], line["site_id"], line["customer_id"], line["open_qty"], line["due_date"],
        made.p50, made.p80, made.p90, None if made.share is None else round(made.share, 4), made.supply, is_held,
        said + made.because, asked.as_of,
    )  # fmt: skip


def _wished(lines: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The rival: whatever day is wished."""
    day = pl.col("due_date")
    return lines.select(
        "order_id", "line_key", "sku_id", "site_id", "customer_id", "due_date", wanted_qty="open_qty", promise_p50_date=day,
        promise_p80_date=day, promise_p90_date=day, promise_share=pl.lit(None), supply_name=pl.lit(STOCK),
        is_held=pl.col("hold_code").is_not_null(), because_text=pl.lit("The wished day."), as_of_date=pl.lit(asked.as_of),
    ).select(COLUMNS)  # fmt: skip


MODEL = Model(
    code="promises",
    title="Order promises",
    question="When can each open order line be with its customer, and how surely?",
    reads={
        "marts.order_lines": (
            "order_id", "line_key", "sku_id", "site_id", "customer_id", "ordered_at", "due_date", "open_qty", "shipped_date",
            "delivered_date",
        ),
        "core.orders": ("order_id", "hold_code"),
        "marts.stock_now": ("sku_id", "site_id", "on_hand_qty", "on_order_qty"),
        "marts.purchase_lines": ("po_id", "line_key", "sku_id", "site_id", "open_qty", "lead_days"),
        "scores.inbound_risk": (
            "po_id", "line_key", "arrival_p10_date", "arrival_p50_date", "arrival_p80_date", "arrival_p90_date",
        ),
        "marts.site_transfers": ("site_id", "transfer_gap_days"),
        "core.calendar": ("day_date", "is_working_day"),
    },
    writes=(
        Output(
            name="scores.order_promises",
            answers="When can each open order line be with its customer, how surely, and what does it wait for?",
            grain="one row per order line of which something is open",
            key=("order_id", "line_key"),
            columns=COLUMNS,
            checks=(
                "promise_share is null or (promise_share >= 0 and promise_share <= 1)",
                "promise_p50_date is null or (promise_p50_date <= promise_p80_date and promise_p80_date <= promise_p90_date)",
                "promise_p50_date is null or promise_p50_date > as_of_date or supply_name = 'stock'",
            ),
        ),
    ),
    guarantee="No unit is promised twice, who ordered first is served first, and held orders come last.",
    rival="the wished day",
    needs=("order_lines", "stock_days"),
    versions={
        1: "Stock, then open purchase lines and transfers by their days of arrival, then a new order by past lead times; drawn 400 times; "
        "working days and days of travel as they were lately."
    },
    does_not="It does not know goods that are blocked, capacity of picking, or that somebody will be served out of turn.",
    trust="Trust what a line waits for; the day as far as days of arrival held in the look back of late purchases.",
    score=score,
)  # fmt: skip
