"""Deciding where a use case runs: what may be decided, what the act freezes, and what the registry and the lines make of it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest

from decisions import placing
from decisions.ai_folding import AiBook
from decisions.book import Book
from decisions.person import Person
from errors import Refusal
from models.ai_economics.placement_gates import AT_SITES
from models.ai_economics.use_case import is_sound
from pipelines import site_lines, use_cases
from store import engine
from tests.desks import EXECUTIVE

WAYS = ("central api", "second circuit", "private", "hybrid", "edge")


class Figures:
    """A build of which only the answers to the questions of a placement are known."""

    build_id = "20261122T000000000-abc"
    sites: tuple[str, ...] | list[str] = ()

    def __init__(
        self,
        forbidden: tuple[str, ...] = ("edge",),
        advised: str = "central api",
        against: str = "",
        foundation: str = "done",
        tried: str = "supports",
    ):
        ways = [
            {
                "use_case_id": "W1", "way_no": no, "way_code": way, "is_way_possible": way not in forbidden,
                "is_way_advised": way == advised,
                "because_text": "It writes: validation and booking belong to the centre." if way in forbidden else "It may.",
            }
            for no, way in enumerate(WAYS, start=1)
        ]  # fmt: skip
        self.tables = {
            placing.WAYS: pl.DataFrame(ways),
            placing.GATES: pl.DataFrame(
                {
                    "use_case_id": "W1",
                    "way_code": [*AT_SITES, "edge"],
                    "gate_no": [6, 6, 3],
                    "gate_code": [tried, tried, "forbids"],
                }
            ),
            placing.FLIPS: pl.DataFrame({"use_case_id": ["W1"], "lever_code": ["outage"]}),
        }
        self.registers = pl.DataFrame(
            {
                "row_name": ["Sign-in of people", "Backup"],
                "register_code": [against, "residency"],
                "verdict_code": ["contradicted"] * 2,
            }
        )
        self.phases = pl.DataFrame({"phase_code": ["foundation"], "phase_stands_code": [foundation]})

    def has(self, name: str) -> bool:
        return name in (*self.tables, placing.REGISTERS, placing.PHASES)

    def facts(self) -> dict[str, Any]:
        return {"as_of_date": datetime(2026, 11, 14, tzinfo=UTC).date(), "built_at": datetime(2026, 11, 22, tzinfo=UTC)}

    def query(self, sql: str, params: list[Any] | None = None) -> pl.DataFrame:
        if "raw.ai_basis" in sql:
            return pl.DataFrame({"assumptions_hash_text": ["5f2c" * 16]})
        if "raw.site_lines" in sql:
            return pl.DataFrame({"site_id": ["HAM"], "line_text": ["fibre"]})
        if "placement_estate" in sql:
            return pl.DataFrame(
                {
                    "estate_part_name": ["line"],
                    "place_name": ["HAM"],
                    "part_number": [60.9],
                    "because_text": ["broadband"],
                }
            )
        if "raw.use_cases" in sql:
            told = json.dumps(use_cases.templates()["W1"] | {"sites": self.sites}, default=str)
            return pl.DataFrame({"use_case_id": ["W1"], "definition_text": [told]})
        if "core.sites" in sql:
            return pl.DataFrame({"site_id": ["HAM"]})
        if "marts.registers" in sql or "marts.roadmap_phases" in sql:
            connection = duckdb.connect()
            connection.execute("create schema marts")
            for table, frame in ((placing.REGISTERS, self.registers), (placing.PHASES, self.phases)):
                connection.register("incoming", frame.to_arrow())
                connection.execute(f"create table {table} as select * from incoming")
            return engine.frame(connection, sql, params)
        name = next(one for one in self.tables if f"from {one} " in sql)
        return self.tables[name].filter(pl.col("use_case_id") == (params or [""])[0])


def decided(way: str, reason: str = "It is what is advised.", build: Any = None, book: Book | None = None) -> Any:
    return placing.placed(book or Book(), EXECUTIVE, "W1", way, reason, build or Figures())


def test_the_act_freezes_the_way_its_deployment_and_all_that_was_known() -> None:
    kind, subject, said = decided("second circuit", "The branch cannot wait for a lorry that stands.")
    assert (kind, subject) == ("place", "W1")
    assert said["deployment"] == "central api", "a second line still reaches the model at its provider"
    assert [row["way_code"] for row in said["record"]["ways"]] == list(WAYS)
    assert said["record"]["build_id"] == Figures.build_id
    assert said["record"]["estate"][0]["place_name"] == "HAM"
    assert said["record"]["basis"]["grade of the definition"].startswith("assumption")
    assert said["record"]["basis"]["assumptions"] == "5f2c" * 3, "the state that the governance pack names too"
    assert (said["roles"], said["record"]["built_at"]) == (["executive"], "2026-11-22T00:00:00+00:00")
    json.dumps(said)


def test_nobodys_wish_overrides_a_gate() -> None:
    with pytest.raises(Refusal, match="validation and booking belong to the centre"):
        decided("edge", "The branch manager insists on it, whatever the gates say.")


def test_leaving_the_advice_takes_a_sentence() -> None:
    with pytest.raises(Refusal, match="not what is advised"):
        decided("hybrid", "better")
    assert decided("hybrid", "The line in Hamburg is down every Monday.") is not None


@pytest.mark.parametrize("register", ["edge_controls", "edge_policy", "security_baseline"])
def test_nothing_goes_to_sites_while_the_data_contradict_what_was_said_of_their_controls(register: str) -> None:
    build = Figures(forbidden=(), advised="edge", against=register)
    for way in ("hybrid", "edge"):
        with pytest.raises(Refusal, match="data contradict what was said of: Sign-in of people"):
            decided(way, "The line in Hamburg is down every Monday.", build)
    for way in ("central api", "second circuit", "private"):
        assert decided(way, "The line in Hamburg is down every Monday.", build) is not None
    assert decided("edge", build=Figures(forbidden=(), advised="edge", against="training")) is not None


def test_sites_before_the_foundation_take_a_sentence_even_where_they_are_advised() -> None:
    early = Figures(forbidden=(), advised="hybrid", foundation="now")
    with pytest.raises(Refusal, match="foundation comes first"):
        decided("hybrid", "as advised", early)
    assert decided("hybrid", "The line in Hamburg is down every Monday.", early) is not None
    assert decided("hybrid", "as advised", Figures(forbidden=(), advised="hybrid")) is not None
    assert decided("private", "as advised", Figures(forbidden=(), advised="private", foundation="now")) is not None


def test_what_nothing_of_its_family_has_tried_begins_at_one_site() -> None:
    untried = Figures(forbidden=(), advised="edge", tried="unknown")
    for way in AT_SITES:
        with pytest.raises(Refusal, match="all sites, and nothing of its family has ever run so: it begins at one"):
            decided(way, "The line in Hamburg is down every Monday.", untried)
    assert decided("second circuit", "The line in Hamburg is down every Monday.", untried) is not None
    untried.sites = ["HAM", "LEJ"]
    with pytest.raises(Refusal, match="2 sites"):
        decided("edge", "as advised", untried)
    untried.sites = ["HAM"]
    assert decided("edge", "as advised", untried) is not None


def test_the_same_on_the_same_figures_is_no_second_act_and_on_others_is() -> None:
    book, now = Book(), datetime(2026, 11, 20, tzinfo=UTC)
    kind, subject, said = decided("central api")
    book.ai.take(_act(kind, subject, said, now))
    assert decided("central api", book=book) is None
    assert decided("central api", build=Figures(forbidden=("edge", "hybrid")), book=book) is not None


@pytest.mark.parametrize("role", ["planner", "analyst", "administrator", "auditor", "approver"])
def test_only_an_executive_decides_it(role: str) -> None:
    with pytest.raises(Refusal):
        placing.placed(
            Book(), Person("ole", frozenset({role})), "W1", "central api", "It is what is advised.", Figures()
        )  # type: ignore[arg-type]


def test_a_build_that_has_not_worked_it_out_says_so() -> None:
    with pytest.raises(Refusal, match="not worked out"):
        placing.placed(Book(), EXECUTIVE, "W1", "central api", "It is what is advised.", None)


def test_the_registry_runs_where_it_was_decided_in_the_build_and_at_the_desk() -> None:
    act = {"kind": "place", "subject": "W1", "who": "E.Rossi", "at": None,
           "payload": {"way": "hybrid", "deployment": "hybrid", "record": {}, "reason": "The line."}}  # fmt: skip
    built = use_cases.registry([act])["W1"]
    assert built["definition"]["deployment"] == "hybrid"
    book = AiBook()
    book.take(_act("place", "W1", act["payload"], datetime(2026, 11, 20, tzinfo=UTC)))
    assert book.definition("W1", use_cases.templates()["W1"])["deployment"] == "hybrid"


def test_what_was_changed_since_the_build_is_decided_after_the_next_one() -> None:
    book = Book()
    change = {"definition": {"use_case_id": "W1", "autonomy": "acts alone"}, "reason": "It shall."}
    book.ai.take(_act("use_case", "W1", change, datetime(2026, 11, 20, tzinfo=UTC)))
    with pytest.raises(Refusal, match="was changed since this build"):
        decided("central api", book=book)


def test_what_is_decided_is_what_was_seen() -> None:
    with pytest.raises(Refusal, match="newer build was published"):
        placing.placed(
            Book(), EXECUTIVE, "W1", "central api", "It is what is advised.", Figures(), seen="20261121T-old"
        )  # type: ignore[arg-type]


def test_whoever_writes_into_a_system_says_so() -> None:
    said = use_cases.templates()["W2"] | {"systems": [{"system": "erp", "access": "write"}]}
    assert not is_sound(said)
    assert is_sound(said | {"writes": True})


def test_a_definition_moves_no_use_case() -> None:
    placing.stays({"deployment": "private"}, {"deployment": "private", "owner": "head of IT"})
    for before, wanted in (
        ({}, "edge"),
        ({"deployment": "central api"}, "hybrid"),
        ({"deployment": "edge"}, "central api"),
    ):
        with pytest.raises(Refusal, match="does not move a use case"):
            placing.stays(before, {"deployment": wanted})


def test_no_act_has_what_writes_run_at_the_edge() -> None:
    act = {"kind": "place", "subject": "UC3", "who": "E.Rossi", "at": None,
           "payload": {"way": "edge", "deployment": "edge", "record": {}, "reason": "An act that the desk never made."}}  # fmt: skip
    assert use_cases.registry([act])["UC3"]["definition"]["deployment"] == "central api"


def test_a_line_is_kept_once_by_its_words_and_the_last_word_counts() -> None:
    kind, site, said = placing.lined(Book(), EXECUTIVE, "HAM", "LTE + Fibre", "By contract.", Figures())  # type: ignore[misc,arg-type]
    assert (kind, site, said["circuits"]) == ("set_line", "HAM", "lte + fibre")
    acts = [_row("HAM", "broadband"), _row("HAM", "fibre + lte"), _row("MUC", "fibre"), _row("MUC", "")]
    assert [row[:2] for row in site_lines.lines(acts)] == [("HAM", "fibre + lte")]


@pytest.mark.parametrize(("site", "circuits"), [("XXX", "fibre"), ("HAM", "string and cans")])
def test_a_line_of_no_site_or_of_no_kind_is_refused(site: str, circuits: str) -> None:
    with pytest.raises(Refusal):
        placing.lined(Book(), EXECUTIVE, site, circuits, "By contract.", Figures())  # type: ignore[arg-type]


def _row(site: str, circuits: str) -> Mapping[str, Any]:
    return {"kind": "set_line", "subject": site, "who": "E.Rossi", "at": None, "payload": {"circuits": circuits}}


def _act(kind: str, subject: str, payload: Mapping[str, Any], at: datetime) -> Any:
    return SimpleNamespace(kind=kind, subject=subject, who="E.Rossi", at=at, payload=payload)
