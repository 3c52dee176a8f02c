"""Public files as they were found: headings, kinds and exact row counts, by both ways of reading."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from errors import Refusal
from pipelines.read import careful, survey
from pipelines.recognise import recognise

# file, sheet, columns, first heading, row of the headings, rows, plain
FILES = [
    ("scms/SCMS_Delivery_History_Dataset.csv", "", 33, "ID", 1, 10_324, True),
    ("scms/SCMS_Delivery_History_Dataset_tab_cr.csv", "", 33, "ID", 1, 10_324, False),
    ("dataco_sample/DataCoSupplyChainDataset.csv", "", 53, "Type", 1, 6_000, True),
    ("northwind/orders.csv", "", 14, "OrderID", 1, 830, True),
    ("northwind/order_details.csv", "", 5, "OrderID", 1, 2_155, True),
    ("northwind/products.csv", "", 10, "ProductID", 1, 77, True),
    ("northwind/suppliers.csv", "", 12, "SupplierID", 1, 29, True),
    ("northwind/employees.csv", "", 16, "EmployeeID", 1, 9, True),
    ("online_retail/online_retail.parquet", "", 8, "InvoiceNo", 0, 541_909, False),
    ("sales_weekly_uci/Sales_Transactions_Dataset_Weekly.csv", "in", 107, "Product_Code", 1, 811, False),
    ("sales_weekly_uci/weekly_units.parquet", "", 3, "product_code", 0, 42_172, False),
    ("spare_parts/man_items.csv", "", 7, "sku", 1, 3_451, True),
    ("spare_parts/man_weekly.parquet", "", 3, "unique_id", 0, 517_650, False),
    ("spare_parts/auto_monthly.parquet", "", 3, "unique_id", 0, 72_000, False),
    ("spare_parts/carparts_monthly.parquet", "", 3, "unique_id", 0, 136_374, False),
    ("spare_parts/MAN.xlsx", "Data", 164, "SKU nr", 6, 3_454, False),  # 3,451 items and three lines of remarks
    ("spare_parts/AUTO.xls", "GOEIE", 26, "column 1", 1, 3_000, False),
    ("llm/AzureLLMInferenceTrace_code.csv", "", 3, "TIMESTAMP", 1, 8_819, True),
    ("llm/routellm_gsm8k_responses.csv", "", 5, "prompt", 1, 1_319, False),
    ("cloud_cost/focus_sample.csv", "", 44, "AvailabilityZone", 1, 1_000, False),
]


@pytest.mark.parametrize(("file", "sheet_name", "width", "first", "header_line", "rows", "is_plain"), FILES)
def test_a_public_file_reads_whole(shared, tmp_path, file, sheet_name, width, first, header_line, rows, is_plain):  # noqa: PLR0917 - the columns of the list
    path = shared / "data" / file
    sheet = next(sheet for sheet in survey(path, path.name) if sheet.sheet_name == sheet_name)
    assert (len(sheet.columns), sheet.columns[0], sheet.header_line, sheet.is_plain) == (
        width,
        first,
        header_line,
        is_plain,
    )
    made = careful(path, sheet, tmp_path / "out.parquet")
    assert made.lines_in == rows
    assert pq.read_table(made.path, columns=["__defect"])["__defect"].null_count == rows


def test_both_forms_of_scms_hold_the_same_rows(shared, tmp_path):
    tables = []
    for name in ("SCMS_Delivery_History_Dataset.csv", "SCMS_Delivery_History_Dataset_tab_cr.csv"):
        path = shared / "data" / "scms" / name
        [sheet] = survey(path, name)
        tables.append(pq.read_table(careful(path, sheet, tmp_path / f"{name}.parquet").path))
    assert tables[0].equals(tables[1])
    assert "Côte d'Ivoire" in set(tables[0]["Country"].to_pylist())


def test_headings_over_six_rows_are_joined(shared):
    path = shared / "data" / "spare_parts" / "MAN.xlsx"
    names = survey(path, path.name)[0].columns
    assert names[:3] == ("SKU nr", "products per unit (Sub packaging)", "cost price per unit")
    assert "min. order quantity (units)" in names


def test_documents_are_no_tables(shared):
    for path in sorted(Path(shared / "data" / "documents" / "invoices_pdf").glob("*.pdf")):
        with pytest.raises(Refusal, match="By its first bytes it is a"):
            survey(path, path.name)


def test_a_json_document_that_is_no_log_is_recognised_as_nothing(shared):
    """JSON is read since logs of AI come in it; an invoice in JSON is no extract all the same."""
    paths = sorted(Path(shared / "data" / "documents" / "invoices_pdf").glob("*.json"))
    assert paths
    for path in paths:
        with pytest.raises(Refusal, match="was not recognised"):
            recognise(survey(path, path.name)[0], file_name=path.name)
