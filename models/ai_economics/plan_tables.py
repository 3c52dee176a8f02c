"""A simulated programme as rows: planned costs that add up to the cent, their bands, volumes and benefits by month."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from models.ai_economics import benefits, costs
from models.ai_economics.lines import BY_CODE, CONTINGENCY, RESERVE, SHARED, Line
from models.ai_economics.programme import Simulated, gaps_said, weights
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cases
from models.months import month_after, months_between

EVERYWHERE = "*"
LEVELS = (0.1, 0.5, 0.8, 0.9)
COST_COLUMNS = (
    "use_case_id", "cost_line_name", "site_id", "month_date", "layer_code", "component_code", "budget_category_code", "domain_code",
    "deployment_code", "is_allocated", "planned_amount",
)  # fmt: skip
BAND_COLUMNS = (
    "scope_kind_name",
    "scope_name",
    "p10_amount",
    "p50_amount",
    "p80_amount",
    "p90_amount",
    "mean_amount",
    "gap_text",
)
VALUE_COLUMNS = (
    "use_case_id",
    "benefit_kind_name",
    "month_date",
    "benefit_class_code",
    "is_direct",
    "planned_amount",
    "p10_amount",
    "p90_amount",
)
VOLUME_COLUMNS = (
    "use_case_id", "month_date", "planned_cases_number", "low_cases_number", "high_cases_number", "usage_p10_amount", "usage_p50_amount",
    "usage_p90_amount",
)  # fmt: skip
ACCRUAL_COLUMNS = (
    "use_case_id", "cost_line_name", "site_id", "month_date", "component_code", "budget_category_code", "accrued_amount",
)  # fmt: skip
WRITTEN_OFF_MONTHS = 36
TOTAL = "total"
PLACES = 4


def months(found: Simulated) -> list[dt.date]:
    """The months of a plan, by their first day."""
    return [month_after(found.world.first_month, place) for place in range(found.world.months)]


def cost_months(found: Simulated) -> pl.DataFrame:
    """One row a use case, cost line, site and month: the mean over paths; shared lines are allocated, the contingency is one of them.

    Means add up, so every cross-tab of these rows has one total. What is rounded away at one month is made good in the next.
    """
    rows: list[pl.DataFrame] = []
    wanted = [*_own(found), *_allocated(found), *_contingency(found)]
    about = {case.use_case_id: case for case in found.world.use_cases}
    dates = months(found)
    for name, code, amounts, is_allocated in wanted:
        case, line = about[name], BY_CODE[code]
        for site, share in _sites(found, case.sites).items():
            rows.append(
                pl.DataFrame(
                    {
                        "use_case_id": name, "cost_line_name": code, "site_id": site, "month_date": dates, "layer_code": line.layer,
                        "component_code": line.component, "budget_category_code": line.category, "domain_code": case.domain,
                        "deployment_code": case.deployment, "is_allocated": is_allocated, "planned_amount": rounded(amounts * share),
                    }
                )
            )  # fmt: skip
    return pl.concat(rows) if rows else pl.DataFrame(schema=_shape(COST_COLUMNS))


def rounded(amounts: np.ndarray, places: int = PLACES) -> np.ndarray:
    """Amounts to so many places whose running sums are the rounded running sums: nothing is lost over the months.

    >>> rounded(np.array([0.00004, 0.00004, 0.00004])).tolist()
    [0.0, 0.0001, 0.0]
    """
    return np.diff(np.round(np.cumsum(amounts), places), prepend=0.0).round(places)


def bands(found: Simulated) -> pl.DataFrame:
    """P10, P50, P80, P90 and mean of the whole span: of the total, of each use case, component and both, and of each month.

    What has no price is in none of them, and `gap_text` says so in each row that leaves something out; a use case that has such a
    gap has no band of its own, nor has a component nothing of which has a price.
    """
    whole, said, priced = found.cost(), gaps_said(found), found.priced
    rows = [_band(TOTAL, TOTAL, whole.sum(axis=1), said)]
    told = {gap.use_case_id: gap.said for gap in found.gaps}
    names = [case.use_case_id for case in found.world.use_cases]
    rows += [_band("use case", name, found.cost(name).sum(axis=1), told.get(name)) for name in names]
    by_component: dict[str, np.ndarray] = {}
    for key, amount in found.costs.items():
        name = BY_CODE[key[1]].component
        by_component[name] = by_component.get(name, np.zeros(1)) + (amount.sum(axis=1) if key in priced else 0.0)
    for name, amount in sorted(by_component.items()):
        gap = gaps_said(found, name)
        # Where nothing of a component has a price it has none: nought would say that it is free.
        rows.append(_band("component", name, amount if gap is None or amount.any() else np.array([np.nan]), gap))
    rows += [_band("month", day.isoformat(), whole[:, place], said) for place, day in enumerate(months(found))]
    texts = ("scope_kind_name", "scope_name", "gap_text")
    return pl.DataFrame(
        rows, schema={name: pl.String if name in texts else pl.Float64 for name in BAND_COLUMNS}, orient="row"
    )


def contingency(found: Simulated) -> float:
    """P80 − P50 of the simulated total, never below nought."""
    low, high = np.quantile(found.cost().sum(axis=1), (0.5, 0.8))
    return max(float(high - low), 0.0)


def value_months(found: Simulated) -> pl.DataFrame:
    """One row a use case, kind of benefit and month: its mean and its P10 and P90."""
    dates, rows = months(found), []
    for (name, code), amount in found.benefits.items():
        kind = benefits.BY_CODE[code]
        spread = np.broadcast_to(amount, (amount.shape[0], len(dates)))
        low, high = np.quantile(spread, (0.1, 0.9), axis=0)
        rows.append(
            pl.DataFrame(
                {
                    "use_case_id": name, "benefit_kind_name": code, "month_date": dates, "benefit_class_code": kind.benefit_class,
                    "is_direct": kind.is_direct, "planned_amount": rounded(spread.mean(axis=0)), "p10_amount": low.round(PLACES),
                    "p90_amount": high.round(PLACES),
                }
            )
        )  # fmt: skip
    return pl.concat(rows) if rows else pl.DataFrame(schema=_shape(VALUE_COLUMNS))


def volume_months(found: Simulated) -> pl.DataFrame:
    """One row a use case and month: cases to come and what their model calls will cost, with P10 and P90."""
    dates, rows = months(found), []
    for case in found.world.use_cases:
        name = case.use_case_id
        count = np.broadcast_to(cases(found.world, case), (cases(found.world, case).shape[0], len(dates)))
        spent = found.costs.get((name, "model calls"))
        cost = np.full((3, len(dates)), np.nan) if spent is None else np.quantile(spent, (0.1, 0.5, 0.9), axis=0)
        low, high = np.quantile(count, (0.1, 0.9), axis=0)
        parts = dict(zip(VOLUME_COLUMNS[2:], (count.mean(axis=0), low, high, *cost), strict=True))
        rows.append(
            pl.DataFrame(
                {"use_case_id": name, "month_date": dates, **{key: one.round(PLACES) for key, one in parts.items()}}
            )
        )
    whole = pl.concat(rows) if rows else pl.DataFrame(schema=_shape(VOLUME_COLUMNS))
    return whole.with_columns(pl.col(pl.Float64).fill_nan(None))


def accruals(then: Callable[[dt.date], World], as_of: dt.date, orders: Mapping[dt.date, float]) -> pl.DataFrame:
    """What running use cases have cost each month so far beyond what logs measure, as planned: one row a line, site and month.

    Each month bears the efforts of the company as large as its orders of the year up to then made it, and of the use cases that
    ran in it, at what was assumed at its end, so a later forecast, use case or assumption moves no month that is over. Lines that
    volume moves are left to the logs, reserves are not spent, a line without a price is a gap. What is paid once is written off over
    36 months.

    Args:
        then: the programme's world at expected values, by what was assumed at the end of a month.
        as_of: the last month is this day's.
        orders: orders of each month so far.
    """
    rows: list[tuple[Any, ...]] = []
    begun = [case for case in then(as_of).use_cases if case.started is not None]
    for month in _since(min((case.started for case in begun if case.started), default=None), as_of):
        running = tuple(_as_in(case, month) for case in begun if _ran_in(case, month))
        world = _as_large_as(
            replace(then(month), use_cases=running), [units for day, units in sorted(orders.items()) if day <= month]
        )
        for case in running:
            for code, each in _of_month(world, case).items():
                line = BY_CODE[code]
                rows += [
                    (case.use_case_id, code, site, month, line.component, line.category, round(each * size, PLACES))
                    for site, size in _sites_of(world, case.sites).items()
                    if each * size
                ]
    return pl.DataFrame(rows, schema=_shape(ACCRUAL_COLUMNS), orient="row")


def _of_month(world: World, case: UseCase) -> dict[str, float]:
    """What each line of a use case accrues in a usual month of a world, with its part of what all share."""
    own = costs.of_use_case(world, case) | costs.once(world, case)
    common = costs.shared(world) | costs.shared_once(world)
    share = weights(world, "users").get(case.use_case_id, 0.0)
    whole = {code: _monthly(BY_CODE[code], amount) for code, amount in own.items()}
    whole |= {code: share * _monthly(BY_CODE[code], amount) for code, amount in common.items()}
    return {
        code: each
        for code, each in whole.items()
        if np.isfinite(each) and not BY_CODE[code].is_volume and BY_CODE[code].category != RESERVE
    }


def _as_large_as(world: World, orders: list[float]) -> World:
    """The world of a company with these orders in its last months; as it is where none are known."""
    if not orders:
        return world
    return replace(world, drivers={**world.drivers, "orders": np.full((1, world.months), float(np.mean(orders[-12:])))})


def _ran_in(case: UseCase, month: dt.date) -> bool:
    """Whether a use case had begun by the end of a month and had not been stopped before it."""
    if case.started is None or case.started.replace(day=1) > month:
        return False
    if case.stage != "stopped":
        return True
    return case.stopped is not None and case.stopped.replace(day=1) >= month


def _as_in(case: UseCase, month: dt.date) -> UseCase:
    """A use case as it ran in a month, with its second line as that stood then."""
    line = case.second_line
    return replace(case, stage="production", second_line=line and line.as_in(month))


def _monthly(line: Line, amount: np.ndarray) -> float:
    """A line's amount in a usual month; what is paid once spread over its life."""
    if line.code in costs.ONE_TIME:
        return float(np.asarray(amount).sum(axis=1).mean()) / WRITTEN_OFF_MONTHS
    return float(np.asarray(amount)[:, :1].mean())


