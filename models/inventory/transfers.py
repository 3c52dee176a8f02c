"""Stock in the wrong site: what to move from where it is spare to where it will be missed, and what that gains after all costs."""

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl

from models.inventory.lanes import Lane, just_moved, lanes
from models.inventory.move_book import Moved, Moves
from models.inventory.moves import moved
from models.inventory.shelves import FORECAST
from models.inventory.spare import Cell, Outlook, outlooks, roles
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty
from models.solver import OPTIMAL

PING_PONG_DAYS = 14  # a SKU is not sent back to where it came from within so many days
COLUMNS = (
    "sku_id",
    "from_site_id",
    "to_site_id",
    "moved_qty",
    "gain_amount",
    "gain_low_amount",
    "gain_high_amount",
    "saved_amount",
    "transfer_cost_amount",
    "donor_loss_amount",
    "lead_days",
    "stockout_share",
    "stockout_after_share",
    "donor_stockout_share",
    "unit_cost",
    "confidence_share",
    "data_grade_code",
    "because_text",
    "does_not_know_text",
    "as_of_date",
)
UNKNOWN = "It does not know goods that are blocked, orders that a customer will place out of the ordinary, or room on the trucks."


def score(frames: Frames, asked: Asked) -> Scored:
    """One row a transfer that gains something; empty, with the reason, where there is nothing to move or nowhere to move it."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="Nothing is moved between sites.")
    ways = lanes(frames)
    if not ways:
        return Scored(empty(MODEL), because="Stock is known of fewer than two sites, so nothing can be moved.")
    seen = outlooks(frames, asked, ways)
    problem, keys = _problem(seen, ways, frames, asked)
    plan = moved(problem)
    rows = _rows(seen, ways, keys, plan, frames, asked) if plan.qty.any() else []
    gain = sum(row[4] for row in rows)
    near = "the best plan" if plan.status == OPTIMAL else f"at most {plan.gap:.1%} below the best plan"
    found = f"{len(rows)} together gain {gain:,.0f} ({near})" if rows else "none gains more than it costs"
    because = (
        f"Ways to move something from where it is spare to where it may be missed: {len(keys)}; {found}. No look back: what an empty "
        "shelf would have sold is not recorded; transfers that are carried out will tell."
    )
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None)
    return Scored({"scores.transfers": table}, because=because, trained_rows=len(seen))


def _problem(
    seen: dict[Cell, Outlook], ways: dict[Cell, Lane], frames: Frames, asked: Asked
) -> tuple[Moves, list[tuple[str, str, str]]]:
    """Lanes from shelves that can spare something to shelves that may miss it, with the worth of each unit in steps."""
    from models.inventory.needs import steps

    assumed = dict(frames["raw.assumptions"].iter_rows())
    came, went = just_moved(frames, asked.as_of - dt.timedelta(days=PING_PONG_DAYS))
    takers, givers = roles(seen)
    pairs = sorted(ways)
    keys, lane = [], []
    for sku, to in sorted(takers):
        for _, start in sorted(givers.get(sku, [])):
            is_back = (sku, start) in came and (sku, to) in went
            if not is_back:
                keys.append((sku, start, to))
                way = ways[(start, to)]
                lane.append((pairs.index((start, to)), way.kilo_amount * seen[(sku, to)].weight))
    give_cells = sorted({(sku, start) for sku, start, _ in keys})
    take_cells = sorted({(sku, to) for sku, _, to in keys})
    gives = [steps(seen[c].spare, seen[c].worth, np.floor(seen[c].free), is_need=False) for c in give_cells]
    takes = [steps(seen[c].need, seen[c].worth, 1e6, is_need=True) for c in take_cells]
    give_at, take_at = {c: i for i, c in enumerate(give_cells)}, {c: i for i, c in enumerate(take_cells)}
    problem = Moves(
        giver=np.array([give_at[(sku, start)] for sku, start, _ in keys], int),
        taker=np.array([take_at[(sku, to)] for sku, _, to in keys], int),
        pair=np.array([pair for pair, _ in lane], int),
        unit_cost=np.array([cost for _, cost in lane], float),
        volume=np.ones(len(keys)),
        line_cost=assumed["transfer_line_cost"],
        gives=np.repeat(np.arange(len(gives)), [width.size for width, _ in gives]),
        give_width=np.concatenate([np.zeros(0), *(width for width, _ in gives)]),
        give_cost=np.concatenate([np.zeros(0), *(cost for _, cost in gives)]),
        takes=np.repeat(np.arange(len(takes)), [width.size for width, _ in takes]),
        take_width=np.concatenate([np.zeros(0), *(width for width, _ in takes)]),
        take_worth=np.concatenate([np.zeros(0), *(worth for _, worth in takes)]),
        truck_cost=np.array([ways[pair].fixed_amount for pair in pairs]),
        truck_capacity=np.full(len(pairs), np.inf),
    )
    return problem, keys


def _rows(
    seen: dict[Cell, Outlook],
    ways: dict[Cell, Lane],
    keys: list[tuple[str, str, str]],
    plan: Moved,
    frames: Frames,
    asked: Asked,
) -> list[tuple]:
    """The transfers of a plan, each with what it gains in the futures: what is saved, less what the giver loses, less its costs."""
    assumed = dict(frames["raw.assumptions"].iter_rows())
    before = {(sku, site): share for sku, site, share in frames["scores.stockout_outlook"].iter_rows()}
    grade = max((g for name, g in frames["marts.data_grades"].iter_rows() if name in MODEL.needs), default=None)
    taken: Counter = Counter()
    given: Counter = Counter()
    earned: Counter = Counter()
    lines: list[tuple] = []
    for (sku, start, to), qty in zip(keys, plan.qty.tolist(), strict=True):
        if qty <= 0:
            continue
        way, giver, taker = ways[(start, to)], seen[(sku, start)], seen[(sku, to)]
        got, sent = taken[(sku, to)], given[(sku, start)]
        saved = taker.worth * (np.minimum(taker.need, got + qty) - np.minimum(taker.need, got))
        lost = giver.worth * (np.maximum(sent + qty - giver.spare, 0) - np.maximum(sent - giver.spare, 0))
        line_cost = assumed["transfer_line_cost"] + way.kilo_amount * taker.weight * qty
        earns = max(float((saved - lost).mean()) - line_cost, 0.0)
        taken[(sku, to)] += qty
        given[(sku, start)] += qty
        earned[(start, to)] += earns
        lines.append((sku, start, to, qty, got, sent, saved, lost, line_cost, earns))
    rows = []
    for sku, start, to, qty, got, sent, saved, lost, line_cost, earns in lines:
        way, giver, taker = ways[(start, to)], seen[(sku, start)], seen[(sku, to)]
        # Each line bears the trip as far as it earns, so one that helps to pay for the trip never looks like a loss.
        cost = line_cost + way.fixed_amount * earns / max(earned[(start, to)], 1e-9)
        gains = saved - lost - cost
        told = [round(float(amount), 2) for amount in (saved.mean(), lost.mean(), cost)]
        short, after = float(np.mean(taker.need >= 1)), float(np.mean(taker.need >= got + qty + 1))
        chance = before.get((sku, to), short)
        rows.append((
            sku, start, to, qty, round(told[0] - told[1] - told[2], 2), round(float(np.quantile(gains, 0.1)), 4),
            round(float(np.quantile(gains, 0.9)), 4), told[0], told[2],
            told[1], way.days, round(chance, 4), round(chance * after / short if short else chance, 4),
            round(float(np.mean(giver.spare < sent + qty)), 4), taker.unit_cost, round(float(np.mean(gains > 0)), 4), grade,
            _words(giver, taker, qty, way, told), UNKNOWN, asked.as_of,
        ))  # fmt: skip
    return rows


def _words(giver: Outlook, taker: Outlook, qty: float, way: Lane, money: list[float]) -> str:
    """The derivation: who needs how many until when, who can spare how many, and the sum."""
    saved, lost, cost = money
    due, to, start = taker.shelf.due, way.to_site_id, way.from_site_id
    first = max(int(due.min()) + 1, 1) if due.size else 0
    waits = (
        f"the next delivery is due in {first} day{'s' if first > 1 else ''}" if first else "nothing is on order for it"
    )
    held = f"has {taker.free:,.0f} free" if taker.free >= 0 else f"owes customers {-taker.free:,.0f} more than it has"
    mean, high = taker.need.mean(), np.quantile(taker.need, 0.9)
    assumed = " (an assumption: no lane is known)" if way.is_assumed else ""
    return (
        f"{to} {held} and would miss {mean:,.1f} on average, 1 time in 10 more than {high:,.0f}, in the "
        f"{taker.shelf.lead_days} days until a new order could come; {waits}. {start} has {giver.free:,.0f} free; in half of all "
        f"futures {np.median(giver.spare):,.0f} of them are never touched in its {giver.shelf.lead_days} days. {qty:,.0f} moved in "
        f"{way.days} days save {saved:,.2f}, cost {start} {lost:,.2f}, and {cost:,.2f} to move{assumed}: "
        f"{saved:,.2f} − {lost:,.2f} − {cost:,.2f} = {saved - lost - cost:,.2f}."
    )


MODEL = Model(
    code="transfers",
    title="Transfers between sites",
    question="Which stock lies in the wrong site, where should it go, and what does that gain after all costs?",
    reads={
        "scores.demand_forecasts": FORECAST,
        "scores.demand_dependence": ("demand_class_name", "common_share", "serial_correlation_number"),
        "scores.demand_fits": ("sku_id", "site_id", "demand_class_name"),
        "scores.stockout_outlook": ("sku_id", "site_id", "stockout_share"),
        "marts.stock_now": ("sku_id", "site_id", "on_hand_qty", "on_order_qty", "is_on_sale"),
        "marts.site_transfers": ("site_id", "transfer_gap_days"),
        "marts.recent_transfers": ("sku_id", "site_id", "transfer_in_date", "transfer_out_date"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount", "unit_net_amount"),
        "marts.order_lines": ("sku_id", "site_id", "open_qty"),
        "marts.purchase_lines": (
            "sku_id", "site_id", "supplier_id", "ordered_date", "due_date", "last_received_date", "ordered_qty", "open_qty",
            "is_cancelled",
        ),
        "marts.data_grades": ("contract_name", "data_grade_code"),
        "core.skus": ("sku_id", "unit_cost", "weight_kg"),
        "core.sites": ("site_id", "site_name", "region_name"),
        "core.lanes": ("from_site_id", "to_place", "cost_amount_per_shipment", "cost_amount_per_kg", "promised_hours"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.transfers",
            answers="What should be moved from which site to which, and what does that gain after all costs?",
            grain="one row per SKU, site that gives and site that takes, of transfers that gain something together",
            key=("sku_id", "from_site_id", "to_site_id"),
            columns=COLUMNS,
            checks=(
                "moved_qty > 0", "from_site_id <> to_site_id", "gain_low_amount <= gain_high_amount",
                "stockout_after_share <= stockout_share + 0.0001", "donor_loss_amount >= 0",
            ),
        ),
    ),
    guarantee="A site gives no more than it has free, never gives and takes the same SKU, and nothing goes back within two weeks.",
    rival="no transfer",
    needs=("stock_days", "order_lines"),
    versions={
        1: "Needs and spares out of demand paths until something ordered today could come, open purchase lines and their lateness "
        "counted; fixed costs by trip and line; the plan by linear and integer programs."
    },
    does_not="It does not know goods that are blocked, and demand of a site that only feeds others.",
    trust="Trust the direction of a transfer; its gain rests on assumed shares of lost sales, and on freight that is assumed where no "
    "lane is known.",
    score=score,
    searches=True,
)  # fmt: skip
