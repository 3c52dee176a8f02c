"""What share of what was planted in the demo company does each detector find, how late, and with how many false alarms?

    CROSSDOCK_HOME=… .venv/bin/python -m benchmarks.demo_truth [--company demo]

Reads the truth file that the demo's world keeps beside its extracts, and that nothing else ever reads. A detector is a score
or mart of the current build. `delay_days` is from the first day of the plant to the day on which it was first called;
false alarms are calls of what was not planted, over the last 182 days. Prints one JSON line.
"""

import argparse
import json
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import polars as pl

from models.demand.history import history
from models.model import Asked
from models.suppliers import standing
from store.company import Company, open_company
from store.warehouse import Build, current_build

Calls = list[tuple[str, date]]
WATCHED_DAYS = 182


def grown(description: str) -> tuple[Company, Build, pl.DataFrame]:
    """The company that the command line names, its build, and the truth that its world keeps; ends with a word where it has none."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--company", default="demo")
    wishes = parser.parse_args()
    company = open_company(wishes.company)
    build = current_build(company)
    truth = company.folder / "world" / "truth" / "truth.csv"
    if build is None or not truth.is_file():
        parser.error(f"{wishes.company} is no demo company with a build: python -m pipelines demo")
    return company, build, pl.read_csv(truth, try_parse_dates=True)


def main() -> None:
    """Print the JSON line."""
    company, build, plants = grown(str(__doc__))
    as_of = build.facts()["as_of_date"]
    found = {kind: scored(plants.filter(kind=kind), calls(build), as_of) for kind, calls in DETECTORS.items()}
    told = {
        "benchmark": "demo_truth",
        "company": company.name,
        "as_of": as_of.isoformat(),
        "detectors": found,
        "damaged_rows": damaged(plants.filter(kind="data_error"), build),
        "empty_shelves": lifted(company, build, as_of),
        "no_detector_yet": sorted(set(plants["kind"]) - set(DETECTORS) - {"data_error"}),
    }
    print(json.dumps(told))


def scored(plants: pl.DataFrame, calls: Calls, as_of: date) -> dict:
    """Share found, median delay and false alarms of one detector."""
    wanted: dict[str, date] = {}
    for subjects, since in plants.select("subject_id", "from_date").iter_rows():
        wanted |= dict.fromkeys(subjects.split(), since)
    first: dict[str, date] = {}
    false = 0
    for subject, day in sorted(calls, key=lambda call: call[1]):
        if subject in wanted and day >= wanted[subject]:
            first.setdefault(subject, day)
        elif day > as_of - timedelta(days=WATCHED_DAYS):
            false += 1
    delays = [(day - wanted[subject]).days for subject, day in first.items()]
    return {
        "planted": len(wanted),
        "found": len(first),
        "found_share": round(len(first) / len(wanted), 3) if wanted else None,
        "delay_days": median(delays) if delays else None,
        "false_alarms": false,
    }


def _alerts(*watches: str, with_site: bool = False) -> Callable[[Build], Calls]:
    def calls(build: Build) -> Calls:
        rows = build.query("select watch_code, subject_id, site_id, alert_date from scores.anomalies")
        named = rows.filter(pl.col("watch_code").is_in(watches))
        return [(f"{subject}@{site}" if with_site else subject, day) for _, subject, site, day in named.iter_rows()]

    return calls


def _suppliers(build: Build) -> Calls:
    """When the product would first have called each supplier, looking once a week at what was known then."""
    lines = build.query("select * from marts.purchase_lines")
    as_of, calls = build.facts()["as_of_date"], []
    for week in range(WATCHED_DAYS // 7, -1, -1):
        day, called = as_of - timedelta(days=7 * week), {subject for subject, _ in calls}
        known = {"marts.purchase_lines": lines.filter(pl.col("ordered_date") <= day)}
        told = standing.MODEL.score(known, Asked(day, standing.MODEL.newest)).tables["scores.supplier_health"]
        worse = told.filter("is_deteriorated")["supplier_id"]
        calls += [(name, day) for name in worse if name not in called]
    return calls


def _shelves(condition: str, table: str) -> Callable[[Build], Calls]:
    """Cells that are called now; a list of today knows no earlier day."""

    def calls(build: Build) -> Calls:
        rows = build.query(f"select sku_id, site_id, as_of_date from {table} where {condition}")  # noqa: S608  words of this file
        return [(f"{sku}@{site}", day) for sku, site, day in rows.iter_rows()]

    return calls


def _planners(verdict: str) -> Callable[[Build], Calls]:
    """Planners of whose changes this is said; it looks back twelve weeks and knows no earlier day."""

    def calls(build: Build) -> Calls:
        rows = build.query(
            "select cut_name, compared_name, planner_name, verdict_name from scores.forecast_value_added"
        )
        mine = rows.filter(cut_name="planner", compared_name="people's changes", verdict_name=verdict)
        return [(name, build.facts()["as_of_date"]) for name in mine["planner_name"]]

    return calls


DETECTORS: dict[str, Callable[[Build], Calls]] = {
    "planner_who_helps": _planners("helps"),
    "planner_who_hurts": _planners("hurts"),
    "planner_without_effect": _planners("no effect"),
    "price_error": _alerts("unit_price"),
    "unit_of_measure_slip": _alerts("stock_gap", "stock_gap_a_week"),
    "carrier_disruption": _alerts("late_share_a_day", "late_share_a_week"),
    "demand_shift": _alerts("demand_a_week", with_site=True),
    "deteriorating_supplier": _suppliers,
    "parameters_too_low": _shelves("stockout_share >= 0.5", "marts.stockout_outlook"),
    "excess_stock": _shelves("excess_amount > 0", "marts.stock_now"),
}


def damaged(plants: pl.DataFrame, build: Build) -> dict:
    """How many of the damaged rows were set aside."""
    aside = build.query("select distinct file_name, line_no from raw.set_aside")
    seen = {f"{name}:{line}" for name, line in aside.iter_rows()}
    return {"planted": plants.height, "set_aside": sum(subject in seen for subject in plants["subject_id"])}


def lifted(company: Company, build: Build, as_of: date) -> dict:
    """How near the lifted demand of empty-shelf days comes to what customers truly wanted on them."""
    wanted = pl.read_parquet(company.folder / "world" / "truth" / "true_demand.parquet")
    facts = build.query("select sku_id, site_id, demand_date, demand_qty from core.demand_facts")
    lives = build.query("select sku_id, site_id, first_demand_date, last_sale_date from marts.selling_lives")
    censored = build.query("select sku_id, site_id, demand_date, is_censored from core.stock_out_days")
    past = history(facts, lives, censored, as_of)
    rows = []
    for place, series in enumerate(past.wanted()):
        empty = past.censored[place].nonzero()[0]
        sku, site, first = past.cells.row(place)
        rows += [
            (sku, site, first + timedelta(days=int(day)), float(series[day]), float(past.recorded[place][day]))
            for day in empty
        ]
    told = pl.DataFrame(rows, schema=["sku_id", "site_id", "demand_date", "lifted", "recorded"], orient="row")
    both = told.join(wanted, on=["sku_id", "site_id", "demand_date"], how="left").fill_null(0)
    truly = float(both["wanted_qty"].sum())
    return {
        "days": both.height,
        "wanted": round(truly),
        "recorded_share": round(float(both["recorded"].sum()) / truly, 3) if truly else None,
        "lifted_share": round(float(both["lifted"].sum()) / truly, 3) if truly else None,
    }


if __name__ == "__main__":
    main()
