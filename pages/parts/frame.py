"""The head of every page: whose data, which question, how fresh, and what was set aside, in plain words."""

from html import escape
from typing import Any

import streamlit as st

from decisions.roles import in_order
from pages.parts.ask import ask
from pages.parts.page import Page, Visit


def head(visit: Visit, page: Page) -> None:
    """Draws the strip above a page."""
    demo = '<span class="cd-tag">DEMO</span>' if visit.company.is_demo else ""
    demo += f'<span class="cd-part">{escape(part(visit))}</span>' if visit.viewer.is_demo else ""
    fresh = "<br>".join(freshness(visit)) if visit.build is not None else "No build yet"
    with st.container(key="frame", gap=None):
        st.html(
            '<div class="cd-frame"><div>'
            f'<div class="cd-where">{escape(visit.company.company_title)}{demo}</div>'
            f"<h1>{escape(page.title)}</h1>"
            f'<p class="cd-question">{escape(page.question)}</p>'
            f'</div><div class="cd-fresh">{fresh}</div></div>'
        )


def part(visit: Visit) -> str:
    """Whose part a visitor of the demo plays, said on every page: nobody was asked for a password here."""
    viewer = visit.viewer
    return f"Demo: you act as {viewer.called} ({', '.join(in_order(viewer.roles))})"


def freshness(visit: Visit) -> list[str]:
    """How far the data reaches, when it was built, and what was set aside: two short lines of HTML."""
    words, facts = visit.words, visit.facts
    aside = set_aside(visit)
    when = escape(f"{words.instant(facts.get('built_at'))} · build {visit.build.build_id}", quote=True)
    built = f'built <span title="{when}">{words.ago(facts.get("built_at"))}</span>'
    left = f"{words.plural(aside, 'row')} set aside" if aside else "no row set aside"
    return [f"Data to <strong>{escape(words.date(visit.as_of))}</strong>", f"{built} · {left}"]


def set_aside(visit: Visit) -> int:
    """How many rows of this build's loads were set aside (a row with several faults counts once)."""
    counted: Any = visit.facts.get("set_aside_count")
    if counted is None:
        counted = ask(visit, "select coalesce(sum(set_aside), 0) from raw.loads").item()
    return int(counted or 0)
