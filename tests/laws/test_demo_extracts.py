"""What holds in the demo extracts: Crossdock recognises them, updates carry orders to their end, what was planted can be found."""

import csv
import datetime as dt
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from pipelines import demo, flow
from pipelines.contract import contracts
from pipelines.demo import truth
from pipelines.demo.clock import date_of
from pipelines.demo.exporting import FOLDER
from pipelines.demo.extracts import EXTRACTS
from pipelines.read import survey
from pipelines.recognise import recognise
from tests.demo_worlds import LAST, MINI, extract_of, mini, planted_one, rows


@pytest.fixture(scope="module")
def grown() -> tuple[Path, demo.DemoWorld]:
    return mini()


# --- the extracts -----------------------------------------------------------------------------------------------------


def test_every_contract_has_an_extract_and_the_files_are_not_too_many(grown):
    assert {extract.contract for extract in EXTRACTS} == set(contracts())
    assert 44 <= len(grown[1].files) <= 56
    assert len(grown[1].files) == len(grown[1].exported_at)
    assert sorted(grown[1].files) == sorted((grown[0] / FOLDER).iterdir())


def test_crossdock_recognises_every_file_and_every_column_by_its_headings(grown):
    for path in grown[1].files:
        for sheet in survey(path, path.name):
            extract = extract_of(path, sheet.sheet_name)
            found = recognise(sheet, file_name=path.name)
            assert found.questions == (), path.name
            assert [feed.contract for feed in found.reading.feeds] == [extract.contract]
            if extract.contract in ("ai_calls", "ai_bills"):  # in the shapes of sources that everybody has
                assert found.reading.source in ("opentelemetry", "litellm", "focus"), path.name
                continue
            columns = {name: rule.header for name, rule in found.reading.feeds[0].columns.items() if rule.header}
            assert columns == extract.headings, path.name


def test_the_logs_of_work_with_ai_are_accepted_whole(grown, company):
    """Calls, cases and bills of the history come in with every row, and a use case is named on each."""
    history = [path for path in grown[1].files if path.name.startswith("ai_") and "history" in path.name]
    parts = [part for path in history for part in flow.land(company, path, who="tests", is_trusted=True).parts]
    assert [part.set_aside for part in parts] == [0] * 4
    accepted = {part.contract: part.accepted for part in parts}
    assert accepted["ai_cases"] == rows(grown[0], "ai_cases").filter(pl.col("opened_at") < "2026-10-18").height
    assert set(accepted) == {"ai_calls", "ai_cases", "ai_bills"}


def test_updates_carry_orders_to_their_end(grown):
    """A later file tells more of the same lines; taking the latest of each key gives the world as it stands."""
    lines = rows(grown[0], "order_lines").unique(["order_id", "line_key"], keep="last")
    sent = rows(grown[0], "shipment_lines").group_by("order_id", "line_key").agg(pl.col("shipped_qty").cast(int).sum())
    both = lines.filter(pl.col("sku_id") != "").join(sent, on=["order_id", "line_key"], how="left", suffix="_sent")
    told = both["shipped_qty"].cast(int)
    assert (told == both["shipped_qty_sent"].fill_null(0)).mean() > 0.998  # damaged rows aside


def test_history_reaches_the_last_day_and_no_further(grown):
    for contract, column, form in [
        ("orders", "ordered_at", "%Y-%m-%d %H:%M:%S"),
        ("stock_movements", "moved_at", "%Y-%m-%dT%H:%M:%S"),
        ("service_tickets", "opened_at", "%d %b %Y %H:%M"),
    ]:
        days = rows(grown[0], contract)[column].str.to_datetime(form).dt.date()
        assert days.min() >= date_of(MINI.first_day)
        assert LAST - dt.timedelta(days=14) <= days.max() <= LAST


def test_steps_of_an_order_come_in_their_order(grown):
    log = rows(grown[0], "order_events").with_columns(pl.col("event_at").str.to_datetime())
    first = log.group_by("case_id", "activity_name").agg(pl.col("event_at").min())
    first = first.pivot("activity_name", index="case_id", values="event_at")
    steps = ["order received", "credit checked", "order released", "picked", "packed", "shipped", "delivered"]
    for before, after in pairwise(steps):
        both = first.filter(pl.col(before).is_not_null() & pl.col(after).is_not_null())
        assert len(both) > 100
        assert (both[before] <= both[after]).all(), (before, after)


# --- the truth --------------------------------------------------------------------------------------------------------


def test_the_truth_has_one_fixed_schema_and_every_kind_of_plant(grown):
    told = pl.read_csv(grown[1].truth, try_parse_dates=True)
    assert told.columns == list(truth.COLUMNS)
    assert told["plant_id"].is_unique().all()
    assert set(told["kind"]) == {
        "deteriorating_supplier", "demand_shift", "carrier_disruption", "parameters_too_low", "parameters_too_old",
        "excess_stock", "price_error", "unit_of_measure_slip", "data_error", "planner_who_helps", "planner_who_hurts",
        "planner_without_effect", "ai_use_case_fund", "ai_use_case_stop", "ai_use_case_unclear",
    }  # fmt: skip
    assert told["expected_finding"].null_count() == told["money_amount"].null_count() == 0
    money = dict(told.group_by("kind").agg(pl.col("money_amount").sum()).iter_rows())
    for kind in ("parameters_too_low", "excess_stock", "price_error", "unit_of_measure_slip", "demand_shift"):
        assert money[kind] > 0


