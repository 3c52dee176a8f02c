"""What one case is worth with AI and without, once errors, wrong promises, reviews and rework are paid (section 4.2).

c0 = m0·w/60 + ε0·C_e + d0·v_d and c1 = c_ai + p_c[ρ·m_rev·w/60 + ε_c(1−ρκ)C_e + π(1−ρκ)C_pen]
+ (1−p_c)[(m0(1−h) + m_hand)·w/60 + ε0·C_e + δ] + p_r·m_rework·w/60; V = n·a·e·(c0 − c1).
"""

from dataclasses import dataclass, replace

import numpy as np

from models.ai_economics.number import Number, need, plain, ratio, total

MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class Case:
    """A case of work; shares 0–1, minutes by case, money in one currency. Each figure may be an array with one a path.

    Attributes:
        base_minutes: m0, hands-on without AI. wage_an_hour: w, loaded. base_error_share: ε0. error_cost: C_e, by error.
        base_delay: d0, hours of waiting without AI. delay_value: v_d, by hour.
        ai_cost: c_ai, all AI cost of a case that is tried. contained_share: p_c, done without a person.
        review_share: ρ, of contained cases. review_minutes: m_rev. error_share: ε_c, of contained cases before review.
        catch_share: κ, of wrong answers that a review finds. commitment_share: π, contained cases with a wrong promise.
        commitment_cost: C_pen, by wrong promise. help_share: h, of minutes saved on cases that a person must end.
        handover_minutes: m_hand. escalation_cost: δ, all delay of a case that is handed over.
        rework_share: p_r, of all cases. rework_minutes: m_rework.
    """

    base_minutes: Number
    wage_an_hour: Number
    ai_cost: Number
    contained_share: Number
    error_cost: Number
    error_share: Number
    base_error_share: Number = 0.0
    base_delay: Number = 0.0
    delay_value: Number = 0.0
    review_share: Number = 0.0
    review_minutes: Number = 0.0
    catch_share: Number = 0.0
    commitment_share: Number = 0.0
    commitment_cost: Number = 0.0
    help_share: Number = 0.0
    handover_minutes: Number = 0.0
    escalation_cost: Number = 0.0
    rework_share: Number = 0.0
    rework_minutes: Number = 0.0

    def __post_init__(self) -> None:
        for name in SHARES:
            share = np.asarray(getattr(self, name), dtype=float)
            need((share >= 0) & (share <= 1), f"{name} is a share between 0 and 1")


SHARES = (
    "base_error_share", "contained_share", "review_share", "error_share", "catch_share", "commitment_share", "help_share",
    "rework_share",
)  # fmt: skip


def cost_alone(case: Case) -> Number:
    """What a case costs when people do it alone: c0 = m0·w/60 + ε0·C_e + d0·v_d.

    >>> case = Case(
    ...     base_minutes=6,
    ...     wage_an_hour=36,
    ...     ai_cost=0,
    ...     contained_share=0,
    ...     error_cost=120,
    ...     error_share=0,
    ...     base_error_share=0.03,
    ... )
    >>> round(cost_alone(case), 9)
    7.2
    """
    labour = np.multiply(case.base_minutes, case.wage_an_hour) / MINUTES
    return plain(
        labour + np.multiply(case.base_error_share, case.error_cost) + np.multiply(case.base_delay, case.delay_value)
    )


