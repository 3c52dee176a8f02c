"""What must hold before something is recorded; each check passes silently or raises the Refusal that a person reads."""

from datetime import datetime
from typing import Any

from decisions.book import Book, follows
from decisions.duties import why_not_approve
from decisions.person import Person
from decisions.policy_text import failing_cases, policy_of
from decisions.proposal import Proposal
from decisions.roles import may
from decisions.seen import changes
from decisions.standing import OPEN, Standing
from errors import Refusal
from store.warehouse import Build

# What would say of a changed policy that it is not, while everybody is judged by it.
IN_FORCE_FORBIDS = frozenset({"modify", "decline", "withdraw"})

# Kinds of which one that has left answers the same need as another.
ONE_FOR_ALL = (("purchase", "re_source"), ("transfer",), ("allocate",))


SHORTEST = 20  # characters of a sentence that gives a reason


def is_sentence(reason: str) -> bool:
    """Whether a reason says something, for what takes more than a word: leaving an advice, going ahead of the roadmap.

    >>> is_sentence("because"), is_sentence("The line in Hamburg is down every Monday.")
    (False, True)
    """
    return len(reason.strip()) >= SHORTEST


def has_right(person: Person, right: str, done: str) -> None:
    """Whoever is here may do it: people by their roles, agents only propose, assign and give up their own level."""
    if person.is_agent and right not in ("propose", "assign"):
        raise refusal(f"agents may not {right.replace('_', ' ')}", "A person does that.")
    if not person.is_agent and not may(person.roles, right):
        roles = ", ".join(sorted(person.roles)) or "no role"
        raise Refusal(
            f"Nothing was {done}.",
            f"{person.who} has no right to {right.replace('_', ' ')} ({roles}).",
            "Ask an administrator for the role, or a colleague to do it.",
        )


def may_propose(person: Person, proposal: Proposal, done: str) -> None:
    """Whoever is here may propose such a thing, the ledger can keep it, and a policy that it brings is one."""
    has_right(person, "author_policy" if proposal.kind == "policy_change" else "propose", done)
    proposal.held_together()
    if proposal.kind == "policy_change":
        sound(proposal)


def may_approve(book: Book, standing: Standing, person: Person, content_hash: str, build: Build | None) -> None:
    """Whoever is here may say yes to exactly this content now.

    No machine, nobody with a hand in it or in what it rests on (`decisions.duties`), of the right role or handed it by one.
    """
    if person.is_agent:
        raise refusal("agents never approve", "A person decides.")
    if why := why_not_approve(book, standing, person.who):
        raise refusal(why, "Somebody else approves it.")
    if not (approves_by_role(standing, person) or _was_handed(standing, person)):
        of = ", ".join(standing.approver_roles)
        raise refusal(f"{person.who} is none of those who approve it ({of})", "Ask one of them.")
    if _has_spoken(standing, person):
        raise refusal(
            "it was handed on, and whoever hands an approval on or takes one over counts once", "Ask somebody else."
        )
    if standing.content_hash != content_hash:
        raise refusal(
            "it was changed since you looked at it", "Look at it again; an approval holds for one exact content."
        )
    unchanged(standing, build)


def approves_by_role(standing: Standing, person: Person) -> bool:
    """Whether this person's own roles are among those that the policy asks, with the right to it."""
    return may(person.roles, _right_to(standing)) and bool(person.roles & set(standing.approver_roles))


def _was_handed(standing: Standing, person: Person) -> bool:
    """Whether somebody put this person in their place, and this person may approve at all: who only verifies stays apart."""
    return standing.delegated_to == person.who and may(person.roles, _right_to(standing))


def _right_to(standing: Standing) -> str:
    return "approve_policy" if standing.proposal.kind == "policy_change" else "approve"


def on_the_version_in_force(book: Book, standing: Standing) -> None:
    """A changed policy was written on the version that is in force: else it would undo, unseen, what came in between."""
    wish = standing.proposal
    if wish.kind == "policy_change" and standing.on_version not in (0, book.policy(wish.action["policy"]).version):
        raise refusal(
            f"it was written on version {standing.on_version} of the policy, and another is in force",
            "Decline it; its author makes the change on the version in force.",
        )


def _has_spoken(standing: Standing, person: Person) -> bool:
    """Whether this person's yes is among the approvals already: their own, or one that somebody gave in their place."""
    said = {name for approval in standing.approvals for name in (approval.who, approval.for_whom) if name}
    stands_in_for = standing.delegated_by if standing.delegated_to == person.who else ""
    return bool(said & ({person.who, stands_in_for} - {""}))


def has_its_approvals(standing: Standing) -> None:
    """As many people have said yes as are asked for; what the policy let through by itself was asked of nobody."""
    if len(standing.approvals) < standing.approvals_wanted:
        raise refusal(
            f"the policy has changed since it was let through. {standing.because}",
            "Withdraw it and propose it anew.",
        )


