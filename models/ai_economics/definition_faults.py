"""Whether what somebody says of a use case is of the right kind at all: texts are texts, numbers finite and not beyond all reason."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from models.ai_economics.card import card_faults
from models.ai_economics.placement_needs import needs_faults
from models.ai_economics.second_line import second_line_faults

TEXTS = (
    "use_case_id", "name", "domain", "pattern", "architecture", "autonomy", "action_risk", "owner", "kpi", "good_decision",
    "main_cost_risks", "budget_control", "group", "driver", "deployment", "source", "grade",
)  # fmt: skip
FLAGS = ("writes", "batch", "scales_with_size")
ACCESS, HOW, GRADES = ("read", "write"), ("declared", "enforced"), ("A", "B", "C", "assumption")
# The most that any number can be and still be meant; a week has 10,080 minutes.
MONEY, MINUTES, TOKENS, CALLS, CASES, LIMIT, TURN = 1e9, 10_080.0, 1e9, 1e6, 1e6, 1e12, 1_000
NUMBERS = {
    "eligible_share": 1.0,
    "baseline_error_share": 1.0,
    "service_fee_once": MONEY,
    "service_fee_per_month": MONEY,
}
RANGE_CEILINGS = {
    "cases_per_unit": CASES, "review_share": 1.0, "review_minutes": MINUTES, "baseline_minutes": MINUTES, "minutes_saved_share": 1.0,
    "containment_share": 1.0, "error_share": 1.0, "wrong_commitment_share": 1.0,
}  # fmt: skip
TOKEN_CEILINGS = {
    "input": TOKENS, "output": TOKENS, "calls": CALLS, "cached_share": 1.0, "tool_calls": CALLS, "tool_calls_spread": CALLS,
    "tool_call_cap": CALLS,
}  # fmt: skip
ROUTING_CEILINGS = {"check_tokens": TOKENS, "misrouted_share": 1.0}
ALTERNATIVE_CEILINGS = {"minutes_saved_share": 1.0, "one_time_cost": MONEY, "yearly_cost": MONEY}
EARLIEST = dt.date(2015, 1, 1)
RANGE_PARTS = 3


def kind_faults(said: Mapping[str, Any]) -> list[str]:
    """What of a definition is of the wrong kind, in sentences; none where nothing is.

    >>> kind_faults({"turn": 1.5, "batch": "no", "service_fee_once": 10})
    ['Its turn must be a whole number from 1 to 1,000.', 'Its batch must be yes or no.']
    """
    parts = (_words, _numbers, _days, _tokens, _routing, _alternative, _lists, _controls, _needs)
    return [fault for part in parts for fault in part(said)]


def is_number(value: Any, ceiling: float) -> bool:
    """Whether it is a finite number from nought to a ceiling; yes and no are none.

    >>> is_number(3, 5), is_number(float("nan"), 5), is_number(True, 5)
    (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= ceiling


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    for name in (*TEXTS, "stage"):
        if name in said and not _is_text(said[name]):
            yield f"Its {_plain(name)} must be a text."
    if _is_text(said.get("grade")) and said["grade"] not in GRADES:
        yield f"Its grade is {said['grade']!r}; it is one of: {', '.join(GRADES)}."
    turn = said.get("turn", 1)
    if not (isinstance(turn, int) and not isinstance(turn, bool) and 1 <= turn <= TURN):
        yield f"Its turn must be a whole number from 1 to {TURN:,}."
    for name in FLAGS:
        if not isinstance(said.get(name, False), bool):
            yield f"Its {_plain(name)} must be yes or no."


def _numbers(said: Mapping[str, Any]) -> Iterator[str]:
    for name, ceiling in NUMBERS.items():
        if not is_number(said.get(name, 0), ceiling):
            yield _beyond(name, ceiling)
    for name, ceiling in RANGE_CEILINGS.items():
        told = said.get(name, 0)
        parts = told if isinstance(told, list | tuple) else [told] * RANGE_PARTS
        if len(parts) != RANGE_PARTS or not all(is_number(part, ceiling) for part in parts):
            yield f"Its {_plain(name)} must be one number or three, each from 0 to {ceiling:,.0f}."


def _days(said: Mapping[str, Any]) -> Iterator[str]:
    found: dict[str, dt.date] = {}
    for name in ("started", "stopped"):
        told = said.get(name)
        day = day_of(told)
        if day is not None:
            found[name] = day
        if told is not None and day is None:
            yield f"The day on which it {name} must be a date such as 2026-02-16."
        elif day is not None and day < EARLIEST:
            yield f"The day on which it {name} is {day}, before {EARLIEST}."
    if len(found) > 1 and found["stopped"] < found["started"]:
        yield "It stopped before it started."


def day_of(told: Any) -> dt.date | None:
    """A day as a definition says it, as a date or as a text; None where it is neither.

    >>> day_of("2026-02-16"), day_of("soon")
    (datetime.date(2026, 2, 16), None)
    """
    if isinstance(told, dt.date) and not isinstance(told, dt.datetime):
        return told
    try:
        return dt.date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None


def _tokens(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _mapping(said, "tokens", TOKEN_CEILINGS)
    told = said.get("tokens")
    cap = told.get("tool_call_cap", 0) if isinstance(told, Mapping) else 0
    if not isinstance(cap, int) or isinstance(cap, bool):
        yield "Its cap on tool calls must be a whole number."


def _routing(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _mapping(said, "routing", ROUTING_CEILINGS, texts=("way",))
    told = said.get("routing")
    if isinstance(told, Mapping) and not _is_text(told.get("way", "none")):
        yield "Its way of using models must be a text."


def _alternative(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _mapping(said, "alternative", ALTERNATIVE_CEILINGS, texts=("name",))
    told = said.get("alternative")
    if isinstance(told, Mapping) and not isinstance(told.get("name", ""), str):
        yield "The name of its plain way must be a text."


def _mapping(
    said: Mapping[str, Any], name: str, ceilings: Mapping[str, float], texts: tuple[str, ...] = ()
) -> Iterator[str]:
    if name not in said:
        return
    told = said[name]
    if not isinstance(told, Mapping):
        yield f"Its {name} must say each part by its name."
        return
    if unknown := [str(key) for key in told if key not in ceilings and key not in texts]:
        yield f"Its {name} know no {', '.join(unknown[:3])}."
    for key, ceiling in ceilings.items():
        if key in told and not is_number(told[key], ceiling):
            yield _beyond(f"{name} {key}", ceiling)


def _lists(said: Mapping[str, Any]) -> Iterator[str]:
    systems = said.get("systems", ())
    if not _rows(systems) or not all(_is_text(one.get("system")) and one.get("access") in ACCESS for one in systems):
        yield "Its systems must each say the system and its access, read or write."
    models = said.get("models", ())
    if not _rows(models) or not all(
        _is_text(one.get("provider")) and _is_text(one.get("model")) and is_number(one.get("share"), 1.0)
        for one in models
    ):
        yield "Its models must each say provider, model and a share from 0 to 1."
    elif len({(one["provider"], one["model"]) for one in models}) < len(models):
        yield "One of its models stands there twice."
    sites = said.get("sites") or ()
    if not isinstance(sites, list | tuple) or not all(_is_text(one) for one in sites) or len({*sites}) < len(sites):
        yield "Its sites must be a list of different texts."


def _controls(said: Mapping[str, Any]) -> Iterator[str]:
    controls = said.get("controls", ())
    if not _rows(controls) or not all(_is_text(one.get("control")) for one in controls):
        yield "Its controls must each say which control it is."
        return
    if len({one["control"] for one in controls}) < len(controls):
        yield "One of its controls stands there twice."
    for one in controls:
        limit = one.get("limit")
        is_known = {*one} <= {"control", "is_on", "how", "limit"} and one.get("how", HOW[0]) in HOW
        if not is_known or not isinstance(one.get("is_on"), bool):
            yield f"Its control {one['control']!r} must be on or off, and {' or '.join(HOW)}."
        if limit is not None and not is_number(limit, LIMIT):
            yield _beyond(f"limit of {one['control']}", LIMIT)


def _needs(said: Mapping[str, Any]) -> Iterator[str]:
    if said.get("needs") is not None:
        yield from needs_faults(said["needs"])
    yield from second_line_faults(said.get("second_line"), day_of)
    yield from card_faults(said.get("card"))


def _rows(told: Any) -> bool:
    return isinstance(told, list | tuple) and all(isinstance(one, Mapping) for one in told)


def _is_text(told: Any) -> bool:
    return isinstance(told, str) and bool(told.strip())


def _beyond(name: str, ceiling: float) -> str:
    return f"Its {_plain(name)} must be a number from 0 to {ceiling:,.0f}."


def _plain(name: str) -> str:
    return name.replace("_", " ")
