"""Every page opens: before there is a company, for a company without a build, and for the tiny company.

A server is asked, and not Streamlit's AppTest: pages are functions that the front door hands to the navigation, and
AppTest can only switch to files.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from store.company import Company
from tests.architecture.checkout import ROOT, addresses
from tests.browser.server import Server, serving
from tests.browser.visitor import first_visit

ADDRESSES = addresses()

pytestmark = pytest.mark.skipif(not (ROOT / "app.py").exists(), reason="there is no front door yet")


@pytest.fixture(scope="module")
def servers(tiny: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """One server a home: without any company, with one that has no build, and with the tiny company."""
    logs, empty = tmp_path_factory.mktemp("logs"), tmp_path_factory.mktemp("empty")
    (empty / "new").mkdir()
    (empty / "new" / "company.yml").write_text("company_title: New\n", "utf-8")
    homes = {"nobody": tmp_path_factory.mktemp("nobody"), "empty": empty, "tiny": tiny.folder.parent}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serving(logs, environment={"CROSSDOCK_HOME": str(home)}))
            for name, home in homes.items()
        }


@pytest.mark.parametrize("home", ["nobody", "empty", "tiny"])
@pytest.mark.parametrize("address", ["", *ADDRESSES])
def test_a_page_opens(address: str, home: str, servers: dict[str, Server]):
    answer = first_visit(servers[home], address)
    assert answer.errors == [], servers[home].log.read_text("utf-8", "replace")[-3000:]
    assert answer.has_ended_well
    assert answer.elements.total() > 0, "a page says something even when it has nothing to show"
