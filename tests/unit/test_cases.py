"""Signals meet along causes and along nothing else; each unit of money stands in one case; what is not worth the minutes is hidden."""

import datetime as dt

import polars as pl
import pytest

from models.cases.kinds import KINDS
from pipelines.assumptions import in_force
from tests.case_frames import TODAY, cases, frames, short, signal


def groups(made):
    grouped = made["scores.case_signals"].group_by("case_id").agg(pl.col("signal_id").sort())
    return sorted(grouped["signal_id"].to_list())


def late(po, sku, site, supplier="V1", due=TODAY):
    return signal(
        "late_inbound",
        f"{po} · 1",
        sku_id=sku,
        site_id=site,
        supplier_id=supplier,
        po_id=po,
        po_line_key="1",
        signal_date=due,
    )


def waiting(order, sku, site, qty=4, **more):
    usual = {
        "line_key": "1",
        "customer_id": "K1",
        "due_date": TODAY,
        "open_amount": 25 * qty,
        "unit_margin_amount": 15,
        "late_penalty_share": 0.0,
    }
    return {"order_id": order, "sku_id": sku, "site_id": site, "open_qty": qty, **usual, **more}


def test_two_skus_that_share_only_a_site_are_two_cases():
    made = cases(frames(signals=[short("A", "X"), short("B", "X")]))
    assert groups(made) == [["stocked_out · A · X"], ["stocked_out · B · X"]]


def test_one_sku_empty_at_two_sites_that_do_not_feed_each_other_is_two_cases():
    assert len(groups(cases(frames(signals=[short("A", "X"), short("A", "Y")])))) == 2


def test_a_branch_that_is_fed_by_the_empty_site_is_in_its_case():
    made = cases(frames(signals=[short("A", "X"), short("A", "Y")], site_feeds=[{"site_id": "Y", "from_site_id": "X"}]))
    assert len(groups(made)) == 1


def test_a_late_purchase_its_shelf_and_the_order_that_waits_are_one_case_named_by_the_purchase():
    order = signal("order_short", "O1 · 1", sku_id="A", site_id="X", order_id="O1", line_key="1", customer_id="K1")
    made = cases(
        frames(signals=[order, short("A", "X"), late("PO1", "A", "X")], waiting_lines=[waiting("O1", "A", "X")])
    )
    assert made["scores.cases"]["case_id"].to_list() == ["late_inbound · PO1 · 1"]
    assert groups(made) == [["late_inbound · PO1 · 1", "order_short · O1 · 1", "stocked_out · A · X"]]


def test_a_purchase_due_long_after_the_shelf_is_empty_is_not_why():
    far = late("PO1", "A", "X", due=TODAY + dt.timedelta(days=60))
    assert len(groups(cases(frames(signals=[short("A", "X"), far])))) == 2


def test_a_supplier_that_got_worse_joins_its_late_lines_and_no_others():
    worse = signal("supplier_worse", "V1", supplier_id="V1", signal_date=TODAY - dt.timedelta(days=90))
    made = cases(
        frames(signals=[worse, late("PO1", "A", "X"), late("PO2", "B", "X"), late("PO3", "C", "X", supplier="V2")])
    )
    assert groups(made) == [
        ["late_inbound · PO1 · 1", "late_inbound · PO2 · 1", "supplier_worse · V1"],
        ["late_inbound · PO3 · 1"],
    ]


def test_a_line_that_was_late_before_the_supplier_got_worse_is_not_its_doing():
    worse = signal("supplier_worse", "V1", supplier_id="V1", signal_date=TODAY - dt.timedelta(days=9))
    old = late("PO1", "A", "X", due=TODAY - dt.timedelta(days=30))
    assert len(groups(cases(frames(signals=[worse, old])))) == 2


def test_excess_at_one_site_and_want_at_another_meet_by_the_misplaced_stock():
    excess = signal("excess_stock", "A · Y", sku_id="A", site_id="Y")
    misplaced = signal("misplaced_stock", "A · X · Y", sku_id="A", site_id="X", from_site_id="Y")
    assert len(groups(cases(frames(signals=[short("A", "X"), excess, misplaced])))) == 1


@pytest.mark.parametrize(
    ("direction", "joined"), [("too low", "stocked_out · A · X"), ("too high", "excess_stock · A · X")]
)
def test_a_parameter_explains_only_what_it_can(direction, joined):
    stale = signal("stale_parameter", "A · X", sku_id="A", site_id="X")
    excess = signal("excess_stock", "A · X", sku_id="A", site_id="X")
    known = {"sku_id": "A", "site_id": "X", "direction_name": direction, "because_text": "It is old."}
    made = cases(frames(signals=[stale, short("A", "X"), excess], stock_parameters=[known]))
    assert sorted([joined, "stale_parameter · A · X"]) in groups(made)
    assert len(groups(made)) == 2


def test_a_fall_of_demand_explains_the_excess_of_its_shelf_unless_it_is_doubtful_and_the_parameter_is_not():
    known = {"sku_id": "A", "site_id": "X", "direction_name": "too high", "because_text": "It is high."}
    others = [
        signal("stale_parameter", "A · X", sku_id="A", site_id="X"),
        signal("excess_stock", "A · X", sku_id="A", site_id="X"),
    ]
    for chance, cause in ((0.9, "demand_drop · A · X"), (0.3, "stale_parameter · A · X")):
        fell = signal("demand_drop", "A · X", sku_id="A", site_id="X", chance_share=chance)
        made = cases(frames(signals=[fell, *others], stock_parameters=[known]))
        assert made["scores.cases"]["case_id"].to_list() == [cause]


