"""The registry of AI use cases: templates of `data/use_cases/*.yml`, as people's acts have taken them up, changed and switched them."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import yaml

from models.ai_economics.pilots import family
from models.ai_economics.second_line import placed
from models.ai_economics.use_case import is_sound, merged, use_case, with_control
from store.warehouse import Draft

FOLDER = Path(__file__).resolve().parent.parent / "data" / "use_cases"


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Every template by its id, as its file says it.

    >>> templates()["UC3"]["name"]
    'ERP copilot for order management'
    """
    found = [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) for path in sorted(FOLDER.glob("*.yml"))]
    return {said["use_case_id"]: said for said in found}


def registry(acts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every use case by id: its definition, and who last changed it when and why; templates that nobody took up among them.

    An act of kind `use_case` says what differs from what held before; one of kind `ai_control` switches a control, one of kind
    `place` decides where it runs. What no build
    could reckon with is left out, and the former definition holds: one use case never takes the others with it.
    """
    held: dict[str, dict[str, Any]] = {
        name: {"definition": said, "is_template": True, "who": "", "reason": "", "at": None}
        for name, said in templates().items()
    }
    for act in acts:
        before = held.get(act["subject"], {}).get("definition")
        after = _after(before, act)
        if after is None:
            continue
        by = _by(act) if act["kind"] == "use_case" else {}
        held[act["subject"]] = held.get(act["subject"], {}) | {"definition": after} | by
    return held


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.use_cases`, made in the draft: one row a use case with its definition as JSON."""
    columns = (
        "use_case_id varchar, use_case_name varchar, domain_code varchar, pattern_code varchar, "
        "stage_code varchar, started_date date, owner_name varchar, is_template boolean, definition_text varchar, "
        "author_name varchar, reason_text varchar, decided_at timestamptz, pilot_family_name varchar"
    )
    draft.fill("raw.use_cases", (_row(name, held) for name, held in sorted(registry(acts).items())), columns)


def _row(name: str, held: Mapping[str, Any]) -> list[Any]:
    case = use_case(held["definition"])
    return [
        name, case.name, case.domain, case.pattern, case.stage, case.started, case.owner,
        held["is_template"], _text(held["definition"]), held["who"], held["reason"], held["at"],
        family(case),
    ]  # fmt: skip


def _after(before: Mapping[str, Any] | None, act: Mapping[str, Any]) -> dict[str, Any] | None:
    """The definition after an act; None where the act is about nothing that holds, or would leave no sound use case."""
    said = act["payload"]
    try:
        if act["kind"] == "use_case":
            whole = merged(before or {}, said["definition"])
        elif act["kind"] == "place" and before is not None:
            whole = merged(before, placed(before, said, act["at"]))
        elif act["kind"] == "ai_control" and before is not None:
            case = with_control(use_case(before), said["control"], is_on=said["is_on"], limit=said.get("limit"))
            whole = merged(before, {"controls": [vars(one) for one in case.controls]})
        else:
            return None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return whole if whole.get("use_case_id") == act["subject"] and is_sound(whole) else None


def _by(act: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_template": False, "who": act["who"], "reason": act["payload"].get("reason", ""), "at": act["at"]}


def _text(definition: Mapping[str, Any]) -> str:
    return orjson.dumps(definition, option=orjson.OPT_SORT_KEYS).decode()
