"""Where each export stands, folded from acts, and what follows: what is due again, and whether a wish was honoured before."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from decisions.acts import Acted
from decisions.exports.lines import ORDERING, Batch, ExportFile, orders
from errors import Refusal

QUEUED, SENT, FAILED, ACKNOWLEDGED, CANCELLED = "queued", "sent", "failed", "acknowledged", "cancelled"
FILE, WEBHOOK = "file", "webhook"
# After so many tries a person has to look; they are spread over about four hours.
MOST_TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Export:
    """One batch on its way.

    Args:
        key: what its receiver tells repeated deliveries by.
        tries: how often it was tried and failed since it was queued.
        is_final: whether trying again is of no use: the receiver refused it for good, or tries are spent.
        acknowledged: proposals that the receiver has confirmed.
        refused: proposals that it has refused.
    """

    batch_id: str
    state: str
    key: str
    file_name: str
    file_hash: str
    format_name: str
    channel: str
    proposal_ids: tuple[str, ...]
    queued_at: datetime
    changed_at: datetime
    queued_by: str = ""
    tries: int = 0
    is_final: bool = False
    because: str = ""
    acknowledged: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def came_to_nothing(self) -> bool:
        """Whether its receiver surely did not act on it: called back, or unreadable to who fetched it, or refused for good.

        A webhook that never answered is none of these: the batch may have arrived.
        """
        is_refused = self.state == FAILED and (self.channel == FILE or (self.is_final and self.tries < MOST_TRIES))
        return self.state == CANCELLED or is_refused

    @property
    def next_try_at(self) -> datetime | None:
        """When it is to be sent (again); None where it is not: files are fetched by people, and what is final stays."""
        if self.channel != WEBHOOK or self.state not in (QUEUED, FAILED) or self.is_final:
            return None
        return self.queued_at if self.state == QUEUED else self.changed_at + wait_after(self.tries)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The proposals that the receiver has said nothing about."""
        return tuple(one for one in self.proposal_ids if one not in (*self.acknowledged, *self.refused))


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failures: a minute, doubled each time, an hour at most.

    >>> [str(wait_after(tries)) for tries in (1, 2, 4, 9)]
    ['0:01:00', '0:02:00', '0:08:00', '1:00:00']
    """
    return min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 10), LONGEST_WAIT)


def delivery_key(batch: Batch) -> str:
    """The idempotency key of the batch's delivery: the same lines give the same key, whenever they are sent.

    The period is in it already: it is part of each line's own key.
    """
    return hashlib.sha256(f"export {batch.batch_id}".encode()).hexdigest()


def said_of(batch: Batch, file: ExportFile, *, channel: str = FILE) -> dict[str, Any]:
    """What the act `export` says of a batch besides its lines: file, hash, format, channel, key, and control totals."""
    return {
        "file_name": file.file_name,
        "file_hash": file.file_hash,
        "format_name": file.format_name,
        "channel": channel,
        "idempotency_key": delivery_key(batch),
        "action_kind": batch.kind,
        "policy_version": batch.policy_version,
        "row_count": file.totals.row_count,
        "total_qty": file.totals.total_qty,
        "total_amount": file.totals.total_amount,
    }


def lines_said(batch: Batch) -> list[dict[str, Any]]:
    """What the act `export` says of each line: proposal, kind, its fields, and for purchases the order number and line that were sent."""
    numbers = {
        id(line): {"po_number": order.po_number, "po_line_no": number}
        for order in (orders(batch) if batch.kind in ORDERING else ())
        for number, line in enumerate(order.lines, start=1)
    }
    kept = [{name: value for name, value in vars(line).items() if value not in (None, "")} for line in batch.lines]
    return [{**said, **numbers.get(id(line), {})} for said, line in zip(kept, batch.lines, strict=True)]


def outbox(acts: Iterable[Acted]) -> dict[str, Export]:
    """Each export by its batch, as the acts say; an act that cannot follow on where it stands changes nothing."""
    found: dict[str, Export] = {}
    for act in acts:
        if act.kind == "export":
            # The same batch once more is the same delivery; what is tried anew has another identity.
            found.setdefault(act.subject, _queued(act))
        elif act.kind in _STEPS and act.subject in found:
            found[act.subject] = _STEPS[act.kind](found[act.subject], act)
    return found


def due(exports: Iterable[Export], now: datetime) -> list[Export]:
    """The exports that are to be sent now, the longest waiting first."""
    waiting = [(one.next_try_at, one) for one in exports if one.next_try_at is not None and one.next_try_at <= now]
    return [one for _, one in sorted(waiting, key=lambda item: (item[0], item[1].batch_id))]


def already(exports: Iterable[Export], key: str, file_hash: str) -> Export | None:
    """The export that honoured this key before, so that nothing is sent twice; None where the key is new.

    Errors: a Refusal where the key was used for another content.
    """
    for one in exports:
        if one.key == key:
            if one.file_hash == file_hash:
                return one
            raise Refusal(
                "Nothing was exported.",
                f"These very actions left already as {one.file_name}, with another content.",
                "Send that file again from the list of exports, or decide anew.",
            )
    return None


def tried_anew(exports: Mapping[str, Export], batch: Batch) -> Batch:
    """The batch as its next attempt where the last one came to nothing, so that it gets an identity of its own; else itself.

    Each line keeps its idempotency key: a receiver that has it after all knows it again.
    """
    while (held := exports.get(batch.batch_id)) is not None and held.came_to_nothing:
        batch = replace(batch, attempt=batch.attempt + 1)
    return batch


def needs_a_person(exports: Iterable[Export]) -> list[Export]:
    """The exports that failed for good, or in part: somebody has to look."""
    return [one for one in exports if (one.state == FAILED and one.is_final) or one.refused]


def may_be_cancelled(export: Export) -> str:
    """Why an export can no longer be called back; "" where it can.

    A delivery that failed may all the same have arrived, so only one that was never tried is surely still here.
    """
    if export.state == CANCELLED:
        return "It is cancelled already."
    if export.state != QUEUED:
        return "It was sent, or tried; its receiver may have it. Propose what undoes the actions instead."
    return ""


def _queued(act: Acted) -> Export:
    said = act.payload
    return Export(
        batch_id=act.subject,
        state=QUEUED,
        key=said.get("idempotency_key", ""),
        file_name=said.get("file_name", ""),
        file_hash=said.get("file_hash", ""),
        format_name=said.get("format_name", ""),
        channel=said.get("channel", FILE),
        proposal_ids=tuple(dict.fromkeys(line["proposal_id"] for line in said["lines"])),
        queued_at=act.at,
        changed_at=act.at,
        queued_by=act.who,
    )


def _sent(export: Export, act: Acted) -> Export:
    # What was acknowledged has arrived, whichever word came first.
    if export.state in (ACKNOWLEDGED, CANCELLED):
        return export
    return replace(export, state=SENT, changed_at=act.at, because="", is_final=False)


def _failed(export: Export, act: Acted) -> Export:
    if export.state in (ACKNOWLEDGED, CANCELLED):
        return export
    tries = export.tries + 1
    is_final = bool(act.payload.get("is_final")) or tries >= MOST_TRIES
    why = str(act.payload.get("because", ""))
    return replace(export, state=FAILED, changed_at=act.at, tries=tries, is_final=is_final, because=why)


def _acknowledged(export: Export, act: Acted) -> Export:
    if export.state == CANCELLED:
        return export
    told = _named(export, act.payload, "proposal_ids")
    no = _named(export, act.payload, "refused_ids")
    yes = tuple(one for one in dict.fromkeys((*export.acknowledged, *told)) if one not in no)
    refused = tuple(one for one in dict.fromkeys((*export.refused, *no)) if one not in yes)
    after = replace(export, acknowledged=yes, refused=refused, changed_at=act.at)
    return replace(after, state=SENT if after.unanswered else ACKNOWLEDGED, is_final=False)


def _cancelled(export: Export, act: Acted) -> Export:
    if may_be_cancelled(export):
        return export
    return replace(export, state=CANCELLED, changed_at=act.at, because=str(act.payload.get("reason", "")))


def _named(export: Export, said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(one for one in said.get(name, ()) if one in export.proposal_ids)


_STEPS: Mapping[str, Callable[[Export, Acted], Export]] = {
    "export_sent": _sent,
    "export_failed": _failed,
    "acknowledge": _acknowledged,
    "export_cancelled": _cancelled,
}
