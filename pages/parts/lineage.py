"""Which file feeds which table and number, read off the SQL itself, and what each table promises."""

import polars as pl
import streamlit as st

from metrics.definition import definitions
from pages.parts import look, tables
from pages.parts.ask import ask
from pages.parts.page import Visit
from pipelines.graph import graph
from pipelines.table import Table

COUNTS = "select schema_name || '.' || table_name as table_name, estimated_size as row_count from duckdb_tables()"

FILES = """
select contract, file_name, load_id, accepted, set_aside, loaded_at from raw.loads
where list_contains(?, contract) and accepted > 0 order by loaded_at desc
"""


def guarantees(visit: Visit) -> None:
    """Draws every table: its question, grain and key, and the checks that held for every row of this build."""
    counts = dict(ask(visit, COUNTS).iter_rows()) if visit.build is not None else {}
    rows = [
        {
            "table": table.name,
            "answers": table.answers,
            "grain": table.grain,
            "key": ", ".join(table.key),
            "row_count": counts.get(table.name),
            "checks": "; ".join(table.checks),
        }
        for table in graph().values()
    ]
    labels = {
        "table": "Table",
        "answers": "Answers",
        "grain": "Grain",
        "key": "Key (unique, never empty)",
        "row_count": "Rows",
        "checks": "True for every row",
    }
    note = "Every build is held to these promises before it is published; a build that breaks one is never read."
    tables.show(
        visit,
        pl.DataFrame(rows),
        name="guarantees",
        title="Tables and what they promise",
        labels=labels,
        units={"row_count": "count"},
        note=note,
    )


def board(visit: Visit) -> None:
    """Draws the way from files to a picked number or table, both up and down."""
    names = [*(f"metric: {name}" for name in definitions()), *graph()]
    picked = st.selectbox("Where does this come from?", names, key="lineage_of", bind="query-params")
    metric = picked.removeprefix("metric: ") if picked.startswith("metric: ") else None
    target = definitions()[metric].reads if metric else picked
    edges = upstream(target)
    if metric:
        edges.append((target, picked))
    else:
        edges += [(target, name) for name, table in graph().items() if target in table.reads]
        edges += [(target, f"metric: {name}") for name, metric_ in definitions().items() if metric_.reads == target]
    st.mermaid_chart(diagram(edges), alt=f"Lineage of {picked}: " + ", ".join(f"{a} feeds {b}" for a, b in edges))
    if visit.build is None:
        return
    sources = sorted({a.removeprefix("staging.") for a, _ in edges if a.startswith("staging.")})
    files = ask(
        visit,
        FILES,
        (sources,),
    )
    tables.show(visit, files, name="lineage_files", title="Files behind it", source="raw.loads")
    if target in graph():
        if graph()[target].sql:
            with st.expander("The SQL that makes it", icon=":material/code:"):
                st.code(graph()[target].sql, language="sql")
        look.note(graph()[target].why)


def upstream(target: str) -> list[tuple[str, str]]:
    """Every step from the landed extracts to a table, as pairs (feeds, fed).

    >>> ("staging.order_lines", "core.order_lines") in upstream("core.order_lines")
    True
    """
    known: dict[str, Table] = graph()
    edges: list[tuple[str, str]] = []
    waiting, seen = [target], {target}
    while waiting:
        name = waiting.pop()
        for read in sorted(known[name].reads if name in known else ()):
            if read == "raw.company":
                continue
            edges.append((read, name))
            if read not in seen:
                seen.add(read)
                waiting.append(read)
    return edges


def diagram(edges: list[tuple[str, str]]) -> str:
    """The pairs as a Mermaid flow chart, left to right."""
    names = {name: f"n{place}" for place, name in enumerate(dict.fromkeys(name for edge in edges for name in edge))}
    boxes = [f'  {key}["{name}"]' for name, key in names.items()]
    return "\n".join(["flowchart LR", *boxes, *(f"  {names[a]} --> {names[b]}" for a, b in edges)])
