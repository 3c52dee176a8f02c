"""The registers as people see them: how each row stands now, what shows it, what the data say to it, and what it costs; red rows first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from decisions import levels
from decisions.acts import Acted
from decisions.desk import Desk
from models.ai_economics.register_verdict import NOT_COUNTED, RED, VERDICTS, month_cost
from pages.parts import address, empty, kpi, look, register_row, tables
from pages.parts.ask import has_rows, mart
from pages.parts.chosen import Chosen
from pages.parts.page import Visit

SOURCE = "marts.registers"
EVERY = "all"
NUMBERS = ("register_rows_in_place", "register_rows_red")
COLUMNS = {
    "verdict_code": 120, "row_name": 230, "register_name": 150, "owner_name": 150, "found_text": 330, "tested_date": 110,
    "evidence_text": 200, "look_again_date": 110, "monthly_cost": 100, "kept_text": 150, "area_name": 150, "mitigation_text": 260,
    "failure_text": 260, "asked_text": 260, "needed_number": 80, "held_number": 80, "unit_name": 100,
}  # fmt: skip
LABELS = {
    "verdict_code": "Stands",
    "row_name": "What",
    "register_name": "Register",
    "owner_name": "Answers for it",
    "found_text": "What the data show",
    "tested_date": "Tested last",
    "evidence_text": "Evidence",
    "look_again_date": "Look again by",
    "monthly_cost": "Cost a month",
    "kept_text": "Kept by",
    "area_name": "Area",
    "mitigation_text": "Done against it",
    "failure_text": "How it goes wrong",
    "asked_text": "What it asks for",
    "needed_number": "Needed",
    "held_number": "There",
    "unit_name": "Counted in",
}
MEANT = (
    "In place: the data of this build show it, or somebody has named what shows it and looked at it in time. "
    "Contradicted: said to be in place, and the data say otherwise. Overdue: its day to look again has passed. "
    "Not applicable: nothing runs yet that needs it. Tested last: by the data of this build, or by whoever looked at it."
)


def rows(visit: Visit, desk: Desk) -> pl.DataFrame:
    """Every row of every register with what people have said since the build; those that were red in the build first.

    A row that is kept stays in its place until the next refresh, so that the one that is looked at does not change under the hand.
    """
    if visit.build is None or not has_rows(visit, SOURCE):
        return pl.DataFrame()
    rows = mart(visit, SOURCE, order_by=("register_code", "row_code"))
    found = rows.sort(tables.in_order("verdict_code", VERDICTS), maintain_order=True)
    kept = desk.book.registers
    told = [
        row | live(row, last_of(kept.get(f"{row['register_code']}/{row['row_code']}", ())))
        for row in found.iter_rows(named=True)
    ]
    schema: dict[str, Any] = {**found.schema, "kept_text": pl.String, "is_newer": pl.Boolean}
    is_checked = pl.col("found_code").is_in(["in place", "contradicted"])
    tested = pl.when(is_checked).then("as_of_date").otherwise("reviewed_date")
    return pl.DataFrame(told, schema=schema, orient="row").with_columns(tested_date=tested)


def last_of(acts: Sequence[Acted]) -> Acted | None:
    """The last of the acts; None where there is none."""
    return acts[-1] if acts else None


def live(row: Mapping[str, Any], act: Acted | None) -> dict[str, Any]:
    """What an act says of a row, as the cells that differ from those of the build, with the verdict that follows."""
    if act is None:
        return {"kept_text": "", "is_newer": False}
    said = act.payload
    looked = dt.date.fromisoformat(said["reviewed_on"]) if said["reviewed_on"] else None
    cost = None if said["monthly_cost"] is None else Decimal(said["monthly_cost"]).quantize(Decimal("0.0001"))
    stands = levels.stands(row, said)
    return {
        "stated_code": said["status"],
        "owner_name": said["owner"],
        "evidence_text": said["evidence"],
        "reviewed_date": looked,
        "look_again_date": levels.look_again(row, said),
        **_costs(row, cost, said["held"], stands),
        "held_number": said["held"],
        "verdict_code": stands,
        "is_red": stands in RED,
        "has_act": True,
        "author_name": act.who,
        "reason_text": said["reason"],
        "kept_at": act.at,
        "kept_text": act.who,
        "is_newer": row["kept_at"] is None or act.at > row["kept_at"],
    }


def _costs(row: Mapping[str, Any], said: Decimal | None, held: float | None, stands: str) -> dict[str, Any]:
    """What a row costs a month and what that rests on: what was said, else the days that are missing, else nothing."""
    if stands == "not applicable":
        return {"monthly_cost": None, "cost_basis_text": ""}
    day_cost = None if row["is_needed"] is False else row["day_cost"]
    cost, basis = month_cost(said, row["needed_number"], held, day_cost)
    return {"monthly_cost": cost, "cost_basis_text": basis}


def total_cost(found: pl.DataFrame, codes: Sequence[str] | None = None) -> Decimal:
    """What the rows cost a month, of these registers or of all; those that nobody can say count for nothing."""
    mine = found if codes is None else found.filter(pl.col("register_code").is_in(list(codes)))
    return sum((cost for cost in mine["monthly_cost"].to_list() if cost is not None), Decimal(0))


def cost_said(visit: Visit, found: pl.DataFrame) -> str:
    """What the rows cost a month in words, and how many of them nobody has counted yet."""
    open_ones = found.filter(pl.col("cost_basis_text") == NOT_COUNTED).height
    said = f"{visit.words.money(total_cost(found))}, as far as rows name one"
    return f"{said}; {visit.words.plural(open_ones, 'row')} of missing days not counted yet" if open_ones else said


def counts(found: pl.DataFrame) -> dict[str, int]:
    """Verdict → how many rows stand so, the worst first; those that no row has are left out."""
    codes = found["verdict_code"].to_list()
    return {code: codes.count(code) for code in VERDICTS if code in codes}


def head(visit: Visit, found: pl.DataFrame) -> None:
    """Draws how many rows stand how, and what all registers cost a month."""
    if found.is_empty() or visit.as_of is None:
        empty.nothing("No register was built yet.", key="registers", fix="Refresh once on the Upload page.")
        return
    kpi.strip(visit, Chosen(visit.as_of, visit.as_of), list(NUMBERS))
    with st.container(key="panel_registers_head"):
        look.title("How the registers stand", visit.words.plural(found.height, "row"))
        with st.container(horizontal=True, gap="small"):
            for code, count in counts(found).items():
                register_row.badge(code, f"{count} {code}")
        words = visit.words
        look.pairs(
            {
                "Cost a month": f"{cost_said(visit, found)}; house estimates until somebody keeps the row",
                "Never kept by anybody": words.plural(found.filter(~pl.col("has_act")).height, "row"),
            }
        )
        if newer := found.filter(pl.col("is_newer")).height:
            look.note(
                f"{words.plural(newer, 'row')} kept since the last refresh; the cards above count them with the next one."
            )


def board(visit: Visit, desk: Desk, found: pl.DataFrame, codes: Sequence[str]) -> None:
    """Draws the rows of these registers, the picked one in full, its history, and the form that keeps it."""
    if found.is_empty():
        return
    mine = found.filter(pl.col("register_code").is_in(list(codes)))
    shown = _passing(mine)
    picked = tables.show(
        visit, shown, name=f"register_{codes[0]}", title=_title(visit, mine), columns=_columns(shown), labels=LABELS,
        units={"verdict_code": "verdict"}, source=SOURCE, pick=True, note=MEANT,
    )  # fmt: skip
    if shown.is_empty():
        return
    names = [f"{row['register_code']}/{row['row_code']}" for row in shown.iter_rows(named=True)]
    if picked is not None:
        address.write("row", [f"{picked['register_code']}/{picked['row_code']}"])
    _say_unknown(found)
    name = address.value("row", names, names[0])
    register_row.panel(visit, desk, shown.row(names.index(name), named=True))


def _say_unknown(found: pl.DataFrame) -> None:
    """Says so where the address names a row that no register has; one that stands on another tab or is filtered out is known."""
    wanted = address.values("row")[-1:]
    known = {f"{register}/{row}" for register, row in found.select("register_code", "row_code").iter_rows()}
    for name in set(wanted) - known:
        look.note(f"There is no row {name} in these registers; the first one is shown.")


def _passing(mine: pl.DataFrame) -> pl.DataFrame:
    """The rows that a person wants to see: all of them, those that are red, or those of one owner."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="register_filters"):
        stands = st.selectbox("Stands", (EVERY, "red", *counts(mine)), key="register_stands")
        owner = st.selectbox(
            "Answers for it", (EVERY, *sorted(set(mine["owner_name"].to_list()))), key="register_owner"
        )
    if stands != EVERY:
        mine = mine.filter(pl.col("is_red") if stands == "red" else pl.col("verdict_code") == stands)
    return mine if owner == EVERY else mine.filter(pl.col("owner_name") == owner)


def _title(visit: Visit, mine: pl.DataFrame) -> str:
    cost = total_cost(mine)
    names = ", ".join(dict.fromkeys(mine["register_name"].to_list())).capitalize()
    return f"{names}: {visit.words.money(cost)} a month" if cost else names


def _columns(shown: pl.DataFrame) -> dict[str, int]:
    """The columns that say anything of these rows, with their widths."""
    empty_ones = {
        name for name in COLUMNS if name in shown.columns and all(cell in (None, "") for cell in shown[name].to_list())
    }
    return {name: width for name, width in COLUMNS.items() if name not in empty_ones}
