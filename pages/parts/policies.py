"""Policies as people read them: rules in words, cases with their verdicts, and a change that is replayed before it is proposed."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.policy import Policy, Rule, judge
from decisions.policy_text import FAIR, failing_cases, packaged, policy_of
from decisions.proposal import Proposal
from decisions.replay import Past, replayed
from errors import Refusal
from pages.parts import acting, address, look, notice, tables
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.past import wishes

REPLAY_DAYS = 90
NAMES = {
    "moved_amount": "the money it moves",
    "moved_today_amount": "the money that its proposer moves so within a day",
    "wishes_today": "such wishes of its proposer within a day",
    "gain_amount": "the expected gain",
    "confidence_share": "the confidence",
    "data_grade": "the grade of the data",
    "tier_code": "the customer's tier",
    "changed_share": "the change by a person",
    "proposer_kind": "the proposer",
    "autonomy_level": "the agent's level",
    "is_frozen": "the calendar is frozen",
    "is_reversible": "it can be undone",
}
TESTS = {"at_most": "at most", "below": "below", "at_least": "at least", "above": "above", "not_in": "none of"}
VERDICTS = {"allowed": "allowed", "needs_approval": "needs approval", "refused": "refused"}
MODES = {"agent": "agent: it may propose by itself", "copilot": "copilot: it drafts, people propose"}
DOES = {"permit": "let it through", "require": "ask", "forbid": "refuse it"}


def pick(desk: Desk) -> str:
    """The kind of action whose policy is looked at; it lives in the address."""
    kinds = {kind: desk.book.policy(kind).title for kind in packaged()}
    kind = address.value("policy", kinds, "purchase")
    st.session_state["policy_kind"] = kind
    st.selectbox(
        "Kind of action",
        list(kinds),
        format_func=kinds.__getitem__,
        key="policy_kind",
        on_change=lambda: address.write("policy", [st.session_state["policy_kind"]]),
    )
    return kind


def told(visit: Visit, desk: Desk, kind: str) -> None:
    """Draws the policy in force: what a good decision is, its rules in sentences, and its cases with the verdicts they get."""
    policy = desk.book.policy(kind)
    with st.container(key="panel_policy"):
        look.title(policy.title, f"version {policy.version}")
        good = policy.good_decision
        look.pairs(
            {
                "A good decision": good.objective,
                "Within": good.limits,
                "Measured by": good.measured_by,
                "Can be undone": f"{policy.reversibility.replace('_', ' ')}. {policy.rollback}",
                "Proposed by": ", ".join(policy.proposers),
                "Waits at most": visit.words.hours(policy.expiry_hours),
                "Outcome after": visit.words.days(policy.horizon_days),
                "Works as": MODES.get(policy.mode, policy.mode),
                "Agents may": f"make {policy.agents.per_day} a day, move {visit.words.money(policy.agents.moved_amount_per_day)} a day, "
                f"stop below {policy.agents.stop_below_confidence:.0%} sure, reach level {policy.autonomy.ceiling}",
            }
        )
        for rule in policy.rules:
            st.markdown(f"- **{plain(rule.name)}**: {plain(sentence(rule, visit))}")
        look.note(
            "What several rules ask for adds up; a rule that refuses beats all others, and what no rule lets through is refused."
        )
    cases = [
        (said(example.given), VERDICTS[example.verdict], _in_words(judge({**FAIR, **example.given}, policy).because))
        for example in policy.cases
    ]
    frame = pl.DataFrame(cases, schema={"Given": pl.String, "Verdict": pl.String, "Because": pl.String}, orient="row")
    with st.container(key="panel_policy_cases"):
        tables.small(visit, frame, title="Cases that this policy must keep; each was just judged")


def change(visit: Visit, desk: Desk, kind: str) -> None:
    """Draws the policy as text to be changed: its cases are run and the last 90 days replayed, then it can be proposed."""
    policy = desk.book.policy(kind)
    past = wishes(visit, desk.book, kind, days=REPLAY_DAYS)
    with st.container(key="panel_policy_change"):
        look.title("Change it", "a new version needs somebody else's yes")
        text = st.text_area("The policy", policy.text, height=420, key=f"policy_text_{kind}_{policy.version}")
        if text == policy.text:
            look.note("Change a limit to see what it would have done in the last 90 days.")
            _compared(visit, policy, policy, past)
            return
        with notice.guarded(visit, "the changed policy"):
            other = policy_of(text, version=policy.version + 1)
            _compared(visit, policy, other, past)
            if wrong := failing_cases(other):
                raise Refusal(
                    "It cannot be proposed yet.",
                    " ".join(wrong[:3]),
                    "Change the rules, or the cases if they no longer hold.",
                )
            _propose(visit, desk, kind, text)


def sentence(rule: Rule, visit: Visit) -> str:
    """A rule in words.

    Example: «If the money it moves is above 750, ask one person (approver).»
    """
    who = " or ".join(rule.of)
    asks = (
        f"ask {'one person' if rule.approvals == 1 else f'{rule.approvals} people'} ({who})"
        if rule.effect == "require"
        else DOES[rule.effect]
    )
    if not rule.when:
        return f"Always {asks}."
    return f"If {' and '.join(_condition(name, test, visit) for name, test in rule.when.items())}, {asks}."


def said(given: Mapping[str, Any]) -> str:
    """What a case says, where it says more than a small and sure wish of a person does."""
    return "; ".join(f"{NAMES[name]}: {_given(value)}" for name, value in given.items()) or "a small, sure wish"


def _given(value: Any) -> str:
    """A fact as a person says it: yes and no, and in words where it is not known or no number."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "no number" if value != value else str(value)  # noqa: PLR0124  NaN differs from itself


