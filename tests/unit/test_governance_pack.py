"""The governance pack: the sheet says word for word what the screen says, each figure is that of its table, and what is missing is said."""

import datetime as dt
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from decisions import levels
from decisions.autonomy import Record
from decisions.policy import Dial
from decisions.registers import Kept
from pages.parts import at_desk, governance, governance_autonomy, governance_sheet, governance_standing
from pages.parts.figures import recomputed
from pages.parts.page import Visit
from pages.parts.words import Words
from pipelines.registers import templates
from tests.ai_value_rows import COSTS, ROWS, built
from tests.desks import EXECUTIVE, Office
from tests.unit.parts_visit import grown, visit_to

WORDS = Words("en_GB", "EUR", "Europe/Berlin")
DAY = dt.date(2026, 8, 15)


def register(code: str, row: str, verdict: str, owner: str, cost: str | None = None) -> dict[str, Any]:
    return {
        "register_code": code, "register_name": code.capitalize(), "row_code": row, "row_name": row.capitalize(), "verdict_code": verdict,
        "is_red": verdict in ("missing", "overdue", "contradicted"), "owner_name": owner, "look_again_date": DAY, "monthly_cost": cost,
        "found_code": "no data", "has_act": False, "is_needed": None, "review_cycle_days": 90, "as_of_date": dt.date(2026, 11, 14),
    }  # fmt: skip


def control(name: str, verdict: str, measure: str, kept: int | None, checked: int | None) -> dict[str, Any]:
    return {
        "use_case_id": "UC3", "use_case_name": "Order copilot", "stage_code": "production", "control_name": name, "control_no": 1,
        "is_on": True, "how_code": "enforced", "measure_code": measure, "kept_count": kept, "checked_count": checked,
        "verdict_code": verdict, "seen_text": "",
    }  # fmt: skip


def model(
    name: str, error: float | None, rival: float | None, *, drifted: int = 0, due: bool = False, status: str = "in use"
) -> dict[str, Any]:
    return {
        "model_code": name.lower(), "model_name": name, "run_status_code": status, "model_error_number": error, "rival_error_number": rival,
        "drifted_count": drifted, "is_review_due": due,
    }  # fmt: skip


def source(name: str, age: int, target: float) -> dict[str, Any]:
    return {
        "contract_name": name, "source_age_days": age, "freshness_target_days": target, "is_fresh": age <= target, "is_about_ai": False,
        "loaded_date": dt.date(2026, 11, 14), "newest_row_date": dt.date(2026, 11, 14) - dt.timedelta(days=age),
    }  # fmt: skip


def decided(nth: int, day: dt.date, *, right: bool | None, agent: bool = False, by: str = "paula") -> dict[str, Any]:
    who = "inventory-agent" if agent else by
    return {
        "proposal_id": f"P{nth}", "action_kind_code": "purchase", "segment_name": "", "proposer_name": who, "decider_name": who,
        "is_agent": agent, "is_matured": right is not None, "is_right": right, "proposed_date": day, "is_decided": True,
        "is_accepted": True, "is_override": nth % 2 == 0, "decided_qty": 1, "is_exported": True,
        "verdict_code": "allowed" if nth % 4 else "needs_approval",
        "approval_count": 0, "approval_hours": 2.0 if nth % 2 else None, "decision_minutes": 5.0, "benefit_amount": "10",
    }  # fmt: skip