def _since(started: dt.date | None, as_of: dt.date) -> list[dt.date]:
    if started is None:
        return []
    return [month_after(started, place) for place in range(months_between(started, as_of) + 1)]


def _own(found: Simulated) -> Iterator[tuple[str, str, np.ndarray, bool]]:
    for (name, code), amount in found.priced.items():
        if name != SHARED:
            yield name, code, amount.mean(axis=0), False


def _allocated(found: Simulated) -> Iterator[tuple[str, str, np.ndarray, bool]]:
    for (name, code), amount in found.costs.items():
        if name == SHARED:
            for case, share in found.weights.items():
                yield case, code, amount.mean(axis=0) * share, True


def _contingency(found: Simulated) -> Iterator[tuple[str, str, np.ndarray, bool]]:
    """The reserve, over use cases by how much each one's own cost spreads, and over months as the whole is."""
    reserve, whole = contingency(found), found.cost().mean(axis=0)
    own = {name: found.cost(name, is_priced=True).sum(axis=1) for name in found.weights}
    wide = {name: float(np.ptp(np.quantile(one, (0.5, 0.8)))) for name, one in own.items()}
    spread = sum(wide.values())
    if not (spread > 0 and whole.sum() > 0):
        return
    for name, one in wide.items():
        yield name, CONTINGENCY.code, reserve * one / spread * whole / whole.sum(), True


def _sites(found: Simulated, wanted: Iterable[str]) -> Mapping[str, float]:
    return _sites_of(found.world, wanted)


def _sites_of(world: World, wanted: Iterable[str]) -> Mapping[str, float]:
    """Shares of the sites of a use case, by their order lines; one for everywhere where no site is known."""
    known = world.sites
    chosen = {site: known[site] for site in (wanted or known) if site in known}
    whole = sum(chosen.values())
    return {site: share / whole for site, share in sorted(chosen.items())} if whole > 0 else {EVERYWHERE: 1.0}


def _band(kind: str, name: str, amounts: np.ndarray, gap: str | None) -> tuple[Any, ...]:
    if not np.isfinite(amounts).all():
        return (kind, name, None, None, None, None, None, gap)
    return (kind, name, *np.quantile(amounts, LEVELS).round(PLACES).tolist(), round(float(amounts.mean()), PLACES), gap)


def _shape(columns: Iterable[str]) -> dict[str, Any]:
    kinds = {"month_date": pl.Date, "is_allocated": pl.Boolean, "is_direct": pl.Boolean}
    return {
        name: kinds.get(name, pl.Float64 if name.endswith(("_amount", "_number")) else pl.String) for name in columns
    }
