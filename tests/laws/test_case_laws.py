"""What holds for any signals: each in one case, no unit twice, parts that add up, and nothing that depends on their order."""

import datetime as dt

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from models.cases.cases import MODEL
from models.cases.pegging import Supply, Wish, peg
from models.model import Asked
from tests.case_frames import TODAY, cases, frames, signal

SKUS, SITES, SUPPLIERS = ("A", "B", "C"), ("X", "Y"), ("V1", "V2")
SHELF_KINDS = (
    "stocked_out",
    "stockout_ahead",
    "excess_stock",
    "demand_spike",
    "demand_drop",
    "stale_parameter",
    "data_defect",
)


@st.composite
def worlds(draw):
    """Shelves in trouble, late lines, orders that wait, and a supplier that may have got worse."""
    shelves = draw(
        st.lists(
            st.tuples(st.sampled_from(SHELF_KINDS), st.sampled_from(SKUS), st.sampled_from(SITES)),
            max_size=9,
            unique=True,
        )
    )
    signals = [
        signal(
            kind, f"{sku} · {site}", sku_id=sku, site_id=site, chance_share=draw(st.sampled_from([0.0, 0.3, 0.9, 1.0]))
        )
        for kind, sku, site in shelves
    ]
    lines = draw(
        st.lists(
            st.tuples(st.sampled_from(SKUS), st.sampled_from(SITES), st.sampled_from(SUPPLIERS), st.integers(-20, 40)),
            max_size=5,
        )
    )
    moved = draw(st.lists(st.tuples(st.sampled_from(SKUS), st.permutations(SITES)), max_size=3, unique_by=str))
    signals += [
        signal("misplaced_stock", f"{sku} · {to} · {giver}", sku_id=sku, site_id=to, from_site_id=giver)
        for sku, (to, giver) in moved
    ]
    coming = []
    for number, (sku, site, supplier, due) in enumerate(lines):
        day = TODAY + dt.timedelta(days=due)
        signals.append(
            signal(
                "late_inbound",
                f"PO{number} · 1",
                sku_id=sku,
                site_id=site,
                supplier_id=supplier,
                po_id=f"PO{number}",
                po_line_key="1",
                signal_date=day,
            )
        )
        coming.append(
            {
                "po_id": f"PO{number}",
                "line_key": "1",
                "supplier_id": supplier,
                "sku_id": sku,
                "site_id": site,
                "due_date": day,
                "arrival_p50_date": day + dt.timedelta(days=9),
                "open_qty": 10 + number,
                "open_amount": 100,
            }
        )
    orders = draw(st.lists(st.tuples(st.sampled_from(SKUS), st.sampled_from(SITES), st.integers(1, 30)), max_size=5))
    waiting = []
    for number, (sku, site, qty) in enumerate(orders):
        signals.append(
            signal(
                "order_short",
                f"O{number} · 1",
                sku_id=sku,
                site_id=site,
                order_id=f"O{number}",
                line_key="1",
                customer_id="K",
            )
        )
        waiting.append(
            {
                "order_id": f"O{number}",
                "line_key": "1",
                "sku_id": sku,
                "site_id": site,
                "customer_id": "K",
                "due_date": TODAY,
                "open_qty": qty,
                "open_amount": 20 * qty,
                "unit_margin_amount": 7,
                "late_penalty_share": 0.05,
            }
        )
    signals += [
        signal("supplier_worse", one, supplier_id=one, signal_date=TODAY - dt.timedelta(days=5))
        for one in draw(st.sets(st.sampled_from(SUPPLIERS)))
    ]
    stock = [
        {"sku_id": sku, "site_id": site, "on_hand_qty": draw(st.integers(0, 20)), "excess_qty": 5}
        for sku in SKUS
        for site in SITES
    ]
    known = [
        {
            "sku_id": sku,
            "site_id": site,
            "direction_name": draw(st.sampled_from(["too low", "too high"])),
            "order_up_to_qty": 50,
            "usual_up_to_qty": 90,
            "reorder_point_qty": 20,
            "because_text": ".",
        }
        for sku in SKUS
        for site in SITES
    ]
    outlook = [
        {"sku_id": sku, "site_id": site, "lead_time_days": 10.0, "stockout_share": 0.5, "expected_lost_qty": 4}
        for sku in SKUS
        for site in SITES
    ]
    margins = [
        {"sku_id": sku, "site_id": site, "unit_margin_amount": 7, "unit_net_amount": 20}
        for sku in SKUS
        for site in SITES
    ]
    feeds = [{"site_id": "Y", "from_site_id": "X"}] if draw(st.booleans()) else []
    prices = [{"sku_id": sku, "sku_name": f"Thing {sku}", "unit_cost": 13} for sku in SKUS]
    return {
        "signals": signals,
        "inbound_risks": coming,
        "waiting_lines": waiting,
        "stock_now": stock,
        "stock_parameters": known,
        "stockout_outlook": outlook,
        "sku_margins": margins,
        "site_feeds": feeds,
        "skus": prices,
    }


