"""How many tokens a case takes: chats, agents whose tool calls are random under a cap, documents, retries (section 2.2).

Input counts include what was read from a cache, as OpenTelemetry counts. Prices are in currency by million tokens.
"""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import Number, need, plain

MILLION = 1e6


@dataclass(frozen=True)
class Tokens:
    """Tokens of a case: all input, the part of it that is read from a cache, and output with reasoning."""

    input: Number
    output: Number
    cache_read: Number = 0.0

    def cost(self, input_price: Number, output_price: Number, cache_read_price: Number | None = None) -> Number:
        """What they cost at prices by million tokens; cached tokens cost as much as others where no price is given.

        >>> round(Tokens(1000, 100, cache_read=400).cost(2.0, 10.0, 0.1), 6)
        0.00224
        """
        cached_price = input_price if cache_read_price is None else cache_read_price
        full = (np.asarray(self.input) - self.cache_read) * input_price + np.asarray(self.output) * output_price
        return plain((full + np.asarray(self.cache_read) * cached_price) / MILLION)

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(
            plain(np.add(self.input, other.input)),
            plain(np.add(self.output, other.output)),
            plain(np.add(self.cache_read, other.cache_read)),
        )

    def times(self, factor: Number) -> "Tokens":
        """So many of them: for retries, checks of a share of cases, cases of a month.

        >>> Tokens(10, 2).times(1.5)
        Tokens(input=15.0, output=3.0, cache_read=0.0)
        """
        return Tokens(*(plain(np.multiply(one, factor)) for one in (self.input, self.output, self.cache_read)))


def chat(
    *, turns: Number, system: Number, retrieved: Number, question: Number, answer: Number, reasoning: Number = 0.0
) -> Tokens:
    """A conversation that sends its history again each turn: T_in = k(S + C + q) + (q + o)·k(k − 1)/2, T_out = k·(o + reasoning).

    Args:
        turns: k, at least 1.
        system: S, instructions and tool descriptions, tokens a turn.
        retrieved: C, fetched passages, tokens a turn; not kept in the history.
        question, answer: q and o, tokens.
        reasoning: tokens a turn that are billed as output and not sent again.

    >>> chat(turns=3, system=1000, retrieved=2000, question=100, answer=300)
    Tokens(input=10500.0, output=900.0, cache_read=0.0)
    """
    need(np.asarray(turns) >= 1, "a chat has at least one turn")
    k = np.asarray(turns, dtype=float)
    sent = k * (np.asarray(system) + retrieved + question) + np.add(question, answer) * k * (k - 1) / 2
    return Tokens(plain(sent), plain(k * np.add(answer, reasoning)))


def agent(*, tool_calls: Number, base: Number, growth: Number, output: Number, reasoning: Number = 0.0) -> Tokens:
    """An agent with τ tool calls, hence τ + 1 model calls: T_in = b(τ + 1) + g·τ(τ + 1)/2, T_out = (τ + 1)·(o + reasoning).

    Args:
        tool_calls: τ, not below 0.
        base: b, tokens of the first prompt.
        growth: g, tokens that each step adds to the next prompt: model output and tool result.
        output, reasoning: tokens a model call.

    Source of the example: dev-toolbox, agent loops (its own total of 0.85 dollars is wrong).

    >>> agent(tool_calls=19, base=5000, growth=2000, output=0).cost(2.5, 0.0)
    1.2
    """
    need(np.asarray(tool_calls) >= 0, "tool calls are not below nought")
    k = np.asarray(tool_calls, dtype=float)
    sent = np.asarray(base) * (k + 1) + np.asarray(growth) * k * (k + 1) / 2
    return Tokens(plain(sent), plain((k + 1) * np.add(output, reasoning)))


