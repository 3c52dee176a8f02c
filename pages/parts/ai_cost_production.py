"""From pilot to production: what naive scaling misses, step by step; which model answers; what makes it reliable; who must review."""

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from models.ai_economics import reliability
from models.ai_economics.production import WHY, Production, Scope, of_use_case
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, unpriced
from pages.parts import ai_cost_review, ai_cost_routing, ai_cost_world, chart_panel, empty, export, look, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chart_look import canvas, inks
from pages.parts.page import Visit

VOLUMES = "marts.ai_volumes"
LAST_MONTHS = 3
TRUST, LEAST_KNOWN = "marts.ai_trust", 20
COUNTS = ("answered_count", "accepted_count", "edited_count", "error_count")
EXTRAS = {
    "has_second_source": "Second source of data",
    "has_certification": "Certification",
    "is_round_the_clock": "Support around the clock",
    "has_recovery": "Recovery after a disaster",
}
LABELS = {
    "step_name": "Step",
    "step_amount": "First year",
    "because_text": "Why it jumps",
    "levers_text": "Levers",
    "lever_amount": "Cost once",
    "success_share": "Cases that go right",
    "is_enough": "Enough",
    "lever_name": "Lever",
    "taken_share": "Failures it takes away",
}
UNITS = {"step_amount": "money", "lever_amount": "money", "success_share": "share", "taken_share": "share"}
NOTE = (
    "Naive: the pilot's running bill times all cases. Beside it the first year in production, at mean assumptions (each graded on the page "
    "Assumptions). What the pilot itself took to build is spent and not in either."
)


def board(visit: Visit) -> None:
    """Draws the panels for a use case that somebody picks."""
    world = ai_cost_world.world(visit)
    if world is None:
        empty.nothing(
            "There is nothing to scale: no use case was taken up, or no month of orders is known.", key="ai_production"
        )
        return
    names = {case.use_case_id: f"{case.use_case_id} {case.name}" for case in world.use_cases if case.stage != "stopped"}
    if not names:
        empty.nothing("Every use case that was taken up was stopped.", key="ai_production")
        return
    _panel(visit, world, names)
    ai_cost_review.panel(visit, world)


@st.fragment
def _panel(visit: Visit, world: World, names: dict[str, str]) -> None:
    picked = st.selectbox("Use case", list(names), format_func=names.__getitem__, key="ai_scale_case")
    case = next(one for one in world.use_cases if one.use_case_id == picked)
    if unknown := unpriced(world, case):
        look.note(f"No price is known for {', '.join(unknown)}: what its calls cost is missing in these figures.")
    _production(visit, of_use_case(world, case, _scope(world)))
    ai_cost_routing.panel(visit, world, case)
    _reliability(visit, world, case)


def _scope(world: World) -> Scope:
    """What production shall have; what every production needs is ticked from the start."""
    with st.container(horizontal=True, gap="medium", key="ai_scope"):
        languages = st.number_input("More languages", 0, 20, 1, key="ai_scope_languages", width=140)
        departments = st.number_input(
            "Departments",
            1,
            20,
            max(len({one.domain for one in world.use_cases}), 1),
            key="ai_scope_departments",
            width=140,
        )
        sites = st.number_input("Sites", 1, 200, max(len(world.sites), 1), key="ai_scope_sites", width=140)
        halvings = st.number_input(
            "Halvings of errors",
            0,
            5,
            0,
            key="ai_scope_halvings",
            width=140,
            help="How often the errors that are left are to be halved.",
        )
        wanted = st.pills(
            "Production has",
            list(EXTRAS),
            selection_mode="multi",
            format_func=EXTRAS.__getitem__,
            key="ai_scope_extras",
        )
    return Scope(
        languages=int(languages),
        departments=int(departments),
        sites=int(sites),
        halvings=int(halvings),
        **dict.fromkeys(wanted or [], True),
    )


