"""What a sheet is taken for, why, and what is asked instead of guessed."""

from pathlib import Path

import pytest

from errors import Refusal
from pipelines.contract import contracts
from pipelines.matching import plain_words
from pipelines.profile import date_forms, decimal_sign
from pipelines.read import survey
from pipelines.recognise import Recognition, recognise
from pipelines.sheet import Sheet
from pipelines.source import sources

ORDER_LINES = "Order Number,Item,Qty Ordered,Order Date\nA1,S1,5,{}\nA2,S2,6,{}\n"


@pytest.fixture
def look(tmp_path: Path):
    """Survey a text and recognise it."""

    def _look(text: str, *, file_name: str = "upload.csv", **said) -> Recognition:
        path = tmp_path / "upload.csv"
        path.write_text(text, "utf-8")
        [sheet] = survey(path, file_name)
        return recognise(sheet, file_name=file_name, **said)

    return _look


def mapped(found: Recognition) -> dict[str, str]:
    return {column: header for column, (header, _, _) in found.suggestions.items()}


@pytest.mark.parametrize(
    ("source_name", "reading"),
    [
        pytest.param(name, reading, id=f"{name}-{reading.file}")
        for name, known in sources().items()
        for reading in known.readings
    ],
)
def test_a_file_of_a_known_source_is_recognised_by_its_headings(source_name, reading):
    rules = [rule.header for feed in reading.feeds for rule in feed.columns.values() if rule.header]
    columns = tuple(dict.fromkeys((*reading.headers, *rules, "Something else")))
    found = recognise(Sheet("csv", "", columns, 1), file_name="upload.csv")
    assert (found.reading, found.confidence, found.questions) == (reading, 1.0, ())
    assert found.because[0].endswith("there.")
    assert "Something else" in found.unmapped_headers


def test_a_source_that_was_named_says_which_headings_are_missing(look):
    with pytest.raises(Refusal) as caught:
        look("ID,Country\n1,Kenya\n", source="scms")
    assert "headings are missing: Project Code" in caught.value.why


@pytest.mark.parametrize("name", list(contracts()))
def test_an_extract_under_our_own_column_names_is_recognised(look, name):
    rules = contracts()[name]
    samples = {
        "date": "2026-11-14",
        "instant": "2026-11-14T08:00:00Z",
        "boolean": "true",
        "id": "A",
        "code": "A",
        "name": "A",
        "key": "A",
        "text": "A",
    }
    columns = [column for column in rules.columns if column.type != "map"]
    row = ",".join(column.allowed[0] if column.allowed else samples.get(column.type, "1") for column in columns)
    found = look(",".join(column.name for column in columns) + "\n" + row + "\n")
    assert found.reading.feeds[0].contract == name
    assert mapped(found) == {column.name: column.name for column in columns}
    assert found.confidence == 1.0


def test_headings_in_the_words_of_an_erp_are_mapped(look):
    found = look(
        "Order Number,Item,Qty Ordered,Order Date,Customer #,Req'd Ship Date,Ship Qty,Comments\n"
        "A1,S1,5,2026-03-04,C1,2026-03-06,5,ok\n"
    )
    assert mapped(found) == {
        "order_id": "Order Number",
        "sku_id": "Item",
        "customer_id": "Customer #",
        "ordered_at": "Order Date",
        "requested_date": "Req'd Ship Date",
        "ordered_qty": "Qty Ordered",
        "shipped_qty": "Ship Qty",
    }
    assert found.unmapped_headers == ("Comments",)
    assert found.reading.source == "generic"


def test_german_and_french_headings_are_mapped(look):
    german = look("Artikel;Lager;Bestand;Stichtag\nA;L1;1.234,5;14.11.2026\n")
    french = look("Référence;Entrepôt;Quantité en stock;Date de stock\nA;L1;1 234,5;14/11/2026\n")
    for found in (german, french):
        assert set(mapped(found)) == {"sku_id", "site_id", "on_hand_qty", "stock_date"}
        assert (found.reading.feeds[0].contract, found.reading.decimal) == ("stock_days", ",")
    assert (german.reading.dates, french.reading.dates) == (("%d.%m.%Y",), ("%d/%m/%Y",))


