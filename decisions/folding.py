"""What each act changes in the book: one function for each kind of act, none of which decides anything."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from decisions.policy_text import policy_approved
from decisions.proposal import proposal_of
from decisions.standing import LIFE, Approval, CaseState, Level, Standing
from store.ledger import Act

if TYPE_CHECKING:
    from decisions.book import Book


def _proposed(book: "Book", act: Act) -> None:
    said, note = act.payload, act.payload.get("note", {})
    book.by_kind.setdefault(said["proposal"]["kind"], []).append(act.subject)
    book.standings[act.subject] = Standing(
        proposal_id=act.subject,
        proposal=proposal_of(said["proposal"]),
        content_hash=said["content_hash"],
        authors=(act.who,),
        is_agent=said["is_agent"],
        proposed_at=act.at,
        minutes=said.get("minutes", 0.0),
        started_by=note.get("started_by", "") if said["is_agent"] else "",
        undoes=note.get("undoes", ""),
        **_judged(said, act, 0),
        last_act_id=act.act_id,
        last_kind=act.kind,
        last_by=act.who,
    )


def _modified(book: "Book", act: Act) -> None:
    before, said = book.standings[act.subject], act.payload
    book.standings[act.subject] = replace(
        before,
        proposal=proposal_of(said["proposal"]),
        content_hash=said["content_hash"],
        version=before.version + 1,
        changed_at=act.at,
        authors=tuple(dict.fromkeys([*before.authors, act.who])),
        approvals=(),
        delegated_to="",
        minutes=before.minutes + said.get("minutes", 0.0),
        reason_code=said.get("reason_code", ""),
        reason=said.get("reason", ""),
        **_judged(said, act, 0),
        **_stamped(act, before),
    )


def _judged(said: Mapping[str, Any], act: Act, approved: int) -> dict[str, Any]:
    """The fields of a standing that the policy's verdict decides."""
    verdict = said["verdict"]
    wanted = int(verdict.get("approvals", 0))
    is_free = verdict["code"] == "allowed" or approved >= wanted
    return {
        "state": "approved" if is_free else "pending",
        "verdict_code": verdict["code"],
        "because": verdict["because"],
        "policy_version": said["policy_version"],
        "on_version": said.get("on_version", 0),
        "approvals_wanted": wanted,
        "approver_roles": tuple(verdict.get("of", ())),
        "expires_at": datetime.fromisoformat(said["expires_at"]),
        "decided_at": act.at if is_free else None,
    }


def _approved(book: "Book", act: Act) -> None:
    before, said = book.standings[act.subject], act.payload
    approvals = (*before.approvals, Approval(act.who, act.at, said["content_hash"], said.get("for_whom", "")))
    # A policy that has become stricter since asks for more than it did when this was proposed.
    wanted = max(before.approvals_wanted, int(said.get("approvals", 0)))
    is_enough = len(approvals) >= wanted
    after = replace(
        before,
        approvals=approvals,
        approvals_wanted=wanted,
        state="approved" if is_enough else "pending",
        decided_at=act.at if is_enough else None,
        minutes=before.minutes + said.get("minutes", 0.0),
        **_stamped(act, before),
    )
    book.standings[act.subject] = after
    if is_enough and after.proposal.kind == "policy_change":
        changed = after.proposal.action
        held = book.changed_policies.setdefault(changed["policy"], [])
        held.append(policy_approved(changed["yaml"], changed["policy"], version=len(held) + 2))
        _under_ceiling(book, changed["policy"])


def _under_ceiling(book: "Book", kind: str) -> None:
    """A lowered ceiling lowers what is above it for good: a ceiling that rises again gives no level back that nobody granted anew."""
    ceiling = book.policy(kind).autonomy.ceiling
    for key, level in list(book.levels.items()):
        if key[0] == kind and level.level > ceiling:
            # The day stays that of the grant: what the agent did beyond its limits since then still counts against it.
            book.levels[key] = replace(level, level=ceiling, because=f"The policy's ceiling was lowered to {ceiling}.")


def _moved(book: "Book", act: Act) -> None:
    """Declined, withdrawn, expired, delegated, completed, compensated, and what became of an export."""
    before, said = book.standings[act.subject], act.payload
    to = LIFE[before.state][act.kind]
    book.standings[act.subject] = replace(
        before,
        state=to,
        reason_code=said.get("reason_code", before.reason_code),
        reason=said.get("reason", before.reason),
        delegated_to=said.get("to", before.delegated_to),
        delegated_by=act.who if act.kind == "delegate" else before.delegated_by,
        minutes=before.minutes + said.get("minutes", 0.0),
        decided_at=act.at if to in ("declined", "withdrawn", "expired") else before.decided_at,
        **_stamped(act, before),
    )


