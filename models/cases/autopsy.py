"""Why each shelf was empty and each order line late or short: a rule tree over what was known then; unknown is a class."""

import datetime as dt
from collections import defaultdict
from typing import Any

import polars as pl

from models.cases.episodes import Bought, Episode, Past, episodes
from models.cases.miss_rows import COLUMNS, Verdict, episode_row, line_row
from models.cases.told import Told, told_of
from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

LOOKED_DAYS = 182
LEAST_LATE = 2  # days, below which a purchase line's lateness empties no shelf
DAY = dt.timedelta(days=1)
NEAR_DAYS = 3  # about a line's dates, within which an empty shelf is its reason
JUMP, SURE = 1.5, 3.0  # demand that rose by half and by three standard deviations was not foreseen
CLASSES = (
    "data error", "overridden", "late supplier", "parameter too old", "forecast miss", "receiving delay", "allocation rule",
    "order not placed", "capacity or carrier", "unknown",
)  # fmt: skip


def score(frames: Frames, asked: Asked) -> Scored:
    """One row for each episode of an empty shelf and for each late or short order line of the last half year."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL), because="It is switched off; no miss is looked into.")
    past, told = Past(frames, asked.as_of), told_of(frames)
    found = episodes(frames["core.stock_out_days"], asked.as_of, LOOKED_DAYS)
    verdicts: dict[tuple[str, str], list[tuple[Episode, Verdict]]] = defaultdict(list)
    # Sites that feed others first, so that a branch can inherit what befell its feeder.
    for episode in sorted(found, key=lambda one: (one.site_id in told.feeds, one.sku_id, one.site_id, one.first)):
        verdicts[(episode.sku_id, episode.site_id)].append((episode, _why_empty(episode, past, told, verdicts)))
    assumed = dict(frames["raw.assumptions"].iter_rows())
    rows = [
        episode_row(one, verdict, past, assumed, asked.as_of)
        for shelf in sorted(verdicts)
        for one, verdict in verdicts[shelf]
    ]
    lines = frames["marts.missed_lines"].sort("order_id", "line_key").iter_rows(named=True)
    rows += [line_row(line, _why_missed(line, verdicts), assumed, asked.as_of) for line in lines]
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None)
    unknown = table.filter(pl.col("autopsy_class_name") == "unknown").height
    because = (
        f"{table.height} misses of half a year, {unknown} of them of unknown cause."
        if rows
        else "Nothing was missed, or nothing is known of stock and due dates."
    )
    return Scored({"scores.autopsies": table}, because=because, trained_rows=table.height)


def _why_empty(episode: Episode, past: Past, told: Told, verdicts: dict) -> Verdict:
    """The first rule that holds, from what is certain to what is inferred."""
    shelf = (episode.sku_id, episode.site_id)
    jump = next(
        (
            day
            for day in told.jumps.get(episode.sku_id, ())
            if day <= episode.last and day >= episode.first - dt.timedelta(days=56)
        ),
        None,
    )
    if jump:
        return (
            "data error",
            f"The stock records of the SKU jump on {jump:%d %b %Y} without a movement that explains it.",
        )
    for day, how in told.declined.get(shelf, ()):
        if episode.first - dt.timedelta(days=60) <= day <= episode.last:
            return "overridden", f"Goods for this shelf were proposed and {how} on {day:%d %b %Y}."
    feeder = told.feeds.get(episode.site_id)
    if feeder:
        return _why_branch(episode, feeder, past, told, verdicts)
    late = _late_line(episode, past.bought.get(shelf, ()))
    if late:
        return late
    docked = _at_the_dock(episode, past)
    if docked:
        return docked
    if shelf in told.stale:
        return "parameter too old", told.stale[shelf]
    jumped = _jumped(episode, past, told)
    if jumped:
        return jumped
    return _not_ordered(episode, past)


def _late_line(episode: Episode, bought: list[Bought] | tuple) -> Verdict | None:
    """The purchase line that would have come in time and did not."""
    spared: list[tuple[int, Bought]] = []
    for line in bought:
        if line.due is None or line.ordered >= episode.first or line.due < episode.first - dt.timedelta(days=60):
            continue
        came = min(line.came or episode.last, episode.last)
        if ((line.came or episode.last) - line.due).days > LEAST_LATE:
            spared.append(((came - max(line.due, episode.first)).days + 1, line))
    # It must have spared half of the empty days; a line that was late for the last of many weeks explains little.
    mine = [line for days, line in spared if days > 0 and 2 * days >= episode.days]
    if not mine:
        return None
    worst = min(mine, key=lambda line: (line.due, line.po_id))
    came = f"came {worst.came:%d %b %Y}" if worst.came else "has not come"
    return (
        "late supplier",
        f"{worst.po_id} line {worst.line_key} of {worst.supplier_id} was due {worst.due:%d %b %Y} and {came}.",
    )


def _at_the_dock(episode: Episode, past: Past) -> Verdict | None:
    """Goods that had come and were not booked into stock for most of the days on which the shelf was empty."""
    shelf = (episode.sku_id, episode.site_id)
    for line in past.bought.get(shelf, ()):
        booked = past.booked_day(shelf, line)
        if line.came is None or booked is None or (booked - line.came).days < LEAST_LATE:
            continue
        waited = (min(booked - DAY, episode.last) - max(line.came, episode.first)).days + 1
        if 2 * waited >= episode.days:
            said = f"{line.po_id} line {line.line_key} came on {line.came:%d %b %Y} and was booked into stock on {booked:%d %b %Y}."
            return "receiving delay", said
    return None


def _jumped(episode: Episode, past: Past, told: Told) -> Verdict | None:
    """Demand in the weeks before that nobody could have foreseen from the months before."""
    shelf = (episode.sku_id, episode.site_id)
    since = told.shifts.get(shelf)
    if since and since <= episode.last:
        return "forecast miss", f"Demand moved to another level in the week of {since:%d %b %Y}."
    recent, before, spread = past.rates(shelf, episode.first)
    if before > 0 and recent > JUMP * before and recent - before > SURE * spread:
        return (
            "forecast miss",
            f"In the four weeks before, {recent:.1f} a day were wanted; in the quarter before that {before:.1f}.",
        )
    return None


def _not_ordered(episode: Episode, past: Past) -> Verdict:
    """Nothing on its way on the day that the shelf ran empty, or ordered when it was too late."""
    shelf = (episode.sku_id, episode.site_id)
    bought = past.bought.get(shelf)
    if not bought:
        return "unknown", "No purchase of this SKU for this site is known."
    coming = [
        line for line in bought if line.ordered < episode.first and (line.came is None or line.came > episode.first)
    ]
    if not coming:
        return "order not placed", "Nothing was on order on the day that the shelf ran empty."
    short = [
        line
        for line in bought
        if line.came and line.came <= episode.first and line.is_short and (episode.first - line.came).days <= 28
    ]
    if short:
        return (
            "late supplier",
            f"{short[-1].po_id} line {short[-1].line_key} came on {short[-1].came:%d %b %Y}, but not all of it.",
        )
    first = min(coming, key=lambda line: (line.ordered, line.po_id))
    days = ((first.due or first.ordered) - first.ordered).days
    if first.due and first.due > episode.first:
        said = f"{first.po_id} was ordered on {first.ordered:%d %b %Y} for {first.due:%d %b}"
        lasted = (episode.first - first.ordered).days
        return "parameter too old", f"{said}: it takes {days} days, and stock lasted {lasted}; it is ordered too late."
    return "unknown", "Goods were on their way, and neither late nor too few; nothing that is known explains it."


def _why_branch(episode: Episode, feeder: str, past: Past, told: Told, verdicts: dict) -> Verdict:
    """A branch is fed: what befell its feeder befalls it; where the feeder had stock, it was not given."""
    for other, verdict in verdicts.get((episode.sku_id, feeder), ()):
        if other.first <= episode.last and other.last >= episode.first - dt.timedelta(days=NEAR_DAYS):
            return verdict[0], f"{feeder}, which feeds it, was empty from {other.first:%d %b %Y}: {verdict[1]}"
    jumped = _jumped(episode, past, told)
    if jumped:
        return jumped
    if episode.days <= NEAR_DAYS:
        return (
            "parameter too old",
            f"{feeder} had stock and refilled it within {episode.days} days: its level is too low between transfers.",
        )
    return "allocation rule", f"{feeder}, which feeds it, had stock for {episode.days} days and did not send any."


def _why_missed(line: dict[str, Any], verdicts: dict) -> Verdict:
    """An order line's miss: the shelf that was empty while it waited, else the way to the customer."""
    end = line["shipped_date"] or line["delivered_date"] or line["as_of_date"]
    for episode, verdict in verdicts.get((line["sku_id"], line["site_id"]), ()):
        if episode.first <= end and episode.last >= line["ordered_date"] - dt.timedelta(days=1):
            return verdict[0], f"Its shelf was empty from {episode.first:%d %b %Y}: {verdict[1]}"
    short = line["filled_qty"] < line["ordered_qty"]
    if line["hold_code"]:
        return "overridden", f"The order was held ({line['hold_code']})."
    if line["is_carrier_late"]:
        return (
            "capacity or carrier",
            f"It left on {line['shipped_date']:%d %b %Y} and {line['carrier_id'] or 'the carrier'} came later than promised."
            if line["shipped_date"]
            else "The carrier came later than promised.",
        )
    if short:
        return (
            "allocation rule",
            "It was not filled although the shelf is not known to have been empty: others were served first.",
        )
    if line["is_late"] and line["shipped_date"] and line["delivered_date"]:
        return (
            "capacity or carrier",
            f"Goods were there; it left on {line['shipped_date']:%d %b %Y}, too late or too slowly for {line['due_date']:%d %b}.",
        )
    return "unknown", "Nothing that is known explains it."


