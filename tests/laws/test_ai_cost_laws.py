"""Whatever calls and bills there are: the ledger holds every bill and every unbilled call once, and nothing else."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds import world

SELLERS = {"anthropic": "claude-haiku-5-5", "openai": "gpt-6-luna", "our gateway": "own-model"}
MONTHS = ("2026-09", "2026-10", "2026-11")
USE_CASES = (None, "UC3", "UC4", "somebody's")


@st.composite
def calls(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Priced and unpriced calls, some with a reported cost, some failed, some out of an own cache."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        seller = draw(st.sampled_from(sorted(SELLERS)))
        found.append(
            {
                "call_id": f"K{number}",
                "called_at": f"{draw(st.sampled_from(MONTHS))}-02T12:00:00Z",
                "provider_name": seller,
                "served_model_name": SELLERS[seller],
                "use_case_name": draw(st.sampled_from(USE_CASES)),
                "site_id": draw(st.sampled_from([None, "S1", "S2"])),
                "operation_name": draw(st.sampled_from([None, "chat", "embeddings"])),
                "input_token_count": draw(st.sampled_from([None, 0, 10, 5000, 150_000])),
                "output_token_count": draw(st.sampled_from([0, 700])),
                "reported_cost": draw(st.sampled_from([None, 0, "0.0123"])),
                "cost_currency_code": draw(st.sampled_from([None, "USD", "XXX"])),
                "status_code": draw(st.sampled_from(["ok", "error"])),
                "is_local_hit": draw(st.booleans()),
            }
        )
    return found


@st.composite
def bills(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Charges with and without a use case, bought ahead, credits, yearly ones, some without a cost, and some that are not for AI."""
    return [
        {
            "bill_line_key": f"B{number}",
            "occurrence": 1,
            "charge_starts_at": f"{(month := draw(st.sampled_from(MONTHS)))}-01T00:00:00Z",
            "charge_ends_at": draw(st.sampled_from([None, f"{month}-28T00:00:00Z", "2027-09-01T00:00:00Z"])),
            "provider_name": draw(st.sampled_from(["Anthropic", "OpenAI", "Our gateway", "Mistral"])),
            "charge_category_name": draw(st.sampled_from([None, "Usage", "Usage", "Purchase", "Credit"])),
            "charge_class_name": draw(st.sampled_from([None, None, "Correction"])),
            "effective_amount": draw(st.sampled_from([None, "0", "-2.5", "7.77", "0.01", "0.000001"])),
            "billed_amount": "50",
            "currency_code": draw(st.sampled_from(["EUR", "EUR", "XXX", None])),
            "use_case_name": draw(st.sampled_from(USE_CASES)),
            "is_ai": draw(st.sampled_from([True, True, False])),
        }
        for number in range(draw(st.integers(0, 8)))
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls(), bills())
def test_every_bill_and_every_unbilled_call_counts_once(some_calls, some_bills):
    """Of each provider and month: what the ledger holds is its charges and the calls whose place they did not take, to the cent."""
    told_in = ("marts.ai_usage", "marts.ai_price_gaps")
    made = world("marts.ai_cost_ledger", "marts.ai_bill_gaps", *told_in, ai_calls=some_calls, ai_bills=some_bills)
    standing = _standings(some_bills)
    lines = made.query("select bill_line_key, charge_standing_code from marts.ai_bill_charges")
    assert dict(lines.rows()) == standing, "every line for AI stands in one place"
    assert made.query("select coalesce(sum(row_count), 0) from marts.ai_bill_gaps").item() == list(
        standing.values()
    ).count("gap")
    told: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for bill in some_bills:
        if standing.get(bill["bill_line_key"]) in ("usage", "beside usage"):
            told[bill["provider_name"].lower(), bill["charge_starts_at"][:7]].append(bill)
    rows = made.query(
        "select seller_name, strftime(called_date, '%Y-%m') as month, use_case_id, usage_cost, token_count from marts.ai_calls"
    )
    charged = sum((Decimal(bill["effective_amount"]) for some in told.values() for bill in some), Decimal())
    gone = kept = Decimal()
    for seller, month, use_case, cost, _ in rows.drop_nulls("usage_cost").rows():
        usage = [bill for bill in told[seller, month] if standing[bill["bill_line_key"]] == "usage"]
        logged = rows.filter(seller_name=seller, month=month)
        if _takes_the_place(usage, use_case, logged):
            gone += cost
        else:
            kept += cost
    found = made.query(
        "select cast(sum(actual_amount) as double) as spent, cast(sum(replaced_amount) as double) as gone from marts.ai_cost_ledger"
    )
    assert (found["spent"][0] or 0) == pytest.approx(float(charged + kept), abs=1e-9)
    assert (found["gone"][0] or 0) == pytest.approx(float(gone), abs=1e-9)
    assert len(rows) == len(some_calls), "no call is multiplied"
    for table in told_in:
        summed = made.query(
            f"select sum(call_count) as calls, sum(token_count) as tokens, sum(usage_cost) as cost from {table}"
        )
        assert (summed["calls"][0] or 0, summed["tokens"][0] or 0) == (len(rows), rows["token_count"].sum())
        assert summed["cost"][0] == rows["usage_cost"].sum() or rows["usage_cost"].drop_nulls().is_empty()


def _standings(some_bills: list[dict[str, Any]]) -> dict[str, str]:
    """What becomes of each line for AI, by the words of the header alone."""
    found = {}
    for bill in some_bills:
        category, cost = bill["charge_category_name"], bill["effective_amount"]
        is_short = bill["charge_ends_at"] != "2027-09-01T00:00:00Z"
        if not bill["is_ai"]:
            continue
        if cost is None or bill["currency_code"] != "EUR":
            code = "gap"
        elif category == "Purchase" and Decimal(cost) == 0:
            code = "purchase"
        elif category in (None, "Usage") and bill["charge_class_name"] is None and Decimal(cost) > 0 and is_short:
            code = "usage"
        else:
            code = "beside usage"
        found[bill["bill_line_key"]] = code
    return found


def _takes_the_place(usage: list[dict[str, Any]], use_case: str, logged: Any) -> bool:
    """Whether the usage charges of a provider and month take the place of the calls of a use case ('' where nobody assigned one)."""
    named = {bill["use_case_name"] for bill in usage} & {"UC3", "UC4"}
    own = sum((Decimal(bill["effective_amount"]) for bill in usage if bill["use_case_name"] in named), Decimal())
    rest = sum((Decimal(bill["effective_amount"]) for bill in usage if bill["use_case_name"] not in named), Decimal())
    seen = logged.drop_nulls("usage_cost").select("use_case_id", "usage_cost").rows()
    of_named = sum((cost for name, cost in seen if name in named), Decimal())
    of_rest = sum((cost for name, cost in seen if name not in named), Decimal())
    is_whole = (own + rest) * 2 >= of_named + of_rest and (rest + max(own - of_named, Decimal())) * 2 >= of_rest
    return bool(usage) and (use_case in named or is_whole)
