"""The registers of risks and controls: rows of `data/registers/*.yml`, as people's acts have kept them; and what use cases are bound to."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from metrics.definition import definitions
from models.ai_economics.use_case import UseCase, use_case
from pipelines import use_cases
from store.warehouse import Draft

FOLDER = Path(__file__).resolve().parent.parent / "data" / "registers"
STATUSES = ("in place", "planned", "missing", "not applicable")
COLUMNS = {
    **dict.fromkeys(("register_code", "register_name", "row_code", "row_name", "area_name"), "varchar"),
    **dict.fromkeys(("asked_text", "failure_text", "mitigation_text", "columns_text", "metric_name"), "varchar"),
    **dict.fromkeys(("needed_number", "held_number"), "double"),
    **dict.fromkeys(("unit_name", "owner_name", "stated_code", "evidence_text"), "varchar"),
    "reviewed_date": "date",
    "review_cycle_days": "double",
    "monthly_cost": "decimal(18, 4)",
    **dict.fromkeys(("because_text", "check_code", "applies_code"), "varchar"),
    **dict.fromkeys(("baseline_number", "target_number"), "double"),
    "goal_date": "date",
    "has_act": "boolean",
    **dict.fromkeys(("author_name", "reason_text"), "varchar"),
    "kept_at": "timestamptz",
}
CONTROLS = (
    "use_case_id varchar, control_name varchar, is_on boolean, how_code varchar, limit_number double, control_no bigint"
)
CERTIFIED = "metric_name varchar, metric_title varchar, owner_name varchar, version_no bigint"
BOUNDS = (
    "use_case_id varchar, stage_code varchar, deployment_code varchar, autonomy_code varchar, is_writing boolean, started_date date, "
    "metric_name varchar, tool_call_cap_count bigint, wanted_review_share double, highest_error_share double, "
    "highest_commitment_share double, baseline_case_minutes double, work_group_name varchar"
)
CLASSES = (
    "class_code varchar, class_name varchar, region_name varchar, is_open_to_providers boolean, keep_days double, owner_name varchar, "
    "deleter_name varchar"
)
CLASS_CASES = "class_code varchar, use_case_id varchar"


@cache
def templates() -> tuple[Mapping[str, Any], ...]:
    """Every register as its file says it, in the order of the files.

    >>> "risks" in [register["register"] for register in templates()]
    True
    """
    return tuple(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in sorted(FOLDER.glob("*.yml")))


def rows(acts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each row of each register, with the last word of people on it, and the target of the number that a goal names.

    An act that names no row, or says what no row can be, is left out: one act never takes the others with it.
    """
    kept: dict[str, Mapping[str, Any]] = {}
    targets: dict[str, Mapping[str, Any]] = {}
    for act in acts:
        if act["kind"] == "keep_register" and act["payload"].get("status") in STATUSES:
            kept[act["subject"]] = act
        elif act["kind"] == "set_target":
            targets[act["subject"]] = act["payload"]
    return [
        _row(register, said) | _goal(targets.get(said.get("metric", ""), {})) | _kept(kept.get(f"{register['register']}/{said['row']}"))
        for register in templates()
        for said in register["rows"]
    ]  # fmt: skip


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.register_rows`, and what use cases are bound to: their controls and bounds, and the numbers that are certified."""
    acts = list(acts)
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    draft.fill("raw.register_rows", ([row.get(name) for name in COLUMNS] for row in rows(acts)), columns)
    cases = [use_case(held["definition"]) for _, held in sorted(use_cases.registry(acts).items())]
    controls = [
        [case.use_case_id, one.control, one.is_on, one.how, one.limit, place]
        for case in cases
        for place, one in enumerate(case.controls, start=1)
    ]
    draft.fill("raw.use_case_controls", controls, CONTROLS)
    draft.fill("raw.use_case_bounds", [_bounds(case) for case in cases], BOUNDS)
    certified = [[metric.name, metric.title, metric.owner, metric.version] for metric in definitions().values()]
    draft.fill("raw.certified_metrics", certified, CERTIFIED)
    _classes(draft, cases)


def belongs(column: str, named: Iterable[str]) -> bool:
    """Whether a column is one of a class: it has a name of the class, or ends like one.

    >>> belongs("unit_margin_amount", ("margin_amount",)), belongs("unit_cost", ("unit",))
    (True, False)
    """
    return any(column == name or column.endswith(f"_{name}") for name in named)


def _classes(draft: Draft, cases: Iterable[UseCase]) -> None:
    """The classes of data with their rules, and which use cases say that they read columns of one."""
    rules = next(one for one in templates() if one["register"] == "data_classes")["rows"]
    told = {case.use_case_id: {*case.needs.minimum_data, *case.needs.hand_over} for case in cases}
    fields = ("row", "name", "region", "to_providers", "keep_days", "owner", "deleted_by")
    draft.fill("raw.data_classes", [[rule[field] for field in fields] for rule in rules], CLASSES)
    handled = [
        [rule["row"], name]
        for rule in rules
        for name, columns in told.items()
        if any(belongs(column, rule["columns"]) for column in columns)
    ]
    draft.fill("raw.data_class_cases", handled, CLASS_CASES)


def _row(register: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """A row as its file says it."""
    return {
        "register_code": register["register"],
        "register_name": register["title"],
        "row_code": said["row"],
        "row_name": said["name"],
        "area_name": said["area"],
        "asked_text": said.get("asks", ""),
        "failure_text": said.get("failure", ""),
        "mitigation_text": said.get("mitigation", ""),
        "columns_text": ", ".join(said.get("columns", ())),
        "metric_name": said.get("metric", ""),
        "needed_number": said.get("needed"),
        "held_number": None,
        "unit_name": said.get("unit", ""),
        "owner_name": said["owner"],
        "stated_code": said["status"],
        "evidence_text": "",
        "reviewed_date": None,
        "review_cycle_days": said["review_days"],
        "monthly_cost": said.get("monthly_cost"),
        "because_text": said["because"],
        "check_code": said.get("seen_by", ""),
        "applies_code": said.get("needed_by", ""),
        "has_act": False,
        "author_name": "",
        "reason_text": "",
        "kept_at": None,
    }


def _kept(act: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an act changes of a row; nothing where nobody kept it."""
    if act is None:
        return {}
    said = act["payload"]
    return {
        "owner_name": said["owner"],
        "stated_code": said["status"],
        "evidence_text": said.get("evidence", ""),
        "reviewed_date": _day(said.get("reviewed_on")),
        "monthly_cost": _money(said.get("monthly_cost")),
        "held_number": said.get("held"),
        "has_act": True,
        "author_name": act["who"],
        "reason_text": said.get("reason", ""),
        "kept_at": act["at"],
    }


def _goal(said: Mapping[str, Any]) -> dict[str, Any]:
    """Baseline, target and day of a number; empty where nobody set them or the target was taken back."""
    if said.get("number") is None:
        return {}
    return {
        "baseline_number": said.get("baseline"),
        "target_number": float(said["number"]),
        "goal_date": _day(said["by"]),
    }


def _bounds(case: UseCase) -> list[Any]:
    return [
        case.use_case_id, case.stage, case.deployment, case.autonomy, case.writes, case.started, case.kpi,
        case.tokens.tool_call_cap or None, case.review_share[1], case.error_share[2], case.wrong_commitment_share[2],
        case.baseline_minutes[1], case.group,
    ]  # fmt: skip


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _money(said: str | None) -> Decimal | None:
    try:
        return None if said is None else Decimal(said)
    except InvalidOperation:
        return None
