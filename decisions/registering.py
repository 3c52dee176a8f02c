"""What a use case must keep to when it is registered: its days, id, name and sites."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from decisions import checks
from decisions.ai_folding import definitions
from decisions.book import Book
from models.ai_economics.use_case import UseCase
from store.warehouse import Build

USE_CASES_SQL = "select use_case_id, definition_text from raw.use_cases"
SITES_SQL = "select site_id from core.sites"
AHEAD = timedelta(days=366)


def built_by(build: Build | None) -> dict[str, dict[str, Any]]:
    """Every use case of a build by its id, as it was defined there; none without a build."""
    return {} if build is None else definitions(build.query(USE_CASES_SQL).iter_rows(named=True))


def with_stop(before: Mapping[str, Any], definition: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What is said, with the day on which it stops where it stops now, and without one where it runs again."""
    said = dict(definition)
    stage = said.get("stage", before.get("stage"))
    if stage == "stopped" and before.get("stage") != "stopped":
        started = ledger_form(said.get("started") or before.get("started")) or ""
        said.setdefault("stopped", max(today.isoformat(), str(started)))
    elif stage != "stopped" and before.get("stopped"):
        said.setdefault("stopped", None)
    return said


def not_far_ahead(case: UseCase, definition: Mapping[str, Any], today: date) -> None:
    """Nothing that is said now begins or ends later than a year from today."""
    for name in ("started", "stopped"):
        day = getattr(case, name)
        if name in definition and day and day > today + AHEAD:
            raise checks.refusal(f"{day} is more than a year ahead", f"Give a day up to {today + AHEAD}.")


def not_another(book: Book, case: UseCase, build: Build | None) -> None:
    """No other use case has its id or name, whether in small or capital letters."""
    built = built_by(build)
    for other in {*built, *book.ai.changes} - {case.use_case_id}:
        name = str(book.ai.definition(other, built.get(other, {})).get("name") or other)
        taken = {other.casefold(), name.strip().casefold()}
        if {case.use_case_id.casefold(), case.name.strip().casefold()} & taken:
            raise checks.refusal(f"there is a use case {other} ({name}) already", "Give another id and name.")


def sites_known(definition: Mapping[str, Any], build: Build | None) -> None:
    """The sites that are named now are sites of the build."""
    if build is None or not definition.get("sites"):
        return
    known = set(build.query(SITES_SQL)["site_id"].to_list())
    if unknown := [site for site in definition["sites"] if site not in known]:
        raise checks.refusal(f"there is no site {', '.join(unknown[:3])}", "Choose among the sites of your data.")


def ledger_form(said: Any, name: str = "") -> Any:
    """The same as the ledger gives it back: days as text, and money as whole numbers, for the ledger keeps no money as a float."""
    match said:
        case Mapping():
            return {key: ledger_form(part, key) for key, part in said.items()}
        case list() | tuple():
            return [ledger_form(part, name) for part in said]
        case date():
            return said.isoformat()
        case float() | Decimal() if name.endswith(("_amount", "_cost", "_price")):
            if said != int(said):
                raise ValueError(f"Its {name.replace('_', ' ')} is {said}; give a whole number.")
            return int(said)
        case Decimal():
            return float(said)
        case _:
            return said
