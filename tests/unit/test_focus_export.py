"""What leaves as FOCUS comes back as FOCUS with the same total, and no cost is made up on the way."""

import datetime as dt
import json
from decimal import Decimal

import polars as pl
import pytest

from pages.parts import export
from pages.parts.focus_export import focus_rows
from tests.usage_logs import landed
from tests.worlds import world

# Columns that FOCUS 1.2 wants in every file.
MANDATORY = {
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory",
    "ChargeClass", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName",
    "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
}  # fmt: skip


def usage() -> pl.DataFrame:
    """Three days of use: two models, one call without a price, one with a reported cost, November after October."""
    usual = {
        "provider_name": "anthropic",
        "served_model_name": "claude-haiku-5-5",
        "input_token_count": 1000,
        "output_token_count": 100,
    }
    calls = [
        {"call_id": "A", "called_at": "2026-10-31T12:00:00Z", "use_case_name": "UC3", "site_id": "S1"},
        {
            "call_id": "B",
            "called_at": "2026-10-31T13:00:00Z",
            "use_case_name": "UC3",
            "site_id": "S1",
            "cache_read_token_count": 400,
        },
        {"call_id": "C", "called_at": "2026-11-01T12:00:00Z", "reported_cost": "0.0123", "cost_currency_code": "EUR"},
        {"call_id": "D", "called_at": "2026-11-02T12:00:00Z", "served_model_name": "no-such-model"},
    ]
    return world("marts.ai_usage", ai_calls=[usual | call for call in calls]).query(
        "select * from marts.ai_usage order by called_date"
    )


def test_rows_hold_what_focus_wants():
    rows = focus_rows(usage(), currency="EUR", company="acme")
    assert set(rows.columns) >= MANDATORY
    assert not any(rows[name].null_count() for name in MANDATORY - {"ChargeClass"})
    first = rows.row(0, named=True)
    assert (first["ChargePeriodStart"], first["ChargePeriodEnd"]) == ("2026-10-31T00:00:00Z", "2026-11-01T00:00:00Z")
    assert (first["BillingPeriodStart"], first["BillingPeriodEnd"]) == ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")
    assert (first["ServiceCategory"], first["ServiceSubcategory"]) == ("AI and Machine Learning", "Generative AI")
    assert (first["ConsumedQuantity"], first["ConsumedUnit"], first["PricingQuantity"]) == (
        "2200",
        "Tokens",
        "0.002200",
    )
    assert (first["x_InputTokens"], first["x_CachedInputTokens"], first["x_OutputTokens"], first["x_CallCount"]) == (
        1600,
        400,
        200,
        2,
    )
    assert json.loads(first["Tags"]) == {"use_case": "UC3", "site": "S1"}
    assert rows["ListCost"][1] < rows["BilledCost"][1] == "0.012300000000"


def test_a_cost_that_nobody_knows_is_left_out():
    """Three days have a cost; the day of the unknown model has none and is no row with nought."""
    frame = usage()
    assert frame["usage_cost"].null_count() == 1
    assert len(focus_rows(frame, currency="EUR", company="acme")) == len(frame) - 1


def test_it_comes_back_with_the_same_total(tmp_path, monkeypatch):
    """Written as the download is, landed as a bill, put in the ledger: the same money, assigned to the same use cases."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path / "home"))
    frame = usage()
    file = export.csv_bytes(
        focus_rows(frame, currency="EUR", company="acme"), {"Title": "AI usage as FOCUS rows", "Company": "acme"}
    )
    found = landed(tmp_path, file, name="focus.csv")
    assert found.counts[1:3] == (2, 0)
    total = sum((Decimal(cost) for cost in frame["usage_cost"].drop_nulls()), Decimal())
    assert found.rows["effective_amount"].sum() == found.rows["billed_amount"].sum() == total
    assert found.rows["is_ai"].all()
    assert sorted(found.rows["consumed_number"]) == [1100, 2200]
    brought = [
        {name: cell for name, cell in row.items() if name not in ("extra", "line_no")}
        for row in found.rows.iter_rows(named=True)
    ]
    made = world("marts.ai_cost_ledger", ai_bills=brought)
    spent = made.query(
        "select use_case_id, sum(actual_amount) as spent from marts.ai_cost_ledger group by 1 order by 1"
    ).rows()
    assert [name for name, _ in spent] == ["", "UC3"]
    assert float(sum(cost for _, cost in spent)) == pytest.approx(float(total), abs=1e-11)


def test_no_use_gives_an_empty_file_with_its_headings():
    nothing = focus_rows(usage().clear(), currency="EUR", company="acme")
    assert nothing.is_empty()
    assert set(nothing.columns) >= MANDATORY


def test_a_december_ends_in_january():
    frame = usage().with_columns(called_date=pl.lit(dt.date(2026, 12, 31)))
    assert focus_rows(frame, currency="EUR", company="a")["BillingPeriodEnd"].unique().to_list() == [
        "2027-01-01T00:00:00Z"
    ]
