"""One file on its way in, as a person sees it: what it was taken for and why, what is wrong with it, and the button that makes it count."""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from errors import Refusal
from pages.parts import mapping, notice, rights, tables
from pages.parts.page import Visit
from pipelines import flow, loads
from pipelines.contract import contracts
from pipelines.intake import Intake

FILES_AT_MOST = 20
RECOGNISE = "Recognise it for me"
ORDERS = {"Day first (31/12/2026)": "dmy", "Month first (12/31/2026)": "mdy", "Year first (2026/12/31)": "ymd"}


def card(visit: Visit, file: Any, *, place: int) -> None:
    """Draws one dropped file: its questions, its rows by contract, its faults, and what can be done now."""
    content = file.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:12]
    with st.container(key=f"panel_file_{digest}_{place}"):
        st.subheader(notice.plain(file.name), anchor=False)
        done = st.session_state.get(f"landed_{visit.company.name}_{digest}")
        if done:
            notice.good(done)
            return
        said = _said(digest)
        try:
            found = _examined(visit, file.name, content, digest, said)
        except Refusal as refused:
            notice.refusal(refused)
            _questions(digest, is_open=True)
            return
        _shown(visit, found, digest)
        _questions(digest, is_open=False)
        st.button(
            "Put this file in force",
            type="primary",
            key=f"force_{digest}",
            on_click=_put_in_force,
            args=(visit, file.name, content, digest, said),
        )


def _said(digest: str) -> dict[str, Any]:
    """What the person has said of this file so far."""
    contract = st.session_state.get(f"contract_{digest}", RECOGNISE)
    order = ORDERS.get(st.session_state.get(f"dates_{digest}") or "")
    decimal = {"Point (1,234.5)": ".", "Comma (1.234,5)": ","}.get(st.session_state.get(f"decimal_{digest}") or "")
    columns = st.session_state.get(f"columns_{digest}") or {}
    answers = {key: value for key, value in (("dates", order), ("decimal", decimal), ("columns", columns)) if value}
    return {"contract": None if contract == RECOGNISE else contract, "answers": answers or None}


def _examined(visit: Visit, name: str, content: bytes, digest: str, said: Mapping[str, Any]) -> Intake:
    """The file read and checked in a child process; the same question about the same bytes is asked once."""
    key = f"examined_{visit.company.name}_{digest}_{said}"
    if key in st.session_state:
        return st.session_state[key]
    with st.status(f"Reading {notice.plain(name)}", expanded=False) as shown, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        found = loads.examine(
            visit.company,
            path,
            file_name=name,
            **said,
            progress=lambda _fraction, text: shown.update(label=f"{notice.plain(name)}: {text}"),
        )[1]
        shown.update(label=f"Read {notice.plain(name)}", state="complete")
    st.session_state[key] = found
    return found


def _shown(visit: Visit, found: Intake, digest: str) -> None:
    for sentence in found.because:
        notice.info(sentence)
    rows = [{**loads.counts_of(part), "contract": _title(part.contract)} for part in found.parts]
    labels = {
        "contract": "Extract",
        "lines_in": "Lines in the file",
        "accepted": "Accepted",
        "set_aside": "Set aside",
        "ignored": "Ignored",
    }
    tables.small(visit, pl.DataFrame(rows), title="Every line accounted for", labels=labels)
    mapping.confirm(found, digest)
    aside = Path(found.folder) / "set_aside.parquet"
    if not aside.exists():
        return
    faults = pl.read_parquet(aside)
    grouped = faults.group_by("contract", "column_name", "reason", "fix").agg(
        pl.col("line_no").n_unique().alias("row_count"),
        pl.col("value_text").drop_nulls().first().alias("example_text"),
        pl.col("line_no").min().alias("first_line"),
    )
    tables.small(
        visit,
        grouped.sort("row_count", descending=True).head(12),
        title="What was set aside, by what would put it right",
        labels={
            "column_name": "Column",
            "reason": "Why",
            "fix": "What to do",
            "row_count": "Rows",
            "example_text": "For example",
            "first_line": "First on line",
        },
    )
    listed = (
        faults.select("contract", "line_no", "column_name", "value_text", "reason", "fix")
        .sort("contract", "line_no")
        .head(2000)
    )
    tables.show(
        visit,
        listed,
        name=f"aside_{digest}",
        title="Rows set aside",
        note="Put them right in a copy of the file and upload that; the accepted rows are known then and stay as they are.",
    )


def _questions(digest: str, *, is_open: bool) -> None:
    """What a person may say of the file where it was not, or wrongly, understood."""
    with st.expander("Not what you expected? Say what this file is", expanded=is_open, icon=":material/help:"):
        names = [RECOGNISE, *contracts()]
        st.selectbox("This file holds", names, key=f"contract_{digest}", format_func=_title)
        st.segmented_control("Dates are written", list(ORDERS), key=f"dates_{digest}")
        st.segmented_control("Decimals are written", ["Point (1,234.5)", "Comma (1.234,5)"], key=f"decimal_{digest}")


def _title(name: str) -> str:
    if name in contracts():
        return contracts()[name].title
    return name or "Nothing that Crossdock needs"


def _put_in_force(visit: Visit, name: str, content: bytes, digest: str, said: Mapping[str, Any]) -> None:
    # The button is obeyed before the page is drawn anew, so the right is asked for here as well.
    if not rights.allowed(visit, "upload"):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        landed = flow.land(visit.company, path, who=visit.viewer.who, file_name=name, **said)
    rows = sum(part.accepted for part in landed.parts)
    word = "was in force already" if landed.is_repeat else "is in force from the next refresh on"
    st.session_state[f"landed_{visit.company.name}_{digest}"] = (
        f"{name} {word}: {rows:,} rows, load {landed.load_id}. You can undo it on Data health."
    )
