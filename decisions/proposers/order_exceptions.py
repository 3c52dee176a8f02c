"""The order exception agent: held, short, over credit, wrongly priced or incomplete orders; standard cases are routed or resolved."""

from decisions.policy import GoodDecision
from decisions.proposers.agent import Agent, Stops
from decisions.proposers.toolbox import Tool

ORDER_EXCEPTIONS = Agent(
    code="order",
    title="Order exceptions",
    mode="agent",
    queue=(
        *("order_held", "order_short", "over_credit", "wrong_price"),
        *("price_anomaly", "quantity_anomaly", "missing_data", "data_defect"),
    ),
    permitted=("release_order", "hold_order", "correct_price", "credit_review", "substitute", "fix_data"),
    tools=(
        Tool(
            "order",
            "core.orders",
            {"order_id": "order_id"},
            ("customer_id", "ordered_at", "requested_date", "status_code", "hold_code"),
            "How does the order stand?",
            cases=("order_held", "over_credit"),
            is_needed=True,
            must_have=("status_code",),
        ),
        Tool(
            "customer",
            "core.customers",
            {"customer_id": "customer_id"},
            ("tier_code", "credit_limit_amount", "minimum_fill_share"),
            "What was agreed with the customer?",
            cases=("order_held", "order_short", "over_credit", "wrong_price"),
        ),
        Tool(
            "lateness",
            "marts.order_late_risks",
            {"order_id": "order_id"},
            ("line_key", "sku_id", "due_date", "late_share", "arrival_p80_date", "ordered_qty"),
            "Which of its lines will be late?",
            cases=("order_held", "order_short", "over_credit"),
        ),
        Tool(
            "shelf",
            "marts.stock_now",
            {"sku_id": "sku_id", "site_id": "site_id"},
            ("on_hand_qty", "on_order_qty", "allocated_qty", "cover_days"),
            "What lies on the shelf?",
            cases=("order_short",),
            must_have=("on_hand_qty",),
        ),
    ),
    models={"substitute": ("late_orders",)},
    needs={
        "release_order": ("order_id",),
        "hold_order": ("order_id",),
        "correct_price": ("order_id", "line_key", "unit_price"),
        "credit_review": ("customer_id",),
        "substitute": ("order_id", "line_key", "sku_id"),
        "fix_data": ("table", "key", "column"),
    },
    escalation="Hands over to the owner: ties, unknown classes, less than 70 % sure, grade D, a stale build, a wish turned down twice.",
    good_decision=GoodDecision(
        "Orders that will be paid and can be filled go out without delay.",
        "Credit limit, contract price, promised fill; never a credit or a price below contract.",
        "Orders paid on time, holds that proved needless, corrections that were undone; six weeks later.",
    ),
    does_not="It never divides short stock between customers, grants credit or writes to the ERP.",
    stops=Stops(least_confidence=0.7),
)
