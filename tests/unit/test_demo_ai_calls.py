"""The demo company's calls to models: tokens that hold together, failures, loops, joins to cases and decisions, and the bill."""

import json
from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from genai_prices import Usage, calc_price

from pipelines.demo import ai_bill, ai_calls, ai_models, ai_usage
from pipelines.demo.ai_calls import CUT_OFF, FINE, KINDS
from pipelines.demo.ai_cases import QUESTIONS
from pipelines.demo.clock import date_of, day_number
from pipelines.demo.columns import PO_BASE, SO_BASE
from tests import demo_ai_logs
from tests.demo_ai_logs import lived, work_log


@pytest.fixture(scope="module")
def log() -> pl.DataFrame:
    return work_log()


@pytest.fixture(scope="module")
def spans() -> tuple[dict, ...]:
    return demo_ai_logs.spans()


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_tokens_hold_together(spans):
    usage = "gen_ai.usage."
    for span in spans:
        said = {
            name.removeprefix(usage): int(count) for name, count in span["attributes"].items() if name.startswith(usage)
        }
        assert said.get("cache_read.input_tokens", 0) + said.get("cache_creation.input_tokens", 0) <= said.get(
            "input_tokens", 0
        )
        assert said.get("reasoning.output_tokens", 0) <= said.get("output_tokens", 0)
        assert int(span["endTimeUnixNano"]) > int(span["startTimeUnixNano"])
    assert len({(span["traceId"], span["spanId"]) for span in spans}) == len(spans)
    assert sum("gen_ai.usage.cache_read.input_tokens" in span["attributes"] for span in spans) > 0.3 * len(spans)


def test_what_failed_was_tried_again_and_some_of_it_was_billed(spans):
    known = {f"{span['traceId']}-{span['spanId']}": span for span in spans}
    failed = [span for span in spans if span["status"]["code"] == 2]
    retried = [
        known[span["attributes"]["crossdock.retry_of"]] for span in spans if "crossdock.retry_of" in span["attributes"]
    ]
    assert len(failed) == len(retried) > 50
    assert {id(span) for span in failed} == {id(span) for span in retried}
    kinds = Counter(span["attributes"]["error.type"] for span in failed)
    assert min(kinds[name] for name in ("timeout", "rate_limit", "incomplete")) > 3
    tokens: Counter[str] = Counter()
    for span in failed:
        tokens[span["attributes"]["error.type"]] += int(span["attributes"].get("gen_ai.usage.input_tokens", 0))
    assert tokens["timeout"] == tokens["rate_limit"] == 0 < tokens["incomplete"]


def test_calls_join_cases_and_decisions(spans, log):
    by_use: dict[str, set] = {}
    for span in spans:
        by_use.setdefault(span["attributes"]["crossdock.use_case"], set()).add(
            span["attributes"].get("crossdock.case_id")
        )
    helped = log.filter(pl.col("arm_code") == "assisted")
    for use in ("UC3", "A5"):
        assert by_use[use] == set(helped.filter(pl.col("use_case_name") == use)["case_id"])
    decided = lived().log.table("decisions")
    released = {f"SO{order + SO_BASE}" for order in decided["order"][decided["order"] > 0].tolist()}
    bought = {f"PO{po + PO_BASE}" for po in decided["po"][decided["po"] > 0].tolist()}
    assert by_use["UC4"] <= released
    assert by_use["A2"] - {None} <= bought
    assert len(by_use["A2"]) > 30
    assert "UC2" not in by_use  # the other gateway has it


def test_agents_loop_as_the_negative_binomial_does():
    found = ai_calls.calls(lived(), 0)
    for place, kind in enumerate(KINDS):
        mine = (found["kind"] == place) & (found["status"] == FINE)
        turns = (
            pl.DataFrame({"run": found["run"][mine], "turn": found["turn"][mine]})
            .group_by("run")
            .agg(pl.col("turn").max())["turn"]
        )
        assert turns.max() <= kind.cap
        assert kind.mean * 0.6 < turns.mean() < kind.mean * 1.25, kind.workflow  # the cap takes off the longest
    releases = (found["kind"] == ai_calls.RELEASES) & found["is_last"]
    assert (found["turn"][releases] == KINDS[ai_calls.RELEASES].cap).mean() > 0.05


