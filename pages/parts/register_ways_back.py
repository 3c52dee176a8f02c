"""The way back, kind by kind: what each kind of action asks for, what guards it, how it is undone, and when that was gone last."""

import polars as pl

from decisions.desk import Desk
from decisions.policy import Policy
from decisions.thresholds import asked_above, guardrails, way_back
from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "marts.ways_back"
ORDER = ("never tested", "overdue", "tested", "never used")
ACTS = {
    "withdraw": "withdrawn",
    "take_back": "act taken back",
    "export_cancelled": "called back from the outbox",
    "compensate": "undone by another",
}
COLUMNS = {
    "back_verdict_code": 115, "title_name": 200, "one_text": 105, "two_text": 85, "guardrail_count": 85, "carried_out_count": 90,
    "last_way_back_date": 105, "way_back_name": 165, "way_back_count": 60, "after_leaving_count": 90, "because_text": 380,
    "way_back_text": 480, "guardrail_text": 480, "last_act_id": 260,
}  # fmt: skip
LABELS = {
    "back_verdict_code": "Stands",
    "title_name": "Kind of action",
    "one_text": "One yes above",
    "two_text": "Two above",
    "carried_out_count": "Carried out",
    "last_way_back_date": "Gone last",
    "way_back_name": "How",
    "way_back_count": "Times",
    "after_leaving_count": "After it left",
    "because_text": "What was gone",
    "way_back_text": "Way back it has",
    "guardrail_count": "Guardrails",
    "guardrail_text": "Which",
    "last_act_id": "Act",
    "action_kind_code": "Kind",
}
MEANT = (
    "Tested: somebody withdrew, took back, called back or undid a decision of that very kind within half a year. Overdue: longer ago. "
    "Never used: nothing of it was ever carried out. A withdrawal shows nothing of what undoes it once it has left: After it left counts "
    "those. Amounts and guardrails are those of the policy in force (Rules), for a sure wish of "
    "a person on good data; amounts are counted over a day and a proposer where the policy says so. Take one of each kind back on "
    "purpose twice a year, on the page Decisions."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the kinds, those whose way back nobody has tested first; nothing before a build."""
    if visit.build is None or not has_rows(visit, SOURCE):
        return
    found = mart(visit, SOURCE, order_by=("action_kind_code",))
    frame = told(visit, desk, found)
    tables.show(
        visit, frame, name="ways_back", title=f"Way back, kind by kind: {said(frame)}", columns=COLUMNS, labels=LABELS,
        units={"back_verdict_code": "verdict"}, source=SOURCE, note=MEANT,
    )  # fmt: skip


def told(visit: Visit, desk: Desk, found: pl.DataFrame) -> pl.DataFrame:
    """The rows of the build with what the policy in force asks and allows, the red ones first."""
    policies = {kind: desk.book.policy(kind) for kind in found["action_kind_code"].to_list()}
    of_policy = [_of_policy(visit, policy) for policy in policies.values()]
    how = pl.col("way_back_code").replace(ACTS).alias("way_back_name")
    joined = found.with_columns(how).join(pl.DataFrame(of_policy), on="action_kind_code", how="left")
    return joined.sort(tables.in_order("back_verdict_code", ORDER), maintain_order=True)


def said(frame: pl.DataFrame) -> str:
    """How many kinds stand how, the worst first; verdicts that no kind has are left out."""
    counts = {code: frame.filter(pl.col("back_verdict_code") == code).height for code in ORDER}
    return ", ".join(f"{count} {code}" for code, count in counts.items() if count)


def _of_policy(visit: Visit, policy: Policy) -> dict[str, str | int]:
    guards = guardrails(policy)
    return {
        "action_kind_code": policy.kind,
        "title_name": policy.title,
        **{f"{word}_text": _amount(visit, policy, count) for word, count in (("one", 1), ("two", 2))},
        "way_back_text": way_back(policy),
        "guardrail_count": len(guards),
        "guardrail_text": "; ".join(guards),
    }


def _amount(visit: Visit, policy: Policy, approvals: int) -> str:
    """From which amount so many people are asked, in words."""
    amount = asked_above(policy, approvals)
    if amount is None:
        return "never"
    return visit.words.money(amount) if amount else "always"