def test_a_doubtful_rise_still_names_the_shelf_that_it_empties():
    rose = signal("demand_spike", "A · X", sku_id="A", site_id="X", chance_share=0.3)
    assert cases(frames(signals=[rose, short("A", "X")]))["scores.cases"]["case_kind_code"].to_list() == [
        "demand_spike"
    ]


@pytest.mark.parametrize(("chance", "count"), [(0.99, 1), (0.0, 2)])
def test_a_count_that_came_back_explains_nothing_of_today(chance, count):
    jump = signal("data_defect", "A", sku_id="A", chance_share=chance)
    assert len(groups(cases(frames(signals=[jump, short("A", "X")])))) == count


def test_every_kind_of_case_has_what_acting_saves_as_a_graded_assumption():
    entries = {entry.name: entry for entry in in_force(TODAY)}
    for kind in KINDS:
        entry = entries[f"acting_saves_share_{kind}"]
        assert 0 < entry.low < entry.value < entry.high < 1
        assert entry.grade == "assumption"


def test_what_acting_saves_is_read_and_not_written_into_the_model():
    order = signal("order_short", "O1 · 1", sku_id="A", site_id="X", order_id="O1", line_key="1", customer_id="K1")
    held = [
        {"assumption_name": e.name, "assumed_number": e.value, "low_number": e.low, "high_number": e.high}
        for e in in_force(TODAY)
    ]
    for share in (0.5, 0.01):
        said = {"assumed_number": share, "low_number": share, "high_number": share}
        assumed = [one | said if one["assumption_name"] == "acting_saves_share_order_short" else one for one in held]
        made = cases(frames(signals=[order], waiting_lines=[waiting("O1", "A", "X", 100)], assumptions=assumed))
        case = made["scores.cases"].row(0, named=True)
        assert (case["actionability_share"], case["is_shown"]) == (share, share == 0.5)


def test_a_talk_with_a_supplier_that_got_worse_is_worth_the_stock_that_its_lead_time_would_need():
    worse = signal("supplier_worse", "V1", supplier_id="V1", signal_date=TODAY - dt.timedelta(days=90))
    health = {"supplier_id": "V1", "lead_before_days": 10.0, "lead_after_days": 20.0, "open_amount": 100_000}
    made = cases(frames(signals=[worse, late("PO1", "A", "X")], supplier_health=[health]))
    case = made["scores.cases"].row(0, named=True)
    best = made["scores.case_options"].filter("is_suggested").row(0, named=True)
    assert case["is_shown"]
    assert best["action_kind_code"] == "supplier_message"
    # A quarter of such talks help, and then half of the stock is not needed; half an hour at 42 an hour.
    assert float(best["gain_amount"]) == pytest.approx(0.25 * 0.5 * float(case["expected_loss_amount"]) - 21, abs=0.01)


def test_the_money_of_an_order_line_is_margin_penalty_and_waiting():
    """Four lamps at 25 with a margin of 15: half of 60 is lost; 5 % of 100 is the penalty; two days of waiting cost 0.2 % a day."""
    order = signal("order_short", "O1 · 1", sku_id="A", site_id="X", order_id="O1", line_key="1", customer_id="K1")
    line = waiting("O1", "A", "X", due_date=TODAY - dt.timedelta(days=1), late_penalty_share=0.05)
    come = {"po_id": "PO1", "line_key": "1", "supplier_id": "V1", "sku_id": "A", "site_id": "X", "due_date": TODAY}
    come |= {"arrival_p50_date": TODAY + dt.timedelta(days=1), "open_qty": 10, "open_amount": 100}
    made = cases(frames(signals=[order], waiting_lines=[line], inbound_risks=[come]))
    assert float(made["scores.cases"]["at_risk_amount"][0]) == pytest.approx(30 + 5 + 0.4)


def test_a_line_that_is_held_and_short_is_counted_once():
    held = signal("order_held", "O1", order_id="O1", customer_id="K1")
    order = signal("order_short", "O1 · 1", sku_id="A", site_id="X", order_id="O1", line_key="1", customer_id="K1")
    made = cases(frames(signals=[held, order], waiting_lines=[waiting("O1", "A", "X", hold_code="CREDIT")]))
    assert made["scores.case_units"]["unit_key"].to_list() == ["order line · O1 · 1"]


def test_what_is_not_worth_the_minutes_is_hidden_and_says_why():
    order = signal("order_short", "O1 · 1", sku_id="A", site_id="X", order_id="O1", line_key="1", customer_id="K1")
    small, large = (cases(frames(signals=[order], waiting_lines=[waiting("O1", "A", "X", qty)])) for qty in (1, 100))
    hidden, shown = small["scores.cases"].row(0, named=True), large["scores.cases"].row(0, named=True)
    assert not hidden["is_shown"]
    assert hidden["hidden_because_text"].startswith("Acting would save about")
    assert shown["is_shown"]
    assert shown["hidden_because_text"] is None


def test_excess_that_a_parameter_has_bought_is_not_counted_again_as_its_future():
    known = {"sku_id": "A", "site_id": "X", "direction_name": "too high", "because_text": "It is high."}
    signals = [
        signal("stale_parameter", "A · X", sku_id="A", site_id="X", impact_amount=30),
        signal("excess_stock", "A · X", sku_id="A", site_id="X"),
    ]
    stock = {"sku_id": "A", "site_id": "X", "on_hand_qty": 300, "excess_qty": 100}
    made = cases(
        frames(signals=signals, stock_parameters=[known], stock_now=[stock], skus=[{"sku_id": "A", "unit_cost": 10}])
    )
    assert float(made["scores.cases"]["at_risk_amount"][0]) == pytest.approx(100 * 10 * 0.4 * 91 / 365, abs=0.001)


def test_without_signals_there_are_no_cases_and_it_says_so():
    assert cases(frames())["scores.cases"].is_empty()
