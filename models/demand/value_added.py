"""Do people's changes help? What each hand on the way from a naive forecast to the final plan took off the error, or added to it."""

import zlib

import numpy as np
import polars as pl

from models.demand.gain import HELPS, HURTS, LEAST_CHANGES, LEAST_SERIES, NO_EFFECT, TOO_FEW, Gain, gain
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

LAST = 20
CUTS: dict[str, tuple[str, ...]] = {
    "all": (),
    "planner": ("planner_name",),
    "reason": ("reason_code",),
    "class of demand": ("demand_class_name",),
    "direction": ("direction_name",),
    "planner and reason": ("planner_name", "reason_code"),
}
NAMES = ("planner_name", "reason_code", "demand_class_name", "direction_name")
CHANGES, OVER_MODEL = "people's changes", "the plan against our forecast"
STEPS = {
    "naive_seen_qty": "Seasonal naive",
    "proposal_seen_qty": "System's proposal",
    "model_seen_qty": "Our forecast",
    "plan_seen_qty": "Final plan",
}
READS: tuple[str, ...] = (
    "sku_id",
    "site_id",
    "plan_starts_date",
    "plan_standing_name",
    "planner_name",
    "reason_code",
    "demand_class_name",
)
READS += ("seen_qty", *STEPS, "unit_net_amount")
TOLD: tuple[str, ...] = ("cut_name", *NAMES, "compared_name", "plan_count", "change_count", "series_count")
TOLD += ("before_error_share", "after_error_share", "helped_share", "helped_low_share", "helped_high_share")
TOLD += ("helped_amount", "helped_low_amount", "helped_high_amount", "scatter_share", "verdict_name", "because_text")
TEXTS = ("cut_name", *NAMES, "compared_name", "verdict_name", "because_text")
COUNTS = ("plan_count", "change_count", "series_count")
SHAPE = {name: pl.String if name in TEXTS else pl.Int64 if name in COUNTS else pl.Float64 for name in TOLD}
STEP_SHAPE = {
    "forecast_step_no": pl.Int64,
    "forecast_step_name": pl.String,
    "error_share": pl.Float64,
    "plan_count": pl.Int64,
}