def _in_words(because: str) -> str:
    """A verdict's reason with the facts called by their names for people."""
    for name, words in NAMES.items():
        because = because.replace(f"{name} is", f"{words} is")
    return because.replace(" is nan, which is no number", " is no number")


def _condition(name: str, test: Any, visit: Visit) -> str:
    if isinstance(test, Mapping):
        return f"{NAMES[name]} is " + " and ".join(
            f"{TESTS.get(word, word)} {_value(name, limit, visit)}" for word, limit in test.items()
        )
    if isinstance(test, bool):
        return NAMES[name] if test else f"not {NAMES[name]}"
    return f"{NAMES[name]} is {_value(name, test, visit)}"


def _value(name: str, value: Any, visit: Visit) -> str:
    if isinstance(value, list | tuple):
        return " or ".join(str(one) for one in value)
    if name.endswith("_amount"):
        return visit.words.money_exact(value, places=0)
    return f"{value:.0%}" if name.endswith("_share") else str(value)


def _compared(visit: Visit, now: Policy, other: Policy, past: list[Past]) -> None:
    """What both policies would have done with the same wishes, side by side."""
    before, after = (replayed(policy, past, days=REPLAY_DAYS) for policy in (now, other))
    words = visit.words
    lines = [
        ("Wishes of the last 90 days", words.count(before.wishes), words.count(after.wishes)),
        ("Approvals asked for, a day", words.number(before.approvals_per_day), words.number(after.approvals_per_day)),
        ("Let through without anybody", words.count(before.released), words.count(after.released)),
        ("Money let through without anybody", words.money(before.released_amount), words.money(after.released_amount)),
        ("Refused", words.count(before.refused), words.count(after.refused)),
        ("Errors that nobody would have seen", words.count(before.escaped), words.count(after.escaped)),
        ("What those cost", words.money(before.escaped_amount), words.money(after.escaped_amount)),
        (
            "Gain of what would have been refused",
            words.money(before.stopped_good_amount),
            words.money(after.stopped_good_amount),
        ),
        ("Outcome not known yet", words.count(before.unknown), words.count(after.unknown)),
    ]
    frame = pl.DataFrame(
        lines, schema={"On the last 90 days": pl.String, "In force": pl.String, "Changed": pl.String}, orient="row"
    )
    tables.small(visit, frame if other is not now else frame.drop("Changed"))


def _propose(visit: Visit, desk: Desk, kind: str, text: str) -> None:
    wish = Proposal(
        kind="policy_change",
        subject={"policy": kind},
        action={"policy": kind, "yaml": text},
        as_of=visit.as_of or dt.date.min,
        build_id=visit.build.build_id if visit.build else "",
        title=f"Change the policy «{desk.book.policy(kind).title}»",
        moved_amount=Decimal(0),
        confidence_share=1.0,
        data_grade="A",
        horizon_days=REPLAY_DAYS,
    )
    st.button("Propose this version", key="policy_propose", type="primary", on_click=acting.act,
              args=("Proposed; somebody else decides on it on the Decisions page.", "", desk.propose, wish))  # fmt: skip
