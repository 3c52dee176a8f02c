"""A bounded agent chooses only among a case's options, stops when it should, and leaves a trace that says why."""

import importlib
import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.policy import Allowed, NeedsApproval, Refused
from decisions.policy_text import packaged
from decisions.proposers.agent import DECIDED_BY, MESSAGES
from decisions.proposers.queues import AGENTS, takes
from decisions.proposers.run import run
from decisions.proposers.situation import ESCALATED, NOTHING, PROPOSED, STAGES, Run, Situation
from decisions.proposers.toolbox import Tool, Toolbox
from errors import Refusal
from store.ledger_seal import payload_text

ORDER, INVENTORY, PROCUREMENT, FOLLOW_UP = AGENTS
TODAY = date(2026, 11, 14)
CASE = {
    "case_id": "stocked_out · A1 · LEJ", "case_kind_code": "stocked_out", "case_title_text": "A1 is gone at LEJ", "cause_text": "demand",
    "sku_id": "A1", "site_id": "LEJ", "at_risk_amount": Decimal(900), "expected_loss_amount": Decimal(400), "as_of_date": TODAY,
    "data_grade_code": "B", "owner_role_name": "planner", "our_name": "Acme GmbH", "is_shown": True,
}  # fmt: skip
FRAMES = {
    "marts.stock_now": pl.DataFrame({
        "sku_id": ["A1"], "site_id": ["LEJ"], "on_hand_qty": [0.0], "on_order_qty": [0.0], "allocated_qty": [4.0],
        "unit_cost": [2.5], "cover_days": [0.0], "excess_qty": [0.0],
    }),
}  # fmt: skip
MODELS = dict.fromkeys(("demand", "stockout", "transfers", "replenishment", "inbound", "suppliers"), "in use")


def option(
    number: int, kind: str, gain: Any, *, sure: float | None = 0.9, grade: str | None = "B", **action: Any
) -> dict:
    said = {"sku_id": "A1", "from_site_id": "MUC", "to_site_id": "LEJ", "qty": "20"} | action
    return {
        "case_id": CASE["case_id"], "option_no": number, "action_kind_code": kind, "option_text": f"{kind} {number}",
        "action_text": json.dumps(said), "is_do_nothing": False, "is_suggested": number == 1, "gain_amount": gain,
        "moved_amount": Decimal(50), "confidence_share": sure, "data_grade_code": grade, "because_text": "it pays",
    }  # fmt: skip


NO_ACTION = option(9, "", Decimal(0)) | {"is_do_nothing": True, "option_text": "Do nothing", "action_text": "{}"}
MOVE = option(1, "transfer", Decimal(80))


def situation(
    options=(MOVE, NO_ACTION), *, agent=INVENTORY, case=CASE, frames=FRAMES, models=MODELS, **changed
) -> Situation:
    made = Situation(
        case=case, options=options, tools=Toolbox(agent.tools, frames), models=models, build_id="b1", as_of=TODAY, today=TODAY,
        judged=lambda _: NeedsApproval("One approver.", 1, ("approver",)),
    )  # fmt: skip
    return replace(made, **changed)


def ended(made: Run) -> tuple[str, str]:
    return made.outcome, made.because


