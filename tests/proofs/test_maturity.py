"""Three companies of one world, of which one has just begun, one is half way and one far along: the roadmap finds what each was made to be.

What is true of each stands in `data/maturity/` and in the truth that is written beside its world, before a row of it is landed.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest

from decisions.__main__ import settle_levels, write_lived
from pipelines import demo_company, flow, loads
from pipelines.demo.maturity import NAMES, TRUTH
from pipelines.demo.scale import SIZES, SMALL
from store.company import Company, open_company
from store.warehouse import Build, current_build
from tests.once import made_once

# The small company with fewer articles and customers; its people decide for half a year.
SIZES["handful"] = replace(
    SMALL, name="handful", sku_count=60, customer_count=45, lines_per_workday=36.0, decides_days=182, ai_days=182,
    first_day=SMALL.default_last - 405, events_from=SMALL.default_last - 405,
)  # fmt: skip
Grown = Callable[[str], Company]


def _grow(name: str) -> Callable[[Path], None]:
    """A company of that maturity, grown and lived as `make demo` does it, but that its months are all closed at once."""

    def make(_: Path) -> None:
        demo_company.grown(
            name, size="handful", seed=7, advance_days=None, who="tests", lands_only=True, maturity=name, say=lambda _: None
        )  # fmt: skip
        made = open_company(name)
        write_lived(made)
        flow.refresh(made, who="tests")
        settle_levels(made)
        flow.refresh(made, who="tests")

    return make


@pytest.fixture
def grown(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Grown:
    """Gives a company of a maturity, grown once for the run; nobody may change it."""

    def give(name: str) -> Company:
        home, _ = made_once(tmp_path_factory, f"maturity-{name}", _grow(name))
        monkeypatch.setenv("CROSSDOCK_HOME", str(home))
        return open_company(name)

    return give


def built(made: Company) -> Build:
    build = current_build(made)
    assert build is not None
    return build


def stands(build: Build) -> dict[str, str]:
    found = build.query("select phase_code, phase_stands_code from marts.roadmap_phases")
    return dict(found.iter_rows())


def stages(build: Build) -> dict[str, tuple[int, int]]:
    found = build.query("select workflow_code, worked_stage_no, earned_stage_no from marts.roadmap_workflows")
    return {code: (worked, earned) for code, worked, earned in found.iter_rows()}


def truth(made: Company, kind: str) -> pl.DataFrame:
    return pl.read_csv(made.folder / "world" / TRUTH).filter(pl.col("subject_kind") == kind)


@pytest.mark.parametrize("name", NAMES)
def test_phases_and_stages_are_what_the_company_was_made_to_be(grown: Grown, name: str):
    made = grown(name)
    build = built(made)
    said = dict(truth(made, "phase").select("subject_id", "stands").iter_rows())
    criteria = build.query("select phase_code, because_text from marts.roadmap_criteria where not is_met").rows()
    assert stands(build) == said, criteria
    flows = truth(made, "workflow").select("subject_id", "works_on_stage_no", "earned_stage_no").iter_rows()
    assert stages(build) == {code: (worked, earned) for code, worked, earned in flows}


def test_the_three_are_three_different_verdicts(grown: Grown):
    """Else the files could all say the same, and nobody would notice."""
    found = [tuple(sorted(stands(built(grown(name))).items())) for name in NAMES]
    assert len(set(found)) == len(NAMES)


def test_a_phase_falls_and_stages_with_it_when_the_data_go(
    grown: Grown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The half-way company takes its order lines back: the picture is no longer whole, and nobody can tell what decisions came to."""
    made = grown("middling")
    home = tmp_path / "home"
    copytree(made.folder.parent, home)
    monkeypatch.setenv("CROSSDOCK_HOME", str(home))
    poorer = open_company("middling")
    assert stands(built(poorer))["foundation"] == "done"
    for act in loads.in_force(flow.ledger_of(poorer).acts()):
        if "order_lines" in [one["contract"] for one in act.payload["counts"]]:
            flow.undo(poorer, act.payload["load_id"], who="tests")
    flow.refresh(poorer, who="tests")
    found = stands(built(poorer))
    assert (found["foundation"], found["decision_support"]) == ("now", "locked")
    assert stages(built(poorer))["order_capture"] == (3, 2), "what it still does is ahead of what it has earned"
