"""Tokens of a case, counted one call at a time beside the formulas; tool calls by the library beside the own recursion."""

import numpy as np
import pytest
from scipy import stats

from models.ai_economics import tokens


def test_a_chat_is_what_sending_its_history_again_adds_up_to():
    history, sent, answered = 0, 0, 0
    for _ in range(7):
        sent += 900 + 2_100 + history + 80
        answered += 300 + 40
        history += 80 + 300
    found = tokens.chat(turns=7, system=900, retrieved=2_100, question=80, answer=300, reasoning=40)
    assert (found.input, found.output) == (sent, answered)


def test_an_agent_is_what_its_growing_prompt_adds_up_to():
    prompts = [4_000 + 1_100 * step for step in range(7)]
    found = tokens.agent(tool_calls=6, base=4_000, growth=1_100, output=200, reasoning=50)
    assert (found.input, found.output) == (sum(prompts), 7 * 250)
    assert tokens.cacheable_share(6, 4_000, 1_100) == pytest.approx(sum(prompts[:-1]) / sum(prompts))


@pytest.mark.parametrize(("mean", "sd"), [(6, 6), (3, 2), (0.2, 3), (40, 60), (8, 2.9)])
def test_shares_are_those_of_the_negative_binomial(mean, sd):
    size = mean**2 / (sd**2 - mean)
    law = stats.nbinom(size, size / (size + mean))
    found = tokens.tool_call_shares(mean, sd, 12)
    assert found[:12] == pytest.approx(law.pmf(np.arange(12)))
    assert found[12] == pytest.approx(law.sf(11))


@pytest.mark.parametrize("sd", [0.0, 1.0, 2.0])
def test_a_spread_too_narrow_for_it_is_poisson(sd):
    found = tokens.tool_call_shares(4.0, sd, 10)
    assert found[:10] == pytest.approx(stats.poisson(4.0).pmf(np.arange(10)))


def test_without_tool_calls_there_is_one_model_call():
    found = tokens.agent_case(mean=0, sd=2, cap=5, base=4_000, growth=1_100, output=200, cache_hit_share=1.0)
    assert (found.tokens.input, found.tokens.cache_read, found.model_calls, found.escalated_share) == (4_000, 0, 1, 0)


def test_a_cap_far_away_is_no_cap():
    asked = {"mean": 6, "sd": 6, "base": 4_000, "growth": 1_100, "output": 200, "cache_hit_share": 0.75}
    far, free = tokens.agent_case(cap=400, **asked), tokens.agent_case(cap=None, **asked)
    assert far.tokens.cost(2, 10, 0.1) == pytest.approx(free.tokens.cost(2, 10, 0.1))
    assert far.escalated_share == pytest.approx(0, abs=1e-12)


def test_what_is_drawn_costs_what_is_expected():
    """A hundred thousand cases with their tool calls drawn and stopped at the cap."""
    calls = np.minimum(np.random.default_rng(5).negative_binomial(1.2, 1 / 6, 100_000), 12)
    drawn = tokens.agent(tool_calls=calls, base=4_000, growth=1_100, output=200).cost(2, 10)
    found = tokens.agent_case(mean=6, sd=6, cap=12, base=4_000, growth=1_100, output=200)
    assert found.tokens.cost(2, 10) == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 100_000**0.5)
    assert found.escalated_share == pytest.approx((calls == 12).mean(), abs=0.005)


def test_a_price_that_jumps_with_the_prompt_is_priced_call_by_call():
    """Five times the price for prompts above a hundred thousand tokens: the mean number of calls would never reach them."""
    prompts = 60_000 + 5_000 * np.arange(41)
    flat, jumps = np.cumsum(prompts * 0.1e-6), np.cumsum(prompts * np.where(prompts > 100_000, 0.5e-6, 0.1e-6))
    shares = tokens.tool_call_shares(6, 6, 40)
    assert (
        jumps[6]
        == flat[6]
        == pytest.approx(tokens.agent(tool_calls=6, base=60_000, growth=5_000, output=0).cost(0.1, 0))
    )
    assert tokens.over_shares(shares, jumps) > 1.5 * tokens.over_shares(shares, flat)


def test_paths_are_answered_as_each_alone():
    mean, sd, base = np.array([0.0, 3.0, 6.0]), np.array([1.0, 1.0, 6.0]), np.array([1e3, 2e3, 3e3])
    found = tokens.agent_case(mean=mean, sd=sd, cap=12, base=base, growth=900, output=200, cache_hit_share=0.5)
    for path in range(3):
        alone = tokens.agent_case(
            mean=mean[path], sd=sd[path], cap=12, base=base[path], growth=900, output=200, cache_hit_share=0.5
        )
        assert found.tokens.cost(2, 10, 0.1)[path] == pytest.approx(alone.tokens.cost(2, 10, 0.1))
        assert found.escalated_share[path] == pytest.approx(alone.escalated_share)
        assert tokens.tool_calls_at(tokens.tool_call_shares(mean, sd, 12), 0.9)[path] == tokens.tool_calls_at(
            tokens.tool_call_shares(mean[path], sd[path], 12), 0.9
        )


def test_cached_tokens_are_part_of_the_input_and_paid_once():
    found = tokens.Tokens(1_000.0, 100.0, cache_read=400.0)
    assert found.cost(2.0, 10.0, 0.1) == pytest.approx((600 * 2 + 400 * 0.1 + 100 * 10) / 1e6)
    assert found.cost(2.0, 10.0) == pytest.approx((1000 * 2 + 100 * 10) / 1e6)
    assert (found + found).cost(2.0, 10.0, 0.1) == pytest.approx(found.times(2).cost(2.0, 10.0, 0.1))


def test_attempts_are_those_that_follow_one_another():
    by_hand = 1 + 0.3 + 0.3**2 + 0.3**3
    assert tokens.attempts(0.3, 3) == pytest.approx(by_hand)
    assert tokens.attempts(np.array([0.0, 0.3, 1.0]), 3) == pytest.approx([1, by_hand, 4])
    assert tokens.cost_with_retries(2.0, 0.3, 3, fallback_cost=10.0) == pytest.approx(2 * by_hand + 0.3**4 * 10)


@pytest.mark.parametrize("wrong", [{"cap": 0}, {"mean": -1.0}, {"sd": -1.0}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        tokens.tool_call_shares(**{"mean": 6.0, "sd": 6.0, "cap": 12, **wrong})
