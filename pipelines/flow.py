"""The path: a file is landed, its rows are checked, tables are built, the build is published, and everybody reads it."""

import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from errors import Refusal
from models.model import RIVAL_ONLY
from pipelines import access, build, force, graph, loads
from pipelines.answers import Answers
from pipelines.intake import Intake
from pipelines.loads import LandResult, Progress, examine, quiet
from pipelines.version import code_version
from store import landing, warehouse
from store.company import Company, only_writer
from store.ledger import Act, Ledger

# What the path itself records; all other acts are people's decisions and go into the next build.
OWN_KINDS = ("load", "refresh", "undo")


@dataclass(frozen=True)
class RefreshResult:
    """What came of a refresh; `is_unchanged` when the current build already holds exactly this."""

    build_id: str
    as_of: datetime
    input_hash: str
    content_hash: str
    set_aside: int
    seconds: float
    is_unchanged: bool


def ledger_of(company: Company) -> Ledger:
    """The company's ledger: a file in its folder, or its own part of the database that `CROSSDOCK_LEDGER_URL` names."""
    return Ledger.open(os.environ.get("CROSSDOCK_LEDGER_URL"), company.folder)


def land(
    company: Company,
    path: Path,
    *,
    who: str,
    file_name: str | None = None,
    source: str | None = None,
    contract: str | None = None,
    answers: dict | None = None,
    at: datetime | None = None,
    is_trusted: bool = False,
    progress: Progress = quiet,
) -> LandResult:
    """The file kept, read and checked; its accepted rows are in force from the next refresh on.

    Args:
        company: whose file it is.
        path: where the file lies now.
        who: identity from the front door.
        file_name: the name it was uploaded under.
        source, contract, answers: what the person knows about it; what is left out is recognised.
        at: the instant of landing (default: now).
        is_trusted: our own file; read in this process instead of a guarded child.
        progress: called with a fraction and a text.

    Errors: a Refusal; then the bytes stay kept and nothing is in force.
    """
    with only_writer(company):
        kept, found = examine(
            company,
            path,
            file_name=file_name,
            source=source,
            contract=contract,
            answers=answers,
            at=at,
            is_trusted=is_trusted,
            progress=progress,
        )
        return _put_in_force(company, kept, found, who=who, at=at)


def undo(company: Company, load_id: str, *, who: str) -> Act:
    """The act that takes a load out of force; the next refresh restores every number to what it was without it.

    Errors: a Refusal when there is no such load in force.
    """
    with only_writer(company):
        ledger = ledger_of(company)
        if load_id not in [act.payload["load_id"] for act in loads.in_force(ledger.acts())]:
            see = f"See them with: python -m pipelines status --company {company.name}"
            raise Refusal(f"Load {load_id} was not undone.", "No load in force has that id.", see)
        return ledger.append("undo", load_id, who, {"load_id": load_id})


def pin(company: Company, model_code: str, version: int | None, *, who: str, reason: str = "") -> Act:
    """The act that fixes a model's version from the next refresh on; 0 lets its rival speak, None takes the pin away.

    Errors: a Refusal for a model or a version that there is not.
    """
    known = graph.all_models()
    if model_code not in known:
        there = ", ".join(sorted(known))
        raise Refusal("Nothing was pinned.", f"There is no model {model_code}.", f"The models are: {there}.")
    versions = known[model_code].versions
    if version is not None and version != RIVAL_ONLY and version not in versions:
        there = ", ".join(f"{number} ({what})" for number, what in versions.items())
        raise Refusal(
            "Nothing was pinned.",
            f"The model {model_code} has no version {version}.",
            f"Its versions are: {there}; off lets {known[model_code].rival} speak, newest takes a pin away.",
        )
    with only_writer(company):
        return ledger_of(company).append("pin", model_code, who, {"version": version, "reason": reason})


def refresh(
    company: Company,
    *,
    who: str,
    as_of: date | None = None,
    is_forced: bool = False,
    at: datetime | None = None,
    progress: Progress = quiet,
) -> RefreshResult:
    """All tables built anew from the loads in force and published; the last build is read until the very end.

    Args:
        company: whose warehouse it is.
        who: identity from the front door.
        as_of: the day the build knows the world at (its end, in the company's time zone); default: the last event in the data.
        is_forced: build even if the current build already holds exactly this.
        at: the instant of the refresh (default: now).
        progress: called with a fraction and a text.
    """
    begun = time.perf_counter()
    with only_writer(company):
        ledger = ledger_of(company)
        acts = _with_access(company, ledger, who, at, progress)
        decided = [vars(act) for act in acts if act.kind not in OWN_KINDS]
        found = loads.checked_loads(company, acts, progress)
        with warehouse.Draft(company) as draft:
            moment = moment_of(company, build.last_event(draft, found), as_of)
            inputs = build.input_hash(found, decided, moment.as_of)
            current = warehouse.current_build(company)
            if current and not is_forced and current.facts()["input_hash"] == inputs:
                return _result(current, begun, is_unchanged=True)
            kept = Answers(company.answers, thinks_anew=is_forced)
            content = build.make(draft, company, found, decided, moment, progress=progress, answers=kept)
            build_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"[:-3] + f"-{content[:8]}"
            sign(draft, build_id, at or datetime.now(UTC), moment.as_of, inputs, content)
            progress(1.0, f"publishing {build_id}")
            published = draft.publish(build_id)
        result = _result(published, begun, is_unchanged=False)
        said = {"build_id": build_id, "as_of": moment.as_of.isoformat(), "input_hash": inputs, "content_hash": content}
        ledger.append("refresh", build_id, who, said, at=at)
        return result


