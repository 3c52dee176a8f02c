"""What the policy in force says of a wish, and how that and other acts are put for the ledger."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from decisions import checks
from decisions.autonomy import LEVELS, SUGGESTS
from decisions.book import Book
from decisions.duties import why_not_approve
from decisions.facts import facts_of, over_caps
from decisions.offered import why_not_offered
from decisions.person import Person
from decisions.policy import Allowed, NeedsApproval, Refused, Verdict, judge
from decisions.proposal import Proposal, changed, payload
from decisions.standing import CLOSED_UNDONE, CaseState, Standing
from store.warehouse import Build

Said = tuple[str, str, dict[str, Any]]


def verdict(book: Book, proposal: Proposal, person: Person, now: datetime, proposal_id: str = "") -> Verdict:
    """The policy's verdict on what somebody wishes now; who may not propose it at all, or has used up its caps, is refused."""
    policy = book.policy(proposal.kind)
    if not (set(policy.proposers) & ({"agent"} if person.is_agent else person.roles)):
        return Refused(f"{person.who} is none of those who may propose it ({', '.join(policy.proposers)}).")
    if person.is_agent and (cap := over_caps(proposal, agent=person, book=book, now=now)):
        return Refused(f"A cap stops the agent: {cap}")
    if person.is_agent and (level := book.level(proposal.kind, proposal.segment)) < SUGGESTS:
        return Refused(f"It is trusted with level {level} only, on which an agent {LEVELS[level]}.")
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
    on = {"on_version": book.policy(proposal.action["policy"]).version} if proposal.kind == "policy_change" else {}
    return {
        **on,
        "proposal": payload(proposal),
        "content_hash": proposal.content_hash,
        "verdict": said,
        "policy_version": policy.version,
        "expires_at": (now + timedelta(hours=policy.expiry_hours)).isoformat(),
    }


def refused(proposal: Proposal, ruled: Refused, *, is_agent: bool = False) -> Said:
    """The act that says that somebody wanted what may not be."""
    about = f"{proposal.kind} of {', '.join(proposal.subject.values())}"
    said = {
        "because": ruled.because,
        "rules": list(ruled.rules),
        "is_alert": ruled.is_alert,
        "kind": proposal.kind,
        "is_agent": is_agent,
    }
    return "refused", about, said


def proposed(
    book: Book, proposal: Proposal, person: Person, now: datetime, *, build: Build | None, given: Mapping[str, Any]
) -> Said | None:
    """The act by which somebody wants something, or by which it is refused; None where the same wish stands already.

    Errors: a Refusal where it cannot be kept, where this person may not propose, and where another such wish of the day is open.
    """
    checks.may_propose(person, proposal, "proposed")
    tried = book.attempts(proposal)
    if tried and (tried[-1].content_hash == proposal.content_hash or tried[-1].is_open):
        checks.not_open_with_other_content(tried[-1], proposal)
        return None
    checks.not_open_from_before(book, proposal, now)
    checks.not_underway(book, proposal)
    ruled = verdict(book, proposal, person, now)
    if person.is_agent and build is not None and (why := why_not_offered(proposal, build)):
        ruled = Refused(why)
    if isinstance(ruled, Refused):
        return refused(proposal, ruled, is_agent=person.is_agent)
    said = content(book, proposal, ruled, now) | {"is_agent": person.is_agent}
    return "propose", proposal.proposal_id(len(tried) + 1), {**said, **given}


def modified(
    book: Book,
    *,
    proposal_id: str,
    action: Mapping[str, Any],
    moved_amount: Decimal,
    person: Person,
    now: datetime,
    given: Mapping[str, Any],
) -> Said | None:
    """The act by which a proposal gets another action, judged anew; None where it has that action already.

    Errors: a Refusal where it can no longer be changed, or the other one is no action.
    """
    standing = checks.live(book, proposal_id, "modify", now)
    other = changed(standing.proposal, action, moved_amount=moved_amount)
    checks.may_propose(person, other, "changed")
    if other.content_hash == standing.content_hash:
        return None
    ruled = verdict(book, other, person, now, proposal_id)
    if isinstance(ruled, Refused):
        return refused(other, ruled)
    return "modify", proposal_id, {**content(book, other, ruled, now), **given}


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
    is_settled = bool(standing.approvals) and standing.state not in ("pending", *CLOSED_UNDONE)
    if standing.content_hash == content_hash and standing.state not in CLOSED_UNDONE and (mine or is_settled):
        return None
    standing = as_asked_now(book, checks.live(book, proposal_id, "approve", now), now)
    checks.not_frozen(book)
    checks.may_approve(book, standing, person, content_hash, build)
    checks.on_the_version_in_force(book, standing)
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
    if book.policy(standing.proposal.kind).version == standing.policy_version:
        return standing
    ruled = _judged_now(book, standing, now)
    if isinstance(ruled, Refused):
        because = f"the policy has changed since it was proposed. {ruled.because}"
        raise checks.refusal(because, "Decline or withdraw it.")
    if not isinstance(ruled, NeedsApproval):
        return standing
    wanted = max(ruled.approvals, standing.approvals_wanted)
    return replace(standing, approvals_wanted=wanted, approver_roles=ruled.of, because=ruled.because)


def _judged_now(book: Book, standing: Standing, now: datetime) -> Verdict:
    """What the policy in force says today of what its author wished."""
    facts = facts_of(
        standing.proposal,
        proposer=standing.proposer,
        is_agent=standing.is_agent,
        book=book,
        now=now,
        proposal_id=standing.proposal_id,
    )
    return judge(facts, book.policy(standing.proposal.kind))


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
    if isinstance(held, Standing) and held.last_kind in ("withdraw", "modify", "decline"):
        _has_room(book, held, person, now)
    return "take_back", subject, {"act_id": held.last_act_id}


def _has_room(book: Book, held: Standing, person: Person, now: datetime) -> None:
    """What stood before may stand again under the limits of today, with no fewer approvals than they ask for now."""
    assert held.before is not None
    is_declined = held.last_kind == "decline"  # whoever declines is not its author, whose limits they are
    ruled = (
        _judged_now(book, held.before, now)
        if is_declined
        else verdict(book, held.before.proposal, person, now, held.proposal_id)
    )
    given = len(held.before.approvals) if held.before.state == "approved" else held.before.approvals_wanted
    is_enough = isinstance(ruled, Allowed) or (isinstance(ruled, NeedsApproval) and given >= ruled.approvals)
    if not is_enough:
        raise checks.refusal(f"it would no longer be let through ({ruled.because})", "Propose it anew.")


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
    asked = as_asked_now(book, standing, now)
    checks.may_approve(book, asked, person, standing.content_hash, build)
    # Handed from one to the next, the first could approve again beside the last: one right would be two approvals.
    if not checks.approves_by_role(asked, person):
        raise checks.refusal("it was handed to you, and goes no further", "Decide it, or leave it to the others.")
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


def undone(book: Book, proposal_id: str, by_proposal_id: str, now: datetime) -> Said:
    """The act that says that an exported wish was undone by another one.

    Errors: a Refusal where it never left, and where the other one was not made to undo it.
    """
    checks.live(book, proposal_id, "compensate", now)
    if book.standing(by_proposal_id).undoes != proposal_id:
        raise checks.refusal(f"{by_proposal_id} was not made to undo it", "Propose what undoes it.")
    return "compensate", proposal_id, {"by": by_proposal_id}
