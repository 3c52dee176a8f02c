"""What suppliers answer to orders that have left: a file of X12 855 and 997 documents held against every order on its way."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from decisions.book import Act
from decisions.desk import Desk
from decisions.exports.lines import ORDERING, Batch, ExportLine
from decisions.exports.outbox import CANCELLED, outbox
from decisions.exports.x12_answers import ACCEPTED, CHANGED, REFUSED, Answers, Reconciliation, answers, reconciled
from errors import Refusal
from store.company import Company


def take_answers(desk: Desk, company: Company, content: bytes) -> list[str]:
    """What a file of answers came to, in sentences: each answered batch is acknowledged, with what was refused or changed in it.

    The same file again says the same and changes nothing for anybody.

    Errors: a Refusal where the file answers none of the orders that have left.
    """
    said = answers(content)
    held = outbox(desk.book.export_acts)
    told: list[str] = []
    for batch_id, act in desk.book.batches.items():
        if act.payload.get("action_kind") in ORDERING and held[batch_id].state != CANCELLED:
            told += _answered(desk, batch_id, reconciled(batch_again(act, company), said))
    unknown = _unknown(desk, company, said)
    if not told:
        why = " ".join([*unknown, *said.warnings]) or "It names no order of ours"
        raise Refusal(
            "Nothing was recorded.", f"{why.rstrip('.')}.", "Bring the supplier's 855 or 997 to an order that has left."
        )
    return [*told, *unknown, *said.warnings]


def batch_again(act: Act, company: Company) -> Batch:
    """The batch that an export's act tells of, as it left: the same lines under the same numbers."""
    said = act.payload
    names = {item.name for item in fields(ExportLine)}
    lines = tuple(
        ExportLine(**{name: _value(name, value) for name, value in line.items() if name in names})
        for line in said["lines"]
    )
    again = Batch(said["action_kind"], company.company_title or company.name, act.at, lines, company.reporting_currency)
    while again.batch_id != act.subject and again.attempt < 100:
        again = Batch(again.kind, again.company_title, act.at, lines, again.currency_code, attempt=again.attempt + 1)
    return again


def _answered(desk: Desk, batch_id: str, found: Reconciliation) -> list[str]:
    """The acts that an answer to one batch makes, and what they say; none where it says nothing of that batch."""
    yes, no = found.proposals(ACCEPTED, CHANGED), found.proposals(REFUSED)
    if found.is_received is False:
        why = "Its receiver could not read it (997)."
        desk.told_of_export(
            "export_failed",
            batch_id,
            found.proposals(ACCEPTED, CHANGED, REFUSED, "unanswered"),
            {"because": why, "is_final": True},
        )
        return [f"{batch_id}: {why}"]
    if not yes and not no:
        return []
    changes = [
        f"line {line.line_no} of {line.po_number}: {', '.join(line.differences)}"
        for line in found.lines
        if line.differences
    ]
    refusals = [f"line {line.line_no} of {line.po_number} is refused" for line in found.lines if line.status == REFUSED]
    days = {line.proposal_id: line.promised_date.isoformat() for line in found.lines if line.promised_date}
    because = "; ".join([*refusals, *changes, *found.odd]) or "all lines as ordered"
    desk.told_of_export(
        "acknowledge", batch_id, yes, {"refused_ids": list(no), "because": because, "promised_dates": days}
    )
    return [f"{batch_id}: {len(yes)} lines acknowledged, {len(no)} refused; {because}."]


def _unknown(desk: Desk, company: Company, said: Answers) -> list[str]:
    """Orders that were answered and never sent by us."""
    ours = {line.get("po_number") for act in desk.book.batches.values() for line in act.payload["lines"]}
    return [
        f"{company.name} never sent order {one.po_number}, which is answered."
        for one in said.orders
        if one.po_number not in ours
    ]


def _value(name: str, value: Any) -> Any:
    if name.endswith(("_qty", "_price")) or name == "qty":
        return Decimal(str(value))
    if name.endswith("_date"):
        return date.fromisoformat(str(value))
    if name.endswith("_at"):
        return datetime.fromisoformat(str(value))
    return dict(value) if isinstance(value, Mapping) else value
