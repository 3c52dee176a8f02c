"""Each kind of order exception out of rows that a person can follow, and nothing where all is well."""

import pytest

from tests.worlds import line, world

OPEN = {"shipped_qty": 0, "delivered_date": None}


def found(**extracts):
    made = world("marts.order_exceptions", **extracts)
    rows = made.query("select * from marts.order_exceptions order by signal_kind_code, order_id, line_key").to_dicts()
    return [(row["signal_kind_code"], row["order_id"], row["line_key"]) for row in rows], rows


def stock(on_hand):
    return [{"sku_id": "BOLT", "site_id": "LEJ", "stock_date": "2026-11-13", "on_hand_qty": on_hand}]


def order(order_id, **columns):
    return {"order_id": order_id, "customer_id": "ALPHA", "ordered_at": "2026-11-02T12:00:00Z", **columns}


def test_what_went_out_in_full_is_no_exception():
    assert found(order_lines=[line("O1")], stock_days=stock(5))[0] == []


def test_orders_are_short_from_where_stock_ends_by_the_day_they_are_due():
    lines = [
        line("O1", **OPEN, requested_date="2026-11-20"),
        line("O2", **OPEN, requested_date="2026-11-18"),
        line("O3", **OPEN, requested_date="2026-11-22"),
    ]
    assert found(order_lines=lines, stock_days=stock(20))[0] == [("order_short", "O3", "1")]


def test_a_short_line_risks_half_of_its_margin():
    """Ten bolts at 5 with a margin of 30 on the line; half of what waits is lost."""
    lines = [line("O1", **OPEN, requested_date="2026-11-20", margin_amount=30)]
    _, rows = found(order_lines=lines, stock_days=stock(0))
    assert float(rows[0]["impact_amount"]) == pytest.approx(15)


def test_a_held_order_waits_for_its_hold_and_not_for_stock():
    lines = [line("O1", **OPEN, requested_date="2026-11-20")]
    assert found(orders=[order("O1", hold_code="CREDIT")], order_lines=lines, stock_days=stock(0))[0] == [
        ("order_held", "O1", "*")
    ]


@pytest.mark.parametrize(("limit", "is_over"), [(99, True), (100, False)])
def test_a_customer_owes_what_is_on_order_and_what_was_sent_within_terms(limit, is_over):
    """50 are on order, 50 were shipped eight days ago with thirty days to pay: the limit itself is kept."""
    lines = [line("O1", **OPEN, requested_date="2026-11-20"), line("O2", shipped_date="2026-11-05")]
    customers = [{"customer_id": "ALPHA", "credit_limit_amount": limit}]
    orders = [order("O1", payment_terms_days=30), order("O2", payment_terms_days=30)]
    kinds = [kind for kind, *_ in found(customers=customers, orders=orders, order_lines=lines, stock_days=stock(99))[0]]
    assert ("over_credit" in kinds) == is_over


@pytest.mark.parametrize(
    ("paid", "agreed", "is_contract", "is_wrong"),
    [(5, 5.1, True, False), (5, 5.2, True, True), (5, 9, False, False), (5, 11, False, True), (5, 2.4, False, True)],
)
def test_a_contract_binds_within_two_per_cent_and_a_list_within_half_and_twice(paid, agreed, is_contract, is_wrong):
    customer = "ALPHA" if is_contract else "*"
    price = {
        "sku_id": "BOLT",
        "customer_id": customer,
        "valid_from_date": "2026-01-01",
        "unit_price": agreed,
        "is_contract": is_contract,
    }
    kinds = [kind for kind, *_ in found(order_lines=[line("O1", unit_price=paid)], prices=[price])[0]]
    assert ("wrong_price" in kinds) == is_wrong


def test_the_customers_own_price_comes_before_the_list():
    prices = [
        {"sku_id": "BOLT", "customer_id": "*", "valid_from_date": "2026-06-01", "unit_price": 50, "is_contract": False},
        {
            "sku_id": "BOLT",
            "customer_id": "ALPHA",
            "valid_from_date": "2026-01-01",
            "unit_price": 5,
            "is_contract": True,
        },
    ]
    assert found(order_lines=[line("O1")], prices=prices)[0] == []


def test_a_line_without_a_day_is_incomplete():
    lines = [line("O1", **OPEN, requested_date=None)]
    assert ("missing_data", "O1", "1") in found(order_lines=lines, stock_days=stock(99))[0]


@pytest.mark.parametrize(
    ("customers", "is_called"), [(("ALPHA", "BETA", "BETA"), True), (("ALPHA",) * 3, False), (("ALPHA", "BETA"), False)]
)
def test_a_wrong_price_that_several_customers_had_is_the_price_of_the_sku(customers, is_called):
    lines = [line(f"O{n}", customer_id=who) for n, who in enumerate(customers)]
    price = {
        "sku_id": "BOLT",
        "customer_id": "*",
        "valid_from_date": "2026-01-01",
        "unit_price": 50,
        "is_contract": False,
    }
    made = world("marts.strange_signals", order_lines=lines, prices=[price])
    told = made.query("select * from marts.strange_signals where signal_kind_code = 'price_anomaly'").to_dicts()
    assert [row["sku_id"] for row in told] == ["BOLT"] * is_called
    assert all(row["because_text"].startswith("3 order lines of 2 customers") for row in told)
