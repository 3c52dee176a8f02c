"""Bills of providers as charged, beside what calls cost by the log: what agrees, what no call explains, and what no bill tells."""

import polars as pl
import streamlit as st

from pages.parts import empty, look, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit

CHARGES, GAPS, USAGE = "marts.ai_bill_charges", "marts.ai_bill_gaps", "marts.ai_usage"
# One row a provider and month: charges that count, and what the log of calls says of it. What is not known stays empty.
MONTHS_SQL = """
    with billed as (
        select
            seller_name, month_date, count(*) as row_count,
            cast(sum(charged_cost) as double) as charged_cost,
            cast(sum(case when charge_standing_code = 'usage' then charged_cost end) as double) as usage_charge_cost
        from marts.ai_bill_charges
        group by seller_name, month_date
    ),
    called as (
        select
            seller_name, cast(date_trunc('month', called_date) as date) as month_date, sum(call_count) as call_count,
            cast(sum(usage_cost) as double) as usage_cost
        from marts.ai_usage
        group by seller_name, cast(date_trunc('month', called_date) as date)
    )
    select
        coalesce(billed.month_date, called.month_date) as month_date,
        coalesce(billed.seller_name, called.seller_name) as seller_name,
        billed.row_count, billed.charged_cost, called.usage_cost,
        billed.usage_charge_cost - called.usage_cost as difference_cost,
        called.call_count,
        case
            when billed.row_count is null and called.usage_cost is null then 'neither a bill nor a price'
            when billed.row_count is null then 'no bill: the log counts'
            when billed.charged_cost is null then 'the bill cannot be told'
            when called.call_count is null then 'no call explains it'
            when called.usage_cost is null then 'calls without a price: the bill counts'
            else 'both known'
        end as match_text
    from billed
    full outer join called on called.seller_name = billed.seller_name and called.month_date = billed.month_date
    order by 1 desc, 2
"""
# The same lines by service and by what became of them; a service is as the bill names it.
SERVICES_SQL = """
    select
        charges.seller_name,
        coalesce(bills.service_name, 'not told') as service_name,
        coalesce(cases.use_case_name, 'not assigned') as use_case_name,
        charges.charge_standing_code,
        coalesce(charges.currency_code, 'not told') as currency_code,
        count(*) as row_count,
        cast(sum(charges.billed_amount) as double) as billed_amount,
        cast(sum(charges.effective_amount) as double) as effective_amount,
        cast(sum(charges.charged_cost) as double) as charged_cost,
        max(coalesce(used.call_count, 0)) as call_count
    from marts.ai_bill_charges as charges
    inner join core.ai_bills as bills on bills.bill_line_key = charges.bill_line_key and bills.occurrence = charges.occurrence
    left join raw.use_cases as cases on cases.use_case_id = charges.use_case_id
    left join (select seller_name, use_case_id, sum(call_count) as call_count from marts.ai_usage group by seller_name, use_case_id) as used
        on used.seller_name = charges.seller_name and used.use_case_id = coalesce(charges.use_case_id, '')
    group by 1, 2, 3, 4, 5
    order by 9 desc nulls last, 1, 2, 3
"""
STANDS = {
    "usage": "usage",
    "beside usage": "credits, corrections",
    "purchase": "paid ahead",
    "gap": "cannot be told",
}
MONTH_COLUMNS = [
    "month_date",
    "seller_name",
    "row_count",
    "charged_cost",
    "usage_cost",
    "difference_cost",
    "call_count",
    "match_text",
]
LABELS = {
    "month_date": "Month",
    "seller_name": "Provider",
    "service_name": "Service",
    "use_case_name": "Use case",
    "charge_standing_code": "Counts as",
    "currency_code": "Currency",
    "row_count": "Lines",
    "billed_amount": "Billed, its currency",
    "effective_amount": "Used, its currency",
    "charged_cost": "Charged",
    "usage_cost": "By the calls",
    "difference_cost": "Usage billed less calls",
    "call_count": "Calls in the log",
    "match_text": "Match",
    "gap_text": "Why it counts nowhere",
}
MONEY = dict.fromkeys(("charged_cost", "usage_cost", "difference_cost"), "per_unit")
OWN_MONEY = {"billed_amount": "number", "effective_amount": "number"}
COUNTS = (
    "Charged is the effective cost in the reporting currency: usage, credits and corrections; money paid ahead is not used yet. "
    "Where a bill covers the days, it takes the place of the log."
)
SPREAD = (
    "Lines without a use case are spread over all calls of the provider; a charge for a use case without a call in the log is explained by "
    "nothing."
)
MEND = "Mend them by an exchange rate, a column or a corrected bill; until then they are not nought."


def board(visit: Visit) -> None:
    """Draws the bill against the calls by month, its lines by service behind a fold, and the lines that count nowhere."""
    if not has_rows(visit, CHARGES):
        empty.nothing(
            "No bill of a provider of AI is known: what calls cost by the log is what counts.", key="ai_bills",
            fix="Upload the bill (FOCUS, as CSV).",
        )  # fmt: skip
        return
    currency = visit.company.reporting_currency
    months = ask(visit, MONTHS_SQL)
    tables.show(
        visit, months, name="ai_bills", title=f"Bills against calls, by provider and month, in {currency}", columns=MONTH_COLUMNS,
        labels=LABELS, units=MONEY, source=CHARGES, note=f"{summary(visit, months)} {COUNTS}",
    )  # fmt: skip
    with st.expander("The bill as charged, by service and use case", icon=":material/receipt:"):
        services = ask(visit, SERVICES_SQL).with_columns(pl.col("charge_standing_code").replace(STANDS))
        tables.show(
            visit, services, name="ai_bill_services", title=f"As charged, in {currency} where not said otherwise", labels=LABELS,
            units=MONEY | OWN_MONEY, source=CHARGES, note=SPREAD,
        )  # fmt: skip
    _gaps(visit)


def summary(visit: Visit, months: pl.DataFrame) -> str:
    """How much of the bill the calls explain, in a sentence; and which part of each the other does not know.

    Args:
        months: seller_name, month_date, charged_cost, usage_cost, call_count, match_text.
    """
    words = visit.words
    both = months.filter(pl.col("match_text") == "both known")
    said = []
    if both.height:
        charged, called = both["charged_cost"].sum(), both["usage_cost"].sum()
        said.append(f"Where both are known, bills say {words.money(charged)} and calls {words.money(called)}.")
    for match, sentence, amount in (
        ("no call explains it", "No call explains {} that {} charged.", "charged_cost"),
        ("no bill: the log counts", "No bill yet for {} of calls to {}.", "usage_cost"),
    ):
        mine = months.filter(pl.col("match_text") == match)
        if mine.height:
            sellers = " and ".join(mine["seller_name"].unique().sort())
            known = words.money(mine[amount].sum()) if mine[amount].count() else "an unknown amount"
            said.append(sentence.format(known, sellers))
    return " ".join(said)


def _gaps(visit: Visit) -> None:
    """Lines that count nowhere, each in its own currency and with the reason; a line of praise where there is none."""
    if not has_rows(visit, GAPS):
        look.note("Every line of the bills can be told in the reporting currency.")
        return
    tables.show(
        visit, mart(visit, GAPS, order_by=("-month_date", "seller_name")), name="ai_bill_gaps", title="Lines of bills that count nowhere",
        labels=LABELS, units=OWN_MONEY, source=GAPS, note=MEND,
    )  # fmt: skip