def _production(visit: Visit, found: Production) -> None:
    """The pilot, naive scaling, each step on top, and the sum."""
    words, title = visit.words, "From pilot to production, the first year"
    steps = sorted(((name, cost) for name, cost in found.steps.items() if cost > 0), key=lambda one: -one[1])
    rows = [
        ("pilot, running", found.pilot, "What volume drives while the pilot takes its share of the cases."),
        ("naive scaling adds", found.naive - found.pilot, "The same, for all cases."),
    ]
    rows += [(name, cost, WHY[name]) for name, cost in steps]
    rows += [("production", found.total, "All of it together.")]
    frame = pl.DataFrame(
        rows, schema={"step_name": pl.String, "step_amount": pl.Float64, "because_text": pl.String}, orient="row"
    )

    def draw() -> go.Figure:
        ink = inks()
        figure = canvas(height=60 + 30 * len(rows))
        places = list(range(len(rows)))
        figure.add_waterfall(
            y=places,
            x=frame["step_amount"].to_list(),
            orientation="h",
            measure=["relative"] * (len(rows) - 1) + ["total"],
            text=[words.money(value) for value in frame["step_amount"]],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": ink.text},
            connector={"line": {"color": ink.border}},
            increasing={"marker": {"color": ink.series[1]}},
            totals={"marker": {"color": ink.series[0]}},
            hovertext=[f"{name}: {words.money_exact(value)}" for name, value, _ in rows],
            hoverinfo="text",
        )
        figure.update_yaxes(
            tickmode="array",
            tickvals=places,
            ticktext=frame["step_name"].to_list(),
            autorange="reversed",
            showgrid=False,
        )
        figure.update_xaxes(showticklabels=False, showgrid=False)
        figure.update_layout(margin_r=80)
        return figure

    jump = f" The greatest jump is {found.largest}: {words.money(found.steps[found.largest])}." if found.largest else ""
    times = f", {words.number(found.total / found.naive, places=1)} times as much" if found.naive > 0 else ""
    said = f"Naive scaling says {words.money(found.naive)}; production costs {words.money(found.total)}{times}.{jump}"
    look.note(said)
    chart_panel.show(
        visit,
        chart_panel.Picture(
            title, "money", frame, ["step_name", "step_amount", "because_text"], said, UNITS, NOTE, ("steps",)
        ),
        draw,
    )
    with st.container(key="panel_ai_steps"):
        look.title("What each step is for")
        tables.small(visit, frame, labels=LABELS, units=UNITS)


def _reliability(visit: Visit, world: World, case: UseCase) -> None:
    """Where the workflow stands, what it must reach, and the cheapest way there."""
    seen, (right, known) = reliability.seen_share(_counts(visit, case)), _decided(visit, case)
    is_judged = known >= LEAST_KNOWN
    otherwise = right / known if is_judged else float(world["ai_demo_success_share"].mean())
    first = seen if seen is not None else otherwise
    least, levers, words = reliability.least_share(world, case.action_risk), reliability.levers_of(world), visit.words
    ways, best = reliability.ways(first, levers), reliability.cheapest(first, levers, least)
    frame = pl.DataFrame(
        [(", ".join(one.codes) or "none", one.cost, one.success_share, one.success_share >= least) for one in ways],
        schema={
            "levers_text": pl.String,
            "lever_amount": pl.Float64,
            "success_share": pl.Float64,
            "is_enough": pl.Boolean,
        },
        orient="row",
    )
    share = words.share(first)
    today = f"Today {share} go right, by the work log: taken as they were or edited, less errors."
    if seen is None and is_judged:
        today = f"No answered case stands in the work log; of {known:,} decisions whose outcome is known {right:,} were right ({share})."
    elif seen is None:
        today = f"No answered case stands in the work log, so demo grade is assumed (grade C): {share} go right."
    with st.container(key="panel_ai_reliability"):
        look.title(
            "What makes it reliable",
            f"{case.name}: {case.action_risk} risk, at least {words.share(least)} must go right",
        )
        look.note(f"{today} {_best_said(visit, first, least, best)}")
        tables.small(visit, frame, labels=LABELS, units=UNITS)
        told = pl.DataFrame(
            [(reliability.LEVERS[one.code], one.cost, one.share) for one in levers],
            schema={"lever_name": pl.String, "lever_amount": pl.Float64, "taken_share": pl.Float64},
            orient="row",
        )
        tables.small(visit, told, title="The levers", labels=LABELS, units=UNITS)
        look.note(
            "Sets that another one beats are left out. Cost and effect of levers are house estimates (grade: assumption) until own tests "
            "replace them."
        )
        with st.container(horizontal=True, gap="small", key="tools_ai_reliability"):
            export.buttons(
                visit, frame, name="reliability", title="What makes it reliable", key="export_ai_reliability",
                labels=LABELS, units=UNITS,
            )  # fmt: skip


def _best_said(visit: Visit, first: float, least: float, best: reliability.Chosen | None) -> str:
    if first >= least:
        return "That is enough; no lever is needed."
    if best is None:
        return (
            "All levers together do not reach it: keep a person in charge of every case, or choose a narrower workflow."
        )
    words = visit.words
    return f"The cheapest way there: {', '.join(best.codes)}, {words.money(best.cost)} once, to {words.share(best.success_share)}."


def _decided(visit: Visit, case: UseCase) -> tuple[int, int]:
    """Decisions of the use case whose outcome is known: how many were right, and how many there are."""
    found = mart(visit, TRUST, where={"use_case_id": case.use_case_id}) if has_rows(visit, TRUST) else None
    if found is None or not found.height:
        return 0, 0
    return int(found["right_count"][0] or 0), int(found["known_count"][0] or 0)


def _counts(visit: Visit, case: UseCase) -> dict[str, float | None]:
    """Answers of the last whole months in the work log, summed."""
    if not has_rows(visit, VOLUMES):
        return {}
    found = mart(
        visit, VOLUMES, where={"use_case_id": case.use_case_id, "is_over": True}, order_by=("month_date",)
    ).tail(LAST_MONTHS)
    return {name: float(found[name].cast(pl.Float64).sum() or 0) for name in COUNTS}
