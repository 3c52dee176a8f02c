"""What the viewer may do here: asked before every act, at the moment of the act, and whom to ask where the answer is no."""

import streamlit as st

from decisions.roles import ACTS, in_order, may, who_may
from pages.parts import identity, look
from pages.parts.notice import plain
from pages.parts.page import Page, Viewer, Visit
from store.account_roles import EVERYWHERE
from store.accounts import Accounts


def allowed(visit: Visit, act: str) -> bool:
    """Whether the viewer may do this in this company now: by the roles held at this moment, in a session that stands.

    Args:
        act: one of `decisions.roles.ACTS`; what is not among them nobody may do.
    """
    return may(identity.roles_now(visit.viewer, visit.company.name), act)


def allowed_everywhere(viewer: Viewer, act: str) -> bool:
    """Whether the viewer may do this in every company, such as begin another one."""
    return may(identity.roles_now(viewer, EVERYWHERE), act)


def need(visit: Visit, act: str) -> bool:
    """Whether the viewer may do this; if not, says in the act's place who may and whom to ask."""
    if allowed(visit, act):
        return True
    look.note(f"You cannot {ACTS.get(act, act)} here. {whom_to_ask(visit.viewer, visit.company.name, who_may(act))}")
    return False


def opens(viewer: Viewer, page: Page) -> bool:
    """Whether the page opens to one of the viewer's roles."""
    return may(viewer.roles & page.roles, "view")


def closed(visit: Visit, page: Page) -> None:
    """The box in the place of a page to which the viewer has no right."""
    with st.container(key="box_refusal_right", border=True):
        st.markdown(f":material/lock: **{plain(page.title)} is not open to you.**")
        here = ", ".join(in_order(visit.viewer.roles)) or "without any role"
        st.markdown(f"You are here as {plain(visit.viewer.called)} ({here}).")
        asking = whom_to_ask(visit.viewer, visit.company.name, in_order(page.roles))
        st.markdown(f"**What you can do:** {plain(asking)}")


def stranger(who: str) -> None:
    """The box for somebody who is signed in and has no role in any company."""
    with st.container(key="box_refusal_right", border=True):
        st.markdown(":material/lock: **You are signed in and have no role here yet.**")
        st.markdown(f"You are known as {plain(who)}.")
        st.markdown("**What you can do:** Ask an administrator of this installation for a role, and name this name.")


def whom_to_ask(viewer: Viewer, company: str, roles: list[str]) -> str:
    """A sentence that says who has the right, and who could give it.

    >>> whom_to_ask(Viewer("bo", is_demo=True), "acme", ["auditor"])
    'It takes an auditor: switch to Ines Berg in the sidebar.'
    """
    if not roles:
        return "Nobody has a right to it."
    takes = f"It takes {_listed([_article(role) for role in roles])}"
    if viewer.is_demo:
        people = [one.display_name for one in identity.cast() if one.role in roles]
        return f"{takes}: switch to {_listed(people)} in the sidebar."
    admins = [
        account.display_name
        for account in Accounts.open().listed()
        if account.is_active and "administrator" in account.roles_in(company)
    ]
    return f"{takes}. {_listed(admins) if admins else 'An administrator of this installation'} can give you that role."


def _article(role: str) -> str:
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"
