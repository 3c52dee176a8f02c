"""One use case and its place: the ways beside each other, the seven gates, the exact split, the flip points, and the decision."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from decisions.desk import Desk
from models.ai_economics.flip_points import ROBUST_SHARE
from models.ai_economics.placement_gaps import gaps
from models.ai_economics.placement_needs import CENTRAL, HYBRID, SECOND_CIRCUIT, WAYS
from models.ai_economics.placement_tables import WEIGHT
from models.ai_economics.use_case import UseCase
from pages.parts import acting, address, ai_bill_swing, look, placement_map, rights, tables
from pages.parts.ai_registry import Held
from pages.parts.ask import has_rows, mart
from pages.parts.labels import unit_of
from pages.parts.notice import plain
from pages.parts.page import Visit
from pages.parts.placement_map import PLACED, TITLES

GATES, FLIPS = "scores.placement_gates", "scores.placement_flips"
SIGNS = {"passes": "✔", "supports": "✚", "forbids": "✕", "unknown": "?"}
CRITERIA = ("latency", "governance", "data_access", "resilience", "cost", "security")
WAY_LABELS = {
    "way_name": "Way", "stands_name": "Stands", "way_cost": "A year in all", "served_share": "Served in time",
    "down_hours": "Hours without it",
    "way_points_number": "Points", "win_share": "Best with so many weights", "model_cost": "Calls", "upkeep_cost": "Upkeep at sites",
    "control_cost": "Control", "shared_cost": "To be bought", "outage_cost": "Hours without it, in money",
    "in_time_share": "In time while up",
    "setup_days": "Days until it could be used",
}  # fmt: skip
POINT_LABELS = {
    "way_name": "Way",
    **{f"{one}_points_number": one.replace("_", " ").capitalize() for one in CRITERIA},
    "way_points_number": "All, weighted",
}
FLIP_LABELS = {
    "lever_name": "Figure",
    "now_number": "Now",
    "flip_number": "Turns at",
    "unit_name": "Unit",
    "way_then_code": "Then",
}
NOTE = (
    "To be bought: what others have not bought already. Points explain and do not decide: gates come first, then the cost of all use "
    "cases together."
)
FLIP_NOTE = (
    "The figure is moved for all use cases together. Each point was worked out again just below and just above it."
)
WEIGHT_NOTE = "Weights move the points alone, never the advice and never a gate."
BILLED = (CENTRAL, SECOND_CIRCUIT, HYBRID)  # ways that ask the model of a provider
TIMES = ("an hour", "a year")  # a figure whose unit is a time alone is money for that time
INCOMPLETE_SAID = {
    "degrade": "it answers without them, and says so",
    "hold": "the case waits until they are there",
    "escalate": "the case goes to a person",
}
APPROVES = {"advises": "it only advises", "acts after approval": "each action", "acts alone": "not within its limits"}


def board(visit: Visit, desk: Desk, held: Sequence[Held]) -> None:
    """Draws the use case that the address names, or the first."""
    if visit.build is None or not has_rows(visit, PLACED):
        placement_map.nothing()
        return
    rows = mart(visit, PLACED, order_by=("use_case_id", "way_no"))
    cases = {one.case.use_case_id: one.case for one in held if one.case.use_case_id in set(rows["use_case_id"])}
    if not cases:
        placement_map.nothing()
        return
    name = address.value("use_case", cases, next(iter(cases)))
    chosen = st.selectbox("Use case", list(cases), index=list(cases).index(name), key="placement_case",
                          format_func=lambda one: f"{one} · {cases[one].name}")  # fmt: skip
    if chosen != name:
        address.write("use_case", [chosen])
        name = chosen
    mine = rows.filter(pl.col("use_case_id") == name)
    told = {row["way_code"]: row for row in mine.iter_rows(named=True)}
    _advice(visit, desk, cases[name], told)
    _ways(visit, mine)
    _gates(visit, name)
    _split(visit, cases[name], hour_cost(visit, name))
    _flips(visit, name)
    _decide(visit, desk, name, told)


def advised(told: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The advised way; None where a price is missing."""
    return next((way for way, row in told.items() if row["is_way_advised"]), None)


