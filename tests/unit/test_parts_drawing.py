"""The drawing kit draws: cards, charts, tables, receipts and empty places, for good data and for hostile names."""

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.unit.parts_visit import grown


def drawn(script: Callable[[], None], **query: list[str]) -> AppTest:
    """The script's screen over the small company; it must not crash."""
    grown()
    screen = AppTest.from_function(script, default_timeout=30)
    for word, said in query.items():
        screen.query_params[word] = said
    screen.run()
    assert not screen.exception, screen.exception
    return screen


def html_of(screen: AppTest) -> str:
    return "\n".join(element.proto.body for element in screen.get("html"))


def address(screen: AppTest, word: str) -> list[str]:
    """What the address says under a word, always as a list."""
    said = screen.query_params.get(word, [])
    return [said] if isinstance(said, str) else list(said)


def cards() -> None:
    from pages.parts import filters, kpi
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"))
    chosen = filters.bar(visit, "site_id", "category_name", "supplier_id")
    kpi.strip(visit, chosen, ["line_fill_rate", "net_sales", "supplier_on_time_in_full"])


def test_cards_say_value_change_and_reason():
    """In the fortnight three of four lines were complete; in the one before, none of one."""
    page = html_of(drawn(cards, period=["custom"], dates=["2026-11-01", "2026-11-14"]))
    assert "75.0%" in page
    assert "▲ better +75.0 pp" in page
    assert "no data" in page
    assert 'role="img"' in page


def test_filters_come_from_the_address_and_what_nobody_knows_is_dropped():
    screen = drawn(cards, site=["LYO", "'; drop table x"], period=["90d"], vs=["nonsense"], category=["<script>"])
    assert screen.multiselect(key="filter_site").value == ["LYO"]
    assert screen.selectbox(key="filter_period").value == "90d"
    assert address(screen, "site") == ["LYO"]
    assert "vs" not in screen.query_params
    assert "category" not in screen.query_params
    assert "66.7%" in html_of(screen)


def test_a_filter_with_nothing_to_choose_is_not_drawn():
    screen = drawn(cards)
    assert [box.key for box in screen.multiselect] == ["filter_site", "filter_category"]


def test_a_long_list_is_cut_but_a_link_to_one_of_its_values_holds(monkeypatch: pytest.MonkeyPatch):
    from pages.parts import filters

    monkeypatch.setattr(filters, "OPTIONS_AT_MOST", 1)
    screen = drawn(cards, site=["LYO"])
    assert screen.multiselect(key="filter_site").options == ["Berlin", "Lyon"]
    assert "66.7%" in html_of(screen)


def test_choosing_writes_the_address_and_reset_clears_it():
    screen = drawn(cards)
    screen.multiselect(key="filter_site").select("LYO").run()
    assert address(screen, "site") == ["LYO"]
    assert "66.7%" in html_of(screen)
    screen.selectbox(key="filter_vs").select("year").run()
    assert address(screen, "vs") == ["year"]
    screen.button(key="filters_reset").click().run()
    assert "site" not in screen.query_params
    assert "60.0%" in html_of(screen)


def test_dates_in_the_address_are_honoured_in_either_order():
    screen = drawn(cards, period=["custom"], dates=["2026-11-10", "2026-11-02"])
    assert address(screen, "dates") == ["2026-11-02", "2026-11-10"]
    assert "75.0%" in html_of(screen)


def test_the_receipt_shows_definition_build_and_recompute():
    screen = drawn(cards)
    screen.button(key="kpi_why_0").click().run()
    page = html_of(screen)
    for said in ("60.0000%", "line_fill_rate, version", "Head of customer service", "b1", "14 Nov 2026"):
        assert said in page
    assert "marts.order_lines" in screen.code[-1].value
    shown = screen.dataframe[0].value
    assert len(shown) == 5


def pictures() -> None:
    import datetime as dt

    import polars as pl

    from pages.parts import charts
    from pages.parts.chosen import Chosen
    from pages.parts.figures import measure
    from pages.parts.trends import trend
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"))
    chosen = Chosen(dt.date(2026, 10, 1), dt.date(2026, 11, 14))
    fill = measure(visit, "line_fill_rate", by=("category_name",))
    charts.bars(visit, fill, x="category_name", y="value", title="Fill by category", unit="share", worst_first=True)
    charts.line(visit, trend(visit, "line_fill_rate", chosen, by="site_name"), x="period_start_date", y="value",
                by="site_name", title="Fill by week", unit="share", target=0.9)  # fmt: skip
    charts.columns(
        visit, trend(visit, "net_sales", chosen), x="period_start_date", y="value", title="Sales", unit="money"
    )
    cut = measure(visit, "line_fill_rate", by=("site_name", "month"))
    charts.heat(
        visit, cut, x="month", y="site_name", z="value", title="Heat", unit="share", better="higher", middle=0.9
    )
    charts.dots(visit, fill, x="category_name", y="value", title="Dots", unit="share", size="row_count")
    stock = pl.DataFrame({"day": [dt.date(2026, 1, 1), dt.date(2026, 1, 2)], "on_hand_qty": [5, 3]})
    charts.steps(visit, stock, x="day", y="on_hand_qty", title="Stock", unit="qty")
    charts.line(visit, stock.head(0), x="day", y="on_hand_qty", title="Nothing", unit="qty")


def specs(screen: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in screen.get("plotly_chart")]


