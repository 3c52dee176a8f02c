"""What each use case is worth: two returns beside each other, how sure that is, when it pays back, and whether to fund it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from models.ai_economics import benefits, finance, stage_gate
from models.ai_economics.draws import Spread, drawn
from models.ai_economics.lines import BY_CODE
from models.ai_economics.programme import Simulated
from models.ai_economics.use_case import UseCase
from models.ai_economics.verdict import verdict
from models.ai_economics.world import MONTHS, cases, eligible

LEVELS = (0.05, 0.1, 0.5, 0.8, 0.9, 0.95)
PILOT_SHARE = 0.25  # of what is paid once goes into a pilot before the gate
SURE = 1.959964  # standard deviations on each side of an interval of 95 per cent
LOSSES = ("errors caused", "wrong commitments")


def business_case(found: Simulated, case: UseCase, *, evidence_grade: str) -> dict[str, Any]:
    """One row of figures about a use case within a programme, reporting currency; None where there is nothing to divide by."""
    name = case.use_case_id
    brought, spent = found.benefit(name), found.cost(name)
    worth, alone = found.npv(name), found.npv(name, is_loaded=False)
    other = found.worth(benefits.alternative(found.world, case))
    told = verdict(
        worth=worth, direct_worth=alone, alternative_worth=other, evidence_grade=evidence_grade,
        is_priced=bool(np.isfinite(spent).all()), name=case.name,
    )  # fmt: skip
    flows = (brought - spent).mean(axis=0)
    monthly = found.monthly_rate
    low, p10, middle, p80, p90, high = np.quantile(worth, LEVELS)
    gross = _gross(found, name)
    one_time = float(spent[:, :1].mean())
    option = _option(found, case, worth, one_time)
    inner = finance.irr(flows)
    return {
        "verdict_code": told.code,
        "because_text": told.because,
        "evidence_grade": evidence_grade,
        "npv_amount": float(worth.mean()),
        "npv_low_amount": float(low),
        "npv_middle_amount": float(middle),
        "npv_high_amount": float(high),
        "npv_p10_amount": float(p10),
        "npv_p80_amount": float(p80),
        "npv_p90_amount": float(p90),
        "loss_share": float((worth < 0).mean()),
        "direct_npv_amount": float(alone.mean()),
        "alternative_npv_amount": float(np.mean(other)),
        "benefit_amount": float(brought.sum(axis=1).mean()),
        "cost_amount": float(spent.sum(axis=1).mean()),
        "simple_return_number": _return(gross, spent, found),
        "adjusted_return_number": _return(brought, spent, found),
        "inner_rate_number": None if inner.value is None else float(finance.yearly_rate(inner.value)),
        "inner_rate_text": inner.because,
        "payback_month_number": finance.payback(flows),
        "discounted_payback_month_number": finance.payback(flows, monthly),
        "late_payback_share": float((finance.paybacks(brought - spent) > 24).mean()),
        "break_even_cases_number": _break_even(found, case),
        "cases_number": float(cases(found.world, case).sum(axis=1).mean()),
        "option_amount": option,
        "certainty_amount": float(stage_gate.evpi(float(worth.mean()), float(worth.std()))),
    }


def minimum_scale(worth_at: Mapping[float, float]) -> float | None:
    """How many times today's orders it takes until the mean worth is nought, by straight lines between tried sizes; None if never.

    >>> minimum_scale({1.0: -50.0, 2.0: 50.0}), minimum_scale({1.0: -50.0, 8.0: -10.0}), minimum_scale({1.0: 5.0})
    (1.5, None, 1.0)
    """
    tried = sorted(worth_at.items())
    if tried[0][1] >= 0:
        return tried[0][0]
    for (small, below), (large, above) in pairwise(tried):
        if below < 0 <= above:
            return small + (large - small) * -below / (above - below)
    return None


def _gross(found: Simulated, name: str) -> np.ndarray:
    """What a use case would bring if no answer were ever wrong, cash and capacity: the benefit of a simple return."""
    kept = [kind for kind in benefits.HEADLINE if kind not in LOSSES]
    return sum((found.benefits[name, kind] for kind in kept if (name, kind) in found.benefits), np.zeros((1, 1)))


def _return(brought: np.ndarray, spent: np.ndarray, found: Simulated) -> float | None:
    """(present benefits − present costs) ÷ present costs, of the means."""
    got = found.worth(np.broadcast_to(brought, np.broadcast_shapes(brought.shape, spent.shape))).mean()
    gave = found.worth(spent).mean()
    told = finance.roi(float(got), float(gave))
    return None if told is None else float(np.asarray(told))


def _break_even(found: Simulated, case: UseCase) -> float | None:
    """Cases over the months at which benefits pay for what does not depend on volume; None where a case earns less than it costs."""
    name = case.use_case_id
    count = float(cases(found.world, case).sum(axis=1).mean())
    if not count:
        return None
    moving = sum(
        float(found.costs[key].sum(axis=1).mean())
        for key in found.costs
        if key[0] == name and BY_CODE[key[1]].is_volume
    )
    whole = float(found.cost(name).sum(axis=1).mean())
    margin = (float(found.benefit(name).sum(axis=1).mean()) - moving) / count
    return (whole - moving) / margin if margin > 0 else None


def _option(found: Simulated, case: UseCase, worth: np.ndarray, one_time: float) -> float:
    """What it is worth to pilot first and go on only if that shows a gain, beyond committing now or leaving it; never below nought.

    The pilot takes its share of the cases for some months, by lot, and tells the worth with the error that so few cases leave.
    """
    world, name = found.world, f"{case.use_case_id}.pilot"
    months = float(world["ai_pilot_months"].mean())
    piloted = float(eligible(world, case).mean() * world["ai_pilot_share"].mean()) * months
    error = stage_gate.pilot_error(
        piloted,
        minutes_worth=float(found.worth(benefits.all_minutes(world, case)).mean()),
        minutes_spread=float(world["ai_case_minutes_spread"].mean()),
        errors_worth=float(found.worth(cases(world, case) * world["ai_error_cost"]).mean()),
        error_share=float(world.of(case, "error_share").mean()),
    )
    cost = PILOT_SHARE * one_time
    noise = drawn({name: Spread(-SURE, 0.0, SURE, "normal")}, count=worth.size, seed=0)[name][:, 0]
    rate = float(world["ai_discount_share_per_year"].mean())
    tried = stage_gate.pilot_on_paths(worth + cost, noise, float(error), cost=cost, rate=rate, years=months / MONTHS)
    return max(float(tried.value) - max(float(worth.mean()), 0.0), 0.0)
