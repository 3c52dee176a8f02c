"""Fund it, stop it, or measure first: what the worth of a use case says, held to how well its benefit was measured."""

from dataclasses import dataclass

import numpy as np

# One in five: stricter than the three in ten of the stage gates (method, section 4.7), for this is the last one.
FUND_BELOW, STOP_ABOVE = 0.20, 0.80
MEASURED_GRADES = ("A", "B")


@dataclass(frozen=True)
class Verdict:
    """What to do with a use case, and the reason in a sentence."""

    code: str
    because: str


def verdict(
    *,
    worth: np.ndarray,
    direct_worth: np.ndarray,
    alternative_worth: np.ndarray | float,
    evidence_grade: str,
    is_priced: bool = True,
    name: str = "It",
) -> Verdict:
    """Whether to fund a use case.

    Fund: its benefit was measured with a comparison (grade A or B), the chance that its present value is negative is at most 20 per
    cent with its full share of common costs, and it is worth more than the plain way without a model. Stop: even without any
    common cost the chance of a negative value is at least 80 per cent, or the plain way is worth more in four of five futures.
    Else it cannot be told yet.

    Args:
        worth: present value on each path, with its share of common costs, reporting currency.
        direct_worth: the same with its own costs alone, which end with it.
        alternative_worth: of the cheapest way without a model.
        evidence_grade: A to D, of its main benefit.

    >>> good = np.linspace(5, 50, 100)
    >>> verdict(worth=good, direct_worth=good, alternative_worth=0.0, evidence_grade="A").code
    'fund'
    >>> verdict(worth=good, direct_worth=good, alternative_worth=0.0, evidence_grade="D").code
    'cannot tell'
    >>> verdict(worth=-good, direct_worth=-good, alternative_worth=-99.0, evidence_grade="D").code
    'stop'
    """
    if not is_priced or not np.isfinite(worth).all():
        return Verdict("cannot tell", f"{name} calls a model whose price is not known, so its cost is a gap.")
    loses, loses_alone = float((worth < 0).mean()), float((direct_worth < 0).mean())
    beaten = float((direct_worth < alternative_worth).mean())
    if loses_alone >= STOP_ABOVE:
        return Verdict(
            "stop", f"{name} loses money in {loses_alone:.0%} of the possible futures, even without any common cost."
        )
    is_measured = evidence_grade in MEASURED_GRADES
    if is_measured and beaten >= STOP_ABOVE:
        return Verdict(
            "stop", f"{name} is worth less than the plain way without a model in {beaten:.0%} of the possible futures."
        )
    if not is_measured:
        how = "only assumed" if evidence_grade == "D" else "seen without anything to compare it with"
        return Verdict(
            "cannot tell",
            f"What {name} brings is {how} (grade {evidence_grade}): measure it against cases without it first.",
        )
    if loses <= FUND_BELOW and beaten <= 0.5:
        return Verdict(
            "fund",
            f"{name} earns more than its full cost in {1 - loses:.0%} of the possible futures, measured (grade {evidence_grade}).",
        )
    if loses <= FUND_BELOW:
        return Verdict(
            "cannot tell",
            f"{name} earns its cost, and the plain way without a model may earn more (in {beaten:.0%} of the possible futures).",
        )
    return Verdict(
        "cannot tell",
        f"{name} loses in {loses:.0%} of the possible futures with its full share of common costs: too many to fund, too few to stop.",
    )
