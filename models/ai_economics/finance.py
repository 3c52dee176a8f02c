"""Money over time: present value, internal rate, payback and return, as the method fixes them (section 4.5).

Flows lie on the last axis, the first of them at once (t = 0, not discounted); any axis before is paths. Rates are by period.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import Number, need, plain, ratio

MONTHS = 12
RATE_TOLERANCE = 1e-14


def monthly_rate(yearly_rate: Number) -> Number:
    """The rate by month that compounds to a rate by year: i = (1 + r)^(1/12) − 1.

    >>> round(monthly_rate(0.10), 8)
    0.00797414
    """
    need(np.asarray(yearly_rate) > -1, "a rate is above -1")
    return plain(np.expm1(np.log1p(np.asarray(yearly_rate, dtype=float)) / MONTHS))


def yearly_rate(monthly: Number) -> Number:
    """The rate by year that a rate by month compounds to: r = (1 + i)^12 − 1.

    >>> round(yearly_rate(monthly_rate(0.10)), 12)
    0.1
    """
    need(np.asarray(monthly) > -1, "a rate is above -1")
    return plain(np.expm1(np.log1p(np.asarray(monthly, dtype=float)) * MONTHS))


def discounted(rate: Number, flows: np.ndarray) -> np.ndarray:
    """Each flow as worth at t = 0: f_t·(1 + i)^−t.

    Args:
        rate: by period; one, or one a path.
        flows: period on the last axis.

    >>> discounted(0.1, [-100.0, 110.0]).round(9).tolist()
    [-100.0, 100.0]
    """
    need(np.asarray(rate) > -1, "a rate is above -1")
    flows = np.asarray(flows, dtype=float)
    return flows * np.exp(-np.log1p(np.asarray(rate, dtype=float))[..., None] * np.arange(flows.shape[-1]))


def npv(rate: Number, flows: np.ndarray) -> Number:
    """Net present value, the first flow at once: NPV = Σ f_t·(1 + i)^−t. Excel's NPV is another thing, see `excel_npv`.

    Args:
        rate: by period; one, or one a path.
        flows: period on the last axis.

    Source: numpy-financial, npv.

    >>> round(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000]), 5)
    3065.22267
    """
    return plain(discounted(rate, flows).sum(axis=-1))


def excel_npv(rate: Number, flows: np.ndarray) -> Number:
    """Net present value as Excel's NPV counts it, the first flow after one period; for exports that a sheet must agree with.

    Source: Microsoft, help on NPV.

    >>> round(excel_npv(0.10, [-10_000, 3_000, 4_200, 6_800]), 2)
    1188.44
    """
    return plain(np.asarray(npv(rate, flows)) / (1 + np.asarray(rate, dtype=float)))


def pv(rate: Number, amount: Number, periods: Number) -> Number:
    """What an amount after so many periods is worth today: amount·(1 + i)^−n.

    >>> round(pv(0.10, 121.0, 2), 9)
    100.0
    """
    return plain(np.asarray(amount) * np.exp(-np.log1p(np.asarray(rate, dtype=float)) * np.asarray(periods)))


def crf(rate: Number, periods: Number) -> Number:
    """The level payment by period that pays back 1 with interest: r(1 + r)^n / ((1 + r)^n − 1); 1/n without interest.

    Args:
        rate: by period, above −1.
        periods: more than 0.

    Source: capital recovery factor of engineering economics; tables give 0.31547 at 10 % and 4 years.

    >>> round(crf(0.10, 4), 5), crf(0.0, 4)
    (0.31547, 0.25)
    """
    need(np.asarray(periods) > 0, "a life is longer than nought")
    need(np.asarray(rate) > -1, "a rate is above -1")
    rate, periods = np.broadcast_arrays(np.asarray(rate, dtype=float), np.asarray(periods, dtype=float))
    below = -np.expm1(-periods * np.log1p(rate))
    return plain(np.divide(rate, below, out=np.asarray(1 / periods), where=below != 0))


def sinking_fund(rate: Number, periods: Number) -> Number:
    """The level payment by period that grows to 1 at the end: r / ((1 + r)^n − 1), the factor of a residual value.

    >>> round(sinking_fund(0.10, 4), 5)
    0.21547
    """
    return plain(np.asarray(crf(rate, periods)) - np.asarray(rate, dtype=float))


@dataclass(frozen=True)
class Rate:
    """A rate by period, or None and why there is none."""

    value: float | None
    because: str = ""


UNKNOWN = Rate(None, "a flow is not known")


def irr(flows: np.ndarray) -> Rate:
    """The rate at which one row of flows is worth nothing; only where its sign changes exactly once, for then it is the only one.

    With x = 1/(1 + i) the value Σ f_t·x^t has one positive root by Descartes' rule; it is looked for in ln x, scaled so that
    hundreds of months do not overflow.

    Source: numpy-financial, irr.

    >>> round(irr([-250_000, 100_000, 150_000, 200_000, 250_000, 300_000]).value, 10)
    0.5672303344
    >>> irr([-5, 10.5, 1, -8, 1])
    Rate(value=None, because='not unique: the flows change sign 3 times')
    """
    from scipy.optimize import brentq

    flows = _one_row(flows)
    if not np.isfinite(flows).all():
        return UNKNOWN
    signs = np.sign(flows[flows != 0])
    changes = int((signs[1:] != signs[:-1]).sum())
    if changes != 1:
        return Rate(
            None, f"not unique: the flows change sign {changes} times" if changes else "the flows never change sign"
        )
    periods = np.arange(flows.size)
    large = np.abs(flows).max()

    def worth(log_x: float) -> float:
        power = periods * log_x
        return float(flows @ np.exp(power - power.max()) / large)

    reach = 1.0
    while worth(-reach) * worth(reach) > 0:
        reach *= 2
    return Rate(float(np.expm1(-brentq(worth, -reach, reach, xtol=RATE_TOLERANCE, rtol=RATE_TOLERANCE))))


def mirr(flows: np.ndarray, finance_rate: float, reinvest_rate: float) -> Rate:
    """The modified internal rate: what is earned grows at one rate to the end, what is owed is discounted at another.

    MIRR = (FV(earned) / −PV(owed))^(1/n) − 1. It is one number however often the sign changes.

    Source: numpy-financial, mirr; Microsoft, help on MIRR.

    >>> round(mirr([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12).value, 6)
    0.126094
    """
    flows = _one_row(flows)
    if not np.isfinite(flows).all():
        return UNKNOWN
    earned, owed = np.maximum(flows, 0), np.minimum(flows, 0)
    if not earned.any() or not owed.any():
        return Rate(None, "the flows never change sign")
    last = flows.size - 1
    grown = float(npv(reinvest_rate, earned)) * (1 + reinvest_rate) ** last
    return Rate(float((grown / -float(npv(finance_rate, owed))) ** (1 / last) - 1))


def paybacks(flows: np.ndarray, rate: Number = 0.0) -> np.ndarray:
    """After how many periods each path has its money back, linear within the period; infinity where it never has.

    The first time after money was laid out that the running sum is not below nought; 0 where none was ever laid out.
    With a rate, the discounted payback. NaN where a flow of the path is not known.

    >>> paybacks([[-100.0, 60.0, 60.0], [-100.0, 10.0, 10.0], [0.0, 5.0, 5.0]]).round(4).tolist()
    [1.6667, inf, 0.0]
    """
    flows = np.atleast_2d(discounted(rate, flows))
    running = flows.cumsum(axis=-1)
    # Hundredths of a cent of rounding must not make a debt out of a sum that is paid to the last cent.
    running[np.abs(running) < 1e-9 * np.abs(flows).max(axis=-1, initial=0, keepdims=True)] = 0
    is_below = running < 0
    returns = is_below[:, :-1] & ~is_below[:, 1:]
    first, rows = (
        returns.argmax(axis=-1) if returns.shape[1] else np.zeros(len(flows), dtype=int),
        np.arange(len(flows)),
    )
    found = np.where(is_below.any(axis=-1), np.inf, 0.0)
    found[~np.isfinite(running).all(axis=-1)] = np.nan
    paid = returns.any(axis=-1) & ~np.isnan(found)
    owed, came = -running[rows, first][paid], flows[rows[paid], first[paid] + 1]
    found[paid] = first[paid] + np.minimum(owed / came, 1.0)
    return found


def payback(flows: np.ndarray, rate: float = 0.0) -> float | None:
    """After how many periods one row of flows has its money back, linear within the period; None for never, or not known.

    Undiscounted unless a rate is given; then the discounted payback.

    Source: Hoffer, George and Valacich, economic feasibility worksheet.

    >>> round(payback([-42_500] + [21_500] * 5, rate=0.12), 3), payback([-100.0, 10.0])
    (2.403, None)
    """
    found = float(paybacks(_one_row(flows), rate)[0])
    return found if np.isfinite(found) else None


def roi(pv_benefits: Number, pv_costs: Number) -> Number | None:
    """The return on what was laid out: (PVB − PVC)/PVC, both as positive amounts; see `ratio` where nothing was laid out.

    >>> round(roi(7_168_371, 1_672_201), 4)
    3.2868
    """
    return ratio(np.asarray(pv_benefits, dtype=float) - np.asarray(pv_costs, dtype=float), pv_costs)


def break_even(worth: Callable[[float], float], low: float, high: float) -> Rate:
    """Where a figure crosses nought between two bounds, else None and why: what must be true of one input for NPV = 0.

    Args:
        worth: the figure as a function of the input, continuous.
        low, high: between which the input may lie.

    >>> round(break_even(lambda price: 100 * price - 30, 0, 1).value, 9)
    0.3
    >>> break_even(lambda price: 100 * price + 30, 0, 1)
    Rate(value=None, because='it is above nought at both bounds')
    """
    from scipy.optimize import brentq

    at_low, at_high = worth(low), worth(high)
    if at_low == 0 or at_high == 0:
        return Rate(float(low if at_low == 0 else high))
    if (at_low > 0) == (at_high > 0):
        return Rate(None, f"it is {'above' if at_low > 0 else 'below'} nought at both bounds")
    return Rate(float(brentq(worth, low, high, xtol=1e-12)))


def _one_row(flows: np.ndarray) -> np.ndarray:
    found = np.asarray(flows, dtype=float)
    need(found.ndim == 1, "one row of flows is asked about, not paths")
    return found
