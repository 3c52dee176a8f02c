"""The front door: who is asking, which company, which build; the sidebar is read from the folders of `pages/`."""

import asyncio
import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from errors import Refusal
from pages.parts import address, begin, empty, frame, identity, look, notice, rights, routes, sign_in
from pages.parts.headers import Headers
from pages.parts.identity import Somebody
from pages.parts.kept import Kept
from pages.parts.loopback import Loopback, is_loopback
from pages.parts.page import Viewer, Visit
from pages.parts.side_door import SideDoor
from store.accounts import Accounts
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
    somebody: Somebody | None = None
    with notice.guarded(None, "the front door"):
        somebody = identity.established()
    sign_in.forget_others(somebody)
    company = None if somebody is None else company_for(somebody)
    viewer = None if somebody is None else somebody.viewer_in(company or identity.EVERYWHERE)
    doors = {
        name: door(name, module, visiting, is_shown=viewer is not None and rights.opens(viewer, module.PAGE))
        for name, module in modules().items()
    }
    chosen = st.navigation(sections(doors, visiting), expanded=True, position="hidden")
    st.set_page_config(f"{'Sign in' if viewer is None else chosen.title} · Crossdock")
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "mark.svg"), size="medium")
    look.dress()
    with notice.guarded(None, "the front door"):
        if somebody is None or viewer is None:
            sign_in.page()
            return
        st.query_params.pop(routes.SAID, None)
        with st.sidebar:
            show_ways(viewer, doors, company)
            pick_company(somebody, company)
            sign_in.tell(viewer)
        if company is None:
            nothing_open(viewer, doors["upload"])
            return
        opened = company_of(company)
        visiting.update(company=opened, build=build_of(opened), viewer=viewer, doors=doors)
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


def door(
    name: str, module: ModuleType, visiting: dict[str, Any], *, is_side_door: bool = False, is_shown: bool = True
) -> Any:
    """The page as Streamlit knows it; it opens only for a visit that the front door has established.

    Streamlit gives its default page the bare address and no other; a hidden side door answers to the page's own name. A
    page that the viewer has no right to is not shown in the sidebar, and says why to whoever has its address.
    """
    page = module.PAGE

    def open_page() -> None:
        visit = Visit(**visiting, here=name)
        with notice.guarded(visit, page.title):
            frame.head(visit, page)
            if not rights.opens(visit.viewer, page):
                rights.closed(visit, page)
            elif not empty.page(visit, page):
                module.render(visit)

    is_front = page.is_default and not is_side_door
    return st.Page(
        open_page,
        title=page.title,
        icon=page.icon,
        url_path=FRONT if is_front else name,
        default=is_front,
        visibility="hidden" if is_side_door or not is_shown else "visible",
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


def show_ways(viewer: Viewer, doors: dict[str, Any], company: str | None) -> None:
    """Draws the links to the pages under their headings.

    They are not Streamlit's own, because those leave the company out of the address: it would have to be written on arrival, under
    the page that was left, and one step back would lead there without the tab that was open.
    """
    query = None if company is None else {"company": company}
    for section, heading in SECTIONS.items():
        inside = {name: module for name, module in modules().items() if module.__name__.split(".")[1] == section}
        shown = [name for name, module in inside.items() if rights.opens(viewer, module.PAGE)]
        if shown:
            with st.container(key=f"ways_{section}", gap=None):
                st.caption(heading)
                for name in shown:
                    st.page_link(doors[name], icon=inside[name].PAGE.icon, query_params=query)


def company_for(somebody: Somebody) -> str | None:
    """The company in the address, else the one looked at last, else the first of them; never one without a role in it."""
    names = somebody.may_enter(companies())
    if not names:
        return None
    last = st.session_state.get("company_last", os.environ.get("CROSSDOCK_COMPANY", "demo"))
    return address.value("company", names, last if last in names else names[0])


def pick_company(somebody: Somebody, name: str | None) -> None:
    """Draws the choice among the companies that this person may enter, and keeps the chosen one in the address."""
    if name is None:
        return
    st.session_state["company_last"] = name
    if address.values("company") != [name]:
        st.query_params["company"] = name
    names = somebody.may_enter(companies())
    if len(names) > 1:
        titles = {known: company_of(known).company_title or known for known in names}
        st.session_state["company_pick"] = name
        st.selectbox("Company", names, format_func=titles.__getitem__, key="company_pick", on_change=_company_changed)


def nothing_open(viewer: Viewer, upload: object) -> None:
    """What stands in the place of every page where there is no company, or none that this person may enter."""
    if companies() or not viewer.roles:
        rights.stranger(viewer.who)
    elif rights.allowed_everywhere(viewer, "upload"):
        begin.first(upload)
    else:
        begin.for_others(viewer)


def company_of(name: str) -> Company:
    """The company of that name, its settings read again only when their file has changed."""
    changed = (home() / name / "company.yml").stat().st_mtime_ns
    return COMPANIES.get((str(home()), name, changed), lambda: open_company(name))


def build_of(company: Company) -> Build | None:
    """The company's current build, its connection shared by all who look at it."""
    current = current_build(company)
    return None if current is None else _opened((str(company.folder), current.build_id), company)


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


def guards() -> list[Middleware]:
    """What every request passes first: headers on every answer, in demo mode nobody from elsewhere, else no files of strangers.

    Errors: SystemExit where the doors would not hold, with the reason on the terminal.
    """
    bound_to = st.get_option("server.address")
    try:
        identity.ready_to_start(bound_to)
        way = identity.way_in()
    except Refusal as refused:
        raise SystemExit(f"{refused.what} {refused.why}\n{refused.fix}") from refused
    if way == identity.ACCOUNTS and is_loopback(bound_to) and Accounts.open().is_empty():
        sys.stderr.write(f"There is no account yet. Set-up code for the first one: {routes.set_up_code()}\n")
    guard = {identity.DEMO: [Middleware(Loopback)], identity.ACCOUNTS: [Middleware(SideDoor)]}
    return [Middleware(Headers), *guard.get(way, [])]


if __name__ == "__main__":
    main()
else:
    # `streamlit run app.py` finds this by its very words and serves it; the script that it runs for each visitor is this
    # file as well. Until its first navigation Streamlit would look for pages in pages/ itself, past this door: it is told
    # not to.
    PagesManager.uses_pages_directory = False
    app = st.App(__file__, middleware=guards(), routes=routes.routes(), lifespan=warm)