def test_a_misspelt_heading_is_found_and_says_so(look):
    found = look("Oder Number,Item,Quantiy\nA1,S1,5\n", contract="order_lines")
    assert mapped(found)["order_id"] == "Oder Number"
    assert any("'Quantiy' is nearly" in reason for reason in found.because)


def test_values_outweigh_a_heading(look):
    """A column called Delivered that says yes and no is no date of delivery."""
    found = look("Order Number,Item,Qty,Delivered\nA1,S1,5,yes\nA2,S2,6,no\n")
    assert "delivered_date" not in mapped(found)
    assert "Delivered" in found.unmapped_headers


def test_no_heading_serves_two_columns(look):
    found = look("Order Number,Item,Qty,Date,Order Date\nA1,S1,5,2026-01-02,2026-01-03\n")
    assert mapped(found)["ordered_at"] == "Order Date"
    assert len(set(mapped(found).values())) == len(mapped(found))


def test_the_name_of_the_file_can_give_the_day_of_a_snapshot(look):
    found = look("Artikel;Lager;Bestand\nA;L1;7\n", file_name="stock_snapshot_2026-11-14.csv")
    assert found.reading.feeds[0].columns["stock_date"].value == "2026-11-14"
    assert any("2026-11-14 is taken from the file's name" in reason for reason in found.because)


def test_sales_by_article_are_no_list_of_articles(look):
    rows = "".join(f"S{n % 3},{n},text {n}\n" for n in range(30))
    with pytest.raises(Refusal, match="was not recognised"):
        look("product code,week,description\n" + rows)


def test_what_nobody_knows_is_refused_with_what_was_looked_for(look):
    with pytest.raises(Refusal) as caught:
        look("foo,bar\n1,2\n")
    assert "Its headings (foo and bar)" in caught.value.why
    assert "ai_cases, carriers, customers" in caught.value.fix


def test_a_named_extract_says_what_it_misses(look):
    with pytest.raises(Refusal) as caught:
        look("Order,Cust\nA,x\n", contract="order_lines")
    assert "No heading was found for sku_id and ordered_qty" in caught.value.why
    assert "--map sku_id=HEADING" in caught.value.fix


def test_what_a_person_says_goes_before_everything(look):
    said = {"columns": {"sku_id": "Art", "ordered_qty": "N", "order_id": "Ref"}}
    found = look("Ref,Order,Art,N\nA,x,S1,3\n", contract="order_lines", answers=said)
    assert mapped(found) == {"order_id": "Ref", "sku_id": "Art", "ordered_qty": "N"}
    left_out = look("Order,Item,Qty,Site\nA,S,3,L\n", answers={"columns": {"site_id": ""}})
    assert "site_id" not in mapped(left_out)


@pytest.mark.parametrize("columns", [{"sku_id": "Nowhere"}, {"no_such_column": "Item"}])
def test_a_mapping_to_nothing_is_refused(look, columns):
    with pytest.raises(Refusal, match="was not mapped"):
        look("Order,Item,Qty\nA,S1,3\n", contract="order_lines", answers={"columns": columns})


def test_the_order_of_day_and_month_is_asked_when_both_fit(look):
    found = look(ORDER_LINES.format("03/04/2026", "05/06/2026"))
    [question] = found.questions
    assert (question.kind, question.column, question.examples) == (
        "date_order",
        "Order Date",
        ("03/04/2026", "05/06/2026"),
    )
    refusal = question.refusal("sales.csv")
    assert "--dates dmy" in refusal.fix
    assert "--dates mdy" in refusal.fix