MORE = {
    "marts.registers": [
        register("risks", "drift", "contradicted", "head of data"),
        register("training", "escalation", "missing", "head of data", "60"),
        register("training", "approvers", "overdue", "head of finance", "40.5"),
        register("ownership", "prompts", "in place", "head of data"),
        register("vendors", "exit", "not applicable", "head of data"),
    ],
    "marts.control_compliance": [
        control("cap on tool calls", "not kept", "tool calls", 7, 10),
        control("daily token budget", "kept", "budget", 5, 5),
        control("fresh sources", "not seen", "", None, None),
    ],
    "marts.model_health": [
        model("Forecast", 0.4, 0.5),
        model("Lateness", 0.6, 0.5, drifted=2),
        model("Promises", None, None, due=True),
        model("Levels", 0.9, 0.5, status="fallback"),
    ],
    "marts.decisions": [
        *(decided(nth, dt.date(2026, 10, 2), right=nth > 1) for nth in range(1, 9)),
        *(decided(nth, dt.date(2026, 6, 2), right=True) for nth in range(11, 14)),
        *(decided(nth, dt.date(2026, 9, 2), right=nth > 20, agent=True) for nth in range(20, 44)),
    ],
    "marts.source_freshness": [
        source("order_lines", 3, 7), source("orders", 9, 7), source("skus", 30, 366), source("stock_days", 731, 7),
    ],
    "marts.data_grades": [{"contract_name": "order_lines", "data_grade_code": "A"}, {"contract_name": "orders", "data_grade_code": "C"}],
}  # fmt: skip
OWNERS = ("head of data", "head of finance", "head of sales", "head of IT")
# More red rows than stand on a sheet, the worst of them last in their register.
MANY = MORE | {
    "marts.registers": [
        register("risks", f"something that goes wrong for the {nth}th time and has a long name", verdict, OWNERS[nth % 4])
        for nth, verdict in enumerate(("overdue",) * 500 + ("missing",) * 20 + ("contradicted",) * 9)
    ]
}  # fmt: skip


def told(visit: Visit, *, desk: Any = None) -> dict[str, str]:
    """Every line of the pack by section and name."""
    made = governance.pack(visit, desk or at_desk.desk(visit))
    return {f"{section.key}/{line.name}": line.said for section in made.sections for line in section.lines}


def screen() -> None:
    from pages.parts import at_desk, governance
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="governance")
    governance.board(visit, at_desk.desk(visit))


@pytest.mark.parametrize("more", [MORE, {}, MANY])
def test_the_sheet_says_word_for_word_what_the_screen_says(more: dict[str, Any]):
    visit = built(ROWS, COSTS, more)
    drawn = AppTest.from_function(screen, default_timeout=60).run()
    assert not drawn.exception, drawn.exception
    shown = unescape("\n".join(one.proto.body for one in drawn.get("html")))
    made = governance.pack(visit, at_desk.desk(visit))
    printed = " ".join(text for text in governance_sheet.paper(made).texts if text != f"{made.title} · side 2")
    assert drawn.subheader[0].value.replace("\\", "") == made.verdict
    assert made.verdict in printed
    assert {"asked", "business", "technical", "registers", "autonomy", "kinds", "placement", "versions"} <= {
        one.key for one in made.sections
    }
    for section in made.sections:
        assert len({line.name for line in section.lines}) == len(section.lines), (
            "two lines of one name would hide each other"
        )
        for said in (section.title, section.note, *(text for line in section.lines for text in (line.name, line.said))):
            assert said in shown, f"{said} is not on the screen"
            assert said in printed, f"{said} is not on paper"
    for one in made.figures:
        assert visit.words.value(one.value, one.unit) in printed, one.title
        assert recomputed(visit, one) == one.value


def test_the_lines_are_the_tables_counted_by_hand():
    said = told(built(ROWS, COSTS, MORE))
    assert said["business/Last month"].startswith("Net value, Oct 2026: €1.05K")
    assert said["business/Last month"].endswith("Nobody has closed a month.")
    period = said["business/1 Sept – 31 Oct 2026"]  # that of the headline, which speaks of two months
    assert "By grade of evidence, before the cost of AI: A €270, B €0, C €936." in period
    assert said["business/Decisions"].endswith("32 made; 93.8% right and 6.2% wrong of the 32 whose outcome is known.")
    assert said["technical/Models"] == (
        "3 of 4 are in use; 1 of the 2 whose rival can be measured do at least as well as it; worse: Lateness. "
        "Not in use: Levels (fallback)."
    )
    assert said["technical/Drift and reviews"] == "Drifted: Lateness. Past their day of review: Promises."
    assert said["technical/Data grades"] == "Extracts by grade: 1 A, 1 C."
    assert said["technical/Freshness"].endswith(
        "2 of 4 sources are within their targets; older: Stock snapshots (731 days old, may be 7), Orders (9 days old, may be 7)."
    ), "an article master may be a month old, stock may not, whenever it was brought"
    assert said["technical/Controls"].startswith(
        "Of running use cases: 1 kept, 1 not kept, 0 off, 1 not seen. To see to: Order copilot"
    )
    assert said["technical/Budgets and caps"].endswith("3 of 10 cases went over the cap on tool calls (Order copilot).")
    assert said["registers/All rows"].startswith(
        "5 rows: 1 contradicted, 1 missing, 1 overdue, 1 in place, 1 not applicable; in the build 25.0%"
    )
    assert said["registers/Cost a month"].startswith("€100")
    assert said["red/Head of data"] == "Drift (contradicted, 15 Aug 2026); Escalation (missing, 15 Aug 2026)."
    assert said["red/Head of finance"] == "Approvers (overdue, 15 Aug 2026)."
    assert said["asked/Rows contradicted"] == "Settle 1 row: Drift (head of data)."
    assert said["asked/Reviews of models"] == "Overdue: Promises."


