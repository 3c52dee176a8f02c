"""What all use cases share: the lines of each site with the hours without the centre, and the machines that people can look after."""

import polars as pl
import streamlit as st

from decisions.ai_folding import AiBook
from decisions.desk import Desk
from models.ai_economics.network import CIRCUITS
from pages.parts import acting, look, placement_map, rights, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit
from pages.parts.placement_map import ESTATE

PARTS = {"estate_part_name": "Part", "part_cost": "A year", "part_number": "How many", "because_text": "In words"}
LINES = {
    "place_name": "Place", "said_name": "Line", "part_number": "Business hours a year without the centre",
    "part_cost": "A second line and pages, a year", "because_text": "In words",
}  # fmt: skip
NOTE = (
    "Simulated over a thousand years: circuits fail and are repaired at random, now and then together; the provider and the platform "
    "too. Means of graded assumptions: see Assumptions. A place whose line nobody has said counts as broadband."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws what is shared, the lines of the sites, and the form for a line."""
    if visit.build is None or not has_rows(visit, ESTATE):
        placement_map.nothing()
        return
    rows = mart(visit, ESTATE)
    lines = rows.filter(pl.col("estate_part_name") == "line")
    said = desk.book.ai
    shown = lines.with_columns(
        pl.Series("said_name", [_line(said, place) for place in lines["place_name"]], dtype=pl.String)
    )
    tables.show(visit, shown, name="placement_lines", title="Lines", columns=list(LINES), labels=LINES, units={"part_number": "hours"},
                source=ESTATE, note=NOTE)  # fmt: skip
    _form(visit, desk, lines["place_name"].to_list())
    tables.show(visit, rows.filter(pl.col("estate_part_name") != "line"), name="placement_parts", title="What is shared",
                columns=list(PARTS), labels=PARTS, source=ESTATE)  # fmt: skip


def _line(said: AiBook, place: str) -> str:
    circuits = said.circuits(place)
    return f"{circuits} ({said.lines[place].who})" if circuits else "not said yet"


def _form(visit: Visit, desk: Desk, sites: list[str]) -> None:
    with st.container(key="panel_placement_line"):
        look.title("Say which line a site has")
        if not sites or not rights.need(visit, "keep_register"):
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            site = st.selectbox("Site", sites, key="placement_site")
            kinds = st.multiselect(
                "Circuits", list(CIRCUITS), key=f"placement_circuits_{site}", placeholder="one or two"
            )
            reason = st.text_input(
                "How is it known", key=f"placement_line_why_{site}", placeholder="such as: contract of the provider"
            )
            if st.button("Keep", type="primary", key="placement_line_keep"):
                done = f"The line of {site} is kept; hours without it follow with the next refresh."
                acting.act(done, "", desk.set_line, site, " + ".join(kinds), reason)
                st.rerun()
