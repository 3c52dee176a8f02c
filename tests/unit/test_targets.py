"""Targets: who may set one, what one may be, where it stands, and from which customers came back."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from decisions.targets import BEHIND, MISSED, NO_DATA, ON_THE_WAY, REACHED, standing
from errors import Refusal
from pages.parts.outcome_targets import YEAR, lately
from tests.desks import EXECUTIVE, MORNING, PLANNER, Office
from tests.worlds import line, world

WHY = "Agreed with the board."
BY = dt.date(2027, 12, 31)


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def test_an_executive_sets_a_target_and_takes_it_back(office: Office):
    desk = office.desk(EXECUTIVE)
    act = desk.set_target("on_time_in_full", Decimal("0.950"), BY, WHY, baseline=0.81)
    assert act is not None
    assert act.payload == {"number": "0.95", "by": "2027-12-31", "baseline": 0.81, "reason": WHY}
    assert desk.set_target("on_time_in_full", Decimal("0.95"), BY, "Again.", baseline=0.5) is None, "it stands so"
    assert office.desk(PLANNER).book.targets["on_time_in_full"].who == EXECUTIVE.who
    assert desk.set_target("on_time_in_full", None, None, "It was too much.") is not None
    assert not desk.book.targets
    assert desk.book.ever_targeted == {"on_time_in_full"}
    assert desk.set_target("on_time_in_full", None, None, "Again.") is None


@pytest.mark.parametrize(
    ("name", "number", "by", "why", "said"),
    [
        ("no_such_number", "0.9", BY, WHY, "no number 'no_such_number'"),
        ("orders_count", "9", BY, WHY, "no number 'orders_count' with a better side"),
        ("on_time_in_full", "95", BY, WHY, "a target of 95 cannot be"),
        ("inventory_turns", "-1", BY, WHY, "a target of -1 cannot be"),
        ("inventory_turns", "NaN", BY, WHY, "a target of NaN cannot be"),
        ("inventory_turns", "1e13", BY, WHY, "cannot be"),
        ("inventory_turns", "eight", BY, WHY, "is no number"),
        ("inventory_turns", "8", None, WHY, "a target has a day to come"),
        ("inventory_turns", "8", MORNING.date(), WHY, "a target has a day to come"),
        ("inventory_turns", "8", dt.date(2099, 1, 1), WHY, "a target has a day to come"),
        ("inventory_turns", "8", BY, "  ", "reason"),
    ],
)
def test_a_target_that_cannot_be_is_refused_and_nothing_is_recorded(office: Office, name, number, by, why, said):
    with pytest.raises(Refusal, match=f"(?i){said}"):
        office.desk(EXECUTIVE).set_target(name, number, by, why)
    assert not office.ledger.acts()


def test_money_may_be_wanted_at_a_loss_that_is_no_larger(office: Office):
    act = office.desk(EXECUTIVE).set_target("bankable_value", Decimal(-2500), BY, WHY, baseline=-13_400.0)
    assert act is not None
    assert Decimal(act.payload["number"]) == -2500


def test_a_year_before_is_four_blocks_of_a_quarter_before():
    now = lately(dt.date(2026, 11, 14))
    assert now.since is not None
    ends = [dt.date(2026, 11, 14) - dt.timedelta(days=91 * back) for back in range(9)]
    year = (now.since - dt.timedelta(days=YEAR), dt.date(2026, 11, 14) - dt.timedelta(days=YEAR))
    assert [end for end in ends if now.since <= end <= ends[0]] == ends[:1]
    assert [end for end in ends if year[0] <= end <= year[1]] == ends[4:5]
    assert now.before is not None
    assert now.before[1] == ends[1]


def test_nobody_sets_a_target_without_the_right(office: Office):
    with pytest.raises(Refusal, match="no right to set target"):
        office.desk(PLANNER).set_target("inventory_turns", Decimal(8), BY, WHY)


@pytest.mark.parametrize(
    ("baseline", "now", "goal", "days", "stands"),
    [
        (0.80, 0.90, "0.90", 10, REACHED),
        (0.80, 0.851, "0.90", 50, ON_THE_WAY),
        (0.80, 0.849, "0.90", 50, BEHIND),
        (0.80, 0.80, "0.90", 0, ON_THE_WAY),
        (0.80, 0.899, "0.90", 101, MISSED),
        (None, 0.89, "0.90", 50, BEHIND),
        (0.80, None, "0.90", 50, NO_DATA),
    ],
)
def test_where_a_target_stands_on_an_even_way(baseline, now, goal, days, stands):
    set_at = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
    by = (set_at.date() + dt.timedelta(days=100)).isoformat()
    today = set_at.date() + dt.timedelta(days=days)
    act = SimpleNamespace(at=set_at, payload={"number": goal, "by": by, "baseline": baseline})
    assert standing(act, now, is_higher_better=True, today=today) == stands
    # The same seen from below: a number of which lower is better.
    mirrored = {"number": str(-Decimal(goal)), "by": by, "baseline": baseline and -baseline}
    down = SimpleNamespace(at=set_at, payload=mirrored)
    assert standing(down, now and -now, is_higher_better=False, today=today) == stands


def test_a_customer_is_back_where_it_ordered_in_the_block_that_followed():
    as_of = dt.date(2026, 11, 13)
    days = {"K1": (0, 91, 182), "K2": (90, 273), "K3": (181,), "K4": (1,)}
    told = [
        (customer, f"{customer}-{ago}", as_of - dt.timedelta(days=ago))
        for customer, agos in days.items()
        for ago in agos
    ]
    made = world(
        "marts.customer_periods", as_of=as_of,
        order_lines=[line(order, customer_id=customer, ordered_at=f"{day}T10:00:00Z") for customer, order, day in told],
    )  # fmt: skip
    found = made.query(
        "select customer_id, period_end_date, is_back from marts.customer_periods order by 1, 2 desc"
    ).rows()
    block = dt.timedelta(days=91)
    assert found == [
        ("K1", as_of, True),
        ("K1", as_of - block, True),
        ("K2", as_of - 2 * block, False),
        ("K3", as_of, False),
    ]
