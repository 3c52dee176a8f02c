"""What decisions earned, by kind, person, policy and month, and whose overrides help; no gain counts that a neighbour paid for."""

import datetime as dt
import zlib
from typing import Any

import numpy as np
import polars as pl

from models.bootstrap import bands
from models.decisions.neighbours import NEIGHBOURS, Costs, counting_shares, guarded
from models.in_force import HISTORY
from models.in_force import READS as ASSUMED_COLUMNS
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

KEYS = ("action_kind_code", "decider_name", "policy_version_no", "month_date")
COLUMNS: tuple[str, ...] = (
    *KEYS, "is_agent", "decision_count", "matured_count", "right_count", "override_count", "benefit_amount", "error_cost_amount",
    "override_gain_amount", "decision_minutes", "handling_amount", "neighbour_name", "neighbour_before_amount", "neighbour_after_amount",
    "counted_amount", "not_counted_amount", "because_text",
)  # fmt: skip
COUNTING: tuple[str, ...] = (*KEYS, "matured_month_date", "counting_share")
PERSON: tuple[str, ...] = (
    "decider_name", "action_kind_code", "override_count", "override_gain_amount", "mean_amount", "low_amount", "high_amount",
    "verdict_name", "because_text",
)  # fmt: skip
TEXTS = ("action_kind_code", "decider_name", "neighbour_name", "because_text", "verdict_name")
COUNTS = ("policy_version_no", "decision_count", "matured_count", "right_count", "override_count")
LEAST_OVERRIDES, LEAST_CLUSTERS = 20, 6


