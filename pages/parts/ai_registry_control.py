"""Controls of a use case with their switches, and its budget of today: limit, used, and what an enforced one has refused."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from decisions.ai_budget import DAILY_TOKENS, TOKENS_PER_DAY, TOOL_CALLS, Budget, budget, refused_count
from decisions.ai_folding import AiBook
from decisions.desk import Desk
from errors import Refusal
from models.ai_economics.use_case import Control, UseCase
from pages.parts import acting, freshness, look, notice, rights
from pages.parts.ai_registry import Held
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.words import Words

PLANNED = "planned"  # how a control is held that only the plan reckons with
USUAL_CALL = 600  # tokens of one letter, about
SMALLER = "smaller model"  # its limit is money, in the reporting currency, as its usual one in the assumptions
FRESHNESS = ("freshness target for each source", "banner when data is old")
WHERE = {
    DAILY_TOKENS: "tokens a day",
    TOOL_CALLS: "tool calls for a case",
    SMALLER: "{currency} for a million tokens written",
    **dict.fromkeys(FRESHNESS, "days that a source may be old"),
}
NO_LIMIT = "none of its own"
HOW_TO_LIMIT = (
    "What you leave empty stays as it is: a limit that was set is changed by another number. To have none again, take the number "
    "out of the control's line in the definition, under Change the numbers and words."
)
NOTHING = "Nothing changed: the control stands so already."
SEEN = "marts.control_compliance"
HOW = (
    "Enforced: Crossdock itself refuses the call, or stops the run. Declared: its owner answers for it outside of Crossdock. Only calls "
    "that Crossdock makes itself (letters of its agents) can be refused here; calls of other systems come in by their log."
)
MEANT = (
    f"{HOW} Switches are as of now; what was counted is as of the last refresh. Nothing goes into production while a control that is on "
    "was not kept."
)


def panel(visit: Visit, desk: Desk, held: Held) -> None:
    """Draws the controls, the budget of today, and the form that switches one or sets its limit."""
    case, book = held.case, desk.book.ai
    told, seen = budget(book, case.use_case_id, desk.now().date(), built=held.built), measured(visit, case.use_case_id)
    with st.container(key="panel_ai_controls"):
        look.title("Controls and the budget of today", _count_on(case, seen))
        for one in case.controls:
            sign = ":material/toggle_on:" if one.is_on else ":material/toggle_off:"
            stands = f"{'on' if one.is_on else 'off'}, {plain(one.how)}{plain(_limit(one, visit))}"
            st.markdown(
                f"{sign} **{plain(one.control)}**: {stands}. {plain(kept(seen.pop(one.control, None), visit.words))}"
            )
        for name, row in seen.items():
            st.markdown(f":material/rule: **{plain(name)}**: {plain(row['how_code'])}. {plain(kept(row, visit.words))}")
        look.pairs(today(visit, told, book, has_own=_has_own_limit(case)))
        _last(visit, book, case.use_case_id)
        look.note(MEANT)
        if rights.need(visit, "switch_control"):
            _switch(visit, desk, held)
    asked = [one for one in case.controls if one.control in FRESHNESS]
    if asked:
        freshness.under(visit, min((one.limit for one in asked if one.limit is not None), default=None))


def measured(visit: Visit, use_case_id: str) -> dict[str, dict[str, Any]]:
    """What the build counted of each control of a use case, by the control's name; empty in a build that does not tell."""
    if visit.build is None or not has_rows(visit, SEEN):
        return {}
    found = mart(visit, SEEN, where={"use_case_id": use_case_id}, order_by=("control_no",))
    return {row["control_name"]: row for row in found.iter_rows(named=True)}


def kept(row: dict[str, Any] | None, words: Words) -> str:
    """How far a control was kept, in a sentence; of one that nobody counted why not."""
    if row is None:
        return "It is counted from the next refresh on."
    if row["checked_count"] is None:
        return f"Not seen. {row['seen_text']}"
    is_kept = row["kept_share"] >= row["least_share"]
    least = "" if row["least_share"] == 1 else f", at least {words.share(row['least_share'])} asked for"
    counts = f"{words.count(row['kept_count'])} of {words.count(row['checked_count'])}{least}"
    return f"{'Kept' if is_kept else 'Not kept'}: {counts}. {row['seen_text']}{watched(row, words)}"


def watched(row: Mapping[str, Any], words: Words) -> str:
    """Of an enforced control that counts what other systems did as well: how much of it only those could have kept to it.

    >>> words = Words("en_GB", "EUR", "Europe/Berlin")
    >>> watched({"enforced_count": 51, "checked_count": 1376}, words)
    ' Enforced for 51; the other 1,325 other systems did, and they are only watched.'
    >>> (
    ...     watched({"enforced_count": 7, "checked_count": 7}, words),
    ...     watched({"enforced_count": None, "checked_count": 7}, words),
    ... )
    ('', '')
    """
    here, whole = row.get("enforced_count"), row["checked_count"]  # an older build does not tell
    if here is None or here == whole:
        return ""
    if not here:
        return " Other systems did all of it, so it is only watched."
    return f" Enforced for {words.count(here)}; the other {words.count(whole - here)} other systems did, and they are only watched."


