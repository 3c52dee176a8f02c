"""Layers of capability with the maturity that their checks show, and the map of decisions: where, on what, and what came of them."""

import polars as pl
import streamlit as st

from pages.parts import empty, inbox, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

LAYERS, DECISIONS = "marts.roadmap_layers", "marts.roadmap_decisions"
CHECKS = {
    "found_code": 110, "layer_name": 220, "check_said": 190, "found_text": 460, "kept_share": 80, "function_text": 360,
}  # fmt: skip
LABELS = {
    "found_code": "Found", "layer_name": "Layer", "check_said": "Check", "found_text": "What the data show", "kept_share": "Kept",
    "function_text": "What it does",
}  # fmt: skip
MAP = {
    "kind_said": 190, "decisions_made_count": 70, "agent_count": 90, "exception_count": 130, "right_rate_share": 80,
    "exception_text": 400, "data_text": 300, "outcome_text": 260, "page_name": 90,
}  # fmt: skip
MAP_LABELS = {
    "kind_said": "Decision", "page_name": "Made on", "data_text": "Rests on", "exception_text": "Exceptions",
    "outcome_text": "Outcome that matters", "decisions_made_count": "Made", "agent_count": "By agents",
    "exception_count": "Decided otherwise", "right_rate_share": "Right",
}  # fmt: skip
NOTE = "Maturity is five times the mean share that kept to its checks, 0 to 5; what nothing shows counts as nought."
MAP_NOTE = (
    "Right: of those whose outcome is known. A kind without decisions is possible here and nobody has decided one yet."
)


def board(visit: Visit) -> None:
    """Draws the layers with their maturity and the checks that it rests on."""
    if visit.build is None or not has_rows(visit, LAYERS):
        empty.nothing("No roadmap was built yet.", key="roadmap", fix="Refresh once on the Upload page.")
        return
    found = mart(visit, LAYERS, order_by=("layer_no", "check_code"))
    with st.container(key="panel_roadmap_layers"):
        look.title("How far each layer is there", "0 to 5")
        tables.small(visit, layers(visit, found))
        look.note(NOTE)
    told = found.with_columns(check_said=pl.col("check_code").str.replace_all("_", " "))
    tables.show(visit, told, name="roadmap_checks", title="What the maturity rests on", columns=CHECKS, labels=LABELS,
                units={"found_code": "verdict"}, source=LAYERS)  # fmt: skip


def layers(visit: Visit, found: pl.DataFrame) -> pl.DataFrame:
    """One row a layer, in words."""
    return pl.DataFrame(
        [
            {
                "Layer": row["layer_name"],
                "Maturity": f"{visit.words.number(row['maturity_number'], places=1)} of 5",
                "What it does": row["function_text"],
                "What comes of it": row["aim_text"],
            }
            for row in found.unique("layer_name", keep="first", maintain_order=True).iter_rows(named=True)
        ]
    )


def decisions(visit: Visit) -> None:
    """Draws the map of decisions."""
    if visit.build is None or not has_rows(visit, DECISIONS):
        empty.nothing("No roadmap was built yet.", key="roadmap", fix="Refresh once on the Upload page.")
        return
    found = mart(visit, DECISIONS, order_by=("decision_no",))
    told = found.with_columns(kind_said=pl.col("action_kind_code").replace(inbox.ACTIONS))
    tables.show(visit, told, name="roadmap_map", title="Where decisions are made", columns=MAP, labels=MAP_LABELS, source=DECISIONS,
                note=MAP_NOTE)  # fmt: skip
