"""What the governance council reads of the machinery: models, data, controls, budgets and errors; and which versions it all rests on."""

from collections import Counter
from typing import Any

import polars as pl

from decisions.desk import Desk
from decisions.policy_text import packaged
from metrics.definition import definitions
from pages.parts import ai_board, ai_cost_world, freshness
from pages.parts.ask import ask, has_rows, mart
from pages.parts.figures import Figure, figure
from pages.parts.governance_business import RUNNING, TRUST
from pages.parts.governance_pack import Line, Section, listed
from pages.parts.page import Visit

HEALTH, GRADES, CONTROLS, CALLS, FRESHNESS = (
    "marts.model_health",
    "marts.data_grades",
    "marts.control_compliance",
    "marts.ai_calls",
    "marts.source_freshness",
)
ORDER = ("kept", "not kept", "off", "not seen")
ERRORS_SQL = """
    select sum(case_count) as case_count, sum(error_count) as error_count, sum(wrong_commitment_count) as wrong_count from marts.ai_trust
"""


def section(visit: Visit, desk: Desk) -> Section:
    """Models against their rivals, data, controls, budgets, overrides and errors."""
    controls = running(visit)
    lines = (*_models(visit), *_data(visit), _kept(controls, visit), _capped(controls, visit, desk), _errors(visit))
    return Section("technical", "Technical", lines)


def _models(visit: Visit) -> list[Line]:
    """How many models are in use, which are worse than their rival, and which have drifted or are due for a review."""
    if not has_rows(visit, HEALTH):
        return [Line("Models", "No model has run: refresh once on the Upload page.", "models")]
    rows = mart(visit, HEALTH, order_by=("model_name",)).to_dicts()
    used = [row for row in rows if row["run_status_code"] == "in use"]
    held = [row for row in used if None not in (row["model_error_number"], row["rival_error_number"])]
    worse = [row["model_name"] for row in held if row["model_error_number"] > row["rival_error_number"]]
    others = [f"{row['model_name']} ({row['run_status_code']})" for row in rows if row not in used]
    drifted = [row["model_name"] for row in rows if row["drifted_count"]]
    due = [row["model_name"] for row in rows if row["is_review_due"]]
    rival = f"{len(held) - len(worse)} of the {len(held)} whose rival can be measured do at least as well as it"
    return [
        Line(
            "Models",
            f"{len(used)} of {len(rows)} are in use; {rival}; worse: {listed(worse)}."
            + (f" Not in use: {listed(others)}." if others else ""),
            "models",
        ),
        Line("Drift and reviews", f"Drifted: {listed(drifted)}. Past their day of review: {listed(due)}.", "models"),
    ]


def _data(visit: Visit) -> list[Line]:
    """The grades of the extracts, and which of them are older than the target that was set for each."""
    words = visit.words
    graded = ask(visit, ai_board.GRADES_SQL) if has_rows(visit, GRADES) else pl.DataFrame()
    said = ", ".join(f"{words.count(count)} {grade or 'not graded'}" for grade, count in graded.iter_rows())
    return [
        Line("Data grades", f"Extracts by grade: {said or 'not graded'}.", "health"),
        Line("Freshness", f"Data to {words.date(visit.as_of)}; {_fresh(visit)}.", "health"),
    ]


def _fresh(visit: Visit) -> str:
    """How many sources are within their targets and which are not, the oldest first, by the very table that Data health shows."""
    if not has_rows(visit, FRESHNESS):
        return "how old each source is: no data"
    words, found = visit.words, freshness.held(mart(visit, FRESHNESS))
    old = found.filter(pl.col("verdict_code") == freshness.BROKEN).to_dicts()
    names = listed(
        [
            f"{row['source_name']} ({words.plural(row['source_age_days'], 'day')} old, may be {words.count(row['held_days'])})"
            for row in old
        ],
        most=4,
    )
    return f"{words.count(found.height - len(old))} of {words.plural(found.height, 'source')} are within their targets; older: {names}"


def running(visit: Visit) -> list[dict[str, Any]]:
    """The controls of the use cases that run, with how far each was kept."""
    if not has_rows(visit, CONTROLS):
        return []
    return mart(visit, CONTROLS, where={"stage_code": list(RUNNING)}, order_by=("use_case_id", "control_no")).to_dicts()


