"""Forms of the registry: take a use case up, move its stage or stop it; describe one of our own, with every fault said and nothing lost."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from decisions import scaling
from decisions.desk import Desk
from errors import Refusal
from models.ai_economics.use_case import DEPLOYMENTS, merged, use_case
from pages.parts import acting, ai_registry_fields, look, notice, rights
from pages.parts.ai_registry import Held
from pages.parts.ask import has_rows, mart
from pages.parts.notice import plain
from pages.parts.page import Visit

NEXT = {
    "candidate": ("pilot", "production"),
    "pilot": ("production", "stopped"),
    "production": ("pilot", "stopped"),
    "stopped": ("pilot", "production"),
}
DOES = {
    "pilot": "Begin a pilot",
    "production": "Put it into production",
    "stopped": "Stop it",
    "candidate": "Keep it a candidate",
}
NEW = "an empty form"


def stage(visit: Visit, desk: Desk, held: Held) -> None:
    """Draws the form that takes a use case up, moves its stage, stops it, or changes who runs it where and at what fee."""
    case = held.case
    with st.container(key="panel_ai_stage"):
        look.title(
            "Take up, change, stop",
            f"{case.use_case_id} is {'a ' if case.stage == 'candidate' else 'in '}{case.stage}",
        )
        _locked(visit, held)
        if not rights.need(visit, "register_use_case"):
            return
        with st.form(f"ai_stage_{case.use_case_id}", border=False):
            choices = (case.stage, *NEXT[case.stage])
            wanted = st.radio(
                "Stage", choices, format_func=lambda one: f"Stays {one}" if one == case.stage else DOES[one], horizontal=True,
                key=f"ai_stage_to_{case.use_case_id}_{case.stage}",
            )  # fmt: skip
            started = st.date_input("Runs since", value=case.started or visit.as_of, key=f"ai_since_{case.use_case_id}")
            owner = st.text_input("Owner", value=case.owner, key=f"ai_owner_{case.use_case_id}")
            sites = st.multiselect(
                "Sites (none: all)",
                _sites(visit, case.sites),
                default=list(case.sites),
                key=f"ai_sites_{case.use_case_id}",
            )
            fee = st.number_input(
                "Vendor's fee a month",
                min_value=0.0,
                value=float(case.service_fee_per_month),
                key=f"ai_fee_{case.use_case_id}",
            )
            reason = st.text_input("Why", key=f"ai_why_{case.use_case_id}")
            if st.form_submit_button("Record it", type="primary"):
                said: dict[str, Any] = {"stage": wanted, "owner": owner, "sites": sites, "service_fee_per_month": fee}
                if wanted in ("pilot", "production"):
                    said["started"] = started
                _record(desk, case.use_case_id, said, reason, held.built)
    with st.expander(f"Change the numbers and words of {case.use_case_id}"):
        _whole(visit, desk, held.definition, held.built, key=case.use_case_id, is_new=False)


def own(visit: Visit, desk: Desk, held: Sequence[Held]) -> None:
    """Draws the form for a use case of our own, empty or begun from one of the catalogue."""
    with st.container(key="panel_ai_own"):
        look.title("A use case of our own", "it begins as a candidate, beside the catalogue")
        look.note(
            "Numbers in three parts are lowest, likeliest and highest. Without the cheapest way that needs no model it "
            "cannot be registered, and so never leaves the stage of a candidate: it must beat something."
        )
        if not rights.need(visit, "register_use_case"):
            return
        by_name = {f"{one.case.use_case_id} · {one.case.name}": one.definition for one in held}
        begun = st.selectbox("Begin from", (NEW, *by_name), key="ai_own_from")
        said = {**by_name.get(begun, {}), "use_case_id": "", "name": "", "stage": "candidate"}
        # It begins at a provider, whatever was decided for the one that it is begun from.
        said |= {"deployment": DEPLOYMENTS[0]}
        for name in ("started", "stopped", "second_line"):
            said.pop(name, None)
        if begun == NEW:
            said |= {"alternative": {"name": ""}}
        _whole(visit, desk, said, {}, key=f"own_{begun.split(' ')[0]}", is_new=True)


def _whole(visit: Visit, desk: Desk, said: dict[str, Any], built: dict[str, Any], *, key: str, is_new: bool) -> None:
    """The form with all fields; its faults are said as sentences under it, and what was typed stays."""
    if not rights.allowed(visit, "register_use_case"):
        return
    with st.form(f"ai_whole_{key}", border=False):
        wanted, faults = ai_registry_fields.fields(said, key=key, is_new=is_new)
        reason = st.text_input("Why", key=f"ai_whole_why_{key}")
        is_sent = st.form_submit_button("Register it" if is_new else "Record the change", type="primary")
    if not is_sent:
        return
    found = faults or _faults(
        {**merged(said, wanted), "use_case_id": wanted.get("use_case_id") or said.get("use_case_id") or "new"}
    )
    if is_new and wanted["use_case_id"] in desk.book.ai.changes:
        found = [*found, f"There is a use case {wanted['use_case_id']} already; give another ID."]
    if found:
        for fault in found:
            st.markdown(f":material/error: {plain(fault)}")
        look.note("Nothing was recorded; everything you typed is still here.")
        return
    try:
        _register(desk, wanted.get("use_case_id") or said["use_case_id"], wanted, reason, built, is_now=is_new)
    except Refusal as refused:
        notice.refusal(refused)


def _faults(said: dict[str, Any]) -> list[str]:
    try:
        use_case(said)
    except ValueError as error:
        return [f"{one.strip().rstrip('.')}." for one in str(error).split(". ") if one.strip()]
    return []


def _record(desk: Desk, name: str, said: dict[str, Any], reason: str, built: dict[str, Any]) -> None:
    try:
        _register(desk, name, said, reason, built, is_now=False)
    except Refusal as refused:
        notice.refusal(refused)


def _register(desk: Desk, name: str, said: dict[str, Any], reason: str, built: dict[str, Any], *, is_now: bool) -> None:
    done = desk.register(name, said, reason, template=built)
    if done is None:
        acting.tell(f"{name} stands so already; nothing was recorded.")
    else:
        what = "is registered" if is_now else "was changed"
        acting.tell(f"{name} {what}. Plan and figures count it from the next refresh on.")
    st.rerun()


def _locked(visit: Visit, held: Held) -> None:
    """Why it cannot go further, where its value or its step is not shown, or a control is off."""
    case = held.case
    missing = scaling.unshown(case, visit.build) if case.is_running and visit.build is not None else []
    if missing:
        st.markdown(f":material/lock: **Not to be scaled yet:** {plain('; '.join(missing))}.")
    off = [one.control for one in case.controls if not one.is_on]
    if off:
        st.markdown(f":material/lock_open: **A control is off:** {plain(', '.join(off))}.")


def _sites(visit: Visit, chosen: Sequence[str]) -> list[str]:
    known = (
        mart(visit, "core.sites", columns=("site_id",))["site_id"].to_list() if has_rows(visit, "core.sites") else []
    )
    return sorted({*known, *chosen} - {None})
