"""Shelves whose demand has moved to another level, told by their order lines even where those are few.

For each week in which the level could have moved, and each of some factors by which, the likelihood of the lines before and
since is set against that of a level which stayed: with n lines in all and a share p of the exposure since that week, a factor r
makes a line one since then with the chance r·p / (r·p + 1 − p). What the grid says together, times the share of shelves that move
at all, is the chance that this one did (a Bayes factor; Kass and Raftery 1995, Journal of the American Statistical Association
90, 773-795). Lines are counted and not units, because sizes scatter far more than lines do.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import xlogy

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

Matrix = np.ndarray
Vector = np.ndarray

WEEKS = 104  # that are looked at
CALLED_WEEKS = 26  # in which a level may have moved
NEAR_WEEKS = 13  # before it, to which the level since is compared as well
LEAST_SINCE, LEAST_BEFORE = 4, 12  # weeks
LEAST_RATIO = 1.5  # to the quarter before, lest an older change or slow growth pass for a new one
FEWEST_LINES = 8
RATIOS = np.array([1 / 8, 1 / 5, 1 / 3, 1 / 2, 2.0, 3.0, 5.0, 8.0])
LEAST_CHANCE = 0.2
MOVING = 0.03  # share of shelves that move in half a year, where nothing is assumed
SMOOTHED_WEEKS = 5  # over which the season of a product group is averaged
STEADY_LINES = 20.0  # by which a small product group is drawn to a season of none
BLOCK = 4  # weeks that wander together
USUAL_SPREAD = 0.02  # squared relative spread of a level from block to block, where too few blocks are known
COLUMNS = (
    "sku_id",
    "site_id",
    "since_date",
    "expected_number",
    "came_number",
    "chance_share",
    "impact_amount",
    "because_text",
    "as_of_date",
)


@dataclass(frozen=True)
class Weeks:
    """Order lines by shelf (row) and week (column, oldest first), and what season and known gaps let one expect of a steady shelf.

    Attributes:
        lines: number of order lines; 0 in weeks that tell nothing.
        qty: units wanted; 0 likewise.
        exposure: how busy the week was for the product group, about 1; 0 in weeks that tell nothing.
    """

    lines: Matrix
    qty: Matrix
    exposure: Matrix


@dataclass(frozen=True)
class Moved:
    """For each shelf: how likely its level moved within half a year, and the likeliest first week since (a column)."""

    chance: Vector
    since: Vector


def moved(weeks: Weeks, prior: float) -> Moved:
    """How likely each shelf's demand has moved by half or more, and since which week.

    The logarithm of each likelihood is divided by how much more than chance levels scatter from month to month, so that
    promotions and moods of customers do not pass for a change.

    Args:
        weeks: at least `LEAST_BEFORE + LEAST_SINCE` columns.
        prior: share of shelves that move within `CALLED_WEEKS`, in (0, 1).

    >>> lines = np.array([[1.0] * 60, [2.0] * 50 + [0.0] * 10])
    >>> found = moved(Weeks(lines, lines, np.ones_like(lines)), 0.03)
    >>> found.chance.round(2).tolist(), int(found.since[1])
    ([0.0, 1.0], 50)
    """
    count = weeks.lines.shape[1]
    splits = np.arange(max(count - CALLED_WEEKS, LEAST_BEFORE), count - LEAST_SINCE + 1)
    lines, exposure = weeks.lines.cumsum(axis=1), weeks.exposure.cumsum(axis=1)
    before, known_before = lines[:, splits - 1], exposure[:, splits - 1]
    since, known_since = lines[:, -1:] - before, exposure[:, -1:] - known_before
    share = known_since / np.maximum(exposure[:, -1:], 1e-12)
    tells = (known_before > 0) & (known_since > 0) & (lines[:, -1:] >= FEWEST_LINES)
    steady = xlogy(since, share) + xlogy(before, 1 - share)
    spread = 1 + _scatter(weeks) * BLOCK * lines[:, -1] / np.maximum((weeks.exposure > 0).sum(axis=1), 1)
    logs = np.empty((*share.shape, len(RATIOS)))
    for place, ratio in enumerate(RATIOS):
        tilted = ratio * share / np.maximum(ratio * share + 1 - share, 1e-12)
        log = (xlogy(since, tilted) + xlogy(before, 1 - tilted) - steady) / spread[:, None]
        logs[:, :, place] = np.where(tells, log, 0.0)
    top = np.maximum(logs.max(axis=(1, 2)), 0.0)
    each = np.exp(logs - top[:, None, None]).mean(axis=2)
    factor, stayed = each.mean(axis=1), np.exp(-top)
    first = splits[each.argmax(axis=1)]
    chance = prior * factor / (prior * factor + (1 - prior) * stayed)
    return Moved(np.where(_is_new(lines, exposure, first), chance, 0.0), first)


def _is_new(lines: Matrix, exposure: Matrix, first: Vector) -> Vector:
    """Whether the level since a week differs from that of the quarter just before it, given running sums."""
    rows, start = np.arange(len(first)), np.maximum(first - NEAR_WEEKS, 0)
    rates = []
    for begin, end in ((start, first), (first, np.full_like(first, lines.shape[1]))):
        came, usual = (m[rows, end - 1] - np.where(begin > 0, m[rows, begin - 1], 0.0) for m in (lines, exposure))
        rates.append(came / np.maximum(usual, 1e-12))
    return np.maximum(*rates) >= LEAST_RATIO * np.minimum(*rates)


def _scatter(weeks: Weeks) -> float:
    """Squared relative spread of levels from one block of weeks to the next, beyond chance, of all shelves together."""
    blocks = (weeks.lines.shape[1] - CALLED_WEEKS) // BLOCK
    if blocks < LEAST_BEFORE // BLOCK:
        return USUAL_SPREAD
    old = slice(-CALLED_WEEKS - BLOCK * blocks, -CALLED_WEEKS)
    lines, exposure = (m[:, old].reshape(len(m), blocks, BLOCK).sum(axis=2) for m in (weeks.lines, weeks.exposure))
    mean = exposure * (lines.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-12))[:, None]
    left = 1 - mean / np.maximum(mean.sum(axis=1, keepdims=True), 1e-12)
    beyond, square = ((lines - mean) ** 2 - mean * left).sum(), (mean**2 * left).sum()
    return float(max(beyond / square, 0.0)) if square > 0 else USUAL_SPREAD


def seasons(lines: Matrix, tells: Matrix, group: Vector) -> Matrix:
    """How busy each week was for the product group of each shelf, without the shelf itself; about 1.

    Args:
        lines: order lines by shelf and week.
        tells: whether the week says anything about the shelf; elsewhere 0 comes back.
        group: number of the product group of each shelf.
    """
    rate = (lines.sum(axis=1) / np.maximum(tells.sum(axis=1), 1))[:, None] * tells
    came, usual = (np.zeros((int(group.max(initial=-1)) + 1, lines.shape[1])) for _ in range(2))
    np.add.at(came, group, lines)
    np.add.at(usual, group, rate)
    came, usual = came[group] - lines, usual[group] - rate
    near = [_near(came), _near(usual)]
    return tells * (near[0] + STEADY_LINES) / (near[1] + STEADY_LINES)


def _near(values: Matrix) -> Matrix:
    """The sum of each week and those about it."""
    if not values.size:
        return values
    half = SMOOTHED_WEEKS // 2
    sums = np.pad(values.cumsum(axis=1), ((0, 0), (half + 1, half)), mode="edge")
    sums[:, : half + 1] = 0.0
    return sums[:, SMOOTHED_WEEKS:] - sums[:, :-SMOOTHED_WEEKS]


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each shelf whose demand has likely moved to another level within half a year."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="It is switched off; no level is said to have moved.")
    shelves, weeks = _weeks(frames, asked.as_of)
    if weeks.lines.shape[1] < LEAST_BEFORE + LEAST_SINCE:
        least = LEAST_BEFORE + LEAST_SINCE
        return Scored(
            empty(MODEL), because=f"It takes {least} weeks of orders; there are {weeks.lines.shape[1]}.", trained_rows=0
        )
    assumed = dict(frames["raw.assumptions"].iter_rows())
    found = moved(weeks, float(assumed.get("demand_shift_share", MOVING)))
    net = {row[:2]: row[2] for row in frames["marts.sku_margins"].iter_rows()}
    rows = [
        _row(shelves[place], weeks, place, found, net.get(shelves[place]), asked.as_of)
        for place in np.flatnonzero(found.chance >= LEAST_CHANCE).tolist()
    ]
    because = (
        f"Order lines of {len(shelves)} SKUs at a site; the demand of {len(rows)} has likely moved within half a year."
    )
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None) if rows else None
    tables = {"scores.demand_shifts": table} if table is not None else empty(MODEL)
    return Scored(tables, because=because, trained_rows=int(weeks.lines.sum()))


def _weeks(frames: Frames, as_of: dt.date) -> tuple[list[tuple[str, str]], Weeks]:
    """The shelves in order, and their weeks, counted back from the as-of day; only whole ones."""
    lives = frames["marts.selling_lives"].filter(pl.col("first_demand_date") <= as_of)
    shelves = lives.join(frames["core.skus"], on="sku_id", how="left").sort("sku_id", "site_id").with_row_index("place")
    back = (pl.lit(as_of) - pl.col("day")).dt.total_days() // 7
    oldest = shelves.select((pl.lit(as_of) - pl.col("first_demand_date").min()).dt.total_days()).item() or 0
    count = min((oldest + 1) // 7, WEEKS) if shelves.height else 0
    keys = shelves.select("sku_id", "site_id", "place")

    def placed(name: str, column: str) -> pl.DataFrame:
        days = frames[name].rename({column: "day"}).filter(pl.col("day") <= as_of).with_columns(back=back)
        return days.filter(pl.col("back") < count).join(keys, on=["sku_id", "site_id"])

    lines, qty, tells = (np.zeros((shelves.height, count)) for _ in range(3))
    sold = placed("core.demand_facts", "demand_date").group_by("place", "back")
    facts = sold.agg(pl.col("line_count").sum(), pl.col("demand_qty").sum().cast(pl.Float64))
    at = facts["place"].to_numpy(), count - 1 - facts["back"].to_numpy()
    lines[at], qty[at] = facts["line_count"].to_numpy(), facts["demand_qty"].to_numpy()
    ago = count - 1 - np.arange(count)
    first, last = (
        shelves.select((pl.lit(as_of) - pl.col(name)).dt.total_days() // 7).to_series().to_numpy()[:, None]
        for name in ("first_demand_date", "last_sale_date")
    )
    tells = (ago <= first) & (ago >= last)
    # An empty shelf sells nothing, and a promotion sells more: neither is another level.
    for days in (placed("core.stock_out_days", "demand_date"), _promoted(frames, keys, as_of, count)):
        tells[days["place"].to_numpy(), count - 1 - days["back"].to_numpy()] = False
    lines, qty = lines * tells, qty * tells
    group = shelves["category_name"].fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1
    return list(shelves.select("sku_id", "site_id").iter_rows()), Weeks(lines, qty, seasons(lines, tells, group))


def _promoted(frames: Frames, keys: pl.DataFrame, as_of: dt.date, count: int) -> pl.DataFrame:
    """The weeks of each shelf in which it was on offer, and the one after."""
    offers = frames["core.promotions"].filter(pl.col("starts_date") <= as_of)
    everywhere = offers.filter(pl.col("site_id") == "*").drop("site_id").join(keys, on="sku_id")
    here = pl.concat(
        [
            one.select("place", "starts_date", "ends_date")
            for one in (everywhere, offers.join(keys, on=["sku_id", "site_id"]))
        ]
    )
    first = ((pl.lit(as_of) - pl.col("starts_date")).dt.total_days() // 7).clip(upper_bound=count - 1)
    last = ((pl.lit(as_of) - pl.col("ends_date")).dt.total_days() // 7 - 1).clip(lower_bound=0)
    spans = here.select("place", first=first, last=last).filter(pl.col("first") >= pl.col("last"))
    return spans.select("place", back=pl.int_ranges("last", pl.col("first") + 1)).explode("back").drop_nulls()


def _row(shelf: tuple[str, str], weeks: Weeks, place: int, found: Moved, net: object, as_of: dt.date) -> tuple:
    count, since, chance = weeks.lines.shape[1], int(found.since[place]), float(found.chance[place])
    exposure, lines, qty = (matrix[place] for matrix in (weeks.exposure, weeks.lines, weeks.qty))
    known = max(int((exposure[since:] > 0).sum()), 1)
    season = exposure[since:].sum() / max(exposure[:since].sum(), 1e-12)
    expected, came = qty[:since].sum() * season / known, qty[since:].sum() / known
    day = as_of - dt.timedelta(days=7 * (count - since) - 1)
    money = None if net is None else abs(came - expected) * known * max(float(net), 0.0)  # type: ignore[arg-type]
    said = (
        f"{lines[since:].sum():,.0f} order lines since the week of {day.isoformat()}, where {lines[:since].sum() * season:,.0f} "
        f"were to be expected: {came:,.1f} a week instead of {expected:,.1f}. "
        f"The chance that demand has moved to another level is {chance:.0%}."
    )
    told = (round(float(expected), 3), round(float(came), 3), round(min(chance, 1.0), 4))
    return (*shelf, day, *told, None if money is None else round(money, 4), said, as_of)


MODEL = Model(
    code="demand_shifts",
    title="Demand shifts",
    question="At which shelves has demand moved to another level, since when, and how sure is that?",
    reads={
        "core.demand_facts": ("sku_id", "site_id", "demand_date", "demand_qty", "line_count"),
        "core.stock_out_days": ("sku_id", "site_id", "demand_date"),
        "core.promotions": ("sku_id", "site_id", "starts_date", "ends_date"),
        "core.skus": ("sku_id", "category_name"),
        "marts.selling_lives": ("sku_id", "site_id", "first_demand_date", "last_sale_date"),
        "marts.sku_margins": ("sku_id", "site_id", "unit_net_amount"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.demand_shifts",
            answers="Where has demand likely moved to another level within half a year: since when, from what to what, how sure?",
            grain="one row per SKU and site whose demand moved with a chance of one in five or more",
            key=("sku_id", "site_id"),
            columns=COLUMNS,
            checks=("chance_share >= 0.2 and chance_share <= 1", "impact_amount is null or impact_amount >= 0", "since_date <= as_of_date"),
        ),
    ),
    guarantee="Weeks in which a shelf was empty or on offer, and the season of its product group, are never taken for a change.",
    rival="no level has moved",
    needs=("order_lines",),
    versions={1: "Bayes factors of a level that moved by half or more, over weeks and factors, on counts of order lines."},
    does_not="It does not know changes of less than half, changes younger than four weeks, or why demand moved.",
    trust="Trust what is likelier than not; between one in five and one in two it is a hint where stock is short or too high.",
    score=score,
)  # fmt: skip
