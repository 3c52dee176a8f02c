"""How models were used: calls, tokens, retries, failures and delay, and what was reported beside what was computed, by model and month."""

import polars as pl
import streamlit as st

from pages.parts import ai_bills, charts, empty, focus_export, kpi, look, tables
from pages.parts.ai_cost_head import ALL_TIME
from pages.parts.ask import has_extract, has_rows, mart
from pages.parts.page import Visit

SOURCE, GAPS = "marts.ai_usage", "marts.ai_price_gaps"
FIRST_CARD = 10  # the head of the page has the cards before
NUMBERS = (
    "ai_usage_cost",
    "ai_unpriced_tokens",
    "ai_failed_call_share",
    "ai_retry_share",
    "ai_latency_p95",
    "ai_latency_within_target",
    "ai_reported_difference",
)
LABELS = {
    "month_date": "Month",
    "seller_name": "Provider",
    "called_model_name": "Model",
    "use_case_name": "Use case",
    "call_count": "Calls",
    "failed_call_count": "Failed",
    "retry_count": "Retries",
    "local_hit_count": "From own cache",
    "token_count": "Tokens",
    "unpriced_token_count": "Without a price",
    "reported_home_cost": "Reported",
    "computed_cost": "Computed",
    "difference_cost": "Difference",
    "usage_cost": "Counted",
    "gap_text": "Why a gap",
    "gap_call_count": "Calls with a gap",
    "price_version_code": "Price list",
    "called_date": "Day",
}
MONEY = dict.fromkeys(("reported_home_cost", "computed_cost", "difference_cost", "usage_cost"), "money")
COUNTED = (
    "Counted: what was reported, else what was computed. Tokens without a price count nothing, and are a gap. "
    "Tokens and price lists are in the downloads."
)
SAME = "The models that cost most, each in one colour in both pictures; dated versions of a model count as one."
DATED = r"-\d{4}-?\d{2}-?\d{2}$"
NO_LOG = "No log of AI usage was uploaded: only the calls that Crossdock itself made are counted here."


def board(visit: Visit) -> None:
    """Draws the numbers, cost by day and model, the table by provider, model and month, and the FOCUS download."""
    if not has_extract(visit, "ai_calls"):
        empty.needs(visit, "ai_calls", what="What calls of other systems cost")
    if not has_rows(visit, SOURCE):
        empty.nothing("No call to a model is known.", key="ai_usage")
        return
    if not has_extract(visit, "ai_calls"):
        look.note(NO_LOG)
    with st.grid(4, min_column_width=140, gap="xsmall", key="kpi_strip_usage"):
        for nth, name in enumerate(NUMBERS, start=FIRST_CARD):
            with st.container(key=f"kpi_card_{nth}", gap=None):
                kpi.card(visit, ALL_TIME, name, nth=nth)
    rows = mart(visit, SOURCE).with_columns(
        pl.col(tuple(MONEY)).cast(pl.Float64), month_date=pl.col("called_date").dt.truncate("1mo")
    )
    _pictures(visit, rows)
    gaps = (
        mart(visit, GAPS, order_by=("-month_date", "seller_name", "called_model_name"))
        if has_rows(visit, GAPS)
        else pl.DataFrame()
    )
    columns = [
        "month_date",
        "seller_name",
        "called_model_name",
        "call_count",
        "reported_home_cost",
        "computed_cost",
        "difference_cost",
        "usage_cost",
        "gap_text",
    ]
    tables.show(
        visit,
        gaps,
        name="ai_reported",
        title="Reported against computed, by provider, model and month",
        columns=columns,
        labels=LABELS,
        units=MONEY,
        source=GAPS,
        note=COUNTED,
    )
    _by_use_case(visit, rows)
    ai_bills.board(visit)
    with st.container(key="panel_ai_focus"):
        look.title("As a cloud bill", "FOCUS 1.2, one row a day, provider, model, use case and site")
        with st.container(horizontal=True, gap="small", key="tools_ai_focus"):
            focus_export.buttons(visit)


def _pictures(visit: Visit, rows: pl.DataFrame) -> None:
    """Cost and tokens by month beside each other: the same models in both, each in one colour."""
    found, order = by_model(rows)
    left, right = st.columns(2)
    with left:
        charts.columns(
            visit, found, x="month_date", y="usage_cost", by="called_model_name", order=order, unit="money",
            title="Cost of calls by month and model", note=SAME,
        )  # fmt: skip
    with right:
        charts.columns(
            visit, found, x="month_date", y="token_count", by="called_model_name", order=order, unit="count",
            title="Tokens by month and model", note=SAME,
        )  # fmt: skip


def by_model(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Cost and tokens by month of the models that cost most, dated versions of a model as one, and of all others; with their order."""
    named = rows.with_columns(pl.col("called_model_name").str.replace(DATED, ""))
    sums = named.group_by("called_model_name").agg(_known("usage_cost", "token_count"))
    ranked = sums.sort(
        "usage_cost", "token_count", "called_model_name", descending=[True, True, False], nulls_last=True
    )["called_model_name"].to_list()
    kept = ranked if len(ranked) <= charts.SERIES_AT_MOST else ranked[: charts.SERIES_AT_MOST - 1]
    found = named.with_columns(
        pl.when(pl.col("called_model_name").is_in(kept)).then("called_model_name").otherwise(pl.lit(charts.OTHERS))
    )
    order = kept if len(kept) == len(ranked) else [*kept, charts.OTHERS]
    months = found.group_by("month_date", "called_model_name").agg(_known("usage_cost", "token_count"))
    return months.sort("month_date", "called_model_name"), order


def _known(*names: str) -> list[pl.Expr]:
    """Sums in which what nobody knows stays unknown: null where no row has a value."""
    return [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in names]


def _by_use_case(visit: Visit, rows: pl.DataFrame) -> None:
    sums = [
        "call_count",
        "failed_call_count",
        "retry_count",
        "local_hit_count",
        "token_count",
        "unpriced_token_count",
        "usage_cost",
    ]
    found = (
        rows.group_by("use_case_name")
        .agg(_known(*sums))
        .sort("usage_cost", "call_count", descending=True, nulls_last=True)
    )
    tables.show(
        visit,
        found,
        name="ai_usage",
        title=f"By use case, in {visit.company.reporting_currency}",
        columns=["use_case_name", *sums],
        labels=LABELS,
        units=MONEY,
        source=SOURCE,
    )
