"""Own machines or a provider: what each way of serving costs at each volume, where they meet, and where this company stands."""

import numpy as np
import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics.own_serving import EDGE, PRIVATE, Owned, api_price, break_evens, curves, owned, tokens_a_year
from pages.parts import ai_bill_swing, ai_cost_world, chart_panel, empty, export, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, floats, inks
from pages.parts.page import Visit

USAGE = "marts.ai_usage"
MILLION, POINTS, YEAR_DAYS = 1e6, 41, 365
TITLES = {"central api": "provider", PRIVATE: "private node", EDGE: "machines at the sites"}
LABELS = {
    "way_name": "Way",
    "least_amount": "Before the first token, a year",
    "own_amount": "At the planned volume, a year",
    "even_text": "Pays from (Mtok a year)",
    "verdict_text": "So",
    "volume_mtok": "Mtok a year",
    "yearly_cost": "Cost a year",
}
UNITS = {"least_amount": "money", "own_amount": "money", "yearly_cost": "money", "volume_mtok": "qty"}
NOTE = (
    "Own machines are counted whole, with one spare node and the people who run them; the provider by the token, at the price that "
    "the planned mix of models costs now. Reasons to own are residency, contract or working through an outage; "
    "the token price alone seldom is one."
)


def board(visit: Visit) -> None:
    """Draws the picture and the table; where a price or volume is not known, says so."""
    found = ai_cost_world.planned(visit)
    if found is None:
        empty.nothing("Nothing is planned, so there is no volume to compare at.", key="ai_serving")
        return
    volume, price = tokens_a_year(found.world), api_price(found)
    if price is None or price <= 0 or volume <= 0:
        empty.nothing(
            "A model of a use case has no known price, or no case is planned: there is nothing to compare.",
            key="ai_serving",
        )
        return
    ways = owned(found.world)
    frame = _table(visit, ways, volume, price)
    _picture(visit, ways, volume, price)
    with st.container(key="panel_ai_ways"):
        look.title(
            "Where it would pay",
            f"this company: {_mtok(visit, volume)} planned in the next twelve months{_used(visit)}",
        )
        tables.small(visit, frame, labels=LABELS, units=UNITS)
        look.note(
            "Means of graded assumptions (most of them C or own assumption): change them on the page Assumptions."
        )
        with st.container(horizontal=True, gap="small", key="tools_ai_ways"):
            export.buttons(
                visit, frame, name="own_machines", title="Where own machines would pay", key="export_ai_ways",
                labels=LABELS, units=UNITS,
            )  # fmt: skip
    ai_bill_swing.panel(visit, ways)


def _table(visit: Visit, ways: dict[str, Owned], volume: float, price: float) -> pl.DataFrame:
    words, even = visit.words, break_evens(ways, price)
    rows = [
        (
            TITLES["central api"],
            0.0,
            price * volume,
            "–",
            f"{words.money_exact(price)} for a million tokens of the planned mix",
        )
    ]
    for name, way in ways.items():
        at, fits = float(even[name].volume), bool(even[name].is_within_capacity)
        said = "never" if not np.isfinite(at) else words.qty(at)
        if np.isfinite(at) and not fits:
            verdict = f"more than its {words.qty(way.capacity)} Mtok a year can serve: more machines, so later still"
        else:
            verdict = "pays already" if at <= volume else f"{words.qty(at / volume)} times the planned volume"
        rows.append((TITLES[name], way.least, way.cost(volume), said, verdict))
    return pl.DataFrame(
        rows, schema=["way_name", "least_amount", "own_amount", "even_text", "verdict_text"], orient="row"
    )


def _picture(visit: Visit, ways: dict[str, Owned], volume: float, price: float) -> None:
    """Cost a year over volume, both by powers of ten, with this company's volume marked."""
    far = (
        max([float(one.volume) for one in break_evens(ways, price).values() if np.isfinite(one.volume)] + [volume]) * 4
    )
    volumes = np.geomspace(max(volume / 10, 0.01), far, POINTS)
    drawn = curves(ways, price, volumes)
    frame = pl.concat(
        [
            pl.DataFrame({"way_name": TITLES[name], "volume_mtok": volumes, "yearly_cost": cost})
            for name, cost in drawn.items()
        ]
    )
    title, words = "Cost a year by volume", visit.words

    def draw() -> go.Figure:
        ink, figure = inks(), canvas(height=320, showlegend=True)
        for place, (name, cost) in enumerate(drawn.items()):
            hover = [
                f"{TITLES[name]}, {words.qty(x)} Mtok: {words.money(float(y))}"
                for x, y in zip(volumes, cost, strict=True)
            ]
            figure.add_scatter(
                x=volumes.tolist(),
                y=floats(pl.Series(cost)),
                mode="lines",
                name=TITLES[name],
                line={"width": 2, "color": ink.series[place]},
                hovertext=hover,
                hoverinfo="text",
            )
        figure.add_vline(x=volume, line={"color": ink.text, "width": 1.5, "dash": "dot"})
        figure.add_annotation(
            x=float(np.log10(volume)),
            xref="x",
            y=1,
            yref="paper",
            text="this company",
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"size": 12, "color": ink.text},
        )
        figure.update_xaxes(type="log", title_text="million tokens a year", tickformat="~s", dtick=1)
        figure.update_yaxes(type="log", tickformat="~s", dtick=1)
        return figure

    said = f"This company plans {_mtok(visit, volume)} a year, for {words.money(price * volume)} at the provider."
    picture = chart_panel.Picture(
        title, "money", frame, ["way_name", "volume_mtok", "yearly_cost"], said, UNITS, NOTE, ("ways", volume)
    )
    chart_panel.show(visit, picture, draw)


def _used(visit: Visit) -> str:
    """What the usage log counted in the last twelve months, where there is one."""
    if not has_rows(visit, USAGE) or visit.as_of is None:
        return ""
    rows = mart(visit, USAGE, columns=("called_date", "token_count"))
    days = [(visit.as_of - day).days for day in rows["called_date"]]
    used = rows.filter(pl.Series(days) < YEAR_DAYS)["token_count"].sum() if days else 0
    return f", {_mtok(visit, float(used or 0) / MILLION)} used in the last twelve"


def _mtok(visit: Visit, volume: float) -> str:
    """A volume in words, with a decimal where it is small."""
    return f"{visit.words.number(volume, places=1) if volume < 100 else visit.words.qty(volume)} Mtok"
