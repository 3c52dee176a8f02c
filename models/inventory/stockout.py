"""How likely each SKU runs out at each site before anything ordered today could come, and what that would lose."""

import datetime as dt
from collections.abc import Callable

import numpy as np
import polars as pl

from models.inventory.looked_back import PATHS, look_back, standing
from models.inventory.shelves import FORECAST, LEVELS, Shelf, forecasts, gaps, shapes, shelves
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty, verdict

OUTLOOK = (
    "sku_id",
    "site_id",
    "as_of_date",
    "on_hand_qty",
    "open_qty",
    "next_due_date",
    "lead_time_days",
    "stockout_share",
    "first_likely_date",
    "expected_lost_qty",
    "expected_lost_amount",
    "because_text",
)
HALF_A_PATH = 0.5 / PATHS
RISK = ("sku_id", "site_id", "risk_date", "empty_share", "ran_out_by_share", "expected_lost_qty")


def score(frames: Frames, asked: Asked) -> Scored:
    """Chances by day, one row a shelf with what to expect, and how such chances did in the last twelve weeks."""
    if asked.version == RIVAL_ONLY:
        return _rival(frames, asked)
    looked = look_back(frames, asked.seed)
    stands = standing(looked, MODEL.rival)
    falls_back, because = verdict(stands.model_error, stands.rival_error, rival=MODEL.rival)
    tables = _rival(frames, asked).tables if falls_back else _ahead(frames, asked, stands.calibrator)
    return Scored(
        tables=tables,
        measure_name="brier",
        model_error=stands.model_error,
        rival_error=stands.rival_error,
        because=because,
        is_fallback=falls_back,
        trained_rows=looked.height,
        backtests=stands.backtests,
        reliability=stands.reliability,
    )


def _rival(frames: Frames, asked: Asked) -> Scored:
    """Every shelf gets the share of shelves that ran out within four weeks; an empty one is empty."""
    looks = frames["marts.stock_lookbacks"].filter(pl.col("on_hand_qty") > 0)
    rate = float(looks["ran_out_date"].is_not_null().sum()) / looks.height if looks.height else 0.0
    outlook = frames["marts.stock_now"].filter(pl.col("is_on_sale")).select("sku_id", "site_id", "on_hand_qty")
    chance = pl.when(pl.col("on_hand_qty") <= 0).then(1.0).otherwise(round(rate, 4))
    blank = {name: pl.lit(None) for name in OUTLOOK if name not in ("sku_id", "site_id", "on_hand_qty")}
    told = {
        "as_of_date": pl.lit(asked.as_of),
        "stockout_share": chance,
        "because_text": pl.lit(f"{rate:.0%} of all shelves ran out within four weeks, looking back twelve weeks."),
    }
    tables = {
        "scores.stockout_risk": pl.DataFrame(schema=dict.fromkeys(RISK, pl.Null)),
        "scores.stockout_outlook": outlook.with_columns(**{**blank, **told}).select(OUTLOOK),
    }
    return Scored(tables, because="The share of shelves that ran out before speaks for all.", trained_rows=looks.height)


def _ahead(
    frames: Frames, asked: Asked, calibrator: Callable[[np.ndarray], np.ndarray] | None
) -> dict[str, pl.DataFrame]:
    """The tables: chances by day within the lead time of each shelf, and one row for each."""
    from models import paths
    from models.inventory.simulate import futures

    hang = shapes(frames)
    cells = forecasts(frames["scores.demand_forecasts"])
    margins = {(sku, site): margin for sku, site, margin in frames["marts.sku_margins"].iter_rows()}
    stock = frames["marts.stock_now"].filter(pl.col("is_on_sale"))
    risks, outlooks = [], []
    for shelf in shelves(stock, frames["marts.purchase_lines"], gaps(frames), asked.as_of):
        cell = cells.get((shelf.sku_id, shelf.site_id))
        if cell is None:
            continue
        means, bands, start = cell[0][: shelf.lead_days], cell[1][: shelf.lead_days], cell[2]
        gone = (asked.as_of - start).days  # a forecast begins on the day after the as-of day
        seed = paths.seed_of(asked.seed, f"{shelf.sku_id}/{shelf.site_id}")
        shape = hang[(shelf.sku_id, shelf.site_id)]
        played = futures(
            bands, means, LEVELS, shape, shelf.on_hand, shelf.open_qty, shelf.due + gone, shelf.late, seed, PATHS
        )
        out, lost = _corrected(*played, calibrator if shelf.on_hand > 0 else None)
        if shelf.on_hand <= 0:
            out[:, 1] = 1.0
        days = [start + dt.timedelta(days=day + 1) for day in range(means.size)]
        risks.append(
            pl.DataFrame(
                {
                    "sku_id": [shelf.sku_id] * means.size,
                    "site_id": [shelf.site_id] * means.size,
                    "risk_date": days,
                    "empty_share": out[:, 0].round(4),
                    "ran_out_by_share": out[:, 1].round(4),
                    "expected_lost_qty": lost.round(3),
                }
            )
        )
        margin = margins.get((shelf.sku_id, shelf.site_id))
        outlooks.append(_outlook(shelf, asked.as_of, days, (out, lost), margin, means))
    if not outlooks:
        return empty(MODEL)
    return {
        "scores.stockout_risk": pl.concat(risks),
        "scores.stockout_outlook": pl.DataFrame(outlooks, schema=OUTLOOK, orient="row", infer_schema_length=None),
    }


