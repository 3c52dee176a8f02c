"""Columns of sensitive classes: who may not see one finds it in no table, detail, download or receipt, and in no number made of it."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from decisions.roles import ROLES
from metrics.definition import definitions
from pages.parts import export, sensitive
from pages.parts.chosen import Chosen
from pages.parts.figures import figure, measure, open_rows, recomputed
from pages.parts.page import Viewer, Visit
from pages.parts.trends import trend
from pipelines.contract import dictionary
from pipelines.registers import templates
from store.company import create_company
from store.warehouse import Draft
from tests.unit.parts_visit import begin, visit_to

FRAME = pl.DataFrame(
    {
        "order_id": ["O1"],
        "customer_id": ["C-77"],
        "unit_price": [12.5],
        "unit_margin_amount": [4.75],
        "site_id": ["LYO"],
    }
)
CLASSES = {row["row"]: row for one in templates() if one["register"] == sensitive.REGISTER for row in one["rows"]}


def of(role: str, visit: Visit) -> Visit:
    return replace(visit, viewer=Viewer("bo", roles=frozenset({role} if role else ())))


@pytest.fixture
def visit() -> Visit:
    """A company with one order line of 100 that leaves a margin of 40."""
    company = create_company("acme", company_title="Acme")
    with Draft(company) as draft:
        begin(draft)
        draft.execute(
            "create table marts.order_lines as select 'O1' as order_id, 'C-77' as customer_id, 'LYO' as site_id, true as is_goods,"
            " false as is_return, false as is_cancelled, date '2026-11-02' as ordered_date, 12.5 as unit_price,"
            " cast(100 as decimal(18, 4)) as net_amount, cast(40 as decimal(18, 4)) as margin_amount"
        )
        draft.publish("b1")
    return visit_to(company)


# ── the policy ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_class_names_roles_that_there_are_and_who_checks_sees_all():
    for row in CLASSES.values():
        assert set(row["open_to"]) <= set(ROLES)
        assert {"auditor", "executive"} <= set(row["open_to"])
        assert set(row["columns"]) <= set(dictionary())


@pytest.mark.parametrize(
    ("role", "shut"),
    [
        ("auditor", set()), ("executive", set()), ("analyst", set()), ("approver", set()), ("planner", {"unit_margin_amount"}),
        ("administrator", {"customer_id", "unit_price", "unit_margin_amount"}), ("", {"customer_id", "unit_price", "unit_margin_amount"}),
    ],
)  # fmt: skip
def test_a_role_sees_what_its_work_needs(role: str, shut: set[str], visit: Visit):
    mine = of(role, visit)
    assert set(sensitive.closed(FRAME.columns, mine.viewer.roles)) == shut
    assert set(sensitive.without(mine, FRAME).columns) == set(FRAME.columns) - shut
    assert bool(sensitive.said(mine, FRAME.columns)) == bool(shut)


def test_two_roles_see_what_either_of_them_sees():
    assert sensitive.closed(FRAME.columns, {"administrator", "planner"}) == {"unit_margin_amount": "Financials"}


# ── where it is kept ─────────────────────────────────────────────────────────────────────────────────────────────────
def shown_table() -> None:
    import streamlit as st

    from pages.parts import tables
    from store.company import open_company
    from tests.unit.parts_visit import visit_to
    from tests.unit.test_sensitive import FRAME, of

    visit = of(st.query_params["role"], visit_to(open_company("acme")))
    tables.show(visit, FRAME, name="lines", title="Lines", source="marts.order_lines")
    tables.detail(visit, FRAME.row(0, named=True), title="One line")
    tables.small(visit, FRAME, title="Said in words")


def drawn(script: Callable[[], None], role: str) -> AppTest:
    screen = AppTest.from_function(script, default_timeout=30)
    screen.query_params["role"] = role
    screen.run()
    assert not screen.exception, screen.exception
    return screen


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(
    ("role", "there", "gone"),
    [("auditor", ("C-77", "12.5", "4.75"), ()), ("planner", ("C-77", "12.5"), ("4.75",)), ("administrator", (), ("C-77", "12.5", "4.75"))],
)  # fmt: skip
def test_tables_and_details_leave_out_what_is_not_open(role: str, there: tuple[str, ...], gone: tuple[str, ...]):
    screen = drawn(shown_table, role)
    (grid,) = screen.dataframe
    cells = " ".join(map(str, [*grid.value.columns, *grid.value.iloc[0]]))
    rest = "\n".join(
        str(element.proto)
        for kind in ("html", "markdown", "table", "arrow_table", "caption")
        for element in screen.get(kind)
    )
    assert all(one in cells and one in rest for one in there)
    assert not any(one in cells or one in rest for one in gone)
    assert ("Left out, since it is not open to" in rest) == bool(gone)


def shown_chart() -> None:
    import datetime as dt

    import polars as pl
    import streamlit as st

    from pages.parts import charts
    from store.company import open_company
    from tests.unit.parts_visit import visit_to
    from tests.unit.test_sensitive import of

    visit = of(st.query_params["role"], visit_to(open_company("acme")))
    sold = pl.DataFrame({"customer_name": ["Bau & Co", "Rohr AG"], "value": [7.0, 3.0]})
    charts.bars(visit, sold, x="customer_name", y="value", title="Backorders by customer", unit="count")
    days = pl.DataFrame({"period_start_date": [dt.date(2026, 11, 2), dt.date(2026, 11, 3)], "value": [1.0, 2.0]})
    charts.line(visit, days, x="period_start_date", y="value", title="Over time", unit="count")


@pytest.mark.usefixtures("visit")
def test_a_chart_of_what_is_not_open_is_not_drawn_and_others_are():
    drawings = {role: drawn(shown_chart, role).get("plotly_chart") for role in ("planner", "administrator")}
    assert {role: len(found) for role, found in drawings.items()} == {"planner": 2, "administrator": 1}
    assert not any("Rohr AG" in str(one.proto) for one in drawings["administrator"])


@pytest.mark.parametrize("make", [export.csv_bytes, export.xlsx_bytes])
@pytest.mark.parametrize("lazily", [False, True])
def test_a_download_leaves_out_the_same_and_says_so_in_its_head(make: Callable, lazily: bool, visit: Visit):
    heads = []

    def told(frame: pl.DataFrame, header: dict[str, str]) -> bytes:
        heads.append((frame.columns, header))
        return make(frame, header)

    rows = (lambda: FRAME) if lazily else FRAME
    for role in ("auditor", "administrator"):
        assert export.made(of(role, visit), told, rows, None, lambda: {"Title": "Lines"})
    (whole, open_head), (cut, shut_head) = heads
    assert (whole, open_head) == (FRAME.columns, {"Title": "Lines"})
    assert cut == ["order_id", "site_id"]
    assert "Unit price (pricing)" in shut_head["Left out"]


def test_a_number_made_of_what_is_closed_is_not_told_though_somebody_else_has_just_asked(visit: Visit):
    chosen = Chosen()
    assert float(figure(of("auditor", visit), "gross_margin").value) == 0.4
    trend(of("auditor", visit), "gross_margin", chosen)
    mine = of("planner", visit)
    number = figure(mine, "gross_margin")
    assert (number.value, number.numerator, number.denominator) == (None, None, None)
    assert number.because == "financials are not open to your role"
    assert recomputed(mine, number) is None
    assert measure(mine, "gross_margin", by=("site_id",)).is_empty()
    assert trend(mine, "gross_margin", chosen).is_empty()


def test_rows_behind_a_number_do_not_tell_by_their_sum_what_their_columns_do_not(visit: Visit):
    number = figure(of("auditor", visit), "net_sales")
    assert "numerator" in open_rows(of("auditor", visit), number, 5).columns
    assert "numerator" not in open_rows(of("administrator", visit), number, 5).columns


def test_no_other_number_rests_on_a_class_that_closes_its_sums(visit: Visit):
    """A new metric over margins or credit limits shows here, so that somebody decides about it."""
    from pages.parts.figures import columns_in

    shut = [name for name, one in definitions().items() if sensitive.why_no_sum(of("planner", visit), columns_in(one))]
    assert shut == ["gross_margin"]
