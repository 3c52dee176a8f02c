"""One case in full: its cause, its worth and its day, the buttons that decide it, what could be done, and what it rests on."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.policy import Verdict
from decisions.precedents import in_words, precedents
from decisions.proposal import Proposal, changed
from decisions.seen import evidence
from decisions.wish import action_of, wish
from pages.parts import export, fan, inbox, look, minutes, past, putting_away, receipt, stock_ahead, tables, way_back
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.steps import steps_of

SUMS = ("work", "margin lost", "penalties and waiting")  # what these count is told by the lines above them
SIGNALS = ["is_cause", "kind_text", "signal_date", "chance_share", "impact_amount", "because_text", "link_text"]
LABELS = {
    "because_text": "Because",
    "is_cause": "Cause",
    "kind_text": "Signal",
    "signal_date": "Since",
    "chance_share": "Chance",
    "impact_amount": "Money",
    "link_text": "Why it belongs here",
}


def show(visit: Visit, desk: Desk, case: dict[str, Any]) -> None:
    """Draws the case, the buttons that decide it, and its options."""
    minutes.looks_at(case["case_id"])
    with st.container(key="panel_case"):
        st.markdown(f"**{plain(case['case_title_text'])}**")
        st.markdown(plain(case["cause_text"]))
        head = st.container(gap="xsmall")  # filled last, and above the options, so that it is seen without scrolling
        found = options(visit, case["case_id"])
        option = _picked(visit, found)
        with head:
            look.pairs(facts(visit, case, option))
            proposal, verdict = _wanted(visit, desk, case, option, found)
            with st.container(horizontal=True, gap="small", key="case_acts"):
                if proposal is not None and verdict is not None:
                    _accept(proposal, verdict, desk)
                putting_away.buttons(visit, desk, case)
            putting_away.reasons(desk, case)
            if verdict is not None:
                look.note(verdict.because)
                if visit.viewer.is_demo and verdict.code == "refused" and "planner" not in visit.viewer.roles:
                    look.note("To decide here, take the planner's part in the sidebar, under «Demo: you act as».")
        if proposal is not None:
            look.note(in_words(precedents(desk.book, proposal, past.benefits(visit))))
        look.note(f"Why it ranks here: {case['because_text']}")


def facts(visit: Visit, case: Mapping[str, Any], option: Mapping[str, Any] | None) -> dict[str, str]:
    """What a case is worth, by when somebody must act, whose it is and what is to be done, as labels and values."""
    words, left = visit.words, case["left_days"]
    loss, risk = (words.money_exact(case[name], places=0) for name in ("expected_loss_amount", "at_risk_amount"))
    days = "" if left is None else ", today at the latest" if left < 1 else f", in {words.plural(int(left), 'day')}"
    label = "To do" if option is None or option["is_suggested"] else "Your choice"
    return {
        "If nobody acts": f"{loss} is lost: {case['chance_share']:.0%} likely, {risk} at risk",
        "Act by": f"{words.date(case['act_by_date'])}{days}" if case["act_by_date"] else "no day is set",
        "Owner": case["owner_text"] or "nobody yet",
        label: _to_do(option, words.plural(round(case["handling_minutes"] or 0), "minute")),
        **({} if case["standing_text"] == "new" else {"Stands": case["standing_text"]}),
        **({} if case["is_shown"] else {"Not shown": case["hidden_because_text"] or "it is not worth its minutes"}),
    }


def _to_do(option: Mapping[str, Any] | None, minutes: str) -> str:
    if option is None:
        return "nothing is known to help"
    return option["option_text"] if option["is_do_nothing"] else f"{option['option_text']} ({minutes} of work)"


def follows(visit: Visit, case: dict[str, Any]) -> None:
    """What follows from the case: the chain from its cause to customers, money and work, each link with its reason in full."""
    source, title = "marts.case_effects", "What follows from it"
    found = mart(visit, source, where={"case_id": case["case_id"]}, order_by=("step_no",))
    if not found.height:
        return
    with st.container(key="panel_effects"):
        look.title(title)
        look.pairs({row["effect_name"]: effect(visit, row) for row in found.iter_rows(named=True)})
        with st.container(horizontal=True, gap="small", key="tools_effects"):
            export.buttons(visit, found, name="effects", title=title, source=source, key="export_effects")
            receipt.table_button(visit, found, title=title, source=source, chosen=None, key="receipt_effects")


def effect(visit: Visit, row: Mapping[str, Any]) -> str:
    """One link of the chain: how many, how much, what money, from when, and why."""
    words, said = visit.words, []
    if row["effect_count"] is not None and row["effect_name"] not in SUMS:
        said.append(words.count(row["effect_count"]))
    if row["effect_qty"] is not None:
        said.append(f"{words.qty(row['effect_qty'])} units")
    if row["effect_amount"] is not None:
        said.append(words.money_exact(row["effect_amount"], places=0))
    if row["effect_date"] is not None:
        said.append(f"from {words.date(row['effect_date'])}")
    return f"{' · '.join(said)}. {row['because_text'] or ''}".strip(". ") + "."


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
    said = signals.with_columns(kind_text=pl.col("signal_kind_code").replace(inbox.KINDS))
    title = "The signals that it is made of"
    tables.show(visit, said, name="signals", title=title, columns=SIGNALS, labels=LABELS, source="marts.case_signals")


def options(visit: Visit, case_id: str) -> list[dict[str, Any]]:
    """What could be done, the suggested option first and doing nothing last."""
    order = ("-is_suggested", "is_do_nothing", "-gain_amount", "option_no")
    return mart(visit, "marts.case_options", where={"case_id": case_id}, order_by=order).to_dicts()


def _picked(visit: Visit, found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The options as a choice, each with its gain and how sure it is; key N goes to the next one."""
    if not found:
        look.note("Nothing can be done about it from here.")
        return None
    rows = {row["option_no"]: row for row in found}
    numbers, key = list(rows), f"option_{found[0]['case_id']}"
    number = st.radio(
        "What could be done",
        numbers,
        format_func=lambda number: plain(rows[number]["option_text"]),
        captions=[gains(visit, row) for row in found],
        key=key,
    )
    if len(found) > 1:
        _next_option(key, numbers, number)
    option = rows[number]
    if option["because_text"]:
        look.note(f"Because: {option['because_text']}")
    if option["does_not_know_text"]:
        look.note(f"What it does not know: {option['does_not_know_text']}")
    return option


