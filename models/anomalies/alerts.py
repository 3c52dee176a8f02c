"""What is strange in orders, prices, quantities, freight, stock and lead times, beside what was expected instead."""

import datetime as dt

import numpy as np
import polars as pl

from models.anomalies import moved
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

KEPT_DAYS = 182
BEGUN_FROM = 0.95  # an alert began where the score before it was still so high
FEWEST = 30  # moments of a series, before which nothing is strange
USUAL_MOMENTS = 30  # before a moment at which nothing came, that tell what one unit is worth
WHOLE_WEEKS, NEAR_WEEKS = 12, 4
LEAST_RATIO = 1.5  # a shift of less is beyond chance at times, and beside the point
ONLY_WORSE = ("late_share_a_week", "stock_gap_a_week")  # whose fall is nobody's concern
# What may be nought is counted from one on, so that its logarithm is a number.
FROM_ONE = ("stock_gap", "late_share_a_day", "lead_days", "order_lines_a_day", "net_sales_a_day")
NAMED = ("sku", "supplier", "carrier", "site")
KEY = ("watch_code", "subject_kind_code", "subject_id")
ALERT = (
    "alert_id",
    "watch_code",
    "kind_name",
    "subject_kind_code",
    "subject_id",
    "site_id",
    "alert_date",
    "since_date",
    "point_key",
    "expected_number",
    "came_number",
    "rarity_share",
    "money_amount",
    "also_text",
)


