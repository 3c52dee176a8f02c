"""How much stock does the product's rule hold for the same fill, beside other rules and published methods, on real demand?

    .venv/bin/python -m benchmarks.inventory --items ITEMS.csv --demand PANEL.parquet [--target 0.75,0.9,0.95] [--out FILE]
    .venv/bin/python -m benchmarks.inventory --replay ONLINE_RETAIL.parquet [--target 0.85,0.9,0.95] [--seeds 3]

(or `.venv/bin/python …/benchmarks/inventory.py` from any directory). With --demand: spare parts, period by period, as in Nguyen
(2023); --items gives prices (without it they are made up as the study does). Published curves are read from the panel's folder
where they lie there. With --replay: wholesale demand by day with lead times drawn at random. Prints one JSON line. Settings are
constants of the modules, chosen on training parts (docs/why/models.md); "ours" are the functions by which the product orders.
A `less` of -0.25 is a quarter less money in stock at that fill, with the 95 % interval of 1,000 paired
resamples over items; null where a rule's curve does not reach that fill.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import inventory_parts as study
from benchmarks import inventory_retail as retail
from benchmarks.inventory_curves import Curve, less, together
from benchmarks.inventory_panel import Unreadable
from benchmarks.inventory_shop import shop

PART_TARGETS = [0.75, 0.8, 0.85, 0.9, 0.925, 0.94, 0.95]
RETAIL_TARGETS = [0.8, 0.85, 0.9, 0.93, 0.95]
PUBLISHED = ("Method", "TargetFillRates", "AchievedFillRates_Total", "HoldingCosts")
FILLS = {
    "unit": "units there when asked for / units asked for, all items and the whole test together",
    "value": "the same, each unit at its price",
    "item": "mean over items of the item's own unit fill",
}
INTERVAL = "95 %, 1,000 resamples over items, the same for both rules"


def main() -> None:
    """Print the JSON line; what is wrong with a file or a wish is one line too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=Path)
    parser.add_argument("--demand", type=Path)
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--target", type=targets, help="fills between 0 and 1, with commas between them")
    parser.add_argument("--seeds", type=int, choices=range(1, 11), default=3)
    parser.add_argument("--out", type=Path, help="keep all curves here, as JSON")
    wishes = parser.parse_args()
    if (wishes.demand is None) == (wishes.replay is None) or (wishes.items and wishes.replay):
        parser.error("give either --demand (and --items) or --replay")
    begun = time.perf_counter()
    try:
        if wishes.demand is not None:
            curves, said = spare_parts(wishes.demand, wishes.items, wishes.target or PART_TARGETS)
        else:
            curves, said = wholesale(wishes.replay, wishes.target or RETAIL_TARGETS, wishes.seeds)
    except Unreadable as wrong:
        sys.exit(f"benchmarks.inventory: {wrong}")
    if wishes.out:
        wishes.out.write_text(json.dumps({name: points(one) for name, one in curves.items()}), "utf-8")
    print(json.dumps({"benchmark": "inventory", **said, "seconds": round(time.perf_counter() - begun, 1)}))


def targets(said: str) -> list[float]:
    """Fills such as 0.75,0.9; the dots of 0.75,…,0.99 stand for steps of 0.01.

    >>> targets("0.75,0.9"), targets("0.97,…,0.99")
    ([0.75, 0.9], [0.97, 0.98, 0.99])
    """
    parts = [one.strip() for one in said.split(",") if one.strip()]
    found: list[float] = []
    for place, one in enumerate(parts):
        if one in ("…", "...") and 0 < place < len(parts) - 1:
            found += [
                round(step / 100, 2) for step in range(round(found[-1] * 100) + 1, round(float(parts[place + 1]) * 100))
            ]
        else:
            found.append(float(one))
    if not found or not all(0 < one < 1 for one in found):
        raise ValueError(said)
    return found


def points(told: Curve) -> list[dict]:
    """A curve setting by setting: each fill and the money it took."""
    fills = {basis: told.fill(basis) for basis in ("unit", "line", "value", "item")}
    sums = {
        name: getattr(told, name).sum(axis=0)
        for name in ("holding_amount", "stock_amount", "lost_amount", "order_count")
    }
    cycle = told.cycle_share.mean(axis=0)
    return [
        {"knob": round(float(knob), 6), "cycle_service": round(float(cycle[k]), 4)}
        | {f"{basis}_fill": round(float(fill[k]), 4) for basis, fill in fills.items()}
        | {name: round(float(total[k])) for name, total in sums.items()}
        for k, knob in enumerate(told.knobs)
    ]


