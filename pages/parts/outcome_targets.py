"""Outcome targets: where service, margin, turns, work, freight and retention stand, where they shall be, and who said so."""

import datetime as dt
from decimal import Decimal

import polars as pl
import streamlit as st

from decisions.desk import Desk
from decisions.targets import BEHIND, DAYS, MISSED, NO_DATA, ON_THE_WAY, REACHED, standing
from metrics.definition import Metric, definition, definitions
from pages.parts import acting, empty, kpi, look, rights, tables
from pages.parts.chosen import Chosen
from pages.parts.figures import figure
from pages.parts.page import Visit
from pages.parts.words import Words

OUTCOMES = {
    "Service": "on_time_in_full",
    "Margin": "gross_margin",
    "Turns": "inventory_turns",
    "Labour productivity": "handling_minutes_per_order",
    "Transport efficiency": "freight_cost_per_unit",
    "Customer retention": "customer_retention",
}
YEAR = 4 * DAYS
SIGNS = {REACHED: "✔", ON_THE_WAY: "→", BEHIND: "▼", MISSED: "✖", NO_DATA: "?"}
NO_TARGET = "no target"
MEANT = (
    "On the way: at least as far as an even way from the number on the day of the act to the target on its day. "
    "A number is that of the last 91 days, and its receipt is on its card."
)


def board(visit: Visit, desk: Desk) -> None:
    """Draws the numbers of the six outcomes, their targets, and the form for whoever may set one."""
    if visit.build is None or visit.as_of is None:
        empty.nothing("There is no build yet.", key="targets", fix="Bring in orders and refresh.")
        return
    kpi.strip(visit, lately(visit.as_of), list(OUTCOMES.values()))
    with st.container(key="panel_targets"):
        look.title("Outcome targets", f"the {DAYS} days to {visit.words.day(visit.as_of)}")
        tables.small(visit, targets(visit, desk))
        look.note(MEANT)
    with st.container(key="panel_target_set"):
        look.title("Set a target")
        if rights.need(visit, "set_target"):
            _form(visit, desk)


def lately(as_of: dt.date) -> Chosen:
    """The period in which a number counts as that of now, beside the thirteen weeks before it.

    >>> lately(dt.date(2026, 11, 14)).since
    datetime.date(2026, 8, 16)
    """
    return Chosen(as_of - dt.timedelta(days=DAYS - 1), as_of)


def targets(visit: Visit, desk: Desk) -> pl.DataFrame:
    """One row an outcome, and one for each other number with a target, in words."""
    assert visit.as_of is not None
    held, chosen, today = desk.book.targets, lately(visit.as_of), desk.now().date()
    year, span = dt.timedelta(days=YEAR), (chosen.since or visit.as_of, visit.as_of)
    named = OUTCOMES | {definition(name).title: name for name in held if name not in OUTCOMES.values()}
    rows = []
    for outcome, name in named.items():
        metric, act = definition(name), held.get(name)
        now = figure(visit, name, chosen).value
        before = figure(visit, name, chosen.over(span[0] - year, span[1] - year)).value
        said = NO_TARGET
        if act is not None:
            told = None if now is None else float(now)
            said = standing(act, told, is_higher_better=metric.better == "higher", today=today)
        rows.append(
            {
                "Outcome": outcome,
                "Measured by": metric.title,
                "A year before": visit.words.value(before, metric.unit),
                "Now": visit.words.value(now, metric.unit),
                "Target": visit.words.value(Decimal(act.payload["number"]), metric.unit) if act else "–",
                "By": visit.words.date(dt.date.fromisoformat(act.payload["by"])) if act else "–",
                "Stands": f"{SIGNS.get(said, '')} {said}".strip(),
                "Set by": f"{act.who}: {act.payload['reason']}" if act else "–",
            }
        )
    return pl.DataFrame(rows)


def unit_in_words(metric: Metric, words: Words) -> str:
    """The unit in which a person types a target: shares as percent."""
    return {"share": "%", "money": words.currency, "per_unit": f"{words.currency} a unit", "qty": "units"}.get(
        metric.unit, metric.unit
    )


def typed(number: float, unit: str) -> Decimal:
    """A typed number in the metric's own unit.

    >>> typed(96.5, "share"), typed(8, "turns")
    (Decimal('0.965'), Decimal('8'))
    """
    return Decimal(str(number)) / 100 if unit == "share" else Decimal(str(number))


def _form(visit: Visit, desk: Desk) -> None:
    assert visit.as_of is not None
    better = {name: one.title for name, one in definitions().items() if one.better != "neither"}
    names = [*OUTCOMES.values(), *sorted(set(better) - set(OUTCOMES.values()), key=better.__getitem__)]
    name = st.selectbox("Number", names, format_func=better.__getitem__, key="target_metric")
    metric, held = definition(name), desk.book.targets.get(name)
    now = figure(visit, name, lately(visit.as_of)).value
    by = dt.date.fromisoformat(held.payload["by"]) if held else desk.now().date() + dt.timedelta(days=365)
    shown = float(held.payload["number"]) if held else float(now or 0)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        number = st.number_input(
            f"{'At least' if metric.better == 'higher' else 'At most'} ({unit_in_words(metric, visit.words)})",
            value=round(shown * (100 if metric.unit == "share" else 1), 4),
            step=None, format="%g", key=f"target_number_{name}",
        )  # fmt: skip
        day = st.date_input("By", value=by, key=f"target_by_{name}")
        reason = st.text_input("Why", key=f"target_why_{name}", placeholder="such as: agreed with the board for 2027")
    with st.container(horizontal=True, gap="small"):
        if st.button("Set the target", type="primary", key="target_set"):
            acting.act(f"The target of {metric.title} is set.", "", desk.set_target, name, typed(number, metric.unit),
                       day, reason, baseline=None if now is None else float(now))  # fmt: skip
            st.rerun()
        if held and st.button("Take it back", key="target_back"):
            acting.act(f"{metric.title} has no target any more.", "", desk.set_target, name, None, None, reason)
            st.rerun()
