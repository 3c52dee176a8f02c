"""The roadmap of a real build: the tiny company has begun nothing, and its page and its figures say so."""

from pages.parts import roadmap_layers, roadmap_phases, roadmap_workflows
from store.company import Company
from store.warehouse import current_build
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
