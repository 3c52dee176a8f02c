"""The way back of each kind of action: what was gone for one kind shows nothing of the next, and it counts for half a year."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decisions.policy_text import FAIR, packaged, policy_of
from decisions.rollback import WAYS
from decisions.thresholds import asked_above, guardrails, way_back
from tests.ai_builds import built, held
from tests.unit.test_registers import AS_OF, again, row_of
from tests.worlds import World, put, world

MART = "marts.ways_back"
RECENT, OLD = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC), dt.datetime(2026, 5, 13, 12, tzinfo=dt.UTC)


def act(number: int, kind: str, subject: str, at: dt.datetime = RECENT, **more: Any) -> dict[str, Any]:
    return {
        "act_id": f"a{number}",
        "act_no": number,
        "kind_code": kind,
        "subject_name": subject,
        "acted_at": at,
        **more,
    }


def decision(name: str, kind: str, **more: Any) -> dict[str, Any]:
    usual = {"exported_at": OLD, "proposed_at": OLD, "decided_at": OLD, "decision_state_code": "exported"}
    return {"proposal_id": name, "action_kind_code": kind, **usual, **more}


@pytest.fixture
def made() -> World:
    """Purchases withdrawn lately, transfers long ago, expedited lines never, a batch of messages called back."""
    found = world(MART, as_of=AS_OF)
    for number, (name, kind) in enumerate(
        (("p1", "purchase"), ("p2", "transfer"), ("p3", "expedite"), ("p4", "release_order"))
    ):
        put(found, "core.acts", act(number, "propose", name, OLD, action_kind_code=kind, verdict_code="needs_approval"))
        put(found, "scores.decisions", decision(name, kind))
        put(found, "core.acts", act(4 + number, "approve", name, OLD))
    put(found, "core.acts", act(8, "propose", "p8", OLD, action_kind_code="allocate", verdict_code="needs_approval"))
    put(found, "core.acts", act(9, "withdraw", "p8", RECENT))  # a wish that nobody ever let through
    put(found, "scores.decisions", decision("p5", "policy_change", exported_at=None, decision_state_code="approved"))
    put(found, "scores.decisions", decision("p6", "credit_review", exported_at=None, decision_state_code="declined"))
    put(found, "scores.decisions", decision("p7", "substitute", exported_at=None, decision_state_code="approved"))
    put(found, "core.acts", act(10, "withdraw", "p1", OLD))
    put(found, "core.acts", act(11, "compensate", "p1", RECENT))
    put(found, "core.acts", act(12, "withdraw", "p2", OLD))
    put(found, "core.acts", act(13, "decline", "p3", RECENT))
    put(found, "core.acts", act(14, "withdraw", "nobody proposed it", RECENT))
    put(found, "core.acts", act(15, "take_back", "p4", RECENT))
    put(found, "core.acts", act(16, "export", "b1", OLD, action_kind_code="supplier_message"))
    put(found, "core.acts", act(17, "export_cancelled", "b1", RECENT))
    again(found, MART)
    return found


def row(of: World, kind: str) -> dict[str, Any]:
    return of.query(f"select * from {MART} where action_kind_code = ?", [kind]).row(0, named=True)


def test_there_is_one_row_for_every_kind_that_has_a_policy(made: World):
    kinds = made.query(f"select action_kind_code from {MART}")["action_kind_code"].to_list()
    assert sorted(kinds) == sorted(packaged()) == sorted(WAYS)
    assert len(kinds) == 17


def test_each_kind_stands_by_its_own_acts_alone(made: World):
    verdicts = {kind: row(made, kind)["back_verdict_code"] for kind in packaged()}
    assert verdicts["purchase"] == verdicts["release_order"] == verdicts["supplier_message"] == "tested"
    assert (verdicts["transfer"], verdicts["expedite"], verdicts["policy_change"]) == (
        "overdue",
        "never tested",
        "never tested",
    )
    assert {verdicts[kind] for kind in ("credit_review", "substitute", "allocate")} == {"never used"}


def test_the_last_act_is_told_and_what_was_gone_after_leaving_counts_apart(made: World):
    bought, moved, told = row(made, "purchase"), row(made, "transfer"), row(made, "supplier_message")
    assert (bought["way_back_code"], bought["last_act_id"], bought["last_way_back_date"]) == (
        "compensate",
        "a11",
        RECENT.date(),
    )
    assert (bought["way_back_count"], bought["after_leaving_count"]) == (2, 1)
    assert (moved["way_back_count"], moved["after_leaving_count"], moved["carried_out_count"]) == (1, 0, 1)
    assert "nobody has tried" in moved["because_text"]
    assert (told["way_back_code"], told["after_leaving_count"]) == ("export_cancelled", 1)
    assert row(made, "allocate")["last_way_back_date"] is None


def test_kinds_that_no_file_carries_are_those_of_the_policies(made: World):
    """The mart names them; the policies say which they are."""
    text = (Path(__file__).resolve().parents[2] / "pipelines/sql/marts/ways_back.sql").read_text("utf-8")
    named = {kind for kind, policy in packaged().items() if not policy.is_exported}
    assert "in ('policy_change', 'credit_review', 'fix_data')" in text
    assert named == {"policy_change", "credit_review", "fix_data"}


@pytest.mark.parametrize("kind", ["withdraw", "take_back", "compensate"])
def test_a_way_back_counts_for_half_a_year_for_its_own_kind_and_for_what_was_carried_out(kind: str):
    """Two kinds were carried out lately and one long ago; only purchases were ever taken back."""
    made = world("marts.register_checks", as_of=AS_OF)
    lately, before = "2026-05-14 12:00:00+00", "2026-05-13 12:00:00+00"
    for name, action, at in (("p1", "purchase", lately), ("p2", "transfer", lately), ("p3", "expedite", before)):
        made.execute(
            f"insert into core.acts by name select '{name}' as act_id, 1 as act_no, '{name}' as subject_name, 'propose' as kind_code, "
            f"'{action}' as action_kind_code, 'allowed' as verdict_code"
        )
        made.execute(
            f"insert into scores.decisions by name select '{name}' as proposal_id, '{action}' as action_kind_code, "
            f"timestamptz '{at}' as exported_at"
        )
    gone = (
        "insert into core.acts by name select '{}' as act_id, 9 as act_no, '{}' as subject_name, '{}' as kind_code, "
        "timestamptz '{}' as acted_at"
    )
    for day, name, counted in ((before, "p1", (2, 0)), (lately, "p1", (2, 1)), (lately, "p3", (2, 0))):
        made.execute("delete from core.acts where act_no = 9")
        made.execute(gone.format("a9", name, kind, day))
        for mart in ("marts.ways_back", "marts.register_facts", "marts.register_checks", "marts.registers"):
            again(made, mart)
        row = row_of(made, "risks/no_way_back")
        assert (row["checked_count"], row["kept_count"], row["found_code"]) == (*counted, "contradicted")
    made.execute("delete from scores.decisions where proposal_id in ('p1', 'p2')")
    for mart in ("marts.ways_back", "marts.register_facts", "marts.register_checks", "marts.registers"):
        again(made, mart)
    assert row_of(made, "risks/no_way_back")["found_code"] == "no data"


# ── what the policy in force asks ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", sorted(packaged()))
def test_just_above_the_amount_so_many_are_asked_and_at_it_fewer(kind: str):
    from decisions.policy import NeedsApproval, judge

    policy = packaged()[kind]
    for count in (1, 2):
        limit = asked_above(policy, count)
        tried = [Decimal(1), Decimal(10**7)] if limit is None else [limit + 1]
        for amount in tried:
            found = judge({**FAIR, "moved_amount": amount, "moved_today_amount": amount}, policy)
            asked = found.approvals if isinstance(found, NeedsApproval) else 0
            assert (asked >= count) is (limit is not None)
        if limit:
            found = judge({**FAIR, "moved_amount": limit, "moved_today_amount": limit}, policy)
            assert (found.approvals if isinstance(found, NeedsApproval) else 0) < count


def test_a_changed_policy_has_other_amounts():
    text = packaged()["purchase"].text
    milder = policy_of(text.replace("above: 750}", "above: 900}").replace("at_most: 750}", "at_most: 900}"), version=2)
    assert asked_above(milder) == 900
    assert asked_above(milder, 3) is None
    assert len(guardrails(milder)) == len(guardrails(packaged()["purchase"])) == 10
    assert "called back" not in way_back(packaged()["fix_data"])


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def board() -> None:
    from pages.parts import at_desk, register_ways_back
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="risks")
    register_ways_back.board(visit, at_desk.desk(visit))


def test_the_page_shows_the_red_kinds_first_with_what_their_policy_asks(made: World):
    from decisions.desk import Desk
    from pages.parts import register_ways_back
    from pages.parts.ask import mart
    from pipelines.flow import ledger_of
    from tests.desks import EXECUTIVE

    visit = built(held(made, MART))
    page = AppTest.from_function(board, default_timeout=60).run()
    assert not page.exception, page.exception
    assert "2 never tested, 1 overdue, 3 tested, 11 never used" in "\n".join(one.proto.body for one in page.get("html"))
    frame = register_ways_back.told(
        visit, Desk(ledger_of(visit.company), EXECUTIVE), mart(visit, MART, order_by=("action_kind_code",))
    )
    assert frame["action_kind_code"].to_list()[:3] == ["expedite", "policy_change", "transfer"]
    by = {one["action_kind_code"]: one for one in frame.iter_rows(named=True)}
    assert ("750" in by["purchase"]["one_text"], "15" in by["purchase"]["two_text"]) == (True, True)
    assert (by["expedite"]["one_text"], by["hold_order"]["one_text"], by["purchase"]["way_back_name"]) == (
        "always", "never", "undone by another",
    )  # fmt: skip