def cost_assisted(case: Case) -> Number:
    """What a case costs when AI tries it first: c1 as in the head of this file, told term by term.

    >>> case = Case(
    ...     base_minutes=6, wage_an_hour=36, ai_cost=0.10, contained_share=0.5, error_cost=120, error_share=0.02
    ... )
    >>> round(cost_assisted(case), 9)
    3.1
    """
    minute = np.asarray(case.wage_an_hour, dtype=float) / MINUTES
    done, missed = np.asarray(case.contained_share, dtype=float), _missed(case)
    contained = (
        np.multiply(case.review_share, case.review_minutes) * minute
        + np.multiply(case.error_share, case.error_cost) * missed
        + np.multiply(case.commitment_share, case.commitment_cost) * missed
    )
    by_hand = np.multiply(case.base_minutes, 1 - np.asarray(case.help_share)) + case.handover_minutes
    escalated = by_hand * minute + np.multiply(case.base_error_share, case.error_cost) + case.escalation_cost
    rework = np.multiply(case.rework_share, case.rework_minutes) * minute
    return plain(case.ai_cost + done * contained + (1 - done) * escalated + rework)


def value_parts(case: Case) -> dict[str, Number]:
    """From gross to net, by case: parts that sum to c0 − c1, what AI takes away being below nought.

    `labour saved` is gross: minutes of contained cases and of help on the others. Then what quality, reviews, hand-overs,
    rework, delay and the AI itself take off it (or, fewer errors and delays, add).

    >>> case = Case(
    ...     base_minutes=6,
    ...     wage_an_hour=36,
    ...     ai_cost=0.10,
    ...     contained_share=0.5,
    ...     error_cost=120,
    ...     error_share=0.02,
    ...     base_error_share=0.03,
    ...     commitment_share=0.007,
    ...     commitment_cost=180,
    ...     handover_minutes=1.5,
    ... )
    >>> {name: round(part, 4) for name, part in value_parts(case).items() if part}
    {'labour saved': 1.8, 'errors': 0.6, 'wrong commitments': -0.63, 'handover': -0.45, 'ai cost': -0.1}
    """
    minute = np.asarray(case.wage_an_hour, dtype=float) / MINUTES
    done, missed = np.asarray(case.contained_share, dtype=float), _missed(case)
    left = 1 - done
    return {
        "labour saved": plain(np.multiply(case.base_minutes, done + left * case.help_share) * minute),
        "errors": plain(done * (case.base_error_share - np.multiply(case.error_share, missed)) * case.error_cost),
        "wrong commitments": plain(-done * np.multiply(case.commitment_share, case.commitment_cost) * missed),
        "review": plain(-done * np.multiply(case.review_share, case.review_minutes) * minute),
        "handover": plain(-left * case.handover_minutes * minute),
        "rework": plain(-np.multiply(case.rework_share, case.rework_minutes) * minute),
        "delay": plain(np.multiply(case.base_delay, case.delay_value) - left * case.escalation_cost),
        "ai cost": plain(-np.asarray(case.ai_cost, dtype=float)),
    }


def value(case: Case, *, cases: Number, adoption: Number = 1.0, eligible: Number = 1.0) -> Number:
    """V = n·a·e·(c0 − c1): what the cases of a period are worth with AI rather than without.

    Args:
        cases: n, of the period. adoption: a, share of eligible cases in which it is tried. eligible: e, share of cases.

    >>> case = Case(base_minutes=4, wage_an_hour=60, ai_cost=0.60, contained_share=1, error_cost=12, error_share=0.05)
    >>> round(value(case, cases=20_000), 6)
    56000.0
    """
    tried = np.multiply(cases, adoption) * eligible
    return plain(tried * total(value_parts(case)))


def break_even(case: Case, symbol: str) -> Number | None:
    """The figure of one symbol at which a case is worth nothing, all others as they are; None (NaN) where it makes no difference.

    The value is a straight line in every single symbol, so two points give the root: x* = V(0)/(V(0) − V(1)). A share outside
    0–1 says that no such share turns the sign. `break_even(case, "error_share")` is ε*, the red line.

    >>> case = Case(base_minutes=4, wage_an_hour=60, ai_cost=0.60, contained_share=1, error_cost=12, error_share=0.05)
    >>> round(break_even(case, "error_share"), 4), break_even(case, "review_minutes")
    (0.2833, None)
    """
    at_nought, at_one = (total(value_parts(replace(case, **{symbol: at}))) for at in (0.0, 1.0))
    return ratio(at_nought, np.subtract(at_nought, at_one))


