"""One hash for each day of the ledger, to be printed and kept elsewhere, and the proof that one act was among that day's acts."""

import datetime as dt
import json
from collections.abc import Sequence

import polars as pl
import streamlit as st

from pages.parts import look, tables
from pages.parts.notice import plain
from pages.parts.page import Visit
from store.ledger import Act
from store.merkle import proof_of_act, root_of_acts

LABELS = {"day_date": "Day (UTC)", "act_count": "Acts", "root_hash": "Root"}
NOTE = (
    "Print a day's root, or mail it to your auditor. Whoever later rewrites an act of that day, and every seal after it, cannot "
    "make the printed root come out again."
)


def board(visit: Visit, acts: Sequence[Act]) -> None:
    """Draws the root (RFC 6962) of every day, the latest first."""
    days = by_day(acts)
    rows = [(day, len(of_day), root_of_acts([act.act_hash for act in of_day])) for day, of_day in days.items()]
    schema = {"day_date": pl.Date, "act_count": pl.Int64, "root_hash": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("day_date", descending=True)
    tables.show(
        visit, frame, name="day_roots", title="One root a day", labels=LABELS, units={"act_count": "count"}, note=NOTE
    )


def proven(acts: Sequence[Act], act_no: int) -> None:
    """Draws what shows that an act was among those of its day: anybody can check it with a hash function and the printed root."""
    act = next(one for one in acts if one.act_no == act_no)
    of_day = by_day(acts)[act.at.astimezone(dt.UTC).date()]
    seals = [one.act_hash for one in of_day]
    shown = proof_of_act(seals, seals.index(act.act_hash))
    told = {
        "act_no": act.act_no,
        "seal": act.act_hash,
        "day": of_day[0].at.astimezone(dt.UTC).date().isoformat(),
        "place": shown.place,
        "acts_of_the_day": shown.count,
        "path": list(shown.path),
        "root": root_of_acts(seals),
    }
    with st.container(key="panel_proof"):
        look.title(f"Act {act.act_no}", "its seal, and the way from it to the root of its day")
        look.pairs(
            {
                "Seal": plain(act.act_hash),
                "Place": f"{shown.place + 1} of the {shown.count} acts of {told['day']}",
                "Path": " ".join(f"{step[:8]}…" for step in shown.path) or "it is the only act of that day",
                "Root": plain(str(told["root"])),
            }
        )
        name = f"act-{act.act_no}-proof.json"
        st.download_button("Proof as JSON", json.dumps(told, indent=2), name, "application/json", key="proof_json",
                           icon=":material/download:", on_click="ignore")  # fmt: skip


def by_day(acts: Sequence[Act]) -> dict[dt.date, list[Act]]:
    """The acts of each day (UTC), both in the order in which they were done."""
    found: dict[dt.date, list[Act]] = {}
    for act in acts:
        found.setdefault(act.at.astimezone(dt.UTC).date(), []).append(act)
    return found
