"""Whose net value it is: what AI had a part in, and what people decided that no agent of AI proposed; one query tells it everywhere."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from pages.parts import told
from pages.parts.ask import ask
from pages.parts.page import Visit
from pages.parts.words import Words

LEDGER = "marts.value_ledger"
SPLIT_SQL = """
    select
        is_with_ai,
        cast(sum(case when earning_source_name = 'decision' then 1 else 0 end) as bigint) as decision_count,
        cast(sum(case when earning_source_name = 'use case' then 1 else 0 end) as bigint) as effect_count,
        sum(benefit_amount) as benefit_amount,
        sum(error_cost_amount + rework_amount + review_amount) as quality_cost_amount,
        sum(ai_cost_amount) as ai_cost_amount,
        sum(net_earned_amount) as net_earned_amount
    from marts.value_ledger
    where month_date >= ? and month_date <= ?
    group by is_with_ai
    order by is_with_ai desc
"""
AI, PEOPLE, ALL = "With AI", "People alone", "Together"
COLUMNS = [
    "part_name",
    "decision_count",
    "net_earned_amount",
    "benefit_amount",
    "quality_cost_amount",
    "ai_cost_amount",
]
LABELS = {
    "part_name": "Decided",
    "decision_count": "Decisions",
    "net_earned_amount": "Net",
    "benefit_amount": "Benefit",
    "quality_cost_amount": "Errors, rework, review",
    "ai_cost_amount": "Cost of AI",
}
NOTE = "with AI: proposed by an agent, or measured of a use case; it bears the whole cost of AI"


def split(visit: Visit, since: dt.date, until: dt.date) -> pl.DataFrame:
    """One row for each part that has any row in these months, that with AI first."""
    return ask(visit, SPLIT_SQL, (since, until))


def by_people(parts: pl.DataFrame) -> Mapping[str, Any] | None:
    """The part without AI; None where every row has AI in it."""
    found = parts.filter(~pl.col("is_with_ai"))
    return found.row(0, named=True) if found.height else None


def sentences(parts: pl.DataFrame, words: Words) -> dict[str, str]:
    """The parts in words, by what they are called; nothing where no decision was made without AI, for then all of it is with AI.

    >>> words = Words("en_GB", "EUR", "UTC")
    >>> amounts = {"net_earned_amount": [20, 80], "ai_cost_amount": [5, 0]}
    >>> counts = {"decision_count": [3, 9], "effect_count": [2, 0]}
    >>> told = sentences(pl.DataFrame({"is_with_ai": [True, False]} | counts | amounts), words)
    >>> told["With AI"]
    '€20.00 net, from 3 decisions that an agent proposed, and what was measured of use cases, less the whole cost of AI (€5.00).'
    >>> told["People alone"]
    '€80.00 net, 80.0% of it all, from 9 decisions that no agent of AI proposed.'
    """
    people = by_people(parts)
    if people is None:
        return {}
    whole, found = parts["net_earned_amount"].sum(), {}
    for row in parts.filter("is_with_ai").iter_rows(named=True):
        said = [f"{words.plural(row['decision_count'], 'decision')} that an agent proposed"] * bool(
            row["decision_count"]
        )
        said += ["what was measured of use cases"] * bool(row["effect_count"])
        brought = f", from {', and '.join(said)}" if said else ", for nothing that AI brought was seen"
        cost = f", less the whole cost of AI ({words.money(row['ai_cost_amount'])})" if row["ai_cost_amount"] else ""
        found[AI] = f"{words.money(row['net_earned_amount'])} net{brought}{cost}."
    net = people["net_earned_amount"]
    # Beside a loss of the other part a share would pass 100 per cent and say nothing.
    share = f", {words.share(net / whole)} of it all" if 0 <= net <= whole and whole else ""
    count = words.plural(people["decision_count"], "decision")
    found[PEOPLE] = f"{words.money(net)} net{share}, from {count} that no agent of AI proposed."
    return found


def table(parts: pl.DataFrame) -> pl.DataFrame:
    """The parts and their sum, as the screen shows them and the downloads hold them."""
    named = parts.select(
        pl.when("is_with_ai").then(pl.lit(AI)).otherwise(pl.lit(PEOPLE)).alias("part_name"), *COLUMNS[1:]
    )
    return pl.concat(
        [named, named.select(pl.lit(ALL).alias("part_name"), pl.col(COLUMNS[1:]).sum())], how="vertical_relaxed"
    )


def panel(visit: Visit, parts: pl.DataFrame) -> None:
    """Draws the split as a table with its downloads."""
    told.told(visit, table(parts), name="ai_split", title="Of which with AI", source=LEDGER, columns=COLUMNS, labels=LABELS,
              units={"part_name": "text"}, note=NOTE)  # fmt: skip
