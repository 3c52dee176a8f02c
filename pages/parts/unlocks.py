"""What the extracts that were brought make possible, and what one more would."""

import polars as pl
import streamlit as st

from pages.parts import look, tables
from pages.parts.ask import ask
from pages.parts.page import Visit
from pipelines.contract import Contract, contracts


def landed(visit: Visit) -> dict[str, int]:
    """Accepted rows by contract in this build."""
    if visit.build is None:
        return {}
    rows = ask(
        visit,
        "select contract, cast(sum(accepted) as bigint) as row_count from raw.loads group by contract having sum(accepted) > 0",
    )
    return dict(rows.iter_rows())


def board(visit: Visit) -> None:
    """Draws the extracts in force with what they unlock, and the missing ones with what each would add."""
    have = landed(visit)
    rows = [
        {
            "extract": contract.title,
            "state": f"in force, {visit.words.count(have[name])} rows" if name in have else "not yet",
            "unlocks": ", ".join(contract.unlocks),
            "question": contract.question,
            "must_have": ", ".join(contract.required),
        }
        for name, contract in sorted(contracts().items(), key=lambda item: (item[0] in have, item[0]))
    ]
    labels = {
        "extract": "Extract",
        "state": "Here?",
        "unlocks": "What it unlocks",
        "question": "What it answers",
        "must_have": "Columns it must have",
    }
    tables.show(
        visit,
        pl.DataFrame(rows),
        name="unlocks",
        title="What your extracts unlock, and what one more would",
        labels=labels,
    )
    with st.container(key="panel_templates"):
        look.title("Templates")
        look.note("An empty file with the headings of an extract; columns that are not needed may be taken out.")
        picked = st.selectbox(
            "Extract", list(contracts()), format_func=lambda name: contracts()[name].title, key="template_of"
        )
        st.download_button(
            "Download template",
            template(contracts()[picked]),
            file_name=f"{picked}.csv",
            mime="text/csv",
            key="template",
            icon=":material/download:",
        )


def template(contract: Contract) -> str:
    """The headings of an extract as one line of CSV, needed columns first.

    >>> template(contracts()["carriers"]).startswith("carrier_id,")
    True
    """
    ordered = sorted(contract.columns, key=lambda column: not (column.required or column.name in contract.key))
    return ",".join(column.name for column in ordered) + "\n"
