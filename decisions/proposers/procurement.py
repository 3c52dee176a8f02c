"""The procurement agent: shelves that run out, late goods, suppliers that got worse; it orders, expedites, prepares another source."""

from decisions.policy import GoodDecision
from decisions.proposers.agent import Agent
from decisions.proposers.toolbox import Tool

PROCUREMENT = Agent(
    code="procurement",
    title="Procurement",
    mode="agent",
    queue=(
        *("stockout_ahead", "stocked_out", "demand_spike", "late_inbound"),
        *("supplier_worse", "excess_stock", "demand_drop"),
    ),
    permitted=("purchase", "expedite", "re_source", "cancel_purchase"),
    tools=(
        Tool(
            "line",
            "marts.inbound_risks",
            {"po_id": "po_id"},
            (
                "line_key",
                "supplier_id",
                "sku_id",
                "site_id",
                "due_date",
                "late_share",
                "arrival_p80_date",
                "open_qty",
                "open_amount",
            ),
            "How late will the goods be?",
            cases=("late_inbound",),
            is_needed=True,
            must_have=("due_date", "open_qty"),
        ),
        Tool(
            "supplier",
            "marts.supplier_health",
            {"supplier_id": "supplier_id"},
            (
                "on_time_in_full_share",
                "lead_median_days",
                "lead_p90_days",
                "is_deteriorated",
                "deteriorated_since_date",
                "because_text",
            ),
            "How does the supplier deliver?",
            cases=("late_inbound", "supplier_worse"),
            is_needed=True,
        ),
        Tool(
            "sources",
            "core.supplier_terms",
            {"sku_id": "sku_id"},
            ("supplier_id", "unit_cost", "minimum_order_qty", "pack_qty", "promised_lead_days"),
            "Who else sells it?",
        ),
        Tool(
            "shelf",
            "marts.stock_now",
            {"sku_id": "sku_id", "site_id": "site_id"},
            ("on_hand_qty", "on_order_qty", "cover_days"),
            "How long does the shelf last?",
            cases=("stockout_ahead", "stocked_out", "demand_spike", "late_inbound", "excess_stock"),
            is_needed=True,
            must_have=("on_hand_qty",),
        ),
        Tool(
            "order",
            "scores.replenishment",
            {"sku_id": "sku_id", "site_id": "site_id"},
            ("supplier_id", "proposed_qty", "order_up_to_qty", "expected_fill_share", "order_by_date"),
            "What would the plan order?",
            cases=("stockout_ahead", "stocked_out", "demand_spike"),
        ),
    ),
    models={
        "purchase": ("demand", "stockout", "replenishment"),
        "expedite": ("inbound", "stockout"),
        "re_source": ("suppliers", "inbound"),
        "cancel_purchase": ("demand", "inbound"),
    },
    needs={
        "purchase": ("sku_id", "site_id", "supplier_id", "qty", "unit_cost"),
        "expedite": ("po_id", "line_key"),
        "re_source": ("sku_id", "site_id", "supplier_id", "qty", "unit_cost"),
        "cancel_purchase": ("po_id", "line_key", "qty"),
    },
    escalation="Hands over to the owner: ties, less than 60 % sure, grade D, a model that is off, a stale build, a wish turned down twice.",
    good_decision=GoodDecision(
        "Goods arrive before the shelf is empty, from a supplier who keeps their word, for the least money.",
        "Minimum order, contract, budget; another supplier only with an approver.",
        "Lost margin avoided less the price of speed or of the other source, once the goods were due.",
    ),
    does_not="It never takes another supplier or pays for speed without an approver, and never negotiates a price.",
)
