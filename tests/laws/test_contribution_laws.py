"""What moved a ratio adds up to its change, for any parts and any sums."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.contribution import contributions

parts = st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(0, 100), st.integers(1, 100)), min_size=1)


def frame(sums):
    """The parts as a frame of sums."""
    rows = [{"part": name, "numerator": n, "denominator": d} for name, (n, d) in sums.items()]
    return pl.DataFrame(rows, schema={"part": pl.String, "numerator": pl.Int64, "denominator": pl.Int64})


def ratio(sums):
    """The ratio of the whole."""
    return sum(n for n, _ in sums.values()) / sum(d for _, d in sums.values())


@given(before=parts, now=parts)
def test_contributions_add_up_and_turn_with_time(before, now):
    """They sum to the change exactly, and exchanging the two ends turns every sign."""
    there = contributions(frame(before), frame(now), by="part")
    back = dict(contributions(frame(now), frame(before), by="part").select("part", "contribution_share").iter_rows())
    assert there["contribution_share"].sum() == pytest.approx(ratio(now) - ratio(before), abs=1e-12)
    for part, share in there.select("part", "contribution_share").iter_rows():
        assert share == pytest.approx(-back[part], abs=1e-12)


def test_nothing_to_divide_by_gives_no_contribution():
    """Without a denominator on one side there is no change to explain."""
    nothing = frame({"a": (0, 0)})
    assert contributions(nothing, frame({"a": (1, 2)}), by="part").is_empty()
