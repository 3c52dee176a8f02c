"""Planned costs cut any way down and any way across, agents apart from assistants, and the proof that all ways have one total."""

from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.cash_flows import RESERVE_LINE
from models.ai_economics.plan_totals import cross_tab, reconciled
from pages.parts import ai_cost_world, tables, told
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

PLAN, CASES, AGENT = "marts.ai_planned_costs", "scores.ai_business_cases", "agent"
WAYS_SAID = "by component, layer, category, nature, domain, use case, place, site and month"
CUTS = {
    "component_code": "Component",
    "layer_code": "Layer",
    "budget_category_code": "Budget category",
    "cost_nature_code": "What it pays for",
    "cost_line_name": "Cost line",
}
ACROSS = {
    "use_case_name": "Use case",
    "domain_code": "Domain",
    "deployment_code": "Where it runs",
    "site_id": "Site",
    "budget_category_code": "Budget category",
    "year": "Year",
}
CALLED = {name: title.lower() for name, title in {**CUTS, **ACROSS}.items()}
LABELS = {
    "kind_name": "Kind",
    "case_text": "Use cases",
    "year_amount": "First year",
    "planned_amount": "Whole plan",
    "tokens_amount": "Of it tokens",
    "use_case_name": "Use case",
    "marginal_cost_amount": "Adds to the plan",
    "beside_share": "Against the average of those taken up",
}
UNITS = {
    "year_amount": "money",
    "planned_amount": "money",
    "tokens_amount": "money",
    "marginal_cost_amount": "money",
    "beside_share": "share",
}


def proof(visit: Visit, rows: pl.DataFrame) -> str:
    """The check of the table's header: that the parts of every way of cutting add up to one total."""
    found, words = reconciled(rows), visit.words
    if found.is_one:
        missing = ai_cost_world.gap(visit)
        sums = f"all parts sum to {words.money_exact(found.amount)}: {WAYS_SAID}"
        return f"{sums}. Left out: {missing}" if missing else sums
    wrong = ", ".join(CALLED.get(name, name) for name in found.wrong) or "their combination"
    return f"parts do not sum to {words.money_exact(found.amount)} by {wrong}: report this"


def agents(visit: Visit, rows: pl.DataFrame) -> None:
    """Agents have a budget of their own: their loops make their cost less even than an assistant's."""
    named = rows.with_columns(
        kind_name=pl.when(pl.col("pattern_code") == AGENT)
        .then(pl.lit("agents"))
        .otherwise(pl.lit("assistants and all others"))
    )
    months = rows["month_date"].unique().sort()
    inside = months[:12].to_list()
    first = (
        named.filter(pl.col("month_date").is_in(inside))
        .group_by("kind_name")
        .agg(year_amount=pl.col("planned_amount").cast(pl.Float64).sum())
    )
    found = (
        named.group_by("kind_name")
        .agg(
            pl.col("planned_amount").cast(pl.Float64).sum(),
            case_text=pl.col("use_case_name").drop_nulls().unique().sort().str.join(", "),
            tokens_amount=pl.col("planned_amount")
            .cast(pl.Float64)
            .filter(pl.col("cost_nature_code") == "tokens")
            .sum(),
        )
        .join(first, on="kind_name", how="left")
        .sort("kind_name")
    )
    told.told(
        visit,
        found,
        name="ai_agents",
        title="Agents are budgeted apart",
        columns=["kind_name", "case_text", "year_amount", "planned_amount", "tokens_amount"],
        labels=LABELS,
        units=UNITS,
        source=PLAN,
    )


def cut(visit: Visit, rows: pl.DataFrame) -> None:
    """Any of the ways down against any across, with sums at both ends."""
    with st.container(horizontal=True, gap="medium", key="ai_cut"):
        down = st.selectbox("Rows", list(CUTS), format_func=CUTS.__getitem__, key="ai_cut_down")
        across = st.selectbox(
            "Columns", [name for name in ACROSS if name != down], format_func=ACROSS.__getitem__, key="ai_cut_across"
        )
    named = rows.with_columns(
        pl.col("month_date").dt.year().cast(pl.String).alias("year"), pl.col("planned_amount").cast(pl.Float64)
    )
    found = cross_tab(named, down, across)
    # What has no price is not nought: such cells of a use case with a gap are empty.
    unknown = [name for name in _with_gaps(visit) if across == "use_case_name" and name in found.columns]
    found = found.with_columns(pl.when(pl.col(name) != 0).then(pl.col(name)).alias(name) for name in unknown)
    # Sums first: what lies far to the right or below may have to be scrolled to.
    found = pl.concat([found.tail(1), found.head(-1)]).select(down, "total_amount", pl.exclude(down, "total_amount"))
    units: dict[str, str] = {name: "money" for name in found.columns if name != down}
    labels: dict[str, Any] = {
        **CUTS,
        "total_amount": "All",
        **{name: name for name in found.columns if name not in (down, "total_amount")},
    }
    tables.show(
        visit,
        found,
        name="ai_cross_tab",
        title=f"{CUTS[down]} by {ACROSS[across].lower()}, in {visit.company.reporting_currency}",
        labels=labels,
        units=units,
        source=PLAN,
        note=f"{(said := proof(visit, rows).rstrip('.'))[0].upper()}{said[1:]}.",
    )


def _with_gaps(visit: Visit) -> list[str]:
    """The names of the use cases some of whose planned costs have no price."""
    names = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows())
    return [title for name, title in sorted(names.items()) if ai_cost_world.gap(visit, name)]


def next_ones(visit: Visit, rows: pl.DataFrame) -> None:
    """What each candidate would add to the plan as the next use case, beside what one of those taken up costs on average."""
    if not has_rows(visit, CASES):
        return
    found = mart(visit, CASES, where={"is_taken_up": False}).drop_nulls("marginal_cost_amount")
    taken = rows["use_case_id"].n_unique()
    if found.is_empty() or not taken:
        return
    without = rows.filter(pl.col("cost_line_name") != RESERVE_LINE)["planned_amount"]  # a candidate is told without it
    average = float(without.cast(pl.Float64).sum()) / taken
    names = dict(mart(visit, "raw.use_cases", columns=("use_case_id", "use_case_name")).iter_rows())
    found = found.with_columns(
        pl.col("marginal_cost_amount").cast(pl.Float64),
        use_case_name=pl.col("use_case_id").replace_strict(names, default=pl.col("use_case_id")),
    ).sort("marginal_cost_amount", "use_case_id")
    found = found.with_columns(beside_share=pl.col("marginal_cost_amount") / average - 1)
    told.told(
        visit,
        found,
        name="ai_next",
        title="What the next use case would add",
        columns=["use_case_name", "marginal_cost_amount", "beside_share"],
        labels=LABELS,
        units=UNITS,
        source=CASES,
        note=f"much is shared: one of those taken up costs {visit.words.money(average)} on average, without the reserve",
    )
