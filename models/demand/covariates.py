"""One model over all series that moves the blend by what is known besides past demand, and is silent where that gains nothing."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from models.demand.backtest import DAYS, LEAST_DAYS, Outcome, deciding
from models.demand.blend import Blend, blended
from models.demand.covariate_features import GROUPS, Look, features
from models.demand.covariate_fit import Correction, Rows, Sheet, active, fitted, groups_in, keys, rows_of
from models.demand.history import WEEK, History
from models.demand.outside import Outside, outside
from models.model import BACKTEST

OLDER_LOOKS, LEAST_LOOKS, MIXING_LOOKS = 14, 4, 2
# So many series are enough to learn from, taken evenly through the list; forecasts are corrected for so many at once.
SERIES_AT_MOST, SERIES_AT_ONCE = 1500, 1024
# Of the error: what the whole must take off it to speak, and what a group must take off it to stay.
LEAST_GAIN, LEAST_GROUP_GAIN = 0.005, 0.0005
MIXES, ROWS_TO_CHOOSE = (0.5, 1.0), 24_000
WITH, WITHOUT = "with covariates", "without covariates"


@dataclass(frozen=True)
class Competed:
    """What the covariates make of a forecast, and what they gained when looking back.

    Attributes:
        points: series × day in the order of the blend: moved where the covariates gain, the blend's own otherwise.
        is_used: whether they speak.
        because: one sentence for people.
        said: by origin that was looked back on, what would have been said: series × day in the order of the outcome.
        kept: the groups of covariates that showed a gain, by name.
        backtests: errors with covariates, without them, without each group that was kept, and with each that was dropped.
    """

    points: np.ndarray
    is_used: bool
    because: str
    said: dict[dt.date, np.ndarray] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    backtests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BACKTEST))

    def spoken(self, outcomes: list[Outcome]) -> list[Outcome]:
        """The look backs as they would have been with this forecast: the blend's own where the covariates are silent."""
        return [found.restated(self.said[found.origin]) for found in outcomes] if self.is_used else outcomes


def competed(
    past: History,
    outcomes: list[Outcome],
    blend: Blend,
    *,
    calendar: pl.DataFrame,
    promotions: pl.DataFrame,
    prices: pl.DataFrame,
    signals: pl.DataFrame,
    skus: pl.DataFrame,
    sites: pl.DataFrame,
    leads: pl.DataFrame,
) -> Competed:
    """The blend's forecast times what gradient-boosted trees over all series learnt of its misses, where that gains.

    The trees learn on origins older than any that is judged; on those it is chosen too which groups of covariates stay
    and how much the correction counts. Groups without which the judged origins but the latest go better are dropped, and
    the rest speaks if it takes half a percent or more off the mean error over series there (root mean squared, in steps of the
    series from day to day). The latest origin chooses nothing; it reports.

    Args:
        past, blend: the history, and the blend's forecast of each of its series.
        outcomes: look backs of the blend over 28 days, the ones that judge.
        calendar, promotions, prices, signals, skus, sites, leads: as in `outside`.
    """
    if not outcomes:
        return Competed(blend.points, False, "Too little history to try calendar, promotions and signals.")
    oldest = min(outcomes, key=lambda found: found.origin)
    looks = _older(past, oldest)
    if len(looks) < LEAST_LOOKS:
        return Competed(blend.points, False, "Too little history to learn from calendar, promotions and signals.")
    world = outside(
        past, first=looks[-1].origin - dt.timedelta(days=91), horizon=blend.points.shape[1], calendar=calendar,
        promotions=promotions, prices=prices, signals=signals, skus=skus, sites=sites, leads=leads,
    )  # fmt: skip
    named = keys(past.cells)
    older = [_sheet(world, look, named) for look in looks]
    judged = [_sheet(world, _look(past, found.history, found.said["model"], found.came), named) for found in outcomes]
    kept = _chosen(older)
    if not kept:
        return Competed(blend.points, False, "Neither calendar nor promotions nor signals gained at older origins.")
    mix = _mix(older, kept)
    chosen = [found.origin for found in deciding(outcomes)]
    kept, variants = _held(rows_of(older), judged, kept, mix, chosen)
    backtests = _backtests(judged, variants)
    said = {found.origin: _back(found, points) for found, points in zip(outcomes, variants[WITH], strict=True)}
    is_used, because = _verdict(backtests, kept, chosen)
    if not is_used:
        return Competed(blend.points, False, because, said, kept, backtests)
    points = _moved(fitted(rows_of([*judged, *older]), kept), world, past, blend, mix)
    return Competed(points, True, because, said, kept, backtests)


