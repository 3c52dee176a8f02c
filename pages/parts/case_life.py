"""What was decided about a case and what came of it: proposal, approvals, export, goods, outcome, on one screen with the next step."""

import datetime as dt
from typing import Any, NamedTuple

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.dispatch import possible_formats
from decisions.exports.outbox import Export, outbox
from decisions.proposers.words import worded_by
from decisions.standing import Standing
from pages.parts import acting, address, approving, exporting, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

BOUGHT, VALUE = "marts.decision_purchases", "marts.decisions"
MOST = 500
LABELS = {
    "title_text": "What",
    "state_name": "Stands",
    "decider_name": "By",
    "proposed_at": "Decided",
    "benefit_amount": "Better than doing nothing",
    "outcome_text": "What came of it",
}
UNDECIDED = ("pending", "declined", "withdrawn", "expired")


class Event(NamedTuple):
    """One step in the life of a decision."""

    when: str
    who: str
    what: str


def show(visit: Visit, desk: Desk, case_id: str) -> None:
    """Draws every decision about a case, the latest first, with its next step: approve it, or let it leave."""
    made = desk.book.about(case_id)
    steps = {one.proposal_id: _can(desk, one) for one in made}
    # One step at a time: what waits for a yes before what may leave, the older first.
    now = next((one for can in ("approve", "export") for one in reversed(made) if steps[one.proposal_id] == can), None)
    for standing in made:
        with st.container(key=f"panel_life_{standing.proposal_id}"):
            _life(visit, desk, standing)
            if standing is now:
                _next(visit, desk, standing)


def came(visit: Visit, desk: Desk) -> None:
    """Draws the decisions that took effect, the latest first; the one that is picked with everything that came of it.

    Where none is picked, those about the case that the address names, however long ago it was settled.
    """
    made = [one for one in desk.book.standings.values() if one.state not in UNDECIDED]
    made = sorted(made, key=lambda one: one.proposed_at, reverse=True)[:MOST]
    known = _outcomes(visit)
    rows = [_row(one, known.get(one.proposal_id, {})) for one in made]
    schema: dict[str, Any] = {"title_text": pl.String, "state_name": pl.String, "decider_name": pl.String,
        "proposed_at": pl.Datetime("us", "UTC"), "benefit_amount": pl.Decimal(18, 4), "outcome_text": pl.String,
        "proposal_id": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    title = "What was decided and what came of it, the latest first"
    picked = tables.show(visit, frame, name="came", title=title, columns=list(LABELS), labels=LABELS, pick=True)
    about = desk.book.about((address.values("case") or [""])[-1])
    shown = [desk.book.standing(picked["proposal_id"])] if picked else about or made[:1]
    for standing in shown:
        with st.container(key=f"panel_life_{standing.proposal_id}"):
            _life(visit, desk, standing)
    if len(shown) == 1:
        _next(visit, desk, shown[0])


def events(visit: Visit, desk: Desk, standing: Standing) -> list[Event]:
    """The steps of one decision in the order in which they happened, those of the source systems as the build knows them."""
    words, proposal = visit.words, standing.proposal
    found = [Event(words.instant(standing.proposed_at), _called(standing), f"Proposed. {standing.because}")]
    found += [Event(words.instant(one.at), one.who, "Approved.") for one in standing.approvals]
    if standing.state in ("declined", "withdrawn", "expired"):
        why = " ".join(part for part in (standing.reason_code, standing.reason) if part)
        found.append(
            Event(words.instant(standing.decided_at), standing.last_by, f"{standing.state.capitalize()}. {why}".strip())
        )
    export = outbox(desk.book.export_acts).get(standing.batch_id)
    if export is not None:
        found += _left(visit, export)
    if visit.build is None:
        return found
    for row in _of(visit, BOUGHT, standing.proposal_id):
        found.append(Event(words.date(row["ordered_date"]), "source system", f"Purchase line {row['po_id']} {row['line_key']}, "
                           f"due {words.date(row['due_date'])}."))  # fmt: skip
        if row["received_qty"] and row["first_received_date"]:
            units = words.number(row["received_qty"], places=0)
            found.append(Event(words.date(row["first_received_date"]), "warehouse", f"{units} units came in."))
    for row in _of(visit, VALUE, standing.proposal_id):
        if row["is_matured"]:
            worth = (
                ""
                if row["benefit_amount"] is None
                else f" Against doing nothing: {words.money(row['benefit_amount'])}."
            )
            found.append(
                Event(words.date(row["horizon_date"]), "outcome", f"{row['outcome_text'] or 'No data.'}{worth}")
            )
        else:
            found.append(Event(words.date(row["horizon_date"]), "outcome", "Not known before this day."))
    if proposal.action.get("text"):
        found.insert(1, Event("", "words", f"{proposal.action['text']}\n\n{worded_by(proposal.drivers)}".strip()))
    return found


def _life(visit: Visit, desk: Desk, standing: Standing) -> None:
    look.title(standing.proposal.title or standing.proposal.kind, standing.state)
    told = pl.DataFrame(events(visit, desk, standing), schema=["When", "Who", "What"], orient="row")
    tables.small(visit, told)


def _can(desk: Desk, standing: Standing) -> str:
    """What somebody can do with it now: approve it, export it, or nothing."""
    if standing.state == "pending":
        return "approve"
    is_ready = standing.state in ("approved", "failed") and desk.book.policy(standing.proposal.kind).is_exported
    return "export" if is_ready else ""


def _next(visit: Visit, desk: Desk, standing: Standing) -> None:
    """The buttons of the next step: key Y for yes, X for the export."""
    can = _can(desk, standing)
    if can == "approve":
        approving.buttons(visit, desk, standing, yes="Y", no=None)
    elif can == "export":
        names = possible_formats(standing.proposal.kind)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="life_leaves"):
            form = st.selectbox("Format", list(names), format_func=names.__getitem__, key="life_format", width=220)
            done = f"Exported as {names[form]}. The file lies under Decisions, Export."
            st.button("Export", key="life_export", type="primary", shortcut="X", on_click=acting.act,
                      args=(done, "", exporting.send, visit, desk, [standing], form))  # fmt: skip


def _left(visit: Visit, export: Export) -> list[Event]:
    """How it left the house, and what its receiver has said."""
    words = visit.words
    found = [Event(words.instant(export.queued_at), export.queued_by, f"Exported as {export.file_name}.")]
    if export.state != "queued":
        found.append(
            Event(
                words.instant(export.changed_at),
                "source system",
                f"{export.state.capitalize()}. {export.because}".strip(),
            )
        )
    return found


def _of(visit: Visit, table: str, proposal_id: str) -> list[dict[str, Any]]:
    return mart(visit, table, where={"proposal_id": proposal_id}).to_dicts() if has_rows(visit, table) else []


def _outcomes(visit: Visit) -> dict[str, dict[str, Any]]:
    if visit.build is None or not has_rows(visit, VALUE):
        return {}
    columns = ("proposal_id", "benefit_amount", "outcome_text")
    return {
        row["proposal_id"]: row for row in mart(visit, VALUE, columns=columns, where={"is_matured": True}).to_dicts()
    }


def _row(standing: Standing, known: dict[str, Any]) -> tuple[Any, ...]:
    at = standing.proposed_at.astimezone(dt.UTC)
    title = standing.proposal.title or standing.proposal.kind
    return (
        title,
        standing.state,
        _called(standing),
        at,
        known.get("benefit_amount"),
        known.get("outcome_text"),
        standing.proposal_id,
    )


def _called(standing: Standing) -> str:
    return f"{', '.join(standing.authors)}{' (agent)' if standing.is_agent else ''}"
