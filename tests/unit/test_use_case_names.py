"""Which use case a word means stands once: ids and names in any letters, and a word that two share means one of them."""

from pathlib import Path

from pipelines.table import tables
from tests.worlds import world

SQL = Path(__file__).resolve().parents[2] / "pipelines" / "sql"


def test_an_id_and_a_name_mean_the_use_case_in_any_letters():
    made = world("core.use_case_names", "core.ai_cases")
    meant = dict(made.query("select word_text, use_case_id from core.use_case_names").iter_rows())
    assert (meant["uc4"], meant["order-exception agent"]) == ("UC4", "UC4")
    assert set(meant.values()) == set(made.query("select use_case_id from raw.use_cases")["use_case_id"])


def test_a_word_that_two_use_cases_share_means_the_first_and_counts_once():
    made = world("core.use_case_names")
    made.execute("update raw.use_cases set use_case_name = 'a2 ' where use_case_id = 'UC1'")
    made.execute("drop table core.use_case_names")
    made.execute(f"create table core.use_case_names as {tables()['core.use_case_names'].sql}")
    found = made.query("select use_case_id from core.use_case_names where word_text = 'a2'")
    assert found["use_case_id"].to_list() == ["A2"]


def test_no_table_says_it_a_second_time():
    found = [
        path.relative_to(SQL).as_posix() for path in SQL.rglob("*.sql") if "as word_text" in path.read_text("utf-8")
    ]
    assert found == ["core/use_case_names.sql"]


def test_logs_are_matched_whatever_stands_around_the_word():
    """A call, a case and a charge that name a use case with spaces and in capitals belong to it everywhere."""
    case = {
        "work_id": "W1", "use_case_name": " ERP COPILOT FOR ORDER MANAGEMENT ", "case_id": "K1", "arm_code": "assisted",
        "opened_at": "2026-11-02T12:00:00Z", "review_minutes": 1.0,
    }  # fmt: skip
    made = world("marts.ai_volumes", "marts.control_compliance", ai_cases=[case])
    assert made.query("select use_case_id, case_count from marts.ai_volumes").rows() == [("UC3", 1)]