def not_frozen(book: Book) -> None:
    """The calendar holds nothing back."""
    if book.frozen_because:
        raise refusal(f"the calendar is frozen ({book.frozen_because})", "Wait until it is thawed.")


def is_person(person: Person, done: str) -> None:
    """No machine is here."""
    if person.is_agent:
        raise refusal(f"agents may not {done}", "A person does that.")


def unchanged(standing: Standing, build: Build | None) -> None:
    """What the proposal rests on is still as it was when it was made."""
    if build is not None and (moved := changes(standing.proposal, build)):
        raise refusal(
            f"what it rests on has changed: {'; '.join(moved)}", "Decline it, and decide on the case as it is now."
        )


def live(book: Book, proposal_id: str, event: str, now: datetime) -> Standing:
    """The standing of a proposal to which this may happen now."""
    standing = book.standing(proposal_id)
    if standing.is_expired(now):
        raise refusal(
            f"its time was over at {standing.expires_at:%d %b %H:%M} UTC", "Propose it anew on today's figures."
        )
    follows(standing.state, event)
    if standing.proposal.kind == "policy_change" and standing.state == "approved" and event in IN_FORCE_FORBIDS:
        raise refusal("the policy is in force", "Propose the former version again.")
    return standing


def not_open_with_other_content(standing: Standing, proposal: Proposal) -> None:
    """Nobody has proposed the same today with another quantity that still waits."""
    if standing.content_hash != proposal.content_hash and standing.is_open:
        raise refusal(
            f"{standing.proposer} has proposed it today with other content, and it is {standing.state}",
            "Open that proposal and change it there.",
        )


def not_open_from_before(book: Book, proposal: Proposal, now: datetime) -> None:
    """Nobody has proposed the same on a day before, which still waits or has not left: both would be done.

    Of a policy several changes may lie side by side; only one that was written on the version in force can be approved.
    """
    names = () if proposal.kind == "policy_change" else book.by_kind.get(proposal.kind, ())
    # What no file carries out is open until somebody says that it was done; a new request then is none too many.
    waits = OPEN if book.policy(proposal.kind).is_exported else {"pending"}
    for standing in map(book.standings.__getitem__, names):
        if standing.state in waits and standing.proposal.subject == proposal.subject and not standing.is_expired(now):
            raise refusal(
                f"{standing.proposer} has proposed it on {standing.proposal.as_of:%d %b}, and it is {standing.state}",
                "Open that proposal on the Decisions page, and change, decline or withdraw it there.",
            )


def not_underway(book: Book, proposal: Proposal) -> None:
    """No goods for the same shelf have been ordered or moved since the data end that this wish rests on and knows."""
    kinds = next((group for group in ONE_FOR_ALL if proposal.kind in group), ())
    where = _shelf(proposal)
    for standing in (book.standings[name] for kind in kinds for name in book.by_kind.get(kind, ())):
        has_left = standing.state in ("exported", "sent", "acknowledged")
        if has_left and standing.proposal.as_of >= proposal.as_of and _shelf(standing.proposal) == where:
            raise refusal(
                f"{standing.proposal.title or standing.proposal.kind} has left, and the data end on {proposal.as_of:%d %b}, before it",
                "Bring in newer data and refresh; the figures will know of it then.",
            )


def _shelf(proposal: Proposal) -> tuple[Any, ...]:
    """The SKU and the sites that goods come to and go from."""
    action = proposal.action
    return action.get("sku_id"), action.get("site_id") or action.get("to_site_id"), action.get("from_site_id")


def sound(proposal: Proposal) -> None:
    """A proposed policy is one, is of the kind that it says, and gives its own cases their verdicts."""
    made = policy_of(str(proposal.action.get("yaml") or ""))
    wrong = failing_cases(made)
    if made.kind != proposal.action.get("policy"):
        wrong.append(f"It is a policy for {made.kind}, not for {proposal.action.get('policy')}.")
    if wrong:
        raise refusal(
            f"the policy does not keep its own cases: {' '.join(wrong[:3])}", "Change its rules or its cases."
        )


def has_reason(reason: str) -> None:
    """Somebody has said why."""
    if not reason.strip():
        raise refusal("it needs a reason", "Say why, in a few words.")


def refusal(why: str, fix: str) -> Refusal:
    """The Refusal that says that nothing was recorded."""
    return Refusal("Nothing was recorded.", f"{why[:1].upper()}{why[1:]}.", fix)


def refused(because: str) -> Refusal:
    """The Refusal that says that a policy did not let a proposal through; that it was wanted is on record."""
    return Refusal("The proposal was refused.", because, "Change it so that the policy lets it through.")
