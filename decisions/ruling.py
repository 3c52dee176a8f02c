"""What the policy in force says of a wish, and how that and other acts are put for the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from decisions import checks
from decisions.book import Book, follows
from decisions.duties import why_not_approve
from decisions.facts import facts_of, over_caps
from decisions.person import Person
from decisions.policy import Allowed, NeedsApproval, Refused, Verdict, judge
from decisions.proposal import Proposal, payload
from decisions.standing import CaseState, Standing
from store.warehouse import Build

Said = tuple[str, str, dict[str, Any]]


def verdict(book: Book, proposal: Proposal, person: Person, now: datetime, proposal_id: str = "") -> Verdict:
    """The policy's verdict on what somebody wishes now; who may not propose it at all, or has used up its caps, is refused."""
    policy = book.policy(proposal.kind)
    if not (set(policy.proposers) & ({"agent"} if person.is_agent else person.roles)):
        return Refused(f"{person.who} is none of those who may propose it ({', '.join(policy.proposers)}).")
    if person.is_agent and (cap := over_caps(proposal, agent=person, book=book, now=now)):
        return Refused(f"A cap stops the agent: {cap}")
    facts = facts_of(
        proposal, proposer=person.who, is_agent=person.is_agent, book=book, now=now, proposal_id=proposal_id
    )
    return judge(facts, policy)


def content(book: Book, proposal: Proposal, ruled: Allowed | NeedsApproval, now: datetime) -> dict[str, Any]:
    """What the ledger keeps of a wish: the whole of it, its hash, the verdict, and until when it waits."""
    policy = book.policy(proposal.kind)
    said: dict[str, Any] = {"code": ruled.code, "because": ruled.because, "rules": list(ruled.rules)}
    if isinstance(ruled, NeedsApproval):
        said |= {"approvals": ruled.approvals, "of": list(ruled.of)}
    return {
        "proposal": payload(proposal),
        "content_hash": proposal.content_hash,
        "verdict": said,
        "policy_version": policy.version,
        "expires_at": (now + timedelta(hours=policy.expiry_hours)).isoformat(),
    }


def refused(proposal: Proposal, ruled: Refused) -> Said:
    """The act that says that somebody wanted what may not be."""
    about = f"{proposal.kind} of {', '.join(proposal.subject.values())}"
    said = {"because": ruled.because, "rules": list(ruled.rules), "is_alert": ruled.is_alert, "kind": proposal.kind}
    return "refused", about, said


def approval(
    book: Book,
    *,
    proposal_id: str,
    content_hash: str,
    person: Person,
    now: datetime,
    build: Build | None,
    given: Mapping[str, Any],
) -> Said | None:
    """The act by which somebody says yes to exactly that content; None where it has that yes already.

    Errors: a Refusal where it may not be, see `decisions.desk.Desk.approve`.
    """
    standing = book.standing(proposal_id)
    mine = any(one.who == person.who and one.content_hash == content_hash for one in standing.approvals)
    if standing.content_hash == content_hash and (mine or (standing.approvals and standing.state != "pending")):
        return None
    standing = as_asked_now(book, checks.live(book, proposal_id, "approve", now), now)
    checks.not_frozen(book)
    checks.may_approve(book, standing, person, content_hash, build)
    said: dict[str, Any] = {
        "content_hash": content_hash,
        "approvals": standing.approvals_wanted,
        "version": standing.version,
        "build_id": build.build_id if build else standing.proposal.build_id,
        "for_whom": standing.delegated_by if standing.delegated_to == person.who else "",
    }
    return "approve", proposal_id, {**said, **given}


def as_asked_now(book: Book, standing: Standing, now: datetime) -> Standing:
    """The standing with the approvals that the policy in force asks for, where that is another than the one it was judged by.

    A policy that has become milder lets nothing through that was asked for before: whoever wants that proposes anew.

    Errors: a Refusal where the policy in force forbids it.
    """
    policy = book.policy(standing.proposal.kind)
    if policy.version == standing.policy_version:
        return standing
    facts = facts_of(
        standing.proposal,
        proposer=standing.proposer,
        is_agent=standing.is_agent,
        book=book,
        now=now,
        proposal_id=standing.proposal_id,
    )
    ruled = judge(facts, policy)
    if isinstance(ruled, Refused):
        because = f"the policy has changed since it was proposed. {ruled.because}"
        raise checks.refusal(because, "Decline or withdraw it.")
    if not isinstance(ruled, NeedsApproval):
        return standing
    wanted = max(ruled.approvals, standing.approvals_wanted)
    return replace(standing, approvals_wanted=wanted, approver_roles=ruled.of, because=ruled.because)


def taken_back(book: Book, subject: str, person: Person, now: datetime) -> Said:
    """The act that undoes the last one on a proposal or case, by whom it was.

    What comes back to life by it is judged anew, so that the room which it had made cannot be used twice.

    Errors: a Refusal where somebody else acted last, what was done has left the house, or the limits have no room for it now.
    """
    held: Standing | CaseState = book.standings.get(subject) or book.case(subject)
    if held.last_by != person.who or held.before is None:
        raise checks.refusal(
            "you did not act last on it, or it can no longer be undone", "Propose the opposite action instead."
        )
    if isinstance(held, Standing) and held.proposal.kind == "policy_change" and held.state == "approved":
        raise checks.refusal("the policy is in force", "Propose the former version again.")
    if isinstance(held, Standing) and held.last_kind in ("withdraw", "modify"):
        _has_room(book, held, person, now)
    return "take_back", subject, {"act_id": held.last_act_id}