def test_it_proposes_the_option_as_it_stands_and_tells_how_it_came_to_it():
    made = run(INVENTORY, situation())
    assert (made.outcome, made.decided_by, made.verdict_code) == (PROPOSED, "optimisation", "needs_approval")
    assert made.proposal is not None
    assert made.proposal.action["qty"] == Decimal(20)
    assert (made.proposal.kind, made.proposal.case_id) == ("transfer", CASE["case_id"])
    order = [STAGES.index(step.stage) for step in made.trace]
    assert order == sorted(order)
    assert {step.stage for step in made.trace} == set(STAGES) - {"words"}
    payload_text(made.said())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"options": (MOVE, option(2, "purchase", Decimal(72)))}, "tie"),
        ({"options": (MOVE, option(2, "transfer", Decimal("72.01")))}, "tie"),
        ({"options": (option(1, "transfer", Decimal(10)), option(2, "transfer", Decimal(80)))}, "disagree"),
        ({"options": (option(1, "purchase", Decimal(80)),)}, "may not propose"),
        ({"options": (option(1, "launch_rocket", Decimal(80)),)}, "may not propose"),
        ({"options": (MOVE, option(2, "transfer", None))}, "Nobody knows what it is worth"),
        ({"options": (option(1, "transfer", float("nan")),)}, "Nobody knows what it is worth"),
        ({"options": (option(1, "transfer", Decimal(80), sure=0.59),)}, "stops below"),
        ({"options": (option(1, "transfer", Decimal(80), sure=float("nan")),)}, "stops below"),
        ({"options": (option(1, "transfer", Decimal(80), sure=None),)}, "how sure"),
        ({"options": (option(1, "transfer", Decimal(80), grade="D"),)}, "grade D"),
        ({"options": (option(1, "transfer", Decimal(80), grade=None),), "case": CASE | {"data_grade_code": None}}, "grade unknown"),
        ({"options": (option(1, "transfer", Decimal(80), from_site_id=""),)}, "does not say from_site_id"),
        ({"case": CASE | {"case_kind_code": "martians"}}, "none of those"),
        ({"case": CASE | {"case_kind_code": None}}, "none of those"),
        ({"frames": {}}, "missing"),
        ({"frames": {"marts.stock_now": FRAMES["marts.stock_now"].clear()}}, "missing"),
        ({"frames": {"marts.stock_now": FRAMES["marts.stock_now"].drop("cover_days")}}, "missing"),
        ({"models": MODELS | {"stockout": "off"}}, "'stockout' is off"),
        ({"models": MODELS | {"demand": "failed"}}, "'demand' is failed"),
        ({"models": MODELS | {"demand": "blocked"}}, "'demand' is blocked"),
        ({"models": {}}, "not in this build"),
        ({"is_current_build": False}, "stale"),
        ({"today": TODAY + timedelta(days=4)}, "stale"),
        ({"declined": lambda _: 2}, "turned this down 2 times"),
        ({"waiting_since": TODAY}, "nobody has answered"),
        ({"judged": lambda _: Refused("It is forbidden: grade D.")}, "policy refuses"),
    ],
)  # fmt: skip
def test_it_hands_over_and_says_why(changed: dict, says: str):
    made = run(INVENTORY, situation(**changed))
    assert made.outcome == ESCALATED, made.because
    assert says in made.because
    assert made.proposal is None
    assert (made.to_role, made.trace[-1].mark) == ("planner", "stopped")
    assert any(step.mark == "stopped" and says in step.text for step in made.trace[:-1])


@pytest.mark.parametrize(
    "options", [(), (NO_ACTION,), (NO_ACTION, option(1, "transfer", Decimal(0))), (option(1, "transfer", Decimal(-5)),)]
)
def test_it_leaves_alone_what_is_best_left_alone(options: tuple):
    assert run(INVENTORY, situation(options)).outcome == NOTHING


def test_a_copilot_never_asks_for_what_would_then_be_done_without_anybody():
    copilot = replace(INVENTORY, mode="copilot")
    free = situation(judged=lambda _: Allowed("Small."))
    assert run(INVENTORY, free).outcome == PROPOSED
    assert "only prepares" in run(copilot, free).because


def test_a_tool_that_was_not_given_is_refused():
    box = Toolbox(INVENTORY.tools, FRAMES | {"core.prices": pl.DataFrame({"sku_id": ["A1"]})})
    for name in ("prices", "core.prices", "line", ""):
        with pytest.raises(Refusal, match="no tool"):
            box.ask(name, CASE)
    with pytest.raises(Refusal, match="no tool"):
        run(
            replace(INVENTORY, tools=(*INVENTORY.tools, Tool("extra", "core.prices", {}, ("sku_id",), "?"))),
            situation(),
        )


