"""The inventory agent: stock in the wrong place and shelves that run out; it moves stock or changes its parameters, within limits."""

from decisions.policy import GoodDecision
from decisions.proposers.agent import Agent
from decisions.proposers.toolbox import Tool

SHELF = {"sku_id": "sku_id", "site_id": "site_id"}

INVENTORY = Agent(
    code="inventory",
    title="Inventory",
    mode="agent",
    queue=(
        *("misplaced_stock", "excess_stock", "stale_parameter", "demand_drop"),
        *("demand_spike", "stockout_ahead", "stocked_out", "late_inbound"),
    ),
    permitted=("transfer", "stock_parameter"),
    tools=(
        Tool(
            "shelf",
            "marts.stock_now",
            SHELF,
            ("on_hand_qty", "on_order_qty", "allocated_qty", "unit_cost", "cover_days", "excess_qty"),
            "What lies on the shelf?",
            is_needed=True,
            must_have=("on_hand_qty",),
        ),
        Tool(
            "risk",
            "marts.stockout_outlook",
            SHELF,
            ("stockout_share", "first_likely_date", "expected_lost_amount", "lead_time_days", "next_due_date"),
            "Will it run out?",
            cases=("demand_spike", "stockout_ahead", "stocked_out", "misplaced_stock", "late_inbound"),
        ),
        Tool(
            "order",
            "scores.replenishment",
            SHELF,
            ("reorder_point_qty", "order_up_to_qty", "open_qty", "proposed_qty", "order_by_date"),
            "What does the plan hold to be right for this shelf?",
        ),
        Tool(
            "elsewhere",
            "scores.transfers",
            {"sku_id": "sku_id", "to_site_id": "site_id"},
            ("from_site_id", "moved_qty", "gain_amount", "donor_loss_amount", "lead_days"),
            "Which other site could give some?",
            cases=("stockout_ahead", "stocked_out", "misplaced_stock", "demand_spike", "late_inbound"),
        ),
    ),
    models={
        "transfer": ("demand", "stockout", "transfers"),
        "stock_parameter": ("demand", "stock_parameters"),
    },
    needs={
        "transfer": ("sku_id", "from_site_id", "to_site_id", "qty"),
        "stock_parameter": ("sku_id", "site_id", "reorder_point_qty", "order_up_to_qty"),
    },
    escalation="Hands over to the owner: ties, less than 60 % sure, grade D, a model that is off, a stale build, a wish turned down twice.",
    good_decision=GoodDecision(
        "Have what customers will ask for where they ask for it, at the least sum of lost margin, holding and moving.",
        "Policy limits per day; the donor's own shelf; minimum order and pack.",
        "Margin saved less the cost of holding, ordering and moving against doing nothing, once the horizon has passed.",
    ),
    does_not="It never orders, never expedites, and never takes from a site that would then run out itself.",
)
