"""What a person at the command line is told: every command on a tiny company, and every refusal with what, why and fix."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.__main__ import main
from pipelines.graph import graph
from store.company import open_company
from store.warehouse import current_build

LINES = (
    "order_id,line_key,sku_id,ordered_at,requested_date,ordered_qty\nX-1,1,BOLT,2026-11-06T09:00:00Z,2026-11-09,{qty}\n"
)
COUNT = "select count(*) as line_count from core.order_lines"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSDOCK_HOME", str(home))
        assert main(["demo", "--company", "tiny", "--size", "tiny"]) == 0
    return home


@pytest.fixture
def run(grown: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs a command; gives its exit code and what it printed."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(grown))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(list(words))
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def answer(run, *words: str):
    code, said = run(*words, "--json")
    assert code == 0, said
    return json.loads(said)


def line_count(run) -> int:
    code, said = run("query", "--company", "tiny", COUNT, "--format", "json")
    assert code == 0, said
    return json.loads(said)[0]["line_count"]


def test_status_tells_the_build_and_every_load(run):
    said = answer(run, "status", "--company", "tiny")
    assert said["build"]["content_hash"]
    assert all(load["is_in_force"] and load["is_in_build"] for load in said["loads"])
    assert all(
        counts["lines_in"] == counts["accepted"] + counts["set_aside"] + counts["ignored"]
        for load in said["loads"]
        for counts in load["counts"]
    )


def test_a_load_comes_counts_and_goes_without_a_trace(run, tmp_path):
    before, lines = answer(run, "status", "--company", "tiny")["build"], line_count(run)
    path = tmp_path / "more.csv"
    path.write_text(LINES.format(qty=7), "utf-8")
    landed = answer(run, "land", "--company", "tiny", str(path))
    assert landed["contracts"] == [
        {"contract": "order_lines", "lines_in": 1, "accepted": 1, "set_aside": 0, "ignored": 0}
    ]
    assert landed["because"]
    code, said = run("land", "--company", "tiny", str(path))
    assert code == 0
    assert "the same bytes are in force already" in said
    assert line_count(run) == lines
    assert not answer(run, "refresh", "--company", "tiny")["is_unchanged"]
    assert line_count(run) == lines + 1
    assert answer(run, "refresh", "--company", "tiny")["is_unchanged"]
    answer(run, "undo", "--company", "tiny", landed["load_id"])
    assert answer(run, "refresh", "--company", "tiny")["content_hash"] == before["content_hash"]
    assert line_count(run) == lines


def test_an_earlier_day_is_seen_as_it_was_known_then(run):
    now = line_count(run)
    assert answer(run, "refresh", "--company", "tiny", "--as-of", "2026-11-04")["as_of"].startswith("2026-11-04")
    assert 0 < line_count(run) < now
    answer(run, "refresh", "--company", "tiny")
    assert line_count(run) == now


@pytest.mark.parametrize(
    ("form", "said"), [("csv", "site_id\nHAM\n"), ("json", '[{"site_id": "HAM"}]'), ("table", "HAM")]
)
def test_a_question_is_answered_in_three_forms(run, form, said):
    code, printed = run(
        "query", "--company", "tiny", "select min(site_id) as site_id from core.sites", "--format", form
    )
    assert code == 0
    assert said in printed.replace("\r", "")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('https://example.org/x')",
        "copy core.sites to '/tmp/sites.csv'",
        "create table t as select 1",
        "set memory_limit = '100GB'",
        "attach '/tmp/x.duckdb'",
        "install httpfs",
        "delete from core.sites",
        "select 1; select 2",
    ],
)
def test_a_question_cannot_leave_the_build(run, sql):
    code, said = run("query", "--company", "tiny", sql)
    assert code == 2, said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("status", "--company", "nobody"),
        ("refresh", "--company", "../elsewhere"),
        ("land", "--company", "tiny", "/no/such/file.csv"),
        ("undo", "--company", "tiny", "00099-deadbeef"),
        ("query", "--company", "tiny", "select no_such_column from core.sites"),
        ("land", "--company", "tiny", __file__),
    ],
)
def test_a_refusal_says_what_why_and_how_to_fix_it(run, words):
    code, said = run(*words, "--json")
    assert code == 2, said
    assert all(json.loads(said)[part] for part in ("what", "why", "fix"))
    code, said = run(*words)
    assert code == 2
    assert "Traceback" not in said


def test_old_builds_are_kept_as_many_as_asked_and_never_less_than_the_current_one(run):
    answer(run, "refresh", "--company", "tiny", "--as-of", "2026-11-05")
    answer(run, "refresh", "--company", "tiny")
    assert len(answer(run, "builds", "--company", "tiny")["builds"]) > 1
    answer(run, "builds", "--company", "tiny", "--keep", "1")
    kept = answer(run, "builds", "--company", "tiny")["builds"]
    assert [build["is_current"] for build in kept] == [True]


def test_a_build_that_breaks_a_promise_is_never_published(run, tmp_path, monkeypatch):
    before, path = line_count(run), tmp_path / "more.csv"
    path.write_text(LINES.format(qty=8), "utf-8")
    load_id = answer(run, "land", "--company", "tiny", str(path))["load_id"]
    broken = dict(graph())
    broken["core.order_lines"] = replace(broken["core.order_lines"], checks=("ordered_qty <> 8",))
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.build.graph", lambda: broken)
        code, said = run("refresh", "--company", "tiny")
    assert code == 2
    assert "ordered_qty <> 8" in said
    assert line_count(run) == before
    assert current_build(open_company("tiny"))
    answer(run, "undo", "--company", "tiny", load_id)
    answer(run, "refresh", "--company", "tiny")
    assert line_count(run) == before


@pytest.mark.parametrize(
    ("error", "fix"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate"), "CROSSDOCK_MEMORY_LIMIT"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), "disk space"),
    ],
)
def test_a_machine_that_is_too_small_is_told_what_to_do(run, monkeypatch, error, fix):
    before = line_count(run)

    def too_small(_draft, _table):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.build.made", too_small)
        code, said = run("refresh", "--company", "tiny", "--force")
    assert code == 2
    assert fix in said
    assert line_count(run) == before
