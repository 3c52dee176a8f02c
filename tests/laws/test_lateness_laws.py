"""What must hold of any judgement of lateness: it knows nothing of what had not come yet, and a probability is one."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from models import calibration
from models.lateness_arrival import LEVELS, delays, quantiles
from models.lateness_features import dated, settled, track_record

BEGIN, AS_OF = date(2025, 1, 1), date(2025, 4, 1)
THINGS = st.lists(
    st.tuples(
        st.integers(0, 60),  # known on that day
        st.integers(0, 20),  # due so much later
        st.one_of(st.none(), st.integers(0, 40)),  # done so much after it was known
        st.sampled_from(["a", "b", None]),
    ),
    min_size=1,
    max_size=30,
)


def frame(things):
    known = [BEGIN + timedelta(days=thing[0]) for thing in things]
    return pl.DataFrame(
        {
            "known_at": known,
            "due_at": [day + timedelta(days=thing[1]) for day, thing in zip(known, things, strict=True)],
            "done_at": [
                None if thing[2] is None else day + timedelta(days=thing[2])
                for day, thing in zip(known, things, strict=True)
            ],
            "kind": [thing[3] for thing in things],
        },
        schema={"known_at": pl.Date, "due_at": pl.Date, "done_at": pl.Date, "kind": pl.String},
    )


def record(rows):
    return track_record(dated(rows, AS_OF), rows.select("kind"))


def sure(row):
    """The day on which it is over whether a row is late: its arrival, or its due day where it has not come by then."""
    return min(row["done_at"] or row["due_at"], row["due_at"])


@given(things=THINGS, moment=st.integers(0, 60), poison=st.one_of(st.none(), st.integers(0, 500)))
def test_what_had_not_come_yet_cannot_change_what_was_known(things, moment, poison):
    """Every outcome on a day or after it is spoilt; the rows that were known by that day must not notice."""
    day, rows = BEGIN + timedelta(days=moment), frame(things)
    other = None if poison is None else day + timedelta(days=poison)
    came_later = pl.col("done_at").is_null() | (pl.col("done_at") >= day)
    spoilt = rows.with_columns(done_at=pl.when(came_later).then(pl.lit(other, dtype=pl.Date)).otherwise("done_at"))
    known = (rows["known_at"] <= day).to_numpy().nonzero()[0]
    assert record(rows)[known].equals(record(spoilt)[known])


@given(things=THINGS, seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing(things, seed):
    rows = frame(things)
    order = np.random.default_rng(seed).permutation(rows.height)
    np.testing.assert_allclose(record(rows[order]).to_numpy(), record(rows)[order].to_numpy(), atol=1e-12)


@given(things=THINGS)
def test_a_share_is_a_share_and_a_count_a_count(things):
    made, rows = record(frame(things)), frame(things)
    for name in made.columns:
        if name.endswith("share"):
            assert made[name].is_between(0, 1).all()
    by_hand = [
        sum(1 for other in rows.rows(named=True) if sure(other) < row["known_at"] and other["kind"] == row["kind"])
        for row in rows.rows(named=True)
    ]
    assert made["kind: known count"].to_list() == by_hand


@given(things=THINGS, earlier=st.integers(0, 90))
def test_lateness_is_only_ever_learned_and_never_unlearned(things, earlier):
    """What is known to be late or in time on a day is so on every later day; nothing is settled before its due day has passed."""
    rows, day = frame(things), BEGIN + timedelta(days=earlier)
    before, after = dated(rows, day), dated(rows, AS_OF + timedelta(days=60))
    known = before["is_late"].is_not_null()
    assert before["is_late"].filter(known).equals(after["is_late"].filter(known))
    ready = settled(before, day)
    assert (before["due_at"].filter(ready) < day).all()
    assert before["is_late"].filter(ready).is_not_null().all()


@given(things=THINGS, moment=st.integers(0, 90), later=st.one_of(st.none(), st.integers(0, 500)))
def test_what_is_done_on_the_day_of_judgement_or_after_it_is_still_open(things, moment, later):
    rows, as_of = frame(things), BEGIN + timedelta(days=moment)
    other = None if later is None else as_of + timedelta(days=later)
    open_then = pl.col("done_at").is_null() | (pl.col("done_at") >= as_of)
    spoilt = rows.with_columns(done_at=pl.when(open_then).then(pl.lit(other, dtype=pl.Date)).otherwise("done_at"))
    assert dated(spoilt, as_of).drop("done_at").equals(dated(rows, as_of).drop("done_at"))


PROBABILITIES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60)


@given(pairs=PROBABILITIES)
def test_a_correction_gives_probabilities_and_keeps_the_order(pairs):
    said, came = np.array([pair[0] for pair in pairs]), np.array([float(pair[1]) for pair in pairs])
    for correction in (calibration.isotonic, calibration.beta):
        corrected = correction(said, came)(np.sort(said))
        assert ((corrected > 0) & (corrected < 1)).all()
        assert (np.diff(corrected) >= -1e-12).all()


@given(pairs=PROBABILITIES, bins=st.integers(1, 12))
def test_the_table_loses_nobody_and_the_error_is_a_share(pairs, bins):
    said, came = np.array([pair[0] for pair in pairs]), np.array([float(pair[1]) for pair in pairs])
    table = calibration.reliability(said, came, bins=bins)
    assert table["row_count"].sum() == said.size
    assert table.height <= bins
    assert 0 <= calibration.expected_calibration_error(said, came, bins=bins) <= 1


@settings(max_examples=50)
@given(
    came=st.lists(st.integers(-30, 30), min_size=1, max_size=40),
    odds=st.lists(st.floats(0, 1), min_size=1, max_size=10),
    waited=st.integers(-40, 40),
)
def test_an_arrival_never_lies_in_the_past_and_its_levels_rise(came, odds, waited):
    rows = len(odds)
    made = delays(np.array(came, dtype=float), np.full(len(came), "a"))
    said = quantiles(made, np.array(LEVELS), np.array(odds), np.full(rows, "b"), np.full(rows, float(waited)))
    assert (said > waited).all()
    assert (np.diff(said, axis=1) >= 0).all()
