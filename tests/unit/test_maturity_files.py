"""The files of the three demo companies name only what there is, and each company keeps what it says that it keeps."""

from pathlib import Path

import pytest
import yaml

from decisions.lived_ai import USE_CASES
from decisions.lived_maturity import Life, keep_rows, life, life_of
from decisions.registers import known_rows
from errors import Refusal
from pipelines import demo_company
from pipelines.contract import contracts
from pipelines.demo.extracts import EXTRACTS
from pipelines.demo.maturity import DATA, NAMES, contracts_of, landed, maturity_named, maturity_of, remember
from pipelines.roadmap import phases, read
from store.company import create_company
from tests.desks import EXECUTIVE, Office

ROWS = yaml.safe_load((DATA / "kept_rows.yml").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_speaks_of_every_phase_and_every_workflow(name: str):
    truth = maturity_named(name).truth
    said = {kind: truth.filter(subject_kind=kind)["subject_id"].to_list() for kind in ("phase", "workflow")}
    assert said["phase"] == [one["phase"] for one in phases()]
    assert said["workflow"] == [one["workflow"] for one in read("workflows")]
    assert truth["because"].str.ends_with(".").all()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_left_out_taken_up_and_kept_is_there(name: str):
    known = contracts()
    assert maturity_named(name).leaves_out <= known.keys()
    lived = life(name)
    assert set(lived.use_cases or ()) <= USE_CASES.keys()
    assert all({row.split("/")[0] for row in ROWS} >= {one} for one in lived.keeps)


def test_every_kept_row_is_one_of_a_register():
    assert ROWS.keys() <= known_rows()


def test_a_company_that_keeps_its_registers_puts_all_their_rows_in_place_once(tmp_path: Path):
    office = Office(tmp_path / "acme")
    told = keep_rows(office.desk(EXECUTIVE), life("middling"))
    assert {row.split("/")[0] for row in told} == {"ownership", "security_baseline", "residency"}
    kept = office.desk().book.registers
    assert {kept[row][-1].payload["status"] for row in told} == {"in place"}
    assert keep_rows(office.desk(EXECUTIVE), life("middling")) == []


def test_a_world_remembers_what_it_was_grown_as(tmp_path: Path):
    made = create_company("half")
    assert (maturity_of(made.folder / "world"), life_of(made)) == (None, Life())
    remember(made.folder / "world", maturity_named("middling"))
    assert maturity_of(made.folder / "world") == maturity_named("middling")
    assert life_of(made) == life("middling")


def test_only_the_files_that_such_a_company_exports_are_landed():
    files = [(Path(f"{one.stem}.csv"), None) for one in EXTRACTS]
    assert {code for path, _ in landed(files, maturity_named("immature")) for code in contracts_of(path)} == {
        "orders", "order_lines", "skus", "sites", "customers", "suppliers", "carriers",
    }  # fmt: skip
    assert landed(files, None) == files
    assert landed(files, maturity_named("mature")) == files


def test_an_unknown_maturity_is_refused():
    with pytest.raises(Refusal, match="immature, middling, mature"):
        maturity_named("ripe")


def test_a_world_is_never_advanced_as_something_else(tmp_path: Path):
    create_company("half", is_demo=True)
    with pytest.raises(Refusal, match="lives on as what it was grown as"):
        demo_company.grown("half", size="small", seed=7, advance_days=3, who="tests", maturity="mature")


def test_the_tiny_company_has_no_maturity():
    with pytest.raises(Refusal, match="written by hand"):
        demo_company.grown("half", size="tiny", seed=7, advance_days=None, who="tests", maturity="mature")
