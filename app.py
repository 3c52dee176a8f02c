"""The front door: who is asking, which company, which build; the sidebar is read from the folders of `pages/`."""

import asyncio
import gc
import getpass
import importlib
import os
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from pages.parts import address, begin, empty, frame, look, notice
from pages.parts.headers import Headers
from pages.parts.kept import Kept
from pages.parts.page import Viewer, Visit
from store.company import Company, companies, home, open_company
from store.warehouse import Build, current_build, open_build

STATIC = Path(__file__).resolve().parent / "static"
SECTIONS = {"operate": "Operate", "decide": "Decide", "ai": "AI", "data": "Data"}
COMPANIES: Kept[Company] = Kept(at_most=200)
FRONT = "start"  # the word that Streamlit reserves for the page at the bare address
COLLECT_EVERY_SECONDS = 60


def main() -> None:
    """One run of the app for one viewer: no page code runs before this has decided who, which company and which build."""
    # The icon before the navigation: else the browser fetches the page's symbol from a font host as its favicon.
    st.set_page_config(page_icon=str(STATIC / "mark.svg"), layout="wide")
    visiting: dict[str, Any] = {}
    doors = {name: door(name, module, visiting) for name, module in modules().items()}
    chosen = st.navigation(sections(doors, visiting), expanded=True)
    st.set_page_config(f"{chosen.title} · Crossdock")
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "mark.svg"), size="medium")
    look.dress()
    with notice.guarded(None, "the front door"):
        if not companies():
            begin.first(doors["upload"])
            return
        company = pick_company()
        visiting.update(company=company, build=build_of(company), viewer=viewer(), doors=doors)
    if visiting:
        chosen.run()


def modules() -> dict[str, ModuleType]:
    """Every page module by its address, in the order of the sidebar."""
    found: list[ModuleType] = []
    for section in SECTIONS:
        try:
            folder = importlib.import_module(f"pages.{section}")
        except ModuleNotFoundError:
            continue
        inside = [
            importlib.import_module(f"pages.{section}.{item.name}") for item in pkgutil.iter_modules(folder.__path__)
        ]
        found += sorted((module for module in inside if hasattr(module, "PAGE")), key=lambda module: module.PAGE.order)
    return {module.__name__.rsplit(".", 1)[1]: module for module in found}


def door(name: str, module: ModuleType, visiting: dict[str, Any], *, is_side_door: bool = False) -> Any:
    """The page as Streamlit knows it; it opens only for a visit that the front door has established.

    Streamlit gives its default page the bare address and no other; a hidden side door answers to the page's own name.
    """
    page = module.PAGE

    def open_page() -> None:
        visit = Visit(**visiting, here=name)
        with notice.guarded(visit, page.title):
            frame.head(visit, page)
            if not empty.page(visit, page):
                module.render(visit)

    is_front = page.is_default and not is_side_door
    return st.Page(
        open_page,
        title=page.title,
        icon=page.icon,
        url_path=FRONT if is_front else name,
        default=is_front,
        visibility="hidden" if is_side_door else "visible",
        help=page.question,
    )


def sections(doors: dict[str, Any], visiting: dict[str, Any]) -> dict[str, list[Any]]:
    """The pages under the headings of the sidebar."""
    grouped: dict[str, list[Any]] = {}
    for name, module in modules().items():
        heading = grouped.setdefault(SECTIONS[module.__name__.split(".")[1]], [])
        heading.append(doors[name])
        if module.PAGE.is_default:
            heading.append(door(name, module, visiting, is_side_door=True))
    return grouped


def pick_company() -> Company:
    """The company in the address, if it exists; else the one looked at last; else the first of them."""
    names = companies()
    preferred = os.environ.get("CROSSDOCK_COMPANY", "demo")
    last = st.session_state.get("company_last", preferred)
    name = address.value("company", names, last if last in names else names[0])
    st.session_state["company_last"] = name
    if address.values("company") != [name]:
        st.query_params["company"] = name
    with st.sidebar:
        if len(names) > 1:
            titles = {known: company_of(known).company_title or known for known in names}
            st.session_state["company_pick"] = name
            st.selectbox(
                "Company", names, format_func=titles.__getitem__, key="company_pick", on_change=_company_changed
            )
        st.caption(f"Signed in as {notice.plain(viewer().who)}")
    return company_of(name)


def company_of(name: str) -> Company:
    """The company of that name, its settings read again only when their file has changed."""
    changed = (home() / name / "company.yml").stat().st_mtime_ns
    return COMPANIES.get((str(home()), name, changed), lambda: open_company(name))


def build_of(company: Company) -> Build | None:
    """The company's current build, its connection shared by all who look at it."""
    current = current_build(company)
    return None if current is None else _opened((str(company.folder), current.build_id), company)


def viewer() -> Viewer:
    """Who is asking: what the front door says (`CROSSDOCK_VIEWER`), else the account of this machine."""
    return Viewer(
        who=os.environ.get("CROSSDOCK_VIEWER") or getpass.getuser(), role=os.environ.get("CROSSDOCK_ROLE", "analyst")
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def _opened(key: tuple[str, str], _company: Company) -> Build:
    return open_build(_company, key[1])


@asynccontextmanager
async def warm(_server: Any) -> AsyncIterator[None]:
    """What the server does before its first visitor: load every page, and collect garbage by a timer from then on.

    Streamlit would collect after every run, while everybody waits; what is loaded here is taken out of the count.
    """
    modules()
    gc.collect()
    gc.freeze()
    tidier = asyncio.create_task(_tidy())
    yield
    tidier.cancel()


async def _tidy() -> None:
    while True:
        await asyncio.sleep(COLLECT_EVERY_SECONDS)
        await asyncio.to_thread(gc.collect)


def _company_changed() -> None:
    st.query_params.clear()
    st.query_params["company"] = st.session_state["company_pick"]
    st.session_state.pop(address.MEMORY, None)


if __name__ == "__main__":
    main()
else:
    # `streamlit run app.py` finds this and serves it; the script that it runs for each visitor is this file as well.
    # Until its first navigation Streamlit would look for pages in pages/ itself, past this door: it is told not to.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, middleware=[Middleware(Headers)], lifespan=warm)