def _verdict(backtests: pl.DataFrame, kept: tuple[str, ...], chosen: list[dt.date]) -> tuple[bool, str]:
    """Whether the covariates speak, and why in words."""
    listed, decided = ", ".join(kept), pl.col("origin_date").is_in(chosen)
    gain = _gain(backtests.filter(decided))
    if gain < LEAST_GAIN:
        why = (
            f"{listed} moved the error of the blend by {-gain:+.2%} at the origins that decide"
            if kept
            else "none gained"
        )
        return False, f"Covariates left out: {why}; it takes -{LEAST_GAIN:.2%}."
    latest = backtests.filter(~decided)
    since = f", and {_gain(latest):.2%} at the latest, which chose nothing" if latest.height else ""
    return True, f"In use: {listed} took {gain:.2%} off the error of the blend at the origins that decide{since}."


def _order(past: History) -> np.ndarray:
    """The places of the series by SKU and site, so that their order in the history is of no matter."""
    return past.cells.with_row_index("place").sort("sku_id", "site_id")["place"].to_numpy()


def _places(past: History, then: History) -> np.ndarray:
    """The place in a history of each series of an earlier one."""
    known = past.cells.select("sku_id", "site_id").with_row_index("place")
    keys = ["sku_id", "site_id"]
    return then.cells.join(known, on=keys, how="left", maintain_order="left")["place"].to_numpy()


def _look(past: History, then: History, base: np.ndarray, came: np.ndarray) -> Look:
    """A look with its series by SKU and site."""
    order, series, places = _order(then), then.wanted(), _places(past, then)
    squared = np.array([np.mean(np.diff(then.recorded[k]) ** 2) for k in order])
    return Look(then.end, places[order], [series[k] for k in order], base[order], came[order], squared)


