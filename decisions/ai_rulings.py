"""Acts about AI and its money, put for the ledger: own assumptions, use cases, controls and prices, each checked and with a reason."""

import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from decisions import checks, placing, registering, scaling
from decisions.ai_budget import stays_on
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from models.ai_economics.definition_faults import LIMIT, is_number
from models.ai_economics.use_case import merged, use_case
from store.warehouse import Build

GRADES = ("A", "B", "C", "assumption")
UNIT_SQL = "select unit_name from raw.assumptions where assumption_name = ?"
PRICES = ("uncached_input_price", "cache_read_price", "cache_write_price", "output_price")
ID = re.compile(r"[A-Za-z0-9_-]{1,20}")
ASSUMPTIONS = Path(__file__).resolve().parent.parent / "data" / "assumptions"
# What others are divided by, and so is never nought.
DIVISORS = ("ai_reference_orders_per_year", "usd_per_")
# A budget of the company's own is packaged as none, and may be whatever the company is.
BUDGET = "ai_placement_budget_per_year"
# An own value is at most so many times the packaged highest; where that is nought, at most a million; nothing is beyond LIMIT.
TIMES_PACKAGED, WITHOUT_PACKAGED = 1_000, 1e6
# The dearest that a million tokens can be: a whole unit of money for each token.
DEAREST = 1_000_000
Range = tuple[float, float, float]


def assumed(
    book: Book,
    person: Person,
    name: str,
    given: Range | None,
    said: Mapping[str, Any],
    build: Build | None = None,
) -> Said | None:
    """The act that puts an own value in an assumption's place, or takes it back; None where it stands so already.

    Args:
        book, person: what holds, and who wants it.
        name: the assumption.
        given: value, lowest and highest; None to take the own value back.
        said: reason, source and grade.
        build: the build whose assumptions are meant; without one the name alone tells a share.

    Errors: a Refusal without a right or a reason, for a name that there is not, and for numbers that cannot be.
    """
    checks.has_right(person, "assume", "changed")
    checks.has_reason(said["reason"])
    held = book.ai.overrides.get(name)
    if given is None:
        return ("assume", name, {"value": None, "reason": said["reason"]}) if held else None
    if said["grade"] not in GRADES:
        raise checks.refusal(f"there is no grade {said['grade']!r}", f"Use one of: {', '.join(GRADES)}.")
    _in_range(name, given, _unit(name, build))
    value, low, high = (float(one) for one in given)
    content = {"value": value, "low": low, "high": high, "source": said["source"], "grade": said["grade"]}
    if held and all(held.payload.get(key) == part for key, part in content.items()):
        return None
    return "assume", name, {**content, "reason": said["reason"]}


def registered(
    book: Book,
    person: Person,
    use_case_id: str,
    definition: Mapping[str, Any],
    reason: str,
    template: Mapping[str, Any],
    *,
    today: date,
    build: Build | None = None,
) -> Said | None:
    """The act that takes up a use case, changes it or stops it; None where it stands so already.

    One that is stopped gets the day of it; one that runs again loses it.

    Args:
        book, person: what holds, and who wants it.
        use_case_id: the use case; a new one must say everything.
        definition: what differs from what holds.
        reason: why.
        template: the definition in the build that is read, or the template; empty for an own one.
        today: the day at the desk.
        build: the build whose use cases and sites are meant; without one only those of the acts are known.

    Errors: a Refusal without a right or a reason, with every fault of the whole definition, for an id or name of another, and for what
        is not to be scaled yet (`decisions.scaling`).
    """
    checks.has_right(person, "register_use_case", "registered")
    checks.has_reason(reason)
    if not ID.fullmatch(use_case_id):
        raise checks.refusal(f"{use_case_id!r} is no id", "Use one to twenty letters, digits, - and _.")
    before = book.ai.definition(use_case_id, template)
    placing.stays(before, definition)
    definition = registering.with_stop(before, definition, today)
    whole = merged(before, {"use_case_id": use_case_id, **definition})
    try:
        case = use_case(registering.ledger_form(whole))
    except (ValueError, TypeError, ArithmeticError) as error:
        raise checks.refusal(
            f"the use case cannot be registered: {error}".rstrip("."), "Mend what is named."
        ) from error
    if whole["use_case_id"] != use_case_id:
        raise checks.refusal("a use case keeps its id", "Register another one.")
    registering.not_far_ahead(case, definition, today)
    registering.not_another(book, case, build)
    stays_on(use_case_id, definition.get("controls", ()))
    registering.sites_known(definition, build)
    scaling.held_back(book, case, before, build)
    is_taken_up = any(act.kind == "use_case" for act in book.ai.changes.get(use_case_id, ()))
    if is_taken_up and registering.ledger_form(whole) == registering.ledger_form(before):
        return None
    return (
        "use_case",
        use_case_id,
        {"definition": registering.ledger_form(definition) | {"use_case_id": use_case_id}, "reason": reason},
    )


