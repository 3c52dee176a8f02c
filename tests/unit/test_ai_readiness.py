"""Whether data and work are one thing, counted from rows: what is complete, what sites do alike, what ends the same way."""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from pages.parts.placement_ready import CHECKS, areas, told
from tests.worlds import World, line, world

AS_OF = dt.date(2026, 11, 13)
MART = "marts.ai_readiness"


def made(**extracts: list[dict[str, Any]]) -> World:
    return world(MART, as_of=AS_OF, **extracts)


def check(of: World, code: str, exception: str = "*") -> dict[str, Any]:
    sql = f"select * from {MART} where check_code = ? and exception_name = ?"
    return of.query(sql, [code, exception]).row(0, named=True)


def sku(name: str, **more: Any) -> dict[str, Any]:
    usual = {
        "sku_id": name, "sku_name": f"Article {name}", "category_name": "Tools", "base_unit_code": "PCS", "units_per_pack": 10,
        "weight_kg": 1.5, "unit_cost": 4, "list_price": 9,
    }  # fmt: skip
    return usual | more


def event(
    order: str, activity: str, hour: int, *, minutes: float | None = None, who: str | None = None
) -> dict[str, Any]:
    return {
        "case_id": order, "activity_name": activity, "event_at": f"2026-10-05T{hour:02d}:00:00Z", "occurrence": 1,
        "object_kind_code": "order", "actor_name": who or "ERP", "actor_kind_code": "person" if who else "system",
        "hands_on_minutes": minutes,
    }  # fmt: skip


def held_orders(
    site: str, count: int, *, minutes: float, answer: str = "credit released"
) -> dict[str, list[dict[str, Any]]]:
    """Orders of one site that were held, each answered by a person who took so long."""
    names = [f"{site}-{number}" for number in range(count)]
    log = [row for name in names for row in (
        event(name, "order received", 8), event(name, "credit held", 9), event(name, "order queued", 10),
        event(name, answer, 11, minutes=minutes, who="Ann"),
        event(name, "shipped", 12),
    )]  # fmt: skip
    lines = [line(name, site_id=site, ordered_at="2026-10-05T08:00:00Z") for name in names]
    return {"order_events": log, "order_lines": lines}


def together(*parts: dict[str, list[dict[str, Any]]], plain: int = 0) -> World:
    """One world of all parts, with so many plain orders beside them, for an exception is what few orders have."""
    names = [f"plain-{number}" for number in range(plain)]
    log = [row for part in parts for row in part["order_events"]] + [event(name, "order received", 8) for name in names]
    lines = [row for part in parts for row in part["order_lines"]]
    return made(order_events=log, order_lines=lines)


# ── product data ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_product_data_are_counted_sku_by_sku() -> None:
    skus = [sku(f"S{number}") for number in range(17)]
    skus += [sku("NO_WEIGHT", weight_kg=None), sku("DEAR", unit_cost=12), sku("TWIN", sku_name="Article S1")]
    found = made(skus=skus)
    whole = check(found, "skus_complete")
    assert (whole["checked_count"], whole["kept_count"], whole["kept_share"], whole["found_code"]) == (
        20,
        19,
        0.95,
        "in place",
    )
    assert whole["found_text"] == "19 of 20 SKUs have name, category, unit, pack, weight and cost."
    assert check(found, "sku_prices_agree")["kept_count"] == 19
    once = check(found, "skus_named_once")
    assert (once["kept_count"], once["found_code"]) == (18, "contradicted")
    assert check(found, "skus_mastered")["kept_share"] == 1


def test_a_sku_that_only_facts_name_is_not_in_the_master_and_one_that_was_given_up_need_not_be_whole() -> None:
    skus = [sku("S1"), sku("OLD", weight_kg=None, discontinued_date="2026-01-31")]
    found = made(skus=skus, order_lines=[line("O1", sku_id="UNKNOWN")])
    assert check(found, "skus_complete")["checked_count"] == 1
    mastered = check(found, "skus_mastered")
    assert (mastered["checked_count"], mastered["kept_count"], mastered["found_code"]) == (3, 2, "contradicted")