def broken(controls: list[dict[str, Any]]) -> list[str]:
    """The controls that were not kept or are off, each with its use case."""
    return [
        f"{row['use_case_name']}: {row['control_name']} ({row['verdict_code']})"
        for row in controls
        if row["verdict_code"] in ("not kept", "off")
    ]


def _kept(controls: list[dict[str, Any]], visit: Visit) -> Line:
    if not controls:
        return Line("Controls", "No use case runs, so no control is held against anything.", "risks", {"tab": "cases"})
    counted = Counter(row["verdict_code"] for row in controls)
    counts = ", ".join(f"{visit.words.count(counted[code])} {code}" for code in ORDER)
    return Line(
        "Controls", f"Of running use cases: {counts}. To see to: {listed(broken(controls))}.", "risks", {"tab": "cases"}
    )


def _capped(controls: list[dict[str, Any]], visit: Visit, desk: Desk) -> Line:
    """What budgets of tokens have refused, and how many cases went over their cap on tool calls."""
    words, refused = visit.words, len(desk.book.ai.refusals)
    caps = [row for row in controls if row["measure_code"] == "tool calls" and row["checked_count"]]
    checked, over = (
        sum(row["checked_count"] for row in caps),
        sum(row["checked_count"] - row["kept_count"] for row in caps),
    )
    said = f"{words.plural(refused, 'call')} refused by a budget or a stop since the ledger began"
    if caps:
        names = [row["use_case_name"] for row in caps if row["kept_count"] < row["checked_count"]]
        said += f"; {words.count(over)} of {words.plural(checked, 'case')} went over the cap on tool calls ({listed(names)})"
    else:
        said += "; cap on tool calls: no data, upload an AI usage log"
    return Line("Budgets and caps", f"{said}.", "risks", {"tab": "cases"})


def _errors(visit: Visit) -> Line:
    """How often people override, calls fail, and cases end in an error or a wrong promise."""
    words, said, figures = visit.words, [], list[Figure]()
    for table, name, called in (
        ("marts.decisions", "override_share", "quantities decided otherwise than suggested"),
        (CALLS, "ai_failed_call_share", "calls to models that failed"),
    ):
        if has_rows(visit, table):
            one = figure(visit, name)
            said.append(f"{called} {words.value(one.value, one.unit, one.because)}")
            figures.append(one)
        else:
            said.append(f"{called}: no data")
    cases, wrong, promised = ask(visit, ERRORS_SQL).row(0) if has_rows(visit, TRUST) else (0, 0, 0)
    if cases:
        said.append(
            f"of {words.plural(cases, 'case')} with AI {words.count(wrong)} had an error and {words.count(promised)} a wrong promise"
        )
    else:
        said.append("errors of cases with AI: no data, upload an AI work log")
    text = "; ".join(said)
    return Line("Overrides and errors", f"{text[0].upper()}{text[1:]}.", "value", {"tab": "measured"}, tuple(figures))


def versions(visit: Visit, desk: Desk) -> Section:
    """Price list, assumptions, definitions and policies that the pack rests on."""
    prices, assumptions = "not known", "not known"
    if has_rows(visit, "raw.ai_basis"):
        prices, assumptions = ask(visit, ai_board.PRICES_SQL).row(0)
    known = definitions()
    newer = [f"{one.title} version {one.version}" for one in known.values() if one.version > 1]
    changed = [
        f"{policy.title} version {policy.version}"
        for policy in (desk.book.policy(kind) for kind in packaged())
        if policy.version > 1
    ]
    own = listed(sorted(desk.book.ai.prices))
    lines = [
        Line("Prices", f"Prices of models: {prices}; the company's own: {own}.", "assumptions", {"tab": "prices"}),
        Line("Assumptions", f"State {assumptions[:12]}; own values in their place: {len(desk.book.ai.overrides)}.", "assumptions"),
        Line("Definitions", f"{len(known)} numbers are defined, in version 1 but for: {listed(newer)}.", "definitions"),
        Line("Policies", f"{len(packaged())} policies, in version 1 but for: {listed(changed)}.", "rules"),
    ]  # fmt: skip
    if missing := ai_cost_world.gap(visit):
        lines.append(Line("Not planned", f"Left out of planned costs: {missing}", "cost"))
    return Section("versions", "Versions", tuple(lines))
