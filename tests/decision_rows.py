"""Acts of a ledger and rows of a build, a few of each, for tests of what came of decisions."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from models.decisions.fold import folded
from models.in_force import HISTORY
from tests.assumed import always

DAY = dt.date(2026, 3, 2)
MORNING = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


def wish(
    *, kind: str = "purchase", qty: int | None = 30, suggested: int | None = None, sku: str = "A1", days: int = 42
) -> dict[str, Any]:
    """A proposal as the ledger keeps it; what was suggested is the quantity itself unless told."""
    action = {
        "sku_id": sku,
        "site_id": "X",
        "supplier_id": "V",
        "unit_cost": "20",
        **({} if qty is None else {"qty": str(qty)}),
    }
    before = {} if qty is None else {**action, "qty": str(qty if suggested is None else suggested)}
    return {
        "kind": kind,
        "subject": {"sku_id": sku, "site_id": "X"},
        "action": action,
        "suggested": before,
        "segment": "A",
        "horizon_days": days,
        "moved_amount": "600",
    }


def acts(
    said: dict[str, Any],
    *,
    answer: str = "approve",
    changed_by: str = "",
    minutes: float = 0.0,
    first: int = 0,
    agent: bool = False,
) -> list[dict[str, Any]]:
    """The acts of one wish: proposed, changed where somebody changed it, answered two hours later and, if approved, exported."""
    name = f"p{first}"
    made: list[tuple[str, str, str, float, dict[str, Any]]] = []
    verdict = {"code": "needs_approval", "approvals": 1, "of": ["approver"]}
    content = {"proposal": said, "verdict": verdict, "policy_version": 1, "is_agent": agent, "minutes": minutes}
    if changed_by:
        asked = {**said, "action": said["suggested"]}
        made = [("propose", name, "paula", 0.0, {**content, "proposal": asked})]
        made += [("modify", name, changed_by, 0.0, {**content, "reason_code": "KNOWS"})]
    else:
        made = [("propose", name, "the-agent" if agent else "paula", 0.0, content)]
    made.append((answer, name, "anna", 2.0, {"content_hash": "h", "reason": "no" if answer == "decline" else ""}))
    if answer == "approve":
        made.append(("export", f"b{first}", "anna", 3.0, {"lines": [{"proposal_id": name, "kind": said["kind"]}]}))
    return [
        {
            "act_id": f"{first}-{at}", "act_no": first + at, "kind_code": kind, "subject_name": subject, "actor_name": who,
            "acted_at": MORNING + dt.timedelta(hours=hours), "payload_text": json.dumps(payload),
        }
        for at, (kind, subject, who, hours, payload) in enumerate(made, start=1)
    ]  # fmt: skip


def build(said: Sequence[Mapping[str, Any]], on_hand: Mapping[int, float]) -> dict[str, pl.DataFrame]:
    """The frames that the models of decisions read: every purchase came whole on day 10; stock as told from each day on."""
    schema = {"act_id": pl.String, "act_no": pl.Int64, "kind_code": pl.String, "subject_name": pl.String, "actor_name": pl.String,
              "acted_at": pl.Datetime("us", "UTC"), "payload_text": pl.String}  # fmt: skip
    decided = folded(pl.DataFrame(list(said), schema=schema))
    skus = decided["sku_id"].unique().sort().to_list() or ["A1"]
    days = []
    for day in range(-30, 60) if on_hand else ():
        held = [units for since, units in on_hand.items() if since <= day]
        days.append(
            {
                "stock_date": DAY + dt.timedelta(days=day),
                "on_hand_qty": float(held[-1]) if held else 40.0,
                "out_qty": 0.0 if held and held[-1] == 0 else 1.0,
                "in_qty": 30.0 if day == 10 else 0.0,
            }
        )
    shelf = pl.DataFrame(
        days, schema={"stock_date": pl.Date, "on_hand_qty": pl.Float64, "out_qty": pl.Float64, "in_qty": pl.Float64}
    )
    each = pl.DataFrame(
        {"sku_id": skus, "site_id": ["X"] * len(skus)}, schema={"sku_id": pl.String, "site_id": pl.String}
    )
    carried = decided.filter(pl.col("decision_state_code") == "exported", pl.col("action_kind_code") == "purchase")
    came = DAY + dt.timedelta(days=10)
    return {
        "scores.decisions": decided,
        "marts.decision_days": each.join(shelf, how="cross"),
        "marts.decision_purchases": carried.select(
            "proposal_id", "sku_id", "site_id", received_qty="decided_qty", unit_cost="unit_cost"
        ).with_columns(first_received_date=pl.lit(came)),
        "marts.decision_orders": pl.DataFrame(
            schema={
                "order_id": pl.String,
                "net_amount": pl.Float64,
                "margin_amount": pl.Float64,
                "shipped_date": pl.Date,
            }
        ),
        "marts.sku_margins": each.with_columns(unit_margin_amount=pl.lit(8.0)),
        "core.skus": each.select("sku_id").with_columns(unit_cost=pl.lit(20.0)),
        HISTORY: always({"lost_sale_share": 0.5}),
    }


# How the ways back of kinds stand on 13 November 2026, of which three were carried out within half a year before.
LATELY, BEFORE = dt.date(2026, 5, 14), dt.date(2026, 5, 13)
WAYS_BACK = [
    {"action_kind_code": kind, "back_verdict_code": code, "last_carried_date": day, "way_back_count": count, "because_text": "Nobody."}
    for kind, code, day, count in (
        ("purchase", "tested", LATELY, 2), ("transfer", "never tested", LATELY, 0), ("release_order", "overdue", LATELY, 1),
        ("expedite", "never tested", BEFORE, 0), ("allocate", "never used", None, 0), ("fix_data", "tested", None, 1),
    )
]  # fmt: skip