def test_spans_tell_time_in_utc(spans, log):
    """A copilot's first call begins when its order comes, by the clock of the company."""
    orders = log.filter(pl.col("use_case_name") == "UC3").with_columns(
        pl.col("opened_at").dt.replace_time_zone("Europe/Berlin")
    )
    opened = dict(orders.select("case_id", "opened_at").iter_rows())
    mine = [span for span in spans if span["attributes"]["crossdock.use_case"] == "UC3"]
    began: dict[str, datetime] = {}
    for span in mine:
        at = datetime.fromtimestamp(int(span["startTimeUnixNano"]) / 1e9, UTC)
        case = span["attributes"]["crossdock.case_id"]
        began[case] = min(began.get(case, at), at)
    assert all(began[case] == opened[case] for case in began)


# ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("model", ai_models.MODELS[:-1])
def test_prices_are_those_of_the_price_list(model):
    million = {"input_tokens": 90_000, "cache_read_tokens": 30_000, "output_tokens": 10_000}
    price = calc_price(
        Usage(**million),
        model.served,
        provider_id=model.provider,
        genai_request_timestamp=datetime(2026, 10, 1, tzinfo=UTC),
    )
    mine = (60_000 * model.read + 30_000 * model.cached + 10_000 * model.written) / 1e6
    assert float(price.total_price) == pytest.approx(mine)


def test_a_model_that_no_list_knows_costs_nothing_known():
    with pytest.raises(LookupError):
        calc_price(Usage(input_tokens=1), ai_models.MODELS[ai_models.UNKNOWN].requested)
    found = ai_calls.calls(lived(), 0)
    share = (found["model"] == ai_models.UNKNOWN).mean()
    assert 0 < share < 0.01


def test_the_proxy_reports_what_its_tokens_cost():
    rows = ai_usage.spend(lived(), 0)
    assert 0.9 < rows["request_id"].n_unique() / rows.height <= 1.0
    assert rows.filter(pl.col("spend").cast(float) > 0).height > 80
    for row in rows.iter_rows(named=True):
        cached = json.loads(row["metadata"])["usage_object"]["prompt_tokens_details"]["cached_tokens"]
        usage = Usage(
            input_tokens=int(row["prompt_tokens"]),
            cache_read_tokens=cached,
            output_tokens=int(row["completion_tokens"]),
        )
        assert float(row["spend"]) == pytest.approx(
            float(calc_price(usage, row["model"], provider_id="openai").total_price), abs=1e-9
        )


def test_the_bill_agrees_with_the_calls_but_for_what_nobody_tagged():
    world = lived()
    bill, found = ai_bill.bill(world, 0), ai_calls.calls(world, 0)
    over = found["day"] < day_number(date_of(world.day).replace(day=1))
    cost = float(ai_models.cost(found)[over].sum())
    ai = bill.filter(pl.col("ServiceSubcategory") == "Generative AI")
    tagged = ai.filter(pl.col("Tags").str.contains("use_case"))
    assert tagged["EffectiveCost"].sum() == pytest.approx(cost, abs=0.01)
    assert 1.005 * cost < ai["EffectiveCost"].sum() < 1.06 * cost
    bought = ai.filter(pl.col("ChargeCategory") == "Purchase")
    assert bought["EffectiveCost"].sum() == 0
    prepaid = ai.filter(pl.col("ProviderName") == "Anthropic")
    left = prepaid["BilledCost"].sum() - prepaid["EffectiveCost"].sum()
    assert 0 <= left < ai_bill.CREDIT_STEP  # credits that are not used up
    assert bill["ChargePeriodEnd"].max() <= f"{date_of(world.day + 1)}T00:00:00Z"


def test_what_was_cut_off_was_paid_for():
    found = ai_calls.calls(lived(), 0)
    assert (ai_models.cost(found)[(found["status"] == CUT_OFF) & (found["model"] != ai_models.UNKNOWN)] > 0).all()
    assert QUESTIONS in found["kind"]