@pytest.mark.parametrize(("answer", "form"), [("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y")])
def test_an_answer_settles_the_order(look, answer, form):
    found = look(ORDER_LINES.format("03/04/2026", "05/06/2026"), answers={"dates": answer})
    assert (found.reading.dates, found.questions) == ((form,), ())


def test_one_date_settles_the_order_for_all_columns(look):
    found = look("Order,Item,Qty,Order Date,Ship Date\nA,S,1,03/04/2026,05/04/2026\nB,S,1,04/04/2026,14/04/2026\n")
    assert (found.reading.dates, found.questions) == (("%d/%m/%Y",), ())
    assert any("'14/04/2026' can be nothing else" in reason for reason in found.because)


def test_a_date_beyond_the_first_rows_settles_the_order(look):
    rows = "".join(f"A{n},S,1,0{1 + n % 9}/04/2026\n" for n in range(5_000))
    found = look(f"Order,Item,Qty,Order Date\n{rows}Z,S,1,25/04/2026\n")
    assert found.reading.dates == ("%d/%m/%Y",)


def test_contradicting_dates_are_asked_about(look):
    assert look(ORDER_LINES.format("14/04/2026", "04/15/2026")).questions[0].kind == "date_order"


def test_the_decimal_sign_is_asked_when_both_fit(look):
    found = look("Artikel;Lager;Bestand;Stichtag\nA;L1;1.234;2026-11-14\n")
    assert (found.questions[0].kind, found.questions[0].examples) == ("decimal", ("1.234",))
    assert "--decimal" in found.questions[0].refusal("stock.csv").fix
    assert (
        look("Artikel;Lager;Bestand;Stichtag\nA;L1;1.234;2026-11-14\n", answers={"decimal": ","}).reading.decimal == ","
    )


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["2026-11-14", "2026-11-14T08:30:00Z", "2026-11-14 08:30:00.1234567"], ()),
        (["5-Jan-24", "17-Dec-23"], ("%d-%b-%y",)),
        (["Jan 5, 2024"], ("%b %d, %Y",)),
        (["5 January 2024"], ("%d %B %Y",)),
        (["2026/11/14"], ("%Y/%m/%d",)),
        (["20261114"], ("%Y%m%d",)),
        (["31.12.2026 23:59:59"], ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y")),
        (["11/14/2026 8:30 PM"], ("%m/%d/%Y %I:%M %p", "%m/%d/%Y")),
        (["99/99/2026", "A-1", "", "4711"], ()),
        ([f"{day:02}-11-26" for day in range(1, 31)], ("%d-%m-%y",)),
        ([f"26-11-{day:02}" for day in range(1, 31)], ("%y-%m-%d",)),
    ],
)
def test_forms_of_dates(texts, forms):
    found = date_forms(texts)
    assert (found.forms, found.open_texts) == (forms, ())


@pytest.mark.parametrize(
    ("texts", "delimiter", "sign"),
    [
        (["1,234.50"], ";", "."),
        (["1.234.567", "12"], ";", ","),
        (["0,125"], ";", ","),
        (["12,5", "1.234"], ";", ","),
        (["1,234"], ",", "."),
        (["1.234"], None, "."),
        (["1 234,50 €"], "\t", ","),
        (["1,234"], ";", None),
        (["1.5", "1,5"], ",", None),
        (["1234.567"], ";", "."),
        (["(1.234,5)", "-3"], ";", ","),
        ([], ";", "."),
    ],
)
def test_the_decimal_sign(texts, delimiter, sign):
    assert decimal_sign(texts, delimiter)[0] == sign


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("OrderID", "order id"),
        ("customer_no", "customer no"),
        ("Kunden-Nr.", "kunden no"),
        ("QTÉ", "qte"),
        ("Weight (kg)", "weight"),
        ("SKU", "sku"),
    ],
)
def test_plain_words(heading, words):
    assert plain_words(heading) == words
