"""For any values that are assumed from a month on, whatever happened before it is worth what it was."""

import datetime as dt
from functools import cache
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ai_economics import effects
from models.ai_economics.case_rows import ASSUMED
from models.ai_economics.inputs import registry
from models.ai_economics.plan import past_orders, worlds_then
from models.ai_economics.plan_tables import accruals
from models.decisions import outcomes
from models.decisions.neighbours import counting_shares
from models.in_force import HISTORY
from models.model import Asked, Frames
from pipelines.assumptions import DAWN, DUSK, assumptions, history
from tests import ai_case_frames, ai_programmes, decision_rows
from tests.assumed import always, since
from tests.unit.test_assumed_then import assume

NOVEMBER = dt.date(2026, 11, 1)
NAMES = sorted({one.name for one in assumptions()})
days = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 3, 1))  # noqa: DTZ001  in UTC, as acts are
said = st.lists(
    st.tuples(days, st.sampled_from(NAMES[:6]), st.none() | st.floats(0, 9)).map(
        lambda one: assume(one[0].isoformat(), one[2], one[1])
    ),
    max_size=12,
)


def held(acts: list[dict], as_of: dt.date = ai_programmes.AS_OF) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {name: [] for name in NAMES}
    for one in history(as_of, acts):
        found[one.entry.name].append((one.since, one.until, one.entry.value, one.entry.low, one.entry.high, one.who))
    return found


@given(said, days, st.sampled_from(NAMES[:6]), st.none() | st.floats(0, 9))
def test_one_more_act_moves_no_month_that_is_over(acts, day, name, number):
    """Every month has one value of each name, and an act changes none of those before the month of its day."""
    before, after = held(acts), held([*acts, assume(day.isoformat(), number, name)])
    month = min(day.date(), ai_programmes.AS_OF).replace(day=1)
    for one in NAMES:
        spans = after[one]
        assert (spans[0][0], spans[-1][1]) == (DAWN, DUSK)
        assert all(this[1] == following[0] > this[0] for this, following in pairwise(spans))

        def then(rows: list[tuple]) -> list[tuple]:
            return [(start, min(end, month), *more) for start, end, *more in rows if start < month]

        assert [row[2:] for row in then(after[one])] == [row[2:] for row in then(before[one])]


CASES = ai_case_frames.cases([9, 9, 12, None], weeks=30, a_week=4)


@cache
def worth_of_cases() -> pl.DataFrame:
    return effects.effects(ai_case_frames.frames(CASES, assumed=ASSUMED), Asked(ai_case_frames.AS_OF, 1))[2]


shares = st.floats(0, 1)


@settings(max_examples=6)
@given(st.fixed_dictionaries({
    "labour_cost_per_hour": st.floats(0, 500), "ai_error_cost": st.floats(0, 5000), "ai_commitment_cost": st.floats(0, 5000),
    "ai_realisation_share": shares, "ai_growth_absorbed_share": shares,
}))  # fmt: skip
def test_measured_benefits_of_months_that_are_over_keep_their_worth(moved):
    month = dt.date(2026, 7, 1)
    frames = ai_case_frames.frames(CASES, assumed=ASSUMED)
    frames[HISTORY] = since(frames[HISTORY], month, moved)
    now = effects.effects(frames, Asked(ai_case_frames.AS_OF, 1))[2]
    is_over = pl.col("month_date") < month
    before = worth_of_cases().filter(is_over)
    assert before.height
    assert before["bankable_amount"].sum() != 0
    assert now.filter(is_over).sort(pl.all()).equals(before.sort(pl.all()))
    alike = {name: number for name, number in moved.items() if number != ASSUMED[name]}
    assert not alike or not now.equals(worth_of_cases())


def accrued(frames: Frames) -> pl.DataFrame:
    asked = Asked(ai_programmes.AS_OF, 1)
    taken = [case for case in registry(frames) if case.stage != "candidate"]
    return accruals(worlds_then(frames, asked, taken), asked.as_of, past_orders(frames))


@settings(max_examples=8)
@given(st.sampled_from(["low", "high"]), st.integers(5, 12))
def test_accruals_of_months_that_are_over_keep_what_was_planned_then(side, at):
    """Every assumption moved to an end of its range: months before it accrue what they did, and those after it something else."""
    frames = ai_programmes.frames(ai_programmes.taken_up("UC3", "A5"))
    month = dt.date(2026, at, 1)
    moved = {one.name: float(getattr(one, side)) for one in assumptions()}
    later = {**frames, HISTORY: since(frames[HISTORY], month, moved)}
    before, now = accrued(frames), accrued(later)
    is_over = pl.col("month_date") < month
    assert now.filter(is_over).equals(before.filter(is_over))
    assert before.height
    if month <= NOVEMBER:
        assert now.filter(~is_over)["accrued_amount"].sum() != before.filter(~is_over)["accrued_amount"].sum()


@settings(max_examples=10)
@given(st.fixed_dictionaries({name: st.floats(0, 1) for name in outcomes.ASSUMED if name.endswith("_share")}))
def test_a_decision_is_worth_what_was_assumed_at_the_end_of_the_month_in_which_it_matured(moved):
    wishes = decision_rows.acts(decision_rows.wish(qty=30))
    frames = decision_rows.build(wishes, on_hand={10: 42, 20: 12, 30: 25})
    as_of = decision_rows.DAY + dt.timedelta(days=90)
    frames[HISTORY] = always(outcomes.ASSUMED)
    before = outcomes.outcomes(frames, as_of)
    month = before["horizon_date"][0].replace(day=1)
    after = (month + dt.timedelta(days=32)).replace(day=1)
    later = {**frames, HISTORY: since(frames[HISTORY], after, moved)}
    assert outcomes.outcomes(later, as_of).equals(before)
    same = {**frames, HISTORY: since(frames[HISTORY], month, {"lost_sale_share": 0.75})}
    assert not outcomes.outcomes(same, as_of).equals(before)


MARCH = dt.date(2026, 3, 1)
gains = st.lists(st.tuples(st.dates(dt.date(2026, 3, 1), dt.date(2026, 9, 30)), st.floats(-900, 900)), max_size=12)


@given(gains, gains, st.floats(0, 900), st.floats(0, 900))
def test_what_a_neighbour_paid_for_is_told_by_what_had_matured_by_then(early, late, before, after):
    def told(rows: list[tuple], cost: float | None = after) -> dict[dt.date, float]:
        schema = {"horizon_date": pl.Date, "benefit_amount": pl.Float64}
        return dict(counting_shares(pl.DataFrame(rows, schema=schema, orient="row"), MARCH, before, cost))

    last = max((day for day, _ in early), default=dt.date(2026, 3, 1)).replace(day=28)
    more = [(day.replace(year=2027), gain) for day, gain in late]
    found = told([*early, *more])
    assert {month: share for month, share in found.items() if month <= last} == told(early)
    assert set(found.values()) <= {0.0, 1.0}
    # What neighbours cost in April is not known when March ends.
    assert told(early).get(MARCH) == told(early, None).get(MARCH)
