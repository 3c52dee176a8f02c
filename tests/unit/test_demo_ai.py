"""The demo company's work with AI: an onlooker of its world, whose work log holds what is true of it and nothing else."""

import numpy as np
import polars as pl
import pytest

from pipelines.demo import ai_bill, ai_cases, ai_truth, ai_usage, ai_work, life, parties
from pipelines.demo.ai_cases import ORDERS, SUMMARIES
from pipelines.demo.ai_extracts import AI
from pipelines.demo.clock import date_of
from pipelines.demo.columns import SO_BASE
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.scale import LARGE, SMALL
from pipelines.demo.tables import Step
from pipelines.demo.world import World
from tests.demo_ai_logs import lived, work_log
from tests.demo_worlds import MINI, SEED


@pytest.fixture(scope="module")
def log() -> pl.DataFrame:
    return work_log()


def _difference(log: pl.DataFrame, use_case: str, column: str = "cost") -> tuple[float, float]:
    """What help does to a number in cases that were given out at random, and how far off that may be (95 in 100)."""
    mine = log.filter(pl.col("use_case_name") == use_case, pl.col("assignment_code") == "random")
    helped, alone = (mine.filter(pl.col("arm_code") == arm)[column].to_numpy() for arm in ("assisted", "alone"))
    return float(helped.mean() - alone.mean()), 1.96 * float(
        np.sqrt(helped.var() / len(helped) + alone.var() / len(alone))
    )


def _yearly(kind: str) -> float:
    return next(row[6] for row in ai_truth.truths(lived()) if row[1] == kind)


# ── an onlooker ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_looking_on_changes_nothing(monkeypatch):
    """The same world without AI holds the same of everything else."""
    days = range(MINI.first_day, MINI.first_day + 130)
    worlds = []
    for looks_on in (True, False):
        if not looks_on:
            monkeypatch.setattr(ai_cases, "observe", lambda _: None)
        world = life.born(network("mini", SEED), planted("mini", SEED))
        for day in days:
            life.live(world, day)
        worlds.append(world)
    seen, unseen = worlds
    assert len(seen.log.table("ai_cases")["key"]) > 300
    assert set(seen.log.pieces) - set(unseen.log.pieces) == {"ai_cases"}
    for kind in unseen.log.pieces:
        mine, other = seen.log.table(kind), unseen.log.table(kind)
        assert all((mine[name] == other[name]).all() for name in other), kind
    for kind, rows in unseen.tables.items():
        assert all((rows[name] == seen.tables[kind][name]).all() for name in rows.types), kind
    assert unseen.money == seen.money


def test_a_fork_takes_no_notes():
    world = lived()
    fork = world.without(world.plants[0])
    ai_cases.observe(fork)
    assert fork.log is None
    assert fork.numbers == world.numbers


def test_every_file_is_the_same_again_and_a_day_later_adds_and_takes_nothing():
    """What is told of days up to one day does not hang on how far the world has lived since."""
    world, day = lived(), SMALL.default_last - 30
    before = World(**{**vars(world), "day": day, "log": type(world.log)(
        {kind: [{name: values[table["day"] <= day] for name, values in table.items()}]
         for kind in ("ai_cases", "decisions") for table in [world.log.table(kind)]})})  # fmt: skip
    for rows in (ai_work.work_log, ai_usage.spans, ai_usage.spend):
        assert pl.concat([rows(before, 0), rows(world, day)]).equals(rows(world, 0)), rows.__name__
    for month in ai_bill.bill(before, 0)["BillingPeriodStart"].unique():
        of_month = pl.col("BillingPeriodStart") == month
        assert ai_bill.bill(world, 0).filter(of_month).equals(ai_bill.bill(before, 0).filter(of_month))


# ── the work log ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_cases_are_of_a_believable_number(log):
    weeks = (SMALL.default_last - ai_cases.first_day(lived().net)) / 7
    counts = dict(log.filter(pl.col("opened_at").dt.date() >= date_of(ai_cases.first_day(lived().net)))
                  .group_by("use_case_name").agg(pl.len() / weeks).iter_rows())  # fmt: skip
    assert 35 < counts["UC3"] < 70  # two in five of a hundred orders a week
    assert 15 < counts["A5"] < 30
    assert 2 < counts["UC2"] < 4  # a dozen a month
    assert log["work_id"].is_unique().all()


def test_cases_are_orders_and_purchases_that_the_world_has(log):
    world = lived()
    orders = world.log.table("ai_cases")
    mine = orders["use"] == ORDERS
    assert set(np.unique(orders["channel"][mine])) == {parties.MAIL, parties.PHONE}
    last = world.numbers["order"]
    assert orders["order"][mine].max() <= last
    assert (orders["po"][orders["use"] == SUMMARIES] > 0).all()
    assert set(log["site_id"]) <= set(world.net.sites.code.tolist())


