"""Bills in the FOCUS form: cash and use stay two views, tags stay one text, and a corrected export takes the first one's place."""

import csv
import io
import json
from decimal import Decimal

import polars as pl
import pytest

from pipelines import build, flow, force, loads
from store import warehouse
from store.company import create_company
from tests.usage_logs import landed

HEAD = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceCategory,ServiceName"
PERIOD = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"


def bill(*rows: dict[str, object]) -> str:
    """Rows as a FOCUS export, with the columns that any of them names."""
    base = dict(zip(HEAD.split(","), ("0", "0", "USD", "Usage", *PERIOD.split(","), "Compute", "VM"), strict=True))
    whole = [{**base, **row} for row in rows]
    columns = list(dict.fromkeys(name for row in whole for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="NULL")
    writer.writeheader()
    writer.writerows(whole)
    return out.getvalue()


def test_the_public_sample_of_focus_lands_whole(tmp_path, shared):
    """1,000 rows: 20.52 USD billed, 14.98 effective, nine of them AI; sums to the last digit, by the file itself."""
    path = shared / "data" / "cloud_cost" / "focus_sample.csv"
    found = landed(tmp_path, path.read_bytes(), name="focus.csv")
    assert found.counts == (1000, 1000, 0, 0)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for ours, theirs in {"billed_amount": "BilledCost", "effective_amount": "EffectiveCost"}.items():
        assert found.rows[ours].sum() == sum(Decimal(row[theirs]) for row in rows)
    assert (round(found.rows["billed_amount"].sum(), 2), round(found.rows["effective_amount"].sum(), 2)) == (
        Decimal("20.52"),
        Decimal("14.98"),
    )
    assert found.rows["is_ai"].sum() == 9
    assert found.rows.filter("is_ai")["service_category_name"].unique().to_list() == ["AI and Machine Learning"]
    assert not [cell for row in found.rows.drop("extra").rows() for cell in row if cell == "NULL"]


def test_prepaid_credits_are_cash_once_and_use_later(tmp_path, shared):
    """Worked check D11: 200,000 billed, 1,230 effective, 615 credits used; 201,230 is nobody's figure."""
    checks = json.loads((shared / "checks" / "ai_economics.json").read_text("utf-8"))["checks"]
    [check] = [one for one in checks if one["id"].startswith("D11")]
    rows = [{"PricingCurrency": "Token", "ResourceId": n, **row} for n, row in enumerate(check["inputs"]["rows"])]
    found = landed(tmp_path, bill(*rows), name="credits.csv")
    said = check["expected"]
    assert found.rows["billed_amount"].sum() == said["cash_view_sum_billed"]
    assert found.rows["effective_amount"].sum() == said["accrual_view_sum_effective"]
    assert found.rows["pricing_effective_number"].sum() == said["virtual_currency_consumed"]


def test_tags_never_add_a_row_nor_a_column(tmp_path):
    """A charge with three tags is one charge; the tag of the use case is read out of it and the text stays."""
    tags = [{"use_case": "UC1", "team": "a", "env": "x"}, {"UseCase": "UC2"}, {"usecase": "UC3"}, {"env": "x"}]
    rows = [{"BilledCost": 10, "Tags": json.dumps(tag), "ResourceId": n} for n, tag in enumerate(tags)]
    found = landed(tmp_path, bill(*rows), name="tags.csv")
    assert found.rows["billed_amount"].sum() == 40
    told = found.rows.sort("resource_id").select("use_case_name", "tags_text").rows()
    assert told == [(name, json.dumps(tag)) for name, tag in zip(("UC1", "UC2", "UC3", None), tags, strict=True)]


def test_tags_of_a_json_export_stay_one_text_too(tmp_path):
    base = dict(zip(HEAD.split(","), (1, 1, "USD", "Usage", *PERIOD.split(","), "Compute", "VM"), strict=True))
    rows = [{**base, "ResourceId": str(n), "Tags": {"use_case": "UC1", f"k{n}": "v"}} for n in range(3)]
    found = landed(tmp_path, "\n".join(map(json.dumps, rows)))
    assert (found.part.contract, found.rows.height) == ("ai_bills", 3)
    assert found.rows["use_case_name"].to_list() == ["UC1"] * 3
    assert json.loads(found.rows.sort("resource_id")["tags_text"][1]) == {"use_case": "UC1", "k1": "v"}


def test_lines_that_are_alike_count_each(tmp_path):
    """FOCUS has no key: two equal charges are two charges, told apart by their occurrence."""
    found = landed(tmp_path, bill({"BilledCost": 3}, {"BilledCost": 3}, {"BilledCost": 4}), name="alike.csv")
    assert found.counts == (3, 3, 0, 0)
    assert found.rows["billed_amount"].sum() == 10
    assert sorted(found.rows["occurrence"]) == [1, 2, 3]
    assert found.rows["bill_line_key"].n_unique() == 1


@pytest.mark.parametrize(
    ("row", "provider"),
    [
        ({"ProviderName": "Old"}, "Old"),
        ({"ServiceProviderName": "New", "ProviderName": "Old", "HostProviderName": "Host"}, "New"),
        ({"x_Own": "kept", "AmortizationTerm": "12"}, None),
    ],
)
def test_versions_differ_and_what_is_new_is_kept(tmp_path, row, provider):
    found = landed(tmp_path, bill({"BilledCost": 1, **row}), name="version.csv")
    assert found.rows["provider_name"].to_list() == [provider]
    if "x_Own" in row:
        assert found.rows["extra"].to_list()[0] == {"x_Own": "kept", "AmortizationTerm": "12"}


def test_generative_ai_is_told_by_category_or_subcategory(tmp_path):
    rows = [
        {"ServiceCategory": "AI and Machine Learning"},
        {"ServiceCategory": "Other", "ServiceSubcategory": "Generative AI"},
        {"ServiceCategory": "Compute"},
        {"ServiceCategory": "NULL"},
    ]
    found = landed(tmp_path, bill(*({**row, "ResourceId": n} for n, row in enumerate(rows))), name="ai.csv")
    assert found.rows.sort("resource_id")["is_ai"].to_list() == [True, True, False, False]


def test_a_corrected_export_takes_the_place_of_the_first(tmp_path):
    """The same lines with other amounts: core.ai_bills holds each once, with the later amount; undoing brings the first back."""
    company = create_company("bills")
    landings = []
    for name, amounts in {"first": (1, 2), "corrected": (1, 5)}.items():
        path = tmp_path / f"{name}.csv"
        rows = [{"BilledCost": amount, "EffectiveCost": amount, "ResourceId": n} for n, amount in enumerate(amounts)]
        path.write_text(bill(*rows))
        landings.append(flow.land(company, path, who="tests", is_trusted=True))
    assert _core(company) == (2, 6)
    flow.undo(company, landings[1].load_id, who="tests")
    assert _core(company) == (2, 3)


def _core(company) -> tuple[int, int]:
    """How many lines core holds, and what they are billed at."""
    found = loads.checked_loads(company, flow.ledger_of(company).acts())
    with warehouse.Draft(company) as draft:
        moment = force.Moment(build.last_event(draft, found), cuts=False)
        build.make(draft, company, found, [], moment, progress=loads.quiet, targets=frozenset({"core.ai_bills"}))
        return draft.query("select count(*), cast(sum(billed_amount) as bigint) from core.ai_bills").row(0)


def test_a_currency_of_its_own_stays_with_the_amount(tmp_path):
    found = landed(tmp_path, bill({"BilledCost": 1, "BillingCurrency": "EUR"}), name="euro.csv")
    assert found.rows.select("billed_amount", "currency_code").rows() == [(Decimal(1), "EUR")]
    assert found.rows.schema["billed_amount"] == pl.Decimal(24, 12)
