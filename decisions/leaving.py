"""What may leave the house, what became of it, and what may be called back, put for the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from decisions import checks
from decisions.book import Book, follows
from decisions.exports.approved import otherwise
from decisions.exports.outbox import may_be_cancelled, outbox
from decisions.ruling import Said, as_asked_now
from decisions.standing import Standing
from store.warehouse import Build


def batch(
    book: Book,
    batch_id: str,
    lines: Sequence[Mapping[str, Any]],
    said: Mapping[str, Any],
    *,
    build: Build | None,
    now: datetime,
) -> Said | None:
    """The act by which approved actions leave as one batch; None where that batch has left already.

    Errors: a Refusal where one of them is not approved, is told of otherwise than it was approved, stands there twice, or
    what it rests on or its policy has changed since; while the calendar is frozen nothing leaves.
    """
    if batch_id in book.batches:
        return None
    checks.not_frozen(book)
    if not lines:
        raise checks.refusal("there is no line in it", "Choose what is to be exported.")
    told: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        told.setdefault(str(line.get("proposal_id") or ""), []).append(line)
    for name, mine in told.items():
        standing = book.standing(name)
        follows(standing.state, "export")
        if why := may_have_arrived(book, standing):
            raise checks.refusal(why, "Wait until its receiver answers, or ask there whether it came.")
        checks.unchanged(standing, build)
        checks.has_its_approvals(as_asked_now(book, standing, now))
        if why := otherwise(standing.proposal.kind, standing.proposal.action, mine):
            raise checks.refusal(f"{why} ({name})", "Export what was approved, once.")
    return "export", batch_id, {**said, "lines": [dict(line) for line in lines]}


def may_have_arrived(book: Book, standing: Standing) -> str:
    """Why what failed to leave may not leave in another batch: a delivery without an answer is tried again, or has arrived."""
    export = outbox(book.export_acts).get(standing.batch_id) if standing.state == "failed" else None
    if export is None or export.came_to_nothing:
        return ""
    return f"{standing.proposal_id} lies in {export.file_name}, whose delivery had no answer and may have arrived"


def told_of_export(book: Book, kind: str, batch_id: str, proposal_ids: Sequence[str], said: Mapping[str, Any]) -> Said:
    """The act that says what became of a batch.

    Errors: a Refusal for another kind of act, a batch that there was not, or proposals that were not in it.
    """
    if kind not in ("export_sent", "export_failed", "acknowledge"):
        raise checks.refusal(f"{kind!r} is nothing that becomes of an export", "Say sent, failed or acknowledged.")
    if batch_id not in book.batches:
        raise checks.refusal(f"there is no batch {batch_id}", "Look it up among the exports.")
    inside = {line["proposal_id"] for line in book.batches[batch_id].payload["lines"]}
    if others := sorted(set(proposal_ids) - inside):
        raise checks.refusal(f"{', '.join(others)} was not in batch {batch_id}", "Name what was in it.")
    # A late word about a batch that failed would say of the next one that it failed, and let all leave a third time.
    if others := sorted(name for name in proposal_ids if book.standing(name).batch_id != batch_id):
        raise checks.refusal(f"{', '.join(others)} has left anew since", "Say it of the batch that it left with.")
    return kind, batch_id, {**said, "proposal_ids": list(proposal_ids)}


def called_back(book: Book, batch_id: str, reason: str) -> Said:
    """The act by which a batch that nobody has fetched yet stays here: its actions are approved as before.

    Errors: a Refusal without a reason, for a batch that there was not, and where its receiver may have it.
    """
    checks.has_reason(reason)
    export = outbox(book.export_acts).get(batch_id)
    if export is None:
        raise checks.refusal(f"there is no batch {batch_id}", "Look it up among the exports.")
    if why := may_be_cancelled(export):
        raise checks.refusal(why, "Propose what undoes the actions instead.")
    return "export_cancelled", batch_id, {"proposal_ids": list(export.proposal_ids), "reason": reason}