@given(worlds())
def test_every_signal_is_in_one_case_and_no_unit_stands_twice(world):
    made = cases(frames(**world))
    assert sorted(made["scores.case_signals"]["signal_id"]) == sorted(one["signal_id"] for one in world["signals"])
    assert made["scores.case_units"]["unit_key"].is_unique().all()
    assert set(made["scores.case_units"]["case_id"]) <= set(made["scores.cases"]["case_id"])
    assert made["scores.cases"]["case_id"].is_unique().all()


@given(worlds())
def test_money_at_risk_of_cases_adds_up_to_that_of_distinct_units(world):
    made = cases(frames(**world))
    whole = made["scores.cases"]["at_risk_amount"].cast(pl.Float64).sum()
    assert abs(whole - made["scores.case_units"].unique("unit_key")["at_risk_amount"].cast(pl.Float64).sum()) < 0.01


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world, random):
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in world.items()}
    before, after = cases(frames(**world)), cases(frames(**shuffled))
    for name in before:
        assert before[name].sort(pl.all()).equals(after[name].sort(pl.all())), name


@given(worlds())
def test_without_a_bad_supplier_a_case_is_about_one_sku(world):
    """Sites, customers and categories are shared by all of them, and join nothing."""
    world["signals"] = [one for one in world["signals"] if one["signal_kind_code"] != "supplier_worse"]
    made = cases(frames(**world))
    sku = {one["signal_id"]: one["sku_id"] for one in world["signals"]}
    of_case = {}
    for signal_id, case_id in made["scores.case_signals"].select("signal_id", "case_id").iter_rows():
        assert of_case.setdefault(case_id, sku[signal_id]) == sku[signal_id]


@given(worlds())
def test_every_case_has_nothing_as_an_option_and_one_suggestion(world):
    made = cases(frames(**world))
    for case, options in made["scores.case_options"].group_by("case_id"):
        assert options["is_do_nothing"].sum() == 1, case
        assert options["is_suggested"].sum() == 1, case
        assert options.filter("is_do_nothing")["gain_amount"].cast(pl.Float64).to_list() == [0.0]
        assert options.filter("is_suggested")["gain_amount"][0] == options["gain_amount"].max()
    shown = made["scores.cases"].filter("is_shown")["case_id"]
    assert set(shown) <= set(made["scores.case_options"].filter(~pl.col("is_do_nothing"))["case_id"])


@given(worlds())
def test_switched_off_every_signal_is_its_own_case(world):
    made = MODEL.score(frames(**world), Asked(TODAY, 0)).tables
    assert made["scores.cases"].height == len(world["signals"])


QTY = st.integers(0, 50).map(float)
DAYS = st.integers(0, 20)


@given(
    st.lists(st.tuples(DAYS, QTY), max_size=6), st.lists(st.tuples(DAYS, QTY), max_size=6), st.lists(QTY, max_size=20)
)
def test_supply_is_neither_lost_nor_made_up(come, wanted, demand):
    supplies = [Supply(TODAY + dt.timedelta(days=day), qty, f"PO{n}") for n, (day, qty) in enumerate(come)]
    wishes = [Wish(f"O{n}", TODAY + dt.timedelta(days=day), qty) for n, (day, qty) in enumerate(wanted)]
    plan = peg(supplies, wishes, demand, TODAY)
    given_out = sum(wish.qty - plan.served[wish.key].missing_qty for wish in wishes)
    sold = sum(demand) - plan.short_qty
    assert abs(given_out + sold + plan.left_qty - sum(qty for _, qty in come)) < 1e-6
    assert all(0 <= short <= wanted_qty + 1e-9 for short, wanted_qty in zip(plan.short, demand, strict=True))


@given(st.lists(st.tuples(DAYS, QTY), max_size=6), st.lists(QTY, max_size=20), st.tuples(DAYS, QTY))
def test_more_supply_never_leaves_more_demand_unserved(come, demand, more):
    supplies = [Supply(TODAY + dt.timedelta(days=day), qty, f"PO{n}") for n, (day, qty) in enumerate(come)]
    extra = Supply(TODAY + dt.timedelta(days=more[0]), more[1], "more")
    assert peg([*supplies, extra], [], demand, TODAY).short_qty <= peg(supplies, [], demand, TODAY).short_qty + 1e-9
