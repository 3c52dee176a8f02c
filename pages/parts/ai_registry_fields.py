"""The fields of a use case, one widget each, and from what was typed its definition with what could not be read."""

from typing import Any

import streamlit as st

from metrics.definition import definitions
from models.ai_economics.routing import CASCADE, FIXED, ROUTER, WAYS
from models.ai_economics.use_case import AUTONOMY, DEPLOYMENTS, DOMAINS, DRIVERS, PATTERNS, RISKS
from pages.parts import ai_registry_card, ai_registry_needs

ACCESS = ("read", "write")
HOW = ("declared", "enforced")
# What an empty form begins with: nothing that would decide anything.
BLANK: dict[str, Any] = {
    "domain": DOMAINS[0], "pattern": PATTERNS[0], "autonomy": AUTONOMY[0], "action_risk": RISKS[0], "deployment": DEPLOYMENTS[0],
    "driver": DRIVERS[1], "writes": False, "batch": False, "group": "own", "turn": 1, "eligible_share": 1.0, "grade": "assumption",
    "baseline_error_share": 0.0, "kpi": "order_cycle_time", "source": "Own estimate.",
}  # fmt: skip
RANGES = {
    "cases_per_unit": "Cases for each unit of the driver",
    "baseline_minutes": "Minutes of a case without AI",
    "minutes_saved_share": "Share of minutes saved",
    "containment_share": "Share finished without a person",
    "review_share": "Share that people review",
    "review_minutes": "Minutes of a review",
    "error_share": "Share of wrong answers",
    "wrong_commitment_share": "Share of wrong promises",
}
ENDS = ("lowest", "likeliest", "highest")
MODELS = (
    "Models, one a line: provider | model | share. The order counts for a router (the strongest last) and for a cascade (as they are "
    "asked; the share of each is the cases that its answer ends)"
)
WAY_SAID = (
    f"{FIXED}: each model does its share. {ROUTER}: something cheap picks the model for each case. {CASCADE}: the first model is asked "
    "every time, and what is not good enough goes to the next."
)
CHECK_SAID = "Tokens that the router reads to choose, or the judge of a cascade to accept an answer, in a case, at the first model's price."
MISROUTED_SAID = "Of the cases that the router gave to a weaker model, those that the strongest must be asked again."
CONTROLS = "One a line: name | on or off | declared or enforced | limit (none)"


def fields(said: dict[str, Any], *, key: str, is_new: bool) -> tuple[dict[str, Any], list[str]]:
    """Draws all fields and gives the definition that they say, with one sentence for each line that could not be read."""
    held, wanted = {**BLANK, **said}, dict[str, Any]()
    faults: list[str] = []

    def text(name: str, label: str, **more: Any) -> None:
        wanted[name] = st.text_input(label, value=str(held.get(name, "")), key=f"uc_{key}_{name}", **more).strip()

    def choice(name: str, label: str, options: tuple[str, ...]) -> None:
        at = options.index(held[name]) if held.get(name) in options else 0
        wanted[name] = st.selectbox(label, options, index=at, key=f"uc_{key}_{name}")

    left, right = st.columns(2)
    with left:
        if is_new:
            text("use_case_id", "ID", help="One to twenty letters, digits, - and _.")
        text("name", "Name")
        choice("domain", "Domain", DOMAINS)
        choice("pattern", "Interaction pattern", PATTERNS)
        text("architecture", "Architecture pattern")
        systems = _lines("Systems, one a line: name | read or write", _systems(held), f"uc_{key}_systems")
        choice("autonomy", "Autonomy", AUTONOMY)
        choice("action_risk", "Risk of its acts", RISKS)
        wanted["writes"] = st.checkbox("It writes into a system", value=bool(held["writes"]), key=f"uc_{key}_writes")
    with right:
        text("owner", "Owner")
        metrics = tuple(definitions())
        at = metrics.index(held["kpi"]) if held["kpi"] in metrics else 0
        wanted["kpi"] = st.selectbox(
            "Metric that it must move",
            metrics,
            index=at,
            format_func=lambda one: definitions()[one].title,
            key=f"uc_{key}_kpi",
        )
        text("good_decision", "What a good decision is")
        text("main_cost_risks", "Main cost risks")
        text("budget_control", "Recommended budget control")
        controls = _lines(f"Controls. {CONTROLS}", _controls(held), f"uc_{key}_controls")
        text("group", "Group of work that it shares with others")
        wanted["turn"] = int(
            st.number_input("Its turn in the group", min_value=1, value=int(held["turn"]), key=f"uc_{key}_turn")
        )
        text("source", "Where its numbers come from")
        choice("grade", "Grade of them", ("A", "B", "C", "assumption"))
    wanted |= _said("card", ai_registry_card.fields(held, key=key))
    _volumes(held, wanted, faults, key=key)
    _alternative(held, wanted, key=key)
    wanted |= _said("needs", ai_registry_needs.fields(held, key=key))
    wanted["systems"] = _read_systems(systems, faults)
    wanted["controls"] = _read_controls(controls, faults)
    return wanted, faults


