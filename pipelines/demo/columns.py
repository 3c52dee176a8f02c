"""From a world's numbers to the columns of an extract: names for codes, document numbers, dates, moments, money."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from pipelines.demo.world import World

SO_BASE, PO_BASE, LINE_STEP = 1_000_000, 450_000, 10
LOG_COLUMNS = {
    "shipment_lines": ("shipment", "order", "line", "number", "cell", "qty"),
    "stock": ("day", "cell", "on_hand", "on_order", "allocated"),
    "movements": ("id", "cell", "qty", "kind", "at"),
    "receipts": ("id", "po", "number", "cell", "qty", "refused", "at"),
    "returns": ("id", "order", "cell", "qty", "reason", "at"),
    "events": ("order", "activity", "at", "actor", "minutes"),
    "demand": ("day", "cell", "wanted", "recorded"),
}


def changed(world: World, kind: str, since: int) -> dict[str, np.ndarray]:
    """Rows of a table, open and closed, that changed after a day, by id."""
    table = world.tables[kind]
    parts = [table.taken(table["touched"] > since)]
    closed = world.log.table(kind) if world.log is not None else None
    if closed is not None:
        recent = closed["touched"] > since
        parts.append({name: values[recent] for name, values in closed.items()})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in table.types}
    by_id = np.argsort(joined["id"], kind="stable")
    return {name: values[by_id] for name, values in joined.items()}


def happened(world: World, kind: str) -> dict[str, np.ndarray]:
    """Rows of a log in the order in which they happened; without any, the right columns with nothing in them."""
    rows = world.log.table(kind) if world.log is not None else None
    return rows if rows is not None else dict.fromkeys(LOG_COLUMNS[kind], np.zeros(0, dtype=np.int64))


def coded(names: Iterable, index: np.ndarray) -> pl.Series:
    """A name for each number."""
    return pl.Series([str(name) for name in names]).gather(pl.Series(index.astype(np.uint32)))


def numbered(prefix: str, base: int, ids: np.ndarray) -> pl.Series:
    """Document numbers such as SO1000001."""
    return pl.select(pl.format(prefix + "{}", pl.Series(ids + base))).to_series()


def dates(days: np.ndarray) -> pl.Series:
    """Dates; day 0 is none."""
    return pl.Series(days).cast(pl.Int32).replace(0, None).cast(pl.Date)


def instants(seconds: np.ndarray) -> pl.Series:
    """Wall-clock moments; second 0 is none."""
    return (pl.Series(seconds).cast(pl.Int64).replace(0, None) * 1000).cast(pl.Datetime("ms"))


def in_utc(moments: pl.Series) -> pl.Series:
    """The same moments as UTC tells them."""
    return moments.dt.replace_time_zone("Europe/Berlin").dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def money(amounts: np.ndarray) -> pl.Series:
    """Money to the cent."""
    return pl.Series(np.round(amounts, 2))
