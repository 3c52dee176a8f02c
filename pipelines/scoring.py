"""Models as steps of a build: each gets what it reads, is held to what it promises, and gives way to its rival where it fails."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from models.model import BACKTEST, DRIFT, RELIABILITY, RIVAL_ONLY, Asked, Frames, Model, Scored, empty
from pipelines.answers import Answers
from pipelines.contract import SQL_TYPES, dictionary
from store.warehouse import Draft

LOG = logging.getLogger(__name__)
REVIEW_DAYS = 91
Ask = Callable[[Frames, Asked], Scored]
GRADES_GOOD_ENOUGH = ("A", "B")
RUN = {
    "model_code": pl.String,
    "model_name": pl.String,
    "question_text": pl.String,
    "version_no": pl.Int64,
    "newest_version_no": pl.Int64,
    "is_pinned": pl.Boolean,
    "run_status_code": pl.String,
    "because_text": pl.String,
    "rival_name": pl.String,
    "measure_name": pl.String,
    "model_error_number": pl.Float64,
    "rival_error_number": pl.Float64,
    "trained_row_count": pl.Int64,
    "scored_row_count": pl.Int64,
    "guarantee_text": pl.String,
    "does_not_text": pl.String,
    "trust_text": pl.String,
    "pinned_date": pl.Date,
    "review_due_date": pl.Date,
}


@dataclass(frozen=True)
class Pin:
    """A version that somebody has fixed, and since when."""

    version: int
    since: dt.date


@dataclass
class Runs:
    """What the models of one build have said about themselves so far."""

    as_of: dt.date
    pins: dict[str, Pin]
    answers: Answers | None = None
    rows: list[dict] = field(default_factory=list)
    about: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    seconds: list[dict] = field(default_factory=list)


def pins(acts: list[dict]) -> dict[str, Pin]:
    """The version that each model is pinned to, by the last act about it; no act or a pin to none means the newest.

    >>> pins([{"kind": "pin", "subject": "demand", "at": dt.datetime(2026, 1, 2), "payload": {"version": 1}}])
    {'demand': Pin(version=1, since=datetime.date(2026, 1, 2))}
    """
    found: dict[str, Pin] = {}
    for act in acts:
        if act["kind"] != "pin":
            continue
        found.pop(act["subject"], None)
        if act["payload"]["version"] is not None:
            found[act["subject"]] = Pin(act["payload"]["version"], act["at"].date())
    return found


def judge(draft: Draft, model: Model, runs: Runs) -> None:
    """All tables of a model made in the draft; a model that may not or cannot judge leaves them empty and says why."""
    pin = runs.pins.get(model.code)
    version = model.newest if pin is None else pin.version
    begun = time.perf_counter()
    poor = _poor_data(draft, model)
    if poor:
        scored, status = Scored(empty(model), because=poor), "blocked"
    else:
        # In one order, whatever order the engine's threads finished in: sums of floats differ in their last bit otherwise.
        frames = {
            name: draft.query(f"select {', '.join(columns)} from {name} order by all")
            for name, columns in model.reads.items()
        }
        ask = model.score if runs.answers is None else partial(runs.answers.asked, model)
        scored, status = _scored(model, ask, frames, Asked(runs.as_of, version))
    for output in model.writes:
        draft.take(output.name, scored.tables[output.name], types(output.columns))
    runs.seconds.append({"model_code": model.code, "seconds": time.perf_counter() - begun})
    runs.rows.append(_run(model, scored, status, pin, runs.as_of))
    for name, frame in (("backtests", scored.backtests), ("reliability", scored.reliability), ("drift", scored.drift)):
        runs.about.setdefault(name, []).append(frame.with_columns(model_code=pl.lit(model.code)))


def tell(draft: Draft, runs: Runs) -> None:
    """The tables about all models, once each has judged. How long each took is kept apart: it is never twice the same."""
    draft.take("scores.model_runs", pl.DataFrame(runs.rows, schema=RUN), types(tuple(RUN)))
    for name, schema in (("backtests", BACKTEST), ("reliability", RELIABILITY), ("drift", DRIFT)):
        whole = pl.concat([pl.DataFrame(schema={**schema, "model_code": pl.String}), *runs.about.get(name, [])])
        draft.take(f"scores.{name}", whole, types(("model_code", *schema)))
    times = pl.DataFrame(runs.seconds, schema={"model_code": pl.String, "seconds": pl.Float64})
    draft.take("raw.model_times", times, {"model_code": "varchar", "seconds": "double"})


def types(columns: tuple[str, ...]) -> dict[str, str]:
    """The SQL type that the dictionary gives each column name."""
    return {column: SQL_TYPES[dictionary()[column]["type"]] for column in columns}


def _scored(model: Model, ask: Ask, frames: dict[str, pl.DataFrame], asked: Asked) -> tuple[Scored, str]:
    """The model's answer and its standing; when its own code fails, its rival's answer, so that a refresh never stands still."""
    try:
        scored = _shaped(model, ask(frames, asked))
    except Exception:
        LOG.exception("model %s, version %d", model.code, asked.version)
        if asked.version == RIVAL_ONLY:
            return Scored(empty(model), because="It failed, and so did its rival; nothing was scored."), "failed"
        spoken, status = _scored(model, ask, frames, Asked(asked.as_of, RIVAL_ONLY, asked.seed))
        because = f"It failed on this data; {model.rival} speaks instead. The server's log has the reason."
        return Scored(spoken.tables, because=because, is_fallback=True), "failed" if status == "failed" else "fallback"
    if asked.version == RIVAL_ONLY:
        return scored, "off"
    return scored, "fallback" if scored.is_fallback else "in use"


def _shaped(model: Model, scored: Scored) -> Scored:
    """The answer with exactly the columns that were promised; a missing one is an error of the model."""
    return replace(
        scored,
        tables={output.name: scored.tables[output.name].select(output.columns) for output in model.writes},
        backtests=scored.backtests.select(*BACKTEST).cast(BACKTEST),  # type: ignore[arg-type]  # a schema is a mapping
        reliability=scored.reliability.select(*RELIABILITY).cast(RELIABILITY),  # type: ignore[arg-type]
        drift=scored.drift.select(*DRIFT).cast(DRIFT),  # type: ignore[arg-type]
    )


def _poor_data(draft: Draft, model: Model) -> str:
    """Why the data is too poor for this model to judge on; empty where it is good enough."""
    grades = draft.query("select contract_name, data_grade_code, because_text from marts.data_grades")
    for contract, grade, because in grades.iter_rows():
        if contract in model.needs and grade not in GRADES_GOOD_ENOUGH:
            return f"The {contract.replace('_', ' ')} are of grade {grade}, and it needs B: {because}"
    return ""


def _run(model: Model, scored: Scored, status: str, pin: Pin | None, as_of: dt.date) -> dict[str, object]:
    since = pin.since if pin else as_of
    because = scored.because
    if status == "off":
        because = f"Somebody switched it off; {model.rival} speaks instead."
    return {
        "model_code": model.code,
        "model_name": model.title,
        "question_text": model.question,
        "version_no": pin.version if pin else model.newest,
        "newest_version_no": model.newest,
        "is_pinned": pin is not None,
        "run_status_code": status,
        "because_text": because,
        "rival_name": model.rival,
        "measure_name": scored.measure_name,
        "model_error_number": scored.model_error,
        "rival_error_number": scored.rival_error,
        "trained_row_count": scored.trained_rows,
        "scored_row_count": sum(frame.height for frame in scored.tables.values()),
        "guarantee_text": model.guarantee,
        "does_not_text": model.does_not,
        "trust_text": model.trust,
        "pinned_date": pin.since if pin else None,
        "review_due_date": since + dt.timedelta(days=REVIEW_DAYS),
    }
