"""What undoes an action, until when, and why not any more; what is not known counts against."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from decisions.policy_text import packaged
from decisions.rollback import WAYS, Compensation, Irreversible, compensation

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
BUY = {"sku_id": "A1", "site_id": "N", "supplier_id": "S1", "qty": Decimal(40), "unit_cost": Decimal("1.50")}
PARAMETER = {"sku_id": "A1", "site_id": "N", "reorder_point_qty": Decimal(20), "order_up_to_qty": Decimal(60)}

# kind, action, facts under which it can be undone, the opposite kind, and one fact by which it no longer can
WAYS_BACK = [
    (
        "purchase", BUY, {"po_id": "4711", "line_key": "10", "confirmed_at": None, "received_qty": 0},
        ("cancel_purchase", {"po_id": "4711", "line_key": "10", "qty": 40}), {"confirmed_at": BEFORE},
    ),
    (
        "re_source", BUY, {"po_id": "4711", "line_key": "10", "confirmed_at": None},
        ("cancel_purchase", {"po_id": "4711", "line_key": "10", "qty": 40}), {"received_qty": 3},
    ),
    (
        "cancel_purchase", {"po_id": "4711", "line_key": "10", "qty": Decimal(40)},
        {"confirmed_at": None, "sku_id": "A1", "site_id": "N", "supplier_id": "S1", "current_unit_cost": Decimal("1.60")},
        ("purchase", {**BUY, "unit_cost": Decimal("1.60")}), {"confirmed_at": BEFORE},
    ),
    (
        "transfer", {"sku_id": "A1", "from_site_id": "N", "to_site_id": "S", "qty": Decimal(5)}, {"shipped_at": None},
        ("transfer", {"sku_id": "A1", "from_site_id": "S", "to_site_id": "N", "qty": 5}), {"shipped_at": BEFORE},
    ),
    (
        "substitute", {"order_id": "O1", "line_key": "1", "sku_id": "B1"}, {"picked_at": None, "former_sku_id": "A1"},
        ("substitute", {"order_id": "O1", "line_key": "1", "sku_id": "A1"}), {"picked_at": BEFORE},
    ),
    (
        "allocate", {"sku_id": "A1", "site_id": "N", "rule": "tier", "lines": []},
        {"picked_at": None, "former_rule": "first come", "former_lines": [{"order_id": "O1"}]},
        ("allocate", {"sku_id": "A1", "site_id": "N", "rule": "first come", "lines": [{"order_id": "O1"}]}), {"picked_at": BEFORE},
    ),
    ("release_order", {"order_id": "O1"}, {"picked_at": None}, ("hold_order", {"order_id": "O1"}), {"picked_at": BEFORE}),
    ("hold_order", {"order_id": "O1"}, {"cancelled_at": None}, ("release_order", {"order_id": "O1"}), {"cancelled_at": BEFORE}),
    (
        "correct_price", {"order_id": "O1", "line_key": "1", "unit_price": Decimal("9.90")},
        {"invoiced_at": None, "former_unit_price": Decimal("12.00"), "current_unit_price": 9.9},
        ("correct_price", {"order_id": "O1", "line_key": "1", "unit_price": 12}), {"current_unit_price": Decimal(11)},
    ),
    (
        "stock_parameter", PARAMETER,
        {"former_reorder_point_qty": Decimal(15), "former_order_up_to_qty": Decimal(50),
         "current_reorder_point_qty": 20, "current_order_up_to_qty": 60},
        ("stock_parameter", {**PARAMETER, "reorder_point_qty": 15, "order_up_to_qty": 50}), {"current_order_up_to_qty": 70},
    ),
    (
        "policy_change", {"policy": "transfer", "yaml": "new"}, {"former_yaml": "old", "current_yaml": "new"},
        ("policy_change", {"policy": "transfer", "yaml": "old"}), {"current_yaml": "newer"},
    ),
    ("credit_review", {"customer_id": "C1"}, {"answered_at": None}, ("withdraw", {}), {"answered_at": BEFORE}),
    ("fix_data", {"table": "t"}, {"fixed_at": None}, ("withdraw", {}), {"fixed_at": BEFORE}),
]  # fmt: skip
IDS = [row[0] for row in WAYS_BACK]


def test_every_kind_of_action_says_how_it_is_undone():
    assert set(WAYS) == set(packaged())


def test_a_policy_that_calls_an_action_irreversible_is_believed():
    for kind, policy in packaged().items():
        is_never = isinstance(compensation(kind, {}, NOW, {"is_sent": True}), Irreversible) and kind not in IDS
        assert is_never == (policy.reversibility == "irreversible"), kind


@pytest.mark.parametrize(("kind", "action", "facts", "opposite", "_"), WAYS_BACK, ids=IDS)
def test_in_time_there_is_an_opposite(kind, action, facts, opposite, _):
    found = compensation(kind, action, NOW, {**facts, "closes_at": AFTER})
    assert isinstance(found, Compensation), found
    assert (found.kind, found.action, found.closes_at) == (*opposite, AFTER)
    assert found.because.endswith(".")
    assert found.until


@pytest.mark.parametrize(("kind", "action", "facts", "_", "too_late"), WAYS_BACK, ids=IDS)
def test_too_late_is_told_with_the_reason(kind, action, facts, _, too_late):
    found = compensation(kind, action, NOW, {**facts, **too_late})
    assert isinstance(found, Irreversible)
    assert all(reason.endswith(".") for reason in found.reasons)


@pytest.mark.parametrize(("kind", "action", "facts", "_", "__"), WAYS_BACK, ids=IDS)
def test_what_is_not_known_counts_against(kind, action, facts, _, __):
    for name in facts:
        if name != "received_qty":
            found = compensation(kind, action, NOW, {key: value for key, value in facts.items() if key != name})
            assert isinstance(found, Irreversible), name
            assert any("not known" in reason for reason in found.reasons)


def test_an_instant_to_come_is_not_yet_in_the_way():
    facts = {"po_id": "4711", "line_key": "10", "confirmed_at": AFTER}
    assert isinstance(compensation("purchase", BUY, NOW, facts), Compensation)
    assert compensation("purchase", BUY, AFTER, facts) == Irreversible(
        ("It is too late: the supplier confirmed it on 2026-11-20 13:00 UTC.",)
    )


@pytest.mark.parametrize("kind", ["purchase", "expedite", "supplier_message", "transfer"])
def test_whatever_still_lies_in_the_outbox_is_called_back(kind):
    found = compensation(kind, {}, NOW, {"is_sent": False, "batch_id": "export-1"})
    assert isinstance(found, Compensation)
    assert (found.kind, found.action) == ("export_cancelled", {"batch_id": "export-1"})


def test_of_a_batch_carried_out_in_part_the_rest_is_undone():
    known = {"po_id": "4711", "line_key": "10", "confirmed_at": None}
    fates = [known, {**known, "line_key": "20", "confirmed_at": BEFORE}, {**known, "line_key": "30"}]
    found = [compensation("purchase", BUY, NOW, facts) for facts in fates]
    assert [one.action["line_key"] for one in found if isinstance(one, Compensation)] == ["10", "30"]
