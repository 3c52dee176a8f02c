"""What the cases read and write: columns, keys, checks, and what the model says of itself."""

from typing import Any

from models.model import Output

CASES = (
    "case_id", "case_kind_code", "case_title_text", "cause_text", "sku_id", "site_id", "supplier_id", "carrier_id", "customer_id",
    "order_id", "po_id", "at_risk_amount", "chance_share", "expected_loss_amount", "actionability_share", "handling_minutes",
    "handling_amount", "act_by_date", "opened_date", "owner_role_name", "signal_count", "line_count", "customer_count", "is_shown",
    "hidden_because_text", "data_grade_code", "because_text", "as_of_date",
)  # fmt: skip
SIGNALS = ("signal_id", "case_id", "is_cause", "link_text")
UNITS = (
    "unit_key", "case_id", "unit_kind_name", "signal_id", "sku_id", "site_id", "customer_id", "order_id", "line_key", "at_risk_qty",
    "at_risk_amount", "chance_share", "expected_loss_amount",
)  # fmt: skip
EFFECTS = (
    "case_id",
    "step_no",
    "level_no",
    "effect_name",
    "effect_count",
    "effect_qty",
    "effect_amount",
    "effect_date",
    "because_text",
)
OPTIONS = (
    "case_id", "option_no", "action_kind_code", "option_text", "action_text", "is_do_nothing", "is_suggested", "cost_amount", "gain_amount",
    "gain_low_amount", "gain_high_amount", "moved_amount", "confidence_share", "data_grade_code", "because_text", "does_not_know_text",
    "act_by_date", "horizon_days",
)  # fmt: skip
READS = {
    "marts.signals": (
        "signal_id", "signal_kind_code", "signal_date", "sku_id", "site_id", "from_site_id", "supplier_id", "carrier_id", "customer_id",
        "order_id", "line_key", "po_id", "po_line_key", "shipment_id", "chance_share", "impact_amount", "act_by_date", "because_text",
        "evidence_table_name", "evidence_key_text",
    ),
    "marts.waiting_lines": (
        "order_id", "line_key", "sku_id", "site_id", "customer_id", "hold_code", "due_date", "open_qty", "open_amount",
        "unit_margin_amount",
        "late_penalty_share", "late_share", "arrival_p50_date",
    ),
    "marts.travelling_lines": (
        "shipment_id", "order_id", "line_key", "sku_id", "site_id", "customer_id", "due_date", "arrival_p50_date", "shipped_qty",
        "shipped_amount", "late_penalty_share",
    ),
    "marts.inbound_risks": (
        "po_id", "line_key", "supplier_id", "sku_id", "site_id", "due_date", "arrival_p50_date", "open_qty", "open_amount",
    ),
    "marts.stock_now": ("sku_id", "site_id", "on_hand_qty", "excess_qty"),
    "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount", "unit_net_amount"),
    "marts.site_feeds": ("site_id", "from_site_id"),
    "marts.supplier_health": ("supplier_id", "lead_before_days", "lead_after_days", "open_amount"),
    "marts.data_grades": ("contract_name", "data_grade_code"),
    "scores.stockout_outlook": ("sku_id", "site_id", "lead_time_days", "stockout_share", "expected_lost_qty"),
    "scores.stock_parameters": (
        "sku_id", "site_id", "reorder_point_qty", "order_up_to_qty", "usual_up_to_qty", "direction_name", "because_text",
    ),
    "scores.demand_forecasts": ("sku_id", "site_id", "target_date", "mean_qty"),
    "scores.replenishment": (
        "sku_id", "site_id", "supplier_id", "unit_cost", "proposed_qty", "proposed_amount", "gain_amount", "gain_low_amount",
        "gain_high_amount", "confidence_share", "lead_p90_days", "expected_receipt_date", "order_by_date", "because_text",
        "does_not_know_text",
    ),
    "scores.transfers": (
        "sku_id", "from_site_id", "to_site_id", "moved_qty", "gain_amount", "gain_low_amount", "gain_high_amount", "transfer_cost_amount",
        "unit_cost", "confidence_share", "because_text", "does_not_know_text",
    ),
    "scores.allocation_rules": ("sku_id", "site_id", "rule_name", "worth_amount", "is_suggested", "because_text"),
    "scores.allocations": ("order_id", "line_key", "rule_name", "sku_id", "site_id", "given_qty"),
    "core.skus": ("sku_id", "sku_name", "unit_cost", "substitute_of"),
    "core.sites": ("site_id", "site_name"),
    "core.suppliers": ("supplier_id", "supplier_name"),
    "core.customers": ("customer_id", "customer_name"),
    "core.carriers": ("carrier_id", "carrier_name"),
    "core.supplier_terms": (
        "supplier_id", "sku_id", "valid_from_date", "unit_cost", "minimum_order_qty", "pack_qty", "promised_lead_days",
    ),
    "raw.assumptions": ("assumption_name", "assumed_number", "low_number", "high_number"),
}  # fmt: skip
WRITES = (
    Output(
        name="scores.cases",
        answers="What is wrong, one case for each cause: what is at risk, by when must one act, whose is it, is it worth the minutes?",
        grain="one row per case; the case's id is the kind and subject of its cause, the same from build to build",
        key=("case_id",),
        columns=CASES,
        checks=(
            "chance_share >= 0 and chance_share <= 1", "at_risk_amount >= 0", "expected_loss_amount <= at_risk_amount + 0.01",
            "is_shown or hidden_because_text is not null",
        ),
    ),
    Output(
        name="scores.case_signals",
        answers="Which signals belong to which case, and why?",
        grain="one row per signal",
        key=("signal_id",),
        columns=SIGNALS,
    ),
    Output(
        name="scores.case_units",
        answers="What exactly can be lost, each unit of demand, stock or money in one case only?",
        grain="one row per unit",
        key=("unit_key",),
        columns=UNITS,
        checks=("at_risk_amount >= 0", "chance_share >= 0 and chance_share <= 1"),
    ),
    Output(
        name="scores.case_effects",
        answers="What follows from the cause of a case, step by step?",
        grain="one row per case and step",
        key=("case_id", "step_no"),
        columns=EFFECTS,
    ),
    Output(
        name="scores.case_options",
        answers="What could be done about a case, nothing among it, and what is each worth against doing nothing?",
        grain="one row per case and option",
        key=("case_id", "option_no"),
        columns=OPTIONS,
        checks=(
            "gain_low_amount <= gain_high_amount", "confidence_share >= 0 and confidence_share <= 1",
            "not is_do_nothing or gain_amount = 0",
        ),
    ),
)  # fmt: skip
MODEL_PARTS: dict[str, Any] = {
    "reads": READS,
    "writes": WRITES,
    "guarantee": "Every signal and every unit is in exactly one case, so money at risk adds up; a shown case has an action beside nothing.",
    "rival": "one case per signal",
    "needs": (),
    "versions": {
        1: "Signals joined along causal links, supply pegged to order lines and expected demand, options worked out on the pegged plan."
    },
    "does_not": "It does not know causes outside the data, what people have agreed by telephone, or effects that nobody has forecast.",
    "trust": "Trust the order of the list and what belongs together; money rests on assumptions that are graded beside it.",
}
