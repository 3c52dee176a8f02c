"""Outcomes of decisions on a few rows that can be worked out by hand, and what holds for any: nothing after the horizon is seen."""

import datetime as dt
import json

import polars as pl
import pytest

from models.decisions.fold import folded
from models.decisions.neighbours import guarded
from models.decisions.outcomes import MODEL, outcomes
from models.decisions.value import override_values, value
from tests.decision_rows import DAY, acts, build, wish

AS_OF = DAY + dt.timedelta(days=90)


def only(frame: pl.DataFrame) -> dict:
    (row,) = frame.iter_rows(named=True)
    return row


def test_a_purchase_earns_what_would_have_been_missed_less_what_it_cost_to_hold():
    """30 come on day 10; stock falls to 12 within the 28 days, so 18 were used: 18 × 8 × 0.5 = 72, holding and line off."""
    rows = outcomes(build(acts(wish(qty=30)), on_hand={10: 42, 20: 12, 30: 25}), AS_OF)
    row = only(rows)
    assert row["used_qty"] == 18
    days = 10 * 30 + 10 * 12 + 9 * 25
    assert row["benefit_amount"] == pytest.approx(18 * 8 * 0.5 - days * 20 * 0.22 / 365 - 3, abs=0.01)
    assert row["is_right"]
    assert "18 of them were used" in row["because_text"]


def test_what_nobody_needs_is_wrong():
    row = only(outcomes(build(acts(wish(qty=500)), on_hand={10: 900}), AS_OF))
    assert row["used_qty"] == 0
    assert row["benefit_amount"] < 0
    assert row["is_right"] is False
    assert row["error_cost_amount"] == pytest.approx(-row["benefit_amount"])


def test_nothing_that_happened_after_the_horizon_changes_an_outcome():
    frames = build(acts(wish(qty=30)), on_hand={10: 42, 20: 12, 30: 25})
    later = build(acts(wish(qty=30)), on_hand={10: 42, 20: 12, 30: 25, 43: 0, 50: 0})
    assert outcomes(frames, AS_OF).equals(outcomes(later, AS_OF))


def test_a_decision_is_judged_from_its_horizon_on_and_not_before():
    frames = build(acts(wish(qty=30)), on_hand={10: 42, 20: 12})
    early = only(outcomes(frames, DAY + dt.timedelta(days=41)))
    assert (early["is_matured"], early["benefit_amount"], early["is_right"]) == (False, None, None)
    assert only(outcomes(frames, DAY + dt.timedelta(days=42)))["is_matured"]


def test_the_value_of_an_override_is_the_benefit_less_that_of_the_suggestion():
    row = only(outcomes(build(acts(wish(qty=45, suggested=30)), on_hand={10: 57, 20: 27, 30: 40}), AS_OF))
    assert row["override_gain_amount"] == pytest.approx(
        row["benefit_amount"] - row["suggested_benefit_amount"], abs=0.001
    )
    assert row["override_gain_amount"] < 0  # stock never fell below the extra fifteen
    assert row["is_right"] is False


def test_a_declined_wish_earned_nothing_and_tells_what_it_would_have():
    row = only(outcomes(build(acts(wish(qty=30), answer="decline"), on_hand={0: 5, 14: 0}), AS_OF))
    assert row["benefit_amount"] == 0
    assert row["suggested_benefit_amount"] > 0
    assert row["is_right"] is False


def test_what_is_in_no_extract_is_said_to_be_unknown():
    row = only(outcomes(build(acts(wish(kind="customer_message", qty=None)), on_hand={0: 5}), AS_OF))
    assert (row["benefit_amount"], row["is_right"]) == (None, None)
    assert "not known" in row["because_text"]


def test_shuffled_rows_give_the_same_outcomes_and_no_acts_give_none():
    said = [one for number in range(5) for one in acts(wish(qty=20 + number, sku=f"A{number}"), first=number * 10)]
    frames = build(said, on_hand={10: 42, 20: 12})
    mixed = {name: frame.sample(fraction=1.0, shuffle=True, seed=3) for name, frame in frames.items()}
    assert outcomes(mixed, AS_OF).equals(outcomes(frames, AS_OF))
    assert outcomes(build([], on_hand={}), AS_OF).height == 0


def test_the_fold_tells_who_changed_what_and_how_long_people_waited():
    row = only(folded(pl.DataFrame(acts(wish(qty=45, suggested=30), changed_by="piet", minutes=4.0))))
    assert (row["proposer_name"], row["decider_name"], row["is_override"]) == ("paula", "piet", True)
    assert (row["suggested_qty"], row["decided_qty"]) == (30, 45)
    assert row["decision_state_code"] == "exported"
    assert row["approvers_text"] == "anna"
    assert row["approval_hours"] == pytest.approx(2.0)
    assert row["decision_minutes"] == pytest.approx(8.0)


def test_an_approval_under_a_policy_that_has_become_stricter_does_not_yet_decide():
    said = [one for one in acts(wish()) if one["kind_code"] in ("propose", "approve")]
    assert only(folded(pl.DataFrame(said)))["decision_state_code"] == "approved"
    stricter = [
        {**one, "payload_text": json.dumps({**json.loads(one["payload_text"]), "approvals": 2})}
        if one["kind_code"] == "approve"
        else one
        for one in said
    ]
    assert only(folded(pl.DataFrame(stricter)))["decision_state_code"] == "pending"


def test_a_gain_that_a_neighbour_paid_for_is_not_counted():
    """Forecast error down and expedites up; stock down and stockouts up."""
    assert guarded(1000.0, 100.0, 110.0)[0] == 1000.0
    counted, because = guarded(1000.0, 100.0, 800.0)
    assert counted == 0.0
    assert "not counted" in because
    assert guarded(-50.0, 0.0, 900.0)[0] == -50.0  # a loss is a loss


def test_the_parts_of_what_was_earned_add_up_to_the_whole():
    said = [one for number in range(6) for one in acts(wish(qty=20 + number, sku=f"A{number}"), first=number * 10)]
    frames = build(said, on_hand={10: 42, 20: 12})
    frames["scores.decision_outcomes"] = outcomes(frames, AS_OF)
    told, counting = value(frames, AS_OF)
    assert set(counting["counting_share"]) == {1.0}
    assert told["decision_count"].sum() == 6
    whole = frames["scores.decision_outcomes"]["benefit_amount"].sum()
    assert (told["counted_amount"] + told["not_counted_amount"]).sum() == pytest.approx(whole)


def test_somebody_who_always_orders_too_much_hurts_and_few_changes_say_nothing():
    def told(count: int) -> dict:
        said = [
            one
            for number in range(count)
            for one in acts(wish(qty=900 + number, suggested=600, sku=f"A{number}"), first=number * 10)
        ]
        frames = build(said, on_hand={10: 2000, 20: 1900})
        frames["scores.decision_outcomes"] = outcomes(frames, AS_OF)
        return only(override_values(frames, seed=1))

    assert told(30)["verdict_name"] == "hurts"
    assert told(5)["verdict_name"] == "too few"


def test_the_model_reads_what_it_says_it_reads():
    frames = build(acts(wish(qty=30)), on_hand={10: 42})
    assert {name: set(columns) <= set(frames[name].columns) for name, columns in MODEL.reads.items()} == dict.fromkeys(
        MODEL.reads, True
    )
