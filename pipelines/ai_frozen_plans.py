"""Plans that were frozen with closed months (`decisions.ai_frozen_plan`), as rows: what each later month was planned to be, and when."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from store.warehouse import Draft

COLUMNS = {
    "frozen_at": "timestamptz",
    "month_date": "date",
    "use_case_id": "varchar",
    "measure_name": "varchar",
    "layer_code": "varchar",
    **dict.fromkeys(("planned_number", "low_number", "high_number"), "double"),
}
LAYERS = {"frozen_at": "timestamptz", "component_code": "varchar", "layer_code": "varchar"}
COSTS = {"logged": "logged cost", "accrued": "accrued cost"}
PARTS = {"benefits": "benefit", "cases": "cases"}
EVERY = "*"


def empty(draft: Draft) -> None:
    """`raw.ai_frozen_plans` and `raw.ai_frozen_layers` without a row."""
    for table, shape in (("raw.ai_frozen_plans", COLUMNS), ("raw.ai_frozen_layers", LAYERS)):
        columns = ", ".join(f"{name} {sql_type}" for name, sql_type in shape.items())
        draft.execute(f"create table {table} ({columns})")


def fill(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """One row in `raw.ai_frozen_plans` for each frozen plan, month, use case, measure and layer that the acts tell of, and one in
    `raw.ai_frozen_layers` for each component of such a plan, where it says in which layer it stands.
    """
    closings = [act for act in acts if act["kind"] == "close_month"]
    draft.fill("raw.ai_frozen_plans", (row for act in closings for row in planned(act)))
    draft.fill("raw.ai_frozen_layers", (row for act in closings for row in layers(act)))


def layers(act: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The layer of each component in the plan that an act froze, with the columns `LAYERS`; none where the plan does not say it."""
    for component, layer in ((act["payload"].get("plan") or {}).get("layers") or {}).items():
        yield act["at"], component, layer


def planned(act: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of the plan that an act of closing a month froze, with the columns `COLUMNS`; none of an act without a plan.

    Cost that logs measure moves with the cases, so it has their P10 and P90; what is accrued has none.
    """
    plan = act["payload"].get("plan")
    if not plan:
        return
    for place, month in enumerate(plan["months"]):
        first = (act["at"], f"{month}-01")
        for part, measure in PARTS.items():
            for name, ends in plan[part].items():
                yield (*first, name, measure, EVERY, *(float(ends[end][place]) for end in ("planned", "low", "high")))
        for name, layers in plan["costs"].items():
            spread = _spread(plan["cases"].get(name), place)
            for layer, kinds in layers.items():
                for kind, amounts in kinds.items():
                    amount = float(amounts[place])
                    ends = [amount * share for share in spread] if spread and kind == "logged" else [None, None]
                    yield (*first, name, COSTS[kind], layer, amount, *ends)


def _spread(ends: Mapping[str, Any] | None, place: int) -> list[float]:
    """P10 and P90 of the cases of a month as shares of what is planned; nothing where no cases are."""
    middle = float(ends["planned"][place]) if ends else 0.0
    return [float(ends[end][place]) / middle for end in ("low", "high")] if ends and middle > 0 else []