def _older(past: History, oldest: Outcome) -> list[Look]:
    """Looks from before the oldest that judges, the youngest first: what came of them was known by then."""
    out = []
    for turn in range(1, OLDER_LOOKS + 1):
        then = oldest.history.until(oldest.origin - dt.timedelta(days=DAYS * turn))
        keep = np.flatnonzero([one.size >= LEAST_DAYS for one in then.recorded])
        if not keep.size:
            break
        keep = keep[:: max(1, -(-keep.size // SERIES_AT_MOST))]
        then = then.of(keep.tolist())
        later = slice(-DAYS * turn, -DAYS * (turn - 1) or None)
        whole = oldest.history
        now = _places(whole, then)
        came = np.array([np.where(whole.censored[k][later], np.nan, whole.recorded[k][later]) for k in now])
        base = blended(then.wanted(), season_length=WEEK, horizon=DAYS).points
        out.append(_look(past, then, base, came))
    return out


def _back(found: Outcome, points: np.ndarray) -> np.ndarray:
    """Points by SKU and site, put back in the order of an outcome."""
    out = np.empty_like(points)
    out[_order(found.history)] = points
    return out


def _sheet(world: Outside, look: Look, named: np.ndarray) -> Sheet:
    return Sheet(look, features(world, look), named[look.places])


def _chosen(older: list[Sheet]) -> tuple[str, ...]:
    """The groups whose absence raises the squared error at older origins.

    Every other origin is judged by trees that learnt on the rest. A group that tells of a few days only, as promotions do,
    is judged on these days: the others say nothing about it.
    """
    halves = [rows_of(older[turn::2], ROWS_TO_CHOOSE / 2) for turn in (0, 1)]
    present = tuple(group for group in GROUPS if any(group in groups_in(half) for half in halves))

    def factors(groups: tuple[str, ...]) -> list[np.ndarray]:
        return [fitted(learnt, groups).factors(half.told) for half, learnt in zip(halves, halves[::-1], strict=True)]

    def error(told: list[np.ndarray], group: str) -> float:
        pairs = zip(halves, told, strict=True)
        return sum(float((half.size * (half.ratio - one) ** 2)[active(half, group)].sum()) for half, one in pairs)

    whole, rest = factors(present), [factors(_but(present, group)) for group in present]
    least = (1 + LEAST_GROUP_GAIN) ** 2
    return tuple(
        group for group, told in zip(present, rest, strict=True) if error(told, group) > error(whole, group) * least
    )


def _mix(older: list[Sheet], groups: tuple[str, ...]) -> float:
    """How much the correction should count: what was best at the youngest older origins, learning on the ones before them."""
    correction = fitted(rows_of(older[MIXING_LOOKS:]), groups)
    factors = [correction.factors(sheet.told) for sheet in older[:MIXING_LOOKS]]

    def error(mix: float) -> float:
        return float(
            np.mean([_error(s.look, s.look.base * _weighed(f, mix)) for s, f in zip(older, factors, strict=False)])
        )

    return min(MIXES, key=error)


def _but(groups: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(group for group in groups if group != one)


def _weighed(factors: np.ndarray, mix: float) -> np.ndarray:
    return 1 + mix * (factors - 1)


def _held(
    rows: Rows, judged: list[Sheet], kept: tuple[str, ...], mix: float, chosen: list[dt.date]
) -> tuple[tuple[str, ...], dict[str, list[np.ndarray]]]:
    """The groups that hold where it is decided, and what would have been said at the judged origins.

    One by one the group is dropped without which the deciding origins go best, as long as they go better without it. Said is
    told with all that hold, without any, without each of them, and with each that was dropped as it was when it went.
    """

    def said(groups: tuple[str, ...]) -> list[np.ndarray]:
        correction = fitted(rows, groups)
        return [sheet.look.base * _weighed(correction.factors(sheet.told), mix) for sheet in judged]

    def error(told: list[np.ndarray]) -> float:
        pairs = zip(judged, told, strict=True)
        return float(np.mean([_error(sheet.look, one) for sheet, one in pairs if sheet.look.origin in chosen]))

    whole, dropped, none = said(kept), {}, said(())
    while kept:
        without = {group: said(_but(kept, group)) for group in kept}
        worst = min(kept, key=lambda group: error(without[group]))
        if not error(without[worst]) < error(whole):
            break
        dropped[f"with {worst}"] = whole
        kept, whole = _but(kept, worst), without[worst]
    told = {f"without {group}": without[group] for group in kept}
    return kept, {WITH: whole, WITHOUT: none} | told | dropped


def _error(look: Look, said: np.ndarray) -> float:
    """Root mean squared error in steps of each series from day to day, averaged over series; nan where there is none to tell."""
    known = ~np.isnan(look.came)
    moving = (look.squared > 0) & known.any(axis=1)
    if not moving.any():
        return float("nan")
    error = np.where(known, said - np.nan_to_num(look.came), 0.0)[moving]
    return float(np.sqrt((error**2).sum(axis=1) / known[moving].sum(axis=1) / look.squared[moving]).mean())


def _backtests(judged: list[Sheet], variants: dict[str, list[np.ndarray]]) -> pl.DataFrame:
    rows = [
        (variant, "all", sheet.look.origin, "rmsse", _error(sheet.look, one), len(sheet.look.series))
        for variant, said in variants.items()
        for sheet, one in zip(judged, said, strict=True)
    ]
    return pl.DataFrame(rows, schema=BACKTEST, orient="row").filter(pl.col("measured_number").is_finite())


def _gain(backtests: pl.DataFrame) -> float:
    """How much of the blend's error goes with the covariates, as a share of it."""
    means = dict(backtests.group_by("variant_name").agg(pl.col("measured_number").mean()).iter_rows())
    return 1 - means[WITH] / means[WITHOUT] if means.get(WITHOUT) else 0.0


def _moved(correction: Correction, world: Outside, past: History, blend: Blend, mix: float) -> np.ndarray:
    """The blend's forecast corrected, in parts, for the features of all series at once are large."""
    series, out = past.wanted(), np.empty_like(blend.points)
    for first in range(0, len(series), SERIES_AT_ONCE):
        part = slice(first, first + SERIES_AT_ONCE)
        base = blend.points[part]
        look = Look(past.end, np.arange(len(series))[part], series[part], base, base, base[:, 0])
        out[part] = base * _weighed(correction.factors(features(world, look)), mix)
    return out
