"""The sheet of the governance pack can be read and is one sheet; what it says of the roadmap is what the page Roadmap says."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import pytest

from pages.parts import (
    at_desk,
    governance,
    governance_roadmap,
    governance_sheet,
    governance_standing,
    roadmap_workflows,
)
from pages.parts.governance_pack import Line, Pack, Section
from pages.parts.page import Visit
from tests import ai_builds
from tests.ai_value_rows import COSTS, ROWS, built
from tests.roadmap_rows import BESIDE, emptied
from tests.roadmap_rows import told as counted
from tests.unit.test_governance_pack import MANY, MORE, register, told
from tests.unit.test_roadmap_workflows import spans

SIZE = re.compile(rb"/F[\d+]+ ([\d.]+) Tf")
NOW = {
    "is_met": False,
    "counted_in_code": "count",
    "compared_code": "at most",
    "because_text": "Counted.",
    "criterion_no": 1,
}


def pack(more: Mapping[str, Any]) -> Pack:
    visit = built(ROWS, COSTS, more)
    return governance.pack(visit, at_desk.desk(visit))


def anybody() -> Visit:
    return built(ROWS, COSTS, {})


def smallest(held: Pack) -> float:
    """The smallest size of any text on the sheet, in points."""
    return min(float(size) for size in SIZE.findall(governance_sheet.paper(held, is_compressed=False).done()))


def sides(held: Pack) -> int:
    return governance_sheet.drawn(held).count(b"/Type /Page\n")


def with_many(held: Pack, count: int) -> Pack:
    lines = tuple(
        Line(f"Owner {nth}", "Some rows that are red and have to be seen to before long; " * 2) for nth in range(count)
    )
    return Pack("t", "u", "v", (), (*held.sections, Section("more", "More", lines, "", True)))


# ── the sheet ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_sheet_is_one_side_where_that_can_be_read_and_the_same_each_time():
    made = pack(MORE)
    once = governance_sheet.drawn(made)
    assert once == governance_sheet.drawn(made)
    assert once.startswith(b"%PDF-")
    assert (sides(made), smallest(made)) == (1, 7.0)


@pytest.mark.parametrize(("count", "is_fit"), [(60, True), (400, False)])
def test_what_does_not_stand_on_one_side_goes_on_to_the_next_and_nothing_is_lost_or_too_small(count: int, is_fit: bool):
    full = with_many(pack(MORE), count)
    printed = " ".join(governance_sheet.paper(full).texts)
    assert (governance_sheet.fits(full), sides(full) == 2, smallest(full)) == (is_fit, is_fit, 7.0)
    assert all(f"Owner {nth}:" in printed for nth in range(count))
    assert f"{full.title} · side 2" in printed


def test_nothing_is_drawn_below_the_foot_of_a_side(monkeypatch: pytest.MonkeyPatch):
    low: list[float] = []
    drawn = governance_sheet.Paper.text

    def text(self: Any, said: str, x: float, y: float, **how: Any) -> None:
        low.append(y)
        drawn(self, said, x, y, **how)

    monkeypatch.setattr(governance_sheet.Paper, "text", text)
    made = pack(MORE)
    for count in (0, 60, 61, 62, 63, 400):
        governance_sheet.paper(with_many(made, count))
    one = Section("one", "One", (Line("Nobody", "An entry longer than a side. " * 2000),), "", True)
    governance_sheet.paper(Pack("t", "u", "v", (), (*made.sections, one)))
    assert min(low) >= governance_sheet.LOW


def test_red_rows_that_do_not_fit_are_counted_and_the_most_important_named():
    held = pack(MANY)
    assert governance_sheet.fits(held)
    assert (sides(held), smallest(held)) == (2, 7.0)
    said = {line.name: line.said for section in held.sections if section.key == "red" for line in section.lines}
    text = " ".join(said.values())
    left = re.fullmatch(r"and (\d+) more, on the page Risks and controls\.", said["Beside these"])
    assert left
    named = set(re.findall(r"the (\d+)th time", text))
    assert len(named) + int(left[1]) == 529
    assert named >= {str(nth) for nth in range(500, 529)}, (
        "what is contradicted or missing is named before what is overdue"
    )
    more = governance_standing.red(anybody(), MANY["marts.registers"], len(named) + 1)
    sections = tuple(more if one.key == "red" else one for one in held.sections)
    assert not governance_sheet.fits(Pack(held.title, held.under, held.verdict, (), sections)), "not one more would fit"


def test_all_red_rows_are_named_where_they_fit():
    red = next(section for section in pack(MORE).sections if section.key == "red")
    assert {line.name for line in red.lines} == {"Head of data", "Head of finance"}


def test_of_rows_that_stand_alike_the_one_that_waits_longest_comes_first():
    rows = [register("r", name, verdict, "x") | {"look_again_date": day} for name, verdict, day in (
        ("a", "overdue", dt.date(2026, 1, 1)), ("b", "missing", None), ("c", "missing", dt.date(2026, 5, 1)),
        ("d", "contradicted", dt.date(2026, 8, 1)), ("e", "missing", dt.date(2026, 2, 1)),
    )]  # fmt: skip
    assert [row["row_code"] for row in sorted(rows, key=governance_standing.importance)] == ["d", "e", "c", "b", "a"]
    assert [line.said for line in governance_standing.red(anybody(), rows, 2).lines] == [
        "D (contradicted, 1 Aug 2026); E (missing, 1 Feb 2026).", "and 3 more, on the page Risks and controls.",
    ]  # fmt: skip


# ── the roadmap ──────────────────────────────────────────────────────────────────────────────────────────────────────
def phases() -> list[dict[str, Any]]:
    stands = ((1, "foundation", "done"), (2, "support", "now"), (3, "scale", "locked"))
    return [
        {
            "phase_no": no, "phase_code": code, "phase_name": code.capitalize(), "phase_stands_code": how,
            "because_text": f"{no} of 7 met.",
        }
        for no, code, how in stands
    ]  # fmt: skip


def criterion(phase: str, name: str, met: str, found: float | None = 3.0) -> dict[str, Any]:
    return NOW | {
        "phase_code": phase, "criterion_code": name, "criterion_name": name.capitalize(), "met_code": met, "is_met": met == "met",
        "found_number": found, "asked_number": 0.0,
    }  # fmt: skip


def flow(no: int, name: str, worked: int, earned: int) -> dict[str, Any]:
    return {
        "workflow_no": no, "workflow_code": name.lower(), "workflow_name": name, "worked_stage_no": worked, "earned_stage_no": earned,
        "is_ahead": worked > earned, "metric_name": "line_fill_rate", "volume_name": "lines", "yearly_count": 9,
        "handled_count": 2, "recent_count": 4,
    }  # fmt: skip


ROADMAP = {
    "marts.roadmap_phases": phases(),
    "marts.roadmap_criteria": [
        criterion("support", "red rows", "not met"), criterion("support", "closed months", "no data", None),
        criterion("support", "owners", "met"), criterion("scale", "a thing of later", "not met"),
    ],
    "marts.roadmap_workflows": [flow(1, "Pricing", 2, 2), flow(2, "Returns", 3, 2), flow(3, "Service", 4, 2)],
}  # fmt: skip


def test_the_phase_that_is_now_names_the_criteria_that_are_not_met():
    said = told(built(more=ROADMAP))
    assert said["placement/Phase"] == "2 Support: 2 of 7 met."
    assert said["placement/Not met in this phase"] == (
        "Red rows (3, asked for at most 0); Closed months (no data, asked for at most 0)."
    )


def test_workflows_that_work_ahead_of_what_they_have_earned_are_named_and_the_council_is_asked():
    said = told(built(more=ROADMAP))
    assert said["placement/Ahead of its evidence"] == (
        "Returns works as AI-powered automation, has earned AI-assisted; Service works as autonomous agents, has earned AI-assisted."
    )
    assert said["asked/Workflows"].startswith("Take one step back, or bring the evidence, in Returns, Service:")


def test_without_a_roadmap_nothing_is_said_of_it():
    bare = told(built(more={}))
    assert not {"placement/Phase", "placement/Ahead of its evidence"} & set(bare)
    assert bare["success/Not known"] == governance_roadmap.NOT_KNOWN


def test_where_all_is_earned_and_met_nothing_is_asked():
    earned = ROADMAP | {"marts.roadmap_workflows": [flow(1, "Pricing", 2, 2)], "marts.roadmap_criteria": []}
    said = told(built(more=earned))
    assert said["placement/Ahead of its evidence"] == "No workflow."
    assert not {"placement/Not met in this phase", "asked/Workflows"} & set(said)


def test_success_is_one_figure_in_the_pack_and_on_the_roadmap():
    """Fifty decisions then and fifty now, over the spans of the table: an hour in place of two, and all else as before."""
    made = counted(emptied(), spans({}, {"approval_hours": 1.0}), BESIDE)
    visit = ai_builds.built(ai_builds.held(made, "marts.roadmap_success"))
    section = governance_roadmap.success(visit)
    assert section.note == roadmap_workflows.JUDGED
    said = {line.name: line.said for line in section.lines}
    assert said["Faster"] == "Hours from a proposal to its approval: 1 h now (50 decisions), 2 h then (50): better."
    assert set(said) == {"Faster", "More consistent", "Scalable", "Governance not weaker"}
    for row, line in zip(roadmap_workflows.success(visit).iter_rows(named=True), section.lines, strict=True):
        for cell in (row["success_name"], row["now_said"], row["then_said"], row["success_verdict_code"]):
            assert cell in line.said
