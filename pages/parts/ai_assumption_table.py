"""Every assumption as a row: value, range, source and grade, own beside packaged, and how much it moves the answer."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from decisions.acts import Acted
from decisions.desk import Desk
from models.ai_economics.dependence import by_grade
from pages.parts import address, charts, empty, look, tables
from pages.parts.ask import ask, has_rows, mart
from pages.parts.page import Visit
from pipelines.assumptions import assumptions

SOURCE, DEPENDS, TORNADO, PLANNED = (
    "raw.assumptions",
    "scores.ai_dependences",
    "scores.ai_sensitivities",
    "scores.ai_cost_months",
)
EVERY = "all"
GRADES = {
    "A": "A official",
    "B": "B vendor or textbook",
    "C": "C unverified",
    "assumption": "assumption, no published source",
    "known": "contracts, and the reserve",
}
COLOURS = {"A": "green", "B": "blue", "C": "orange", "assumption": "red"}
ROWS_SQL = """
    with
    moved as (
        select assumption_name, count(*) as moved_count from scores.ai_dependences
        where coalesce(elasticity_number, 1) <> 0 or coalesce(change_amount, 0) <> 0
        group by assumption_name
    ),
    swung as (
        select assumption_name, swing_amount from scores.ai_sensitivities where use_case_id = '*'
    )
    select held.*, coalesce(moved.moved_count, 0) as moved_count, swung.swing_amount
    from raw.assumptions as held
    left join moved on moved.assumption_name = held.assumption_name
    left join swung on swung.assumption_name = held.assumption_name
    order by swung.swing_amount desc nulls last, held.assumption_name
"""
# With the pixels that each takes: value and grade can be seen on a phone too; the picked one is told in full under the table.
COLUMNS = {
    "assumed_number": 80, "source_grade": 105, "meaning_text": 390, "low_number": 80, "high_number": 80, "unit_name": 225,
    "own_text": 200, "packaged_number": 110, "swing_amount": 140, "moved_count": 100, "distribution_name": 100, "owner_name": 120,
    "source_text": 320, "source_date": 105, "assumption_name": 260,
}  # fmt: skip
LABELS = {
    "meaning_text": "What is assumed",
    "assumed_number": "Value",
    "low_number": "Lowest",
    "high_number": "Highest",
    "unit_name": "Unit",
    "source_grade": "Grade",
    "own_text": "Own value",
    "packaged_number": "Packaged value",
    "swing_amount": "Moves the worth by",
    "moved_count": "Moves lines",
    "distribution_name": "Distribution",
    "owner_name": "Owner",
    "source_text": "Source",
    "source_date": "As of",
    "assumption_name": "Name",
}
NOTE = (
    "Moves the worth by: how far the net present value of the AI programme swings from its tenth to its ninetieth percentile; "
    "empty where it is not among those that go with the worth most. Moves lines: cost lines and benefits of the plan, "
    "and figures of placement, that move with it. "
    "Grades: A official, B vendor or textbook, C unverified, assumption: no source was found."
)


def rows(visit: Visit, desk: Desk) -> pl.DataFrame:
    """Every assumption with what people have said since the build; those that move the worth most come first."""
    found = ask(visit, ROWS_SQL)
    own = desk.book.ai.overrides
    told = [row | live(row, own.get(row["assumption_name"])) for row in found.iter_rows(named=True)]
    return pl.DataFrame(told, schema={**found.schema, "own_text": pl.String}, orient="row")


def live(row: Mapping[str, Any], act: Acted | None) -> dict[str, Any]:
    """What people have said of an assumption since the build, as the cells that differ; with whose word it is."""
    if act is not None:
        said, value = act.payload, float(act.payload["value"])
        is_newer = not row["is_own"] or row["assumed_number"] != value
        return {
            "assumed_number": value, "low_number": float(said.get("low", value)), "high_number": float(said.get("high", value)),
            "is_own": True, "author_name": act.who, "reason_text": said.get("reason", ""), "source_grade": said.get("grade", "assumption"),
            "own_text": f"{act.who}: {said.get('reason', '')}" + (" (from the next refresh on)" if is_newer else ""),
        }  # fmt: skip
    if row["is_own"]:
        packaged = [
            entry
            for entry in assumptions()
            if entry.name == row["assumption_name"] and entry.value == row["packaged_number"]
        ]
        ends = {"low_number": packaged[-1].low, "high_number": packaged[-1].high} if packaged else {}
        return {
            "assumed_number": row["packaged_number"],
            "is_own": False,
            "own_text": "taken back, from the next refresh on",
            **ends,
        }
    return {"own_text": ""}


def head(visit: Visit) -> None:
    """Draws what the plan's cost rests on by grade, and which assumptions move the worth most."""
    if visit.build is None or not has_rows(visit, DEPENDS) or not has_rows(visit, PLANNED):
        empty.nothing("No AI programme is planned, so nothing of it rests on an assumption yet.", key="ai_rests",
                      fix="Take a use case up on the page Use cases, then refresh.")  # fmt: skip
        return
    left, right = st.columns(2)
    with left, st.container(key="panel_ai_grades"):
        look.title("What the planned cost rests on", "each line shared among what moves it")
        sums = by_grade_of(visit)
        whole = sum(sums.values())
        said = {GRADES.get(grade, grade): amount for grade, amount in sorted(sums.items(), key=lambda one: -one[1])}
        look.pairs(
            {name: f"{visit.words.share(amount / whole)}, {visit.words.money(amount)}" for name, amount in said.items()}
        )
        look.note("Replace what carries no source with your own value, the largest first.")
    with right:
        swings(visit)