def _said(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """A part of the definition under its name; nothing where nobody says anything of it."""
    return {name: part} if part else {}


def _volumes(held: dict[str, Any], wanted: dict[str, Any], faults: list[str], *, key: str) -> None:
    st.markdown("**What drives it, and what a case takes**")
    with st.container(horizontal=True, gap="small"):
        at = DRIVERS.index(held["driver"]) if held["driver"] in DRIVERS else 0
        wanted["driver"] = st.selectbox(
            "Driver", DRIVERS, index=at, format_func=lambda one: one.replace("_", " "), key=f"uc_{key}_driver"
        )
        wanted["eligible_share"] = _number("Eligible share", held.get("eligible_share", 1.0), f"uc_{key}_eligible")
        wanted["baseline_error_share"] = _number(
            "Errors of people alone, share", held["baseline_error_share"], f"uc_{key}_base"
        )
    for name, label in RANGES.items():
        parts = held.get(name, (0.0, 0.0, 0.0))
        parts = parts if isinstance(parts, list | tuple) else (parts, parts, parts)
        with st.container(horizontal=True, gap="small"):
            wanted[name] = [
                _number(f"{label}, {end}", part, f"uc_{key}_{name}_{end}")
                for end, part in zip(ENDS, parts, strict=True)
            ]
    st.markdown("**Tokens, calls and models**")
    told = held.get("tokens", {})
    with st.container(horizontal=True, gap="small"):
        wanted["tokens"] = {
            name: _number(label, told.get(name, 0), f"uc_{key}_tokens_{name}")
            for name, label in {
                "input": "Tokens read in a case", "output": "Tokens written", "calls": "Calls", "cached_share": "Share from a cache",
                "tool_calls": "Tool calls", "tool_calls_spread": "Spread of tool calls",
            }.items()
        }  # fmt: skip
        cap = st.number_input(
            "Cap on tool calls", min_value=0, value=int(told.get("tool_call_cap", 0)), key=f"uc_{key}_cap"
        )
        wanted["tokens"]["tool_call_cap"] = int(cap)
    wanted["models"] = _read_models(_lines(MODELS, _models(held), f"uc_{key}_models"), faults)
    _routing(held, wanted, key=key)
    wanted["deployment"] = held["deployment"]  # moved on the page Placement alone
    wanted["batch"] = st.checkbox("Calls run as a batch", value=bool(held["batch"]), key=f"uc_{key}_batch")


def _routing(held: dict[str, Any], wanted: dict[str, Any], *, key: str) -> None:
    """How the models share the cases; said only where it is, or was, more than fixed shares."""
    told = held.get("routing") or {}
    with st.container(horizontal=True, gap="small"):
        at = WAYS.index(told["way"]) if told.get("way") in WAYS else 0
        way = st.selectbox("How models share the cases", WAYS, index=at, key=f"uc_{key}_way", help=WAY_SAID)
        said = {
            "way": way,
            "check_tokens": _number("Tokens read to choose or judge", told.get("check_tokens", 0), f"uc_{key}_check", CHECK_SAID),
            "misrouted_share": _number("Misrouted share", told.get("misrouted_share", 0), f"uc_{key}_misrouted", MISROUTED_SAID),
        }  # fmt: skip
    if told or said != {"way": FIXED, "check_tokens": 0.0, "misrouted_share": 0.0}:
        wanted["routing"] = said


def _alternative(held: dict[str, Any], wanted: dict[str, Any], *, key: str) -> None:
    st.markdown("**The cheapest way without a model, which it must beat**")
    told = held.get("alternative", {})
    with st.container(horizontal=True, gap="small"):
        wanted["alternative"] = {
            "name": st.text_input("What it is", value=str(told.get("name", "")), key=f"uc_{key}_alt").strip(),
            "minutes_saved_share": _number("Share of minutes that it saves", told.get("minutes_saved_share", 0), f"uc_{key}_alt_saved"),
            "one_time_cost": _whole("Cost once", told.get("one_time_cost", 0), f"uc_{key}_alt_once"),
            "yearly_cost": _whole("Cost a year", told.get("yearly_cost", 0), f"uc_{key}_alt_year"),
        }  # fmt: skip


def _number(label: str, value: Any, key: str, said: str | None = None) -> float:
    return float(
        st.number_input(label, min_value=0.0, value=float(value or 0), step=None, format="%g", key=key, help=said)
    )


def _whole(label: str, value: Any, key: str) -> int:
    return int(st.number_input(label, min_value=0, value=int(value or 0), key=key))


def _lines(label: str, value: str, key: str) -> list[list[str]]:
    typed = st.text_area(label, value=value, key=key, height=96)
    return [[part.strip() for part in line.split("|")] for line in typed.splitlines() if line.strip()]


def _systems(held: dict[str, Any]) -> str:
    return "\n".join(f"{one['system']} | {one['access']}" for one in held.get("systems", ()))


def _controls(held: dict[str, Any]) -> str:
    lines = []
    for one in held.get("controls", ()):
        limit = "" if one.get("limit") is None else f" | {one['limit']:g}"
        lines.append(f"{one['control']} | {'on' if one['is_on'] else 'off'} | {one.get('how', HOW[0])}{limit}")
    return "\n".join(lines)


def _models(held: dict[str, Any]) -> str:
    return "\n".join(f"{one['provider']} | {one['model']} | {one['share']:g}" for one in held.get("models", ()))


def _read_systems(lines: list[list[str]], faults: list[str]) -> list[dict[str, str]]:
    faults += [
        f"The system line {' | '.join(parts)!r} is not: name | read or write."
        for parts in lines if len(parts) != 2 or parts[1] not in ACCESS
    ]  # fmt: skip
    return [{"system": parts[0], "access": parts[1]} for parts in lines if len(parts) == 2]


def _read_controls(lines: list[list[str]], faults: list[str]) -> list[dict[str, Any]]:
    found = []
    for parts in lines:
        name, state, how, limit = [*parts, *[""] * 4][:4]
        how = how or HOW[0]
        if state not in ("on", "off") or how not in HOW or not (limit == "" or limit.replace(".", "", 1).isdigit()):
            faults.append(
                f"The control line {' | '.join(parts)!r} is not: name | on or off | declared or enforced | limit."
            )
            continue
        found.append({"control": name, "is_on": state == "on", "how": how} | ({"limit": float(limit)} if limit else {}))
    return found


def _read_models(lines: list[list[str]], faults: list[str]) -> list[dict[str, Any]]:
    found = []
    for parts in lines:
        try:
            provider, model, share = parts
            found.append({"provider": provider, "model": model, "share": float(share)})
        except ValueError:
            faults.append(f"The model line {' | '.join(parts)!r} is not: provider | model | share.")
    return found