def _count_on(case: UseCase, seen: Mapping[str, Mapping[str, Any]]) -> str:
    """How many controls are on; the review that stands below them is none that anybody switches, and is named apart."""
    said = f"{sum(one.is_on for one in case.controls)} of {len(case.controls)} on"
    named = {one.control for one in case.controls}
    is_reckoned = any(row["how_code"] == PLANNED for name, row in seen.items() if name not in named)
    return f"{said}, and the review that the plan reckons with" if is_reckoned else said


def _has_own_limit(case: UseCase) -> bool:
    return any(one.control == DAILY_TOKENS and one.limit is not None for one in case.controls)


def today(visit: Visit, told: Budget, book: AiBook, *, has_own: bool = True) -> dict[str, str]:
    """The budget of today as labels and values; `has_own`: whether its control names a limit; else the usual one is named so."""
    words = visit.words
    ever = refused_count(book, told.use_case_id)
    why = told.why_not(USUAL_CALL)
    usual = "" if has_own else ", the usual limit for calls that Crossdock itself makes"
    limit = f"{words.count(told.limit)} tokens{usual}" if told.is_on else "none: the control is off or only declared"
    return {
        "Limit of today": "it was stopped and makes no call" if told.is_stopped else limit,
        "Used today": f"{words.count(told.used)} tokens by Crossdock's own calls",
        "Refused": f"{words.plural(told.refused_count, 'call')} today, {ever} ever",
        "A letter now (about 600 tokens)": f"would be refused. {why}" if why else "would be written.",
    }


def _limit(one: Control, visit: Visit) -> str:
    return "" if one.limit is None else f", at most {limited(one.control, one.limit, visit)}"


def limited(control: str, limit: float, visit: Visit) -> str:
    """A limit with what it is of, to the last digit that anybody would set."""
    return f"{visit.words.number(limit)} {of_what(control, visit)}".rstrip()


def of_what(control: str, visit: Visit) -> str:
    """What a limit of this control counts; money with its currency. Empty for a control without a limit."""
    return WHERE.get(control, "").format(currency=visit.company.reporting_currency)


def _last(visit: Visit, book: AiBook, use_case_id: str) -> None:
    """The last calls that were refused, with the reason."""
    found = [one for one in book.refusals if one.get("use_case_id") == use_case_id][-5:]
    if found:
        st.markdown("**Refused lately**")
        for one in reversed(found):
            st.markdown(f"- {plain(visit.words.instant(one['at']))}: {plain(one.get('because_text', ''))}")


def _switch(visit: Visit, desk: Desk, held: Held) -> None:
    case = held.case
    if not case.controls:
        look.note("It has no controls. Change it below and name some.")
        return
    names = [one.control for one in case.controls]
    chosen = st.selectbox(
        "Control",
        names,
        key=f"ai_control_{case.use_case_id}",
        index=names.index(DAILY_TOKENS) if DAILY_TOKENS in names else 0,
    )
    one = next(control for control in case.controls if control.control == chosen)
    with st.form(f"ai_switch_{case.use_case_id}_{names.index(chosen)}", border=True):
        is_on = st.toggle("Switched on", value=one.is_on, key=f"ai_on_{case.use_case_id}_{chosen}_{one.is_on}")
        shown = _shown(one, case)
        limit = _typed(one, shown, f"ai_limit_{case.use_case_id}_{chosen}_{one.limit}", visit)
        reason = st.text_input("Why", key=f"ai_control_why_{case.use_case_id}_{chosen}")
        if st.form_submit_button("Set the control", type="primary"):
            # What nobody touched, or emptied, is left as it is: the desk is told no limit.
            said = None if limit is None or limit == shown else float(limit)
            try:
                made = desk.control(case.use_case_id, chosen, is_on, said, reason)
            except Refusal as refused:
                notice.refusal(refused)
                return
            acting.tell(NOTHING if made is None else _done(one, case, is_on, said, visit))
            st.rerun()


def _shown(one: Control, case: UseCase) -> float | None:
    """The limit that stands in the field: its own, else the usual one where there is any."""
    usual = {TOOL_CALLS: case.tokens.tool_call_cap, DAILY_TOKENS: TOKENS_PER_DAY}.get(one.control)
    return usual if one.limit is None else one.limit


def _typed(one: Control, shown: float | None, key: str, visit: Visit) -> float | None:
    """The limit as somebody typed it: money to the cent, what is counted in whole numbers unless it stands otherwise."""
    if one.control not in WHERE:
        return None
    label = f"Limit, {of_what(one.control, visit)}"
    stays = NO_LIMIT if one.limit is None else f"stays at {visit.words.number(one.limit)}"
    if one.control == SMALLER or (shown is not None and shown != int(shown)):
        now = None if shown is None else float(shown)
        return st.number_input(
            label, min_value=0.0, value=now, step=0.5, format="%.2f", placeholder=stays, key=key, help=HOW_TO_LIMIT
        )
    whole = None if shown is None else int(shown)
    return st.number_input(label, min_value=0, value=whole, step=1, placeholder=stays, key=key, help=HOW_TO_LIMIT)


def _done(one: Control, case: UseCase, is_on: bool, said: float | None, visit: Visit) -> str:
    """What was recorded, with the limit that holds from now on."""
    limit = one.limit if said is None else said
    most = "" if limit is None else f", at most {limited(one.control, limit, visit)}"
    name = f"{one.control[0].upper()}{one.control[1:]}"
    return f"{name} of {case.use_case_id} is {'on' if is_on else 'off'}{most}. It holds at once."
