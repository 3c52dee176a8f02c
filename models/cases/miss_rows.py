"""Misses as rows: what was missed and what that cost, beside its class and evidence."""

import datetime as dt
from typing import Any

from models.cases.episodes import Episode, Past

COLUMNS = (
    "miss_key",
    "miss_kind_name",
    "sku_id",
    "site_id",
    "customer_id",
    "order_id",
    "line_key",
    "miss_date",
    "miss_end_date",
    "autopsy_class_name",
    "missed_qty",
    "missed_amount",
    "evidence_text",
    "as_of_date",
)
Verdict = tuple[str, str]


def episode_row(episode: Episode, verdict: Verdict, past: Past, assumed: dict, as_of: dt.date) -> tuple:
    """An empty shelf's episode as a row: what usually sells there, times how long it lasted."""
    shelf = (episode.sku_id, episode.site_id)
    _, before, _ = past.rates(shelf, episode.first)
    margin = past.margin.get(shelf)
    qty = before * episode.days
    amount = None if margin is None else round(qty * max(margin, 0.0) * float(assumed.get("lost_sale_share", 0.5)), 4)
    over = episode.last if episode.last < as_of - dt.timedelta(days=1) else None
    key = f"stockout · {episode.sku_id} · {episode.site_id} · {episode.first.isoformat()}"
    return (
        key,
        "stockout",
        *shelf,
        None,
        None,
        None,
        episode.first,
        over,
        verdict[0],
        round(qty, 3),
        amount,
        verdict[1],
        as_of,
    )


def line_row(line: dict[str, Any], verdict: Verdict, assumed: dict, as_of: dt.date) -> tuple:
    """A late or short order line as a row: penalty and waiting of what was late, margin of what was missing."""
    ordered, missing = float(line["ordered_qty"]), max(float(line["ordered_qty"] - line["filled_qty"]), 0.0)
    share = missing / ordered if ordered else 0.0
    value, margin = float(line["net_amount"] or 0), float(line["margin_amount"] or 0)
    late = float(line["late_days"] or 0)
    wait = (
        value
        * (
            float(line["late_penalty_share"] or 0)
            + min(late, 28) * float(assumed.get("waiting_cost_share_per_day", 0.002))
        )
        if line["is_late"]
        else 0.0
    )
    amount = max(wait, 0.0) + max(margin, 0.0) * share * float(assumed.get("lost_sale_share", 0.5))
    kind = "late order" if line["is_late"] else "short order"
    key = f"order line · {line['order_id']} · {line['line_key']}"
    qty = missing or ordered
    found = (
        line["sku_id"],
        line["site_id"],
        line["customer_id"],
        line["order_id"],
        line["line_key"],
        line["due_date"],
        line["delivered_date"],
    )
    return (key, kind, *found, verdict[0], round(qty, 3), round(amount, 4), verdict[1], as_of)
