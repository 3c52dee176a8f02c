"""Long prompts are billed dearer on all their tokens: each use case pays by the prompts that it sends, whatever others send."""

import numpy as np
import polars as pl
import pytest

from models.ai_economics.inputs import world_of
from models.ai_economics.prompt_tiers import Price, at_prompts, prompts
from models.ai_economics.use_case import Tokens
from models.ai_economics.world import cost_per_case, loops, routed
from tests.ai_programmes import AS_OF, frames, taken_up

MODEL = "claude-haiku-5-5"
SHORT, LONG = (
    (0.10, 0.50),
    (0.50, 2.50),
)  # dollars a million tokens read and written, up to 100k tokens of a prompt and beyond
FLAT = {"tool_calls": 0, "tool_calls_spread": 0, "tool_call_cap": 0, "cached_share": 0.0}


def tokens(read: int, calls: float = 1, **more: float) -> dict:
    return {"input": read, "output": 1_000, "calls": calls, **FLAT, **more}


def world(**told: dict):
    """A programme whose use cases take these tokens a case, all on one model that bills prompts from 100,001 tokens on five times."""
    acts = [
        act
        for name, said in told.items()
        for act in taken_up(
            name, tokens=said, models=[{"provider": "anthropic", "model": MODEL, "share": 1.0}], routing={}
        )
    ]
    held = frames(acts)
    usual = held["raw.ai_prices"].filter(pl.col("model_name") == MODEL)
    tiers = [
        usual.with_columns(
            from_token_count=pl.lit(since, pl.Int64), uncached_input_price=pl.lit(read), cache_read_price=pl.lit(read),
            output_price=pl.lit(written),
        )
        for since, (read, written) in ((0, SHORT), (100_001, LONG))
    ]  # fmt: skip
    return world_of(held | {"raw.ai_prices": pl.concat(tiers)}, AS_OF, count=1, seed=1, is_certain=True)


def costs(**told: dict) -> dict[str, float]:
    found = world(**told)
    return {case.use_case_id: float(routed(found, case)[0, 0]) for case in found.use_cases}


@pytest.mark.parametrize("names", [("UC3", "UC5"), ("UC5", "UC3")])
def test_two_use_cases_of_one_model_pay_by_their_own_prompts(names):
    short, long = names
    found = costs(**{short: tokens(100_000), long: tokens(150_000)})
    assert found == pytest.approx({short: 0.0105, long: 0.0775})


def test_the_length_is_that_of_one_call_and_not_of_the_case():
    assert costs(UC3=tokens(150_000, 3))["UC3"] == pytest.approx(0.0155)


def test_an_agent_pays_dearer_for_the_calls_that_have_grown_long():
    grown = tokens(735_000, 7, tool_calls=6, tool_calls_spread=6, tool_call_cap=12)
    # Its first prompt has 60,000 tokens, each tool call adds 15,000: from the fourth call on they are long.
    sizes, often = prompts(Tokens(**grown))
    assert sizes[:5].tolist() == pytest.approx([60_000, 75_000, 90_000, 105_000, 120_000])
    is_long = sizes > 100_000
    spent = (sizes * often * np.where(is_long, LONG[0], SHORT[0])).sum() / 1e6
    written = 1_000 * np.average(np.where(is_long, LONG[1], SHORT[1]), weights=often) / 1e6
    found = world(UC4=grown)
    case = found.use_cases[0]
    assert routed(found, case)[0, 0] * loops(case)[0] == pytest.approx(spent + written * loops(case)[0])
    assert cost_per_case(found, case)[0, 0] > 2 * 735_000 * SHORT[0] / 1e6


def test_a_model_without_longer_tiers_costs_the_same_for_every_prompt():
    price = Price(*np.full((3, 1, 1), 2.0))
    assert at_prompts(price, Tokens(1_000_000, 1, 1)) is price