def test_a_baseline_was_timed_before_and_none_for_the_summaries(log):
    begun = date_of(ai_cases.first_day(lived().net))
    before = log.filter(pl.col("opened_at").dt.date() < begun)
    assert set(before["arm_code"]) == {"alone"}
    assert before["assignment_code"].null_count() == before.height
    weeks = before.filter(pl.col("use_case_name") == "UC3")["opened_at"].dt.truncate("1w").n_unique()
    assert weeks >= 12
    assert set(before["use_case_name"]) == {"UC3", "A5"}
    summaries = log.filter(pl.col("use_case_name") == "UC2")
    assert set(summaries["arm_code"]) == {"assisted"}
    assert summaries["is_error"].null_count() == summaries.height


def test_alone_takes_the_minutes_that_the_erp_logs(log):
    """What is typed in without help took as long as the workflow log says, to the tenth of a minute."""
    world = lived()
    events = world.log.table("events")
    typed = events["activity"] == Step.ENTERED
    orders = (f"SO{order + SO_BASE}" for order in events["order"][typed].tolist())
    entered = dict(zip(orders, events["minutes"][typed].tolist(), strict=True))
    alone = log.filter(pl.col("use_case_name") == "UC3", pl.col("arm_code") == "alone")
    pairs = [
        (minutes, entered[case])
        for case, minutes in alone.select("case_id", "hands_on_minutes").iter_rows()
        if case in entered
    ]
    assert len(pairs) > 1_000
    assert all(abs(mine - other) < 0.051 for mine, other in pairs)


def test_the_truth_stands_in_the_rows(log):
    """Assisted less alone, by simple arithmetic: what is true lies within what chance allows, and its sign is beyond doubt."""
    for use, kind, sign in (("UC3", ai_truth.FUND, -1), ("A5", ai_truth.STOP, 1)):
        shift, off = _difference(log, use)
        assert sign * shift > off, use
        rows = log.filter(pl.col("use_case_name") == use, pl.col("arm_code") == "assisted").height
        days = SMALL.default_last - ai_cases.first_day(lived().net) + 1
        said = -_yearly(kind) * days / 365 / rows
        assert abs(shift - said) < off + 0.10, (use, shift, said)  # tokens are some cents a case
    assert _yearly(ai_truth.FUND) > 3_000
    assert _yearly(ai_truth.STOP) < -3_000


def test_the_agent_that_must_stop_saves_minutes_all_the_same(log):
    """A lower handling time with a negative value: only the mishaps tell."""
    minutes, off = _difference(log, "A5", "hands_on_minutes")
    assert minutes < -off
    mine = log.filter(pl.col("use_case_name") == "A5", pl.col("arm_code") == "assisted")
    assert 0.48 < mine["is_contained"].mean() < 0.62
    assert (mine["is_contained"] != mine["is_escalated"]).all()
    assert mine.filter("is_contained")["hands_on_minutes"].sum() == 0


def test_errors_cost_only_where_they_happened(log):
    for flag, cost in (("is_error", "error_cost_amount"), ("is_wrong_commitment", "commitment_cost_amount")):
        known = log.filter(pl.col(flag).is_not_null())
        assert ((known[cost] > 0) == known[flag]).all()
    assert (
        log.filter(pl.col("arm_code") == "alone")["answer_code"].null_count()
        == log.filter(pl.col("arm_code") == "alone").height
    )
    assert (log["closed_at"] > log["opened_at"]).all()


def test_in_a_large_company_help_comes_site_by_site():
    net = network("large", 7)
    starts = ai_cases.site_starts(net)
    assert ai_cases.is_staggered(net)
    assert not ai_cases.is_staggered(lived().net)
    assert (starts > LARGE.default_last).sum() == ai_cases.NEVER_SITES
    assert len(np.unique(starts[starts <= LARGE.default_last])) == net.sites.count - ai_cases.NEVER_SITES
    count = 4_000
    found = {name: np.arange(count) for name in ("key", "number")} | {
        "use": np.zeros(count, dtype=int), "site": np.arange(count) % net.sites.count,
        "day": LARGE.first_day + np.arange(count) % (LARGE.default_last - LARGE.first_day),
    }  # fmt: skip
    arm, assignment = ai_work.arms(net, found)
    assert (arm == (found["day"] >= starts[found["site"]])).all()
    assert (assignment == ai_work.STAGGERED).all()


def test_the_truth_names_one_of_each_and_nothing_before_it_began():
    told = {row[1]: row[3] for row in ai_truth.truths(lived())}
    assert told == {"ai_use_case_fund": "UC3", "ai_use_case_stop": "A5", "ai_use_case_unclear": "UC2"}
    young = life.born(network("mini", SEED), planted("mini", SEED))
    assert ai_truth.truths(young) == []
    assert all(extract.rows(young, 0).is_empty() for extract in AI)
