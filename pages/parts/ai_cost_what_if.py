"""What if: sliders over 1,000 common futures, and beside them what the programme then costs, is worth, and which lines moved."""

from typing import Any

import polars as pl
import streamlit as st

from models.ai_economics.programme import simulated
from models.ai_economics.what_if import NAMED, Levers, Outcome, changed, moved, outcome
from models.ai_economics.world import World
from pages.parts import ai_cost_world, empty, export, look, tables
from pages.parts.page import Visit

LABELS = {
    "cost_line_name": "Cost line",
    "component_code": "Component",
    "moved_by_text": "Driven by",
    "before_amount": "As planned",
    "after_amount": "What if",
    "change_amount": "Change",
    "times_number": "Times",
}
NOTE = (
    "The same 1,000 possible futures before and after, so that the difference is the sliders alone; the plan itself has 10,000, and "
    "its reserve is not in these figures. What was measured of a running use case stays as it was measured."
)
AS_PLANNED = "as planned"
CAPS = [AS_PLANNED, *map(str, range(1, 31))]
MIXES = [AS_PLANNED, *(f"{share} %" for share in range(0, 101, 5))]
TIMES = (
    ("orders", "Orders", 0.25, 4.0, 0.25, "So many times the orders and order lines of the forecast."),
    (
        "wrong_answers",
        "Wrong answers",
        0.5,
        4.0,
        0.25,
        "Worse retrieval finds the wrong article or an old price: people check and mend more.",
    ),
    (
        "review",
        "Share reviewed",
        0.0,
        2.0,
        0.1,
        "So many times the share of cases that people review; never more than all of them.",
    ),
)
SHARES = (
    ("realisation", "Minutes paid less", 100, "Share of freed minutes that is paid less."),
    (
        "delivery",
        "Done by ourselves",
        100,
        "Share of the reference effort for building and running that this company takes on itself.",
    ),
    (
        "price_decline",
        "Prices fall a year",
        80,
        "Share by which prices fall in a year, beyond steps that are announced.",
    ),
    ("region", "Surcharge of a region", 50, "Surcharge for serving in a second or a named region."),
)
CAP_SAID = "An agent hands the case to a person after so many tool calls."
SMALL_SAID = "Share of the work that the cheapest priced model does. Whether it answers worse, tell with the slider Wrong answers."
GROWS_SAID = "Off: only what orders drive moves. On: effort and people grow too, slower than orders."
SAME = "Nothing is otherwise than planned: move a slider."


def board(visit: Visit) -> None:
    """Draws the sliders and what they do; where nothing can be planned, says why."""
    found = ai_cost_world.world(visit)
    if found is None:
        empty.nothing(
            "There is nothing to play with: no use case was taken up, or no month of orders is known.", key="ai_what_if"
        )
        return
    _panel(visit, found)


@st.fragment
def _panel(visit: Visit, world: World) -> None:
    look.title("What if …", "move one, or several together")
    chosen = _levers(world)
    before, then = ai_cost_world.planned(visit), simulated(moved(world, chosen))
    if before is None:
        return
    was, now = outcome(before), outcome(then)
    _figures(visit, was, now)
    lines = changed(before, then)
    touched = lines.filter(pl.col("change_amount") != 0)
    _said(visit, chosen, lines, touched)
    if touched.height:
        title = f"Lines that moved, in {visit.company.reporting_currency}"
        with st.container(key="panel_ai_moved"):
            look.title(title, visit.words.plural(touched.height, "line"))
            tables.small(visit, touched, labels=LABELS, units={"times_number": "number"})
            with st.container(horizontal=True, gap="small", key="tools_ai_moved"):
                export.buttons(visit, lines, name="what_if", title=title, key="export_ai_moved", labels=LABELS)
    look.note(f"{NOTE} {ai_cost_world.gap(visit)}".strip())


def _levers(world: World) -> Levers:
    """The sliders, each at what is planned until somebody moves it."""
    with st.grid(5, min_column_width=190, gap="small", key="ai_levers"):
        times = {
            name: st.slider(title, low, high, 1.0, step, format="%.2f ×", key=f"ai_if_{name}", help=said)
            for name, title, low, high, step, said in TIMES
        }
        cap = st.select_slider("Tool calls at most", CAPS, key="ai_if_cap", help=CAP_SAID)
        small = st.select_slider("Small model", MIXES, key="ai_if_small", help=SMALL_SAID)
        shares: dict[str, Any] = {name: _share(world, name, title, most, said) for name, title, most, said in SHARES}
        grows = st.toggle("Company grows too", key="ai_if_grows", help=GROWS_SAID)
    return Levers(
        grows=grows,
        tool_call_cap=None if cap == AS_PLANNED else int(cap),
        small_share=None if small == AS_PLANNED else int(small.split()[0]) / 100,
        **times,
        **shares,
    )


def _share(world: World, name: str, title: str, most: int, said: str) -> float | None:
    """A slider of per cent at its planned mean; None while it stands there, so that the assumption keeps its range."""
    planned = round(float(world[NAMED[name]].mean()) * 100)
    chosen = st.slider(title, 0, max(most, planned), planned, 1, format="%d %%", key=f"ai_if_{name}", help=said)
    return None if chosen == planned else chosen / 100


def _figures(visit: Visit, was: Outcome, now: Outcome) -> None:
    """Cost, worth and chance of a loss, each beside the plan."""
    words = visit.words
    with st.grid(3, min_column_width=180, gap="small", key="ai_if_figures"):
        for title, before, after, unit, better in (
            ("Cost of the plan", was.cost, now.cost, "money", "lower"),
            ("Worth today (NPV)", was.worth, now.worth, "money", "higher"),
            ("Chance of a loss", was.loss_share, now.loss_share, "share", "lower"),
        ):
            change = words.change(after, before, unit, better)
            is_same = after == before
            st.metric(title, words.value(after, unit), delta=None if is_same else f"{change.text} {change.word}".strip(), delta_color="off",
                      help=f"As planned: {words.exact(before, unit)}")  # fmt: skip
    look.note(
        f"8 of 10 futures cost {words.money(now.low_cost)} to {words.money(now.high_cost)}, as planned {words.money(was.low_cost)} "
        f"to {words.money(was.high_cost)}. {ai_cost_world.unsure(visit)}".strip()
    )


def _said(visit: Visit, chosen: Levers, lines: pl.DataFrame, touched: pl.DataFrame) -> None:
    """What moved and what did not, in a sentence."""
    if touched.is_empty():
        look.note(
            SAME
            if chosen == Levers()
            else "No cost line moved; only the worth did."
            if chosen.realisation is not None
            else SAME
        )
        return
    names = ", ".join(touched["cost_line_name"].head(8)) + (" …" if touched.height > 8 else "")
    stayed = lines.height - touched.height
    look.note(f"{visit.words.plural(touched.height, 'line')} moved ({names}); {stayed} stayed as planned.")
