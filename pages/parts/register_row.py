"""One row of a register in full: what it asks, what was said, what the data show, who said so when, and the form that keeps it."""

import re
from decimal import Decimal
from typing import Any

import streamlit as st

from decisions.desk import Desk
from decisions.registers import STATUSES, Kept, cost_now
from pages.parts import acting, look, register_breaks, rights, sensitive
from pages.parts.grid import VERDICTS
from pages.parts.notice import plain
from pages.parts.page import Visit

ICONS = {
    "in place": ":material/check_circle:",
    "planned": ":material/event:",
    "missing": ":material/cancel:",
    "overdue": ":material/alarm:",
    "contradicted": ":material/report:",
    "not applicable": ":material/do_not_disturb_on:",
}
ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]{}|\\^`]+")
NEXT_BUILD = "said since the last refresh; the figures above follow with the next one"


def badge(code: str, text: str = "") -> None:
    """A verdict as a coloured badge."""
    st.badge(text or code, color=VERDICTS.get(code, "gray"), icon=ICONS.get(code))  # type: ignore[arg-type]  # a colour that badges know


def panel(visit: Visit, desk: Desk, row: dict[str, Any]) -> None:
    """Draws a row of a register: its evidence, its history, and the form for whoever may keep it."""
    subject = f"{row['register_code']}/{row['row_code']}"
    with st.container(key="panel_register_row"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            look.title(row["row_name"], row["register_name"])
            badge(row["verdict_code"])
        st.markdown(plain(why(visit, row)))
        look.pairs(described(visit, row))
        _opens(row["evidence_text"])
        if row["is_newer"]:
            look.note(f"{row['author_name']}: {NEXT_BUILD}.")
    register_breaks.board(visit, row)
    _history(visit, desk, subject)
    with st.container(key="panel_register_keep"):
        look.title("Keep this row", "how it stands, what shows it, who answers for it")
        if rights.need(visit, "keep_register"):
            _form(visit, desk, row, subject)


def addresses(evidence: str) -> list[str]:
    """The addresses of the web or the house's own network that a piece of evidence names, each once.

    >>> addresses("List of roles, https://wiki.example/roles (signed), and minutes of May.")
    ['https://wiki.example/roles']
    """
    return list(dict.fromkeys(said.rstrip(".,;:") for said in ADDRESS.findall(evidence)))


def _opens(evidence: str) -> None:
    """A way to each address that the evidence names; it opens when somebody follows it, never before."""
    for address in addresses(evidence):
        st.link_button(address, address, icon=":material/open_in_new:", type="tertiary")


def why(visit: Visit, row: dict[str, Any]) -> str:
    """Why a row stands as it does, in a sentence."""
    day = row["look_again_date"]
    due = f"{visit.words.day(day)} {day.year}" if day else ""
    match row["verdict_code"]:
        case "contradicted" if row["stated_code"] == "not applicable":
            return "It was said not to apply, and something runs that needs it."
        case "contradicted":
            return f"It was said to be in place, and the data say otherwise. {row['found_text']}"
        case "missing" if row["stated_code"] == "in place":
            return "It was said to be in place, and nothing shows it: no check found it in the data, and nobody named evidence."
        case "missing":
            return "It is not there."
        case "overdue":
            since = (
                "Somebody should have looked at it again by"
                if row["reviewed_date"]
                else "Nobody has looked at it since AI began; it was due by"
            )
            return f"{since} {due}."
        case "in place" if row["found_code"] == "in place":
            return f"The data show it. {row['found_text']}"
        case "in place":
            return f"{row['author_name']} has named what shows it; look again by {due}."
        case "not applicable" if row["stated_code"] != "not applicable":
            return "Nothing runs yet that needs it. It is needed before the first such use case begins."
        case "not applicable":
            return f"It was said not to apply: {row['reason_text']}"
    return f"It is planned{f'; look again by {due}' if due else ''}."


def described(visit: Visit, row: dict[str, Any]) -> dict[str, str]:
    """A row as labels and values, without those that it says nothing of."""
    words, looked = visit.words, row["reviewed_date"]
    asked = f"{words.number(row['needed_number'])} {row['unit_name']}"
    counted = (
        f"not counted; {asked} are needed"
        if row["held_number"] is None
        else f"{words.number(row['held_number'])} of {asked}"
    )
    pairs = {
        "How it goes wrong": row["failure_text"],
        "Done against it": row["mitigation_text"],
        "What it asks for": row["asked_text"],
        "Columns": row["columns_text"],
        "Open to": ", ".join(sensitive.open_to(row["row_code"])) if row["register_code"] == sensitive.REGISTER else "",
        "Answers for it": row["owner_name"],
        "Said to be": row["stated_code"],
        "What the data show": row["found_text"] or "No check on the data can see it; it rests on what people say.",
        "Evidence": row["evidence_text"] or "nobody has named any",
        "Looked at last": f"{words.day(looked)} {looked.year}" if looked else "by nobody yet",
        "Look again every": words.days(row["review_cycle_days"]),
        "There": counted if row["needed_number"] is not None else "",
        "Cost a month": f"{words.money(row['monthly_cost'])} ({row['cost_basis_text']})"
        if row["monthly_cost"] is not None
        else row["cost_basis_text"],
        "Because": row["because_text"],
    }
    return {label: said for label, said in pairs.items() if said}


def history(visit: Visit, desk: Desk, subject: str) -> dict[str, str]:
    """What people have said of a row, the latest first: when and who, as label and value."""
    acts = desk.book.registers.get(subject, [])
    return {
        f"{visit.words.instant(act.at)} · {act.who}": f"{act.payload['status']}, {act.payload['owner']}. {act.payload['reason']}"
        + (f" Evidence: {act.payload['evidence']}" if act.payload["evidence"] else "")
        for act in reversed(acts)
    }


def _history(visit: Visit, desk: Desk, subject: str) -> None:
    if found := history(visit, desk, subject):
        with st.container(key="panel_register_history"):
            look.title("Who has kept it", visit.words.plural(len(found), "act"))
            look.pairs(found)


def _form(visit: Visit, desk: Desk, row: dict[str, Any], subject: str) -> None:
    key = f"{subject}_{row['kept_at']}"
    # Keeping a row says it whole: what stands now is in the field, so that only who empties it takes the cost away. It is put there as
    # if somebody had typed it: a field with a value of its own cannot be emptied.
    cost_before = cost_now(desk.book, subject)
    st.session_state.setdefault(f"register_cost_{key}", None if cost_before is None else float(cost_before))
    with st.form(f"register_{key}", border=False):
        with st.container(horizontal=True, gap="small"):
            status = st.selectbox(
                "It is", STATUSES, index=STATUSES.index(row["stated_code"]), key=f"register_status_{key}"
            )
            owner = st.text_input("Answers for it", value=row["owner_name"], key=f"register_owner_{key}")
            looked = st.date_input(
                "Looked at on", value=row["reviewed_date"] or desk.now().date(), key=f"register_looked_{key}"
            )
        evidence = st.text_area(
            "Evidence", value=row["evidence_text"], key=f"register_evidence_{key}", height=80,
            placeholder="the document, test or setting that shows it, and where it is; an address (https://…) opens from here",
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            cost = st.number_input(
                f"Cost a month ({visit.words.currency})", min_value=0.0, step=None, format="%.2f", key=f"register_cost_{key}",
                value=None, placeholder="not known",
            )  # fmt: skip
            held = None
            if row["needed_number"] is not None:
                held = st.number_input(
                    f"There ({row['unit_name']}, of {visit.words.number(row['needed_number'])})", min_value=0.0, step=None, format="%g",
                    value=row["held_number"], key=f"register_held_{key}", placeholder="not counted",
                )  # fmt: skip
        reason = st.text_input("Why", key=f"register_why_{key}")
        if st.form_submit_button("Keep it", type="primary"):
            money = None if cost is None else Decimal(str(cost))
            said = Kept(
                status=status, owner=owner, evidence=evidence, reviewed_on=looked, monthly_cost=money, held=held
            )
            acting.act(f"{row['row_name']} is kept: {status}.", "", desk.keep_register, subject, said, reason)
            st.rerun()