def spare_parts(demand: Path, items: Path | None, fills: list[float]) -> tuple[dict[str, Curve], dict]:
    """The curves of all rules on the test part, and what is said of them."""
    found = study.parts(demand, items)
    told = study.forecasts(found)
    curves = {
        "ours": study.ours(found, told),
        "ours by value": study.ours(found, told, by_value=True),
        "published method, run again": study.published_method(found),
        "normal, cycle service": study.textbook_cycles(found, told),
        "normal, fill rate": study.textbook_fill(found, told),
        "periods of cover": study.cover(found, told),
        "min/max, refreshed": study.min_max(found, told, is_static=False),
        "min/max, set once": study.min_max(found, told, is_static=True),
    }
    rivals = [one for one in curves if not one.startswith("ours")]
    ours = curves["ours"]
    return curves, {
        "data_set": demand.name,
        "prices": "made up as in the study: the fewer are sold, the dearer" if items is None else items.name,
        "items": found.price.size,
        "items_left_out": found.left_out,
        "period": f"{found.period}s {found.first + 1} to {found.demand.shape[1]} "
        f"({found.labels[found.first]} to {found.labels[-1]}), settings from what came before",
        "percentage": "holding cost of ours / of the baseline - 1 at equal fill",
        "fill_definitions": FILLS,
        "interval": INTERVAL,
        **published_part(curves, demand, fills, is_priced=items is not None),
        "unit_fill": {one: less(ours, curves[one], fills) for one in rivals},
        "value_fill": {one: less(curves["ours by value"], curves[one], fills, basis="value") for one in rivals},
        "item_fill_beside": {one: beside(curves[one], fills) for one in curves},
        "promise": promises(found, told, fills),
    }


def published_part(curves: dict[str, Curve], demand: Path, fills: list[float], *, is_priced: bool) -> dict:
    """Ours against the cheapest published method, and how near the judge comes to one that it runs again; why not, where not."""
    name = demand.stem.split("_")[0]
    path = demand.parent / f"published_inventory_performance_{name}.csv"
    if not path.is_file():
        return {"best_published": None, "best_published_because": f"no {path.name} beside the panel; see unit_fill"}
    published = published_curves(path)
    again = curves["published method, run again"]
    scale = 1.0 if is_priced else money_scale(again, published["SES"])
    if not np.isfinite(scale):
        return {"best_published": None, "best_published_because": f"its fills and those of {path.name} do not meet"}
    return {
        "best_published_baseline": f"cheapest of {len(published)} published methods at equal unit fill ({path.name})",
        "best_published": against_published(curves["ours"], again, published, fills, scale),
        "money_scale": round(scale, 2),
        "judge": run_again(again, published["SES"], scale),
    }


def published_curves(path: Path) -> dict[str, np.ndarray]:
    """Of each published method the achieved total fill and holding cost, `setting × 2`."""
    rows = pl.read_csv(path)
    lacking = [one for one in PUBLISHED if one not in rows.columns]
    if lacking:
        raise Unreadable(f"{path.name}: no column {', '.join(lacking)}")
    found = {
        str(name): part.select("AchievedFillRates_Total", "HoldingCosts").to_numpy()
        for (name,), part in rows.sort("Method", "TargetFillRates").group_by("Method", maintain_order=True)
    }
    if "SES" not in found:
        raise Unreadable(f"{path.name}: no method SES, which the judge is held against")
    return found


def cost_at(points_: np.ndarray, fill: float) -> float:
    """What a published method paid at a fill, between its settings; nan outside them."""
    order = np.argsort(points_[:, 0])
    reached, paid = points_[order, 0], points_[order, 1]
    return float(np.interp(fill, reached, paid)) if reached[0] <= fill <= reached[-1] else float("nan")


def money_scale(again: Curve, published: np.ndarray) -> float:
    """The factor that the study's made-up prices carry: its cost over ours for the same method at the same fill, in the middle."""
    fills = np.linspace(0.78, 0.92, 15)
    ratios = np.array([cost_at(published, fill) / again.at(fill)[0] for fill in fills])
    return float(np.median(ratios[np.isfinite(ratios)])) if np.isfinite(ratios).any() else float("nan")


def run_again(again: Curve, published: np.ndarray, scale: float) -> list[dict]:
    """How near the judge comes to the published figures of the method that it runs again, at the same target."""
    rows = []
    for target in (0.75, 0.85, 0.95, 0.99):
        if round(target * 100) - 75 >= len(published):
            continue
        at, row = study.TARGETS_STUDY.tolist().index(target), published[round(target * 100) - 75]
        cost = again.holding_amount.sum(axis=0)[at] * scale
        rows.append(
            {
                "target": target,
                "fill": round(again.fill()[at], 4),
                "published_fill": round(row[0], 4),
                "cost_ratio": round(cost / row[1], 4),
            }
        )
    return rows