def _advice(visit: Visit, desk: Desk, case: UseCase, told: Mapping[str, Mapping[str, Any]]) -> None:
    way = advised(told)
    with st.container(key="panel_placement_advice"):
        look.title(
            f"{case.use_case_id} · {case.name}", f"{next(iter(told.values()))['family_name']}; {case.needs.task}"
        )
        if not any(row["is_way_possible"] for row in told.values()):
            st.markdown("Every way is forbidden: what the steps say below must change before it can run anywhere.")
        elif way is None:
            st.markdown(
                "No price of its model is known, so no way can be compared. Set the price on the page Assumptions."
            )
        else:
            row = told[way]
            st.markdown(
                f"**Advised: {TITLES[way]}**, {visit.words.money(row['way_cost'])} a year. {plain(row['because_text'])}"
            )
            st.markdown(f"In return: {plain(row['in_return_text'])} {plain(swing(visit, way))}")
            if row["win_share"] is not None:
                look.note(f"{robust(visit, row['win_share'])} The cost of all together decides.")
        if said := _decided(visit, desk, case.use_case_id, way):
            st.markdown(said)
        missing = gaps(case)
        if any(row["is_way_present"] and not row["is_way_possible"] for row in told.values()):
            missing.insert(0, "It runs where a gate forbids it.")
        if missing:
            st.markdown(":red[:material/error: Gap:] " + plain(" ".join(missing)))


def swing(visit: Visit, way: str) -> str:
    """How far the bill of a provider was seen to swing, where the way is to ask one; empty for own machines."""
    if way not in BILLED:
        return ""
    return f"{ai_bill_swing.sentence(visit)} AI cost, Own machines, has the months, and what a private node would cost in each of them."


def robust(visit: Visit, share: float) -> str:
    """How far the weights of points could be others and leave the advised way the best of them."""
    least = visit.words.share(ROBUST_SHARE)
    sure = (
        f"which is robust (from {least} on)"
        if share >= ROBUST_SHARE
        else f"so points alone settle nothing (robust is from {least} on)"
    )
    return f"By points it is best with {visit.words.share(share)} of all weights that could be given, {sure}."


def _decided(visit: Visit, desk: Desk, name: str, way: str | None) -> str:
    """What was decided last, by whom and when, and whether that is what is advised now; nothing where nobody has decided."""
    act = desk.book.ai.placed.get(name)
    if act is None:
        return ""
    apart = "" if act.payload["way"] == way or way is None else ", otherwise than advised"
    return f"**Decided: {TITLES[act.payload['way']]}** (by {plain(act.who)} on {plain(visit.words.instant(act.at))}){apart}."


def in_money(visit: Visit, labels: Mapping[str, str]) -> dict[str, str]:
    """Labels of columns, those that count money with the currency."""
    currency = visit.company.reporting_currency
    return {name: f"{said} ({currency})" if unit_of(name) == "money" else said for name, said in labels.items()}


def _ways(visit: Visit, mine: pl.DataFrame) -> None:
    shown = mine.with_columns(
        pl.col("way_code").replace_strict(TITLES).alias("way_name"),
        pl.when(pl.col("is_way_advised")).then(pl.lit("advised")).when(pl.col("is_way_possible")).then(pl.lit("possible"))
        .otherwise(pl.lit("forbidden")).alias("stands_name"),
    )  # fmt: skip
    tables.show(visit, shown, name="placement_ways", title="The ways beside each other", columns=list(WAY_LABELS),
                labels=in_money(visit, WAY_LABELS), units={"way_points_number": "qty"}, source=PLACED, note=NOTE)  # fmt: skip
    with st.expander("Points by criterion, and what they come from"):
        open_ways = shown.filter(pl.col("is_way_possible") & pl.col("way_points_number").is_not_null())
        tables.small(visit, open_ways.select(list(POINT_LABELS)), labels=POINT_LABELS)
        for row in open_ways.iter_rows(named=True):
            look.note(f"{row['way_name']}: {row['points_text']}.")


def _gates(visit: Visit, name: str) -> None:
    """Seven steps by five ways, a sign in each; the words of those that forbid or support below."""
    rows = mart(visit, GATES, where={"use_case_id": name}, order_by=("gate_no",))
    with st.container(key="panel_placement_gates"):
        look.title("Seven steps", "gates before any score")
        steps = rows.select("gate_no", "gate_name").unique(maintain_order=True).rows()
        said = {(row["gate_no"], row["way_code"]): row for row in rows.iter_rows(named=True)}
        cells: dict[str, list[str]] = {"Step": [f"{no} {step}" for no, step in steps]}
        for way in WAYS:
            cells[TITLES[way]] = [SIGNS[said[no, way]["gate_code"]] for no, _ in steps]
        st.table(cells, border="horizontal")
        look.note("✔ passes · ✚ supports · ✕ forbids · ? not known yet, which forbids nothing")
        for row in rows.filter(pl.col("gate_code") == "forbids").sort("way_code", "gate_no").iter_rows(named=True):
            st.markdown(f"✕ **{TITLES[row['way_code']]}**: {plain(row['because_text'])}")
        with st.expander("All that the steps say"):
            frame = rows.select(
                pl.col("way_code").replace_strict(TITLES).alias("Way"), pl.col("gate_name").alias("Step"),
                pl.col("gate_code").alias("Says"), pl.col("because_text").alias("Because"),
            )  # fmt: skip
            tables.small(visit, frame)


