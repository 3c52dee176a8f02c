"""Which technique each need gets, as people's acts have kept it, with the answers and the advice that stood before them."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.ai_economics.technique import TECHNIQUES, Need
from store.warehouse import Draft

COLUMNS = {
    **dict.fromkeys(("need_name", "wanted_text"), "varchar"),
    "ruled_share": "double",
    **dict.fromkeys(("has_history", "has_sources"), "boolean"),
    "step_count": "bigint",
    "is_bounded": "boolean",
    "monthly_case_number": "double",
    **dict.fromkeys(
        ("advised_technique_code", "advice_text", "missing_text", "technique_code", "beaten_text"), "varchar"
    ),
    **dict.fromkeys(("use_case_id", "reason_text", "author_name"), "varchar"),
    "decided_at": "timestamptz",
    "act_id": "varchar",
}


def choices(acts: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """A row for each need, with the last choice that can be read; an act that says no choice leaves what was kept before."""
    kept: dict[str, list[Any]] = {}
    for act in acts:
        row = _row(act) if act["kind"] == "technique" else None
        if row is not None:
            kept[act["subject"]] = row
    return [kept[name] for name in sorted(kept)]


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.technique_choices`, made in the draft."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    draft.fill("raw.technique_choices", choices(acts), columns)


def _row(act: Mapping[str, Any]) -> list[Any] | None:
    """A choice as a row; None where the act says none."""
    said = act["payload"]
    try:
        need = Need(**said["need"])
        if not {said["advised"], said["technique"]} <= set(TECHNIQUES):
            return None
        return [
            act["subject"], need.wanted, float(need.ruled_share), bool(need.has_history), bool(need.has_sources), int(need.steps),
            bool(need.is_bounded), float(need.cases_per_month), said["advised"], str(said["because"]), "; ".join(said["missing"]),
            said["technique"], str(said["beats"]), str(said["use_case_id"]) or None, str(said["reason"]), act["who"], act["at"],
            act.get("act_id"),
        ]  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
