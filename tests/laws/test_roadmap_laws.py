"""Whatever is met: phases are done in their order, exactly one is now unless all are done, and meeting more never takes a phase away."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import roadmap
from pipelines.table import tables
from tests.worlds import World

CODES = [
    (number, criterion["code"]) for number, phase in enumerate(roadmap.phases(), 1) for criterion in phase["criteria"]
]
VERDICTS = st.lists(
    st.sampled_from(("met", "met", "met", "not met", "no data")), min_size=len(CODES), max_size=len(CODES)
)
ORDER = {"locked": 0, "now": 1, "done": 2}


@pytest.fixture(scope="module")
def bare() -> World:
    alone = World()
    for schema in ("raw", "marts"):
        alone.execute(f"create schema {schema}")
    roadmap.make(alone)
    alone.execute(
        "create table marts.roadmap_criteria (phase_no bigint, criterion_code varchar, met_code varchar, is_met boolean)"
    )
    return alone


def standing(of: World, verdicts: list[str]) -> list[str]:
    of.execute("delete from marts.roadmap_criteria")
    rows = [(number, code, said, said == "met") for (number, code), said in zip(CODES, verdicts, strict=True)]
    marks = ", ".join(["(?, ?, ?, ?)"] * len(rows))
    of.execute(f"insert into marts.roadmap_criteria values {marks}", [cell for row in rows for cell in row])
    sql = tables()["marts.roadmap_phases"].sql
    return of.query(f"select phase_stands_code from ({sql}) as phases order by phase_no")["phase_stands_code"].to_list()


@given(verdicts=VERDICTS)
@settings(max_examples=60, deadline=None)
def test_phases_are_done_in_their_order(bare: World, verdicts: list[str]):
    found = standing(bare, verdicts)
    done = found.count("done")
    assert found == ["done"] * done + ["now"] * (done < len(found)) + ["locked"] * (len(found) - done - 1)
    for number, said in enumerate(found, start=1):
        mine = {verdict for (phase, _), verdict in zip(CODES, verdicts, strict=True) if phase <= number}
        assert (said == "done") == (mine == {"met"})


@given(verdicts=VERDICTS, place=st.integers(0, len(CODES) - 1))
@settings(max_examples=40, deadline=None)
def test_meeting_one_more_never_takes_a_phase_away(bare: World, verdicts: list[str], place: int):
    before = standing(bare, verdicts)
    after = standing(bare, [*verdicts[:place], "met", *verdicts[place + 1 :]])
    assert all(ORDER[now] >= ORDER[then] for then, now in zip(before, after, strict=True))


def test_all_met_is_all_done(bare: World):
    assert standing(bare, ["met"] * len(CODES)) == ["done"] * 5