def _corrected(
    out: np.ndarray, lost: np.ndarray, calibrator: Callable[[np.ndarray], np.ndarray] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Each day's chances and losses, corrected: the last day's as such chances held, the days before and losses in proportion.

    To correct each day by itself would say of the first days what held of whole lead times: twice what came (measured on
    the demo company). Where no future ran out the chance that is left grows evenly, and nothing is lost.
    """
    if calibrator is None:
        return out, lost
    played, days = out[:, 1], np.arange(1, len(out) + 1)
    shape = (played + HALF_A_PATH * days / days[-1]) / (played[-1] + HALF_A_PATH)
    ran_out = float(calibrator(played[-1:])[0]) * shape
    ratio = np.divide(ran_out, played, out=np.zeros(len(out)), where=played > 0)
    return np.column_stack([out[:, 0] * ratio, ran_out]), lost * ratio


def _outlook(shelf: Shelf, as_of: dt.date, days: list, played: tuple, margin: float | None, means: np.ndarray) -> tuple:
    out, lost = played
    likely = np.flatnonzero(out[:, 1] >= 0.5)
    quantity = float(lost.sum())
    next_due = as_of + dt.timedelta(days=int(shelf.due.min()) + 1) if shelf.due.size else None
    cover = shelf.on_hand / means.mean() if means.mean() > 0 else None
    return (
        shelf.sku_id,
        shelf.site_id,
        as_of,
        shelf.on_hand,
        float(shelf.open_qty.sum()),
        next_due,
        shelf.lead_days,
        round(float(out[-1, 1]), 4),
        as_of if shelf.on_hand <= 0 else days[likely[0]] if likely.size else None,
        round(quantity, 3),
        None if margin is None else round(quantity * float(margin), 4),
        _words(shelf, cover, as_of),
    )


def _words(shelf: Shelf, cover: float | None, as_of: dt.date) -> str:
    """The chance in a sentence: stock against demand, what is on its way, and whether it is overdue."""
    held = "Nothing on hand" if shelf.on_hand <= 0 else "Stock" if cover is None else f"Stock for {cover:.0f} days"
    said = [f"{held}; a new order would take {shelf.lead_days} days"]
    if not shelf.open_qty.size:
        said.append("nothing is on order")
    elif (shelf.due < -1).any():
        said.append(f"{int((shelf.due < -1).sum())} of {shelf.due.size} open purchase lines are overdue")
    else:
        said.append(f"the next delivery is due {as_of + dt.timedelta(days=int(shelf.due.min()) + 1):%d %b}")
    return "; ".join(said) + "."


MODEL = Model(
    code="stockout",
    title="Stockout risk",
    question="Which SKU will run out where before an order placed today could come, and what would that lose?",
    reads={
        "scores.demand_forecasts": FORECAST,
        "scores.demand_lookbacks": (*FORECAST, "origin_date"),
        "scores.demand_dependence": ("demand_class_name", "common_share", "serial_correlation_number"),
        "scores.demand_fits": ("sku_id", "site_id", "demand_class_name"),
        "marts.stock_now": ("sku_id", "site_id", "on_hand_qty", "on_order_qty", "is_on_sale"),
        "marts.stock_lookbacks": ("sku_id", "site_id", "origin_date", "on_hand_qty", "on_order_qty", "ran_out_date"),
        "marts.site_transfers": ("site_id", "transfer_gap_days"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        "marts.purchase_lines": (
            "sku_id", "site_id", "supplier_id", "ordered_date", "due_date", "last_received_date", "ordered_qty", "open_qty",
            "is_cancelled",
        ),
    },
    writes=(
        Output(
            name="scores.stockout_risk",
            answers="How likely is the shelf empty on each day until a new order could come?",
            grain="one row per SKU and site on sale with known stock, and day within the lead time",
            key=("sku_id", "site_id", "risk_date"),
            columns=RISK,
            checks=("empty_share >= 0 and empty_share <= ran_out_by_share + 0.0001 and ran_out_by_share <= 1", "expected_lost_qty >= 0"),
        ),
        Output(
            name="scores.stockout_outlook",
            answers="Which shelf is likely to run out before a new order could come, when first, and what would be lost?",
            grain="one row per SKU and site on sale with known stock",
            key=("sku_id", "site_id"),
            columns=OUTLOOK,
            checks=("stockout_share >= 0 and stockout_share <= 1", "expected_lost_qty >= 0"),
        ),
    ),
    guarantee="Chances lie between 0 and 1, only grow with the days, and read no receipt or sale after the as-of day.",
    rival="base rate",
    needs=("stock_days", "order_lines"),
    versions={
        1: "Demand paths played against stock, what is open of purchase lines and their suppliers' lateness; chances by day, the "
        "first likely day and what is lost are calibrated on twelve weeks."
    },
    does_not="It does not know goods that could be moved from another site, substitutes, or customers who would wait.",
    trust="Trust the order of the list; single chances only where the reliability chart lies on its diagonal.",
    score=score,
)  # fmt: skip
