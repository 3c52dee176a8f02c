"""The map of placement: every use case by every way, what it costs there or why it cannot be, and what the whole comes to."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from models.ai_economics.placement_needs import WAYS
from models.ai_economics.placement_reasons import BEST_FIT
from pages.parts import address, empty, look, tables
from pages.parts.ai_registry import Held
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit
from pages.parts.words import Words

PLACED, ESTATE = "scores.placements", "scores.placement_estate"
TITLES = {way: way.capitalize().replace(" api", " API") for way in WAYS}
MEANT = {
    "central api": "the model of a provider, over the line that the site has",
    "second circuit": "the same over two lines, with procedures kept as pages at the site",
    "private": "a model on nodes of our own in one place",
    "hybrid": "a small model at the site, the provider's for the rest; what is written goes through the centre",
    "edge": "a small model at the site alone",
}
ADVISED, FORBIDDEN, HERE = "●", "✕", "○"
LABELS = {
    "use_case_name": "Use case", **{way.replace(" ", "_"): TITLES[way] for way in WAYS},
    "today_name": "Decided", "stage_code": "Stage", "family_name": "Kind of work",
}  # fmt: skip
NOTE = (
    f"{ADVISED} advised: all use cases together cost least so. {HERE} runs so today. {FORBIDDEN} a gate forbids it. Money a year: calls, "
    "upkeep, control, what would be bought for it, and the hours without it, all others where they are advised. Volumes once people "
    "use it; candidates count as if they ran. What every way costs alike (review by people, the platform) is left out: AI cost has it."
)


def board(visit: Visit, desk: Desk, held: Sequence[Held]) -> None:
    """Draws the figures of the whole and the map; a picked row is the one of the next tab."""
    if visit.build is None or not has_rows(visit, PLACED):
        nothing()
        return
    summary(visit, desk)
    picked = tables.show(
        visit, frame(visit, desk, held), name="placement_map", title="Where each could run", columns=list(LABELS), labels=LABELS,
        source=PLACED, pick=True, note=NOTE,
    )  # fmt: skip
    with st.expander("What the five ways mean"):
        look.pairs({TITLES[way]: meant for way, meant in MEANT.items()})
        fits = {
            f"{TITLES[way]} fits best": said + (" (our reconstruction)" if ours else "")
            for way, (said, ours) in BEST_FIT.items()
        }
        look.pairs(fits)
    if picked is not None:
        address.write("use_case", [picked["use_case_id"]])
        look.note(f"{picked['use_case_name']} is chosen: its reasons and flip points stand under One use case.")


def _lines(visit: Visit, desk: Desk) -> str:
    """How many places are reckoned with a line that nobody has said."""
    places = mart(visit, ESTATE, where={"estate_part_name": "line"})["place_name"].to_list()
    said = sum(bool(desk.book.ai.circuits(place)) for place in places)
    if said == len(places):
        return f"said for all {len(places)} places"
    return f"said for {said} of {len(places)} places; the others count as broadband, see Lines and machines"


def nothing() -> None:
    """What stands where no build has worked it out."""
    empty.nothing(
        "Nothing has been worked out yet.",
        key="placement",
        fix="Refresh once on the Upload page; it needs a month of orders.",
    )


def frame(visit: Visit, desk: Desk, held: Sequence[Held]) -> pl.DataFrame:
    """One row a use case, one column a way: its sign and what it costs there."""
    named = {one.case.use_case_id: one.case for one in held}
    rows: dict[str, dict[str, Any]] = {}
    for said in mart(visit, PLACED, order_by=("use_case_id", "way_no")).iter_rows(named=True):
        name = said["use_case_id"]
        case, act = named.get(name), desk.book.ai.placed.get(name)
        row = rows.setdefault(
            name,
            {
                "use_case_id": name, "use_case_name": f"{name} · {case.name}" if case else name, "stage_code": case.stage if case else "",
                "family_name": said["family_name"],
                "today_name": TITLES[act.payload["way"]] if act else "nobody has decided",
            },
        )  # fmt: skip
        row[said["way_code"].replace(" ", "_")] = cell(visit, said)
    return pl.DataFrame(list(rows.values()), schema=dict.fromkeys(("use_case_id", *LABELS), pl.String))


def cell(visit: Visit, said: dict[str, Any]) -> str:
    """One way of one use case in a few signs."""
    if not said["is_way_possible"]:
        return FORBIDDEN + (HERE if said["is_way_present"] else "")
    signs = (ADVISED if said["is_way_advised"] else "") + (HERE if said["is_way_present"] else "")
    return f"{signs} {visit.words.money(said['way_cost'], 'no price is known')}".strip()


def summary(visit: Visit, desk: Desk) -> None:
    """What all of them come to, and what keeps machines at sites from being allowed."""
    parts = {
        row["estate_part_name"]: row
        for row in mart(visit, ESTATE).iter_rows(named=True)
        if row["place_name"] == "*"
    }  # fmt: skip
    words = visit.words
    if "no assignment" in parts:
        st.warning(parts["no assignment"]["because_text"])
        return
    placed = mart(visit, PLACED).filter(pl.col("is_way_advised"))
    apart = [
        name for name, way in placed.select("use_case_id", "way_code").iter_rows()
        if (act := desk.book.ai.placed.get(name)) is not None and act.payload["way"] != way
    ]  # fmt: skip
    with st.container(key="panel_placement_whole"):
        look.title("All of them together", "a year, once people use them")
        look.pairs(
            {
                "Cost and loss": f"{words.money(parts['whole']['part_cost'])}: calls and upkeep "
                f"{words.money(parts['models and upkeep']['part_cost'])}, control {words.money(parts['control']['part_cost'])}, "
                f"shared {words.money(parts['shared']['part_cost'])}, outages {words.money(parts['outages']['part_cost'])}",
                "Advised": ", ".join(
                    f"{count} {TITLES[way]}"
                    for way in WAYS
                    if (count := placed.filter(pl.col("way_code") == way).height)
                ),
                **_budget(words, parts.get("budget")),
                "Decided otherwise than advised": ", ".join(apart) or "none",
                "Not placed": f"{parts['not placed']['part_number']:.0f}"
                + (f": {parts['not placed']['because_text']}" if parts["not placed"]["part_number"] else ""),
                "Governance for machines at sites": f"{parts['governance readiness']['part_number']:.2g} of 5: rows of edge controls, edge "
                "policy and security baseline that somebody shows to be in place and has looked at in time (those that data judge stand on "
                "Risks and controls)",
                "Lines": _lines(visit, desk),
                "Machines at sites": f"{parts['machines at sites']['part_number']:.0f} needed, "
                f"{parts['machines that can be looked after']['part_number']:.0f} can be looked after",
            }
        )  # fmt: skip


def _budget(words: Words, row: dict[str, Any] | None) -> dict[str, str]:
    """The budget of all of them, where one is set, and what of it is spent."""
    return {} if row is None else {"Budget": f"{words.money(row['part_cost'])} a year; {row['because_text']}"}