def _has_room(book: Book, held: Standing, person: Person, now: datetime) -> None:
    """What stood before may stand again under the limits of today."""
    assert held.before is not None
    ruled = verdict(book, held.before.proposal, person, now, held.proposal_id)
    is_approved = isinstance(ruled, NeedsApproval) and len(held.before.approvals) >= ruled.approvals
    if held.before.state == "approved" and not (isinstance(ruled, Allowed) or is_approved):
        raise checks.refusal(f"it would no longer be let through ({ruled.because})", "Propose it anew.")


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
    return kind, batch_id, {**said, "proposal_ids": list(proposal_ids)}


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
    seen: set[str] = set()
    for line in lines:
        standing = book.standing(line["proposal_id"])
        follows(standing.state, "export")
        # An allocation has a line for each customer; of everything else a second line would order it a second time.
        if standing.proposal_id in seen and "lines" not in standing.proposal.action:
            raise checks.refusal(f"{standing.proposal_id} stands there twice", "Export it once.")
        if standing.proposal_id not in seen:
            checks.unchanged(standing, build)
            checks.has_its_approvals(as_asked_now(book, standing, now))
        seen.add(standing.proposal_id)
        action = {**standing.proposal.action, "kind": standing.proposal.kind}
        if other := [name for name in action if name in line and _flat(line[name]) != _flat(action[name])]:
            raise checks.refusal(
                f"{', '.join(other)} of {standing.proposal_id} is not what was approved", "Export what was approved."
            )
    return "export", batch_id, {**said, "lines": [dict(line) for line in lines]}


def _flat(value: Any) -> str:
    """A field as text that depends neither on noughts nor on line breaks."""
    if isinstance(value, bool | None):
        return str(value)
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return " ".join(str(value).split())


def levelled(
    book: Book, person: Person, kind: str, segment: str, level: int, *, because: str, evidence: Mapping[str, Any]
) -> Said | None:
    """The act that sets an agent's level for a kind of action in a segment; None where it has that level.

    Errors: a Refusal above the policy's ceiling, and for raising it without the right to put policies in force.
    """
    now, ceiling = book.level(kind, segment), book.policy(kind).autonomy.ceiling
    if level == now and (kind, segment) in book.levels:
        return None
    if level > ceiling:
        raise checks.refusal(f"the policy's ceiling is {ceiling}", "Change the policy first.")
    if level > now:
        checks.has_right(person, "approve_policy", "raised")
    said = {"kind": kind, "segment": segment, "level": level, "before": now, "because": because}
    return "autonomy", f"{kind} · {segment or 'all'}", {**said, "evidence": dict(evidence)}


def expired(book: Book, proposal_id: str, now: datetime) -> Said | None:
    """The act that closes a proposal whose time is over; None where it still has some."""
    return ("expire", proposal_id, {}) if book.standing(proposal_id).is_expired(now) else None


def completed(book: Book, proposal_id: str, minutes: float, now: datetime) -> Said:
    """The act that says that an approved wish which no file carries out was done.

    Errors: a Refusal where an export carries it out.
    """
    standing = checks.live(book, proposal_id, "complete", now)
    if book.policy(standing.proposal.kind).is_exported:
        raise checks.refusal("it is carried out by an export", "Export it on the Decisions page.")
    return "complete", proposal_id, {"minutes": minutes}


def handed_on(book: Book, proposal_id: str, to: str, person: Person, build: Build | None, now: datetime) -> Said:
    """The act that hands an approval to somebody else, within the limits of who hands it on.

    Errors: a Refusal for handing it to one of its authors, or by somebody who could not approve it.
    """
    standing = checks.live(book, proposal_id, "delegate", now)
    checks.may_approve(book, as_asked_now(book, standing, now), person, standing.content_hash, build)
    if to == person.who or (why := why_not_approve(book, standing, to)):
        raise checks.refusal(why if to != person.who else f"{to} hands it on", "Hand it to somebody else.")
    return "delegate", proposal_id, {"to": to}


def withdrawn(book: Book, proposal_id: str, reason: str, person: Person, now: datetime) -> Said:
    """The act by which an author no longer wants a proposal.

    Errors: a Refusal for anybody else, or where it was carried out already.
    """
    standing = checks.live(book, proposal_id, "withdraw", now)
    if person.who not in standing.authors:
        raise checks.refusal("only who proposed it can withdraw it", "Decline it instead, with a reason.")
    return "withdraw", proposal_id, {"reason": reason}


def declined(book: Book, proposal_id: str, said: dict[str, Any], now: datetime) -> Said | None:
    """The act by which a proposal is not to be; None where it is not to be already."""
    if book.standing(proposal_id).state == "declined":
        return None
    checks.live(book, proposal_id, "decline", now)
    return "decline", proposal_id, said
