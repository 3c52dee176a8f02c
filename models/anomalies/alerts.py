"""What is strange in orders, prices, quantities, freight, stock and lead times, beside what was expected instead."""

import datetime as dt

import numpy as np
import polars as pl

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

KEPT_DAYS = 182
BEGUN_FROM = 0.95  # an alert began where the score before it was still so high
FEWEST = 30  # moments of a series, before which nothing is strange
NEAR_DAYS = 3
ALSO_AT_MOST = 3
WHOLE_WEEKS, NEAR_WEEKS = 12, 4
LEAST_RATIO = 1.5  # a shift of less is beyond chance at times, and beside the point
ONLY_WORSE = ("late_share_a_week", "stock_gap_a_week")  # whose fall is nobody's concern
# What may be nought is counted from one on, so that its logarithm is a number.
FROM_ONE = ("stock_gap", "late_share_a_day")
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
    points = frames["marts.watched_points"]
    weeks = frames["marts.watched_weeks"]
    found = pl.concat([_moments(points), _shifts(weeks)]).filter(
        pl.col("since_date").is_between(asked.as_of - dt.timedelta(days=KEPT_DAYS - 1), asked.as_of)
    )
    told = _with_company(found).select(ALERT)
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
    rows = []
    floors = [1.0 if group["watch_code"][0] in FROM_ONE else 0.0 for group in groups]
    series = [
        np.log(np.maximum(group["watched_number"].to_numpy() + floor, 1e-9))
        for group, floor in zip(groups, floors, strict=True)
    ]
    for group, floor, values, found in zip(groups, floors, series, detector.many(series), strict=True):
        if not found.alerts.size:
            continue
        said = detector.expected(values)
        for place in found.alerts.tolist():
            begun = place
            while begun > 0 and found.scores[begun - 1] >= BEGUN_FROM:
                begun -= 1
            row = group.row(place, named=True)
            expected = float(np.exp(said[place])) - floor if np.isfinite(said[place]) else None
            came = float(row["watched_number"])
            value = float(row["at_stake_amount"] or 0.0)
            money = abs(value - value * expected / came) if expected is not None and came else None
            rows.append(
                (
                    *(row[name] for name in KEY),
                    "moment",
                    row["site_id"],
                    row["point_date"],
                    group["point_date"][begun],
                    row["point_key"],
                    expected,
                    came,
                    float(1 - found.scores[place]),
                    money,
                )
            )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _shifts(weeks: pl.DataFrame) -> pl.DataFrame:
    """Levels that changed and stayed, by week."""
    from models.change import change

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
        noticed = _noticed(values, days, found.changed_index)
        since = group[found.changed_index :]
        money = float(since["at_stake_amount"].sum() or 0.0) * abs(1 - found.before / max(found.after, 1e-9))
        if found.after < found.before:
            money = float(group["at_stake_amount"][: found.changed_index].tail(since.height).sum() or 0.0) * (
                1 - found.after / found.before
            )
        rarity = float(np.exp(-0.5 * found.strength**2))
        told = (days[noticed], found.changed_date, "week", found.before, found.after, rarity, money)
        rows.append((watch, kind, subject, "shift", site, *told))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _noticed(values: np.ndarray, days: list[dt.date], changed: int) -> int:
    """The first week at whose end the shift could be told from chance, with what was known then."""
    from models.change import FEWEST_SINCE, change

    for end in range(changed + FEWEST_SINCE, values.size):
        if (found := change(values[:end], days[:end]).changed_index) is not None and abs(found - changed) <= NEAR_WEEKS:
            return end - 1
    return values.size - 1


def _with_company(found: pl.DataFrame) -> pl.DataFrame:
    """Each alert with its id and what else moved within three days: of the same thing, else at the same site."""
    numbered = found.sort(*KEY, "alert_date", "point_key").with_columns(
        alert_id=pl.concat_str(
            "watch_code", "subject_id", "site_id", pl.col("alert_date").cast(pl.String), "point_key", separator="/"
        )
    )
    rows = numbered.select("alert_id", "watch_code", "subject_id", "site_id", "alert_date").rows()
    by_day: dict[dt.date, list[tuple]] = {}
    for row in rows:
        by_day.setdefault(row[4], []).append(row)
    also = []
    for alert_id, watch, subject, site, day in rows:
        near = [
            other
            for shift in range(-NEAR_DAYS, NEAR_DAYS + 1)
            for other in by_day.get(day + dt.timedelta(days=shift), [])
            if other[0] != alert_id and (other[1], other[2]) != (watch, subject)
        ]
        same = [other for other in near if other[2] == subject]
        beside = same or [other for other in near if other[3] == site != "*" and other[1].endswith("_a_day")]
        named = [f"{other[1].replace('_', ' ')} of {other[2]} on {other[4]:%-d %b}" for other in beside[:ALSO_AT_MOST]]
        also.append("; ".join(named) if named else None)
    return numbered.with_columns(also_text=pl.Series(also, dtype=pl.String))


_SCHEMA = {
    "watch_code": pl.String,
    "subject_kind_code": pl.String,
    "subject_id": pl.String,
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
        "marts.watched_points": (*KEY, "site_id", "point_date", "point_key", "watched_number", "at_stake_amount"),
        "marts.watched_weeks": (*KEY, "site_id", "point_date", "watched_number", "at_stake_amount"),
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
    trust="Trust what is dear and rare; of series with fewer than 250 moments only striking values are called.",
    score=score,
)
