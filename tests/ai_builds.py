"""Tables out of models and of the real SQL, put into the build of a company, so that the panels of AI can be drawn over them."""

from collections.abc import Mapping

import polars as pl

from pages.parts.page import Visit
from pipelines.scoring import types
from store.company import create_company
from store.warehouse import Draft
from tests.unit.parts_visit import begin, visit_to
from tests.worlds import World


def held(into: World, *names: str) -> dict[str, tuple[pl.DataFrame, dict[str, str]]]:
    """Tables of a world with the SQL types of their columns."""
    found = {}
    for name in names:
        described = into.query(f"describe {name}")
        kinds = dict(zip(described["column_name"], described["column_type"], strict=True))
        found[name] = into.query(f"select * from {name}"), kinds
    return found


def scored(tables: Mapping[str, pl.DataFrame]) -> dict[str, tuple[pl.DataFrame, dict[str, str]]]:
    """What a model wrote, typed as the pipeline would."""
    return {name: (frame, types(tuple(frame.columns))) for name, frame in tables.items()}


def built(tables: Mapping[str, tuple[pl.DataFrame, dict[str, str]]]) -> Visit:
    """A visit to the company `acme` whose build holds these tables and one use case; its data reach to 14 November 2026."""
    company = create_company("acme", company_title="Acme <Ltd>")
    with Draft(company) as draft:
        begin(draft)
        draft.execute("create table raw.company as select date '2026-11-14' as as_of_date")
        draft.execute("create table raw.use_cases as select 'UC3' as use_case_id, 'Order copilot' as use_case_name")
        for name, (frame, kinds) in tables.items():
            draft.take(name, frame, kinds)
        draft.publish("b1")
    return visit_to(company, here="value")