MODEL = Model(
    code="autopsies",
    title="Autopsies",
    question="Why was each shelf empty and each order line late or short?",
    reads={
        "core.stock_out_days": ("sku_id", "site_id", "demand_date"),
        "core.demand_facts": ("sku_id", "site_id", "demand_date", "demand_qty"),
        "core.acts": ("kind_code", "subject_name", "payload_text", "acted_at"),
        "marts.purchase_lines": (
            "po_id", "line_key", "supplier_id", "sku_id", "site_id", "ordered_date", "due_date", "last_received_date", "ordered_qty",
            "received_qty", "is_cancelled",
        ),
        "marts.booked_receipts": ("sku_id", "site_id", "moved_date", "moved_qty"),
        "marts.count_slips": ("sku_id", "since_date"),
        "marts.missed_lines": (
            "order_id", "line_key", "sku_id", "site_id", "customer_id", "ordered_date", "due_date", "shipped_date", "delivered_date",
            "ordered_qty", "filled_qty", "net_amount", "margin_amount", "is_late", "late_days", "late_penalty_share", "hold_code",
            "carrier_id", "is_carrier_late", "as_of_date",
        ),
        "marts.sku_margins": ("sku_id", "site_id", "unit_margin_amount"),
        "marts.site_feeds": ("site_id", "from_site_id"),
        "scores.stock_parameters": ("sku_id", "site_id", "direction_name", "because_text"),
        "scores.anomalies": ("watch_code", "subject_id", "site_id", "since_date", "came_number", "expected_number"),
        "raw.assumptions": ("assumption_name", "assumed_number"),
    },
    writes=(
        Output(
            name="scores.autopsies",
            answers="What caused each empty shelf and each late or short order line of the last half year, and what did it cost?",
            grain="one row per episode of an empty shelf, and per order line that was late or short",
            key=("miss_key",),
            columns=COLUMNS,
            checks=(f"autopsy_class_name in ({', '.join(repr(name) for name in CLASSES)})", "missed_amount is null or missed_amount >= 0"),
        ),
    ),
    guarantee="Every miss has one class, unknown among them, and a sentence of evidence that names dates and documents.",
    rival="every miss is unknown",
    needs=(),
    versions={1: "A rule tree: records, refused proposals, feeding site, late purchase, dock, parameter, demand, ordering, carrier."},
    does_not="It does not know blocked stock or what was agreed by telephone; and goods that stood on the dock only where a source gives "
    "the receipt and the booking into stock days of their own: many systems book both at once, and then it is never a receiving delay.",
    trust="Trust late purchases and feeding sites, which rest on documents; a parameter or a forecast miss is inferred.",
    score=score,
)  # fmt: skip
