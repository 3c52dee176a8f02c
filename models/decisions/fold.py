"""Where every proposal stands by what the acts say: who wished what, who changed, approved or declined it, and what it took."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from models.model import RIVAL_ONLY, Asked, Frames, Model, Output, Scored, empty

IDS = (
    "sku_id",
    "site_id",
    "from_site_id",
    "supplier_id",
    "customer_id",
    "order_id",
    "po_id",
    "line_key",
    "shipment_id",
)
MONEY = ("moved_amount", "gain_amount", "gain_low_amount", "gain_high_amount", "do_nothing_amount")
COUNTS = ("approval_count", "policy_version_no", "input_token_count", "output_token_count")
MINUTES = ("decision_minutes", "approval_hours")
INSTANTS = ("proposed_at", "decided_at", "exported_at")
DATES = ("proposed_date", "horizon_date")
NUMBERS = ("decided_qty", "suggested_qty", "unit_cost", *MONEY, "confidence_share", "decided_days", *MINUTES)
FLAGS = ("is_agent", "is_override", "is_handed_on", "is_failed_export")
COLUMNS: tuple[str, ...] = (
    "proposal_id", "action_kind_code", "case_id", *IDS, "segment_name", *NUMBERS[:8], "confidence_share", "data_grade_code", "decided_days",
    "proposer_name", "decider_name", "is_agent", "is_override", "is_handed_on", "reason_code", "decision_state_code", "verdict_code",
    "approvers_text",
    "approval_count", *MINUTES, *INSTANTS, *DATES, "policy_version_no", "is_failed_export", "input_token_count", "output_token_count",
)  # fmt: skip
SHAPE: Mapping[str, Any] = {
    name: pl.Float64 if name in NUMBERS else pl.Int64 if name in COUNTS else pl.Boolean if name in FLAGS
    else pl.Datetime("us", "UTC") if name in INSTANTS else pl.Date if name in DATES else pl.String
    for name in COLUMNS
}  # fmt: skip
LEADS_TO = {
    "decline": "declined", "withdraw": "withdrawn", "expire": "expired", "complete": "done", "compensate": "undone",
    "export_sent": "sent", "export_failed": "failed", "export_cancelled": "approved", "acknowledge": "acknowledged",
}  # fmt: skip
CARRIED_OUT = ("exported", "sent", "acknowledged", "done")


def folded(acts: pl.DataFrame) -> pl.DataFrame:
    """One row a proposal with the columns `COLUMNS`, in the order in which they were made.

    Args:
        acts: act_no, kind_code, subject_name, actor_name, acted_at and payload_text of `core.acts`, in any order.
    """
    held: dict[str, dict[str, Any]] = {}
    undone = _taken_back(acts)
    for act in acts.sort("act_no").iter_rows(named=True):
        if act["act_id"] in undone:
            continue
        said = json.loads(act["payload_text"] or "{}")
        kind, subject = act["kind_code"], act["subject_name"]
        if kind == "propose":
            held[subject] = _proposed(act, said)
        elif kind == "export":
            for line in said.get("lines", ()):
                _exported(held.get(line.get("proposal_id")), act)
        elif kind in ("export_sent", "export_failed", "export_cancelled", "acknowledge"):
            for proposal_id in said.get("proposal_ids", ()):
                _told(held.get(proposal_id), kind, said.get("documents", {}).get(proposal_id, {}))
        elif subject in held:
            _moved(held[subject], kind, act, said)
    rows = [_closed(row) for row in held.values()]
    return pl.DataFrame(rows, schema=SHAPE) if rows else pl.DataFrame(schema=SHAPE)


def _taken_back(acts: pl.DataFrame) -> set[str]:
    """The acts that somebody took back."""
    texts = acts.filter(pl.col("kind_code") == "take_back")["payload_text"].to_list()
    return {json.loads(text or "{}").get("act_id", "") for text in texts}


def _proposed(act: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    note = said.get("note") or {}
    calls = note.get("ai_calls", ())
    row = {
        "proposal_id": act["subject_name"],
        "proposer_name": act["actor_name"],
        "decider_name": act["actor_name"],
        "is_agent": bool(said.get("is_agent")),
        "is_handed_on": bool(note.get("handed_on_by")),
        "is_unasked": bool(note.get("is_unasked")),
        "reason_code": note.get("reason_code"),
        "proposed_at": act["acted_at"],
        "decision_minutes": 0.0,
        "is_failed_export": False,
        "approvers": [],
        **{
            name: sum(int(call.get(name) or 0) for call in calls)
            for name in ("input_token_count", "output_token_count")
        },
    }
    return _with_content(row, act, said)


def _with_content(row: dict[str, Any], act: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what a wish, or a changed one, says."""
    wish = said["proposal"]
    action, subject, suggested = wish.get("action") or {}, wish.get("subject") or {}, wish.get("suggested") or {}
    found = {name: action.get(name) or subject.get(name) for name in IDS}
    found["site_id"] = found["site_id"] or action.get("to_site_id") or subject.get("to_site_id")
    qty, before = _number(action.get("qty")), 0.0 if row["is_unasked"] else _number(suggested.get("qty"))
    verdict = said.get("verdict") or {}
    is_free = verdict.get("code") == "allowed"
    row |= {name: None if value in ("*", "") else value for name, value in found.items()}
    row |= {name: _number(wish.get(name)) for name in (*MONEY, "confidence_share")}
    return row | {
        "action_kind_code": wish["kind"],
        "case_id": wish.get("case_id") or None,
        "segment_name": wish.get("segment") or None,
        "data_grade_code": wish.get("data_grade") or None,
        "decided_qty": qty,
        "suggested_qty": qty if before is None else before,
        "is_override": before is not None and qty is not None and before != qty,
        "unit_cost": _number(action.get("unit_cost")),
        "decided_days": _number(action.get("days")),
        "decision_minutes": row["decision_minutes"] + float(said.get("minutes") or 0),
        "verdict_code": verdict.get("code"),
        "wanted": int(verdict.get("approvals") or 0),
        "approvers": [],
        "decision_state_code": "approved" if is_free else "pending",
        "decided_at": act["acted_at"] if is_free else None,
        "policy_version_no": said.get("policy_version"),
        "horizon_days": int(wish.get("horizon_days") or 28),
    }


