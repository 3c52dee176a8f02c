"""What comes of each case with and without AI: minutes, slips, promises that should not have been made; and the work log that tells it.

Each case has the same luck either way, so what help truly does to it is known: that is the truth by which a measurement is judged.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.demo import ai_cases, parties
from pipelines.demo.ai_cases import ORDERS, QUESTIONS, SUMMARIES, TEAMS, USE_CASES
from pipelines.demo.columns import PO_BASE, SO_BASE, coded, instants
from pipelines.demo.dice import Dice
from pipelines.demo.network import Network
from pipelines.demo.world import World

ANSWERS = ("accepted", "edited", "rejected", "ignored")
ASSIGNMENTS = ("random", "staggered", "chosen")
RANDOM, STAGGERED, CHOSEN = range(3)
LABOUR_PER_HOUR = 42.0
QUESTION_BASE, WORK_BASE = 70_000, 100_000


@dataclass(frozen=True)
class Truth:
    """What is true of a use case: how often things go wrong without and with help, what one such thing costs, and who gets help."""

    assisted_share: float
    error_shares: tuple[float, float]
    error_cost: float
    wrong_shares: tuple[float, float]
    wrong_cost: float
    reopened_shares: tuple[float, float]
    reopened_minutes: float
    knows_errors: bool = True


ERROR_MINUTES = 12.0
# After the trial all but a tenth of the orders get help, so that what it does stays measured.
TRIAL_DAYS, LATER_SHARE = 112, 0.90
TRUTHS = (
    Truth(0.60, (0.030, 0.0195), 120.0, (0.001, 0.002), 180.0, (0.020, 0.020), 6.0),
    Truth(0.50, (0.015, 0.020), 45.0, (0.003, 0.050), 180.0, (0.040, 0.150), 7.0),
    Truth(1.00, (0.0, 0.0), 0.0, (0.0, 0.0), 0.0, (0.0, 0.0), 0.0, knows_errors=False),
)
CONTAINED_SHARE, RIGHT_SHARE, HANDOVER_MINUTES = 0.55, 0.82, 1.5
# Of the time that typing in takes, what is left of it when a suggestion is accepted, edited, rejected or ignored.
LEFT = np.array([0.22, 0.45, 1.12, 1.0])
ANSWER_BOUNDS = {ORDERS: (0.62, 0.90, 0.97), SUMMARIES: (0.66, 0.93, 0.99)}


def outcomes(net: Network, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What came of cases, a row each: who had help, minutes, slips; `worth` is what help truly saves on the case, before its tokens.

    Args:
        found: cases as `ai_cases.cases` gives them.
    """
    dice, key, use = net.dice, found["key"], found["use"]
    arm, assignment = arms(net, found)
    alone, helped, review, contained, answer = _minutes(dice, found)
    is_helped = arm == 1
    contained, answer = np.where(is_helped, contained, -1), np.where(is_helped, answer, -1)
    slips, worth = _slips(dice, key, use, is_helped)
    hands_on = np.where(is_helped, helped, alone)
    review = np.where(is_helped, review, 0.0)
    waits = np.where(contained == 1, 1.0, 8 + 110 * dice.uniform("ai.waits", key))
    return {
        **slips, "arm": arm, "assignment": assignment, "hands_on": hands_on, "review": review, "contained": contained, "answer": answer,
        "right": np.where(contained == 0, dice.uniform("ai.right", key) < RIGHT_SHARE, -1),
        "closed_at": found["at"] + np.round((waits + hands_on + review) * 60).astype(np.int64),
        "worth": worth + (alone - helped - review) * LABOUR_PER_HOUR / 60 * is_helped,
    }  # fmt: skip


def work_log(world: World, since: int) -> pl.DataFrame:
    """The log of work items after a day, one row each, with help or alone."""
    found = ai_cases.cases(world, since)
    came, net = outcomes(world.net, found), world.net
    knows = np.array([truth.knows_errors for truth in TRUTHS])[found["use"]]
    return pl.DataFrame(
        {
            "work_id": [f"AW{number + WORK_BASE}" for number in found["number"].tolist()],
            "use_case_name": coded(USE_CASES, found["use"]),
            "case_id": case_names(found),
            "site_id": coded(net.sites.code, found["site"]),
            "team_name": coded(TEAMS, found["use"]),
            "opened_at": instants(found["at"]),
            "closed_at": instants(came["closed_at"]),
            "arm_code": coded(("alone", "assisted"), came["arm"]),
            "assignment_code": _named(ASSIGNMENTS, came["assignment"]),
            "is_contained": _known(came["contained"] == 1, came["contained"] >= 0),
            "is_escalated": _known(came["contained"] == 0, came["contained"] >= 0),
            "is_escalated_right": _known(came["right"] == 1, came["right"] >= 0),
            "answer_code": _named(ANSWERS, came["answer"]),
            "hands_on_minutes": pl.Series(came["hands_on"]),
            "review_minutes": pl.Series(came["review"]),
            "rework_minutes": _known(came["rework"], knows),
            "is_error": _known(came["error"], knows),
            "error_cost_amount": _known(came["error_cost"], knows),
            "is_wrong_commitment": _known(came["wrong"], knows),
            "commitment_cost_amount": _known(came["wrong_cost"], knows),
            "is_reopened": _known(came["reopened"], knows),
        }
    )