def status(company: Company) -> dict:
    """Where the company stands, as plain values: its build, its loads and whether they are in it, and the ledger's soundness."""
    ledger = ledger_of(company)
    acts = ledger.acts()
    current = warehouse.current_build(company)
    facts = current.facts() if current else None
    built_from = set(current.query("select distinct load_id from raw.loads")["load_id"]) if current else set()
    return {
        "company": company.name,
        "company_title": company.company_title,
        "build": facts,
        "loads": loads.listed(acts, built_from),
        "needs_refresh": _differs(current, loads.in_force(acts)) if current else bool(loads.in_force(acts)),
        "ledger": asdict(ledger.verify()),
    }


def is_refresh_due(company: Company) -> bool:
    """Whether the current build was made of other loads than those in force, or by other code."""
    current = warehouse.current_build(company)
    if current is None:
        return bool(loads.in_force(ledger_of(company).acts()))
    return _differs(current, loads.in_force(ledger_of(company).acts()))


def _with_access(company: Company, ledger: Ledger, who: str, at: datetime | None, progress: Progress) -> list[Act]:
    """All acts, with one more where the roles that people hold differ from what was noted last."""
    acts = ledger.acts()
    try:
        held = access.news(company, [act.payload for act in acts if act.kind == access.KIND])
    except Refusal as refusal:
        progress(0.0, str(refusal))
        return acts
    return acts if held is None else [*acts, ledger.append(access.KIND, company.name, who, held, at=at)]


def _differs(current: warehouse.Build, wanted: list[Act]) -> bool:
    built_from = set(current.query("select distinct load_id from raw.loads")["load_id"])
    return built_from != {act.payload["load_id"] for act in wanted} or current.facts()["code_version"] != code_version()


def _put_in_force(
    company: Company, kept: landing.Landed, found: Intake, *, who: str, at: datetime | None
) -> LandResult:
    ledger = ledger_of(company)
    acts = ledger.acts()
    said = (kept.file_name, kept.file_hash, loads.source_name(found), found.because, found.parts)
    for act in loads.in_force(acts):
        if act.payload["file_hash"] == kept.file_hash and act.payload["sheets"] == list(found.sheets):
            return LandResult(act.payload["load_id"], *said, is_repeat=True)
    load_id = f"{sum(act.kind == 'load' for act in acts) + 1:05d}-{kept.file_hash[:8]}"
    ledger.append("load", load_id, who, loads.load_payload(load_id, kept, found), at=at)
    return LandResult(load_id, *said, is_repeat=False)


def moment_of(company: Company, last: datetime | None, as_of: date | None) -> force.Moment:
    """The moment that a build knows the world at: the end of a day in the company's time zone, or where none is named the last event."""
    if as_of is None:
        return force.Moment(last or datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0), cuts=False)
    end = datetime(as_of.year, as_of.month, as_of.day, tzinfo=ZoneInfo(company.timezone_name)) + timedelta(
        days=1, microseconds=-1
    )
    return force.Moment(end.astimezone(UTC), cuts=last is not None and end < last)


def sign(draft: warehouse.Draft, build_id: str, built_at: datetime, as_of: datetime, inputs: str, content: str) -> None:
    """`raw.build` in a draft: what is known of the build itself."""
    draft.execute(
        """
        create table raw.build as select
            ? as build_id, cast(? as timestamptz) as built_at, as_of_date, cast(? as timestamptz) as as_of_at,
            ? as input_hash, ? as content_hash, ? as code_version,
            (select count(*) from (select distinct load_id, contract, line_no from raw.set_aside)) as set_aside_count
        from raw.company
        """,
        [build_id, built_at, as_of, inputs, content, code_version()],
    )


def _result(made: warehouse.Build, begun: float, *, is_unchanged: bool) -> RefreshResult:
    facts = made.facts()
    return RefreshResult(
        build_id=made.build_id,
        as_of=facts["as_of_at"],
        input_hash=facts["input_hash"],
        content_hash=facts["content_hash"],
        set_aside=facts["set_aside_count"],
        seconds=time.perf_counter() - begun,
        is_unchanged=is_unchanged,
    )