def score(frames: Frames, asked: Asked) -> Scored:
    """Alerts of the last half year, what costs most first to be looked at."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="It is switched off; nothing is called strange.")
    points, weeks = (
        frames[name].filter(pl.col("point_date") <= asked.as_of)
        for name in ("marts.watched_points", "marts.watched_weeks")
    )
    found = pl.concat([_moments(points), _shifts(weeks)]).filter(
        pl.col("since_date").is_between(asked.as_of - dt.timedelta(days=KEPT_DAYS - 1), asked.as_of)
    )
    told = _named(found)
    also = moved.beside(told, points, weeks, _names(frames))
    told = told.with_columns(also_text=pl.Series(also, dtype=pl.String)).select(ALERT)
    because = f"One threshold serves all series: a moment stranger than 249 of 250 before it. {told.height} alerts in half a year."
    return Scored({"scores.anomalies": told}, because=because, trained_rows=points.height + weeks.height)


def _moments(points: pl.DataFrame) -> pl.DataFrame:
    """Single strange values: compared in logarithms, so that twice and half are equally far."""
    from models.anomalies import detector

    groups = [
        group
        for _, group in points.sort(*KEY, "point_date", "point_key").group_by(KEY, maintain_order=True)
        if group.height >= FEWEST
    ]
    floors = [1.0 if group["watch_code"][0] in FROM_ONE else 0.0 for group in groups]
    series = [
        np.log(np.maximum(group["watched_number"].to_numpy() + floor, 1e-9))
        for group, floor in zip(groups, floors, strict=True)
    ]
    rows = []
    for group, floor, values, found in zip(groups, floors, series, detector.many(series), strict=True):
        if not found.alerts.size:
            continue
        said = np.exp(detector.expected(values)) - floor
        rows += [_moment(group, place, found.scores, float(said[place])) for place in found.alerts.tolist()]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _moment(group: pl.DataFrame, place: int, scores: np.ndarray, said: float) -> tuple:
    """One strange value as a row: since when, what was expected, how rare and worth what."""
    from models.anomalies import detector

    begun = place
    while begun > 0 and scores[begun - 1] >= BEGUN_FROM:
        begun -= 1
    row = group.row(place, named=True)
    expected = said if np.isfinite(said) else None
    worth = _worth_of_one(group, place)
    money = None if expected is None or worth is None else abs(row["watched_number"] - expected) * worth
    began, rarity = group["point_date"][begun], detector.rarity(float(scores[place]), place)
    told = (row["site_id"], row["point_date"], began, row["point_key"], expected, row["watched_number"], rarity, money)
    return (*(row[name] for name in KEY), row["sku_id"], "moment", *told)


def _worth_of_one(group: pl.DataFrame, place: int) -> float | None:
    """Money at stake per unit of what is watched; where nothing came, as in the moments before. None where no money is known."""
    came = group.slice(place, 1)
    if not came["watched_number"][0]:
        came = group.slice(max(place - USUAL_MOMENTS, 0), min(place, USUAL_MOMENTS))
    known = came.filter(pl.col("at_stake_amount").is_not_null() & (pl.col("watched_number") > 0))
    return float(known["at_stake_amount"].sum()) / float(known["watched_number"].sum()) if known.height else None


def _shifts(weeks: pl.DataFrame) -> pl.DataFrame:
    """Levels that changed and stayed, by week."""
    from models.change import chance, change

    rows = []
    ordered = weeks.sort(*KEY, "site_id", "point_date")
    for (watch, kind, subject, site), group in ordered.group_by((*KEY, "site_id"), maintain_order=True):
        values, days = group["watched_number"].to_numpy(), group["point_date"].to_list()
        if values.size < 2 * WHOLE_WEEKS:
            continue
        found = change(values, days)
        if found.changed_index is None or found.before is None or found.after is None or found.strength is None:
            continue
        ratio = max(found.before, found.after) / max(min(found.before, found.after), 1e-9)
        if ratio < LEAST_RATIO or (watch in ONLY_WORSE and found.verdict == "lower"):
            continue
        noticed = days[_noticed(values, days, found.changed_index)] + moved.WEEK
        money = _worth_of_shift(group, found.changed_index, found.before, found.after)
        rarity = chance(found.strength, values.size)
        told = (noticed, found.changed_date, "week", found.before, found.after, rarity, money)
        rows.append((watch, kind, subject, subject if kind == "sku" else None, "shift", site, *told))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _worth_of_shift(group: pl.DataFrame, at: int, before: float, after: float) -> float | None:
    """What the weeks since brought beyond the level before; of a fall, what as many weeks before brought beyond that since."""
    stake = group["at_stake_amount"]
    of = stake[at:] if after > before else stake[:at].tail(group.height - at)
    return float(of.sum()) * (1 - min(before, after) / max(before, after)) if of.count() else None


def _noticed(values: np.ndarray, days: list[dt.date], changed: int) -> int:
    """The first week at whose end the shift could be told from chance, with what was known then."""
    from models.change import FEWEST_SINCE, change

    for end in range(changed + FEWEST_SINCE, values.size):
        if (found := change(values[:end], days[:end]).changed_index) is not None and abs(found - changed) <= NEAR_WEEKS:
            return end - 1
    return values.size - 1


def _named(found: pl.DataFrame) -> pl.DataFrame:
    """Each alert with an id of its own, in an order that does not depend on that of the rows read."""
    return found.sort(*KEY, "alert_date", "point_key", "site_id").with_columns(
        alert_id=pl.concat_str(
            "watch_code", "subject_id", "site_id", pl.col("alert_date").cast(pl.String), "point_key", separator="/"
        )
    )


def _names(frames: Frames) -> dict[tuple[str, str], str]:
    """What people call each thing that can be watched."""
    return {
        (kind, thing): name
        for kind in NAMED
        for thing, name in frames[f"core.{kind}s"].select(f"{kind}_id", f"{kind}_name").iter_rows()
    }


_SCHEMA = {
    "watch_code": pl.String,
    "subject_kind_code": pl.String,
    "subject_id": pl.String,
    "sku_id": pl.String,
    "kind_name": pl.String,
    "site_id": pl.String,
    "alert_date": pl.Date,
    "since_date": pl.Date,
    "point_key": pl.String,
    "expected_number": pl.Float64,
    "came_number": pl.Float64,
    "rarity_share": pl.Float64,
    "money_amount": pl.Float64,
}
MODEL = Model(
    code="anomalies",
    title="Anomalies",
    question="What in orders, prices, quantities, freight, stock and lead times is not as it always was?",
    reads={
        "marts.watched_points": (
            *KEY,
            "sku_id",
            "site_id",
            "point_date",
            "point_key",
            "watched_number",
            "at_stake_amount",
        ),
        "marts.watched_weeks": (*KEY, "site_id", "point_date", "watched_number", "at_stake_amount"),
        **{f"core.{kind}s": (f"{kind}_id", f"{kind}_name") for kind in NAMED},
    },
    writes=(
        Output(
            name="scores.anomalies",
            answers="What was strange, what was expected instead, how rare is that, since when, and what else moved?",
            grain="one row per alert of the last half year",
            key=("alert_id",),
            columns=ALERT,
            checks=("rarity_share >= 0 and rarity_share <= 1", "since_date <= alert_date"),
        ),
    ),
    guarantee="An alert reads nothing after its moment, and one threshold, fixed in the code, serves all series.",
    rival="nothing is strange",
    needs=("order_lines",),
    versions={1: "Conformal rank of the novelty of the recent path, and change points of weekly levels."},
    does_not="It does not know why; a price agreed yesterday is as strange to it as a slip.",
    trust="Trust what is dear and rare; of series with fewer than 250 moments only striking values are called. "
    "What else moved is a hint and no cause: on days picked at random it is told of one alert in four.",
    score=score,
)