def value(frames: Frames, as_of: dt.date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """By kind, decider, policy version and month: the sums (`COLUMNS`), and what counts of the gains of each later month (`COUNTING`)."""
    rows = _joined(frames)
    costs = Costs(frames, as_of)
    told: list[dict[str, Any]] = []
    counting: list[tuple[Any, ...]] = []
    for key, mine in rows.sort(*KEYS, "proposal_id").group_by(KEYS, maintain_order=True):
        kind, month = str(key[0]), key[3]
        gain = float(mine["benefit_amount"].sum() or 0.0)
        before, after = costs.around(kind, mine, month)
        counted, because = (
            (gain, "Nothing beside it is watched.") if before is None or after is None else guarded(gain, before, after)
        )
        counting += [(*key, *one) for one in counting_shares(mine, month, before, after)]
        told.append(
            {
                **dict(zip(KEYS, key, strict=True)),
                "is_agent": bool(mine["is_agent"].any()),
                "decision_count": mine.height,
                "matured_count": int(mine["is_matured"].sum()),
                "right_count": int(mine["is_right"].sum() or 0),
                "override_count": int(mine["is_override"].sum()),
                **{
                    name: float(mine[name].sum() or 0.0)
                    for name in (
                        "benefit_amount",
                        "error_cost_amount",
                        "override_gain_amount",
                        "decision_minutes",
                        "handling_amount",
                    )
                },
                "neighbour_name": NEIGHBOURS.get(kind),
                "neighbour_before_amount": before,
                "neighbour_after_amount": after,
                "counted_amount": counted,
                "not_counted_amount": gain - counted,
                "because_text": because,
            }
        )
    return pl.DataFrame(told, schema=_shape(COLUMNS)), pl.DataFrame(counting, schema=_shape(COUNTING), orient="row")


def override_values(frames: Frames, *, seed: int) -> pl.DataFrame:
    """One row a person and kind of action with matured overrides: what they were worth in sum and on average, and how sure that is.

    The interval is bootstrapped over shelves and over weeks, of which the wider is kept.
    """
    rows = (
        _joined(frames)
        .filter(pl.col("override_gain_amount").is_not_null())
        .sort("decider_name", "action_kind_code", "proposal_id")
    )
    told = []
    for (who, kind), mine in rows.group_by("decider_name", "action_kind_code", maintain_order=True):
        worth = mine["override_gain_amount"].to_numpy()
        shelves = (
            mine.select(pl.concat_str("sku_id", "site_id", separator="@").rank("dense")).to_series().to_numpy() - 1
        )
        weeks = mine.select(pl.col("proposed_date").dt.truncate("1w").rank("dense")).to_series().to_numpy() - 1
        low, high = _interval(worth, [shelves, weeks], zlib.crc32(f"{who}/{kind}".encode(), seed))
        verdict = (
            "too few" if low is None or high is None else "helps" if low > 0 else "hurts" if high < 0 else "no effect"
        )
        told.append(
            {
                "decider_name": who, "action_kind_code": kind, "override_count": mine.height, "override_gain_amount": float(worth.sum()),
                "mean_amount": float(worth.mean()), "low_amount": low, "high_amount": high, "verdict_name": verdict,
                "because_text": _because(worth, low, high),
            }
        )  # fmt: skip
    return pl.DataFrame(told, schema=_shape(PERSON))


def _interval(worth: np.ndarray, clusterings: list[np.ndarray], seed: int) -> tuple[float | None, float | None]:
    if len(worth) < LEAST_OVERRIDES or clusterings[0].max() + 1 < LEAST_CLUSTERS:
        return None, None
    ends = [
        bands(worth[:, None], one.astype(np.int64), seed=seed) for one in clusterings if one.max() + 1 >= LEAST_CLUSTERS
    ]
    return min(float(low[0, 0]) for low, _ in ends), max(float(high[0, 0]) for _, high in ends)


def _because(worth: np.ndarray, low: float | None, high: float | None) -> str:
    last = worth[-20:]
    better = f"Of the last {last.size} changes {int((last > 0).sum())} were better than the suggestion."
    if low is None or high is None:
        return f"It takes {LEAST_OVERRIDES} changes on {LEAST_CLUSTERS} shelves to tell skill from luck. {better}"
    return f"A change was worth {worth.mean():,.2f} on average, between {low:,.2f} and {high:,.2f} 19 times in 20. {better}"


def _joined(frames: Frames) -> pl.DataFrame:
    names = (
        "proposal_id",
        "is_matured",
        "benefit_amount",
        "error_cost_amount",
        "override_gain_amount",
        "handling_amount",
        "is_right",
    )
    found = (
        frames["scores.decision_outcomes"]
        .select(names)
        .with_columns(
            pl.col("benefit_amount", "error_cost_amount", "override_gain_amount", "handling_amount").cast(pl.Float64)
        )
    )
    rows = frames["scores.decisions"].join(found, on="proposal_id", how="inner")
    return rows.with_columns(
        month_date=pl.col("proposed_date").dt.truncate("1mo"),
        decision_minutes=pl.col("decision_minutes").cast(pl.Float64),
    )


def _shape(columns: tuple[str, ...]) -> dict[str, Any]:
    kinds: dict[str, Any] = (
        dict.fromkeys(TEXTS, pl.String)
        | dict.fromkeys(COUNTS, pl.Int64)
        | {"month_date": pl.Date, "matured_month_date": pl.Date, "is_agent": pl.Boolean}
    )
    return {name: kinds.get(name, pl.Float64) for name in columns}


def score(frames: Frames, asked: Asked) -> Scored:
    """Value by group, and of each person's overrides."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    (by_group, counting), by_person = value(frames, asked.as_of), override_values(frames, seed=asked.seed)
    because = "Nobody has decided anything yet."
    if by_group.height:
        counted, not_counted = by_group["counted_amount"].sum(), by_group["not_counted_amount"].sum()
        because = f"{counted:,.2f} were earned and {not_counted:,.2f} not counted, because a neighbour paid for it."
    return Scored(
        {"scores.decision_value": by_group, "scores.decision_counting": counting, "scores.override_value": by_person},
        because=because,
        trained_rows=by_group.height,
    )


MODEL = Model(
    code="decision_value",
    title="What decisions earn",
    question="What did decisions earn by kind, person, agent, policy and month, whose overrides help, and did a neighbour pay for it?",
    reads={
        "scores.decisions": (
            "proposal_id", "action_kind_code", "decider_name", "policy_version_no", "is_agent", "is_override", "proposed_date",
            "decision_minutes", "sku_id", "site_id", "from_site_id", "moved_amount", "exported_at", "horizon_date",
        ),
        "scores.decision_outcomes": (
            "proposal_id", "is_matured", "benefit_amount", "error_cost_amount", "override_gain_amount", "handling_amount", "is_right",
        ),
        "marts.decision_days": ("sku_id", "site_id", "stock_date", "on_hand_qty", "out_qty", "in_qty"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        HISTORY: ASSUMED_COLUMNS,
    },
    writes=(
        Output(
            name="scores.decision_value",
            answers="What did decisions earn by kind, decider, policy version and month, and how much of it counts?",
            grain="one row per kind of action, decider, policy version and month",
            key=KEYS,
            columns=COLUMNS,
            checks=(
                "right_count <= matured_count",
                "matured_count <= decision_count",
                "abs(counted_amount + not_counted_amount - benefit_amount) < 0.01",
            ),
        ),
        Output(
            name="scores.decision_counting",
            answers="What share of the gains that matured in a month counts, as far as could be told by its end?",
            grain="one row per kind of action, decider, policy version, month and month of maturity",
            key=(*KEYS, "matured_month_date"),
            columns=COUNTING,
            checks=("counting_share between 0 and 1", "matured_month_date >= month_date"),
        ),
        Output(
            name="scores.override_value",
            answers="Whose overrides help, whose hurt and whose have no effect that can be told from chance?",
            grain="one row per decider and kind of action with matured overrides",
            key=("decider_name", "action_kind_code"),
            columns=PERSON,
            checks=("verdict_name in ('helps', 'hurts', 'no effect', 'too few')", "low_amount is null or low_amount <= high_amount"),
        ),
    ),
    guarantee="A gain that a neighbour paid for is shown and not counted; the parts add up to the whole.",
    rival="every gain counts",
    needs=(),
    versions={1: "Sums of outcomes; overrides bootstrapped over shelves and weeks; neighbours in the month before and after."},
    does_not="It does not prove that the neighbour's worse month was caused by these decisions; it only refuses to call it a gain.",
    trust="Trust a verdict with its interval; a single month of few decisions is noise.",
    score=score,
)  # fmt: skip
