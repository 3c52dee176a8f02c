"""One case in full: its cause and what follows from it, what could be done with what gain, and the buttons that do it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.precedents import in_words, precedents
from decisions.proposal import Proposal, changed
from decisions.seen import evidence
from decisions.wish import action_of, wish
from pages.parts import acting, fan, look, past, stock_ahead, tables
from pages.parts.ask import has_rows, mart
from pages.parts.inbox import KINDS
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.steps import steps_of

EFFECTS = ["effect_name", "effect_count", "effect_qty", "effect_amount", "effect_date", "because_text"]
SIGNALS = ["is_cause", "kind_text", "signal_date", "chance_share", "impact_amount", "because_text", "link_text"]
LABELS = {
    "effect_name": "What",
    "effect_count": "How many",
    "effect_qty": "Units",
    "effect_amount": "Money",
    "effect_date": "From",
    "because_text": "Because",
    "is_cause": "Cause",
    "kind_text": "Signal",
    "signal_date": "Since",
    "chance_share": "Chance",
    "impact_amount": "Money",
    "link_text": "Why it belongs here",
}
SNOOZE_DAYS = 7
WHY_NOT = (
    "already handled",
    "not worth it",
    "wrong: the data is not right",
    "wrong: no such risk",
    "known and accepted",
)


def show(visit: Visit, desk: Desk, case: dict[str, Any]) -> None:
    """Draws the case, its options and the buttons."""
    with st.container(key="panel_case"):
        st.markdown(f"**{plain(case['case_title_text'])}**")
        st.markdown(plain(case["cause_text"]))
        look.note(plain(case["because_text"]))
        found = options(visit, case["case_id"])
        option = _picked(visit, found)
        if option is not None:
            _decide(visit, desk, case, option, found)
        _put_away(desk, visit, case)


def follows(visit: Visit, case: dict[str, Any]) -> None:
    """What follows from the case: the chain from its cause to customers, money and work."""
    found = mart(visit, "marts.case_effects", where={"case_id": case["case_id"]}, order_by=("step_no",))
    if found.height:
        title = "What follows from it"
        tables.show(
            visit, found, name="effects", title=title, columns=EFFECTS, labels=LABELS, source="marts.case_effects"
        )


def more(visit: Visit, case: dict[str, Any]) -> None:
    """What the case rests on: the demand of its SKU as a fan, its stock ahead, and the signals that it was made of."""
    where, sku, site = {"case_id": case["case_id"]}, case["sku_id"], case["site_id"]
    if sku and site and has_rows(visit, fan.LEVELS):
        weeks = mart(
            visit, fan.LEVELS, where={"level_name": "sku_site", "sku_id": sku, "site_id": site}, order_by=("week_date",)
        )
        left, right = st.columns(2, gap="small")
        with left:
            stock_ahead.picture(visit, sku, site)
        with right:
            if weeks.height:
                fan.fan(visit, weeks, title=f"Demand of {sku} at {site}")
        door = visit.door("shelf")
        if door is not None:
            link = {"company": visit.company.name, "sku": sku, "site": site}
            st.page_link(
                door, label=f"Open {plain(sku)} at {plain(site)}", query_params=link, icon=":material/shelves:"
            )
    signals = mart(visit, "marts.case_signals", where=where, order_by=("-is_cause", "signal_date"))
    said = signals.with_columns(kind_text=pl.col("signal_kind_code").replace(KINDS))
    title = "The signals that it is made of"
    tables.show(visit, said, name="signals", title=title, columns=SIGNALS, labels=LABELS, source="marts.case_signals")


def options(visit: Visit, case_id: str) -> list[dict[str, Any]]:
    """What could be done, the suggested option first and doing nothing last."""
    order = ("-is_suggested", "is_do_nothing", "-gain_amount", "option_no")
    return mart(visit, "marts.case_options", where={"case_id": case_id}, order_by=order).to_dicts()


def _picked(visit: Visit, found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The options as a choice, each with its gain and how sure it is."""
    if not found:
        look.note("Nothing can be done about it from here.")
        return None
    labels = {row["option_no"]: _label(visit, row) for row in found}
    number = st.radio(
        "What could be done", list(labels), format_func=labels.__getitem__, key=f"option_{found[0]['case_id']}"
    )
    option = next(row for row in found if row["option_no"] == number)
    if option["because_text"]:
        st.markdown(plain(option["because_text"]))
    if option["does_not_know_text"]:
        look.note(f"What it does not know: {option['does_not_know_text']}")
    return option