# ── procedures by site ───────────────────────────────────────────────────────────────────────────────────────────────
def test_sites_that_take_twice_as_long_for_the_same_exception_do_not_work_alike() -> None:
    found = together(held_orders("LEJ", 20, minutes=10), held_orders("HAM", 20, minutes=5), plain=200)
    minutes = check(found, "minutes_alike", "credit held")
    assert (minutes["checked_count"], minutes["kept_share"], minutes["found_code"]) == (40, 0.5, "contradicted")
    assert minutes["found_text"] == "Ten such orders take people 50 minutes at HAM and 100 at LEJ."
    steps = check(found, "steps_alike", "credit held")
    assert (steps["kept_share"], steps["found_text"]) == (
        1,
        "Ten such orders take people 10 steps at HAM and 10 at LEJ.",
    )


def test_tickets_of_a_topic_that_take_longer_at_one_site_are_said_as_tickets() -> None:
    tickets = [
        {"ticket_id": f"T-{site}-{number}", "topic_name": "late delivery", "opened_at": "2026-10-05T08:00:00Z",
         "order_id": f"{site}-1", "hands_on_minutes": minutes}
        for site, minutes in (("LEJ", 6), ("HAM", 4)) for number in range(20)
    ]  # fmt: skip
    lines = [line(f"{site}-1", site_id=site, ordered_at="2026-10-05T08:00:00Z") for site in ("LEJ", "HAM")]
    told = check(made(service_tickets=tickets, order_lines=lines), "ticket_minutes_alike", "late delivery")
    assert told["found_text"] == "Ten such tickets take people 40 minutes at HAM and 60 at LEJ."


def test_one_site_or_too_few_orders_at_the_other_tell_nothing() -> None:
    for parts in (
        (held_orders("LEJ", 40, minutes=10),),
        (held_orders("LEJ", 25, minutes=10), held_orders("HAM", 19, minutes=5)),
    ):
        nothing = check(together(*parts, plain=300), "minutes_alike")
        assert (nothing["found_code"], nothing["kept_share"], nothing["checked_count"]) == ("no data", None, 0)


def test_what_most_orders_have_is_no_exception() -> None:
    found = together(held_orders("LEJ", 20, minutes=10), held_orders("HAM", 20, minutes=5), plain=159)
    assert check(found, "minutes_alike")["found_code"] == "no data"


# ── handling of exceptions ───────────────────────────────────────────────────────────────────────────────────────────
def test_an_exception_that_people_answer_differently_is_not_handled_alike() -> None:
    parts = (held_orders("LEJ", 30, minutes=10), held_orders("HAM", 10, minutes=10, answer="order refused"))
    found = check(together(*parts, plain=200), "next_step_alike", "credit held")
    assert (found["checked_count"], found["kept_count"], found["kept_share"]) == (40, 30, 0.75)
    assert (found["found_code"], found["found_text"]) == ("contradicted", "30 of 40 were answered by: credit released.")


@pytest.mark.parametrize(("escalated", "code"), [(6, "in place"), (7, "contradicted")])
def test_tickets_of_a_topic_end_the_same_way_or_not(escalated: int, code: str) -> None:
    tickets = [
        {"ticket_id": f"T{number}", "topic_name": "late delivery", "opened_at": "2026-10-05T08:00:00Z", "closed_at": "2026-10-05T09:00:00Z",
         "is_escalated": number < escalated}
        for number in range(30)
    ]  # fmt: skip
    found = check(made(service_tickets=tickets), "ticket_end_alike", "late delivery")
    assert (found["kept_count"], found["found_code"]) == (30 - escalated, code)
    assert check(made(service_tickets=tickets[:29]), "ticket_end_alike")["found_code"] == "no data"


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_uploaded_is_no_data_and_every_check_has_its_words() -> None:
    rows = made().query(f"select * from {MART} order by readiness_area_name, check_code")
    assert set(rows["found_code"]) == {"no data"}
    assert set(rows["check_code"]) == {*CHECKS}
    assert set(areas(told(rows)).values()) == {"Too little was uploaded to tell."}


def test_an_area_says_which_of_its_checks_are_not_met() -> None:
    found = together(held_orders("LEJ", 20, minutes=10), held_orders("HAM", 20, minutes=5), plain=200)
    rows = told(found.query(f"select * from {MART} order by readiness_area_name, check_code, exception_name"))
    said = areas(rows)["Procedures by site"]
    assert "Not met: minutes of people, site by site (credit held)" in said
    assert rows.filter(pl.col("exception_said") == "all").height > 0
