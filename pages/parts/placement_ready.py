"""Whether data and work are one thing before a model is taught them: product data, procedures by site, handling of exceptions."""

import polars as pl
import streamlit as st

from pages.parts import empty, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

READY = "marts.ai_readiness"
CHECKS = {
    "skus_complete": "Product data complete",
    "skus_named_once": "One name, one SKU",
    "skus_mastered": "SKUs in the master",
    "sku_prices_agree": "Price and cost agree",
    "minutes_alike": "Minutes of people, site by site",
    "steps_alike": "Steps of people, site by site",
    "ticket_minutes_alike": "Minutes of a ticket, site by site",
    "next_step_alike": "Answered by the same step",
    "ticket_end_alike": "Tickets end the same way",
}
COLUMNS = {
    "found_code": 110, "check_said": 205, "exception_said": 130, "kept_share": 70, "least_share": 70, "found_text": 430,
    "seen_in_name": 170, "checked_count": 85, "area_said": 170,
}  # fmt: skip
LABELS = {
    "found_code": "Found", "area_said": "About", "check_said": "Check", "exception_said": "Of", "found_text": "What the data show",
    "kept_share": "Alike", "least_share": "Asked", "checked_count": "Looked at", "seen_in_name": "Source",
}  # fmt: skip
NOTE = (
    "Alike: of product data, the share that is as it should be; between sites, the lowest mean by the highest; of exceptions, the share "
    "that was handled in the commonest way. Minutes are those of whole orders, so a site of larger orders takes more. Asked is a house "
    "rule. An activity counts as an exception where at most a fifth of the orders have it; fewer than thirty tell nothing. It forbids no "
    "way: a use case that works at sites will find there what stands here."
)


def board(visit: Visit) -> None:
    """Draws what each area comes to, then every check with its source and verdict."""
    if visit.build is None or not has_rows(visit, READY):
        empty.nothing("Nothing has been looked at yet.", key="ai_readiness", fix="Refresh once on the Upload page.")
        return
    found = told(mart(visit, READY, order_by=("readiness_area_name", "check_code", "exception_name")))
    with st.container(key="panel_ai_readiness"):
        look.title("Ready for AI?", "one thing first, then a model")
        look.pairs(areas(found))
    tables.show(visit, found, name="ai_readiness_checks", title="What that rests on", columns=COLUMNS, labels=LABELS,
                units={"found_code": "verdict"}, source=READY, note=NOTE)  # fmt: skip


def told(found: pl.DataFrame) -> pl.DataFrame:
    """The checks in words."""
    return found.with_columns(
        area_said=pl.col("readiness_area_name").str.head(1).str.to_uppercase()
        + pl.col("readiness_area_name").str.slice(1),
        check_said=pl.col("check_code").replace_strict(CHECKS, default=pl.col("check_code")),
        exception_said=pl.col("exception_name").replace({"*": "all"}),
    )


def areas(found: pl.DataFrame) -> dict[str, str]:
    """Each area with how many of its checks are met, and which are not."""
    said: dict[str, str] = {}
    for area in found["area_said"].unique(maintain_order=True):
        known = found.filter((pl.col("area_said") == area) & (pl.col("found_code") != "no data"))
        met = known.filter(pl.col("found_code") == "in place").height
        short = known.filter(pl.col("found_code") == "contradicted").select("check_said", "exception_said").iter_rows()
        words = "; ".join(f"{check.lower()} ({kind})" for check, kind in short)
        rest = f" Not met: {words}." if words else ""
        said[area] = (
            f"{met} of {known.height} checks are met.{rest}" if known.height else "Too little was uploaded to tell."
        )
    return said
