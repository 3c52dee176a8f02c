"""Whatever address is asked for first on a fresh server, the front door is passed before anything is shown.

The journeys through it are in test_sign_in.py.

Streamlit itself would run files that lie directly in pages/ past app.py, but only until app.py has run once in that
server; a test that opens the bare address first never sees it. So each page gets a server of its own here.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.checkout import addresses
from tests.browser.driver import Person
from tests.browser.people import guarded_home
from tests.browser.server import ROOT, Server, serving
from tests.browser.visitor import Answer, first_visit

ADDRESSES = addresses()


@pytest.mark.parametrize("address", ["", *ADDRESSES])
def test_the_first_address_on_a_fresh_server_passes_the_front_door(address: str, company_home: Path, tmp_path: Path):
    """The sidebar that app.py alone knows is there, so is the page, and nothing says that there is no such page."""
    with serving(tmp_path, environment={"CROSSDOCK_HOME": str(company_home)}) as server:
        answer = first_visit(server, address)
    assert set(ADDRESSES) <= set(answer.pages), "app.py did not run: the sidebar is not ours"
    assert answer.errors == []
    assert answer.has_ended_well
    assert not answer.is_page_not_found


@pytest.fixture(scope="module")
def doorless(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the checkout with an app.py that does nothing, so that no visit to one page makes another one safe."""
    folder = tmp_path_factory.mktemp("doorless")
    for path in ROOT.iterdir():
        if path.name not in ("app.py", ".git", ".venv"):
            (folder / path.name).symlink_to(path)
    (folder / "app.py").write_text("RAN = True\n", "utf-8")
    with serving(folder, script=folder / "app.py", environment={"CROSSDOCK_HOME": str(company_home)}) as running:
        yield running


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_front_door_no_page_shows_anything(address: str, doorless: Server):
    """Whatever is drawn by an app.py that does nothing is drawn past the front door."""
    answer = first_visit(doorless, address)
    assert answer.elements.total() == 0, answer.elements


@pytest.fixture(scope="module")
def guarded(company_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company behind accounts, which strangers only look at."""
    return guarded_home(company_home, tmp_path_factory.mktemp("guarded") / "companies")


@pytest.mark.parametrize("address", ["", *ADDRESSES])
def test_a_stranger_gets_the_sign_in_form_and_nothing_of_any_page(address: str, guarded: Path, tmp_path: Path):
    """Asked for first, by somebody without a cookie, on a server that has answered nobody yet."""
    with serving(tmp_path, environment={"CROSSDOCK_HOME": str(guarded), "CROSSDOCK_MODE": ""}) as server:
        answer = first_visit(server, address)
        assert gives_nothing_away(answer)
        for cookie in ("crossdock_session=made-up", "crossdock_visitor=1", "_streamlit_user=e30"):
            assert gives_nothing_away(first_visit(server, address, cookie=cookie))


def gives_nothing_away(answer: Answer) -> bool:
    """Only the form was drawn: no company is named, no figure, no table, no chart, no widget that a page has."""
    assert answer.errors == []
    assert answer.has_ended_well
    assert "auth/sign-in" in answer.text
    assert set(answer.elements) <= {"html", "heading", "empty"}, answer.elements
    # The style sheet names the classes of a page; an element of that class has the name in quotes.
    return not any(
        word in answer.text for word in ("Northgate", "Other Ltd", 'cd-frame\\"', 'cd-kpi\\"', "Signed in as")
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_its_word_as_its_address(address: str, server: Server):
    """Also the page that opens at the bare address can be sent as a link."""
    first_visit(server, "")
    assert not first_visit(server, address).is_page_not_found


def test_an_address_that_is_no_page_says_so(visitor: Person):
    visitor.goes_to("/").goes_to("/there_is_no_such_page").sees("Page not found")
