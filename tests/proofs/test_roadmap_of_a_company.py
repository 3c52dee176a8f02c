"""The roadmap of a real build: the tiny company has begun nothing, and its page and its figures say so."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from metrics.definition import definition
from pages.parts import at_desk, roadmap_domains, roadmap_layers, roadmap_phases, roadmap_workflows
from pages.parts.figures import figure
from pages.parts.outcome_targets import DAYS, lately
from pipelines import roadmap
from store.company import Company
from store.warehouse import current_build
from tests.desks import EXECUTIVE, Office
from tests.unit.parts_visit import visit_to


def test_a_company_of_a_dozen_orders_is_at_the_beginning(tiny: Company):
    """It has a file or two and no decision: the foundation is now, nothing after it is known, and every workflow is manual."""
    build = current_build(tiny)
    phases = build.query("select * from marts.roadmap_phases order by phase_no")
    assert phases["phase_stands_code"].to_list() == ["now", "locked", "locked", "locked", "locked"]
    met = build.query("select criterion_code from marts.roadmap_criteria where is_met and phase_no > 2")
    assert met["criterion_code"].to_list() == ["roadmap_unattended_models"], (
        "models that run are watched from the first day"
    )
    flows = build.query("select * from marts.roadmap_workflows")
    assert set(flows["worked_stage_no"]) == {1}
    assert flows.filter(flows["workflow_code"] == "order_capture")["yearly_count"].item() > 0


def test_the_parts_of_the_page_say_what_the_build_holds(tiny: Company):
    visit = visit_to(tiny, here="roadmap")
    told = roadmap_phases.criteria(visit, "foundation")
    assert told.height == 7
    assert "no data" in told["found_said"].to_list()
    assert roadmap_workflows.flows(visit)["stands_said"].to_list() == ["not begun"] * 8
    assert set(roadmap_workflows.success(visit)["verdict_said"]) == {"no data"}
    found = build_layers(tiny)
    shown = roadmap_layers.layers(visit, found)
    assert shown.height == 6
    assert all(said.endswith(" of 5") for said in shown["Maturity"])


def build_layers(company: Company):
    return current_build(company).query("select * from marts.roadmap_layers order by layer_no, check_code")


@pytest.mark.parametrize(
    ("code", "metric", "is_turned"),
    [
        ("demand_inventory", "stockout_share", False),
        ("order_management", "on_time_delivery", True),
        ("procurement_payables", "supplier_on_time", True),
    ],
)
def test_the_friction_of_a_domain_is_the_governed_number_of_the_same_weeks(
    tiny: Company, code: str, metric: str, is_turned: bool
):
    """Where a metric counts the same, the table and the metric agree, now and thirteen weeks before."""
    visit = visit_to(tiny, here="roadmap")
    sql = "select friction_now_number, friction_before_number from marts.roadmap_domains where roadmap_domain_code = ?"
    for found, as_of in zip(
        current_build(tiny).query(sql, [code]).row(0), (visit.as_of, visit.as_of - dt.timedelta(days=DAYS)), strict=True
    ):
        said = figure(visit, metric, lately(as_of)).value
        assert (found is None) == (said is None)
        if said is not None:
            assert found == pytest.approx(float(1 - said if is_turned else said))


def test_the_domains_stand_on_the_page_with_outcome_and_target(tiny: Company, tmp_path: Path):
    visit = visit_to(tiny, here="roadmap")
    rows = roadmap_domains.domains(visit, at_desk.desk(visit))
    assert rows.height == 6
    assert set(rows["target_said"]) == {"no target"}
    said = [
        visit.words.value(figure(visit, name, lately(visit.as_of)).value, definition(name).unit)
        for name in rows["metric_name"]
    ]
    assert rows["kpi_said"].to_list() == said
    boss = Office(tmp_path / "acme").desk(EXECUTIVE)
    boss.set_target("line_fill_rate", Decimal("0.95"), dt.date(2027, 6, 30), "Shelves stand empty.", baseline=0.81)
    told = {row["metric_name"]: row for row in roadmap_domains.domains(visit, boss).iter_rows(named=True)}
    assert told["line_fill_rate"]["target_said"].startswith("95.0% by 30 Jun")
    assert "; target 95.0% by" in told["line_fill_rate"]["outcome_said"]
    assert told["on_time_in_full"]["target_said"] == "no target"


def drawing() -> None:
    from pages.parts import at_desk, roadmap_domains
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("tiny"), here="roadmap")
    roadmap_domains.board(visit, at_desk.desk(visit))


def test_the_tab_is_drawn_with_a_card_for_each_outcome(tiny: Company, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSDOCK_HOME", str(tiny.folder.parent))
    screen = AppTest.from_function(drawing).run(timeout=60)
    assert not screen.exception
    receipts = {one.label for one in screen.button if one.label.startswith("Receipt of ")}
    assert {f"Receipt of {definition(said['metric']).title}" for said in roadmap.read("domains")} <= receipts
    shown = " ".join(one.proto.body for one in screen.get("html"))
    assert "Where it hurts" in shown
    assert "Shelves stand empty" in shown
