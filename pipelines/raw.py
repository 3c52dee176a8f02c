"""The tables of what came: the company, its files and loads, the rows set aside, and people's acts."""

from typing import Any

from pipelines import access, assumptions, registers, roadmap, site_lines, techniques, use_cases
from pipelines.ai_closes import text_of
from pipelines.check import Part
from pipelines.force import Load, Moment
from store.company import Company
from store.warehouse import Draft

FILES = "file_hash varchar, file_name varchar, size_bytes bigint, line_count bigint, landed_at timestamptz"
LOADS = (
    "load_id varchar, file_hash varchar, file_name varchar, source varchar, contract varchar, lines_in bigint, "
    "accepted bigint, set_aside bigint, ignored bigint, loaded_at timestamptz, who varchar"
)
ACTS = (
    'act_no bigint, act_id varchar, kind varchar, subject varchar, who varchar, "at" timestamptz, payload_text varchar'
)
FILE_FACTS = ("file_hash", "file_name", "size_bytes", "line_count")
ACT_FACTS = ("act_no", "act_id", "kind", "subject", "who", "at")


def make(draft: Draft, company: Company, loads: list[Load], acts: list[dict], moment: Moment) -> None:
    """The raw tables, made in the draft."""
    draft.execute(
        "create table raw.company as select ? as company_name, ? as company_title, ? as reporting_currency, ? as timezone_name, "
        "cast(? as integer) as week_start, cast(? as integer) as fiscal_year_start_month, ? as is_demo, "
        "cast(timezone(?, cast(? as timestamptz)) as date) as as_of_date, cast(? as timestamptz) as as_of_at, "
        "? as is_cut",
        [
            company.name,
            company.company_title,
            company.reporting_currency,
            company.timezone_name,
            company.week_start,
            company.fiscal_year_start_month,
            company.is_demo,
            company.timezone_name,
            moment.as_of,
            moment.as_of,
            moment.cuts,
        ],
    )
    assumptions.make(draft, draft.query("select as_of_date from raw.company").item(), acts, company.timezone_name)
    roadmap.make(draft)
    for said_by_acts in (use_cases, registers, site_lines, techniques, access):
        said_by_acts.make(draft, acts)
    draft.execute(
        "create table raw.set_aside (load_id varchar, contract varchar, line_no bigint, reason_no bigint, file_name varchar, "
        "column_name varchar, value_text varchar, reason varchar, fix varchar, row_values map(varchar, varchar))"
    )
    landed = ([*(load.payload[name] for name in FILE_FACTS), load.loaded_at] for load in loads)
    draft.fill("raw.files", landed, FILES)
    draft.fill("raw.loads", (_loaded(load, part) for load in loads for part in load.checked.parts), LOADS)
    for load in loads:
        if load.checked.set_aside_path:
            draft.execute(
                "insert into raw.set_aside select ?, contract, line_no, reason_no, ?, column_name, value_text, reason, fix, row_values "
                "from read_parquet(?)",
                [load.load_id, load.payload["file_name"], str(load.checked.set_aside_path)],
            )
    decided = ([*(act[name] for name in ACT_FACTS), text_of(act["payload"])] for act in acts)
    draft.fill("raw.acts", decided, ACTS)


def _loaded(load: Load, part: Part) -> list[Any]:
    said = [load.payload[name] for name in ("file_hash", "file_name", "source")]
    counts = [part.lines_in, part.accepted, part.set_aside, part.ignored]
    return [load.load_id, *said, part.contract, *counts, load.loaded_at, load.who]