def case_names(found: dict[str, np.ndarray]) -> list[str]:
    """What each case is called: the order, the customer's question, the purchase order."""
    number, order, po = (found[name].tolist() for name in ("number", "order", "po"))
    kinds = found["use"].tolist()
    return [
        f"SO{o + SO_BASE}" if kind == ORDERS else f"Q{n + QUESTION_BASE}" if kind == QUESTIONS else f"PO{p + PO_BASE}"
        for kind, n, o, p in zip(kinds, number, order, po, strict=True)
    ]


def arms(net: Network, found: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Who had help (1) or worked alone (0), and how that was settled: not at all (-1) while all worked alone."""
    use, day = found["use"], found["day"]
    share = np.array([truth.assisted_share for truth in TRUTHS])[use]
    has_begun = day >= ai_cases.first_day(net)
    is_later = (use == ORDERS) & (day >= ai_cases.first_day(net) + TRIAL_DAYS)
    share = np.where(is_later, LATER_SHARE, share)
    by_luck = net.dice.uniform("ai.arm", found["key"]) < share
    by_site = day >= ai_cases.site_starts(net)[found["site"]]
    staggered = (use == ORDERS) & ai_cases.is_staggered(net)
    assignment = np.where(use == SUMMARIES, CHOSEN, np.where(has_begun, RANDOM, -1))
    return np.where(staggered, by_site, by_luck & has_begun).astype(np.int64), np.where(
        staggered, STAGGERED, assignment
    )


def _minutes(dice: Dice, found: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """Minutes of each case alone and with help, minutes of review, whether the assistant settled it (-1: it never does), the answer."""
    key, use = found["key"], found["use"]
    is_order, is_question = use == ORDERS, use == QUESTIONS
    # As the order desk itself enters it: the same minutes that the ERP logs.
    entry = (np.where(found["channel"] == parties.PHONE, 3.4, 3.0) + 0.8 * found["size"]) * np.exp(
        0.35 * dice.normal("entry", key)
    )
    luck, second = dice.normal("ai.minutes", key), dice.normal("ai.review", key)
    alone = np.select(
        [is_order, is_question], [entry, 5.2 * np.exp(0.5 * luck)], 1.9 * found["size"] * np.exp(0.35 * luck)
    )
    choice = dice.uniform("ai.answer", key)
    bounds = np.where(is_order[:, None], ANSWER_BOUNDS[ORDERS], ANSWER_BOUNDS[SUMMARIES])
    answer = np.where(is_question, -1, (choice[:, None] > bounds).sum(axis=1))
    contained = np.where(is_question, choice < CONTAINED_SHARE, -1).astype(np.int64)
    handed_on = np.where(contained == 1, 0.0, 0.85 * alone + HANDOVER_MINUTES)
    helped = np.where(is_question, handed_on, alone * LEFT[np.maximum(answer, 0)])
    sampled = dice.uniform("ai.sampled", key) < np.select([is_order, is_question], [2.0, 0.10], 0.20)
    review = np.select([is_order, is_question], [1.0, 1.5], 8.0) * np.exp(0.3 * second) * sampled
    return np.round(alone, 1), np.round(helped, 1), np.round(review, 1), contained, answer


def _slips(
    dice: Dice, key: np.ndarray, use: np.ndarray, is_helped: np.ndarray
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What went wrong and what it cost, and what help is expected to save by it (less than nothing where it does harm)."""
    arm = is_helped.astype(np.int64)

    def table(name: str) -> np.ndarray:
        return np.array([getattr(truth, name) for truth in TRUTHS])

    luck = {name: dice.uniform(f"ai.{name}", key) for name in ("error", "wrong", "reopened")}
    shares = {name: table(f"{name}_shares") for name in luck}
    happens = {name: luck[name] < shares[name][use, arm] for name in luck}
    fewer = {name: (shares[name][use, 0] - shares[name][use, arm]) for name in luck}
    error_cost = table("error_cost")[use] * np.exp(0.5 * dice.normal("ai.error.cost", key) - 0.125)
    wrong_cost = table("wrong_cost")[use] * np.exp(0.2 * dice.normal("ai.wrong.cost", key) - 0.02)
    again = table("reopened_minutes")[use] * np.exp(0.3 * dice.normal("ai.rework", key) - 0.045)
    rework = np.round(ERROR_MINUTES * happens["error"] + again * happens["reopened"], 1)
    slips = {
        **happens,
        "error_cost": np.round(error_cost * happens["error"], 2),
        "wrong_cost": np.round(wrong_cost * happens["wrong"], 2),
        "rework": rework,
    }
    minute = LABOUR_PER_HOUR / 60
    worth = (
        fewer["error"] * (table("error_cost")[use] + ERROR_MINUTES * minute)
        + fewer["wrong"] * table("wrong_cost")[use]
        + fewer["reopened"] * table("reopened_minutes")[use] * minute
    )
    return slips, worth


def _named(names: tuple[str, ...], index: np.ndarray) -> pl.Series:
    """A name for each number, none for -1."""
    return pl.Series([names[number] if number >= 0 else None for number in index.tolist()], dtype=pl.String)


def _known(values: np.ndarray, is_known: np.ndarray) -> pl.Series:
    """Values where they were seen to, otherwise nothing."""
    return pl.select(pl.when(pl.Series(is_known, dtype=pl.Boolean)).then(pl.Series(values))).to_series()