def test_the_truth_is_not_among_the_files_to_land(grown):
    folder, world = grown
    assert not [path for path in world.files if folder / "truth" in path.parents]
    demand = pl.read_parquet(folder / "truth" / "true_demand.parquet")
    assert (demand["recorded_qty"] <= demand["wanted_qty"]).all()
    assert demand.select("demand_date", "sku_id", "site_id").is_unique().all()


def test_every_damaged_row_stands_where_the_truth_says(grown):
    told = pl.read_csv(grown[1].truth).filter(pl.col("kind") == "data_error")
    assert len(told) >= 8
    for place, says in told.select("subject_id", "expected_finding").iter_rows():
        name, _, line = place.rpartition(":")
        path = grown[0] / FOLDER / name
        writing = extract_of(path).writing
        lines = path.read_bytes().decode(writing.encoding).split(writing.newline)
        text = lines[int(line) - 1]
        if "stands here again" in says:
            first = int(says.split("line ")[1].split()[0])
            assert lines[first - 1] == text
        else:
            heading, held = says.split("Column ")[1].split(" holds ")
            at = next(csv.reader([lines[len(writing.titles)]], delimiter=writing.separator)).index(heading)
            assert next(csv.reader([text], delimiter=writing.separator))[at] == held.strip(".'")


def test_the_supplier_that_deteriorates_is_seen_to_in_its_purchase_lines(grown):
    plant = planted_one("deteriorating_supplier")
    lines = (
        rows(grown[0], "purchase_lines")
        .unique(["po_id", "line_key"], keep="last")
        .filter(pl.col("last_received_date") != "")
    )
    dates = {
        name: pl.col(name).str.to_date("%d-%b-%Y", strict=False) for name in ("ordered_date", "last_received_date")
    }
    lines = lines.with_columns(**dates).with_columns(
        days=(pl.col("last_received_date") - pl.col("ordered_date")).dt.total_days(),
        is_after=pl.col("ordered_date") >= date_of(plant.from_day),
        is_mine=pl.col("supplier_id") == plant.subjects[0],
    )
    means = lines.group_by("is_mine", "is_after").agg(pl.col("days").mean())
    mean = {(is_mine, is_after): days for is_mine, is_after, days in means.iter_rows()}
    assert mean[True, True] > 1.4 * mean[True, False]
    assert mean[False, True] < 1.15 * mean[False, False]


def test_the_carrier_that_failed_was_late_in_its_weeks(grown):
    plant = planted_one("carrier_disruption")
    sent = rows(grown[0], "shipments").unique("shipment_id", keep="last")
    sent = sent.filter(pl.col("delivered_at") != "", pl.col("carrier_id") == plant.subjects[0])
    moments = {
        name: pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%SZ")
        for name in ("shipped_at", "promised_at", "delivered_at")
    }
    sent = sent.with_columns(**moments).with_columns(
        is_late=pl.col("delivered_at").dt.date() > pl.col("promised_at").dt.date(),
        is_in=pl.col("shipped_at").dt.date().is_between(date_of(plant.from_day), date_of(plant.to_day)),
    )
    late = dict(sent.group_by("is_in").agg(pl.col("is_late").mean()).iter_rows())
    assert late[True] > late[False] + 0.25


def test_the_wrong_price_and_the_cartons_are_in_the_extracts(grown):
    price, slip = planted_one("price_error"), planted_one("unit_of_measure_slip")
    lines = (
        rows(grown[0], "order_lines")
        .unique(["order_id", "line_key"], keep="last")
        .filter(pl.col("sku_id") == price.subjects[0])
    )
    lines = lines.with_columns(
        day=pl.col("ordered_at").str.slice(0, 10).str.to_date(strict=False),
        paid=pl.col("unit_price").str.replace(",", ".").cast(float),
    )
    wrong = lines.filter(pl.col("day").is_between(date_of(price.from_day), date_of(price.to_day)))["paid"]
    right = lines.filter(pl.col("day") < date_of(price.from_day))["paid"]
    assert len(wrong) > 0
    assert wrong.max() < 0.2 * right.min()
    stock = rows(grown[0], "stock_days").filter(pl.col("sku_id") == slip.subjects[0]).with_columns(
        day=pl.col("stock_date").str.to_date("%Y%m%d"), held=pl.col("on_hand_qty").cast(float)
    )  # fmt: skip
    before = stock.filter(pl.col("day") < date_of(slip.from_day))["held"].mean()
    after = stock.filter(pl.col("day") >= date_of(slip.from_day))["held"].mean()
    assert after < 0.4 * before
