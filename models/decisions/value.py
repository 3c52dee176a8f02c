"""What decisions earned, by kind, person, policy and month, and whose overrides help; no gain counts that a neighbour paid for."""

import datetime as dt
import zlib
from typing import Any

import numpy as np
import polars as pl

from models.bootstrap import bands
from models.decisions.evidence import Shelf
from models.decisions.outcomes import ASSUMED, shelves_of
from models.decisions.worth import missed_units
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty
from models.months import month_after

KEYS = ("action_kind_code", "decider_name", "policy_version_no", "month_date")
COLUMNS: tuple[str, ...] = (
    *KEYS, "is_agent", "decision_count", "matured_count", "right_count", "override_count", "benefit_amount", "error_cost_amount",
    "override_gain_amount", "decision_minutes", "handling_amount", "neighbour_name", "neighbour_before_amount", "neighbour_after_amount",
    "counted_amount", "not_counted_amount", "because_text",
)  # fmt: skip
PERSON: tuple[str, ...] = (
    "decider_name", "action_kind_code", "override_count", "override_gain_amount", "mean_amount", "low_amount", "high_amount",
    "verdict_name", "because_text",
)  # fmt: skip
TEXTS = ("action_kind_code", "decider_name", "neighbour_name", "because_text", "verdict_name")
COUNTS = ("policy_version_no", "decision_count", "matured_count", "right_count", "override_count")
LEAST_OVERRIDES, LEAST_CLUSTERS = 20, 6
# A neighbour got worse where it cost a fifth more than before, and by more than half of what the decisions earned.
WORSE_SHARE, EATEN_SHARE = 0.2, 0.5
NEIGHBOURS = {
    "purchase": "expedites and empty days of the same shelves",
    "re_source": "expedites and empty days of the same shelves",
    "stock_parameter": "expedites and empty days of the same shelves",
    "cancel_purchase": "expedites and empty days of the same shelves",
    "transfer": "empty days of the sending shelves",
}


def guarded(gain: float, before: float, after: float) -> tuple[float, str]:
    """How much of a gain counts beside what it did to its neighbour, and why: nothing where the neighbour paid for it.

    >>> guarded(1000.0, 200.0, 150.0)[0]
    1000.0
    >>> guarded(1000.0, 200.0, 900.0)
    (0.0, 'Its own measure got better by 1,000.00, but its neighbours cost 900.00 after 200.00 in the month before: not counted as a gain.')
    """
    if gain <= 0:
        return gain, f"It lost {-gain:,.2f}." if gain < 0 else "It neither earned nor lost."
    if after > before * (1 + WORSE_SHARE) and after - before > EATEN_SHARE * gain:
        said = f"its neighbours cost {after:,.2f} after {before:,.2f} in the month before"
        return 0.0, f"Its own measure got better by {gain:,.2f}, but {said}: not counted as a gain."
    return gain, "No neighbour got worse by much."


def value(frames: Frames, as_of: dt.date) -> pl.DataFrame:
    """One row a kind, decider, policy version and month, with the columns `COLUMNS`."""
    rows = _joined(frames)
    if not rows.height:
        return pl.DataFrame(schema=_shape(COLUMNS))
    costs = _Costs(frames, as_of)
    told = []
    for key, mine in rows.sort(*KEYS, "proposal_id").group_by(KEYS, maintain_order=True):
        kind, month = str(key[0]), key[3]
        gain = float(mine["benefit_amount"].sum() or 0.0)
        before, after = costs.around(kind, mine, month)
        counted, because = (
            (gain, "Nothing beside it is watched.") if before is None or after is None else guarded(gain, before, after)
        )
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
    return pl.DataFrame(told, schema=_shape(COLUMNS))


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


class _Costs:
    """What shelves cost month by month: margin missed on empty days, and surcharges for hurried lines."""

    def __init__(self, frames: Frames, as_of: dt.date):
        self.as_of = as_of
        self.shelves = shelves_of(frames["marts.decision_days"])
        assumed = dict(frames["raw.assumptions"].select("assumption_name", "assumed_number").iter_rows())
        self.lost_share = assumed.get("lost_sale_share", ASSUMED["lost_sale_share"])
        margins = (
            frames["marts.sku_margins"]
            .group_by("sku_id")
            .agg(pl.col("unit_margin_amount").cast(pl.Float64).mean())
            .drop_nulls()
        )
        self.margins = dict(margins.iter_rows())
        self.hurried: dict[tuple[str, str, dt.date], float] = {}
        hurried = frames["scores.decisions"].filter(
            pl.col("action_kind_code") == "expedite", pl.col("exported_at").is_not_null()
        )
        for sku, site, day, spent in hurried.select("sku_id", "site_id", "proposed_date", "moved_amount").iter_rows():
            key = (sku, site, day.replace(day=1))
            self.hurried[key] = self.hurried.get(key, 0.0) + float(spent or 0.0)

    def around(self, kind: str, mine: pl.DataFrame, month: dt.date) -> tuple[float | None, float | None]:
        """What the neighbours of these decisions cost in the month before and in the month after; None where that is not over."""
        if kind not in NEIGHBOURS:
            return None, None
        before, after = month_after(month, -1), month_after(month, 1)
        if month_after(after, 1) > self.as_of + dt.timedelta(days=1):
            return None, None
        place = "from_site_id" if kind == "transfer" else "site_id"
        pairs = mine.select("sku_id", place).drop_nulls().unique().sort("sku_id", place).rows()
        cost = {when: sum(self._of(sku, site, when, kind) for sku, site in pairs) for when in (before, after)}
        return round(cost[before], 4), round(cost[after], 4)

    def _of(self, sku: str, site: str, month: dt.date, kind: str) -> float:
        whole = self.shelves.get((sku, site))
        spent = 0.0 if kind == "transfer" else self.hurried.get((sku, site, month), 0.0)
        if whole is None:
            return spent
        shelf: Shelf = whole.within(month, month_after(month, 1) - dt.timedelta(days=1))
        missed = missed_units(shelf.on_hand, shelf.went, whole.usual(month))
        return spent + missed * self.margins.get(sku, 0.0) * self.lost_share


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
        | {"month_date": pl.Date, "is_agent": pl.Boolean}
    )
    return {name: kinds.get(name, pl.Float64) for name in columns}


def score(frames: Frames, asked: Asked) -> Scored:
    """Value by group, and of each person's overrides."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    by_group, by_person = value(frames, asked.as_of), override_values(frames, seed=asked.seed)
    because = "Nobody has decided anything yet."
    if by_group.height:
        counted, not_counted = by_group["counted_amount"].sum(), by_group["not_counted_amount"].sum()
        because = f"{counted:,.2f} were earned and {not_counted:,.2f} not counted, because a neighbour paid for it."
    return Scored(
        {"scores.decision_value": by_group, "scores.override_value": by_person},
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
            "decision_minutes", "sku_id", "site_id", "from_site_id", "moved_amount", "exported_at",
        ),
        "scores.decision_outcomes": (
            "proposal_id", "is_matured", "benefit_amount", "error_cost_amount", "override_gain_amount", "handling_amount", "is_right",
        ),
        "marts.decision_days": ("sku_id", "site_id", "stock_date", "on_hand_qty", "out_qty", "in_qty"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
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