def _split(visit: Visit, case: UseCase, hours: float | None) -> None:
    """Who does what, what lies at a site, and what happens where data are missing."""
    asked = case.needs
    with st.container(key="panel_placement_split"):
        look.title("The exact split", "what would lie and happen where")
        look.pairs(
            {
                "At the site": asked.edge_does,
                "At the centre": asked.centre_does,
                "Least data at the site": ", ".join(asked.minimum_data) or "nothing: it cannot work there",
                "Brought and renewed": asked.sync_rule,
                "Handed to the centre": ", ".join(asked.hand_over) or "nothing is named",
                "When ERP or WMS data are missing": INCOMPLETE_SAID.get(asked.on_incomplete, "nobody has said"),
                "What checks an action before it happens": asked.validation
                or ("nothing" if case.writes else "it only advises"),
                "Where it writes": "validation and booking stay with the centre, always" if case.writes else "nowhere",
                "Answer needed within": f"{asked.longest_seconds:g} s; {asked.tier} model at least; data {asked.data_class}",
                "Model and prompt": ", ".join(f"{model} ({share:.0%})" for _, model, share in case.models),
                "A person approves": APPROVES[case.autonomy],
                "An hour without it": said_hour(visit, case, hours),
            }
        )


def hour_cost(visit: Visit, name: str) -> float | None:
    """What an hour without a use case costs here, as it was reckoned with; None where nothing was placed."""
    rows = mart(visit, FLIPS, where={"use_case_id": name, "lever_code": "outage"})
    return rows["now_number"].item() if rows.height == 1 else None


def said_hour(visit: Visit, case: UseCase, cost: float | None) -> str:
    """How the hours without it were turned into money, so that anybody can do it again."""
    low, likely, high = case.needs.outage_cost_per_hour
    here = "not reckoned" if cost is None else visit.words.money_exact(cost)
    return (
        f"{here} here: {likely:,.0f} ({low:,.0f} to {high:,.0f}) in a company of 200,000 orders a year, by our orders; times the hours "
        f"without it, less the {visit.words.share(case.needs.manual_share)} that people carry on by hand. From the definition of the use "
        f"case, grade: {case.grade}"
    )


def _flips(visit: Visit, name: str) -> None:
    rows = mart(visit, FLIPS, where={"use_case_id": name}, order_by=("lever_code",))
    shown = rows.with_columns(
        pl.col("way_then_code").replace(TITLES),
        pl.col("unit_name").replace({time: f"{visit.company.reporting_currency} {time}" for time in TIMES}),
        (pl.col("factor_number").log().abs()).fill_null(float("inf")).alias("away_number"),
    ).sort("away_number", "lever_code")
    is_weight = pl.col("lever_code").str.starts_with(WEIGHT)
    tables.show(visit, shown.filter(~is_weight), name="placement_flips", title="Where the choice turns, the nearest first",
                columns=list(FLIP_LABELS), labels=FLIP_LABELS, units=dict.fromkeys(("now_number", "flip_number"), "qty"), source=FLIPS,
                note=FLIP_NOTE)  # fmt: skip
    with st.expander("Where the points would turn"):
        tables.show(visit, shown.filter(is_weight), name="placement_weights", title="Weights", columns=list(FLIP_LABELS),
                    labels=FLIP_LABELS, source=FLIPS, note=WEIGHT_NOTE)  # fmt: skip


def _decide(visit: Visit, desk: Desk, name: str, told: Mapping[str, Mapping[str, Any]]) -> None:
    """What was decided last, and the form for whoever may decide."""
    act = desk.book.ai.placed.get(name)
    with st.container(key="panel_placement_decide"):
        look.title("Decide")
        if act is not None:
            st.markdown(
                f"Decided on {visit.words.instant(act.at)} by {plain(act.who)}: **{TITLES[act.payload['way']]}**. "
                f"{plain(act.payload['reason'])}"
            )
        if not rights.need(visit, "place_use_case"):
            return
        ways = [way for way in WAYS if told[way]["is_way_possible"]]
        first = advised(told) or next(iter(ways), None)
        if first is None:
            st.markdown("Every way is forbidden: change what forbids it, then decide.")
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            way = st.selectbox(
                "Where it runs",
                ways,
                index=ways.index(first),
                format_func=TITLES.__getitem__,
                key=f"placement_way_{name}",
            )
            reason = st.text_input(
                "Why", key=f"placement_why_{name}", placeholder="needed; leaving the advice takes a sentence"
            )
            if st.button("Decide", type="primary", key="placement_decide"):
                done = f"{name} runs at: {TITLES[way]}. The record is under Decisions; the AI plan follows with the next refresh."
                acting.act(done, "", desk.place, name, way, reason, seen=visit.build.build_id)
                st.rerun()