def _next_option(key: str, numbers: list[int], number: int) -> None:
    then = numbers[(numbers.index(number) + 1) % len(numbers)]
    with st.container(key="tools_options"):
        st.button("Next option", key="case_next_option", shortcut="N", type="tertiary",
                  on_click=lambda: st.session_state.update({key: then}))  # fmt: skip


def gains(visit: Visit, row: Mapping[str, Any]) -> str:
    """The net gain of an option against doing nothing, the span that holds 8 of 10 futures, and how sure it is to be right."""
    if row["is_do_nothing"]:
        return "Then the loss told above stands; the other gains are measured against this."

    def money(amount: Any) -> str:
        return visit.words.money_exact(amount, places=0 if abs(amount or 0) >= 100 else 2)

    low, high = row["gain_low_amount"], row["gain_high_amount"]
    between = "" if low is None or high is None else f"; 8 in 10 between {money(low)} and {money(high)}"
    sure = "" if row["confidence_share"] is None else f"; right in {row['confidence_share']:.0%} of futures"
    said = f"**Net gain {plain(money(row['gain_amount']))}**{plain(between)}{sure}"
    return said.replace("−", "−\u2060")  # a sign and its number stay on one line


def _wanted(
    visit: Visit, desk: Desk, case: dict[str, Any], option: dict[str, Any] | None, found: list[dict[str, Any]]
) -> tuple[Proposal | None, Verdict | None]:
    """The chosen option as a proposal, with what the policy says of it; nothing where nothing is to be done."""
    if option is None or option["is_do_nothing"]:
        return None, None
    proposal = proposed(visit, case, option, found)
    if proposal.qty is not None:
        proposal = _overridden(proposal)
    return proposal, desk.verdict(proposal)


def _accept(proposal: Proposal, verdict: Verdict, desk: Desk) -> None:
    """The button that accepts; what already stands cannot be accepted twice, and its place is told instead."""
    then = "It is approved." if verdict.code == "allowed" else "It waits for approval on the Decisions page."
    done = f"Proposed: {proposal.title}. {then}"
    is_made = way_back.is_made(desk, proposal)
    st.button("Accept", key="case_accept", shortcut="A", type="primary", disabled=is_made or verdict.code == "refused",
              help="This was accepted already; it is on the Decisions page." if is_made else None,
              on_click=_propose, args=(done, desk, proposal))  # fmt: skip


def _propose(done: str, desk: Desk, proposal: Proposal) -> None:
    way_back.propose(done, desk, proposal)
    inbox.leaves(proposal.case_id)


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
        "Quantity, in units",
        min_value=0.0,
        value=suggested,
        step=1.0,
        format="%.0f",
        key=f"qty_{proposal.proposal_id()}",
    )
    if qty == suggested or not suggested:
        return proposal
    wanted = Decimal(str(qty))
    moved = proposal.moved_amount * wanted / (proposal.qty or Decimal(1))
    return changed(proposal, {**proposal.action, "qty": wanted}, moved_amount=moved)
