"""How long an answer takes, how often it comes in time, and how much of the work is done in time whatever fails (method section 5.2)."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from models.ai_economics.network import Mean
from models.ai_economics.number import need
from models.ai_economics.outages import Uptime
from models.queueing import erlang_c

# What answers → the assumptions of the time until its first word and of how fast one answer of it is written.
SPEEDS = {
    "small": ("ai_small_first_token_seconds", "ai_small_tokens_per_second_one"),
    "mid": ("ai_mid_first_token_seconds", "ai_mid_tokens_per_second_one"),
    "strong": ("ai_strong_first_token_seconds", "ai_strong_tokens_per_second_one"),
    "private": ("ai_private_first_token_seconds", "ai_private_tokens_per_second_one"),
    "edge": ("ai_edge_first_token_seconds", "ai_edge_tokens_per_second_one"),
}
SLOTS = {"private": "ai_private_slots", "edge": "ai_edge_slots"}  # answers at once of one machine
POINTS = 256
NO_SPREAD = 1e-9


@dataclass(frozen=True)
class Speed:
    """How fast something answers: at the median, and how widely times vary around it.

    Attributes:
        round_trip_seconds: on the line; 0 at the site itself. first_token_seconds: until the first word.
        tokens_per_second: of one answer. spread: standard deviation of the logarithm of the whole time.

    Errors:
        ValueError: seconds or a spread below nought, or an answer that is never written.
    """

    round_trip_seconds: float
    first_token_seconds: float
    tokens_per_second: float
    spread: float

    def __post_init__(self) -> None:
        """Times that make sense."""
        need(
            min(self.round_trip_seconds, self.first_token_seconds, self.spread) >= 0,
            "times and spread are not below nought",
        )
        need(self.tokens_per_second > 0, "an answer is written at some speed")


@dataclass(frozen=True)
class Peak:
    """The busiest hour of machines of one's own: how many answers they write at once, and how many are asked for a second."""

    slots: int
    arrivals_per_second: float


def speed_of(answers: str, mean: Mean) -> Speed:
    """How fast a tier of the provider, a private model or a machine at the site answers, at mean assumptions.

    Args:
        answers: a key of `SPEEDS`. mean: an assumption's name → its mean.

    >>> speed_of("edge", lambda name: 40.0 if "tokens" in name else 0.35).round_trip_seconds
    0.0
    """
    need(answers in SPEEDS, f"what answers is one of {', '.join(SPEEDS)}")
    first, per_second = SPEEDS[answers]
    on_line = 0.0 if answers == "edge" else mean("ai_round_trip_seconds")
    return Speed(on_line, mean(first), mean(per_second), mean("ai_response_spread"))


def slots_of(answers: str, machines: int, mean: Mean) -> int | None:
    """How many answers so many machines of one's own write at once; None where a provider answers, whose queue is not ours to know.

    >>> slots_of("private", 2, lambda name: 30.0), slots_of("small", 2, lambda name: 30.0)
    (60, None)
    """
    return machines * max(int(mean(SLOTS[answers])), 1) if answers in SLOTS else None


def response_seconds(speed: Speed, tokens: float) -> float:
    """The median time until the whole answer is there, when nobody waits: round trip + first word + tokens/speed.

    >>> response_seconds(Speed(0.05, 0.5, 150, 0.21), 150), response_seconds(Speed(0, 0.35, 40, 0.21), 150)
    (1.55, 4.1)
    """
    need(tokens >= 0, "an answer is not shorter than nothing")
    return speed.round_trip_seconds + speed.first_token_seconds + tokens / speed.tokens_per_second


def within(speed: Speed, tokens: float, seconds: float, *, peak: Peak | None = None) -> float:
    """The share of answers that are complete in time: P(W + T ≤ s), T lognormal around its median, W the wait of M/M/c at the peak.

    The share without a wait is (1 − C)·P(T ≤ s); that with one, C·P(T + exponential wait ≤ s), with C of Erlang and the rate
    (c − a)/E[S]; nothing comes in time where the load is not below the slots. The service time is the answer's without its round trip.

    With one spread of 0.21 the shares of the method's own run for 150 tokens come out within 0.03: a small model .96 within 2.5
    seconds and 1.00 within 5, a strong one .17 and .96, a private one .10 and 1.00, one at the site .00 and .85. The spread of
    0.25 that the method names does not: it gives .79 for the last of these, and .13 and .95 for a private model.

    Args:
        tokens: of the answer. seconds: after which it is too late for the work.
        peak: where machines of one's own answer; without one nobody waits.

    >>> strong = Speed(0.05, 0.9, 70, 0.21)
    >>> round(within(strong, 150, 2.5), 2), round(within(strong, 150, 5.0), 2)
    (0.16, 0.99)
    >>> within(strong, 150, 5.0, peak=Peak(1, 1.0))
    0.0
    """
    median = response_seconds(speed, tokens)
    if seconds <= 0:
        return 0.0
    in_time = _by(median, speed.spread, seconds)
    if peak is None or peak.arrivals_per_second == 0 or in_time == 0:
        return in_time
    need(peak.slots >= 1 and peak.arrivals_per_second > 0, "there is at least one slot, and no fewer than no arrivals")
    service = (median - speed.round_trip_seconds) * float(np.exp(speed.spread**2 / 2))
    load = peak.arrivals_per_second * service
    if load >= peak.slots:
        return 0.0
    waits = float(erlang_c(peak.slots, load))
    # Times of those answers that are in time without a wait, one from each even part of them.
    levels = (np.arange(POINTS) + 0.5) / POINTS * in_time
    taken = np.minimum(median * np.exp(speed.spread * ndtri(levels)), seconds)
    late = np.exp(-(peak.slots - load) / service * (seconds - taken)) if service > 0 else np.zeros(POINTS)
    return float(in_time * (1 - waits * late.mean()))


def service_level(uptime: Uptime, within_centre: float, within_edge: float = 0.0, offline_share: float = 0.0) -> float:
    """The share of all that is asked, outage hours with them, that is answered in time by the centre, or else by the site alone.

    central·P(centre in time) + edge alone·offline share·P(edge in time). With nothing at the site it is the centre's alone.

    Args:
        uptime: shares of business hours. within_centre, within_edge: shares in time of each while it is up.
        offline_share: of the work that can be done without the centre.

    >>> round(service_level(Uptime(0.98, 0.0199, 0.0001), 0.96, 0.85, 0.6), 5)
    0.95095
    """
    _shares(within_centre, within_edge, offline_share)
    return uptime.central * within_centre + uptime.edge_alone * offline_share * within_edge


def edge_service_level(uptime: Uptime, within_edge: float, offline_share: float) -> float:
    """The share that a machine at the site answers in time where it does all the work: what needs the centre only while that is reached.

    P(edge in time)·(both up + edge alone·offline share).

    >>> round(edge_service_level(Uptime(0.98, 0.0199, 0.0001, 0.995), 0.85, 0.6), 5)
    0.83898
    """
    _shares(within_edge, offline_share)
    return within_edge * (uptime.edge - uptime.edge_alone * (1 - offline_share))


def _by(median: float, spread: float, seconds: float) -> float:
    """P(T ≤ seconds); without a spread all or nothing."""
    if spread < NO_SPREAD or median == 0:
        return float(median <= seconds)
    return float(ndtr((np.log(seconds) - np.log(median)) / spread))


def _shares(*found: float) -> None:
    need(all(0 <= one <= 1 for one in found), "a share lies between 0 and 1")
