"""The tiny company: its answers follow from its files by plain arithmetic, done here once more without any of the product."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from pipelines import demo
from pipelines.contract import contracts

TINY = Path(__file__).resolve().parents[2] / "data" / "samples" / "tiny"
SAID = yaml.safe_load((TINY / "answers.yml").read_text("utf-8"))
AS_OF = date.fromisoformat(SAID["as_of_date"])
ANSWERS = SAID["answers"]
WINDOW = 28


def rows(name: str) -> list[dict[str, str]]:
    with (TINY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


LINES = [line for line in rows("order_lines") if line["is_cancelled"] == "false"]
STOCK, PURCHASES, SHIPMENTS = rows("stock_days"), rows("purchase_lines"), rows("shipments")
COST = {sku["sku_id"]: Fraction(sku["unit_cost"]) for sku in rows("skus")}
LATEST = max(row["stock_date"] for row in STOCK)


def is_full(line: dict[str, str]) -> bool:
    return int(line["shipped_qty"]) >= int(line["ordered_qty"])


def due(line: dict[str, str]) -> date:
    return day(line["requested_date"] or line["first_promised_date"])


def is_on_time(line: dict[str, str]) -> bool:
    return bool(line["delivered_date"]) and day(line["delivered_date"]) <= due(line)


def orders() -> list[list[dict[str, str]]]:
    return [
        [line for line in LINES if line["order_id"] == name] for name in sorted({line["order_id"] for line in LINES})
    ]


def share(part: list, whole: list) -> Fraction:
    return Fraction(len(part), len(whole))


def asked(sku: str | None = None, site: str | None = None) -> int:
    return sum(
        int(line["ordered_qty"])
        for line in LINES
        if sku in (None, line["sku_id"])
        and site in (None, line["site_id"])
        and (AS_OF - day(line["ordered_at"])).days < WINDOW
    )


def held(sku: str | None = None) -> int:
    return sum(int(row["on_hand_qty"]) for row in STOCK if row["stock_date"] == LATEST and sku in (None, row["sku_id"]))


def value(of_day: str) -> Fraction:
    return sum(int(row["on_hand_qty"]) * COST[row["sku_id"]] for row in STOCK if row["stock_date"] == of_day)


def excess() -> Fraction:
    today = [row for row in STOCK if row["stock_date"] == LATEST]
    beyond = [
        (row, int(row["on_hand_qty"]) - Fraction(asked(row["sku_id"], row["site_id"]) * 90, WINDOW)) for row in today
    ]
    return sum(max(Fraction(0), qty) * COST[row["sku_id"]] for row, qty in beyond)


def mean_value() -> Fraction:
    days = {row["stock_date"] for row in STOCK}
    return sum((value(each) for each in days), Fraction(0)) / len(days)


def cycle() -> Fraction:
    done = [lines for lines in orders() if all(is_full(line) and line["delivered_date"] for line in lines)]
    return Fraction(
        sum((max(day(x["delivered_date"]) for x in lines) - day(lines[0]["ordered_at"])).days for lines in done),
        len(done),
    )


def leads() -> list[int]:
    return [
        (day(row["last_received_date"]) - day(row["ordered_date"])).days
        for row in PURCHASES
        if row["last_received_date"]
    ]


def lead_deviation() -> Fraction:
    mean = Fraction(sum(leads()), len(leads()))
    variance = sum((x - mean) ** 2 for x in leads()) / (len(leads()) - 1)
    root = Fraction(int(variance**0.5 + 0.5))
    assert root**2 == variance, "the sample was chosen so that the root is whole"
    return root


def kept_promise(row: dict[str, str]) -> bool:
    return row["received_qty"] == row["ordered_qty"] and day(row["last_received_date"]) <= day(row["promised_date"])


BY_HAND = {
    "line_fill_rate": lambda: share([x for x in LINES if is_full(x)], LINES),
    "order_fill_rate": lambda: share([x for x in orders() if all(map(is_full, x))], orders()),
    "on_time_in_full": lambda: share([x for x in orders() if all(is_full(y) and is_on_time(y) for y in x)], orders()),
    "on_time_delivery": lambda: share([x for x in LINES if is_on_time(x)], [x for x in LINES if due(x) <= AS_OF]),
    "on_time_delivery_shipments": lambda: share(
        [x for x in SHIPMENTS if day(x["delivered_at"]) <= day(x["promised_at"])], SHIPMENTS
    ),
    "order_cycle_time": cycle,
    "backorder_share": lambda: share([x for x in LINES if not is_full(x) and due(x) < AS_OF], LINES),
    "days_of_cover": lambda: Fraction(held() * WINDOW, asked()),
    "inventory_value": lambda: value(LATEST),
    "average_inventory_value": mean_value,
    "inventory_turns": lambda: (
        sum(int(x["shipped_qty"]) * COST[x["sku_id"]] for x in LINES) * Fraction(365, WINDOW) / mean_value()
    ),
    "stockout_share": lambda: share([x for x in STOCK if x["on_hand_qty"] == "0"], STOCK),
    "excess_value": excess,
    "supplier_on_time_in_full": lambda: share([x for x in PURCHASES if kept_promise(x)], PURCHASES),
    "supplier_lead_time_mean": lambda: Fraction(sum(leads()), len(leads())),
    "supplier_lead_time_deviation": lead_deviation,
    "freight_cost_per_unit": lambda: (
        sum(Fraction(x["freight_amount"]) for x in SHIPMENTS)
        / sum(int(x["shipped_qty"]) for x in rows("shipment_lines"))
    ),
    "cancellation_share": lambda: 1 - share(LINES, rows("order_lines")),
    "gross_margin": lambda: (
        sum(Fraction(x["margin_amount"]) for x in LINES) / sum(Fraction(x["net_amount"]) for x in LINES)
    ),
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_answer_follows_from_the_files(name):
    assert Fraction(ANSWERS[name]["value"]) == BY_HAND[name]()


def test_no_answer_is_missing_from_either_side():
    assert set(BY_HAND) == set(ANSWERS)
    assert {sku: Fraction(days) for sku, days in ANSWERS["days_of_cover"]["by_sku"].items()} == {
        sku: Fraction(held(sku) * WINDOW, asked(sku)) for sku in COST
    }


def test_the_page_names_every_answer_in_bold():
    page = (TINY.parents[2] / "docs" / "tiny-company.md").read_text("utf-8").replace(",", "").replace(" days", "")
    assert [name for name, answer in ANSWERS.items() if f"**{answer['value'].replace(',', '')}**" not in page] == []


def test_net_and_margin_of_each_line_are_its_own_arithmetic():
    for line in rows("order_lines"):
        net = int(line["ordered_qty"]) * Fraction(line["unit_price"]) - Fraction(line["discount_amount"])
        assert Fraction(line["net_amount"]) == net
        assert Fraction(line["margin_amount"]) == net - int(line["ordered_qty"]) * COST[line["sku_id"]]


def test_what_was_shipped_is_what_the_lines_say():
    sent = {(x["order_id"], x["line_key"]): x["shipped_qty"] for x in rows("shipment_lines")}
    assert sent == {(x["order_id"], x["line_key"]): x["shipped_qty"] for x in LINES if x["shipped_qty"] != "0"}


def test_every_heading_is_a_column_of_its_contract():
    for path in TINY.glob("*.csv"):
        named = set(path.read_text("utf-8").splitlines()[0].split(","))
        assert named <= {column.name for column in contracts()[path.stem].columns}


def test_the_tiny_world_is_these_files_and_its_truth_is_the_answers(tmp_path):
    world = demo.grow(tmp_path, size="tiny", seed=7)
    assert {path.name: path.read_bytes() for path in world.files} == {
        path.name: path.read_bytes() for path in TINY.glob("*.csv")
    }
    assert world.last_date == AS_OF
    assert world.truth.read_bytes() == (TINY / "answers.yml").read_bytes()
