"""Signals with one cause made one case: what it puts at risk, by when one must act, whose it is, and what can be done."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from models.cases.declared import CASES, EFFECTS, MODEL_PARTS, OPTIONS, SIGNALS, UNITS
from models.cases.effects import effect_rows
from models.cases.kinds import KINDS, SHORTAGES
from models.cases.known import Known, Row
from models.cases.links import Groups, Link, cause_of, links
from models.cases.options import option_rows
from models.cases.remedies import remedies
from models.cases.titles import cause_text, title, why
from models.cases.units import Unit, units
from models.model import RIVAL_ONLY, Asked, Frames, Model, Scored
from models.paths import seed_of

# Beyond the first signal, each that belongs to the case takes a little of a person's time too, but not for ever.
MOST_MORE = 30.0
TABLES = {
    "scores.cases": CASES,
    "scores.case_signals": SIGNALS,
    "scores.case_units": UNITS,
    "scores.case_effects": EFFECTS,
    "scores.case_options": OPTIONS,
}


def score(frames: Frames, asked: Asked) -> Scored:
    """Cases with their signals, units, effects and options; every signal and every unit is in exactly one."""
    known = Known(frames, asked.as_of)
    by_id = {signal["signal_id"]: signal for signal in known.signals}
    directions = {shelf: row["direction_name"] for shelf, row in known.parameter.items()}
    found = [] if asked.version == RIVAL_ONLY else links(known.signals, feeds=known.feeds, directions=directions)
    groups = Groups(by_id)
    for link in found:
        groups.join(link.cause, link.effect)
    at_risk: dict[str, list[Unit]] = defaultdict(list)
    for unit in units(known):
        at_risk[unit.signal_id].append(unit)
    because = _because(found)
    made: dict[str, list[Row]] = {name: [] for name in TABLES}
    for members in groups.all():
        signals = [by_id[member] for member in members]
        mine = [unit for member in members for unit in at_risk.get(member, ())]
        for name, rows in _case(known, signals, mine, because, asked.seed).items():
            made[name] += rows
    tables = {
        name: pl.DataFrame(rows, schema=TABLES[name], orient="row", infer_schema_length=None)
        for name, rows in _tuples(made).items()
    }
    shown = sum(row["is_shown"] for row in made["scores.cases"])
    count = len(made["scores.cases"])
    said = (
        f"{len(by_id)} signals are {count} cases, of which {shown} are worth somebody's time."
        if count
        else "No detector has raised a signal."
    )
    return Scored(tables, because=said, trained_rows=len(by_id))


def _tuples(made: dict[str, list[Row]]) -> dict[str, list[tuple]]:
    return {name: [tuple(row.get(column) for column in TABLES[name]) for row in rows] for name, rows in made.items()}


def _because(found: Sequence[Link]) -> dict[str, str]:
    """Why each signal belongs to its case: as an effect if it is one, else as a cause."""
    said: dict[str, str] = {}
    for link in found:
        said.setdefault(link.effect, link.because)
    for link in found:
        said.setdefault(link.cause, f"because of it: {link.because}")
    return said


def _case(
    known: Known, signals: list[Row], mine: list[Unit], because: dict[str, str], seed: int
) -> dict[str, list[Row]]:
    """The rows of one case, for every table."""
    cause = cause_of(signals)
    case_id = cause["signal_id"]
    kind = KINDS[cause["signal_kind_code"]]
    saves = known.acting_saves(cause["signal_kind_code"])
    minutes = known.share("case_minutes") + min(known.share("more_signals_minutes") * (len(signals) - 1), MOST_MORE)
    labour = minutes / 60 * known.share("labour_cost_per_hour")
    risk, loss = sum(unit.amount for unit in mine), sum(unit.expected for unit in mine)
    grade = known.worst_grade(_rests_on(signals))
    act_by = _act_by(known, signals)
    options = option_rows(
        case_id,
        remedies(known, signals, mine),
        mine,
        grade,
        act_by,
        seed=seed_of(seed, case_id),
        off=known.range_of("loss_estimate_ratio"),
    )
    best = next(row for row in options if row["is_suggested"])
    hidden = _hidden(loss, saves, labour, options)
    case = {
        "case_id": case_id,
        "case_kind_code": cause["signal_kind_code"],
        "case_title_text": title(known, cause, signals, mine),
        "cause_text": cause_text(cause, signals),
        **{
            name: cause[name]
            for name in ("sku_id", "site_id", "supplier_id", "carrier_id", "customer_id", "order_id", "po_id")
        },
        "at_risk_amount": round(risk, 4),
        "chance_share": round(loss / risk, 6) if risk > 0 else float(cause["chance_share"]),
        "expected_loss_amount": round(loss, 4),
        "actionability_share": saves,
        "handling_minutes": minutes,
        "handling_amount": round(labour, 4),
        "act_by_date": act_by,
        "opened_date": min(signal["signal_date"] for signal in signals),
        "owner_role_name": kind.owner,
        "signal_count": len(signals),
        "line_count": len({(unit.order_id, unit.line_key) for unit in mine if unit.line_key}),
        "customer_count": len({unit.customer_id for unit in mine if unit.customer_id}),
        "is_shown": not hidden,
        "hidden_because_text": hidden or None,
        "data_grade_code": grade,
        "because_text": why(loss, saves, minutes, labour, best),
        "as_of_date": known.as_of,
    }
    return {
        "scores.cases": [case],
        "scores.case_signals": [
            {
                "signal_id": s["signal_id"],
                "case_id": case_id,
                "is_cause": s is cause,
                "link_text": "the cause" if s is cause else because.get(s["signal_id"], ""),
            }
            for s in signals
        ],
        "scores.case_units": [_unit_row(case_id, unit) for unit in mine],
        "scores.case_effects": effect_rows(known, case_id, signals, mine, minutes),
        "scores.case_options": options,
    }


def _unit_row(case_id: str, unit: Unit) -> Row:
    return {
        "unit_key": unit.key,
        "case_id": case_id,
        "unit_kind_name": unit.kind,
        "signal_id": unit.signal_id,
        "sku_id": unit.sku_id,
        "site_id": unit.site_id,
        "customer_id": unit.customer_id,
        "order_id": unit.order_id,
        "line_key": unit.line_key,
        "at_risk_qty": None if unit.qty is None else round(unit.qty, 3),
        "at_risk_amount": round(unit.amount, 4),
        "chance_share": round(min(unit.chance, 1.0), 6),
        "expected_loss_amount": round(unit.expected, 4),
    }


def _hidden(loss: float, actionability: float, labour: float, options: list[Row]) -> str:
    """Why a case is not worth showing; empty where it is."""
    if all(row["is_do_nothing"] for row in options):
        return "Nothing is known that could be done about it."
    if loss <= 0:
        return "Nothing that is known would be lost by it."
    saved = loss * actionability
    if saved <= labour:
        return f"Acting would save about {saved:,.2f}, and looking into it costs {labour:,.2f}."
    if next(row for row in options if row["is_suggested"])["is_do_nothing"]:
        return "Nothing that could be done is worth what it costs."
    return ""


def _act_by(known: Known, signals: list[Row]) -> dt.date:
    """The latest day on which acting still helps: before the first shelf is empty, the first order due, or the month is over."""
    urgent = [s["act_by_date"] for s in signals if s["act_by_date"] and s["signal_kind_code"] != "late_inbound"]
    transfer = int(known.share("transfer_days"))
    days = [
        signal["act_by_date"] - dt.timedelta(days=transfer)
        for signal in signals
        if signal["signal_kind_code"] in SHORTAGES and signal["act_by_date"]
    ]
    latest = min([*days, *urgent], default=known.as_of + dt.timedelta(days=28))
    return max(latest, known.as_of)


def _rests_on(signals: list[Row]) -> list[str]:
    """The extracts behind a case."""
    found = {"order_lines"}
    for signal in signals:
        if signal["sku_id"] and signal["signal_kind_code"] not in ("wrong_price", "price_anomaly"):
            found |= {"stock_days"}
        if signal["po_id"] or signal["supplier_id"]:
            found |= {"purchase_lines"}
        if signal["shipment_id"] or signal["carrier_id"]:
            found |= {"shipments"}
        if signal["order_id"]:
            found |= {"orders"}
    return sorted(found)


MODEL = Model(
    code="cases",
    title="Cases",
    question="Which signals have one cause, what does it put at risk, by when must somebody act, and what could be done?",
    score=score,
    **MODEL_PARTS,
)