def tool_call_shares(mean: Number, sd: Number, cap: int) -> np.ndarray:
    """P(0), P(1) … P(cap − 1) tool calls and last P(cap or more), the cases that are stopped and go to a person.

    Negative binomial by mean and standard deviation; where sd² is not above the mean, Poisson, the narrowest of that family.
    Tool calls lie on the last axis, paths before it; each row sums to 1.

    Args:
        mean, sd: tool calls of a case if nothing stopped it; one, or one a path.
        cap: K, tool calls after which the case is stopped, at least 1.

    >>> tool_call_shares(6, 6, 12).round(3)[[0, 1, 12]].tolist()
    [0.116, 0.116, 0.151]
    """
    need(cap >= 1, "a cap is at least one call")
    mean, sd = np.broadcast_arrays(np.asarray(mean, dtype=float), np.asarray(sd, dtype=float))
    need((mean >= 0) & (sd >= 0), "mean and spread of tool calls are not below nought")
    mu, spare = mean[..., None], (sd**2 - mean)[..., None]
    k = np.arange(1, cap)
    some = np.maximum(mu, 1e-12)  # a mean of nought has a logarithm too
    is_wide = (spare > 1e-9 * np.maximum(mu, 1)) & (mu > 0)
    spare = np.where(is_wide, spare, 1.0)
    size = some**2 / spare
    # log P(0), then the log of each P(k)/P(k − 1), summed: neither end under- or overflows.
    begin = np.where(is_wide, -size * np.log1p(spare / some), -mu)
    wide = np.log((k - 1 + size) / k) + np.log(some) - np.log(size + some)
    step = np.where(is_wide, wide, np.log(some) - np.log(k))
    below = np.exp(np.concatenate([begin, begin + step.cumsum(axis=-1)], axis=-1))
    below[..., 1:] *= mu > 0
    return np.concatenate([below, np.maximum(1 - below.sum(axis=-1, keepdims=True), 0)], axis=-1)


def over_shares(shares: np.ndarray, values: np.ndarray) -> Number:
    """The expected value of anything that is known for each number of tool calls, such as a cost with long-prompt prices.

    Args:
        shares: of `tool_call_shares`.
        values: for 0 … cap tool calls, on the last axis.

    >>> over_shares([0.5, 0.5], [2.0, 4.0])
    3.0
    """
    return plain((np.asarray(shares) * np.asarray(values, dtype=float)).sum(axis=-1))


def tool_calls_at(shares: np.ndarray, level: float) -> Number:
    """How many tool calls a case makes at most with so much probability.

    >>> tool_calls_at(tool_call_shares(6, 6, 12), 0.5), tool_calls_at(tool_call_shares(6, 6, 200), 0.99)
    (4.0, 27.0)
    """
    need(0 <= level <= 1, "a level lies between 0 and 1")
    below = np.asarray(shares).cumsum(axis=-1) < level - 1e-12
    return plain(np.minimum(below.sum(axis=-1), below.shape[-1] - 1))


@dataclass(frozen=True)
class AgentCase:
    """What a case of an agent takes on average, and the share of cases that its cap sends to a person."""

    tokens: Tokens
    tool_calls: Number
    model_calls: Number
    escalated_share: Number


