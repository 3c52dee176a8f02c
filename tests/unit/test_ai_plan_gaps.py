"""A model without a price: the programme's totals go on without it and say so, the use case itself has no figure."""

import numpy as np
import polars as pl
import pytest

from models.ai_economics import plan, plan_tables
from models.ai_economics.business_case import business_case
from models.ai_economics.hidden import meter
from models.ai_economics.inputs import programme, registry, spreads, world_of
from models.ai_economics.lines import MODEL
from models.ai_economics.programme import simulated
from models.ai_economics.what_if import by_line, outcome
from models.model import Asked
from tests.ai_programmes import AS_OF, frames, taken_up

UNKNOWN = [{"provider": "nobody", "model": "no-such-model", "share": 1.0}]


def told():
    found = frames(taken_up("UC3") + taken_up("UC4", models=UNKNOWN))
    return found | {"raw.ai_prices": found["raw.ai_prices"].filter(pl.col("provider_name") != "nobody")}


@pytest.fixture(scope="module")
def found():
    return simulated(world_of(told(), AS_OF, count=200, seed=3))


def band(found, kind, name):
    rows = plan_tables.bands(found).filter((pl.col("scope_kind_name") == kind) & (pl.col("scope_name") == name))
    return rows.row(0, named=True)


def test_the_total_is_of_all_that_has_a_price_and_says_what_it_leaves_out(found):
    (gap,) = found.gaps
    assert (gap.use_case_id, gap.models) == ("UC4", ("no-such-model",))
    assert "model calls" in gap.lines
    assert f"{gap.cases:,.0f} cases a month" in gap.said
    known = [amount.sum(axis=1) for amount in found.costs.values() if np.isfinite(amount).all()]
    whole = band(found, "total", "total")
    assert whole["mean_amount"] == pytest.approx(float(sum(known).mean()), abs=1e-3)
    assert whole["gap_text"] == gap.said == band(found, "month", "2027-01-01")["gap_text"]


def test_a_use_case_without_a_price_has_no_figure_of_its_own(found):
    own, other = band(found, "use case", "UC4"), band(found, "use case", "UC3")
    assert (own["p50_amount"], own["gap_text"]) == (None, found.gaps[0].said)
    assert other["p50_amount"] > 0
    assert other["gap_text"] is None
    case = next(one for one in found.world.use_cases if one.use_case_id == "UC4")
    row = business_case(found, case, evidence_grade="A")
    assert row["verdict_code"] == "cannot tell"
    assert np.isnan(row["npv_amount"])


def test_a_component_says_whether_it_leaves_anything_out(found):
    assert band(found, "component", MODEL)["gap_text"] == found.gaps[0].said
    assert band(found, "component", "adoption")["gap_text"] is None


def test_a_component_nothing_of_which_has_a_price_has_no_figure_and_is_not_free():
    acts = taken_up("UC4", models=UNKNOWN)
    tables = frames(acts)
    tables["raw.ai_prices"] = tables["raw.ai_prices"].filter(pl.col("provider_name") != "nobody")
    alone = simulated(world_of(tables, AS_OF, count=50, seed=3))
    for name in (MODEL, "compute"):
        row = band(alone, "component", name)
        assert (row["p10_amount"], row["p50_amount"], row["mean_amount"]) == (None, None, None), name
        assert "no-such-model" in row["gap_text"]
    assert band(alone, "component", "observability")["p50_amount"] > 0, "a part of it has a price"
    assert band(alone, "component", "semantic retrieval")["gap_text"] is None


def test_the_reserve_the_tornado_and_what_if_stand_without_it(found):
    rows = plan_tables.cost_months(found)
    assert rows.filter((pl.col("cost_line_name") == "contingency") & (pl.col("use_case_id") == "UC4")).height
    assert not rows.filter((pl.col("cost_line_name") == "model calls") & (pl.col("use_case_id") == "UC4")).height
    assert float(rows["planned_amount"].sum()) == pytest.approx(
        found.cost().mean(axis=0).sum() + plan_tables.contingency(found), abs=0.02
    )
    taken = programme(registry(told()))
    certain = world_of(told(), AS_OF, use_cases=taken, count=1, seed=3, is_certain=True)
    swings = plan.sensitivities(spreads(told(), taken), certain, found)
    assert set(swings["use_case_id"]) == {"*", "UC3"}
    assert swings["swing_amount"].is_finite().all()
    assert np.isfinite(outcome(found).worth)
    assert np.isfinite(list(by_line(found).values())).all()


def test_a_candidate_without_a_price_adds_an_unknown_amount():
    tables = frames(taken_up("UC3") + taken_up("UC4", stage="candidate", models=UNKNOWN))
    tables["raw.ai_prices"] = tables["raw.ai_prices"].filter(pl.col("provider_name") != "nobody")
    cases = plan.score(tables, Asked(AS_OF, 1)).tables["scores.ai_business_cases"]
    added = dict(cases.select("use_case_id", "marginal_cost_amount").iter_rows())
    assert added["UC4"] is None
    assert added["UC1"] > 0


def test_where_everything_has_a_price_nothing_is_said():
    full = simulated(world_of(frames(taken_up("UC3")), AS_OF, count=50, seed=3))
    assert full.gaps == ()
    assert plan_tables.bands(full)["gap_text"].null_count() == plan_tables.bands(full).height


def test_a_hidden_cost_that_has_no_price_is_no_data_and_not_out_of_place(found):
    rows = plan_tables.cost_months(found)
    told = {row["hidden_no"]: row for row in meter(rows, {}, found.gaps[0].said).iter_rows(named=True)}
    agents = told[5]  # only UC4 is an agent, and its model has no price
    assert (agents["planned_amount"], agents["is_counted"]) == (None, True)
    assert "no-such-model" in agents["because_text"]
    assert told[2]["planned_amount"] > 0
    assert meter(rows, {}).row(4, named=True)["because_text"].startswith("Not applicable")