def test_a_tool_gives_no_more_than_its_columns_and_a_few_rows():
    many = pl.DataFrame({"sku_id": ["A1"] * 9, "secret_name": ["x"] * 9, "on_hand_qty": range(9)})
    found = Toolbox((Tool("t", "marts.many", {"sku_id": "sku_id"}, ("on_hand_qty",), "?"),), {"marts.many": many}).ask(
        "t", CASE
    )
    assert (len(found.rows), found.row_count, set(found.first)) == (5, 9, {"sku_id", "on_hand_qty"})


@given(
    gains=st.lists(st.none() | st.decimals(-50, 200, places=2) | st.floats(), max_size=5),
    kinds=st.lists(
        st.sampled_from(["transfer", "purchase", "expedite", "supplier_message", "nonsense"]), min_size=5, max_size=5
    ),
    sure=st.none() | st.floats(),
    status=st.sampled_from(["in use", "fallback", "off", "failed", "blocked", ""]),
)
def test_whatever_the_options_it_proposes_only_one_of_them_that_it_may_and_the_trace_can_be_kept(
    gains, kinds, sure, status
):
    options = [
        option(number, kind, gain, sure=sure) for number, (gain, kind) in enumerate(zip(gains, kinds, strict=False), 1)
    ]
    said = situation(options, models=MODELS | {"stockout": status})
    made = run(INVENTORY, said)
    assert made == run(INVENTORY, said)
    payload_text(made.said())
    if made.proposal is None:
        assert made.outcome in (ESCALATED, NOTHING)
        return
    assert status in ("in use", "fallback")
    assert made.proposal.kind in INVENTORY.permitted
    best = max(Decimal(str(one["gain_amount"])) for one in options if one["action_kind_code"] not in MESSAGES)
    assert made.proposal.gain_amount == best > 0


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent.code)
def test_what_an_agent_declares_agrees_with_the_policies(agent):
    for kind in agent.permitted:
        policy = packaged()[kind]
        assert "agent" in policy.proposers
        assert policy.agents.per_day > 0
        assert kind in DECIDED_BY
        assert kind in agent.needs
    assert agent.is_alongside == (set(agent.permitted) <= MESSAGES)
    assert agent.escalation
    assert agent.good_decision.measured_by
    assert len({tool.name for tool in agent.tools}) == len(agent.tools)


def test_one_agent_decides_on_a_case_and_the_letters_go_beside_it():
    letter = option(3, "supplier_message", None)
    assert [one.code for one in takes(CASE, [option(1, "purchase", 5), MOVE, letter])] == ["inventory", "follow_up"]
    assert [one.code for one in takes(CASE, [option(1, "purchase", 500), MOVE])] == ["procurement"]
    assert [one.code for one in takes(CASE, [option(1, "allocate", 500)])] == ["inventory"]
    assert [one.code for one in takes(CASE, [NO_ACTION, letter])] == ["follow_up"]
    assert takes(CASE, [NO_ACTION]) == []
    assert takes(CASE | {"case_kind_code": "unheard of"}, [MOVE]) == []


@pytest.mark.parametrize(
    "module",
    [
        "run",
        "agent",
        "toolbox",
        "choice",
        "words",
        "wording",
        "queues",
        "inventory",
        "procurement",
        "follow_up",
        "order_exceptions",
    ],
)
def test_no_module_of_an_agent_holds_anything_that_records(module: str):
    """What import-linter keeps in the text, told once more of the modules as they are when they are loaded."""
    held = vars(importlib.import_module(f"decisions.proposers.{module}"))
    assert {"Desk", "Ledger", "Book", "desk", "ledger", "ruling", "store"} & set(held) == set()
    homes = {getattr(value, "__module__", "") or "" for value in held.values()}
    assert [
        home for home in homes if home.startswith(("store", "decisions.desk", "decisions.ruling", "decisions.book"))
    ] == []
