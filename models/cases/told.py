"""What an autopsy is told beside stock, demand and purchases: jumps of records, parameters, proposals turned down."""

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from models.model import Frames


@dataclass(frozen=True)
class Told:
    """What else is known about a shelf: jumps in its records, its parameter, who feeds it, and proposals that were turned down."""

    jumps: dict[str, list[dt.date]]
    shifts: dict[tuple[str, str], dt.date]
    stale: dict[tuple[str, str], str]
    feeds: dict[str, str]
    declined: dict[tuple[str, str], list[tuple[dt.date, str]]]


def told_of(frames: Frames) -> Told:
    """What the frames say of shelves beside stock, demand and purchases."""
    jumps: dict[str, list[dt.date]] = defaultdict(list)
    shifts: dict[tuple[str, str], dt.date] = {}
    for watch, subject, site, since, came, expected in frames["scores.anomalies"].iter_rows():
        if watch in ("stock_gap", "stock_gap_a_week"):
            jumps[subject].append(since)
        elif watch == "demand_a_week" and (came or 0) > (expected or 0):
            shifts[(subject, site)] = since
    for sku, since in frames["marts.count_slips"].sort("sku_id").iter_rows():
        jumps[sku].append(since)
    stale = {
        (sku, site): text
        for sku, site, direction, text in frames["scores.stock_parameters"].iter_rows()
        if direction == "too low"
    }
    return Told(jumps, shifts, stale, dict(frames["marts.site_feeds"].iter_rows()), _declined(frames["core.acts"]))


def _declined(acts: pl.DataFrame) -> dict[tuple[str, str], list[tuple[dt.date, str]]]:
    """Days on which goods for a shelf were proposed and somebody declined, or asked for less."""
    shelf_of: dict[str, tuple[str, str]] = {}
    found: dict[tuple[str, str], list[tuple[dt.date, str]]] = defaultdict(list)
    for kind, subject, text, at in acts.sort("acted_at").iter_rows():
        if kind == "propose":
            said: dict[str, Any] = (json.loads(text or "{}").get("proposal") or {}).get("subject") or {}
            shelf_of[subject] = (said.get("sku_id", ""), said.get("site_id") or said.get("to_site_id") or "")
        elif kind in ("decline", "expire", "withdraw") and subject in shelf_of and at is not None:
            found[shelf_of[subject]].append(
                (at.date(), {"decline": "declined", "expire": "let run out"}.get(kind, "withdrawn"))
            )
    return found
