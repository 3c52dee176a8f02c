"""An analyst's hour: a file is dropped, understood, put in force and taken back, and every figure follows."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.driver import PATIENCE_MS, Person
from tests.browser.server import ROOT, Server, serving
from tests.unit.test_read_prescan import book, sheet_xml

HEADINGS = "order_id,line_key,sku_id,site_id,customer_id,ordered_at,requested_date,ordered_qty,unit_price,net_amount"
GOOD = "O-900,1,BOLT,LEJ,ALPHA,2026-11-06T09:00:00Z,2026-11-09,10,5.00,50000.00"
WITHOUT_A_NUMBER = "O-901,1,BOLT,LEJ,ALPHA,2026-11-06T09:00:00Z,2026-11-09,many,5.00,50.00"
WITHOUT_AN_ORDER = ",1,BOLT,LEJ,ALPHA,2026-11-06T09:00:00Z,2026-11-09,10,5.00,50.00"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a tiny company that these journeys may change."""
    home = tmp_path_factory.mktemp("shop")
    command = [sys.executable, "-m", "pipelines", "demo", "--company", "shop", "--size", "tiny"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "CROSSDOCK_HOME": str(home)}, check=True, capture_output=True)
    with serving(home, environment={"CROSSDOCK_HOME": str(home)}) as running:
        yield running


def net_sales(analyst: Person, company: str = "shop") -> str:
    """The first number on the Orders page, as a person reads it."""
    analyst.goes_to(f"/orders?company={company}").sees_no_error()
    return analyst.page.locator(".cd-kpi-value").first.inner_text()


def drops(analyst: Person, path: Path, company: str = "shop") -> Person:
    """Opens the Upload page and drops a file on it."""
    analyst.goes_to(f"/upload?company={company}")
    analyst.page.locator("input[type=file]").set_input_files(path)
    analyst.page.get_by_text("Not what you expected?").first.wait_for(timeout=PATIENCE_MS)
    return analyst.waits()


def presses(analyst: Person, words: str) -> Person:
    """Presses the button with these words and waits for what it does."""
    analyst.page.get_by_role("button", name=words).first.click()
    return analyst.waits()


def test_a_file_is_understood_counts_and_is_taken_back(shop: Server, somebody: Callable[..., Person], tmp_path: Path):
    analyst = somebody(shop)
    before = net_sales(analyst)
    path = tmp_path / "more_order_lines.csv"
    path.write_text(f"{HEADINGS}\n{GOOD}\n{WITHOUT_A_NUMBER}\n{WITHOUT_AN_ORDER}\n", "utf-8")

    drops(analyst, path).sees(
        "more_order_lines.csv", "Every line accounted for", "not a quantity", "the value is missing"
    )
    presses(analyst, "Put this file in force").sees("is in force from the next refresh on: 1 rows")
    assert net_sales(analyst) == before, "nothing counts before the refresh"
    analyst.goes_to("/upload?company=shop").sees("Loads in force and the current build differ")
    presses(analyst, "Refresh now").sees("The build holds every load in force.")
    assert net_sales(analyst) != before

    analyst.goes_to("/health?company=shop").sees("Pick a load")
    first_box = analyst.page.locator("[data-testid=stDataFrame]").first
    first_box.click(position={"x": 16, "y": 52})
    presses(analyst.waits(), "Undo this load").sees("Loads in force and the current build differ")
    presses(analyst, "Refresh now").sees("The build holds every load in force.")
    assert net_sales(analyst) == before


def test_a_company_begins_with_its_first_file(empty_server: Server, somebody: Callable[..., Person], tmp_path: Path):
    analyst = somebody(empty_server).goes_to("/").sees("There is nothing to show yet")
    name = analyst.page.get_by_role("textbox", name="Name of the new company")
    name.fill("No Such Name!")
    presses(analyst, "Begin").sees("cannot be the name of a company")
    name.fill("fresh")
    presses(analyst, "Begin").sees("Drop extracts here").sees_no_error()
    path = tmp_path / "order_lines.csv"
    path.write_text(f"{HEADINGS}\n{GOOD}\n", "utf-8")
    drops(analyst, path, company="fresh").sees("Every line accounted for")
    presses(analyst, "Put this file in force").sees("is in force from the next refresh on: 1 rows")
    analyst.goes_to("/upload?company=fresh")
    presses(analyst, "Refresh now").sees("The build holds every load in force.")
    assert "50" in net_sales(analyst, company="fresh")


def test_a_spreadsheet_bomb_is_refused_in_words_and_the_server_lives(
    shop: Server, somebody: Callable[..., Person], tmp_path: Path
):
    path = book(tmp_path, sheet_xml("A1", "XFD1048576"))
    assert path.stat().st_size < 2_048
    analyst = somebody(shop)
    drops(analyst, path).sees("span 1,048,576 rows by 16,384 columns").sees_no_error()
    assert net_sales(analyst)
