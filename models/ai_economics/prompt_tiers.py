"""What a token costs by the length of the prompt that it is in: beyond some lengths providers bill a whole call dearer (section 1.3)."""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import Number
from models.ai_economics.tokens import tool_call_shares
from models.ai_economics.use_case import Tokens

MOST_CALLS = 60  # tool calls of an agent without a cap
GROWTH = 0.25  # of the first prompt, by which each tool call lengthens the next one


@dataclass(frozen=True)
class Price:
    """What a token costs in each month, reporting currency; each a row of months.

    Attributes:
        above: prompts from so many tokens on, each with the price of all tokens of such a call, the shortest first.
    """

    input: np.ndarray
    cached: np.ndarray
    output: np.ndarray
    above: tuple[tuple[float, "Price"], ...] = ()


def agent_calls(told: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Shares of 0, 1, … tool calls of an agent's cases, the last one of all that its cap stops, and the same numbers of calls.

    >>> shares, calls = agent_calls(Tokens(1, 1, 1, tool_calls=2, tool_calls_spread=1, tool_call_cap=3))
    >>> shares.size, round(float(shares.sum()), 9), calls.tolist()
    (4, 1.0, [0, 1, 2, 3])
    """
    cap = told.tool_call_cap or MOST_CALLS
    return tool_call_shares(told.tool_calls, told.tool_calls_spread or told.tool_calls, cap), np.arange(cap + 1)


def length(calls: Number) -> np.ndarray:
    """Tokens read in all calls of a case with so many tool calls, in units of its first prompt: (τ + 1) + g·τ(τ + 1)/2.

    >>> float(length(6.0))
    12.25
    """
    told = np.asarray(calls, dtype=float)
    return np.asarray((told + 1) + GROWTH * told * (told + 1) / 2)


def prompts(told: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Tokens of the prompts that a case sends, and how many of each length it sends at the mean.

    An agent's prompts grow with each tool call, so a few of its calls may be long where the usual one is not.

    >>> [one.tolist() for one in prompts(Tokens(input=9000, output=1, calls=3))]
    [[3000.0], [3.0]]
    >>> sizes, often = prompts(
    ...     Tokens(input=12_250, output=1, calls=7, tool_calls=6, tool_calls_spread=6, tool_call_cap=2)
    ... )
    >>> sizes.tolist()
    [1000.0, 1250.0, 1500.0]
    """
    if not told.tool_calls:
        often = max(float(told.calls), 1.0)
        return np.array([told.input / often]), np.array([often])
    shares, calls = agent_calls(told)
    first = told.input / float(length(told.tool_calls))
    return first * (1 + GROWTH * calls), shares[::-1].cumsum()[::-1]


def at_prompts(price: Price, told: Tokens) -> Price:
    """The price of a token of a case, over the prompts that it sends: what is read by tokens, what is written by calls.

    >>> dear = Price(*np.full((3, 1, 1), 5.0))
    >>> price = Price(*np.full((3, 1, 1), 1.0), above=((100_001, dear),))
    >>> [at_prompts(price, Tokens(size, 1, 1)).input.item() for size in (100_000, 150_000)]
    [1.0, 5.0]
    """
    if not price.above:
        return price
    sizes, often = prompts(told)
    read, written = sizes * often / max((sizes * often).sum(), 1e-12), often / often.sum()
    tier = np.searchsorted([since for since, _ in price.above], sizes, side="right")
    tiers = (price, *(one for _, one in price.above))

    def mixed(name: str, weights: np.ndarray) -> np.ndarray:
        return np.sum([weights[tier == place].sum() * getattr(one, name) for place, one in enumerate(tiers)], axis=0)

    return Price(mixed("input", read), mixed("cached", read), mixed("output", written))
