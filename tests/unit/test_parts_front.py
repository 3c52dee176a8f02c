"""The front door and what the server says with every answer."""

import asyncio
from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.web.server.app_discovery import discover_asgi_app

import app
from pages.parts import address
from pages.parts.headers import INDEX, Headers, headers, inline_hashes
from store.company import create_company
from tests.unit.parts_visit import grown

ROOT = Path(app.__file__).parent


def answer(scope: dict) -> list[dict]:
    """What goes out through the middleware when the server answers 200."""
    sent: list[dict] = []

    async def server(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]})

    async def keep(message):
        sent.append(message)

    asyncio.run(Headers(server)(scope, None, keep))
    return sent


def test_every_http_answer_carries_the_security_headers_beside_its_own():
    names = {name.decode() for name, _ in answer({"type": "http"})[0]["headers"]}
    assert names >= {"etag", "content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"}


def test_a_socket_passes_untouched():
    assert answer({"type": "websocket"})[0]["headers"] == [(b"etag", b"1")]


def test_the_policy_lets_no_script_in_but_our_servers_and_names_no_other_host():
    policy = headers()["content-security-policy"]
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script
    assert "http:" not in policy
    assert "https:" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_one_inline_script_of_streamlits_page_is_allowed_by_its_hash():
    """It changes with a new Streamlit; the hash is read from the page that is served, so it changes too."""
    hashes = inline_hashes(INDEX.read_text("utf-8"))
    assert len(hashes) == 1
    assert hashes[0] in headers()["content-security-policy"]


def test_streamlit_finds_the_server_in_the_front_door():
    found = discover_asgi_app(ROOT / "app.py")
    assert (found.is_asgi_app, found.app_name) == (True, "app")


def test_streamlit_is_told_not_to_look_for_pages_past_the_front_door(monkeypatch: pytest.MonkeyPatch):
    import importlib

    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    importlib.reload(app)
    assert PagesManager.uses_pages_directory is False


def test_the_sidebar_is_read_from_the_folders_in_their_order():
    found = app.modules()
    assert next(iter(found)) == "today"
    orders = [module.PAGE.order for module in found.values() if module.__name__.startswith("pages.operate.")]
    assert orders == sorted(orders)
    assert sum(module.PAGE.is_default for module in found.values()) == 1
    assert app.FRONT not in found


def test_a_companys_settings_are_read_again_when_their_file_has_changed():
    company = create_company("acme", company_title="Acme")
    assert app.company_of("acme").company_title == "Acme"
    file = company.folder / "company.yml"
    file.write_text(file.read_text("utf-8").replace("Acme", "Acme & Sons"), "utf-8")
    assert app.company_of("acme").company_title == "Acme & Sons"


def test_the_words_of_the_address_are_not_those_of_the_company_picker():
    """Changing the company clears the filters' words, and no filter may be called like it."""
    from pages.parts.filters import FIELDS

    assert address.MEMORY != address.LAST_PAGE
    assert "company" not in {field.word for field in FIELDS.values()} | {"period", "dates", "vs"}
    assert len({field.word for field in FIELDS.values()}) == len(FIELDS)


def reads_what_is_missing() -> None:
    import polars as pl

    from pages.parts import notice
    from pages.parts.ask import ask, mart
    from pipelines.version import code_version
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"))
    for version in ("of last year", code_version()):
        visit.facts["code_version"] = version
        for read in (
            lambda: mart(visit, "marts.ai_costs"),
            lambda: mart(visit, "marts.order_lines", columns=("no_such_column",)),
            lambda: ask(visit, "select no_such_column from marts.order_lines"),
            lambda: ask(visit, "select * from marts.no_such_table"),
            lambda: mart(visit, "marts.order_lines").select(pl.col("no_such_column")),
        ):
            with notice.guarded(visit, "a panel"):
                read()
    visit.facts["code_version"] = "of last year"
    with notice.guarded(visit, "a panel"):
        raise ZeroDivisionError("a crash all the same")


def test_a_build_of_another_version_that_lacks_a_column_asks_for_a_refresh_and_is_no_incident():
    grown()
    screen = AppTest.from_function(reads_what_is_missing, default_timeout=30).run()
    said = [text.value for text in screen.markdown]
    assert sum("another version of Crossdock" in text and "Incident" not in text for text in said) == 5 + 1
    assert sum("once on the Upload page" in text for text in said) == 5
    # Of the same version it is a defect of ours, and so is whatever else breaks.
    assert sum("Incident" in text for text in said) == 5 + 1
