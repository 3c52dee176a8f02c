"""The filter bar: every choice lives in the address, is checked against the build, and can be sent as a link."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pages.parts import address
from pages.parts.ask import ask, columns_of
from pages.parts.chosen import COMPARISONS, PERIODS, Chosen, period
from pages.parts.page import Visit
from pages.parts.sensitive import closed

OPTIONS_AT_MOST, ASKED_AT_MOST = 2000, 50


@dataclass(frozen=True)
class Field:
    """One thing to filter by: its word in the address, and where its values and their names stand in the build."""

    word: str
    plural: str
    table: str
    name: str


FIELDS = {
    "site_id": Field("site", "sites", "core.sites", "site_name"),
    "category_name": Field("category", "categories", "core.skus", "category_name"),
    "supplier_id": Field("supplier", "suppliers", "core.suppliers", "supplier_name"),
    "carrier_id": Field("carrier", "carriers", "core.carriers", "carrier_name"),
    "customer_id": Field("customer", "customers", "core.customers", "customer_name"),
    "sku_id": Field("sku", "SKUs", "core.skus", "sku_name"),
    "channel_name": Field("channel", "channels", "core.orders", "channel_name"),
}


def bar(visit: Visit, *columns: str, dates: bool = True, compare: bool = True, default_period: str = "28d") -> Chosen:
    """Draws the bar and gives what is chosen; a value in the address that the build does not know is dropped.

    Args:
        columns: what to filter by, out of `FIELDS`; one whose list has a single entry in this build, or is not open to the viewer, is not
            drawn.
        dates: whether the page looks at a period.
        compare: whether its numbers are compared with an earlier period.
        default_period: a preset of `PERIODS`.
    """
    shut = closed(columns, visit.viewer.roles)
    offered = {column: found for column in columns if column not in shut and len(found := options(visit, column)) > 1}
    words = [FIELDS[column].word for column in offered] + (["period", "dates", "vs"] if dates else [])
    address.arrive(visit.here, words)
    width = 172 if len(offered) <= 3 else 132
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filter_bar"):
        preset, since, until = _period(visit, default_period) if dates else ("all", None, None)
        versus = _comparison() if dates and compare else "none"
        where = {column: picked for column, found in offered.items() if (picked := _picked(column, found, width))}
        link = _link(preset, since, until, versus, where, default_period)
        address.settle({word: link.get(word, []) for word in words})
        _tools(visit, link, words)
    names = {value: name for found in offered.values() for value, name in found.items()}
    return Chosen(since, until, versus, where, names, link)


def options(visit: Visit, column: str) -> Mapping[str, str]:
    """The values of a filter in this build with their names, in the order of the names.

    A long list is cut; a value that the address asks for is looked up all the same, so that a link to it holds.
    """
    field = FIELDS[column]
    try:
        known = columns_of(visit, field.table)
    except KeyError:
        return {}
    if column not in known:
        return {}
    name = field.name if field.name in known else column
    every = f'select "{column}" as value, min(coalesce("{name}", "{column}")) as name from {field.table}'  # noqa: S608  names are checked, values are bound
    rest = "group by 1 order by name, value limit"
    found = dict(ask(visit, f'{every} where "{column}" is not null {rest} {OPTIONS_AT_MOST}').iter_rows())
    asked = [value for value in address.values(field.word)[:ASKED_AT_MOST] if value not in found]
    if asked and len(found) == OPTIONS_AT_MOST:
        marks = ", ".join("?" * len(asked))
        found |= dict(ask(visit, f'{every} where "{column}" in ({marks}) {rest} {ASKED_AT_MOST}', asked).iter_rows())
    return found


def link_to(visit: Visit, link: Mapping[str, Any]) -> str:
    """The whole address of this view."""
    query = urlencode({"company": visit.company.name, **link}, doseq=True)
    return f"{(st.context.url or '').split('?')[0]}?{query}"


def _period(visit: Visit, default: str) -> tuple[str, dt.date | None, dt.date | None]:
    preset = address.value("period", PERIODS, default)
    st.session_state["filter_period"] = preset
    st.selectbox(
        "Period",
        list(PERIODS),
        format_func=PERIODS.__getitem__,
        key="filter_period",
        on_change=_changed,
        args=("period", "filter_period", default),
        label_visibility="collapsed",
        width=152,
    )
    if preset != "custom":
        return (preset, *period(preset, visit.as_of))
    since, until = _dates(visit)
    st.session_state["filter_dates"] = (since, until)
    st.date_input(
        "From and to",
        key="filter_dates",
        on_change=_dates_changed,
        format="DD/MM/YYYY",
        label_visibility="collapsed",
        width=230,
    )
    return preset, since, until


def _dates(visit: Visit) -> tuple[dt.date, dt.date]:
    """The two days in the address, or the last four weeks where it holds no two days."""
    try:
        first, last = (dt.date.fromisoformat(text) for text in address.values("dates"))
    except ValueError:
        last = visit.as_of or dt.datetime.now(dt.UTC).date()
        return last - dt.timedelta(days=27), last
    return min(first, last), max(first, last)


def _dates_changed() -> None:
    picked = st.session_state["filter_dates"]
    if len(picked) == 2:
        address.write("dates", [day.isoformat() for day in picked])


def _comparison() -> str:
    versus = address.value("vs", COMPARISONS, "previous")
    st.session_state["filter_vs"] = versus
    st.selectbox(
        "Compared with",
        list(COMPARISONS),
        format_func=COMPARISONS.__getitem__,
        key="filter_vs",
        on_change=_changed,
        args=("vs", "filter_vs", "previous"),
        label_visibility="collapsed",
        width=176,
    )
    return versus


def _picked(column: str, found: Mapping[str, str], width: int) -> tuple[str, ...]:
    field = FIELDS[column]
    picked = [value for value in address.values(field.word) if value in found]
    key = f"filter_{field.word}"
    st.session_state[key] = picked
    st.multiselect(
        field.plural.capitalize(),
        list(found),
        format_func=lambda value: found.get(value, value),
        key=key,
        on_change=_changed,
        args=(field.word, key, None),
        placeholder=f"All {field.plural}",
        label_visibility="collapsed",
        width=width,
    )
    return tuple(picked)


def _changed(word: str, key: str, default: str | None) -> None:
    said = st.session_state[key]
    listed = said if isinstance(said, list) else [said]
    address.write(word, [] if listed == [default] else listed)


def _link(
    preset: str, since: Any, until: Any, versus: str, where: Mapping[str, Sequence[str]], default: str
) -> dict[str, list[str]]:
    """The address parameters of the choice, without what is the default anyway."""
    link = {FIELDS[column].word: list(values) for column, values in where.items()}
    if preset != default:
        link["period"] = [preset]
    if preset == "custom":
        link["dates"] = [since.isoformat(), until.isoformat()]
    if versus not in ("previous", "none") or (versus == "none" and address.values("vs") == ["none"]):
        link["vs"] = [versus]
    return link


def _tools(visit: Visit, link: Mapping[str, Any], words: Sequence[str]) -> None:
    if link:
        st.button(
            "Reset", icon=":material/restart_alt:", key="filters_reset", type="tertiary", on_click=_reset, args=(words,)
        )
    with st.popover("Link", icon=":material/link:", type="tertiary", help="An address that shows exactly this view"):
        st.caption("Whoever may open this company sees the same page with the same filters.")
        st.code(link_to(visit, link), language=None, wrap_lines=True)


def _reset(words: Sequence[str]) -> None:
    for word in words:
        address.write(word, [])
