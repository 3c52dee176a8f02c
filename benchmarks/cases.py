"""How well the cases of the demo company fit what was planted in it.

    .venv/bin/python -m benchmarks.cases [--company demo]

Reads the truth file that the demo's world keeps beside its extracts, and that nothing else ever reads. A true cause is a planted supplier,
carrier or SKU, and of plants that befall several shelves each shelf by itself: six SKUs with wrong parameters are six causes.
Signals that a plant can raise are labelled with it; what nobody planted has no label and counts in no share below.

signals_per_case: all signals over all cases, and those of shown cases over shown cases.
alerts: raw alerts (marts.raw_alerts: what watching each document, shelf and day by itself would raise) of shown cases over shown
    cases, the same without days that are still to come, by kind of case, and all raw alerts over shown cases.
purity: of the labelled signals in a case, the share that belongs to its commonest true cause, weighted by signals.
completeness: of the signals of a true cause, the share that its largest case holds, weighted by signals.
subjects: true causes whose case names a cause of the right kind; `shown` are those a planner sees without asking. Every planted one
    is in `planted`. `visible` are those that have left a trace in what the company has on file, by a test that no detector reads and
    that is told shelf, day and direction beforehand (`case_traces`); `overlooked` are visible and not recovered, `without_trace` are
    neither. Both shares are printed: of all, and of the visible.
plants: planted rows of which at least half of the subjects are recovered so; of the visible, half of the visible subjects.
money_rank: Spearman's correlation of the truth's money with the expected loss of the plant's cases; few plants make it rough.
Prints one JSON line.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from benchmarks.case_traces import traced
from benchmarks.demo_truth import grown
from store.warehouse import Build

SHORT = ("stocked_out", "stockout_ahead", "order_short", "misplaced_stock")
# Plant → kinds of signal that it raises on its own shelf, kinds that it raises for the SKU anywhere, kinds of cause that name it.
RAISES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "parameters_too_low": (("stale_parameter",), SHORT, ("stale_parameter",)),
    "parameters_too_old": (("stale_parameter",), SHORT, ("stale_parameter",)),
    "excess_stock": (("stale_parameter", "excess_stock"), (), ("stale_parameter", "excess_stock")),
    "demand_rose": (("demand_spike", "stale_parameter"), SHORT, ("demand_spike",)),
    "demand_fell": (("demand_drop", "stale_parameter", "excess_stock"), (), ("demand_drop",)),
    "unit_of_measure_slip": (("data_defect",), ("data_defect", "stale_parameter", *SHORT), ("data_defect",)),
    "price_error": (("price_anomaly",), ("price_anomaly", "wrong_price"), ("price_anomaly",)),
    "deteriorating_supplier": ((), ("supplier_worse", "late_inbound"), ("supplier_worse",)),
    "carrier_disruption": ((), ("late_outbound",), ("late_outbound",)),
}


def main() -> None:
    """Print the JSON line."""
    company, build, truth = grown(str(__doc__))
    plants = planted(truth)
    print(json.dumps({"benchmark": "cases", "company": company.name, **scored(build, plants)}))


def planted(truth: pl.DataFrame) -> list[dict[str, Any]]:
    """The plants that signals can show; shifts of demand told apart by their direction."""
    found = []
    for row in truth.iter_rows(named=True):
        kind = row["kind"]
        if kind == "demand_shift":
            kind = "demand_rose" if "rose" in row["expected_finding"] else "demand_fell"
        if kind in RAISES:
            found.append({**row, "kind": kind, "subjects": str(row["subject_id"]).split()})
    return found


def scored(build: Build, plants: list[dict[str, Any]]) -> dict[str, Any]:
    """Every figure of the line."""
    signals = build.query(
        "select s.*, m.case_id from marts.signals as s join scores.case_signals as m using (signal_id)"
    )
    cases = build.query(
        "select case_id, case_kind_code, is_shown, cast(expected_loss_amount as double) as loss from scores.cases"
    )
    bought = dict(build.query("select sku_id, max(supplier_id) from core.purchase_lines group by sku_id").iter_rows())
    rows = signals.to_dicts()
    label = {row["signal_id"]: cause for row in rows if (cause := _cause(row, plants, bought))}
    in_case: dict[str, Counter] = defaultdict(Counter)
    of_cause: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for row in rows:
        if row["signal_id"] in label:
            in_case[row["case_id"]][label[row["signal_id"]]] += 1
            of_cause[label[row["signal_id"]]][row["case_id"]] += 1
    labelled = sum(sum(counts.values()) for counts in in_case.values())
    about = {row["case_id"]: row for row in cases.to_dicts()}
    shown = cases.filter("is_shown")["case_id"]
    alerts = build.query("select case_id, case_kind_code, is_shown, is_projected from marts.raw_alerts")
    visible = traced(build, plants)
    return {
        "signals": len(rows),
        "cases": cases.height,
        "shown_cases": shown.len(),
        "signals_per_case": round(len(rows) / cases.height, 2) if cases.height else None,
        "signals_per_shown_case": round(
            signals.filter(pl.col("case_id").is_in(shown.implode())).height / shown.len(), 2
        )
        if shown.len()
        else None,
        "alerts": _alerts(alerts, shown),
        "labelled_signals": labelled,
        "purity": round(sum(max(c.values()) for c in in_case.values()) / labelled, 3) if labelled else None,
        "completeness": round(sum(max(c.values()) for c in of_cause.values()) / labelled, 3) if labelled else None,
        **_recovered(plants, about, of_cause, visible),
        **_money(plants, about, in_case),
        "double_counted_units": build.query("select count(*) - count(distinct unit_key) from scores.case_units").item(),
    }


def _cause(signal: dict[str, Any], plants: list[dict[str, Any]], bought: dict[str, str]) -> tuple[str, str] | None:
    """The planted cause that raises such a signal: plant and subject; that of its own shelf before that of its supplier."""
    for plant in sorted(plants, key=lambda one: one["kind"] == "deteriorating_supplier"):
        here, anywhere, _ = RAISES[plant["kind"]]
        for subject in plant["subjects"]:
            sku, _, site = subject.partition("@")
            kind, day = signal["signal_kind_code"], signal["signal_date"]
            if plant["subject_kind"] in ("sku", "sku_site"):
                on_shelf = signal["sku_id"] == sku and kind in here and signal["site_id"] in (None, site or None, site)
                if on_shelf or (signal["sku_id"] == sku and kind in anywhere):
                    return plant["plant_id"], subject
            elif plant["kind"] == "deteriorating_supplier":
                is_its = signal["supplier_id"] == subject and kind in anywhere
                if is_its or (bought.get(signal["sku_id"]) == subject and kind in SHORT and day >= plant["from_date"]):
                    return plant["plant_id"], subject
            elif signal["carrier_id"] == subject and kind in anywhere and plant["from_date"] <= day <= plant["to_date"]:
                return plant["plant_id"], subject
    return None


def _alerts(alerts: pl.DataFrame, shown: pl.Series) -> dict[str, Any]:
    """How many raw alerts there are for each shown case, by several ways to count."""
    mine = alerts.filter("is_shown")
    if not shown.len():
        return {"all": alerts.height}
    kinds = (
        mine.group_by("case_kind_code")
        .agg(pl.len(), pl.col("case_id").n_unique().alias("cases"))
        .sort("case_kind_code")
    )
    return {
        "all": alerts.height,
        "per_shown_case": round(mine.height / shown.len(), 2),
        "per_shown_case_without_days": round(mine.filter(~pl.col("is_projected")).height / shown.len(), 2),
        "all_per_shown_case": round(alerts.height / shown.len(), 2),
        "by_kind": {kind: round(count / cases, 1) for kind, count, cases in kinds.iter_rows()},
    }


def _recovered(
    plants: list[dict[str, Any]],
    about: dict[str, dict],
    of_cause: dict[tuple[str, str], Counter],
    visible: set[tuple[str, str]],
) -> dict[str, Any]:
    """How many true causes and plants have a case that names a cause of their kind, of all and of those that can be seen."""
    named: dict[tuple[str, str], bool] = {}
    of_plant = {plant["plant_id"]: [(plant["plant_id"], subject) for subject in plant["subjects"]] for plant in plants}
    told = {
        (plant["plant_id"], subject): f"{plant['plant_id']} {plant['kind']} {subject}"
        for plant in plants
        for subject in plant["subjects"]
    }
    for plant in plants:
        for key in of_plant[plant["plant_id"]]:
            mine = [about[case] for case in of_cause.get(key, ())]
            right = [case for case in mine if case["case_kind_code"] in RAISES[plant["kind"]][2]]
            if right:
                named[key] = any(case["is_shown"] for case in right)
    whole = [plant for plant, keys in of_plant.items() if 2 * sum(key in named for key in keys) >= len(keys)]
    seen = {plant: [key for key in keys if key in visible] for plant, keys in of_plant.items()}
    seen = {plant: keys for plant, keys in seen.items() if keys}
    seen_whole = [plant for plant, keys in seen.items() if 2 * sum(key in named for key in keys) >= len(keys)]
    both = len(visible & named.keys())
    return {
        "subjects": {
            "planted": len(told),
            "recovered": len(named),
            "shown": sum(named.values()),
            "visible": len(visible),
            "visible_recovered": both,
        },
        "subject_share": _share(len(named), len(told)),
        "visible_subject_share": _share(both, len(visible)),
        "plants": {
            "planted": len(plants),
            "recovered": len(whole),
            "visible": len(seen),
            "visible_recovered": len(seen_whole),
        },
        "plant_share": _share(len(whole), len(plants)),
        "visible_plant_share": _share(len(seen_whole), len(seen)),
        "overlooked": sorted(told[key] for key in visible - named.keys()),
        "without_trace": sorted(text for key, text in told.items() if key not in visible and key not in named),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _money(plants: list[dict[str, Any]], about: dict[str, dict], in_case: dict[str, Counter]) -> dict[str, Any]:
    """Rank correlation of the truth's money and that of the cases, by plant and by kind of plant that costs anything still."""
    told: Counter = Counter()
    for case, causes in in_case.items():
        told[causes.most_common(1)[0][0][0]] += about[case]["loss"]
    truth = [float(plant["money_amount"]) for plant in plants]
    found = [float(told[plant["plant_id"]]) for plant in plants]
    return {
        "money_rank": _spearman(truth, found),
        "money_plants": len(plants),
        "money": list(_pairs(plants, truth, found)),
    }


def _pairs(plants: list[dict[str, Any]], truth: list[float], found: list[float]) -> Iterator[list]:
    for plant, said, came in zip(plants, truth, found, strict=True):
        yield [plant["plant_id"], plant["kind"], round(said), round(came)]


def _spearman(one: list[float], other: list[float]) -> float | None:
    if len(one) < 4:
        return None
    first, second = (pl.Series(values).rank().to_numpy() for values in (one, other))
    return round(float(np.corrcoef(first, second)[0, 1]), 3)


if __name__ == "__main__":
    main()
