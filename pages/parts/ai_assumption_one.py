"""One assumption in full: source and grade, what rests on it, its history, and an own value in its place with the effect shown at once."""

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from models.ai_economics.draws import Spread, drawn
from models.ai_economics.programme import simulated
from models.ai_economics.what_if import Outcome, outcome
from pages.parts import acting, ai_cost_world, look, notice, rights, tables
from pages.parts.ai_assumption_table import COLOURS, DEPENDS, GRADES, called
from pages.parts.ai_assumption_uses import uses
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit
from pipelines.assumptions import DAWN

HISTORY = "raw.assumption_history"
MOVES = {
    "affected_kind_code": "What",
    "affected_name": "Line, benefit or figure",
    "change_amount": "Moves by, low to high",
    "elasticity_number": "Per cent for one per cent",
}


def panel(visit: Visit, desk: Desk, row: dict[str, Any]) -> None:
    """Draws one assumption: what it is, what rests on it, and the place for an own value."""
    name = row["assumption_name"]
    with st.container(key="panel_ai_assumption"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(called(name))
            st.badge(GRADES[row["source_grade"]], color=COLOURS[row["source_grade"]])  # type: ignore[arg-type]  # a colour that badges know
            if row["is_own"]:
                st.badge("own value", color="violet", icon=":material/edit:")
        st.markdown(plain(row["meaning_text"]))
        look.pairs(described(visit, row))
    _depends(visit, name)
    _history(visit, name)
    with st.container(key="panel_ai_own_value"):
        look.title("An own value", f"{counts(visit)}; the effect on the AI plan is shown at once")
        _preview(visit, desk, row)


def described(visit: Visit, row: dict[str, Any]) -> dict[str, str]:
    """An assumption as labels and values, the packaged one beside an own."""
    day = row["source_date"]
    found = {
        "Value": f"{row['assumed_number']:g} ({row['low_number']:g} to {row['high_number']:g}) {row['unit_name']}",
        "Distribution": row["distribution_name"],
        "Source": row["source_text"],
        "As of": f"{visit.words.day(day)} {day.year}" if day else "–",
        "Owner": row["owner_name"],
        "Name": row["assumption_name"],
    }
    if row["is_own"]:
        found["Own value by"] = row["own_text"] or f"{row['author_name']}: {row['reason_text']}"
        found["Packaged value"] = f"{row['packaged_number']:g}"
    elif row["own_text"]:
        found["Own value"] = row["own_text"]
    found["Read by"] = "; ".join(uses(row["assumption_name"])) or "no table or model reads it"
    return found


def effect(visit: Visit, row: dict[str, Any], said: Spread) -> tuple[Outcome, Outcome] | None:
    """The programme as it is planned and with another value, on the same 1,000 futures; None where the plan does not hold it."""
    world, before = ai_cost_world.world(visit), ai_cost_world.planned(visit)
    name = row["assumption_name"]
    if world is None or before is None or name not in world.numbers:
        return None
    other = drawn({name: said}, count=ai_cost_world.PATHS, seed=ai_cost_world.SEED)
    return outcome(before), outcome(simulated(replace(world, numbers={**world.numbers, **other})))


def _depends(visit: Visit, name: str) -> None:
    if not has_rows(visit, DEPENDS):
        return
    found = mart(visit, DEPENDS, where={"assumption_name": name}).sort(
        pl.col("change_amount").abs(), "affected_name", descending=[True, False], nulls_last=True
    )
    if found.is_empty():
        look.note("Nothing of the AI plan or of placement moves with it; what else reads it stands above.")
        return
    tables.show(visit, found, name="ai_depends", title=f"What rests on {called(name)}, money in {visit.company.reporting_currency}",
                columns=list(MOVES), labels=MOVES, source=DEPENDS,
                note="Each at expected values, the assumption moved alone: lines and benefits of the plan over 36 months, figures of "
                     "placement over a year, those that are no money by per cent alone.")  # fmt: skip


def counts(visit: Visit) -> str:
    """From when on an own value counts that is put in place now."""
    if visit.as_of is None:
        return "counts from the next refresh on"
    since = f"{visit.words.month(visit.as_of)} {visit.as_of.year}"
    return f"counts for months from {since} on, with the next refresh; months that are over keep what was in force"


def held_then(visit: Visit, name: str) -> dict[str, str]:
    """What was assumed in which months, the latest first: since when, as label and value; empty in a build that does not tell."""
    if not has_rows(visit, HISTORY):
        return {}
    found = mart(visit, HISTORY, where={"assumption_name": name}, order_by=("-valid_from_date",))
    return {
        "Before" if row["valid_from_date"] == DAWN else f"From {visit.words.month(row['valid_from_date'])} {row['valid_from_date'].year}":
        f"{row['assumed_number']:g} ({row['low_number']:g} to {row['high_number']:g}). "
        + (f"{row['author_name']}: {row['reason_text']}" if row["is_own"] else row["source_text"])
        for row in found.iter_rows(named=True)
    }  # fmt: skip


def _history(visit: Visit, name: str) -> None:
    found = held_then(visit, name)
    if len(found) > 1:
        with st.container(key="panel_ai_history"):
            look.title("What it was when", "each month is valued at what was in force at its end")
            look.pairs(found)


@st.fragment
def _preview(visit: Visit, desk: Desk, row: dict[str, Any]) -> None:
    """The fields of an own value; each change shows what it does to the plan, and nothing is recorded before the button."""
    name = row["assumption_name"]
    key = f"{name}_{row['assumed_number']}_{row['is_own']}"
    with st.container(horizontal=True, gap="small"):
        value = st.number_input(
            "Value", value=float(row["assumed_number"]), format="%g", step=None, key=f"own_value_{key}"
        )
        low = st.number_input("Lowest", value=float(row["low_number"]), format="%g", step=None, key=f"own_low_{key}")
        high = st.number_input(
            "Highest", value=float(row["high_number"]), format="%g", step=None, key=f"own_high_{key}"
        )
    with notice.guarded(visit, "the effect of an own value"):
        _told(visit, row, Spread(min(low, value), value, max(high, value), row["distribution_name"]))
    if not rights.need(visit, "assume"):
        return
    with st.container(horizontal=True, gap="small"):
        source = st.text_input("Source", key=f"own_source_{key}")
        grade = st.selectbox(
            "Grade of it", list(COLOURS), index=3, format_func=GRADES.__getitem__, key=f"own_grade_{key}"
        )
    reason = st.text_input("Why", key=f"own_why_{key}")
    with st.container(horizontal=True, gap="small"):
        if st.button("Put it in place", type="primary", key="own_set"):
            done = f"{called(name)} is {value:g} now, our own value. It {counts(visit)}."
            acting.act(done, "", desk.assume, name, value, low, high, reason, source=source, grade=grade)
            st.rerun()
        if row["is_own"] and st.button("Take it back", key="own_back"):
            acting.act(
                f"The packaged value of {called(name)} is back. It {counts(visit)}.",
                "",
                desk.assume,
                name,
                None,
                reason=reason,
            )
            st.rerun()


def _told(visit: Visit, row: dict[str, Any], said: Spread) -> None:
    found, words = effect(visit, row, said), visit.words
    if found is None:
        look.note("The AI plan does not rest on it; other tables that read it change with the next refresh.")
        return
    before, after = found
    look.pairs(
        {
            "Cost over 36 months": f"{words.money(before.cost)} as planned, {words.money(after.cost)} with this "
            f"({signed(after.cost - before.cost, words)})",
            "Net present value": f"{words.money(before.worth)} as planned, {words.money(after.worth)} with this "
            f"({signed(after.worth - before.worth, words)})",
            "Chance of a loss": f"{words.share(before.loss_share)} as planned, {words.share(after.loss_share)} with this",
        }
    )


def signed(change: float, words: Any) -> str:
    """A change of money with its sign in words."""
    if abs(change) < 0.005:
        return "no change"
    return f"{words.money(abs(change))} {'more' if change > 0 else 'less'}"
