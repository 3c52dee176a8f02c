"""The rows of value: whatever a mechanism is called, what was realised is what counts, and no loss counts twice."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from models.ai_economics.effects import BENEFITS
from models.decisions.value import COUNTING
from pipelines.scoring import types
from pipelines.table import tables
from tests.ai_value_rows import built
from tests.ai_value_rows import decision as row_of

MONTH = dt.date(2026, 9, 1)
DECIDED = {
    "proposal_id": "varchar", "horizon_date": "date", "proposed_date": "date", "site_id": "varchar", "sku_id": "varchar",
    "decider_name": "varchar", "proposer_name": "varchar", "action_kind_code": "varchar",
    "policy_version_no": "bigint", "is_matured": "boolean",
    "benefit_amount": "decimal(18,4)", "error_cost_amount": "decimal(18,4)", "handling_amount": "decimal(18,4)", "case_id": "varchar",
    "order_id": "varchar", "po_id": "varchar",
}  # fmt: skip
BEGUN = {"use_case_id": "varchar", "started_date": "date"}
WORKED = {"case_id": "varchar", "arm_code": "varchar", "review_minutes": "double", "rework_minutes": "double"}


def decision(benefit: float, regret: float = 0.0, **more: Any) -> dict[str, Any]:
    return {
        "proposal_id": "P1", "horizon_date": dt.date(2026, 9, 20), "proposed_date": dt.date(2026, 8, 10), "site_id": "LEJ", "sku_id": "A1",
        "decider_name": "K", "proposer_name": "K", "action_kind_code": "purchase", "policy_version_no": 1, "is_matured": True,
        "benefit_amount": benefit, "error_cost_amount": regret, "handling_amount": 3, **more,
    }  # fmt: skip


def benefit(mechanism: str, realised: float, **more: Any) -> dict[str, Any]:
    return {
        "use_case_id": "UC3", "use_case_name": "UC3", "month_date": MONTH, "mechanism_name": mechanism, "benefit_class_code": "cash",
        "evidence_grade": "A", "realised_amount": realised, "low_amount": realised, "high_amount": realised, "is_claimed": True,
        "bankable_amount": 0, **more,
    }  # fmt: skip


def made(
    decisions: Sequence[dict[str, Any]] = (),
    groups: Sequence[dict[str, Any]] = (),
    benefits: Sequence[dict[str, Any]] = (),
    worked: Sequence[dict[str, Any]] = (),
    begun: dict[str, dt.date | None] | None = None,
) -> list[dict[str, Any]]:
    into = duckdb.connect()
    for schema in ("marts", "scores", "core", "raw"):
        into.execute(f"create schema {schema}")
    for name, columns, rows in (
        ("marts.decisions", DECIDED, decisions),
        ("scores.decision_counting", types(COUNTING), groups),
        ("scores.ai_benefits", types(BENEFITS), benefits),
        ("core.ai_cases", WORKED, worked),
        ("raw.use_cases", BEGUN, [{"use_case_id": name, "started_date": day} for name, day in (begun or {}).items()]),
    ):
        into.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
        for row in rows:
            into.execute(
                f"insert into {name} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values())
            )
    into.execute(f"create table core.agent_use_cases as {tables()['core.agent_use_cases'].sql}")
    found = into.execute(tables()["marts.value_rows"].sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def worth(row: dict[str, Any]) -> Decimal:
    return row["benefit_amount"] - row["error_cost_amount"] - row["rework_amount"] - row["review_amount"]


MECHANISMS = (
    "labour minutes saved",
    "labour minutes added",
    "errors avoided",
    "errors caused",
    "wrong commitments",
    "rework",
    "review",
    "something new",
)


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("realised", [-41.5, 12.25])
def test_what_was_realised_counts_whatever_it_is_called(mechanism, realised):
    (row,) = made(benefits=[benefit(mechanism, realised)])
    assert worth(row) == Decimal(str(realised))


def test_what_is_not_claimed_does_not_count():
    assert made(benefits=[benefit("labour minutes saved", 50, is_claimed=False)]) == []


def test_what_is_only_assumed_stands_in_no_row_so_it_reaches_no_headline():
    assert made(benefits=[benefit("labour minutes saved", 50, evidence_grade="D", bankable_amount=50)]) == []


def test_a_loss_counts_once_and_what_might_have_been_not_at_all():
    (lost,) = made([decision(-269.77, regret=269.77)])
    assert (lost["benefit_amount"], lost["error_cost_amount"], worth(lost)) == (
        0,
        Decimal("269.77"),
        Decimal("-272.77"),
    )
    (won,) = made([decision(40, regret=25)])
    assert worth(won) == 37  # its minutes cost 3


def test_what_a_neighbour_paid_for_is_not_counted():
    group = {
        "action_kind_code": "purchase",
        "decider_name": "K",
        "policy_version_no": 1,
        "month_date": dt.date(2026, 8, 1),
        "matured_month_date": MONTH,
        "counting_share": 0.25,
    }
    (row,) = made([decision(40)], [group, {**group, "matured_month_date": dt.date(2026, 10, 1), "counting_share": 1}])
    assert row["benefit_amount"] == 10


def test_what_has_not_matured_does_not_count_and_matured_counts_in_its_month():
    assert made([decision(40, is_matured=False)]) == []
    (row,) = made([decision(40)])
    assert (row["month_date"], row["evidence_grade"], row["bankable_amount"]) == (MONTH, "C", 0)


def test_review_that_the_work_log_tells_is_not_deducted_twice():
    logged = {"case_id": "SO1", "arm_code": "assisted", "review_minutes": 2.0, "rework_minutes": 0.0}
    (once,) = made([decision(40, order_id="SO1")], worked=[logged, logged])
    (elsewhere,) = made([decision(40, order_id="SO2")], worked=[logged])
    assert (once["review_amount"], elsewhere["review_amount"]) == (0, 3)


def test_what_an_agent_brings_is_credited_to_its_use_case_only_from_the_day_on_which_somebody_took_it_up():
    by_agent = decision(40, proposer_name="inventory-agent")  # proposed on 10 August
    for begun, credited, is_taken_up in (
        ({"A3": None}, None, False),
        ({}, None, False),
        ({"A3": dt.date(2026, 8, 11)}, None, False),
        ({"A3": dt.date(2026, 8, 10)}, "A3", True),
    ):
        (row,) = made([by_agent], begun=begun)
        assert (row["use_case_id"], row["is_taken_up"], row["benefit_amount"]) == (credited, is_taken_up, 40)
    (alone,) = made([decision(40)], begun={"A3": dt.date(2026, 1, 1)})
    assert (alone["use_case_id"], alone["is_taken_up"]) == (None, None)


def test_the_ledger_tells_agents_that_nobody_took_up_from_people_alone():
    told = built([{**row_of("P1", MONTH, "40"), "is_taken_up": False}, row_of("P2", MONTH, "9")], []).build
    found = told.query(
        "select proposal_id, use_case_name, is_with_ai, benefit_amount from marts.value_ledger order by 1"
    )
    assert found.rows() == [("P1", "agents not taken up", True, 40), ("P2", "people alone", False, 9)]
