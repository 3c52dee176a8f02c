"""Everything that a build makes, SQL files and models alike, as one graph of tables that read each other."""

from functools import cache
from importlib import import_module
from pathlib import Path

import models
from models.model import Model
from pipelines.table import Table, tables

FOLDER = Path(models.__file__).parent
# Written by the build itself about all models, once each has judged.
ABOUT_MODELS = {
    "scores.model_runs": "Which model judged with which version, how did it do against its rival, and may it be trusted?",
    "scores.backtests": "How did each model and its rival do, looking back, on which part of the data?",
    "scores.reliability": "How often did come what each model gave which chance?",
    "scores.drift": "Have the inputs or errors of a model moved from what it was made on?",
}
KEYS = {
    "scores.model_runs": ("model_code",),
    "scores.backtests": ("model_code", "variant_name", "scope_name", "origin_date", "measure_name"),
    "scores.reliability": ("model_code", "bin_no"),
    "scores.drift": ("model_code", "kind_code", "signal_name"),
}


@cache
def all_models() -> dict[str, Model]:
    """Every model by its code: each file `models/<capability>/<name>.py` that declares a `MODEL`.

    >>> all_models()["demand"].rival
    'seasonal naive'
    """
    found: dict[str, Model] = {}
    for path in sorted(FOLDER.glob("*/*.py")):
        if "\nMODEL = Model(" not in path.read_text("utf-8"):
            continue
        model: Model = import_module(f"models.{path.parent.name}.{path.stem}").MODEL
        found[model.code] = model
    return found


@cache
def graph() -> dict[str, Table]:
    """Every table of a build by address, those of models with the kind `model`.

    >>> sorted(graph()["scores.model_runs"].key)
    ['model_code']
    """
    made = dict(tables())
    for model in all_models().values():
        for output in model.writes:
            made[output.name] = Table(
                name=output.name,
                kind="model",
                answers=output.answers,
                grain=output.grain,
                key=output.key,
                checks=output.checks,
                sql="",
                reads=frozenset({*model.reads, "marts.data_grades"}),
                why=f"{model.title} ({model.code}): {model.guarantee}",
            )
    every_score = frozenset(output.name for model in all_models().values() for output in model.writes)
    for name, answers in ABOUT_MODELS.items():
        grain = f"one row per {', '.join(KEYS[name])}"
        made[name] = Table(name, "model", answers, grain, KEYS[name], (), "", every_score)
    return made


def model_of(name: str) -> Model | None:
    """The model that writes a table; None for tables of SQL."""
    return next((m for m in all_models().values() if name in {output.name for output in m.writes}), None)


@cache
def feeding(name: str) -> tuple[str, ...]:
    """The extracts whose rows a table is made of, over however many steps, those of the fewest steps first.

    A table of `core` stands for the extract of its name: what it takes from others only fills gaps. Grades of extracts
    and judgements of models are no rows, and are not followed.

    >>> feeding("marts.stock_periods")[:2], feeding("raw.company")
    (('sites', 'skus'), ())
    """
    known, step, seen, found = graph(), {name}, {name}, dict[str, None]()
    while step:
        named = {one: one.removeprefix("core.") for one in step if one.startswith("core.")}
        own = {one: extract for one, extract in named.items() if f"staging.{extract}" in known[one].reads}
        found |= dict.fromkeys(sorted(own.values()))
        reads = {read for one in step - set(own) if one in known for read in known[one].reads} - seen - _ABOUT_ROWS
        found |= dict.fromkeys(sorted(read.removeprefix("staging.") for read in reads if read.startswith("staging.")))
        seen |= reads
        step = reads
    return tuple(found)


_ABOUT_ROWS = frozenset({"marts.data_grades", *ABOUT_MODELS})
