"""The printed record of a placement decision: all that an auditor needs stands on it, out of the act alone."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from pages.parts import placement_record
from store.company import Company
from tests.unit.parts_visit import visit_to

WAY: dict[str, Any] = {
    "way_code": "central api", "is_way_possible": True, "is_way_advised": True, "because_text": "It may.", "model_cost": "25.48",
    "upkeep_cost": "0", "control_cost": "25.61", "shared_cost": "0", "outage_cost": "79.35", "way_cost": "130.44", "down_hours": 60.86,
    "served_share": 0.979, "way_points_number": 88.8, "win_share": 0.758, "latency_points_number": 100.0,
    "points_text": "latency: 100% of answers within 600 s",
}  # fmt: skip
SECOND = WAY | {"way_code": "second circuit", "is_way_advised": False, "shared_cost": "3815.00", "way_cost": "3889.28"}
EDGE = {
    "way_code": "edge",
    "is_way_possible": False,
    "is_way_advised": False,
    "because_text": "It writes.",
    "way_cost": "74972.26",
}
GATES = [
    {"way_code": way, "gate_no": 1, "gate_name": "criticality", "gate_code": code, "because_text": because}
    for way, code, because in (
        ("central api", "passes", "It can wait."), ("second circuit", "supports", "Pages are there."), ("edge", "forbids", "It writes."),
        ("hybrid", "passes", "Nobody asked."),
    )
]  # fmt: skip
FLIP = {
    "lever_code": "outage",
    "now_number": 6.52,
    "factor_number": 2.0,
    "because_text": "From 2 times the cost of an hour.",
}
LINES = [
    {"estate_part_name": "line", "place_name": site, "part_cost": "1271.67", "part_number": 60.9, "because_text": "broadband."}
    for site in ("HAM", "LEJ")
]  # fmt: skip
READY = {
    "estate_part_name": "governance readiness",
    "place_name": "*",
    "part_cost": None,
    "part_number": 0.0,
    "because_text": "Rows.",
}
ASSUMED = {
    "assumption_name": "ai_broadband_hours_down", "assumed_number": 12.0, "low_number": 4.0, "high_number": 24.0, "unit_name": "hours",
    "source_grade": "B", "elasticity_number": 0.6,
}  # fmt: skip
RECORD: dict[str, Any] = {
    "build_id": "b1", "as_of": "2026-11-14", "built_at": "2026-11-22T09:18:07+00:00", "ways": [WAY, SECOND, EDGE], "gates": GATES,
    "flips": [FLIP], "estate": [*LINES, READY], "lines": {"HAM": "fibre"}, "basis": {"definition": "31e0"}, "assumptions": [ASSUMED],
}  # fmt: skip
FIRST_OF_ITS_KIND = {"built_at", "assumptions"}  # what acts of earlier versions did not freeze


def act_of(record: dict[str, Any], **payload: Any) -> Any:
    said = {"way": "second circuit", "reason": "The line fails every Monday.", "record": record, **payload}
    return SimpleNamespace(
        act_no=5142, act_id="1da76b02", act_hash="2fa519b1", previous_hash="92fc646f", kind="place", subject="UC4", who="E.Rossi",
        at=dt.datetime(2026, 11, 15, 10, 18, tzinfo=dt.UTC), payload=said,
    )  # fmt: skip


@pytest.fixture
def printed(company: Company) -> str:
    visit = visit_to(company, here="placement")
    return "\n".join(
        said for _, said in placement_record.record(visit, act_of(RECORD, roles=["executive"]), "Order agent")
    )


def test_it_says_who_decided_in_which_role_and_where_the_ledger_holds_it(printed: str):
    assert "by E.Rossi (executive)" in printed
    assert "Act 5,142 of the ledger, id 1da76b02. Seal 2fa519b1, over the act before it with seal 92fc646f." in printed
    assert "Figures of build b1, made on 22 Nov 2026" in printed


def test_every_way_has_its_price_and_the_advised_one_its_gates(printed: str):
    assert "60.9 business hours a year without it, each" in printed
    assert "Edge: forbidden. It writes. It would cost " in printed
    assert "74,972.26" in printed
    assert "Central API, step 1 criticality: passes. It can wait." in printed, "of the way that was advised"
    assert "Second circuit, step 1 criticality: supports. Pages are there." in printed, "of the way that was decided"
    assert "Nobody asked." not in printed
    assert "Where the advice would turn away from Central API" in printed
    assert "latency 100.0. latency: 100% of answers within 600 s." in printed


def test_a_line_that_nobody_named_says_so_and_an_assumption_wears_its_grade(printed: str):
    named, unnamed = (next(line for line in printed.splitlines() if line.startswith(site)) for site in ("HAM", "LEJ"))
    assert "1,271.67 a year" in named
    assert "Nobody has said which line it has." not in named
    assert unnamed.endswith("Nobody has said which line it has.")
    assert "Broadband hours down: 12 (4 to 24) hours; grade B" in printed


def test_a_record_of_an_earlier_version_is_read_all_the_same(company: Company):
    old = {name: told for name, told in RECORD.items() if name not in FIRST_OF_ITS_KIND}
    lines = placement_record.record(visit_to(company, here="placement"), act_of(old), "Order agent")
    assert not any(kind == "assumed" for kind, _ in lines)
    assert placement_record.printed(lines).startswith(b"%PDF")


def test_much_to_say_takes_more_sides_and_nothing_is_left_out(company: Company):
    many = RECORD | {"assumptions": [ASSUMED | {"assumption_name": f"ai_number_{no}"} for no in range(120)]}
    lines = placement_record.record(visit_to(company, here="placement"), act_of(many), "Order agent")
    paper = placement_record.paper(lines, is_compressed=False)
    assert paper.sides > 1
    assert paper.at > 0
    drawn = " ".join(paper.texts)
    assert all(f"Number {no}: 12" in drawn for no in range(120))
    assert f"{lines[0][1]} · side {paper.sides}" in drawn
