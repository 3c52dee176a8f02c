"""Models as steps of a build: held to what they promise, pinned, switched off, blocked, and replaced where they fail."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from errors import Refusal
from models.model import Asked, Model, Output, Scored
from pipelines import flow, graph, scoring
from store.company import create_company
from store.warehouse import Draft, current_build

OUTPUT = Output("scores.told", "What is told?", "one row a SKU", ("sku_id",), ("sku_id", "mean_qty"))


def told(_frames, asked: Asked) -> Scored:
    rows = pl.DataFrame({"sku_id": ["A"], "mean_qty": [float(asked.version)], "beside_the_point": [1]})
    return Scored({"scores.told": rows}, because="It speaks.")


MODEL = Model(
    code="teller",
    title="Teller",
    question="What?",
    reads={"raw.company": ("as_of_date",)},
    writes=(OUTPUT,),
    guarantee="none",
    rival="silence",
    needs=("order_lines",),
    versions={1: "first", 2: "second"},
    does_not="anything",
    trust="never",
    score=told,
)


@pytest.fixture
def draft():
    company = create_company("acme")
    with Draft(company) as made:
        for schema in ("raw", "marts", "scores"):
            made.execute(f"create schema {schema}")
        made.execute("create table raw.company as select date '2026-11-14' as as_of_date")
        made.execute(
            "create table marts.data_grades as select 'order_lines' as contract_name, 'B' as data_grade_code, 'fair.' as because_text"
        )
        yield made


def judged(draft, model=MODEL, pins=None):
    runs = scoring.Runs(dt.date(2026, 11, 14), pins or {})
    scoring.judge(draft, model, runs)
    scoring.tell(draft, runs)
    return draft.query("select * from scores.model_runs").row(0, named=True), draft.query("select * from scores.told")


def test_the_newest_version_speaks_and_only_what_was_promised_is_kept(draft):
    run, rows = judged(draft)
    assert (run["run_status_code"], run["version_no"], run["is_pinned"]) == ("in use", 2, False)
    assert rows.columns == ["sku_id", "mean_qty"]
    assert rows["mean_qty"].to_list() == [2]
    assert run["review_due_date"] == dt.date(2027, 2, 13)


def test_a_pinned_version_speaks_and_its_review_counts_from_the_pin(draft):
    run, rows = judged(draft, pins={"teller": scoring.Pin(1, dt.date(2026, 10, 1))})
    assert (run["version_no"], run["newest_version_no"], run["is_pinned"]) == (1, 2, True)
    assert rows["mean_qty"].to_list() == [1]
    assert run["review_due_date"] == dt.date(2026, 12, 31)


def test_a_model_that_is_switched_off_lets_its_rival_speak(draft):
    run, rows = judged(draft, pins={"teller": scoring.Pin(0, dt.date(2026, 10, 1))})
    assert run["run_status_code"] == "off"
    assert "silence" in run["because_text"]
    assert rows["mean_qty"].to_list() == [0]


def test_a_model_that_fails_gives_way_to_its_rival_and_the_build_goes_on(draft, caplog):
    def fails(frames, asked):
        if asked.version:
            raise ZeroDivisionError("nothing to divide by")
        return told(frames, asked)

    run, rows = judged(draft, replace(MODEL, score=fails))
    assert run["run_status_code"] == "fallback"
    assert "failed" in run["because_text"]
    assert rows["mean_qty"].to_list() == [0]
    assert "nothing to divide by" in caplog.text


@pytest.mark.parametrize(
    "breaks",
    [
        lambda _frames, _asked: 1 / 0,
        lambda _frames, _asked: Scored({}),
        lambda _frames, _asked: Scored({"scores.told": pl.DataFrame({"sku_id": ["A"]})}),
        lambda frames, asked: replace(told(frames, asked), drift=pl.DataFrame({"nonsense": [1]})),
    ],
)
def test_where_the_rival_fails_too_nothing_is_said_and_nothing_breaks(draft, breaks):
    run, rows = judged(draft, replace(MODEL, score=breaks))
    assert run["run_status_code"] == "failed"
    assert rows.is_empty()


def test_data_below_grade_blocks_a_model_with_the_reason(draft):
    draft.execute("update marts.data_grades set data_grade_code = 'C', because_text = 'a third was set aside.'")
    run, rows = judged(draft)
    assert run["run_status_code"] == "blocked"
    assert "order lines are of grade C" in run["because_text"]
    assert "a third was set aside" in run["because_text"]
    assert rows.is_empty()


def test_the_last_pin_counts_and_none_takes_it_away():
    said = [
        {
            "kind": "pin",
            "subject": "demand",
            "at": dt.datetime(2026, 1, day, tzinfo=dt.UTC),
            "payload": {"version": version},
        }
        for day, version in ((1, 1), (2, 0), (3, None), (4, 1))
    ]
    assert scoring.pins(said[:2])["demand"].version == 0
    assert scoring.pins(said[:3]) == {}
    assert scoring.pins(said) == {"demand": scoring.Pin(1, dt.date(2026, 1, 4))}


def test_every_model_of_the_product_is_whole():
    for model in graph.all_models().values():
        assert min(model.versions) == 1, model.code
        for sentence in (model.question, model.guarantee, model.does_not, model.trust):
            assert sentence.endswith((".", "?")), f"{model.code}: {sentence}"
        for output in model.writes:
            assert set(output.key) <= set(output.columns), output.name
            scoring.types(output.columns)


def company_with_orders(tmp_path):
    company, path = create_company("acme"), tmp_path / "orders.csv"
    rows = [f"O{day},1,A,2026-0{1 + day // 28}-{1 + day % 28:02},{3 + day % 4}" for day in range(150)]
    path.write_text("Order No,Line,SKU,Ordered At,Ordered Qty\n" + "\n".join(rows))
    flow.land(company, path, who="tests", contract="order_lines", is_trusted=True)
    return company


def test_a_pin_is_an_act_that_the_next_build_obeys_and_a_rollback_restores_the_content(tmp_path):
    company = company_with_orders(tmp_path)
    first = flow.refresh(company, who="tests")
    flow.pin(company, "demand", 0, who="ana", reason="the bands look wrong")
    second = flow.refresh(company, who="tests")
    assert second.content_hash != first.content_hash
    build = current_build(company)
    spoke = build.query("select distinct model_code from scores.demand_forecasts")["model_code"].to_list()
    assert spoke == ["seasonal naive"]
    flow.pin(company, "demand", None, who="ana")
    third = flow.refresh(company, who="tests")
    build = current_build(company)
    assert build.query("select distinct model_code from scores.demand_forecasts")["model_code"].to_list() == ["demand"]
    # Most models were not asked again, for nothing that they read has changed; thought about anew, all say the same.
    assert flow.refresh(company, who="tests", is_forced=True).content_hash == third.content_hash


@pytest.mark.parametrize(
    ("code", "version", "says"), [("oracle", 1, "no model oracle"), ("demand", 99, "no version 99")]
)
def test_a_pin_to_what_there_is_not_is_refused(code, version, says):
    with pytest.raises(Refusal, match=says):
        flow.pin(create_company("acme"), code, version, who="ana")


def test_no_model_fails_on_a_small_company_and_scoring_it_twice_says_the_same(tmp_path):
    company = company_with_orders(tmp_path)
    first = flow.refresh(company, who="tests")
    again = flow.refresh(company, who="tests", is_forced=True)
    assert first.content_hash == again.content_hash
    runs = current_build(company).query("select model_code, run_status_code, because_text from scores.model_runs")
    assert "failed" not in runs["run_status_code"].to_list()
    assert runs.height == len(graph.all_models())