def _moved(row: dict[str, Any], kind: str, act: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    if kind == "modify":
        row |= _with_content(row, act, said)
        row |= {"decider_name": act["actor_name"], "reason_code": said.get("reason_code") or row["reason_code"]}
        return
    row["decision_minutes"] += float(said.get("minutes") or 0)
    if kind == "approve":
        row["approvers"].append(act["actor_name"])
        # A policy that has become stricter since asks for more than it did when this was proposed.
        row["wanted"] = max(row["wanted"], int(said.get("approvals") or 0))
        if len(row["approvers"]) >= row["wanted"]:
            row |= {"decision_state_code": "approved", "decided_at": act["acted_at"]}
    elif kind in LEADS_TO:
        row["decision_state_code"] = LEADS_TO[kind]
        row["decided_at"] = row["decided_at"] or act["acted_at"]
        if kind in ("decline", "withdraw"):
            row["reason_code"] = said.get("reason_code") or row["reason_code"]


def _exported(row: dict[str, Any] | None, act: Mapping[str, Any]) -> None:
    if row is not None:
        row |= {"decision_state_code": "exported", "exported_at": row.get("exported_at") or act["acted_at"]}


def _told(row: dict[str, Any] | None, kind: str, document: Mapping[str, Any]) -> None:
    if row is None:
        return
    row["decision_state_code"] = LEADS_TO[kind]
    row["is_failed_export"] = row["is_failed_export"] or kind == "export_failed"
    row |= {name: str(document[name]) for name in ("po_id", "line_key", "order_id") if document.get(name)}


def _closed(row: dict[str, Any]) -> dict[str, Any]:
    """The row with what follows from the rest."""
    began, decided = row["proposed_at"], row["decided_at"]
    waited = (decided - began).total_seconds() / 3600 if decided and row["approvers"] else None
    days = dt.timedelta(days=row["horizon_days"])
    more = {
        "approvers_text": ", ".join(dict.fromkeys(row["approvers"])) or None,
        "approval_count": len(row["approvers"]),
        "approval_hours": waited,
        "proposed_date": began.date(),
        "horizon_date": began.date() + days,
        "exported_at": row.get("exported_at"),
    }
    return {name: value for name, value in (row | more).items() if name in SHAPE}


def _number(value: Any) -> float | None:
    return None if value in (None, "") else float(value)


def score(frames: Frames, asked: Asked) -> Scored:
    """Every proposal and where it stands."""
    if asked.version == RIVAL_ONLY:
        return Scored(empty(MODEL))
    rows = folded(frames["core.acts"])
    because = f"{rows.height:,} proposals stand in the ledger." if rows.height else "Nobody has proposed anything yet."
    return Scored({"scores.decisions": rows.select(COLUMNS)}, because=because, trained_rows=rows.height)


MODEL = Model(
    code="decisions",
    title="Where decisions stand",
    question="Where does every proposal stand, who changed, approved or declined it, and how long did that take?",
    reads={"core.acts": ("act_id", "act_no", "kind_code", "subject_name", "actor_name", "acted_at", "payload_text")},
    writes=(
        Output(
            name="scores.decisions",
            answers="What was proposed by whom, what became of it, and what work did it take?",
            grain="one row per proposal",
            key=("proposal_id",),
            columns=COLUMNS,
            checks=(
                "decision_minutes >= 0",
                "approval_hours is null or approval_hours >= 0",
                "decided_at is null or decided_at >= proposed_at",
            ),
        ),
    ),
    guarantee="The same acts give the same rows, and only what the ledger says is said.",
    rival="nobody looks back",
    needs=(),
    versions={1: "The acts folded one after another, as the desk folds them."},
    does_not="It does not say whether a decision was good; the outcomes do.",
    trust="Trust it as far as the ledger verifies.",
    score=score,
)  # fmt: skip
