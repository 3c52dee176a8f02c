"""Companies, landed bytes and builds are kept so that nothing is lost and nothing is half there."""

import hashlib
import multiprocessing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from errors import Refusal
from store import engine, landing, warehouse
from store.company import Company, companies, create_company, only_writer, open_company, write_whole


def test_a_company_is_a_folder_with_its_settings(company):
    """What a company was begun with is read back, and beginning it twice changes nothing."""
    made = create_company("nord", reporting_currency="SEK", timezone_name="Europe/Stockholm")
    assert open_company("nord") == made
    assert create_company("nord", reporting_currency="EUR").reporting_currency == "SEK"
    assert companies() == ["acme", "nord"]


@pytest.mark.parametrize("name", ["", "../up", "Ü", "a b", ".hidden", "a/b", "-x", "x" * 80])
def test_a_name_that_could_leave_the_home_is_refused(name):
    """A company's name is a folder's name, so only harmless ones are taken."""
    with pytest.raises(Refusal, match="cannot be the name"):
        create_company(name)


def test_an_unknown_company_is_refused_with_those_that_exist(company):
    """The refusal lists the companies that there are."""
    with pytest.raises(Refusal, match="acme"):
        open_company("acne")


def test_bytes_are_kept_under_their_hash_once(company, tmp_path):
    """The same bytes under another name are known; the physical lines are counted with or without a last line end."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(b"x,y\n1,2\n3,4")
    second.write_bytes(first.read_bytes())
    kept = landing.keep(company, first)
    assert (kept.file_hash, kept.line_count, kept.is_new) == (hashlib.sha256(first.read_bytes()).hexdigest(), 3, True)
    again = landing.keep(company, second, "other.csv")
    assert (again.file_hash, again.is_new, again.path.read_bytes()) == (kept.file_hash, False, first.read_bytes())
    assert [path.name for path in company.landing.iterdir()] == [kept.file_hash]


@pytest.mark.parametrize("make", [Path.exists, Path.touch, Path.mkdir])
def test_what_is_no_file_is_refused(company, tmp_path, make):
    """A missing file, an empty file and a folder are refused in words, and leave nothing behind."""
    make(tmp_path / "thing")
    with pytest.raises(Refusal, match="was not landed"):
        landing.keep(company, tmp_path / "thing")
    assert not company.landing.exists() or not list(company.landing.iterdir())


def test_a_draft_that_is_not_published_leaves_nothing(company):
    """Leaving the block throws the draft away and the company still has no build."""
    with warehouse.Draft(company) as draft:
        draft.execute("create table t as select 1 as n")
    assert list(company.builds.iterdir()) == []
    assert warehouse.current_build(company) is None


def published(company: Company, build_id: str) -> warehouse.Build:
    """A build with one row that says its own name."""
    with warehouse.Draft(company) as draft:
        draft.execute("create schema raw")
        draft.execute("create table raw.build as select ? as build_id", [build_id])
        return draft.publish(build_id)


def test_a_draft_and_its_build_say_which_tables_they_have(company):
    """A table has the name of its schema before its own; a view counts, and no part of a name does."""
    with warehouse.Draft(company) as draft:
        assert not draft.has("raw.build")
        draft.execute("create schema raw")
        draft.execute("create table raw.build as select 'b1' as build_id")
        draft.execute("create view raw.seen as select * from raw.build")
        assert not draft.has("nowhere.build")
        build = draft.publish("b1") if draft.has("raw.build") else None
    assert build is not None
    names = ("raw.build", "raw.seen", "build", "core.build", "raw.buil")
    assert [build.has(name) for name in names] == [True, True, False, False, False]


@pytest.mark.parametrize("count", [0, 1, engine.ROWS_AT_ONCE, engine.ROWS_AT_ONCE + 1])
def test_rows_are_filled_in_whole_and_in_their_order_of_columns(company, count):
    """However many statements it takes; what is bound is never read as SQL, and decimals stay exact."""
    rows = [(number, "'); drop table raw.said; --", Decimal(number) / 8, None) for number in range(count)]
    with warehouse.Draft(company) as draft:
        draft.execute("create schema raw")
        draft.execute(
            "create table raw.said (said_no bigint, said_text varchar, amount decimal(18, 6), said_date date)"
        )
        draft.fill("raw.said", iter(rows))
        assert draft.query("select * from raw.said").rows() == rows


def test_what_stands_in_other_rows_of_a_statement_turns_no_value(company):
    """Each cell is cast by itself: money beside a float stays money, a day beside nothing stays a day, a number may become text."""
    rows = [
        (None, 1, 7),
        (date(2026, 3, 29), Decimal("0.100001"), "seven"),
        (None, 0.5, None),
        (None, Decimal("12345678901.000001"), 7.0),
    ]
    columns = "said_date date, amount decimal(18, 6), said_text varchar"
    with warehouse.Draft(company) as draft:
        draft.fill("at_once", rows, columns)
        draft.execute(f"create table one_by_one ({columns})")
        for row in rows:
            draft.fill("one_by_one", [row])
        assert draft.query("select * from at_once").rows() == draft.query("select * from one_by_one").rows()
        assert draft.query("select amount from at_once")["amount"].to_list() == [
            Decimal(said) for said in ("1", "0.100001", "0.5", "12345678901.000001")
        ]


def test_month_ends_hold_the_tables_asked_for_and_are_read_in_their_order(company):
    """A kept build outlives its draft; one that a killed process left in part is none, and is no hindrance either."""
    for day in ("2026-06-05", "2026-03-05"):
        with warehouse.Draft(company) as draft:
            for schema in ("raw", "core"):
                draft.execute(f"create schema {schema}")
            draft.execute("create table raw.build as select ? as build_id", [day])
            draft.execute("create table core.sites as select 'LYO' as site_id")
            (company.folder / warehouse.MONTH_ENDS).mkdir(parents=True, exist_ok=True)
            (company.folder / warehouse.MONTH_ENDS / f"{day}.part").write_bytes(b"half a file")
            assert draft.keep(day, ["raw.build"]).facts() == {"build_id": day}
    (company.folder / warehouse.MONTH_ENDS / "2026-09-05.part").write_bytes(b"half a file")
    kept = warehouse.month_ends(company)
    assert [(one.build_id, one.facts()["build_id"]) for one in kept] == [("2026-03-05",) * 2, ("2026-06-05",) * 2]
    assert [one.has("core.sites") for one in kept] == [False, False]
    assert warehouse.builds(company) == [], "a month end is no published build"


def test_whatever_a_killed_process_left_of_its_draft_is_swept(company):
    """Also a log whose draft is gone already: a new draft of the same name would take it for its own."""
    company.builds.mkdir(parents=True, exist_ok=True)
    (company.builds / ".draft-1.duckdb.wal").write_bytes(b"a log")
    (company.builds / ".draft-2.duckdb").write_bytes(b"half a file")
    (company.builds / ".draft-3.spill").mkdir()
    with warehouse.Draft(company):
        assert [path.name for path in company.builds.glob(".draft-[123].*")] == []


def test_publishing_swaps_one_pointer_and_old_readers_keep_their_build(company):
    """A reader that opened the old build goes on reading it while new readers get the new one."""
    old = published(company, "b1")
    assert old.facts()["build_id"] == "b1"
    published(company, "b2")
    assert warehouse.current_build(company).facts()["build_id"] == "b2"
    assert old.facts()["build_id"] == "b1"
    assert [build.build_id for build in warehouse.builds(company)] == ["b2", "b1"]
    assert not list(company.builds.glob("*.wal"))


def test_forgetting_builds_never_takes_the_current_one(company):
    """The newest are kept, and the current one stays even when it is not among them."""
    for number in range(4):
        published(company, f"b{number}")
    write_whole(company.folder / "current", b"b0")
    company.answers.mkdir()
    assert warehouse.forget_builds(company, keep=1) == ["b2", "b1"]
    assert not company.answers.exists(), "it may hold rows of loads that were taken back"
    assert warehouse.current_build(company).build_id == "b0"


def test_a_published_build_cannot_be_written_and_reaches_no_file(company, tmp_path):
    """Read only is read only: no insert, no file, no way to open the door again."""
    build = published(company, "b1")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for sql in (
        "insert into raw.build values ('x')",
        f"select * from read_csv('{tmp_path}/secret.csv')",
        "set enable_external_access = true",
    ):
        with pytest.raises(Exception, match=r"(?i)read-only|disabled|cannot|locked"):
            build.query(sql)


def _hold_and_write(folder, name, gate):
    company = Company(name="acme", folder=folder)
    gate.wait()
    with only_writer(company):
        file = folder / "count"
        number = int(file.read_text()) if file.exists() else 0
        file.write_text(str(number + 1))


def test_one_writer_at_a_time(company):
    """Four processes that read, add one and write under the lock lose no count."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(4)
    hands = [context.Process(target=_hold_and_write, args=(company.folder, n, gate)) for n in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert (company.folder / "count").read_text() == "4"
