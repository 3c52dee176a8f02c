"""A company begun from the pages: a name is all that it takes, and the next step is its first extract."""

import streamlit as st

from decisions.roles import who_may
from errors import Refusal
from pages.parts import notice, rights
from pages.parts.page import Viewer
from store.company import create_company


def first(upload: object) -> None:
    """What stands in the place of every page while there is no company at all."""
    st.title("There is nothing to show yet", anchor=False)
    st.markdown(
        "No company has been set up on this machine. Begin one here and drop its first extract, or grow the demo company "
        "with `make demo`."
    )
    form(upload)


def for_others(viewer: Viewer) -> None:
    """What stands there for somebody who cannot begin a company."""
    st.title("There is nothing to show yet", anchor=False)
    asking = rights.whom_to_ask(viewer, rights.EVERYWHERE, who_may("upload"))
    st.markdown(f"No company has been set up here, and you cannot begin one. {notice.plain(asking)}")


def form(upload: object) -> None:
    """Draws the field for the name; a company that begins opens on its Upload page.

    Args:
        upload: the Upload page as Streamlit knows it.
    """
    with st.form("begin", border=True):
        name = st.text_input(
            "Name of the new company",
            key="begin_name",
            max_chars=63,
            help="Small letters, digits, - and _; it is also the name of the company's folder.",
        )
        if not st.form_submit_button("Begin", type="primary"):
            return
    try:
        company = create_company(name.strip())
    except Refusal as refused:
        notice.refusal(refused)
        return
    st.switch_page(upload, query_params={"company": company.name})  # type: ignore[arg-type]
