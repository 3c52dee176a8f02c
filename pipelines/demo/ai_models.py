"""Which models the demo company's AI runs on, from which day, and what its providers charge for them."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from pipelines.demo.clock import day_number

USD_PER_EUR = 1.13


@dataclass(frozen=True)
class Model:
    """A model as it is asked for and as it answers, with its list price in USD per million tokens."""

    provider: str
    requested: str
    served: str
    read: float
    cached: float
    cache_written: float
    written: float


MODELS = (
    Model("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5-20250929", 3.0, 0.30, 3.75, 15.0),
    Model("anthropic", "claude-sonnet-5-5", "claude-sonnet-5-5", 2.0, 0.10, 2.50, 10.0),
    Model("openai", "gpt-5-mini", "gpt-5-mini-2025-08-07", 0.25, 0.025, 0.25, 2.0),
    Model("openai", "gpt-6.1-terra", "gpt-6.1-terra", 1.0, 0.05, 1.0, 5.0),
    Model("openai", "gpt-5", "gpt-5-2025-08-07", 1.25, 0.125, 1.25, 10.0),
    Model("openai", "gpt-6.1-sol", "gpt-6.1-sol", 2.0, 0.10, 2.0, 10.0),
    Model("anthropic", "claude-haiku-4-5", "claude-haiku-4-5-20251001", 1.0, 0.10, 1.25, 5.0),
    Model("anthropic", "claude-haiku-5-5", "claude-haiku-5-5", 0.10, 0.01, 0.125, 0.50),
    # A trial of a supplier of models whom no price list knows: its calls show as a gap, not as free.
    Model("northlight", "northlight-draft-2", "northlight-draft-2", 0.0, 0.0, 0.0, 0.0),
)
UNKNOWN = len(MODELS) - 1
# When the newer models took over, and the model before and after it for each kind of run.
RENEWED = day_number(date(2026, 9, 14))
BEFORE, AFTER = np.array([0, 2, 2, 4, 6, 6]), np.array([1, 3, 2, 5, 7, 7])


def model_on(kind: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The number of the model that a kind of run uses on a day."""
    return np.where(day >= RENEWED, AFTER[kind], BEFORE[kind])


def cost(found: dict[str, np.ndarray]) -> np.ndarray:
    """What each call costs by list price, USD; a model without a price costs nothing that anybody knows of."""
    return sum(amount for _, amount in parts(found))  # type: ignore[return-value]


def parts(found: dict[str, np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Tokens and USD of each call by kind of token: read fresh, read from the cache, written to it, written as answer."""
    prices = {
        name: np.array([getattr(one, name) for one in MODELS])
        for name in ("read", "cached", "cache_written", "written")
    }
    tokens = (
        found["input"] - found["cached"] - found["cache_written"],
        found["cached"],
        found["cache_written"],
        found["output"],
    )
    return [(count, count * prices[name][found["model"]] / 1e6) for count, name in zip(tokens, prices, strict=True)]