def _exported(book: "Book", act: Act) -> None:
    """A batch of approved actions that was written for the ERP."""
    book.batches[act.subject] = act
    book.export_acts.append(act)
    for line in act.payload["lines"]:
        before = book.standings[line["proposal_id"]]
        book.standings[line["proposal_id"]] = replace(
            before, state="exported", batch_id=act.subject, **{**_stamped(act, before), "before": None}
        )


def _told_of_export(book: "Book", act: Act) -> None:
    """What became of a batch: sent, failed or acknowledged, for all its lines or those that are named."""
    book.export_acts.append(act)
    for proposal_id in act.payload["proposal_ids"]:
        before = book.standings[proposal_id]
        to = LIFE[before.state].get(act.kind)
        if to is not None:
            book.standings[proposal_id] = replace(before, state=to, **{**_stamped(act, before), "before": None})


def _stamped(act: Act, before: Any) -> dict[str, Any]:
    return {
        "last_act_id": act.act_id,
        "last_kind": act.kind,
        "last_by": act.who,
        "before": replace(before, before=None),
    }


def _case(book: "Book", act: Act) -> None:
    before, said = book.case(act.subject), act.payload
    if act.kind == "assign":
        after = replace(before, owner=said["to"])
    elif act.kind == "snooze":
        until = date.fromisoformat(said["until"])
        after = replace(before, snoozed_until=until, snoozed_amount=Decimal(said["at_risk_amount"]))
    else:
        after = replace(before, dismissed_reason=said["reason"], dismissed_by=act.who, dismissed_on=act.at.date())
    book.cases[act.subject] = replace(
        after, last_act_id=act.act_id, last_by=act.who, before=replace(before, before=None)
    )


def _taken_back(book: "Book", act: Act) -> None:
    """The last act on a proposal or a case undone: it stands where it stood before."""
    if act.subject in book.standings:
        before = book.standings[act.subject].before
        if before is not None:
            book.standings[act.subject] = before
    elif act.subject in book.cases:
        book.cases[act.subject] = book.cases[act.subject].before or CaseState(act.subject)


def _level_set(book: "Book", act: Act) -> None:
    said = act.payload
    key = (said["kind"], said["segment"])
    book.levels[key] = Level(said["kind"], said["segment"], said["level"], said["because"], act.at)


def _frozen(book: "Book", act: Act) -> None:
    book.frozen_because = act.payload["reason"] if act.kind == "freeze" else ""


def _file(book: "Book", act: Act) -> None:
    """A file that was brought in, or taken out again."""
    if act.kind == "load":
        book.files[act.subject] = (act.payload["file_name"], act.who)
    else:
        book.files.pop(act.subject, None)


def _pinned(book: "Book", act: Act) -> None:
    if act.payload["version"] is None:
        book.pins.pop(act.subject, None)
    else:
        book.pins[act.subject] = act.who


def _targeted(book: "Book", act: Act) -> None:
    book.targets.pop(act.subject, None)
    book.ever_targeted.add(act.subject)
    if act.payload["number"] is not None:
        book.targets[act.subject] = act


def _register_kept(book: "Book", act: Act) -> None:
    book.registers.setdefault(act.subject, []).append(act)


READERS: Mapping[str, Callable[["Book", Act], None]] = {
    "propose": _proposed,
    "modify": _modified,
    "approve": _approved,
    **dict.fromkeys(("decline", "withdraw", "expire", "delegate", "complete", "compensate"), _moved),
    "export": _exported,
    **dict.fromkeys(("export_sent", "export_failed", "export_cancelled", "acknowledge"), _told_of_export),
    **dict.fromkeys(("assign", "snooze", "dismiss"), _case),
    "take_back": _taken_back,
    "autonomy": _level_set,
    **dict.fromkeys(("freeze", "thaw"), _frozen),
    **dict.fromkeys(("load", "undo"), _file),
    "pin": _pinned,
    "set_target": _targeted,
    "keep_register": _register_kept,
    "refused": lambda book, act: book.alerts.append(act),
    "agent_run": lambda book, act: book.runs.append(act),
}
