"""Classes of sensitive data: a row is old by its own class's rule, and what cannot be seen is never told as kept."""

import datetime as dt
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import register_data_classes
from pipelines.registers import belongs, templates
from tests.ai_builds import built, held
from tests.unit.test_registers import AS_OF, again
from tests.worlds import World, line, put, world

MART = "marts.data_class_rules"
RULES = {row["row"]: row for one in templates() if one["register"] == "data_classes" for row in one["rows"]}


def days_before(days: float, more: int = 0) -> dt.date:
    return AS_OF - dt.timedelta(days=int(days) + more)


def row(of: World, code: str) -> dict[str, Any]:
    return of.query(f"select * from {MART} where class_code = ?", [code]).row(0, named=True)


def ordered(number: int, day: dt.date, **more: Any) -> dict[str, Any]:
    return line(f"O{number}", ordered_at=f"{day}T12:00:00Z", requested_date=str(day), delivered_date=str(day), **more)


def test_every_class_has_its_rule_and_its_row():
    made = world(MART, as_of=AS_OF)
    assert set(made.query(f"select class_code from {MART}")["class_code"]) == set(RULES)
    for code, rule in RULES.items():
        found = row(made, code)
        assert (found["keep_days"], found["region_name"], found["is_open_to_providers"], found["deleter_name"]) == (
            rule["keep_days"], rule["region"], rule["to_providers"], rule["deleted_by"],
        )  # fmt: skip
        assert (found["keep_verdict_code"], found["oldest_date"], found["old_row_count"]) == ("no data", None, 0)


def test_an_order_of_the_last_day_is_kept_and_one_of_the_day_before_is_too_old():
    limit = RULES["pricing"]["keep_days"]
    kept = world(MART, as_of=AS_OF, order_lines=[ordered(1, days_before(limit)), ordered(2, days_before(9))])
    assert (row(kept, "pricing")["keep_verdict_code"], row(kept, "pricing")["oldest_date"]) == (
        "kept",
        days_before(limit),
    )
    old = row(
        world(MART, as_of=AS_OF, order_lines=[ordered(1, days_before(limit, 1)), ordered(2, days_before(9))]), "pricing"
    )
    assert (old["keep_verdict_code"], old["old_row_count"], old["held_row_count"], old["old_load_count"]) == (
        "kept too long", 1, 2, 1,
    )  # fmt: skip
    assert "1 rows are from before" in old["keep_text"]
    assert "(L1)" in old["keep_text"]
    assert "deleted by: head of IT" in old["keep_text"]


def test_a_price_is_as_old_as_the_day_on_which_the_next_took_its_place():
    limit = RULES["pricing"]["keep_days"]
    first = {"sku_id": "BOLT", "customer_id": "ALPHA", "valid_from_date": "1990-01-01", "unit_price": 4}
    alone = world(MART, as_of=AS_OF, prices=[first])
    assert row(alone, "pricing")["keep_verdict_code"] == "no data", "it is in force"
    for more, verdict in ((0, "kept"), (1, "kept too long")):
        after = {**first, "valid_from_date": str(days_before(limit, more)), "unit_price": 5}
        found = row(world(MART, as_of=AS_OF, prices=[first, after]), "pricing")
        assert (found["keep_verdict_code"], found["oldest_date"]) == (verdict, days_before(limit, more))


def test_each_class_has_its_own_clock():
    limit = RULES["supplier_terms"]["keep_days"]
    assert limit < RULES["pricing"]["keep_days"]
    bought = {"po_id": "P1", "line_key": "1", "supplier_id": "V1", "sku_id": "BOLT", "site_id": "LEJ", "ordered_qty": 1, "unit_cost": 2,
              "ordered_date": str(days_before(limit, 1))}  # fmt: skip
    made = world(MART, as_of=AS_OF, purchase_lines=[bought], order_lines=[ordered(1, days_before(limit, 1))])
    assert (row(made, "supplier_terms")["keep_verdict_code"], row(made, "order_history")["keep_verdict_code"]) == (
        "kept too long", "kept",
    )  # fmt: skip


