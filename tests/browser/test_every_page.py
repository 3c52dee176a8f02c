"""Every page in a real Chromium, by day and by night, at a desk and on a phone: it draws, and asks no other host."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.checkout import addresses
from tests.browser.chromium import DESK, PHONE
from tests.browser.driver import Person
from tests.browser.server import Server

ADDRESSES = addresses()
CUT_TITLES = """() => [...document.querySelectorAll('[class*="st-key-kpi_go"]')].filter(box => {
    const title = box.querySelector('p');
    return title && (title.scrollWidth > title.clientWidth + 1
        || title.getBoundingClientRect().bottom > box.getBoundingClientRect().bottom + 1);
}).map(box => box.innerText)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_draws_at_a_desk(
    address: str, scheme: str, server: Server, somebody: Callable[..., Person], tmp_path: Path
):
    """The pictures of the README come from here: CROSSDOCK_SAVE_IMAGES=1 make browser."""
    person = somebody(server, size=DESK, scheme=scheme).goes_to(f"/{address}").sees_no_error()
    picture = person.takes_picture(address if scheme == "light" else f"{address}-dark", tmp_path)
    assert picture.stat().st_size > 20_000, "an empty page makes a small picture"
    assert person.page.evaluate(CUT_TITLES) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_a_phone(address: str, server: Server, somebody: Callable[..., Person], tmp_path: Path):
    """Nothing but a table may be wider than the screen, and a table scrolls by itself."""
    person = somebody(server, size=PHONE).goes_to(f"/{address}").sees_no_error()
    person.takes_picture(f"{address}-phone", tmp_path)
    too_wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0
    assert person.page.evaluate(CUT_TITLES) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_opens_before_there_is_any_company(address: str, bare_server: Server, somebody: Callable[..., Person]):
    somebody(bare_server).goes_to("/").goes_to(f"/{address}").sees_no_error()
