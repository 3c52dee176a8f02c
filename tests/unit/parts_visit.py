"""A visit to a company of a dozen order lines, small enough to check by hand, for the tests of the drawing kit."""

from pages.parts.page import Viewer, Visit
from pipelines.contract import contracts
from store.company import Company, create_company
from store.warehouse import Draft, current_build

LINES = """
    select * from (values
        ('O1', '1', 'LYO', 'Lyon',   'Belts',             date '2026-11-02', true,  100.00, 'a'),
        ('O1', '2', 'LYO', 'Lyon',   'Belts',             date '2026-11-02', false,  50.00, '=1+1'),
        ('O2', '1', 'LYO', 'Lyon',   'Seals <b>& co</b>', date '2026-11-03', true,   25.50, null),
        ('O3', '1', 'BER', 'Berlin', 'Belts',             date '2026-11-10', true,  200.00, 'c'),
        ('O4', '1', 'BER', 'Berlin', 'Belts',             date '2026-10-20', false,  80.00, 'd'),
        ('O5', '1', 'BER', 'Berlin', null,                date '2026-11-13', null,    null, 'e')
    ) t (order_id, line_key, site_id, site_name, category_name, ordered_date, is_in_full, net_amount, note_text)
"""


def begin(draft: Draft, *, set_aside: int = 0) -> None:
    """The schemas of a build, the facts of build b1, and its one load: six order lines that were accepted, and so many set aside."""
    for schema in ("raw", "core", "marts", "scores"):
        draft.execute(f"create schema {schema}")
    draft.execute(
        "create table raw.build as select 'b1' as build_id, timestamptz '2026-11-14 10:00:00+00' as built_at,"
        " date '2026-11-14' as as_of_date, ? as set_aside_count",
        [set_aside],
    )
    draft.execute(
        "create table raw.loads as select 'L1' as load_id, 'lines.csv' as file_name, 'order_lines' as contract,"
        " 'generic' as source, 6 + ? as lines_in, 6 as accepted, ? as set_aside, 0 as ignored,"
        " timestamptz '2026-11-14 09:00:00+00' as loaded_at, 'ana' as who",
        [set_aside, set_aside],
    )


def grown(name: str = "acme", **settings: str | int | bool) -> Company:
    """A company with a published build over those lines; its data reaches to 14 November 2026."""
    company = create_company(name, company_title="Acme <Ltd>", **settings)
    with Draft(company) as draft:
        begin(draft, set_aside=2)
        for contract in (each for name, each in contracts().items() if name not in ("sites", "skus")):
            columns = ", ".join(f"{column.name} {column.sql_type}" for column in contract.columns)
            draft.execute(f"create table core.{contract.name} ({columns})")
        draft.execute("insert into core.order_lines (order_id, ordered_qty, shipped_qty) values ('O1', 1, 1)")
        draft.execute(
            "create table core.sites as select * from (values ('LYO', 'Lyon'), ('BER', 'Berlin')) t (site_id, site_name)"
        )
        draft.execute("create table core.skus as select unnest(['Belts', 'Seals <b>& co</b>']) as category_name")
        draft.execute(
            "create table marts.order_lines as select *, ordered_date as fill_date, date '2026-11-14' as as_of_date,"
            " true as is_service_line, true as is_goods, false as is_return, false as is_cancelled,"
            " cast(ordered_date as timestamptz) as ordered_at, cast(net_amount as decimal(18, 4)) as amount,"
            f" 'L1' as load_id, 1 as line_no from ({LINES})"
        )
        draft.execute("alter table marts.order_lines alter net_amount type decimal(18, 4)")
        draft.publish("b1")
    return company


def visit_to(company: Company, here: str = "orders") -> Visit:
    """Ana's visit to the company's current build."""
    return Visit(company, current_build(company), Viewer("ana", roles=frozenset({"analyst"})), here=here)
