"""The registry of AI use cases as a table: what the build says of each, with what people have said since."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from models.ai_economics.use_case import DOMAINS, PATTERNS, UseCase, is_sound, use_case
from pages.parts import address, empty, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE, WORTH, RANKED = "raw.use_cases", "marts.ai_worth", "scores.ai_priorities"
EVERY = "all"
# The six workloads that a distributor runs again and again, and which use case of the catalogue is each.
WORKLOADS = {
    "service summarisation": "S1",
    "procurement assistance": "UC2",
    "warehouse exception handling": "S2",
    "sales order validation": "S3",
    "pricing support": "S4",
    "supplier communication": "S5",
}
# With the pixels that each takes: what is read first fits a screen, what is long is told in full under the table.
COLUMNS = {
    "verdict_code": 86, "use_case_name": 252, "stage_code": 88, "controls_text": 84, "architecture_text": 430, "pattern_code": 180,
    "domain_code": 125, "systems_text": 230, "autonomy_name": 150, "action_risk_name": 95, "reads_or_writes": 110,
    "cost_risks_text": 260, "budget_control_text": 330, "owner_name": 160, "rank_no": 60,
}  # fmt: skip
LABELS = {
    "use_case_id": "ID",
    "use_case_name": "Use case",
    "stage_code": "Stage",
    "verdict_code": "Verdict",
    "controls_text": "Controls on",
    "domain_code": "Domain",
    "pattern_code": "Pattern",
    "architecture_text": "Architecture pattern",
    "systems_text": "Systems",
    "autonomy_name": "Autonomy",
    "action_risk_name": "Risk of its acts",
    "reads_or_writes": "Reads or writes",
    "cost_risks_text": "Main cost risks",
    "budget_control_text": "Recommended budget control",
    "owner_name": "Owner",
    "rank_no": "Rank",
}
NOTE = (
    "Stage and controls as they stand now; verdict and rank as of the last refresh. A candidate costs and brings nothing yet. "
    "The six recurring workloads: {}."
)


@dataclass(frozen=True)
class Held:
    """One use case as it stands now.

    Attributes:
        case: the use case with everything said since the build.
        definition: the same as its definition.
        built: its definition in the build; empty for one that was registered since.
        is_newer: whether somebody has changed it since the build.
        worth, ranked: its rows of `marts.ai_worth` and `scores.ai_priorities`; empty where there is none yet.
    """

    case: UseCase
    definition: dict[str, Any]
    built: dict[str, Any]
    is_newer: bool
    worth: dict[str, Any]
    ranked: dict[str, Any]

    @property
    def controls_on(self) -> str:
        """How many of its controls are on; which they are stands in its panel."""
        return f"{sum(one.is_on for one in self.case.controls)} of {len(self.case.controls)}"


def registry(visit: Visit, desk: Desk) -> list[Held]:
    """Every use case of the build and of the acts since, by id."""
    if visit.build is None:
        return []
    built = {
        name: json.loads(text)
        for name, text in mart(visit, SOURCE, columns=("use_case_id", "definition_text")).iter_rows()
    }
    worth, ranked = _by_id(visit, WORTH), _by_id(visit, RANKED)
    book, found = desk.book.ai, []
    for name in sorted({*built, *book.changes}):
        definition = book.definition(name, built.get(name, {}))
        try:
            case = use_case(definition)
        except ValueError:  # a switch of a use case that nobody has registered
            continue
        is_newer = not is_sound(built.get(name, {})) or case != use_case(built[name])
        found.append(Held(case, definition, built.get(name, {}), is_newer, worth.get(name, {}), ranked.get(name, {})))
    return sorted(found, key=lambda held: (not held.case.is_running, held.case.use_case_id))


def frame(held: Sequence[Held]) -> pl.DataFrame:
    """The registry as rows: those that run first."""
    rows = [
        {
            "use_case_id": one.case.use_case_id, "use_case_name": one.case.name,
            "stage_code": one.case.stage + (" (changed, from the next refresh on)" if one.is_newer else ""),
            "verdict_code": one.worth.get("verdict_code") or "–", "controls_text": one.controls_on, "domain_code": one.case.domain,
            "pattern_code": one.case.pattern, "architecture_text": one.case.architecture, "systems_text": systems(one.case),
            "autonomy_name": one.case.autonomy, "action_risk_name": one.case.action_risk,
            "reads_or_writes": "writes" if one.case.writes else "reads", "cost_risks_text": one.case.main_cost_risks,
            "budget_control_text": one.case.budget_control, "owner_name": one.case.owner, "rank_no": one.ranked.get("rank_no"),
        }
        for one in held
    ]  # fmt: skip
    shape = {name: pl.Int64 if name == "rank_no" else pl.String for name in ("use_case_id", *COLUMNS)}
    return pl.DataFrame(rows, schema=shape)


def systems(case: UseCase) -> str:
    """The systems that it is connected to, each with what it may do there."""
    return ", ".join(f"{system.upper() if len(system) == 3 else system} ({access})" for system, access in case.systems)


def table(visit: Visit, held: Sequence[Held]) -> Held | None:
    """Draws the registry by domain and pattern and gives the picked use case: the row clicked, that of the address, else the first."""
    if not held:
        empty.nothing(
            "The registry is empty.",
            key="ai_registry",
            fix="Refresh once on the Upload page; the catalogue comes with it.",
        )
        return None
    with st.container(horizontal=True, gap="small", key="ai_registry_filters"):
        domain = st.selectbox("Domain", (EVERY, *DOMAINS), key="ai_registry_domain")
        pattern = st.selectbox("Pattern", (EVERY, *PATTERNS), key="ai_registry_pattern")
    shown = [one for one in held if domain in (EVERY, one.case.domain) and pattern in (EVERY, one.case.pattern)]
    names = {one.case.use_case_id: one for one in shown}
    note = NOTE.format(", ".join(f"{work} ({name})" for work, name in WORKLOADS.items()))
    picked = tables.show(
        visit, frame(shown), name="ai_registry", title="Use cases of AI", columns=COLUMNS, labels=LABELS, source=SOURCE, pick=True,
        note=note,
    )  # fmt: skip
    if not shown:
        return None
    if picked is not None:
        address.write("use_case", [picked["use_case_id"]])
    _spread(held)
    return names[address.value("use_case", names, next(iter(names)))]


def _spread(held: Sequence[Held]) -> None:
    """Where the catalogue lies: seven domains by five patterns, those that run marked."""
    with st.expander("By domain and pattern"):
        cells: dict[str, list[str]] = {"Domain": list(DOMAINS)}
        for pattern in PATTERNS:
            cells[pattern.capitalize()] = [
                ", ".join(
                    one.case.use_case_id + ("*" if one.case.is_running else "")
                    for one in held if one.case.domain == domain and one.case.pattern == pattern
                ) or "–"
                for domain in DOMAINS
            ]  # fmt: skip
        st.table(cells, border="horizontal")
        look.note("* runs today.")


def _by_id(visit: Visit, table_name: str) -> dict[str, dict[str, Any]]:
    if not has_rows(visit, table_name):
        return {}
    return {row["use_case_id"]: row for row in mart(visit, table_name).iter_rows(named=True)}