def commitment_penalty(
    *, credit: Number, freight: Number, churn_share: Number, yearly_margin: Number, years: Number
) -> Number:
    """What a wrong promise costs: C_pen = credit + freight + P(churn)·margin by year·years.

    >>> commitment_penalty(credit=40, freight=35, churn_share=0.01, yearly_margin=3_500, years=3)
    180.0
    """
    return plain(np.add(credit, freight) + np.multiply(churn_share, yearly_margin) * years)


def copilot_minutes(
    *, answers: Number, accepted_share: Number, base_minutes: Number, edit_minutes: Number, wasted_minutes: Number
) -> Number:
    """Minutes that a copilot saves: n·acc·(m0 − m_edit) − n·(1 − acc)·m_waste; below nought where answers are mostly thrown away.

    Args:
        answers: n. accepted_share: acc, as they are or edited.
        base_minutes: m0, without it. edit_minutes: m_edit, on an accepted one. wasted_minutes: m_waste, on a refused one.

    >>> round(copilot_minutes(answers=100, accepted_share=0.6, base_minutes=5, edit_minutes=1.5, wasted_minutes=0.7), 6)
    182.0
    """
    taken = np.asarray(accepted_share, dtype=float)
    gained = taken * np.subtract(base_minutes, edit_minutes) - (1 - taken) * wasted_minutes
    return plain(np.asarray(answers) * gained)


def cost_per_resolved(
    ai_cost: Number, *, cases: Number, contained_share: Number, reopened_share: Number = 0.0
) -> Number | None:
    """All AI cost by case that stayed resolved: cost/(n·p_c·(1 − reopened)); None (NaN) where none was resolved.

    >>> (
    ...     cost_per_resolved(4_500.0, cases=10_000, contained_share=0.5, reopened_share=0.10),
    ...     cost_per_resolved(9.0, cases=10, contained_share=0),
    ... )
    (1.0, None)
    """
    return ratio(ai_cost, np.multiply(cases, contained_share) * (1 - np.asarray(reopened_share)))


def review_threshold(review_cost: Number, *, catch_share: Number, error_cost: Number) -> Number | None:
    """The chance of an error above which a review pays: c_review/(κ·C_err); None (NaN) where it finds or saves nothing.

    >>> [round(review_threshold(1.50, catch_share=0.60, error_cost=cost), 4) for cost in (50, 150, 400)]
    [0.05, 0.0167, 0.0063]
    """
    return ratio(review_cost, np.multiply(catch_share, error_cost))


def review_share_after(
    months: Number, *, first_share: Number, last_share: Number, decay_months: Number, is_earned: bool | np.ndarray
) -> Number:
    """The share that is reviewed as quality is shown: ρ∞ + (ρ0 − ρ∞)·e^(−t/τ), and ρ0 for as long as it was not earned.

    Args:
        is_earned: whether the lower 95 % bound of the measured precision reaches its target.

    >>> round(review_share_after(6, first_share=1.0, last_share=0.2, decay_months=6, is_earned=True), 4)
    0.4943
    """
    eased = np.asarray(last_share) + np.subtract(first_share, last_share) * np.exp(-np.divide(months, decay_months))
    return plain(np.where(is_earned, eased, first_share))


def yearly_errors(cases_a_day: Number, error_share: Number, days: Number) -> Number:
    """Errors of a year: cases a day·share·working days.

    Source of the example: orderflow.biz, cost of sales order errors.

    >>> yearly_errors(300, 0.03, 250)
    2250.0
    """
    return plain(np.multiply(cases_a_day, error_share) * days)


def _missed(case: Case) -> np.ndarray:
    """The share of wrong answers that no review finds: 1 − ρκ."""
    return 1 - np.multiply(case.review_share, case.catch_share)