def agent_case(
    *,
    mean: Number,
    sd: Number,
    cap: int | None,
    base: Number,
    growth: Number,
    output: Number,
    reasoning: Number = 0.0,
    cache_hit_share: Number = 0.0,
) -> AgentCase:
    """The expected case over the whole distribution of tool calls, not at their mean: cost grows with τ², so long cases weigh.

    Args:
        mean, sd: of tool calls; cap: K, or None for no cap (then exact, from the moments). See `tool_call_shares`.
        base, growth, output, reasoning: see `agent`.
        cache_hit_share: of the repeated beginning of prompts, really read from a cache.

    >>> found = agent_case(mean=6, sd=6, cap=12, base=4000, growth=1100, output=200)
    >>> round(found.tokens.input), round(found.tool_calls, 2), round(found.escalated_share, 3)
    (51724, 5.2, 0.151)
    """
    if cap is None:
        first, escalated = np.asarray(mean, dtype=float), np.zeros(np.broadcast(mean, sd).shape)
        second = np.maximum(np.square(np.asarray(sd, dtype=float)), first) + first**2
    else:
        shares, calls = tool_call_shares(mean, sd, cap), np.arange(cap + 1)
        first, second, escalated = shares @ calls, shares @ calls**2, shares[..., -1]
    base, growth = np.asarray(base, dtype=float), np.asarray(growth, dtype=float)
    sent = base * (first + 1) + growth * (second + first) / 2
    again = base * first + growth * (second - first) / 2  # what earlier prompts of the case already held
    tokens = Tokens(
        plain(sent), plain((first + 1) * np.add(output, reasoning)), plain(again * np.asarray(cache_hit_share))
    )
    return AgentCase(tokens, plain(first), plain(first + 1), plain(escalated))


def cacheable_share(tool_calls: Number, base: Number, growth: Number) -> Number:
    """The most of an append-only history that a cache can serve: all prompts but the last, Σ_{j<τ} T_j / Σ_{j≤τ} T_j.

    >>> [round(cacheable_share(calls, 4000, 1100), 2) for calls in (3, 6, 12)]
    [0.68, 0.79, 0.88]
    """
    k, base, growth = (np.asarray(one, dtype=float) for one in (tool_calls, base, growth))
    before = base * k + growth * k * (k - 1) / 2
    whole = np.asarray(before + base + growth * k)
    return plain(np.divide(before, whole, out=np.zeros(whole.shape), where=whole > 0))


def realised_cache_share(
    cacheable: Number, hit_share: Number, *, pause: Number = 0.0, kept_for: Number = np.inf
) -> Number:
    """What a cache really serves: cacheable × hits, and nothing where pauses outlast what the provider keeps (same unit of time).

    >>> realised_cache_share(0.8, 0.5), realised_cache_share(0.8, 0.5, pause=600, kept_for=300)
    (0.4, 0.0)
    """
    return plain(np.where(np.asarray(pause) > kept_for, 0.0, np.multiply(cacheable, hit_share)))


def attempts(failure_share: Number, retries: Number) -> Number:
    """How often a call is made on average: (1 − f^(R+1))/(1 − f); R + 1 where every one fails.

    Args:
        failure_share: f, 0–1, of each try alike.
        retries: R, tries after the first.

    >>> round(attempts(0.02, 2), 6), attempts(1.0, 2)
    (1.0204, 3.0)
    """
    f, most = np.broadcast_arrays(np.asarray(failure_share, dtype=float), np.asarray(retries, dtype=float))
    need((f >= 0) & (f <= 1) & (most >= 0), "a failure share lies between 0 and 1, retries are not below nought")
    return plain(np.divide(1 - f ** (most + 1), 1 - f, out=np.asarray(most + 1.0), where=f < 1))


def cost_with_retries(cost: Number, failure_share: Number, retries: Number, fallback_cost: Number = 0.0) -> Number:
    """What a call costs with its retries, and with another model for what still failed: c·attempts + f^(R+1)·c_fallback.

    >>> round(cost_with_retries(1.0, 0.5, 1, fallback_cost=4.0), 9)
    2.5
    """
    failed = np.asarray(failure_share, dtype=float) ** (np.asarray(retries) + 1)
    return plain(np.asarray(cost) * attempts(failure_share, retries) + failed * fallback_cost)


def document(*, pages: Number, tokens_a_page: Number, instructions: Number, output: Number) -> Tokens:
    """A document read in a batch: T_in = pages·tokens a page + instructions.

    >>> document(pages=30, tokens_a_page=650, instructions=2100, output=1100)
    Tokens(input=21600.0, output=1100.0, cache_read=0.0)
    """
    return Tokens(plain(np.multiply(pages, tokens_a_page) + np.asarray(instructions)), plain(output))
