"""What calls to models cost, as rows of the FinOps Open Cost and Usage Specification (FOCUS 1.2), to stand beside other cloud bills."""

import datetime as dt
import json
from typing import Any

import polars as pl

from pages.parts import ask, export
from pages.parts.page import Visit

SOURCE = "marts.ai_usage"
COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
    "PricingUnit", "ProviderName", "PublisherName", "RegionId", "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId",
    "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags", "x_CallCount", "x_CachedInputTokens",
    "x_CacheWriteTokens", "x_InputTokens", "x_OutputTokens", "x_ReasoningTokens", "x_UnpricedTokens",
)  # fmt: skip
MILLION = 1_000_000


def focus_rows(usage: pl.DataFrame, *, currency: str, company: str) -> pl.DataFrame:
    """One FOCUS row for each day, provider, model, use case and site of `usage` (rows of `marts.ai_usage`).

    Calls are charged as they are used, so billed and effective cost are the same here; a bill brings the rest. Days of which no cost
    is known are left out: FOCUS has no empty cost, and nought would be wrong.

    Args:
        currency: ISO code of the reporting currency, in which the costs are.
        company: name of the company, which stands for the billing account.
    """
    rows = [_row(row, currency, company) for row in usage.iter_rows(named=True) if row["usage_cost"] is not None]
    texts = dict.fromkeys(COLUMNS, pl.String)
    return pl.DataFrame(
        rows, schema=texts | {name: pl.Int64 for name in COLUMNS if name.startswith("x_")}, strict=False
    )


def buttons(visit: Visit) -> None:
    """The FOCUS rows of the current build to download; the file says how many calls have no cost and are not in it."""
    usage = ask.mart(visit, SOURCE)
    gaps = usage.filter(pl.col("usage_cost").is_null())
    more = {"Calls without a cost, left out": int(gaps["call_count"].sum()), "Specification": "FOCUS 1.2"}
    currency, company = visit.company.reporting_currency, visit.company.name
    export.buttons(
        visit,
        lambda: focus_rows(usage, currency=currency, company=company),
        name="ai_focus", title="AI usage as FOCUS rows", key="export_ai_focus", source=SOURCE, more=more, kinds=("csv",), is_raw=True,
    )  # fmt: skip


def _row(row: dict[str, Any], currency: str, company: str) -> dict[str, Any]:
    day: dt.date = row["called_date"]
    month, cost = day.replace(day=1), _money(row["usage_cost"])
    tags = {"use_case": row["use_case_id"] or row["use_case_name"], "site": row["site_id"]}
    seller, model = row["seller_name"], row["called_model_name"]
    said = dict.fromkeys(COLUMNS) | {
        "BillingAccountId": company, "BillingAccountName": company, "BillingCurrency": currency,
        "BilledCost": cost, "EffectiveCost": cost, "ContractedCost": cost,
        "ListCost": cost if row["computed_cost"] is None else _money(row["computed_cost"]),
        "BillingPeriodStart": _start(month), "BillingPeriodEnd": _start((month + dt.timedelta(days=32)).replace(day=1)),
        "ChargePeriodStart": _start(day), "ChargePeriodEnd": _start(day + dt.timedelta(days=1)),
        "ChargeCategory": "Usage", "ChargeFrequency": "Usage-Based", "ChargeDescription": f"Calls to {model}",
        "ConsumedQuantity": str(row["token_count"]), "ConsumedUnit": "Tokens",
        "PricingQuantity": f"{row['token_count'] / MILLION:f}", "PricingUnit": "1000000 Tokens",
        "ProviderName": seller, "PublisherName": seller, "InvoiceIssuerName": seller,
        "ServiceCategory": "AI and Machine Learning", "ServiceSubcategory": "Generative AI", "ServiceName": f"{seller} models",
        "SkuId": model, "SkuMeter": "Tokens", "SkuPriceId": f"{model}/tokens",
        "SkuPriceDetails": json.dumps({"x_Model": model, "x_MeanOverTokenKinds": True}),
        "SubAccountId": tags["use_case"], "SubAccountName": row["use_case_name"], "Tags": json.dumps(tags),
    }  # fmt: skip
    return said | {
        "x_CallCount": row["call_count"],
        "x_InputTokens": row["uncached_input_token_count"],
        "x_CachedInputTokens": row["cache_read_token_count"],
        "x_CacheWriteTokens": row["cache_write_token_count"],
        "x_OutputTokens": row["visible_output_token_count"],
        "x_ReasoningTokens": row["reasoning_token_count"],
        "x_UnpricedTokens": row["unpriced_token_count"],
    }


def _money(cost: Any) -> str:
    """All twelve decimals: what is rounded away call by call is missing in the total."""
    return f"{cost:f}"


def _start(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