def against_published(ours: Curve, again: Curve, published: dict, fills: list[float], scale: float) -> list[dict]:
    """Our holding against the cheapest published method at the same total fill.

    Published totals cannot be resampled: the interval is that of our cost over the method run again, which can, moved to the best.
    """
    rows = less(ours, again, fills)
    for row in rows:
        costs = {name: cost_at(one, row["fill"]) for name, one in published.items()}
        known = {name: one for name, one in costs.items() if np.isfinite(one)}
        paired = row["interval"]
        row |= {"theirs": None, "method": None, "interval": None, "less": None}
        mine = ours.at(row["fill"])[0] * scale
        row["ours"] = round(mine) if np.isfinite(mine) else None
        if known:
            best = min(known, key=lambda name: known[name])
            row["theirs"], row["method"] = round(known[best]), best
            moved = again.at(row["fill"])[0] * scale / known[best]
            row["interval"] = (
                [round((1 + one) * moved - 1, 4) for one in paired] if paired and np.isfinite(moved) else None
            )
            row["less"] = round(mine / known[best] - 1, 4) if np.isfinite(mine) else None
    return rows


def beside(told: Curve, fills: list[float]) -> list[float | None]:
    """Mean fill per item where total unit fill is the target: money ranking lets slow dear parts wait."""
    reached, each = told.fill(), told.fill("item")
    order = np.argsort(reached)
    return [
        round(float(np.interp(target, reached[order], each[order])), 4)
        if reached.min() <= target <= reached.max()
        else None
        for target in fills
    ]


def promises(found: study.Parts, told: list, fills: list[float]) -> list[dict]:
    """What came of a promise: the rate that filled so much on the end of the training part, kept through the test part.

    The dress rehearsal is as long as the test, or half of the training part where that is shorter.
    """
    span = min(found.demand.shape[1] - found.first, found.first // 2)
    before = found.until(found.first - span, found.first)
    rehearsed = study.ours(before, study.forecasts(before))
    rates = [float(np.exp(np.interp(target, rehearsed.fill()[::-1], np.log(study.RATES[::-1])))) for target in fills]
    came = study.ours(found, told, rates=np.array(rates)).fill()
    return [
        {"target": target, "achieved": round(float(fill), 4), "points": round(100 * (float(fill) - target), 2)}
        for target, fill in zip(fills, came, strict=True)
    ]


def wholesale(path: Path, fills: list[float], seeds: int) -> tuple[dict[str, Curve], dict]:
    """The same by day on real wholesale demand, every rule on the same forecast and under the same lucks."""
    found = shop(path)
    days, seen = retail.views(found)
    told = retail.rules(found, seen)
    lucks = {name: [retail.judged(found, days, one, seed) for seed in range(seeds)] for name, one in told.items()}
    curves = {name: together(many) for name, many in lucks.items()}
    rivals = [name for name in curves if not name.startswith("ours")]
    last = found.demand.shape[1]
    return curves, {
        "data_set": path.name,
        "items": len(found.name),
        "period": f"days {found.first + 1} to {last} of sales, settings from what came before",
        "terms": f"made up: lead time lognormal, mean {retail.LEAD_MEAN:g} d, cv {retail.LEAD_CV:g}; weekly review, lost sales",
        "percentage": "average stock at cost of ours / of the baseline - 1 at equal fill, same forecast for all",
        "fill_definitions": FILLS,
        "interval": INTERVAL,
        "seeds": seeds,
        "value_fill": {
            one: less(curves["ours"], curves[one], fills, basis="value", what="stock_amount") for one in rivals
        },
        "law_by_day": {int(day): one.law for day, one in zip(days, seen, strict=True)},
        "unit_fill": {one: less(curves["ours by unit"], curves[one], fills, what="stock_amount") for one in rivals},
        "value_fill_by_seed": {
            one: [
                less(*pair, [0.9], basis="value", what="stock_amount")[0]["less"]
                for pair in zip(lucks["ours"], lucks[one], strict=True)
            ]
            for one in rivals
        },
        "lowest_total_cost": {name: lowest(one, last - found.first) for name, one in curves.items()},
    }


def lowest(told: Curve, days: int) -> int:
    """Holding, lost margin and orders over the test, at the knob's best setting."""
    paid = told.holding_amount.sum(axis=0) * days / 365 + told.lost_amount.sum(axis=0)
    return round(float((paid + told.order_count.sum(axis=0) * retail.ORDER_AMOUNT).min()))


if __name__ == "__main__":
    main()