def test_each_kind_says_its_level_ceiling_and_evidence_and_a_rise_that_is_due():
    visit = built(ROWS, COSTS, MORE)
    said = told(visit)
    assert (
        said["kinds/Order from a supplier"]
        == "L2 of at most L3; 23 of 24 right, so at least 79.8%; 85.0% of at least 20 asked."
    )
    assert "Change a policy L0 of L0" in said["kinds/No outcome of an agent is known"]
    dial = Dial(ceiling=3, required_rate=0.85, least_decisions=20, loss_budget_amount=Decimal(0))
    worst = governance_autonomy.evidence([Record(right=9, matured=10), Record(right=1, matured=10)], dial, WORDS)
    assert worst.startswith("1 of 10 right")


def test_the_rule_is_read_from_the_policies_and_follows_them():
    visit = built(ROWS, COSTS, MORE)
    rule = told(visit)["autonomy/More freedom"]
    assert "It takes 20 to 40 decisions with a known outcome within 180 days" in rule
    assert "at least 80.0% to 97.0%" in rule
    assert "Only approver or executive may raise a level." in rule


def test_what_is_not_settled_keeps_the_gate_of_autonomy_shut_until_it_is():
    rows = [
        {"register_code": code, "row_code": row, "row_name": row, "verdict_code": "in place"}
        for names in levels.BEFORE.values()
        for code, row in (name.split("/") for name in names)
    ]
    assert levels.unsettled(rows) == {}
    assert governance_autonomy.before(rows).endswith("have to be settled: they are.")
    rows[-1]["verdict_code"] = "overdue"
    assert levels.unsettled(rows) == {"escalation": ["escalation (overdue)"]}
    assert "Not settled: escalation: escalation (overdue)." in governance_autonomy.before(rows)


def test_every_row_that_the_gate_reads_is_a_row_of_a_register():
    known = {f"{one['register']}/{row['row']}" for one in templates() for row in one["rows"]}
    assert {name for names in levels.BEFORE.values() for name in names} <= known


def test_what_people_say_after_the_build_stands_in_the_pack_at_once(tmp_path):
    visit = built(ROWS, COSTS, MORE)
    office = Office(tmp_path / "office")
    before = governance_standing.standing(visit, office.desk(EXECUTIVE))
    assert sum(row["is_red"] for row in before) == 3
    office.desk(EXECUTIVE).keep_register(
        "training/escalation", Kept(status="not applicable", owner="head of data"), "No agent runs."
    )
    said = told(visit, desk=office.desk(EXECUTIVE))
    assert said["red/Head of data"] == "Drift (contradicted, 15 Aug 2026)."
    assert "asked/Rows missing" not in said


def test_without_any_table_of_ai_each_section_says_what_is_missing():
    said = told(visit_to(grown(), here="governance"))
    for name, word in (
        ("business/Net verified value", "Upload an AI usage log"),
        ("business/Decisions", "decide on proposals"),
        ("business/Adoption", "upload an AI work log"),
        ("technical/Models", "refresh once"),
        ("technical/Freshness", "how old each source is: no data"),
        ("technical/Controls", "No use case runs"),
        ("technical/Overrides and errors", "no data"),
        ("registers/Registers", "refresh once"),
        ("placement/Placement", "needs a month of orders"),
        ("autonomy/First of all", "nobody can tell"),
    ):
        assert word in said[name], name
