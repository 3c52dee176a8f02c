"""Whether an agent's wish is one of the actions that the build offers for its case: agents choose, they make nothing up."""

from typing import Any

from decisions.proposal import Proposal
from decisions.proposers.agent import MESSAGES
from decisions.wish import action_of
from store.warehouse import Build

TABLES = ("marts.case_options", "scores.case_options")


def why_not_offered(proposal: Proposal, build: Build) -> str:
    """Why a wish is none that an agent may have chosen on this build; empty where it is one.

    Its figures decide under which limits it falls, so they are held to the build's and not to what the agent says of them. The
    words of a letter are its own; a person reads them.
    """
    if proposal.build_id != build.build_id:
        return f"It was made on the build {proposal.build_id}, and {build.build_id} is the one in use."
    offered = _options(proposal, build)
    if not offered:
        return "Its case offers no such action."
    if proposal.kind in MESSAGES or any(_is_same(proposal, option) for option in offered):
        return ""
    return "Its action or figures are not those that its case offers."


def _options(proposal: Proposal, build: Build) -> list[dict[str, Any]]:
    table = next((table for table in TABLES if build.has(table)), None)
    if table is None:
        return []
    rows = build.query(
        f"select action_text, moved_amount, confidence_share, data_grade_code from {table} "  # noqa: S608  a fixed name
        "where case_id = ? and action_kind_code = ? and not is_do_nothing",
        [proposal.case_id, proposal.kind],
    )
    return list(rows.iter_rows(named=True))


def _is_same(proposal: Proposal, option: dict[str, Any]) -> bool:
    return (
        dict(proposal.action) == action_of(option)
        and proposal.moved_amount == (option["moved_amount"] or 0)
        and proposal.confidence_share == option["confidence_share"]
        and proposal.data_grade == (option["data_grade_code"] or "")
    )
