"""Draws of what is assumed follow their law, and what goes together is drawn together."""

import numpy as np
import pytest

from models.ai_economics.draws import Spread, drawn, mean, quantiles

LAWS = [
    Spread(2, 5, 20),
    Spread(0, 0.3, 1, "beta"),
    Spread(1, 4, 4, "triangular"),
    Spread(10, 60, 300, "lognormal"),
    Spread(-1, 2, 5, "normal"),
]


@pytest.mark.parametrize("spread", LAWS)
def test_draws_follow_their_law(spread):
    from scipy import stats

    low, value, high = spread.low, spread.value, spread.high
    wide = high - low
    laws = {
        "pert": lambda: stats.beta(1 + 4 * (value - low) / wide, 1 + 4 * (high - value) / wide, low, wide),
        "triangular": lambda: stats.triang((value - low) / wide, low, wide),
        "lognormal": lambda: stats.lognorm(np.log(high / low) / (2 * stats.norm.ppf(0.95)), scale=value),
        "normal": lambda: stats.norm(value, wide / (2 * stats.norm.ppf(0.975))),
    }
    law = laws["pert" if spread.law == "beta" else spread.law]()
    levels = np.array([0.01, 0.1, 0.5, 0.9, 0.99])
    assert quantiles(spread, levels) == pytest.approx(law.ppf(levels), rel=2e-4, abs=2e-4)
    assert mean(spread) == pytest.approx(law.mean(), rel=1e-9)
    assert drawn({"a": spread}, count=4000, seed=1)["a"].mean() == pytest.approx(law.mean(), rel=0.01)


def test_what_goes_together_is_drawn_together_and_keeps_its_own_law():
    ranges = {"a": Spread(0, 1, 2), "b": Spread(0, 3, 9)}
    alone, both = (
        drawn(ranges, count=5000, seed=4, together=()),
        drawn(ranges, count=5000, seed=4, together=(("a", "b", 0.6),)),
    )
    assert abs(np.corrcoef(alone["a"][:, 0], alone["b"][:, 0])[0, 1]) < 0.05
    assert np.corrcoef(both["a"][:, 0], both["b"][:, 0])[0, 1] == pytest.approx(0.58, abs=0.05)
    assert np.sort(both["b"][:, 0]) == pytest.approx(np.sort(alone["b"][:, 0]), abs=0.05)
