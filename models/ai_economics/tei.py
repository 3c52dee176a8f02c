"""A business case told as Forrester's Total Economic Impact: yearly flows at year's end, benefits and costs adjusted by risk.

Source: Forrester, The Total Economic Impact methodology; method section 1.3. Risk is told by factors here or by simulation
elsewhere, never by both: paths with factors are refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.ai_economics.finance import npv, payback, roi
from models.ai_economics.number import Number, need, plain


@dataclass(frozen=True)
class Impact:
    """Totals of a case after risk, in its currency; the return is a share of cost, the payback in years, None for never."""

    pv_benefits: Number
    pv_costs: Number
    npv: Number
    roi: Number | None
    total_benefits: Number
    total_costs: Number
    total_net: Number
    payback_years: float | None


def impact(
    benefits: np.ndarray, costs: np.ndarray, *, rate: float, benefit_risk: Number = 0.0, cost_risk: Number = 0.0
) -> Impact:
    """The case of one row of yearly benefits and costs, year 0 not discounted: benefits × (1 − risk), costs × (1 + risk).

    Args:
        benefits, costs: positive amounts, year 0 first, equally many.
        rate: by year; Forrester uses 0.10.
        benefit_risk, cost_risk: shares; one, or one a year. Nought where the amounts are adjusted already.

    Errors:
        ValueError: years differ, a risk outside 0–1, or paths of a simulation (which tell risk already).

    >>> found = impact([0, 150.0], [100.0, 0], rate=0.10, benefit_risk=0.2, cost_risk=0.05)
    >>> round(found.npv, 4), round(found.roi, 4), round(found.payback_years, 3)
    (4.0909, 0.039, 0.875)
    """
    benefits, costs = np.asarray(benefits, dtype=float), np.asarray(costs, dtype=float)
    need(benefits.ndim == 1 and benefits.shape == costs.shape, "one benefit and one cost a year, and no paths")
    for risk in (benefit_risk, cost_risk):
        need((np.asarray(risk) >= 0) & (np.asarray(risk) <= 1), "a risk lies between 0 and 1")
    gained, paid = benefits * (1 - np.asarray(benefit_risk)), costs * (1 + np.asarray(cost_risk))
    pv_benefits, pv_costs = npv(rate, gained), npv(rate, paid)
    return Impact(
        pv_benefits=pv_benefits,
        pv_costs=pv_costs,
        npv=pv_benefits - pv_costs,
        roi=roi(pv_benefits, pv_costs),
        total_benefits=float(gained.sum()),
        total_costs=float(paid.sum()),
        total_net=float((gained - paid).sum()),
        payback_years=payback(gained - paid),
    )


def benefit_chain(factors: Sequence[Number], *, risk: Number = 0.0) -> list[Number]:
    """The running product of a benefit's factors, each step shown, and last the same after risk: Π factors × (1 − risk).

    Args:
        factors: each one number or one a year, such as revenue, share concerned, lift, margin.
        risk: share by which the benefit is lowered.

    Source: Forrester for Intellum, appendix, benefits table B.

    >>> [round(step, 2) for step in benefit_chain([1000.0, 0.5, 0.12], risk=0.2)]
    [1000.0, 500.0, 60.0, 48.0]
    """
    need((np.asarray(risk) >= 0) & (np.asarray(risk) <= 1), "a risk lies between 0 and 1")
    need(len(factors) > 0, "a benefit has at least one factor")
    steps, product = [], np.asarray(1.0)
    for factor in (*factors, 1 - np.asarray(risk, dtype=float)):
        product = product * np.asarray(factor, dtype=float)
        steps.append(plain(product))
    return steps
