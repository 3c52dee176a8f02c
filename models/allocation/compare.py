"""Every rule beside first come: what each line gets, what that is worth, whose contract it breaks, and who loses by it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.allocation.rules import FIRST_COME, Claims, given, one_more, worth_of

Vector = np.ndarray
NAMED_LOSERS = 3


@dataclass(frozen=True)
class Shared:
    """What came of one rule: by claim, and by shelf."""

    rule: str
    given: Vector
    worth: Vector
    shadow: Vector


def shared(claims: Claims, rules: tuple[str, ...]) -> list[Shared]:
    """Each rule's answer to the same claims, first come before all others."""
    found = []
    for rule in rules:
        got = given(claims, rule)
        found.append(Shared(rule, got, worth_of(claims, got), one_more(claims, rule)))
    return found


def gini(shares: Vector) -> float:
    """How unequal shares are: 0 where all are alike, towards 1 where one has everything; 0 where nobody has anything.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0])), gini(np.zeros(3))
    (0.0, 0.5, 0.0)
    """
    total, count = float(shares.sum()), shares.size
    if total <= 0:
        return 0.0
    rank = np.arange(1, count + 1)
    return round(float(2 * (rank * np.sort(shares)).sum() / (count * total) - (count + 1) / count), 12)


def jain(shares: Vector) -> float:
    """Jain's index of fairness: 1 where all shares are alike, 1/n where one of n has everything; 1 where nobody has anything.

    >>> jain(np.array([2.0, 2.0])), jain(np.array([1.0, 0.0]))
    (1.0, 0.5)
    """
    squares = float((shares**2).sum())
    return float(shares.sum()) ** 2 / (shares.size * squares) if squares > 0 else 1.0


def lines(open_lines: pl.DataFrame, claims: Claims, answers: list[Shared]) -> pl.DataFrame:
    """One row a line and rule; `open_lines` has a row for each claim, in their order."""
    first = next(answer.given for answer in answers if answer.rule == FIRST_COME)
    floors = claims.floors
    return pl.concat(
        open_lines.with_columns(
            rule_name=pl.lit(answer.rule),
            wanted_qty=pl.Series(claims.wanted),
            floor_qty=pl.Series(floors),
            given_qty=pl.Series(answer.given),
            first_come_qty=pl.Series(first),
            unit_worth_amount=pl.Series(np.maximum(claims.worth, 0.0)),
            is_floor_broken=pl.Series(answer.given < floors - 1e-9),
            margin_amount=pl.Series(answer.given * claims.margin),
        )
        for answer in answers
    )


def shelves(names: pl.DataFrame, claims: Claims, answers: list[Shared], labels: list[str]) -> pl.DataFrame:
    """One row a shelf and rule.

    Args:
        names: `sku_id` and `site_id` of each shelf.
        claims: what is wanted.
        answers: of each rule.
        labels: how people call each claim.
    """
    order = np.argsort(claims.shelf, kind="stable")
    edges = np.searchsorted(claims.shelf[order], np.arange(claims.supply.size + 1))
    first = next(answer.given for answer in answers if answer.rule == FIRST_COME)
    rows = []
    for answer in answers:
        for at, (sku, site) in enumerate(names.select("sku_id", "site_id").iter_rows()):
            mine = order[edges[at] : edges[at + 1]]
            rows.append((sku, site, answer.rule, *_row(claims, answer, at, mine, first, labels)))
    return pl.DataFrame(rows, schema=SHELF_COLUMNS, orient="row", infer_schema_length=None)


SHELF_COLUMNS = (
    "sku_id",
    "site_id",
    "rule_name",
    "line_count",
    "supply_qty",
    "demand_qty",
    "given_qty",
    "margin_amount",
    "worth_amount",
    "missed_worth_amount",
    "shadow_amount",
    "floor_breach_count",
    "floor_short_qty",
    "worst_fill_share",
    "gini_number",
    "fairness_number",
    "loser_count",
    "lost_qty",
    "because_text",
)


def _row(claims: Claims, answer: Shared, at: int, mine: Vector, first: Vector, labels: list[str]) -> tuple:
    got, wanted, floors = answer.given[mine], claims.wanted[mine], claims.floors[mine]
    worth = np.maximum(claims.worth[mine], 0.0)
    fill = np.divide(got, wanted, out=np.ones(mine.size), where=wanted > 0)
    short = np.maximum(floors - got, 0.0)
    lost = np.maximum(first[mine] - got, 0.0)
    losers = [(labels[mine[k]], float(lost[k])) for k in np.lexsort((claims.since[mine], -lost)) if lost[k] > 1e-9]
    return (
        mine.size,
        float(claims.supply[at]),
        float(wanted.sum()),
        float(got.sum()),
        round(float((got * claims.margin[mine]).sum()), 4),
        round(float((got * worth).sum()), 4),
        round(float(((wanted - got) * worth).sum()), 4),
        round(float(answer.shadow[at]), 4),
        int((short > 1e-9).sum()),
        round(float(short.sum()), 3),
        float(fill.min()),
        gini(fill),
        jain(fill),
        len(losers),
        round(float(lost.sum()), 3),
        _words(claims, at, (float(got.sum()), float(wanted.sum())), short, losers),
    )


def _words(claims: Claims, at: int, sums: tuple[float, float], short: Vector, losers: list[tuple[str, float]]) -> str:
    """What the rule does here, in sentences: stock against wishes, broken floors, and who gets less than by first come."""
    said = [
        f"{_number(max(float(claims.supply[at]), 0))} in stock, {_number(sums[1])} wanted; {_number(sums[0])} are given"
    ]
    broken = int((short > 1e-9).sum())
    if broken:
        said.append(
            f"{broken} contract floor{'s are' if broken > 1 else ' is'} missed by {_number(float(short.sum()))}"
        )
    if losers:
        named = ", ".join(f"{name} by {_number(by)}" for name, by in losers[:NAMED_LOSERS])
        more = f" and {len(losers) - NAMED_LOSERS} more" if len(losers) > NAMED_LOSERS else ""
        said.append(f"less than by first come: {named}{more}")
    return "; ".join(said) + "."


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".")


def tiers(rows: pl.DataFrame) -> pl.DataFrame:
    """Service by tier: what each tier wanted and got under each rule of each shelf; customers without a tier stand together as -."""
    tier = pl.col("tier_code").fill_null("-")
    grouped = rows.group_by("sku_id", "site_id", "rule_name", tier_code=tier).agg(
        line_count=pl.len(),
        wanted_qty=pl.col("wanted_qty").sum(),
        given_qty=pl.col("given_qty").sum(),
        first_come_qty=pl.col("first_come_qty").sum(),
        margin_amount=pl.col("margin_amount").sum().round(4),
        floor_breach_count=pl.col("is_floor_broken").sum(),
    )
    return grouped.with_columns(fill_share=pl.col("given_qty") / pl.col("wanted_qty")).sort(
        "sku_id", "site_id", "rule_name", "tier_code"
    )