def by_grade_of(visit: Visit) -> dict[str, float]:
    """The planned cost of the programme by the grade of the assumptions that move it, reporting currency."""
    planned = ask(
        visit,
        "select cost_line_name, sum(planned_amount) as planned_amount from scores.ai_cost_months group by cost_line_name",
    )
    costs = {name: float(amount) for name, amount in planned.sort("cost_line_name").iter_rows()}
    return by_grade(mart(visit, DEPENDS), grades(visit), costs)


def grades(visit: Visit) -> dict[str, str]:
    """The grade of each number: assumptions by name, and those of use cases by the grade that their definition gives itself."""
    from pages.parts import ai_cost_world

    found = dict(mart(visit, SOURCE, columns=("assumption_name", "source_grade")).iter_rows())
    by_case = {case.use_case_id: case.grade for case in ai_cost_world.use_cases(visit)}
    names = mart(visit, DEPENDS, columns=("assumption_name",))["assumption_name"].unique().to_list()
    return found | {name: by_case[name.split(".")[0]] for name in names if name.split(".")[0] in by_case}


def swings(visit: Visit) -> None:
    """The assumptions that move the worth of the whole programme most."""
    if not has_rows(visit, TORNADO):
        return
    found = mart(visit, TORNADO, where={"use_case_id": "*"}, order_by=("-swing_amount", "assumption_name"), limit=8)
    found = found.with_columns(said=pl.col("assumption_name").map_elements(called, return_dtype=pl.String))
    charts.bars(visit, found, x="said", y="swing_amount", title="What moves the answer most", unit="money", limit=8,
                note="Swing of the programme's net present value over the middle 80 per cent of each.")  # fmt: skip


def called(name: str) -> str:
    """A number's name in words.

    >>> called("ai_some_cost"), called("UC3.review_share")
    ('some cost', 'UC3: review share')
    """
    case, _, part = name.rpartition(".")
    said = part.removeprefix("ai_").replace("_", " ")
    return f"{case}: {said}" if case else said


def table(visit: Visit, desk: Desk) -> dict[str, Any] | None:
    """Draws the assumptions that pass the filters and gives the picked one: the row clicked, that of the address, else the first."""
    if visit.build is None or not has_rows(visit, SOURCE):
        empty.nothing("Nothing is assumed yet.", key="ai_assumptions", fix="Refresh once on the Upload page.")
        return None
    found = rows(visit, desk)
    with st.container(horizontal=True, gap="small", key="ai_assumption_filters"):
        grade = st.selectbox(
            "Grade", (EVERY, *list(GRADES)[:4]), format_func=lambda one: GRADES.get(one, one), key="ai_assumption_grade"
        )
        owner = st.selectbox(
            "Owner", (EVERY, *sorted(found["owner_name"].unique().to_list())), key="ai_assumption_owner"
        )
        words = st.text_input("Search", key="ai_assumption_search").strip().lower()
        own = st.toggle("Own values only", key="ai_assumption_own")
    found = passing(found, grade=grade, owner=owner, words=words, is_own=own)
    picked = tables.show(visit, found, name="ai_assumptions", title="What is assumed", columns=COLUMNS, labels=LABELS, source=SOURCE,
                         pick=True, note=NOTE)  # fmt: skip
    if found.is_empty():
        return None
    if picked is not None:
        address.write("assumption", [picked["assumption_name"]])
    names = found["assumption_name"].to_list()
    name = address.value("assumption", names, names[0])
    return found.row(names.index(name), named=True)


def passing(
    found: pl.DataFrame, *, grade: str = EVERY, owner: str = EVERY, words: str = "", is_own: bool = False
) -> pl.DataFrame:
    """The rows of a grade, of an owner, with these words in name, meaning or source, and own ones alone where that is wished."""
    if grade != EVERY:
        found = found.filter(pl.col("source_grade") == grade)
    if owner != EVERY:
        found = found.filter(pl.col("owner_name") == owner)
    for word in words.split():
        text = pl.concat_str(
            "assumption_name", "meaning_text", "source_text", separator=" ", ignore_nulls=True
        ).str.to_lowercase()
        found = found.filter(text.str.contains(word, literal=True))
    return found.filter(pl.col("is_own")) if is_own else found
