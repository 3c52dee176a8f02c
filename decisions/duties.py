"""Which acts of a person on what a proposal rests on forbid them to approve it: wishes, policies, agents, models, data, roles."""

from decisions.book import Book
from decisions.roles import INCOMPATIBLE
from decisions.standing import Standing


def hands_in(book: Book, standing: Standing, who: str) -> dict[str, str]:
    """What somebody has done with a proposal and what it rests on: the act's name in `decisions.roles.ACTS` → what it was, in words.

    The data that a proposal rests on are all files in force: which rows of which file moved which forecast cannot be told
    apart, and a stock list that is false makes a false order likely.
    """
    kind = standing.proposal.kind
    found: dict[str, str] = {}
    if who in standing.authors:
        found["author_policy" if kind == "policy_change" else "propose"] = f"it was proposed or changed by {who}"
    if standing.started_by == who:
        found["run_agents"] = f"the agent that proposed it was started by {who}"
    if (model := standing.proposal.model_code) and book.pins.get(model) == who:
        found["pin_model"] = f"the model {model}, which it rests on, was pinned by {who}"
    if kind != "policy_change" and (files := [name for name, by in book.files.values() if by == who]):
        found["upload"] = (
            f"the file {files[-1]}{f' and {len(files) - 1} more' if files[1:] else ''} that it rests on came from {who}"
        )
    return found


def why_not_approve(book: Book, standing: Standing, who: str) -> str:
    """What forbids somebody to approve a proposal, in words; empty where nothing does."""
    act = "approve_policy" if standing.proposal.kind == "policy_change" else "approve"
    done = hands_in(book, standing, who)
    return next((said for other, said in done.items() if frozenset({act, other}) in INCOMPATIBLE), "")
