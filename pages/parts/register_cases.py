"""Controls of use cases and how far each was kept, as far as calls, cases and the ledger can tell."""

import polars as pl
import streamlit as st

from pages.parts import empty, look, tables
from pages.parts.ai_registry_control import HOW
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "marts.control_compliance"
ORDER = ("not kept", "off", "kept", "not seen")
COLUMNS = {
    "verdict_code": 100, "use_case_name": 220, "control_name": 230, "is_on": 60, "how_code": 90, "kept_share": 80, "least_share": 90,
    "kept_count": 80, "checked_count": 80, "enforced_count": 90, "limit_number": 80, "seen_text": 380,
}  # fmt: skip
LABELS = {
    "verdict_code": "Stands",
    "use_case_name": "Use case",
    "control_name": "Control",
    "is_on": "On",
    "how_code": "How",
    "kept_share": "Kept",
    "least_share": "Asked for",
    "kept_count": "Kept, count",
    "checked_count": "Of",
    "enforced_count": "Enforced for",
    "limit_number": "Limit",
    "seen_text": "What was counted",
    "stage_code": "Stage",
}
MEANT = (
    f"{HOW} Planned: the worth of the use case was reckoned with it. Where nothing can be seen the figure stays empty. "
    "Enforced for: those that Crossdock itself let through or stopped; what other systems did is only watched."
)


def board(visit: Visit) -> None:
    """Draws the controls of the use cases that run, those that were not kept first; of the whole catalogue on demand."""
    if visit.build is None or not has_rows(visit, SOURCE):
        empty.nothing(
            "No use case has a control.", key="register_cases", fix="Take a use case up on the page Use cases."
        )
        return
    found = by_verdict(mart(visit, SOURCE, order_by=("use_case_id", "control_no")))
    whole = st.toggle("Those that do not run as well", key="register_cases_all")
    shown = found if whole else found.filter(pl.col("stage_code").is_in(["pilot", "production"]))
    if shown.is_empty():
        empty.nothing("No use case runs.", key="register_cases", fix="Begin a pilot on the page Use cases.")
        return
    said = ", ".join(f"{shown.filter(pl.col('verdict_code') == code).height} {code}" for code in ORDER)
    tables.show(visit, shown, name="register_cases", title=f"Controls of use cases: {said}", columns=COLUMNS, labels=LABELS,
                units={"verdict_code": "verdict"}, source=SOURCE, note=MEANT)  # fmt: skip
    look.note("Switch a control or set its limit on the page Use cases.")


def by_verdict(found: pl.DataFrame) -> pl.DataFrame:
    """The rows in the order of their verdicts, those that were not kept first."""
    return found.sort(tables.in_order("verdict_code", ORDER), maintain_order=True)
