"""From a row of the net value to its source: lines of files behind a decision, assumptions behind an accrual, nothing left out unsaid."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.ai_economics import dependence
from pages.parts import ai_cost_production, ai_cost_world, ai_trace
from pages.parts.grid import SHOWN_AT_MOST
from store.company import Company
from tests.ai_builds import built, held, scored
from tests.unit.parts_visit import visit_to
from tests.worlds import world

pytestmark = pytest.mark.keeps_home


def origins() -> None:
    from pages.parts import ai_trace
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("tiny"), here="value")
    ai_trace._lines(visit, {"order_id": "O-1", "benefit_amount": 1})
    ai_trace._origin(visit, {"proposal_id": None, "earning_source_name": "cost of calls and bills", "mechanism_name": "model calls",
                             "use_case_name": "Copilot", "source_grade": "A", "evidence_grade": None})  # fmt: skip


def test_a_row_leads_to_lines_of_files_and_to_graded_assumptions(tiny: Company, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSDOCK_HOME", str(tiny.folder.parent))
    page = AppTest.from_function(origins, default_timeout=60).run()
    assert not page.exception, page.exception
    (lines,) = (frame.value for frame in page.dataframe)
    assert set(lines["file_name"]) == {"order_lines.csv"}
    assert lines["line_no"].notna().all()
    said = "\n".join(one.proto.body for one in page.get("html"))
    assert "Model calls of Copilot: what calls cost by the usage log" in said


def accrued() -> None:
    from pages.parts import ai_trace
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="value")
    ai_trace._origin(visit, {"proposal_id": None, "earning_source_name": "accrued cost", "mechanism_name": "on call",
                             "use_case_name": "Copilot", "source_grade": "assumption", "evidence_grade": None})  # fmt: skip


def test_an_accrual_leads_to_the_assumptions_that_move_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path))
    moved = [("labour_cost_per_hour", "on call", 1.0), ("ai_error_cost", "errors avoided", 1.0)]
    rows = pl.DataFrame(
        [(name, "cost line", line, 1.0, 2.0, 5.0, how) for name, line, how in moved],
        schema=list(dependence.COLUMNS),
        orient="row",
    )
    built(scored({"scores.ai_dependences": rows}) | held(world("marts.ai_calls"), "raw.assumptions"))
    page = AppTest.from_function(accrued, default_timeout=60).run()
    assert not page.exception, page.exception
    (rests_on,) = (frame.value for frame in page.dataframe)
    assert list(rests_on["assumption"]) == ["labour_cost_per_hour"]
    assert rests_on["source_grade"].notna().all()


def test_what_is_not_drawn_is_summed(tiny: Company):
    visit = visit_to(tiny)
    every = pl.DataFrame({"net_earned_amount": [Decimal(1)] * SHOWN_AT_MOST + [Decimal("-2.5"), Decimal("0.5"), None]})
    assert ai_trace.left(visit, every.head(SHOWN_AT_MOST)) == ""
    assert ai_trace.left(visit, every) == " The other 3 come to −€2.00 net; the downloads hold all."


def test_nothing_is_said_of_worth_or_decisions_that_are_not_there(tiny: Company):
    visit = visit_to(tiny)
    assert ai_cost_world.unsure(visit) == "", "nothing was taken up"
    case = ai_cost_world.use_cases(visit)[0]
    assert ai_cost_production._decided(visit, case) == (0, 0)
