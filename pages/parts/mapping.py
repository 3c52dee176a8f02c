"""Which heading is which column: the mapping that a file was read by, for a person to confirm or put right."""

import polars as pl
import streamlit as st

from pages.parts import labels, look
from pipelines.contract import contract
from pipelines.intake import Intake, resolved

UNUSED = "(not in this file)"


def confirm(found: Intake, digest: str) -> None:
    """Draws the mapping; of a file with headings of its own it can be changed, and the change is read with the next look."""
    for recognition in found.recognitions:
        reading = recognition.reading
        with st.expander(
            f"How the headings were read ({reading.source})", expanded=False, icon=":material/swap_horiz:"
        ):
            for feed in reading.feeds:
                look.title(contract(feed.contract).title)
                if reading.source == "generic":
                    _editable(recognition, feed, digest)
                else:
                    look.pairs({labels.label(name): _origin(rule) for name, rule in feed.columns.items()})
    if not found.recognitions:
        for sheet in found.sheets:
            look.note(f"Read as {resolved(sheet['reading']).source}, as recorded.")


def _editable(recognition: object, feed: object, digest: str) -> None:
    rules = contract(feed.contract)  # type: ignore[attr-defined]
    headings = [UNUSED, *recognition.reading.headers]  # type: ignore[attr-defined]
    now = {name: rule.header for name, rule in feed.columns.items()}  # type: ignore[attr-defined]
    rows = pl.DataFrame(
        {
            "column": [column.name for column in rules.columns],
            "meaning": [column.meaning for column in rules.columns],
            "needed": ["must be there" if column.required else (column.unlocks or "") for column in rules.columns],
            "heading": [now.get(column.name) or UNUSED for column in rules.columns],
        }
    )
    edited = st.data_editor(
        rows,
        key=f"mapping_{digest}_{feed.contract}",  # type: ignore[attr-defined]
        hide_index=True,
        disabled=["column", "meaning", "needed"],
        column_config={
            "column": "Column",
            "meaning": "Meaning",
            "needed": "Needed",
            "heading": st.column_config.SelectboxColumn("Heading in the file", options=headings, required=True),
        },
    )
    changed = {
        row["column"]: row["heading"]
        for row in edited.to_dicts()
        if row["heading"] != UNUSED and row["heading"] != now.get(row["column"])
    }
    if changed and st.button("Read the file with this mapping", key=f"remap_{digest}_{feed.contract}"):  # type: ignore[attr-defined]
        st.session_state[f"columns_{digest}"] = {**(st.session_state.get(f"columns_{digest}") or {}), **changed}
        st.rerun()


def _origin(rule: object) -> str:
    header, sql, value = rule.header, rule.sql, rule.value  # type: ignore[attr-defined]
    if header:
        return header
    return f"always {value}" if value is not None else f"worked out: {sql}"
