"""What could be done about a case, each option with its benefit against doing nothing, and the range in which that lies."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.cases.known import Assumed
from models.cases.units import Unit

DRAWS = 400
MOST_OPTIONS = 8
CERTAIN = Assumed(1.0, 1.0, 1.0)
NOTHING = "Nothing is done; what is expected to be lost is lost."


@dataclass(frozen=True)
class Option:
    """One thing that could be done.

    Attributes:
        kind: the kind of action, which is the name of a policy.
        text: what it is, in a few words.
        action: its fields; quantities and money as text.
        saves: unit key → which share of that unit's loss it takes away if it works.
        works: how likely it works, with its range.
        cost: what it costs, with its range.
        moved: money that it moves or commits.
        because, unknown: why, and what it does not know.
        gain: expected benefit with its low and high end, where another model has worked it out already.
        extra: benefit beside the units of the case, such as capital set free.
    """

    kind: str
    text: str
    action: Mapping[str, Any]
    because: str
    unknown: str
    saves: Mapping[str, float] = field(default_factory=dict)
    works: Assumed = CERTAIN
    cost: Assumed = field(default_factory=lambda: Assumed(0.0, 0.0, 0.0))
    moved: float = 0.0
    extra: float = 0.0
    gain: tuple[float, float, float] | None = None
    sure: float | None = None
    act_by: dt.date | None = None
    horizon_days: int = 28


@dataclass(frozen=True)
class Worth:
    """What an option is worth against nothing: expected, exceeded nine times in ten and one time in ten, and how likely it helps."""

    gain: float
    low: float
    high: float
    sure: float


def worth(option: Option, units: Sequence[Unit], seed: int, loss: Assumed = CERTAIN) -> Worth:
    """The benefit of an option against doing nothing.

    Expected: chance that it works × what it saves of the expected loss − cost. The range is drawn: whether each loss comes, whether
    the action works, and what the assumptions may be; the same draws serve all options of a case, so that they can be compared.

    Args:
        loss: how far the loss itself may lie off, as a ratio to the estimate.

    >>> lamp = Unit("stock · A · X", "stock", "s", 100.0, 1.0)
    >>> worth(Option("transfer", "", {}, "", "", {"stock · A · X": 0.5}, cost=Assumed(10, 10, 10)), [lamp], 1).gain
    40.0
    """
    if option.gain is not None:
        return Worth(*option.gain, option.sure if option.sure is not None else float(option.gain[0] > 0))
    mine = [(unit, option.saves[unit.key]) for unit in units if option.saves.get(unit.key)]
    amounts = np.array([unit.amount * share for unit, share in mine])
    chances = np.array([unit.chance for unit, _ in mine])
    expected = float(amounts @ chances) if mine else 0.0
    gain = option.works.value * (expected + option.extra) - option.cost.value
    dice = np.random.default_rng(seed)
    comes, works, scale, price, believed = (
        dice.random(shape) for shape in ((DRAWS, len(mine)), DRAWS, DRAWS, DRAWS, DRAWS)
    )
    rate, size, cost = _between(option.works, believed), _between(loss, scale), _between(option.cost, price)
    lost = (comes < chances) @ amounts if mine else np.zeros(DRAWS)
    drawn = (works < rate) * (lost + option.extra) * size - cost
    low, high = np.quantile(drawn, (0.1, 0.9))
    sure = float((drawn > 0).mean())
    return Worth(round(gain, 4), round(float(low), 4), round(float(high), 4), round(sure, 4))


def _between(said: Assumed, draws: np.ndarray) -> np.ndarray:
    """Draws of a triangle between low and high with its peak at the value."""
    width = said.high - said.low
    if width <= 0:
        return np.full(draws.shape, said.value)
    middle = (said.value - said.low) / width
    rising = said.low + np.sqrt(np.maximum(draws * width * (said.value - said.low), 0))
    falling = said.high - np.sqrt(np.maximum((1 - draws) * width * (said.high - said.value), 0))
    return np.where(draws < middle, rising, falling)


def option_rows(
    case_id: str,
    options: Sequence[Option],
    units: Sequence[Unit],
    grade: str,
    act_by: dt.date,
    *,
    seed: int,
    off: Assumed,
) -> list[dict[str, Any]]:
    """The options of a case as rows, the best first and doing nothing among them; one is suggested.

    `off` is how far the expected loss may lie off. The suggested one is the best that is expected to help; where none is, doing nothing is.
    """
    judged = [(option, worth(option, units, seed, off)) for option in options]
    judged.sort(key=lambda pair: (-pair[1].gain, pair[0].kind, json.dumps(dict(pair[0].action), sort_keys=True)))
    judged = judged[:MOST_OPTIONS]
    best = bool(judged) and judged[0][1].gain > 0
    rows = [_row(case_id, option, value, grade, act_by) for option, value in judged]
    loss = sum(unit.expected for unit in units)
    rows.append(_nothing(case_id, loss, grade, act_by))
    rows.sort(key=lambda row: (-row["gain_amount"], row["is_do_nothing"]))
    for number, row in enumerate(rows, start=1):
        row["option_no"] = number
        row["is_suggested"] = number == 1 if best else row["is_do_nothing"]
    return rows


def _row(case_id: str, option: Option, value: Worth, grade: str, act_by: dt.date) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "action_kind_code": option.kind,
        "option_text": option.text,
        "action_text": json.dumps(dict(option.action)),
        "is_do_nothing": False,
        "cost_amount": round(option.cost.value, 4),
        "gain_amount": value.gain,
        "gain_low_amount": value.low,
        "gain_high_amount": value.high,
        "moved_amount": round(option.moved, 4),
        "confidence_share": value.sure,
        "data_grade_code": grade,
        "because_text": option.because,
        "does_not_know_text": option.unknown,
        "act_by_date": option.act_by or act_by,
        "horizon_days": float(option.horizon_days),
    }


def _nothing(case_id: str, loss: float, grade: str, act_by: dt.date) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "action_kind_code": "nothing",
        "option_text": "Do nothing",
        "action_text": "{}",
        "is_do_nothing": True,
        "cost_amount": 0.0,
        "gain_amount": 0.0,
        "gain_low_amount": 0.0,
        "gain_high_amount": 0.0,
        "moved_amount": 0.0,
        "confidence_share": 1.0,
        "data_grade_code": grade,
        "because_text": f"{NOTHING} That is {loss:,.0f} in expectation.",
        "does_not_know_text": "Whether it solves itself.",
        "act_by_date": act_by,
        "horizon_days": 28.0,
    }


def qty_text(qty: float) -> str:
    """A quantity as an action says it: whole where it is whole, else three places.

    >>> qty_text(240.0), qty_text(0.5)
    ('240', '0.500')
    """
    return f"{qty:.0f}" if abs(qty - round(qty)) < 1e-9 else f"{qty:.3f}"
