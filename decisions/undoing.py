"""What undoes a decision at this moment, by what the build knows of its fate; the opposite wish is judged like any other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from decisions.book import Book
from decisions.exports.outbox import QUEUED, outbox
from decisions.proposal import Proposal
from decisions.rollback import CALL_BACK, WITHDRAW, Compensation, Irreversible, compensation
from decisions.seen import evidence
from decisions.standing import Standing
from decisions.wish import planned
from store.warehouse import Build

BOUGHT = "select po_id, line_key, confirmed_date, received_qty from marts.decision_purchases where proposal_id = ?"
ORDERED = "select sku_id, site_id, supplier_id, unit_cost as current_unit_cost from core.purchase_lines where po_id = ? and line_key = ?"
PRICED = "select unit_price as current_unit_price from core.order_lines where order_id = ? and line_key = ?"
HAPPENED = """
select min(event_at) filter (where case_id = ?) as event_at, count(*) as event_count
from core.order_events where activity_name = ?
"""
# Which event of an order ends the time in which each kind can be undone, as `decisions.rollback` names it.
ENDED_BY = {
    "release_order": ("picked_at", "picked"),
    "substitute": ("picked_at", "picked"),
    "hold_order": ("cancelled_at", "cancelled"),
    "correct_price": ("invoiced_at", "invoiced"),
}


def way_back(standing: Standing, book: Book, build: Build, now: datetime) -> Compensation | Irreversible:
    """What undoes a decision that has left or taken effect, or the reasons why nothing does."""
    return compensation(standing.proposal.kind, standing.proposal.action, now, _fate(standing, book, build))


def opposite(standing: Standing, found: Compensation, build: Build) -> Proposal | None:
    """The wish that undoes a decision; None where it is no wish: what lies in the outbox is called back, a request withdrawn.

    It is as sure as the decision that it undoes, and rests on data of the same grade.
    """
    if found.kind in (WITHDRAW, CALL_BACK):
        return None
    proposal = standing.proposal
    figures: dict[str, Any] = {
        "moved_amount": proposal.moved_amount,
        "confidence_share": proposal.confidence_share,
        "data_grade_code": proposal.data_grade,
        "tier_code": proposal.tier_code,
        "abc_class": proposal.segment,
        "because_text": f"It undoes what was decided on {proposal.as_of:%d %b}. {found.because} Possible until {found.until}.",
        "horizon_days": proposal.horizon_days,
        **{name: value for name, value in proposal.subject.items() if name not in found.action},
    }
    made = planned(
        found.kind,
        found.action,
        figures,
        title=f"Undo: {proposal.title or proposal.kind}",
        build_id=build.build_id,
        as_of=build.facts()["as_of_date"],
        case_id=proposal.case_id,
        evidence=evidence(found.kind, found.action, build),
    )
    # What is undone on the day on which it was decided must not be taken for the same wish.
    return replace(made, subject={**made.subject, "undoes": standing.proposal_id})


def _fate(standing: Standing, book: Book, build: Build) -> dict[str, Any]:
    """What is known of a decision's fate, under the names that `decisions.rollback.compensation` asks for."""
    kind, action = standing.proposal.kind, standing.proposal.action
    export = outbox(book.export_acts).get(standing.batch_id)
    found: dict[str, Any] = {}
    if export is not None:
        found |= {"is_sent": export.state != QUEUED, "batch_id": export.batch_id}
    if kind in ("purchase", "re_source"):
        row = _row(build, BOUGHT, standing.proposal_id)
        if row:
            confirmed = row.pop("confirmed_date")
            found |= {**row, "confirmed_at": _morning(confirmed)}
    elif kind == "cancel_purchase":
        found |= _row(build, ORDERED, str(action.get("po_id")), str(action.get("line_key")))
    elif kind == "policy_change":
        found |= _policies(book, action)
    if kind in ENDED_BY:
        found |= _event(build, str(action.get("order_id")), *ENDED_BY[kind])
    if kind in ("correct_price", "substitute"):
        found |= _row(build, PRICED, str(action.get("order_id")), str(action.get("line_key")))
        seen = next((one.row for one in standing.proposal.evidence if one.table == "core.order_lines"), {})
        found |= {f"former_{name}": seen[name] for name in ("unit_price", "sku_id") if seen.get(name)}
    return found


def _event(build: Build, order_id: str, name: str, activity: str) -> dict[str, Any]:
    """When an event of an order happened; nothing where this company's data never tell of such events."""
    row = _row(build, HAPPENED, order_id, activity)
    return {name: row["event_at"]} if row["event_count"] else {}


def _policies(book: Book, action: Mapping[str, Any]) -> dict[str, Any]:
    versions = book.versions(str(action["policy"]))
    texts = [one.text for one in versions]
    before = texts.index(action["yaml"]) - 1 if action.get("yaml") in texts else -1
    return {"current_yaml": texts[-1], **({"former_yaml": texts[before]} if before >= 0 else {})}


def _row(build: Build, sql: str, *values: str) -> dict[str, Any]:
    rows = build.query(sql, list(values))
    return dict(rows.row(0, named=True)) if rows.height else {}


def _morning(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)