def value_added(plans: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """Columns of `TOLD`: for each cut, what people's changes did to what stood before, and how the plan did against our forecast.

    What stood before is the system's proposal, and our forecast where the source tells none. Errors are weighed by what
    customers pay for a unit, on plans whose price is known; where fewer than half have one, in units.

    Args:
        plans: rows of `marts.demand_plans` with the columns `READS`; those that are not judged are left out.
        seed: of the bootstrap.
    """
    judged, is_money = _judged(plans)
    rows = []
    for compared in (CHANGES, OVER_MODEL) if judged.height else ():
        first = pl.coalesce("proposal_seen_qty", "model_seen_qty") if compared == CHANGES else pl.col("model_seen_qty")
        facing = judged.with_columns(before=first).with_columns(
            direction_name=pl.when(pl.col("plan_seen_qty") > pl.col("before")).then(pl.lit("up"))
            .when(pl.col("plan_seen_qty") < pl.col("before")).then(pl.lit("down"))
        )  # fmt: skip
        is_steady: bool | None = None
        for cut, columns in CUTS.items():
            for key, mine in facing.drop_nulls(columns).group_by(columns or pl.lit("*"), maintain_order=True):
                names = dict.fromkeys(NAMES, "*") | dict(zip(columns, key, strict=False))
                label = "/".join((compared, cut, *map(str, key)))
                steady = True if compared == OVER_MODEL else is_steady if cut == "direction" else None
                found, told = _told(mine, is_money=is_money, seed=zlib.crc32(label.encode(), seed), is_steady=steady)
                is_steady = found.is_steady if cut == "all" else is_steady
                rows.append({"cut_name": cut, **names, "compared_name": compared, **told})
    return pl.DataFrame(rows, schema=SHAPE).sort("compared_name", "cut_name", *NAMES)


def steps(plans: pl.DataFrame) -> pl.DataFrame:
    """The error of each step from naive to the final plan, all on the same judged plans; the proposal where it stands in most."""
    judged, _ = _judged(plans)
    if not judged.height:
        return pl.DataFrame(schema=STEP_SHAPE)
    shown = dict(STEPS)
    if judged["proposal_seen_qty"].null_count() * 2 > judged.height:
        shown.pop("proposal_seen_qty")
    judged = judged.drop_nulls(list(shown))
    came = float((judged["seen_qty"] * judged["worth"]).sum())
    missed = {name: float(((judged[name] - judged["seen_qty"]).abs() * judged["worth"]).sum()) for name in shown}
    return pl.DataFrame(
        {
            "forecast_step_no": list(range(1, len(shown) + 1)),
            "forecast_step_name": list(shown.values()),
            "error_share": [one / came if came else None for one in missed.values()],
            "plan_count": [judged.height] * len(shown),
        },
        schema=STEP_SHAPE,
    )


def score(frames: Frames, asked: Asked) -> Scored:
    """What each planner, reason and class did, the error of each step, and why plans could not be judged."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    plans = frames["marts.demand_plans"]
    stood = plans.group_by("plan_standing_name").agg(plan_count=pl.len())
    stood = stood.sort("plan_count", "plan_standing_name", descending=[True, False])
    judged = int(plans.filter(plan_standing_name="judged").height)
    left_out = [f"{count:,} ({name})" for name, count in stood.iter_rows() if name != "judged"]
    because = (
        f"{judged:,} of {plans.height:,} plans could be judged."
        if plans.height
        else "Nobody has uploaded demand plans yet."
    )
    if left_out:
        because += f" Not judged: {', '.join(left_out)}."
    return Scored(
        tables={
            "scores.forecast_value_added": value_added(plans, seed=asked.seed),
            "scores.forecast_steps": steps(plans),
            "scores.plan_standings": stood,
        },
        because=because,
        trained_rows=judged,
    )


def _judged(plans: pl.DataFrame) -> tuple[pl.DataFrame, bool]:
    """The judged plans in a fixed sequence with what a unit of each is worth, and whether that is money."""
    judged = plans.filter(plan_standing_name="judged").sort("plan_starts_date", "sku_id", "site_id")
    judged = judged.with_columns(pl.col("seen_qty", *STEPS, "unit_net_amount").cast(pl.Float64))
    priced = judged.filter(pl.col("unit_net_amount") > 0)
    if judged.height and priced.height * 2 >= judged.height:
        return priced.with_columns(worth=pl.col("unit_net_amount")), True
    return judged.with_columns(worth=pl.lit(1.0)), False


def _told(mine: pl.DataFrame, *, is_money: bool, seed: int, is_steady: bool | None) -> tuple[Gain, dict[str, object]]:
    """The verdict of one cut, and its figures."""
    came, before, after, worth = (mine[name].to_numpy() for name in ("seen_qty", "before", "plan_seen_qty", "worth"))
    changed = mine.filter(pl.col("before") != pl.col("plan_seen_qty"))
    series = mine.select(pl.struct("sku_id", "site_id").rank("dense")).to_series().to_numpy()
    periods = mine["plan_starts_date"].rank("dense").to_numpy()
    found = gain(
        came=came, before=before, after=after, worth=worth, clusters=[series, periods], seed=seed, is_steady=is_steady
    )
    was, now = np.abs(came - before) * worth, np.abs(came - after) * worth
    total, lost = float((came * worth).sum()), float(was[before != after].sum())
    shares = {"helped": found.helped, "helped_low": found.low, "helped_high": found.high}
    money = {f"{k}_amount": None if x is None or not is_money else round(x * lost, 4) for k, x in shares.items()}
    return found, {
        "plan_count": mine.height,
        "change_count": changed.height,
        "series_count": changed.select("sku_id", "site_id").n_unique(),
        "before_error_share": float(was.sum()) / total if total else None,
        "after_error_share": float(now.sum()) / total if total else None,
        **{f"{name}_share": x for name, x in shares.items()},
        **money,
        "scatter_share": found.scatter,
        "verdict_name": found.verdict,
        "because_text": _because(found, (was - now)[before != after][-LAST:]),
    }


def _because(found: Gain, last: np.ndarray) -> str:
    """The verdict in a sentence, and what became of the last changes."""
    closer = f"Of the last {last.size} changes {int((last > 0).sum())} came closer."
    if found.verdict == TOO_FEW:
        return f"It takes {LEAST_CHANGES} changes of {LEAST_SERIES} SKUs at sites to tell skill from luck."
    if found.is_scatter and found.scatter is not None:
        return f"Up and down as by the toss of a coin, which costs {-found.scatter:.0%} of the error. {closer}"
    said = {
        HELPS: "The error became smaller by more than chance would do.",
        HURTS: "The error became larger by more than chance would do.",
        NO_EFFECT: "Chance alone could have done as much.",
    }
    return f"{said[found.verdict]} {closer}"


MODEL = Model(
    code="plan_help",
    title="People's changes",
    question="What did each hand on the way from a naive forecast to the final plan take off the error, by planner, reason and class?",
    reads={"marts.demand_plans": READS},
    writes=(
        Output(
            name="scores.forecast_value_added",
            answers="Whose changes help, whose hurt and whose have no effect that can be told from chance, by how much and how sure?",
            grain="one row per cut, its planner, reason, class and direction (* where not told apart), and comparison",
            key=("cut_name", *NAMES, "compared_name"),
            columns=TOLD,
            checks=(
                "verdict_name in ('helps', 'hurts', 'no effect', 'too few')",
                "helped_low_share is null or (helped_low_share <= helped_high_share)",
                "verdict_name <> 'helps' or helped_low_share is null or helped_low_share > 0",
            ),
        ),
        Output(
            name="scores.forecast_steps",
            answers="How large is the error of naive, the system's proposal, our forecast and the final plan, on the same plans?",
            grain="one row per step",
            key=("forecast_step_no",),
            columns=("forecast_step_no", "forecast_step_name", "error_share", "plan_count"),
            checks=("error_share is null or error_share >= 0",),
        ),
        Output(
            name="scores.plan_standings",
            answers="How many plans could be judged, and why could the others not?",
            grain="one row per standing",
            key=("plan_standing_name",),
            columns=("plan_standing_name", "plan_count"),
        ),
    ),
    guarantee="Changes that a coin had tossed are said to have no effect 95 times in 100.",
    rival="nobody changes anything",
    needs=("order_lines",),
    versions={
        1: "Paired absolute errors, bootstrapped over SKUs at sites and over periods; a coin's scatter is told apart."
    },
    does_not="It does not know why somebody changed a figure, and looks back twelve weeks only. Many cuts mean some chance verdicts.",
    trust="Trust verdicts on many changes; where a plan was decided weeks after the look back, the planner knew more than the forecast.",
    score=score,
)
