"""How a decision that has left or taken effect may still be undone: the opposite wish, or the reasons why there is none."""

import streamlit as st

from decisions.desk import Desk
from decisions.rollback import CALL_BACK, Irreversible
from decisions.standing import Standing
from decisions.undoing import opposite, way_back
from pages.parts import acting, look
from pages.parts.notice import plain
from pages.parts.page import Visit

LEFT = ("exported", "sent", "acknowledged", "done")


def offer(visit: Visit, desk: Desk, standing: Standing) -> None:
    """Draws what would undo the decision and the button that proposes it; nothing for one that has not left the house."""
    in_force = standing.proposal.kind == "policy_change" and standing.state == "approved"
    if visit.build is None or not (standing.state in LEFT or in_force):
        return
    found = way_back(standing, desk.book, visit.build, desk.now())
    with st.container(key="panel_undo"):
        look.title("What would undo it")
        if isinstance(found, Irreversible):
            look.note(f"Nothing any more. {' '.join(found.reasons)}")
            return
        st.markdown(f"{plain(found.because)} Possible until {plain(found.until)}.")
        if found.kind == CALL_BACK:
            look.note("Call its file back on the tab Export; every action in the file is approved again then.")
        elif (wish := opposite(standing, found, visit.build)) is None:
            look.note("Tell whoever was asked that the request is withdrawn.")
        else:
            verdict = desk.verdict(wish)
            look.note(verdict.because)
            st.button("Propose to undo it", key="propose_undo", disabled=verdict.code == "refused", on_click=acting.act,
                      args=(f"Proposed: {wish.title}.", "", desk.propose, wish),
                      kwargs={"note": {"undoes": standing.proposal_id}})  # fmt: skip