def _label(visit: Visit, row: dict[str, Any]) -> str:
    if row["is_do_nothing"]:
        return f"{plain(row['option_text'])}: {plain(visit.words.money(row['gain_amount']))}"
    between = f"{visit.words.money(row['gain_low_amount'])} to {visit.words.money(row['gain_high_amount'])}"
    sure = f", {row['confidence_share']:.0%} sure" if row["confidence_share"] is not None else ""
    return plain(f"{row['option_text']}: gain {visit.words.money(row['gain_amount'])} (8 in 10: {between}{sure})")


def _decide(
    visit: Visit, desk: Desk, case: dict[str, Any], option: dict[str, Any], found: list[dict[str, Any]]
) -> None:
    """The chosen option as a proposal: its quantity may be changed, the policy says what will happen, and one key accepts it."""
    if option["is_do_nothing"]:
        return
    proposal = proposed(visit, case, option, found)
    if proposal.qty is not None:
        proposal = _overridden(proposal)
    verdict = desk.verdict(proposal)
    look.note(verdict.because)
    look.note(in_words(precedents(desk.book, proposal, past.benefits(visit))))
    done = f"Proposed: {proposal.title}. {verdict.because}"
    st.button(
        "Accept",
        key="case_accept",
        shortcut="A",
        type="primary",
        disabled=verdict.code == "refused",
        on_click=acting.act,
        args=(done, "", desk.propose, proposal),
    )


def proposed(visit: Visit, case: dict[str, Any], option: dict[str, Any], found: list[dict[str, Any]]) -> Proposal:
    """The proposal to do what an option says, with copies of the rows that it rests on."""
    return wish(
        case,
        option,
        found,
        build_id=visit.build.build_id,
        as_of=visit.as_of or dt.date.min,
        evidence=evidence(option["action_kind_code"], action_of(option), visit.build),
        steps=steps_of(visit, option),
    )


def _overridden(proposal: Proposal) -> Proposal:
    """The proposal with the quantity that the person wants, if it is another."""
    suggested = float(proposal.qty or 0)
    qty = st.number_input(
        "Quantity", min_value=0.0, value=suggested, step=1.0, format="%.0f", key=f"qty_{proposal.proposal_id()}"
    )
    if qty == suggested or not suggested:
        return proposal
    wanted = Decimal(str(qty))
    moved = proposal.moved_amount * wanted / (proposal.qty or Decimal(1))
    return changed(proposal, {**proposal.action, "qty": wanted}, moved_amount=moved)


def _put_away(desk: Desk, visit: Visit, case: dict[str, Any]) -> None:
    """Buttons for what else can be done with a case: take it, let it sleep, or dismiss it with a reason."""
    name, at_risk = case["case_id"], case["at_risk_amount"] or Decimal(0)
    until = (visit.as_of or dt.date.min) + dt.timedelta(days=SNOOZE_DAYS)
    mine = desk.person.who
    with st.container(horizontal=True, gap="small", key="case_acts"):
        st.button("Assign to me", key="case_assign", shortcut="S", on_click=acting.act,
                  args=(f"{mine} has it now.", name, desk.assign, name, mine))  # fmt: skip
        said = f"It sleeps until {visit.words.day(until)}, unless its money changes by more than a fifth."
        st.button("Snooze a week", key="case_snooze", shortcut="Z", on_click=acting.act,
                  args=(said, name, desk.snooze, name, until, at_risk))  # fmt: skip
        with st.popover("Dismiss", key="case_dismiss_why"):
            why = st.selectbox("Why?", WHY_NOT, key="case_why")
            st.button("Dismiss it", key="case_dismiss", shortcut="D", on_click=acting.act,
                      args=("Dismissed.", name, desk.dismiss, name, why))  # fmt: skip