def switched(book: Book, person: Person, use_case_id: str, said: Mapping[str, Any], build: Build | None) -> Said | None:
    """The act that switches a control of a use case or sets its limit; None where it stands so already.

    Args:
        book, person: what holds, and who wants it.
        use_case_id: whose control.
        said: `control`, `is_on`, `limit` (None to leave it) and `reason`.
        build: the build whose use cases are meant; without one any control may be named.

    Errors: a Refusal without a right or a reason, for a control that the use case has not, and for a limit below nought.
    """
    checks.has_right(person, "switch_control", "switched")
    checks.has_reason(said["reason"])
    limit = said["limit"]
    if limit is not None and not is_number(limit, LIMIT):
        raise checks.refusal(f"{limit} is no limit", "Give a number that is nought or more, or none.")
    held = book.ai.definition(use_case_id, registering.built_by(build).get(use_case_id, {}))
    controls = {one["control"]: one for one in held.get("controls", ())}
    if build is not None and said["control"] not in controls:
        known = ", ".join(controls) or "none"
        raise checks.refusal(f"{use_case_id} has no control {said['control']!r}", f"Its controls are: {known}.")
    if not str(said["control"]).strip():
        raise checks.refusal("no control is named", "Name the control.")
    now = controls.get(said["control"], {})
    stays_on(use_case_id, [said])
    is_same_limit = limit is None or now.get("limit") == limit
    if now and now.get("is_on") == said["is_on"] and is_same_limit:
        return None
    return "ai_control", use_case_id, {**said, "is_on": bool(said["is_on"])}


def priced(book: Book, person: Person, model: tuple[str, str], said: Mapping[str, Any]) -> Said | None:
    """The act that sets the price of a model from a day on, per million tokens; None where it was set so last.

    Args:
        book, person: what holds, and who wants it.
        model: provider ("" for any) and model, as calls name them.
        said: `valid_from`, the four prices (None where it has none of its own), `currency` and `reason`.

    Errors: a Refusal without a right or a reason, for no model, for a price below nought, and for no price at all.
    """
    checks.has_right(person, "set_price", "set")
    checks.has_reason(said["reason"])
    provider, name = (part.strip() for part in model)
    prices = {key: said[key] for key in PRICES}
    if not name:
        raise checks.refusal("no model is named", "Name it as the calls do.")
    if any(price is not None and not (price.is_finite() and 0 <= price <= DEAREST) for price in prices.values()):
        raise checks.refusal(f"a price is no number from 0 to {DEAREST:,}", "Give prices for a million tokens.")
    if prices["uncached_input_price"] is None or prices["output_price"] is None:
        raise checks.refusal("the price of input or of output is missing", "Give both, for a million tokens.")
    if len(said["currency"]) != len("USD") or not said["currency"].isalpha():
        raise checks.refusal(f"{said['currency']!r} is no currency", "Give its three letters, such as USD.")
    subject, content = f"{provider}/{name}", {"provider": provider, "model": name, **_texts(said)}
    same_day = [one for one in book.ai.prices.get(subject, ()) if one.payload["valid_from"] == content["valid_from"]]
    besides = {"reason"}
    if same_day and all(same_day[-1].payload.get(key) == part for key, part in content.items() if key not in besides):
        return None
    return "set_price", subject, content


def _unit(name: str, build: Build | None) -> str:
    """The unit of an assumption; of one that no build is there to tell, only whether its name says that it is a share."""
    if build is None:
        return "share" if "share" in name.split("_") else ""
    found = build.query(UNIT_SQL, [name])
    if found.is_empty():
        raise checks.refusal(f"there is no assumption {name!r}", "Choose one of the Assumptions page.")
    return str(found.item())


def _in_range(name: str, given: Range, unit: str) -> None:
    value, low, high = given
    if not all(_is_finite(one) for one in given):
        raise checks.refusal(f"{name} needs three numbers", "Give a value, the lowest and the highest it may be.")
    if not low <= value <= high:
        raise checks.refusal(
            f"{value:g} does not lie between {low:g} and {high:g}", "Widen the range or change the value."
        )
    if low < 0:
        raise checks.refusal(f"{name} cannot be below nought", "Give numbers that are nought or more.")
    if low == 0 and name.startswith(DIVISORS):
        raise checks.refusal(f"{name} cannot be nought, for others are divided by it", "Give numbers above nought.")
    if high > (ceiling := _ceiling(name)):
        raise checks.refusal(f"{high:g} is beyond all reason for {name}", f"Give numbers up to {ceiling:,g}.")
    if unit.startswith("share") and high > 1:
        raise checks.refusal(f"{name} is a share, and {high:g} is more than all", "Give shares from 0 to 1.")


def _is_finite(said: Any) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)


def _ceiling(name: str) -> float:
    """The highest that an own value of an assumption may be, by the packaged highest."""
    packaged = _packaged_highs().get(name)
    if packaged is None or name == BUDGET:
        return LIMIT
    return min(packaged * TIMES_PACKAGED if packaged > 0 else WITHOUT_PACKAGED, LIMIT)


@cache
def _packaged_highs() -> dict[str, float]:
    """The highest that each packaged assumption may be, over all its dated entries."""
    found: dict[str, float] = {}
    for path in sorted(ASSUMPTIONS.glob("*.yml")):
        for entry in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader):
            found[entry["name"]] = max(found.get(entry["name"], 0.0), float(entry["high"]))
    return found


def _texts(said: Mapping[str, Any]) -> dict[str, Any]:
    """The content as the ledger gives it back: prices and days as text."""
    texts = {key: f"{part:f}" for key, part in said.items() if isinstance(part, Decimal)}
    return {key: texts.get(key, part.isoformat() if isinstance(part, date) else part) for key, part in said.items()}
