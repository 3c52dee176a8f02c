"""What can be done about each case: remedies for orders, prices, credit, records and carriers, beside those for shelves and stock."""

from collections.abc import Iterator

from models.cases.known import Assumed, Known, Row
from models.cases.options import Option
from models.cases.remedies_shelf import shelf_options
from models.cases.remedies_stock import MOST_EACH, excess, parameters, worst
from models.cases.remedies_supplier import by_supplier
from models.cases.units import Unit


def remedies(known: Known, signals: list[Row], units: list[Unit]) -> list[Option]:
    """Every option of a case beside doing nothing; its signals' kinds say which makers are asked."""
    found = [*shelf_options(known, units)]
    of: dict[str, list[Row]] = {}
    for signal in signals:
        of.setdefault(signal["signal_kind_code"], []).append(signal)
    for signal in of.get("supplier_worse", ()):
        found += by_supplier(known, units, signal["supplier_id"], of.get("late_inbound", []))
    for maker in (
        parameters,
        excess,
        _held,
        _credit,
        _prices,
        _outbound,
        _customers,
        _records,
        _incomplete,
        _late,
        _quantities,
    ):
        found += list(maker(known, of, units))
    return found


def _held(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """The held order released: what waits is sent, and the share of it that is never paid is the price."""
    loss = known.range_of("credit_loss_share")
    for signal in worst(of.get("order_held", []), units):
        order = signal["order_id"]
        value = sum(float(line["open_amount"] or 0) for line in known.waiting if line["order_id"] == order)
        yield Option(
            "release_order",
            f"Release order {order}, worth {value:,.0f}",
            {"order_id": order},
            f"{signal['because_text']} Of money released beyond a limit {loss.value:.0%} is never paid.",
            "What the customer paid today, and what was agreed by telephone.",
            {u.key: 1.0 for u in units if u.order_id == order and u.kind == "order line"},
            known.range_of("release_success_share"),
            Assumed(value * loss.value, value * loss.low, value * loss.high),
            value,
            horizon_days=60,
        )


def _credit(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    for signal in worst([*of.get("over_credit", ()), *of.get("order_held", ())], units, 1):
        who = signal["customer_id"]
        yield Option(
            "credit_review",
            f"Review the credit of {known.customer.get(who) or who}",
            {"customer_id": who, "order_id": signal["order_id"]},
            signal["because_text"],
            "Invoices and payments: they are in no extract.",
            {u.key: 0.5 for u in units if u.kind == "receivable" or u.order_id == signal["order_id"]},
            known.range_of("credit_review_success_share"),
            known.labour("credit_review"),
            horizon_days=30,
        )


def _prices(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """Each wrongly priced line corrected; a strange price without an agreed one looked up."""
    by_key = {unit.key: unit for unit in units}
    lines = worst(of.get("wrong_price", []), units, 6)
    for signal in lines:
        key = f"price · {signal['order_id']} · {signal['line_key']}"
        agreed = signal["because_text"].rsplit(" where ", 1)[-1].split(" ")[0]
        unit = by_key.get(key)
        yield Option(
            "correct_price",
            f"Correct order {signal['order_id']} line {signal['line_key']} to {agreed}",
            {"order_id": signal["order_id"], "line_key": signal["line_key"], "unit_price": agreed},
            signal["because_text"],
            "Whether the customer was promised that price.",
            {key: 1.0},
            known.range_of("price_correction_success_share"),
            known.labour("correct_price"),
            unit.amount if unit else 0.0,
            horizon_days=30,
        )
    for signal in of.get("price_anomaly", []):
        if signal["sku_id"]:
            yield _fix(
                known,
                "prices",
                signal["sku_id"],
                "unit_price",
                signal["because_text"],
                {u.key: 0.1 for u in units},
                act="look_up_price",
            )
        else:
            yield _ask_carrier(known, signal, units)


def _outbound(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """The carrier asked about what is late."""
    for signal in worst([s for s in of.get("late_outbound", ()) if s["carrier_id"]], units):
        yield _ask_carrier(known, signal, units)


def _ask_carrier(known: Known, signal: Row, units: list[Unit]) -> Option:
    who = known.carrier.get(signal["carrier_id"]) or signal["carrier_id"] or "the carrier"
    shipment = signal["shipment_id"]
    about = (
        f"shipment {shipment}"
        if shipment
        else "its late deliveries"
        if signal["signal_kind_code"] == "late_outbound"
        else "what it charged"
    )
    return Option(
        "carrier_message",
        f"Ask {who} about {about}",
        {
            "shipment_id": shipment or "*",
            "carrier_id": signal["carrier_id"],
            "text": f"Please tell us what happened with {about}: {signal['because_text']}",
        },
        signal["because_text"],
        "Whether the carrier can still do anything.",
        {u.key: 1.0 for u in units if u.signal_id == signal["signal_id"]},
        known.range_of("carrier_message_success_share"),
        known.labour("carrier_message"),
        horizon_days=14,
    )


def _customers(known: Known, _: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """The customers who wait for most told in time."""
    waits: dict[tuple[str, str], float] = {}
    for unit in units:
        if unit.order_id and unit.customer_id and unit.kind in ("order line", "shipment"):
            key = (unit.customer_id, unit.order_id)
            waits[key] = waits.get(key, 0.0) + unit.expected
    for who, order in sorted(waits, key=lambda key: (-waits[key], key))[:MOST_EACH]:
        named = known.customer.get(who) or who
        yield Option(
            "customer_message",
            f"Tell {named} that order {order} will be late",
            {
                "order_id": order,
                "customer_id": who,
                "text": f"Part of your order {order} will arrive later than you asked for. We will send the new day once it is certain.",
            },
            "Customers who are told in time call less and call off less.",
            "How this customer takes it.",
            {u.key: 1.0 for u in units if u.order_id == order and u.kind in ("order line", "shipment")},
            known.range_of("customer_told_saves_share"),
            known.labour("customer_message"),
            horizon_days=14,
        )


def _records(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    for signal in worst(of.get("data_defect", []), units):
        table = "stock_days" if signal["sku_id"] else signal["evidence_key_text"].split(" · ")[0]
        column = "on_hand_qty" if signal["sku_id"] else signal["evidence_key_text"].split(" · ")[1]
        key = " · ".join(filter(None, (signal["sku_id"], signal["site_id"]))) or "set aside"
        yield _fix(known, table, key, column, signal["because_text"], {u.key: 0.9 for u in units}, act="fix_count")


def _incomplete(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    for signal in worst(of.get("missing_data", []), units):
        saved = {u.key: 0.9 for u in units if u.order_id == signal["order_id"]}
        yield _fix(
            known,
            "order_lines",
            f"{signal['order_id']} · {signal['line_key']}",
            "*",
            signal["because_text"],
            saved,
            act="fix_order",
        )


def _fix(known: Known, table: str, key: str, column: str, because: str, saved: dict[str, float], *, act: str) -> Option:
    return Option(
        "fix_data",
        f"Correct {column.replace('_', ' ') if column != '*' else 'what is missing'} of {key} in the {table.replace('_', ' ')}",
        {"table": table, "key": key, "column": column},
        because,
        "Which of the two is right: the record or the world.",
        saved,
        known.range_of("data_fix_success_share"),
        known.labour(act),
        horizon_days=7,
    )


def _late(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    """A late purchase nobody waits for yet: one asks, so that the new day is known."""
    if any(unit.kind in ("expected demand", "order line") for unit in units) or of.get("supplier_worse"):
        return
    for signal in of.get("late_inbound", [])[:1]:
        who = known.supplier.get(signal["supplier_id"]) or signal["supplier_id"]
        yield Option(
            "supplier_message",
            f"Ask {who} about {signal['po_id']} line {signal['po_line_key']}",
            {
                "po_id": signal["po_id"],
                "supplier_id": signal["supplier_id"],
                "text": f"Please confirm the day of arrival. {signal['because_text']}",
            },
            signal["because_text"],
            "Whether the supplier answers.",
            cost=known.labour("supplier_message"),
            horizon_days=14,
        )


def _quantities(known: Known, of: dict[str, list[Row]], units: list[Unit]) -> Iterator[Option]:
    for signal in of.get("quantity_anomaly", [])[:1]:
        yield _fix(
            known,
            "order_lines",
            signal["evidence_key_text"],
            "ordered_qty",
            signal["because_text"],
            {u.key: 0.5 for u in units},
            act="fix_order",
        )
