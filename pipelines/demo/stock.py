"""What happened to stock and purchases, as rows in Crossdock's own words."""

import numpy as np
import polars as pl

from pipelines.demo.columns import LINE_STEP, PO_BASE, changed, coded, dates, happened, instants, numbered
from pipelines.demo.plants import SLIP
from pipelines.demo.tables import MOVEMENT_NAMES
from pipelines.demo.world import World


def stock_days(world: World, _since: int) -> pl.DataFrame:
    """Closing stock; where a unit-of-measure slip is planted, the warehouse system counts cartons."""
    rows, net = happened(world, "stock"), world.net
    sku = rows["cell"] % net.goods.count
    unit = np.ones(len(sku))
    for plant in world.plants:
        if plant.kind == SLIP:
            unit[np.isin(sku, plant.numbers) & (rows["day"] >= plant.from_day)] = net.goods.pack[plant.numbers[0]]
    return pl.DataFrame(
        {
            "sku_id": coded(net.goods.code, sku),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "stock_date": dates(rows["day"]),
            **{f"{name}_qty": _counted(rows[name], unit) for name in ("on_hand", "on_order", "allocated")},
        }
    )


def stock_movements(world: World, _since: int) -> pl.DataFrame:
    """Every booking that changed stock on hand."""
    rows, net = happened(world, "movements"), world.net
    return pl.DataFrame(
        {
            "movement_id": numbered("MB", 5_000_000, rows["id"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "moved_at": instants(rows["at"]),
            "kind_code": coded(MOVEMENT_NAMES, rows["kind"]),
            "moved_qty": rows["qty"],
        }
    )


def purchase_lines(world: World, since: int) -> pl.DataFrame:
    """Purchase order lines with what has been received of them so far."""
    rows, net = changed(world, "purchases", since), world.net
    state = np.select([rows["is_closed"] == 1, rows["received_day"] > 0], [2, 1], 0)
    return pl.DataFrame(
        {
            "po_id": numbered("PO", PO_BASE, rows["po"]),
            "line_key": rows["number"] * LINE_STEP,
            "supplier_id": coded(net.suppliers.code, rows["supplier"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "ordered_date": dates(rows["ordered_day"]),
            "promised_date": dates(rows["promised_day"]),
            "confirmed_date": dates(rows["confirmed_day"]),
            "ordered_qty": rows["qty"],
            "received_qty": rows["received"],
            "last_received_date": dates(rows["received_day"]),
            "unit_cost": pl.Series(rows["cost"]).round(4),
            "status_code": coded(("OPEN", "PARTIAL", "CLOSED"), state),
        }
    )


def receipts(world: World, _since: int) -> pl.DataFrame:
    """Goods receipts, with what was refused."""
    rows, net = happened(world, "receipts"), world.net
    return pl.DataFrame(
        {
            "receipt_id": numbered("GR", 880_000, rows["id"]),
            "line_key": rows["number"] * LINE_STEP,
            "po_id": numbered("PO", PO_BASE, rows["po"]),
            "po_line_key": rows["number"] * LINE_STEP,
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "received_at": instants(rows["at"]),
            "received_qty": rows["qty"],
            "rejected_qty": rows["refused"],
        }
    )


def _counted(qty: np.ndarray, unit: np.ndarray) -> pl.Series:
    """Whole pieces as whole numbers, parts of a carton with two decimals."""
    pieces = pl.Series(qty.astype(np.int64)).cast(pl.String)
    slipped = np.flatnonzero(unit != 1)
    cartons = pl.Series([f"{qty[at] / unit[at]:.2f}" for at in slipped], dtype=pl.String)
    return pieces.scatter(slipped, cartons) if len(slipped) else pieces
