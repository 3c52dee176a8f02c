"""The plan as it stands when a month is closed, frozen with it, so that every later month has a plan that was made before it began.

Amounts are text with two decimals: costs by use case and layer, what logs will measure apart from what will only be accrued;
benefit (less what errors cost, without soft ones) and cases with their P10 and P90. A month's P10 and P90 of benefit are the sums
of those of its kinds, as if all went badly or well together.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from models.ai_economics.lines import BY_CODE, SWITCHING
from store.warehouse import Build

MONTHS = 12
MOST_BYTES = 60_000  # a plan of more use cases than that is frozen for fewer months
CENT = Decimal("0.01")
NEEDED = ("scores.ai_cost_months", "scores.ai_value_months", "scores.ai_volume_months")
MONTHS_SQL = "select distinct month_date from scores.ai_cost_months order by 1 limit ?"
COSTS_SQL = """
    select use_case_id, layer_code, cost_line_name, month_date, sum(planned_amount) as planned
    from scores.ai_cost_months where month_date = any(?) group by all order by all
"""
BENEFITS_SQL = """
    select use_case_id, month_date, sum(planned_amount) as planned, sum(p10_amount) as low, sum(p90_amount) as high
    from scores.ai_value_months where benefit_class_code <> 'soft' and month_date = any(?) group by all order by all
"""
CASES_SQL = """
    select use_case_id, month_date, planned_cases_number as planned, low_cases_number as low, high_cases_number as high
    from scores.ai_volume_months where month_date = any(?) order by all
"""
LOGGED, ACCRUED = "logged", "accrued"
ENDS = ("planned", "low", "high")
Series = dict[str, list[str]]
Rows = Iterable[Mapping[str, Any]]


def frozen_plan(build: Build) -> dict[str, Any] | None:
    """The plan of a build for the months after its day, as an act keeps it; None where the build has none.

    `months` names them ("2026-12"); each list has an amount for each of them: `costs` by use case, layer and `logged` or `accrued`,
    `benefits` and `cases` by use case and `planned`, `low`, `high`. `layers` says in which layer each component stands.
    """
    if not all(build.has(name) for name in NEEDED):
        return None
    known = build.query(MONTHS_SQL, [MONTHS])["month_date"].to_list()
    if not known:
        return None
    as_of = build.facts()["as_of_date"]
    told = [build.query(sql, [known]).to_dicts() for sql in (COSTS_SQL, BENEFITS_SQL, CASES_SQL)]
    for count in range(len(known), 0, -1):
        months = known[:count]
        said = _plan(as_of, months, *([row for row in rows if row["month_date"] in months] for rows in told))
        if len(json.dumps(said)) <= MOST_BYTES:
            return said
    return None


def _plan(as_of: date, months: Sequence[date], spent: Rows, won: Rows, worked: Rows) -> dict[str, Any]:
    costs: dict[str, dict[str, dict[str, list[Decimal]]]] = {}
    layers: dict[str, str] = {}
    for row in spent:
        if row["layer_code"] != SWITCHING:
            layers[BY_CODE[row["cost_line_name"]].component] = row["layer_code"]
        kind = LOGGED if BY_CODE[row["cost_line_name"]].is_volume else ACCRUED
        of_layer = costs.setdefault(row["use_case_id"], {}).setdefault(row["layer_code"], {})
        amounts = of_layer.setdefault(kind, [Decimal(0)] * len(months))
        amounts[months.index(row["month_date"])] += Decimal(str(row["planned"]))
    return {
        "as_of": as_of.isoformat(),
        "months": [f"{month:%Y-%m}" for month in months],
        "costs": {
            name: {
                layer: {kind: [_text(one) for one in amounts] for kind, amounts in kinds.items() if any(amounts)}
                for layer, kinds in layers.items()
            }
            for name, layers in costs.items()
        },
        "layers": dict(sorted(layers.items())),
        "benefits": _ends(won, months),
        "cases": _ends(worked, months),
    }


def _ends(rows: Rows, months: Sequence[date]) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for row in rows:
        mine = found.setdefault(row["use_case_id"], {end: ["0.00"] * len(months) for end in ENDS})
        for end in ENDS:
            mine[end][months.index(row["month_date"])] = _text(row[end])
    return found


def _text(amount: Any) -> str:
    """An amount to the cent, as text.

    >>> _text(Decimal("12.345")), _text(-0.001)
    ('12.34', '0.00')
    """
    return f"{Decimal(str(amount)).quantize(CENT) + 0:f}"
