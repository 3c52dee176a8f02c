"""What else moved while an alert came about: other numbers of the same thing and of its site, beside their own past."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

WEEK = dt.timedelta(days=6)  # from the first day of a week to its last, on which it is known
SHIFT_DAYS = dt.timedelta(days=27)  # a shift's four first weeks: what caused it moved then, not months later
FEWEST_STRETCHES = 8
LEAST_STRENGTH = 3.0
LEAST_SPREAD = 0.03  # in logarithms: a move of less than about a tenth is beside the point, however steady the past
TOLD_AT_MOST = 3
MOST_TIMES = 5.0  # beyond which "from 2 to 26" says more than a per cent
WORDS = {
    "unit_price": "price of",
    "ordered_qty": "quantity per line of",
    "freight_per_kg": "freight per kg of",
    "freight_per_unit": "freight per unit of",
    "freight_per_shipment": "freight per shipment of",
    "lead_days": "days to receive from",
    "stock_adjustment": "stock adjusted at",
    "stock_gap": "unexplained stock of",
    "late_share": "late share of",
    "order_lines": "order lines at",
    "net_sales": "sales at",
    "demand": "demand of",
}
# What may be nought is counted from one on, so that its logarithm is a number.
MAY_BE_NOUGHT = ("lead_days", "stock_adjustment", "stock_gap", "late_share", "order_lines", "net_sales", "demand")


class Series(NamedTuple):
    """Days (as numbers) and values of one watched number; `sku` where it is told of one SKU of its subject."""

    family: str
    kind: str
    subject: str
    site: str
    sku: str | None
    days: np.ndarray
    values: np.ndarray


class Move(NamedTuple):
    """How far a number moved in a window: strength in spreads of its past, and the usual and the new level in its unit."""

    strength: float
    usual: float
    now: float


def beside(alerts: pl.DataFrame, points: pl.DataFrame, weeks: pl.DataFrame, names: Mapping) -> list[str | None]:
    """What moved most beside each alert, three things at most, in words with names and numbers; None where nothing did.

    Looked at are the other numbers of the alert's thing and SKU at any site, the same number at another site, the lead
    time of its SKU, and the daily numbers of its site. Nothing after the day of the alert is read, so that what is said
    once stays said.

    Args:
        alerts: watch_code, subject_kind_code, subject_id, sku_id, site_id, kind_name, since_date, alert_date.
        points: rows of marts.watched_points.
        weeks: rows of marts.watched_weeks, by the first day of the week.
        names: (kind, id) → the name that people know.
    """
    kept: dict[tuple, list[Series]] = {}
    for one in _series(alerts, points, weeks):
        kept.setdefault(("of", one.sku) if one.sku and one.kind != "sku" else (one.kind, one.subject), []).append(one)
    sites = [one for (kind, _), found in kept.items() if kind == "site" for one in found]
    told = []
    for alert in alerts.iter_rows(named=True):
        its_own = (alert["subject_kind_code"], alert["subject_id"])
        wanted = dict.fromkeys([its_own, ("sku", alert["sku_id"]), ("of", alert["sku_id"])])
        near = sites + [one for key in wanted if key[0] != "site" for one in kept.get(key, [])]
        told.append(_told(alert, near, names))
    return told


def family(watch: str) -> str:
    """What is watched, whether by day or by week.

    >>> family("late_share_a_week"), family("unit_price")
    ('late_share', 'unit_price')
    """
    return watch.removesuffix("_a_day").removesuffix("_a_week")


def move(series: Series, since: dt.date, until: dt.date) -> Move | None:
    """How far the mean of a window lies off the means of all stretches of its length before it; None where not beyond them.

    Compared in logarithms with the median of the stretches, over their spread (the median deviation, as of a normal). It
    has moved when it lies three spreads off and further off than any stretch before. Stretches instead of single values,
    so that a week with its quiet days and values that echo each other weigh as they should.
    """
    first, last = since.toordinal(), until.toordinal()
    is_past, is_now = series.days < first, (series.days >= first) & (series.days <= last)
    if not (is_past.any() and is_now.any()):
        return None
    stretch = (first - 1 - series.days[is_past]) // (last - first + 1)
    counts = np.bincount(stretch)
    means = np.bincount(stretch, weights=series.values[is_past])[counts > 0] / counts[counts > 0]
    if means.size < FEWEST_STRETCHES:
        return None
    floor = 1.0 if series.family in MAY_BE_NOUGHT else 0.0
    mean = float(series.values[is_now].mean())
    before, now = np.log(np.maximum(means + floor, 1e-9)), float(np.log(max(mean + floor, 1e-9)))
    middle = float(np.median(before))
    strength = (now - middle) / max(1.4826 * float(np.median(np.abs(before - middle))), LEAST_SPREAD)
    if abs(strength) < LEAST_STRENGTH or before.min() <= now <= before.max():
        return None
    return Move(strength, float(np.exp(middle)) - floor, mean)


def _series(alerts: pl.DataFrame, points: pl.DataFrame, weeks: pl.DataFrame) -> Iterator[Series]:
    """The watched numbers that any alert may ask for; lead times also for each SKU alone."""
    key = ["watch_code", "subject_kind_code", "subject_id", "site_id"]
    by_sku = [*key[:3], "sku_id"]
    weekly = weeks.with_columns(
        pl.col("point_date") + WEEK, sku_id=pl.when(pl.col("subject_kind_code") == "sku").then("subject_id")
    )
    columns = [*key, "sku_id", "point_date", "watched_number"]
    wanted = pl.concat([points.select(columns), weekly.select(columns)]).filter(
        pl.col("subject_id").is_in(alerts["subject_id"].unique().to_list())
        | pl.col("sku_id").is_in(alerts["sku_id"].drop_nulls().unique().to_list())
        | (pl.col("subject_kind_code") == "site")
    )
    leads = wanted.filter((pl.col("watch_code") == "lead_days") & pl.col("sku_id").is_not_null())
    for rows, columns in ((wanted, key), (leads, by_sku)):
        for (watch, kind, subject, last), group in rows.sort(*columns, "point_date").group_by(
            columns, maintain_order=True
        ):
            site, sku = (last, subject if kind == "sku" else None) if columns is key else ("*", last)
            days = group["point_date"].cast(pl.Int32).to_numpy() + dt.date(1970, 1, 1).toordinal()
            yield Series(family(watch), kind, subject, site, sku, days, group["watched_number"].to_numpy())


def _told(alert: Mapping, series: list[Series], names: Mapping) -> str | None:
    since, until = _window(alert)
    moves = [(one, found) for one in series if _is_related(one, alert) and (found := move(one, since, until))]
    told: dict[tuple, str] = {}
    for one, found in sorted(moves, key=lambda pair: -abs(pair[1].strength)):
        told.setdefault((one.family, one.subject, one.site, one.sku), _words(one, found, alert, names))
    said = [f"{text} from {since:%-d %b}" for text in list(told.values())[:TOLD_AT_MOST]]
    return "; ".join(said) or None


def _window(alert: Mapping) -> tuple[dt.date, dt.date]:
    """A moment's week, or more if it began earlier; a shift's four first weeks. Never a day after the alert."""
    since, until = alert["since_date"], alert["alert_date"]
    if alert["kind_name"] == "shift":
        return since, min(until, since + SHIFT_DAYS)
    return min(since, until - WEEK), until


def _is_related(one: Series, alert: Mapping) -> bool:
    is_its_own = family(alert["watch_code"]) == one.family
    if (one.kind, one.subject) == (alert["subject_kind_code"], alert["subject_id"]):
        at_another_site = one.site not in {alert["site_id"], "*"} and alert["site_id"] != "*"
        return one.sku in {None, one.subject} and (at_another_site or not is_its_own)
    if one.kind == "site":
        return alert["site_id"] in {one.subject, "*"} or (alert["subject_kind_code"] == "site" and is_its_own)
    return one.sku is not None and one.sku == alert["sku_id"]


def _words(one: Series, found: Move, alert: Mapping, names: Mapping) -> str:
    """`price of Hex bolt 12-082 in Hamburg −38 %`."""
    name = names.get((one.kind, one.subject)) or one.subject
    if one.sku and one.kind != "sku":
        name += f" for {names.get(('sku', one.sku)) or one.sku}"
    if one.kind != "site" and one.site not in {alert["site_id"], "*"}:
        name += f" in {names.get(('site', one.site)) or one.site}"
    return f"{WORDS.get(one.family, one.family.replace('_', ' ') + ' of')} {name} {_change(one.family, found)}"


def _change(of: str, found: Move) -> str:
    """By how many per cent, or from what to what where that says little: for shares, and from next to nothing."""
    if of == "late_share":
        return f"from {found.usual:.0%} to {found.now:.0%}".replace("%", " %")
    if found.usual < 0.5 or found.now > MOST_TIMES * found.usual:
        return f"from {_figure(found.usual)} to {_figure(found.now)}"
    by = round(100 * (found.now / found.usual - 1))
    return f"{'+' if by > 0 else '−'}{abs(by)} %"


def _figure(number: float) -> str:
    """Three digits, and whole from a hundred on."""
    return f"{number:,.0f}" if number >= 99.5 else f"{number:.3g}"