def test_only_tiers_of_a_term_are_rebates():
    terms = [
        {"supplier_id": "V1", "sku_id": "BOLT", "valid_from_date": day, "unit_cost": 2, "price_breaks": tiers}
        for day, tiers in (("2015-01-01", None), ("2016-01-01", "100:1.8"), ("2026-01-01", None))
    ]
    made = world(MART, as_of=AS_OF, supplier_terms=terms)
    assert (row(made, "supplier_terms")["held_row_count"], row(made, "rebates")["held_row_count"]) == (2, 1)
    assert row(made, "rebates")["keep_verdict_code"] == "kept"


# ── where it went ────────────────────────────────────────────────────────────────────────────────────────────────────
def call(number: int, use_case: str, **more: Any) -> dict[str, Any]:
    return {
        "call_id": f"C{number}", "called_at": "2026-11-02T12:00:00Z", "provider_name": "anthropic", "use_case_name": use_case,
        "input_token_count": 100, "output_token_count": 10, **more,
    }  # fmt: skip


def after_calls(calls: list[dict[str, Any]], named: tuple[str, ...] = ()) -> World:
    """Those that are named say that they work with rebates; UC3 runs at sites today."""
    made = world(MART, as_of=AS_OF, ai_calls=calls)
    for name in named:
        put(made, "raw.data_class_cases", {"class_code": "rebates", "use_case_id": name})
    made.execute("update raw.use_case_bounds set deployment_code = 'edge' where use_case_id = 'UC3'")
    again(made, MART)
    return made


@pytest.mark.parametrize(
    ("calls", "named", "verdict", "count"),
    [
        ([], ("A2",), "cannot be seen", None),
        ([call(1, "A2"), call(2, "A2")], ("A2",), "not kept", 2),
        ([call(1, "A2"), call(2, "UC1")], ("A2",), "not kept", 1),
        ([call(1, "A2")], (), "cannot be seen", None),
        ([call(1, "A2"), call(2, "nobody knows it")], (), "cannot be seen", None),
        ([call(1, "UC3")], ("UC3",), "not kept", 1),  # its call went to a provider, wherever it runs today
        ([call(1, "A2", provider_name=None)], ("A2",), "cannot be seen", None),
        ([call(1, "A2", is_local_hit=True)], ("A2",), "cannot be seen", None),
    ],
)
def test_a_class_is_seen_to_have_left_or_it_cannot_be_seen(calls, named, verdict: str, count: int | None):
    found = row(after_calls(calls, named), "rebates")
    assert (found["leave_verdict_code"], found["left_call_count"]) == (verdict, count)


def test_a_class_that_may_leave_is_not_counted():
    found = row(after_calls([call(1, "A2")], ("A2",)), "pricing")
    assert (found["leave_verdict_code"], found["left_call_count"]) == ("may leave", None)


def test_what_templates_say_of_columns_stands_in_the_build():
    """The branch guidance lays list prices at a site; the order copilot says nothing of columns."""
    made = world(MART, as_of=AS_OF)
    named = set(made.query("select class_code, use_case_id from raw.data_class_cases").iter_rows())
    assert {("pricing", "W2"), ("order_history", "W2")} <= named
    assert not any(use_case == "UC3" for _, use_case in named)
    assert belongs("former_unit_price", ("unit_price",))
    assert not belongs("unit_price_gap", ("unit_price",))


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def board() -> None:
    from pages.parts import register_data_classes
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    register_data_classes.board(visit_to(open_company("acme"), here="risks"))


def test_the_page_shows_what_is_kept_too_long_first():
    limit = RULES["financials"]["keep_days"]
    made = world(MART, as_of=AS_OF, order_lines=[ordered(1, days_before(limit, 1))])
    visit = built(held(made, MART))
    page = AppTest.from_function(board, default_timeout=60).run()
    assert not page.exception, page.exception
    assert "Sensitive classes: 2 kept too long, 0 seen to have left" in "\n".join(
        one.proto.body for one in page.get("html")
    )
    from pages.parts.ask import mart

    codes = register_data_classes.by_verdict(mart(visit, MART))["class_code"].to_list()
    assert set(codes[:2]) == {"pricing", "order_history"}
