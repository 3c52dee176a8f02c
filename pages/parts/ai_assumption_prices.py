"""Prices of models: those in force by date and version, changes that are scheduled, gaps where no price is known, and own prices."""

from decimal import Decimal, InvalidOperation

import polars as pl
import streamlit as st

from decisions.desk import Desk
from pages.parts import acting, empty, look, notice, rights, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit

PRICES, GAPS = "raw.ai_prices", "marts.ai_price_gaps"
IN_FORCE_SQL = """
    select * from raw.ai_prices
    where is_priced and coalesce(valid_from_date, date '1900-01-01') <= ? and (valid_to_date is null or valid_to_date > ?)
    order by provider_name, model_name, is_batch, from_token_count, day_from_minutes
"""
COMING_SQL = """
    select * from raw.ai_prices
    where is_priced and valid_from_date > ?
    order by valid_from_date, provider_name, model_name, is_batch, from_token_count
"""
GAPS_SQL = """
    select
        prices.provider_name, prices.model_name, prices.gap_text,
        coalesce(sum(gaps.unpriced_token_count), 0) as unpriced_token_count, coalesce(sum(gaps.gap_call_count), 0) as gap_call_count
    from raw.ai_prices as prices
    left join marts.ai_price_gaps as gaps
        on lower(gaps.called_model_name) = prices.model_name and lower(coalesce(gaps.seller_name, '')) = coalesce(prices.provider_name, '')
    where not prices.is_priced
    group by prices.provider_name, prices.model_name, prices.gap_text
    order by coalesce(sum(gaps.unpriced_token_count), 0) desc, prices.model_name
"""
COLUMNS = [
    "provider_name", "model_name", "valid_from_date", "valid_to_date", "is_batch", "service_tier_code", "from_token_count",
    "uncached_input_price", "cache_read_price", "cache_write_price", "output_price", "currency_code", "price_version_code",
    "author_name", "reason_text",
]  # fmt: skip
LABELS = {
    "provider_name": "Provider",
    "model_name": "Model",
    "valid_from_date": "From",
    "valid_to_date": "Until",
    "is_batch": "Batch",
    "service_tier_code": "Tier",
    "from_token_count": "From prompt tokens",
    "uncached_input_price": "Read",
    "cache_read_price": "Read from cache",
    "cache_write_price": "Written to cache",
    "output_price": "Written",
    "currency_code": "Currency",
    "price_version_code": "Version",
    "author_name": "Own, by",
    "reason_text": "Because",
    "gap_text": "Why there is no price",
    "unpriced_token_count": "Tokens without a price",
    "gap_call_count": "Calls without a price",
}
UNITS = dict.fromkeys(("uncached_input_price", "cache_read_price", "cache_write_price", "output_price"), "number")
NOTE = (
    "For a million tokens. An own price goes before the list from its day on. Rates of exchange are among the "
    "assumptions (US dollars per unit); calls are priced on their own day."
)
SINCE_ALWAYS = pl.date(1900, 1, 1)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the prices in force, those to come, the gaps, and the form for an own price."""
    if visit.build is None or not has_rows(visit, PRICES):
        empty.nothing("No model is named by a use case or a call, so no price is kept.", key="ai_prices",
                      fix="Upload an AI usage log, or take a use case up.")  # fmt: skip
    else:
        _tables(visit)
    _own(visit, desk)


def _tables(visit: Visit) -> None:
    day = visit.as_of
    current = ask(visit, IN_FORCE_SQL, (day, day)).with_columns(_since())
    tables.show(visit, current, name="ai_prices", title=f"Prices in force on {visit.words.day(day)} {day.year if day else ''}".strip(),
                columns=COLUMNS, labels=LABELS, units=UNITS, source=PRICES, note=NOTE)  # fmt: skip
    coming = ask(visit, COMING_SQL, (day,))
    if coming.height:
        tables.show(visit, coming, name="ai_prices_to_come", title="Changes that are scheduled", columns=COLUMNS,
                    labels=LABELS, units=UNITS, source=PRICES)  # fmt: skip
    else:
        empty.nothing("No change of a price is scheduled for the models in use.", key="ai_prices_to_come")
    gaps = ask(visit, GAPS_SQL)
    if gaps.height:
        tables.show(
            visit,
            gaps,
            name="ai_price_gaps",
            title="Models without a price: a gap, never nought",
            labels=LABELS,
            source=GAPS,
        )


def _since() -> pl.Expr:
    """A price that held ever since the list begins has no first day worth showing."""
    is_always = pl.col("valid_from_date") <= SINCE_ALWAYS
    return pl.when(is_always).then(None).otherwise(pl.col("valid_from_date")).alias("valid_from_date")


def _own(visit: Visit, desk: Desk) -> None:
    with st.container(key="panel_ai_own_price"):
        look.title("An own price", "counts from the next refresh on")
        for subject, acts in desk.book.ai.prices.items():
            said = acts[-1].payload
            look.note(f"{subject.strip('/')}: {said['uncached_input_price']} read, {said['output_price']} written {said['currency']} from "
                      f"{said['valid_from']}, by {acts[-1].who}: {said['reason']}")  # fmt: skip
        if not rights.need(visit, "set_price"):
            return
        known = (
            mart(visit, PRICES, columns=("model_name",))["model_name"].unique().sort().to_list() if visit.build else []
        )
        with st.form("ai_own_price", border=False):
            with st.container(horizontal=True, gap="small"):
                provider = st.text_input("Provider (empty: any)", key="price_provider")
                model = st.text_input(
                    "Model", key="price_model", help=f"As calls name it, such as {', '.join(known[:3])}."
                )
                since = st.date_input("From", value=visit.as_of, key="price_since")
                currency = st.text_input("Currency", value="USD", key="price_currency")
            with st.container(horizontal=True, gap="small"):
                texts = [
                    st.text_input(label, key=f"price_{nth}")
                    for nth, label in enumerate(("Read", "Written", "Read from cache", "Written to cache"))
                ]
            reason = st.text_input("Why", key="price_why")
            if not st.form_submit_button("Set the price", type="primary"):
                return
        try:
            read, out, cached, kept = (Decimal(text) if text.strip() else None for text in texts)
        except InvalidOperation:
            notice.warn("A price is no number. Write it with a point, such as 0.25, for a million tokens.")
            return
        if read is None or out is None:
            notice.warn("Give at least what a million tokens read and a million tokens written cost.")
            return
        acting.act(f"{model} has an own price from {since} on. It counts from the next refresh on.", "", desk.price, provider, model, since,
                   read, out, reason, cache_read_price=cached, cache_write_price=kept, currency=currency)  # fmt: skip
        st.rerun()
