"""The stock of one SKU at one site: what it was, what it may become, and what would change it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models import paths
from models.inventory.projection import Projection, projection
from models.inventory.shelves import FORECAST, Shelf, forecasts, shapes, shelves
from pages.parts import chart_panel, empty, look
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, faded, inks, tick_format, time_axis
from pages.parts.kept import Kept, place
from pages.parts.page import Visit

PAST_DAYS = 56
RARE = 0.005
READ_AS = "Dashed is the middle course, 8 in 10 futures lie in the shade; a triangle marks a delivery that is due."
KNOWN: Kept["Known | None"] = Kept(at_most=200)
LINES = (
    "sku_id",
    "site_id",
    "supplier_id",
    "ordered_date",
    "due_date",
    "last_received_date",
    "ordered_qty",
    "open_qty",
    "is_cancelled",
)


@dataclass(frozen=True)
class Known:
    """What is known of one shelf when its future is drawn."""

    shelf: Shelf
    means: np.ndarray
    bands: np.ndarray
    first_day: dt.date
    shape: tuple[float, float]
    gone_days: int
    seed: int

    def ahead(self, **wishes: float) -> Projection:
        """Its stock on the days to come, under what-if wishes."""
        return projection(
            self.means,
            self.bands,
            self.shape,
            self.shelf,
            gone_days=self.gone_days,
            seed=self.seed,
            **wishes,  # type: ignore[arg-type]
        )


def known(visit: Visit, sku_id: str, site_id: str) -> Known | None:
    """What the build knows of a shelf; None where nothing is forecast or its stock is not known."""
    return KNOWN.get((*place(visit), sku_id, site_id), lambda: _known(visit, sku_id, site_id))


def panel(visit: Visit, sku_id: str, site_id: str, *, reorder_point: float | None = None) -> None:
    """Draws the stock ahead with sliders: what if demand, lead time or an order were other than they are?"""
    found = known(visit, sku_id, site_id)
    if found is None:
        with st.container(key="panel_stock_ahead"):
            look.title("Stock, day by day")
            empty.nothing("Nothing is forecast here, or its stock is not known.", key="stock_ahead")
        return
    _panel(visit, sku_id, site_id, found, reorder_point)


def picture(visit: Visit, sku_id: str, site_id: str) -> None:
    """Draws the stock ahead as it is, without sliders; nothing where it is not known."""
    found = known(visit, sku_id, site_id)
    if found is not None:
        draw(visit, sku_id, site_id, found, found.ahead(), None)


@st.fragment
def _panel(visit: Visit, sku_id: str, site_id: str, found: Known, reorder_point: float | None) -> None:
    with st.container(horizontal=True, gap="medium", key="what_if"):
        demand = st.slider(
            "Demand",
            0.5,
            2.0,
            1.0,
            0.05,
            format="%.2f ×",
            key="what_demand",
            help="What if so many times as much were asked for?",
        )
        late = st.slider(
            "Deliveries later by",
            0,
            28,
            0,
            format="%d days",
            key="what_late",
            help="What if everything on its way came so much later?",
        )
        qty = st.number_input(
            "Order now (units)",
            0.0,
            value=0.0,
            step=10.0,
            format="%.0f",
            key="what_qty",
            help="What if so much were ordered now?",
        )
    ahead = found.ahead(
        demand_factor=demand,
        lead_days_more=float(late),
        ordered_qty=float(qty),
        ordered_due=float(found.shelf.lead_days),
    )
    draw(visit, sku_id, site_id, found, ahead, reorder_point)


def draw(visit: Visit, sku_id: str, site_id: str, found: Known, ahead: Projection, reorder_point: float | None) -> None:
    """The picture: stock that was as a line, its middle course dashed, eight of ten courses shaded, deliveries marked."""
    days = [found.first_day + dt.timedelta(days=n) for n in range(ahead.p50.size)]
    past = mart(visit, "marts.stock_days", where={"sku_id": sku_id, "site_id": site_id}, columns=("stock_date", "on_hand_qty"),
                order_by=("stock_date",)).tail(PAST_DAYS)  # fmt: skip
    rows = pl.DataFrame(
        {
            "target_date": days,
            "p10_qty": ahead.p10,
            "p50_qty": ahead.p50,
            "p90_qty": ahead.p90,
            "empty_share": ahead.empty_share,
        }
    )

    def drawn() -> go.Figure:
        ink, figure = inks(), canvas(height=300)
        figure.add_scatter(x=days + days[::-1], y=[*ahead.p90, *ahead.p10[::-1]], fill="toself",
                           fillcolor=faded(ink.series[0], 0.16), line={"width": 0}, hoverinfo="skip")  # fmt: skip
        figure.add_scatter(x=past["stock_date"].to_list(), y=past["on_hand_qty"].cast(pl.Float64).to_list(), mode="lines",
                           line={"width": 2, "color": ink.text, "shape": "hv"}, hoverinfo="x+y")  # fmt: skip
        figure.add_scatter(x=days, y=ahead.p50, mode="lines", line={"width": 2, "dash": "dash", "color": ink.series[0]},
                           hovertext=[_hover(visit, row) for row in rows.iter_rows(named=True)], hoverinfo="text")  # fmt: skip
        _deliveries(figure, found, days)
        if reorder_point is not None:
            figure.add_hline(y=reorder_point, line={"color": ink.muted, "width": 1, "dash": "dot"},
                             annotation_text="reorder point", annotation_font_size=11)  # fmt: skip
        figure.update_yaxes(**tick_format("qty"), rangemode="tozero", nticks=5)
        every = pl.concat([past["stock_date"], rows["target_date"]])
        figure.update_xaxes(**time_axis(visit, every))
        return figure

    title = f"Stock of {sku_id} at {site_id}"
    columns = ["target_date", "p10_qty", "p50_qty", "p90_qty", "empty_share"]
    told = in_words(visit, days, ahead)
    chart_panel.show(
        visit,
        chart_panel.Picture(title, "qty", rows, columns, told, {}, f"{told} {READ_AS}", ("stock", reorder_point)),
        drawn,
    )


def in_words(visit: Visit, days: list[dt.date], ahead: Projection) -> str:
    """What the picture says: when the shelf is as likely empty as not, and how sure it is to last."""
    gone = np.flatnonzero(ahead.empty_share >= 0.5)
    if gone.size:
        return f"As likely empty as not on {visit.words.date(days[gone[0]])}."
    worst = int(np.argmax(ahead.empty_share))
    if ahead.empty_share[worst] < RARE:
        return f"Hardly any of the possible futures empties it before {visit.words.date(days[-1])}."
    return (
        f"Most at risk on {visit.words.date(days[worst])}: empty in {ahead.empty_share[worst]:.0%} of possible futures."
    )


def _known(visit: Visit, sku_id: str, site_id: str) -> Known | None:
    where = {"sku_id": sku_id, "site_id": site_id}
    if not has_rows(visit, "scores.demand_forecasts") or visit.as_of is None:
        return None
    cells = forecasts(mart(visit, "scores.demand_forecasts", where=where, columns=FORECAST))
    stock = mart(visit, "marts.stock_now", where=where, columns=("sku_id", "site_id", "on_hand_qty", "on_order_qty"))
    fits = mart(visit, "scores.demand_fits", where=where, columns=("sku_id", "site_id", "demand_class_name"))
    if not cells or not stock.height or not fits.height:
        return None
    dependence = mart(
        visit, "scores.demand_dependence", columns=("demand_class_name", "common_share", "serial_correlation_number")
    )
    shape = shapes({"scores.demand_dependence": dependence, "scores.demand_fits": fits})[(sku_id, site_id)]
    gaps = dict(mart(visit, "marts.site_transfers", columns=("site_id", "transfer_gap_days")).iter_rows())
    shelf = shelves(stock, mart(visit, "marts.purchase_lines", columns=LINES), gaps, visit.as_of)[0]
    means, bands, start = cells[(sku_id, site_id)]
    gone = (visit.as_of - start).days
    return Known(
        shelf, means, bands, start + dt.timedelta(days=1), shape, gone, paths.seed_of(20260101, f"{sku_id}/{site_id}")
    )


def _deliveries(figure: go.Figure, found: Known, days: list[dt.date]) -> None:
    """A mark on the axis for each delivery on its way, on the day it is due."""
    last = len(days) - 1
    due = [days[int(np.clip(day + found.gone_days, 0, last))] for day in found.shelf.due]
    figure.add_scatter(x=due, y=[0] * len(due), mode="markers", cliponaxis=False, hoverinfo="text",
                       marker={"symbol": "triangle-up", "size": 10, "color": inks().good},
                       hovertext=[f"{qty:g} due" for qty in found.shelf.open_qty])  # fmt: skip


def _hover(visit: Visit, row: dict[str, Any]) -> str:
    words = visit.words
    between = f"{words.qty(row['p10_qty'])} to {words.qty(row['p90_qty'])}"
    return f"{words.date(row['target_date'])}: {words.qty(row['p50_qty'])}<br>8 in 10: {between}<br>empty: {row['empty_share']:.0%}"
