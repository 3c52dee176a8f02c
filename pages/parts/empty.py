"""Places where there is nothing to see: they say which extract to upload and what it would unlock."""

from collections.abc import Sequence

import streamlit as st

from pages.parts import look
from pages.parts.ask import has_extract
from pages.parts.notice import plain
from pages.parts.page import Page, Visit
from pipelines.contract import Contract, contracts


def missing(visit: Visit, names: Sequence[str]) -> list[Contract]:
    """The contracts among these that this build holds no row of."""
    if visit.build is None:
        return [contracts()[name] for name in names]
    return [contracts()[name] for name in names if not has_extract(visit, name)]


def needs(visit: Visit, *names: str, what: str) -> bool:
    """Whether an extract is missing for `what`; if so, says which one to upload and what it unlocks."""
    absent = missing(visit, names)
    if absent:
        _box(visit, f"{what} needs {_listed([contract.title.lower() for contract in absent])}.", absent)
    return bool(absent)


def page(visit: Visit, page: Page) -> bool:
    """Whether a page cannot be drawn for want of an extract; if so, says so in the page's place."""
    if visit.build is None and page.opens_without_build:
        return False
    if visit.build is None:
        absent = missing(visit, page.needs or ("order_lines",))
        _box(visit, f"{visit.company.company_title} has no data yet.", absent)
        return True
    absent = missing(visit, page.needs)
    if absent:
        _box(visit, f"{page.title} needs {_listed([contract.title.lower() for contract in absent])}.", absent)
    return bool(absent)


def nothing(text: str, *, key: str = "nothing", fix: str = "") -> None:
    """A place where the data is there but nothing passes the filters."""
    with st.container(key=f"box_empty_{key}", gap=None):
        st.markdown(f"{plain(text)} {plain(fix)}".strip())


def _box(visit: Visit, headline: str, absent: Sequence[Contract]) -> None:
    with st.container(key=f"box_empty_{'_'.join(contract.name for contract in absent)}", gap="small"):
        st.markdown(f"**{plain(headline)}**")
        for contract in absent:
            required = ", ".join(contract.required)
            look.pairs(
                {
                    "Upload": f"{contract.title} ({contract.grain})",
                    "It answers": contract.question,
                    "It unlocks": ", ".join(contract.unlocks) or "–",
                    "Columns it must have": required or "–",
                }
            )
        door = visit.door("upload")
        if door is not None and visit.here != "upload":
            query = {"company": visit.company.name, "contract": absent[0].name}
            st.page_link(door, label="Upload an extract", icon=":material/upload_file:", query_params=query)


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
