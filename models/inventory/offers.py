"""Who offers a SKU on which terms, and who it was bought from last."""

import datetime as dt

import polars as pl


def bought_from(bought: pl.DataFrame) -> dict[tuple[str, str], str]:
    """The supplier of the last purchase line by SKU and site, and by SKU alone (site "")."""
    ordered = bought.filter(pl.col("supplier_id").is_not_null()).sort("ordered_date", "supplier_id")
    found = {(sku, ""): supplier for sku, supplier in ordered.select("sku_id", "supplier_id").iter_rows()}
    return found | {
        (sku, site): supplier for sku, site, supplier in ordered.select("sku_id", "site_id", "supplier_id").iter_rows()
    }


def terms(known: pl.DataFrame, today: dt.date) -> dict[str, dict[str, dict]]:
    """The terms in force by SKU and supplier."""
    found: dict[str, dict[str, dict]] = {}
    for row in known.filter(pl.col("valid_from_date") <= today).sort("valid_from_date").iter_rows(named=True):
        numbers = {
            name: None if row[name] is None else float(row[name])
            for name in ("unit_cost", "minimum_order_qty", "pack_qty", "promised_lead_days")
        }
        found.setdefault(row["sku_id"], {})[row["supplier_id"]] = numbers | {"price_breaks": row["price_breaks"]}
    return found
