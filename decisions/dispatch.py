"""How approved actions leave the house: gathered into batches of one kind, written as a file, and recorded as sent off."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from decisions.book import Book
from decisions.desk import Desk
from decisions.exports.formats import formats_for, made, split
from decisions.exports.lines import Batch, ExportFile, ExportLine, idempotency_key, lines_of
from decisions.exports.outbox import FILE, lines_said, outbox, said_of, tried_anew
from decisions.leaving import may_have_arrived
from decisions.standing import LIFE, Standing
from errors import Refusal
from store import exports
from store.company import Company


def ready(book: Book) -> dict[str, list[Standing]]:
    """The approved proposals that a file carries out, by kind of action, the earliest approved first.

    What failed to leave is among them once it surely has not arrived.
    """
    found: dict[str, list[Standing]] = {}
    here = [one for one in book.standings.values() if one.state in ("approved", "failed")]
    for standing in sorted(here, key=lambda one: one.decided_at or one.proposed_at):
        if book.policy(standing.proposal.kind).is_exported and not may_have_arrived(book, standing):
            found.setdefault(standing.proposal.kind, []).append(standing)
    return found


def batch_of(standings: Sequence[Standing], company: Company, who: str, at: datetime) -> Batch:
    """One kind's approved proposals as one batch.

    Errors: a Refusal for proposals of different kinds, or for none.
    """
    if not standings:
        raise Refusal("Nothing was exported.", "Nothing was chosen.", "Choose what is to be exported.")
    lines: list[ExportLine] = []
    for standing in standings:
        proposal = standing.proposal
        period = f"{proposal.as_of.isoformat()} {standing.proposal_id}"
        key = idempotency_key(proposal.kind, proposal.subject, standing.content_hash, period)
        who_said = ", ".join(approval.who for approval in standing.approvals)
        about: dict[str, Any] = {
            **_seen(standing),
            "approved_by": who_said or f"policy version {standing.policy_version}",
            "approved_at": standing.decided_at,
        }
        lines += lines_of(standing.proposal_id, proposal.kind, proposal.action, key, **about)
    kinds = {standing.proposal.kind for standing in standings}
    return Batch(
        kind=min(kinds),
        company_title=company.company_title or company.name,
        created_at=at,
        lines=tuple(lines),
        currency_code=company.reporting_currency,
        exported_by=who,
        policy_version=max(standing.policy_version for standing in standings),
    )


def send_off(
    desk: Desk, company: Company, standings: Sequence[Standing], format_name: str, *, at: datetime, channel: str = FILE
) -> list[ExportFile]:
    """The files that now lie in the company's folder, for the ERP to fetch or for `decisions.delivery` to post.

    What has left before is not sent again. The file is written first and the act added after it: a file without an act is
    fetched by nobody, an act without a file would claim what is not there. What was made to undo a decision has undone it
    once it leaves.

    Errors: a Refusal where one of them is not approved, has changed since, or cannot be carried by the format.
    """
    files = []
    held = outbox(desk.book.export_acts)
    for part in split(batch_of(standings, company, desk.person.who, at), format_name):
        again = tried_anew(held, part)
        if (left := held.get(again.batch_id)) is not None:
            content = exports.kept(company, left.file_name, left.file_hash)
            files.append(
                ExportFile(left.file_name, left.format_name, "application/octet-stream", content, again.totals)
            )
            continue
        file = made(again, format_name)
        exports.keep(company, file.file_name, file.content)
        try:
            desk.export(again.batch_id, lines_said(again), said_of(again, file, channel=channel))
        except Refusal:
            # Whoever fetches all that lies in the folder must not find what was not let out.
            exports.withdraw(company, file.file_name)
            raise
        files.append(file)
    for standing in standings:
        if standing.undoes and "compensate" in LIFE.get(desk.book.standing(standing.undoes).state, {}):
            desk.compensated(standing.undoes, standing.proposal_id)
    return files


def recall(desk: Desk, company: Company, batch_id: str, reason: str) -> None:
    """Call a batch back that nobody has fetched yet, and take its file out of the folder.

    Errors: a Refusal without a reason, and where its receiver may have it.
    """
    desk.call_back(batch_id, reason)
    exports.withdraw(company, outbox(desk.book.export_acts)[batch_id].file_name)


def possible_formats(kind: str) -> dict[str, str]:
    """What a kind of action can leave as: name → title."""
    return {one.name: one.title for one in formats_for(kind)}


def _seen(standing: Standing) -> dict[str, Any]:
    """What a file needs beside the action: who supplies it, and what was still to come, as it was seen when it was proposed."""
    proposal = standing.proposal
    row = next((one.row for one in proposal.evidence if one.table == "core.purchase_lines"), {})
    found = {name: row[name] for name in ("supplier_id", "site_id", "sku_id") if row.get(name)}
    ordered, received = row.get("ordered_qty"), row.get("received_qty")
    if ordered is not None:
        found["open_qty"] = Decimal(ordered) - Decimal(received or 0)
    if proposal.kind == "expedite" and proposal.act_by_date is not None:
        found["needed_date"] = proposal.act_by_date
    return {name: value for name, value in found.items() if name not in proposal.action}