def test_every_kind_of_chart_is_drawn_with_a_sentence():
    screen = drawn(pictures)
    charts = screen.get("plotly_chart")
    assert len(charts) == 6
    for chart in charts:
        assert chart.proto.alt.endswith(".")
        assert len(chart.proto.alt) > 30


def test_names_out_of_the_data_cannot_write_into_a_chart():
    """Plotly reads tags in labels; what comes from files is shown letter by letter."""
    said = json.dumps(specs(drawn(pictures))[0], ensure_ascii=False)
    assert "<b>" not in said
    assert "Seals &lt;b&gt;&amp; co" in said


def test_bars_begin_at_zero_and_the_worst_comes_first():
    bar = specs(drawn(pictures))[0]
    assert bar["layout"]["xaxis"]["range"][0] == 0
    assert bar["data"][0]["x"] == sorted(bar["data"][0]["x"], reverse=True)


def test_a_label_at_the_end_of_a_bar_has_a_margin_of_its_own_however_narrow_the_screen():
    """A share of the plot would be a few pixels on a phone: the longest bar ends at the margin, which holds the longest label."""
    bar = specs(drawn(pictures))[0]
    assert bar["layout"]["xaxis"]["range"][1] == max(bar["data"][0]["x"])
    assert bar["layout"]["margin"]["r"] >= 6 * max(map(len, bar["data"][0]["text"])) + 10
    assert bar["data"][0]["cliponaxis"] is False


def test_a_stretch_that_the_dates_cut_is_hatched():
    columns = specs(drawn(pictures))[2]
    shapes = columns["data"][0]["marker"]["pattern"]["shape"]
    assert (shapes[0], shapes[1], shapes[-1]) == ("/", "", "/")


def test_a_chart_turns_into_its_table():
    screen = drawn(pictures)
    screen.button(key="turn_fill_by_category").click().run()
    assert len(screen.get("plotly_chart")) == 5
    assert list(screen.dataframe[0].value.columns) == [
        "category_name",
        "value",
        "numerator",
        "denominator",
        "row_count",
    ]


def table() -> None:
    from pages.parts import tables
    from pages.parts.ask import mart
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"))
    rows = mart(visit, "marts.order_lines", order_by=("order_id",))
    tables.show(visit, rows, name="lines", title="Lines", source="marts.order_lines", pick=True)
    tables.show(visit, rows.head(0), name="none", title="None", source="marts.order_lines")
    tables.detail(visit, rows.row(1, named=True), title="Order <O1>")
    tables.small(visit, rows.select("category_name", "net_amount"), title="Small")


def test_a_table_labels_its_columns_and_hides_where_rows_came_from():
    screen = drawn(table)
    shown = screen.dataframe[0]
    assert "load_id" not in shown.value.columns
    config = json.loads(shown.proto.columns)
    assert config["net_amount"]["label"] == "Net amount (EUR)"
    assert config["is_in_full"]["type_config"]["type"] == "checkbox"


def test_an_empty_table_is_a_sentence():
    assert any("No rows pass these filters" in text.value for text in drawn(table).markdown)


def test_details_and_small_tables_show_text_letter_by_letter():
    screen = drawn(table)
    assert "<dd>=1+1</dd>" in html_of(screen)
    assert "Order &lt;O1&gt;" in html_of(screen)
    assert "<b>" not in html_of(screen)


def edges() -> None:
    from errors import Refusal
    from pages.parts import brief, empty, frame, notice
    from pages.parts.figures import figure
    from pages.parts.page import Page
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"))
    frame.head(visit, Page("Orders <x>", "What <now>?", "planner"))
    empty.needs(visit, "receipts", what="Supplier lead time")
    with notice.guarded(visit, "a panel"):
        raise Refusal("Not **done**.", "Line 3 holds $x$.", "Export it again.")
    with notice.guarded(visit, "a panel"):
        raise ZeroDivisionError("secret of the program")
    brief.lines(visit, [["Filled: ", figure(visit, "line_fill_rate"), ". See ", brief.Link("orders", "orders"), "."]])


def test_the_head_says_whose_data_how_fresh_and_what_was_set_aside():
    page = html_of(drawn(edges))
    for said in (
        "Acme &lt;Ltd&gt;",
        "Orders &lt;x&gt;",
        "What &lt;now&gt;?",
        "14 Nov 2026",
        "2 rows set aside",
        "build b1",
    ):
        assert said in page


def test_a_missing_extract_is_named_with_what_it_unlocks():
    page = html_of(drawn(edges))
    assert "What came in when" in page
    assert "receipt_id" in page


def test_a_refusal_is_one_box_and_its_text_is_not_markdown():
    texts = [text.value for text in drawn(edges).markdown]
    assert any(r"Not \*\*done\*\*." in text for text in texts)
    assert any("What you can do:" in text and "Export it again" in text for text in texts)


def test_a_crash_is_an_incident_number_and_tells_nothing_else(caplog: pytest.LogCaptureFixture):
    screen = drawn(edges)
    said = [text.value for text in screen.markdown if "Incident" in text.value]
    assert len(said) == 1
    assert "secret" not in " ".join(text.value for text in screen.markdown)
    number = said[0].split("Incident ")[1][:6]
    assert any(number in record.getMessage() and "b1" in record.getMessage() for record in caplog.records)


def stopped() -> None:
    import streamlit as st

    from pages.parts import notice

    with notice.guarded(None, "a page"):
        st.stop()


def test_a_page_that_stops_itself_has_not_crashed():
    assert [text.value for text in drawn(stopped).markdown] == []
