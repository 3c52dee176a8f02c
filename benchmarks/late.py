"""How well is lateness foretold in a company, beside the base rate and the best single feature, on the last 30 % in time?

    CROSSDOCK_HOME=… .venv/bin/python -m benchmarks.late --company NAME [--rows order_lines|shipments|purchase_lines]

Judges order lines, shipments or purchase lines, whichever has the most with a due day and an arrival. A row is known when it was
ordered or left; where neither is recorded, thirty days before its due day, and the share of those rows is printed. Nothing is
chosen on the last 30 % of the rows; what is known is learned anew at the beginning of each of its eight parts, as each refresh
does. Prints one JSON line.
"""

import argparse
import json
import resource
import time
from datetime import date, timedelta

import polars as pl

from models.lateness import Lateness, judged
from store.company import open_company
from store.warehouse import Build, current_build

VIEW_DAYS = 30
# Words of a row, its order, its goods and its partner that stand in the tables; what came of it is left to the guard to find.
ROWS = {
    "order_lines": """
        select line.ordered_at as known_at, coalesce(line.first_promised_date, line.last_promised_date) as due_at,
            line.delivered_date as done_at, line.* exclude (
                ordered_at, ordered_date, delivered_date, first_promised_date, last_promised_date, is_cancelled, is_return,
                is_goods, load_id, line_no, loaded_at, order_id, line_key, extra),
            header.channel_name, header.status_code, sku.category_name, customer.region_name, customer.tier_code,
            cast(cast(line.extra as json) as varchar) as extra
        from core.order_lines as line
        left join core.orders as header on header.order_id = line.order_id
        left join core.skus as sku on sku.sku_id = line.sku_id
        left join core.customers as customer on customer.customer_id = line.customer_id
        where not line.is_cancelled and not line.is_return and line.is_goods""",
    "shipments": """
        select shipped_at as known_at, promised_at as due_at, delivered_at as done_at, carrier_id, mode_code, site_id,
            destination_name, freight_amount, weight_kg, status_code, cast(cast(extra as json) as varchar) as extra
        from core.shipments""",
    "purchase_lines": """
        select cast(ordered_date as timestamp) as known_at, coalesce(promised_date, confirmed_date) as due_at,
            last_received_date as done_at, supplier_id, sku_id, site_id, ordered_qty, received_qty, unit_cost, status_code,
            cast(cast(extra as json) as varchar) as extra
        from core.purchase_lines""",
}


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--company", required=True)
    parser.add_argument("--rows", choices=ROWS, help="what to judge (default: what has the most outcomes)")
    wishes = parser.parse_args()
    build = current_build(open_company(wishes.company))
    if build is None:
        parser.error(f"{wishes.company} has no build: python -m pipelines refresh --company {wishes.company}")
    name, rows = chosen(build, wishes.rows)
    as_of = build.facts()["as_of_date"] + timedelta(days=1)
    begun = time.perf_counter()
    found = verdict(rows, as_of)
    seconds = time.perf_counter() - begun
    print(json.dumps({"benchmark": "late", "company": wishes.company, "rows": name, **said(found, rows, seconds)}))


def chosen(build: Build, wished: str | None) -> tuple[str, pl.DataFrame]:
    """The rows of the table that was wished for, or of the one with the most due days and arrivals."""
    read = {name: build.query(sql) for name, sql in ROWS.items() if wished in (None, name)}
    known = {name: rows.drop_nulls(["due_at", "done_at"]).height for name, rows in read.items()}
    best = max(known, key=lambda name: known[name])
    return best, _with_moment(_with_extra(read[best]).filter(pl.col("due_at").is_not_null()))


def _with_extra(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a column for each heading that no contract names."""
    told = [json.loads(text) if text else {} for text in rows["extra"]]
    headings = sorted({heading for one in told for heading in one} - set(rows.columns))
    made = [pl.Series(heading, [one.get(heading) for one in told], dtype=pl.String) for heading in headings]
    return rows.drop("extra").with_columns(made)


def _with_moment(rows: pl.DataFrame) -> pl.DataFrame:
    moment, due = pl.col("known_at").cast(pl.Datetime("us")), pl.col("due_at").cast(pl.Datetime("us"))
    known = moment.fill_null(due - pl.duration(days=VIEW_DAYS))
    # An order that was written down after its due day was in question on that day at the latest.
    known = pl.when(known.dt.date() > due.dt.date()).then(due).otherwise(known)
    return rows.with_columns(is_moment_assumed=moment.is_null(), known_at=known)


def verdict(rows: pl.DataFrame, as_of: date) -> Lateness:
    """The judgement, with every column that is no key allowed to speak."""
    own = ("known_at", "due_at", "done_at", "is_moment_assumed")
    is_open = pl.col("done_at").is_null()
    features = [name for name in rows.columns if name not in own]
    return judged(rows.filter(~is_open), rows.filter(is_open), features=features, as_of=as_of)


def said(found: Lateness, rows: pl.DataFrame, seconds: float) -> dict:
    """The figures of a judgement as plain values."""
    figures = found.backtest
    common = {
        "row_count": rows.height,
        "assumed_moment_share": round(float(rows["is_moment_assumed"].cast(pl.Float64).mean() or 0), 4),  # type: ignore[arg-type]
        "refused": {finding.column: finding.why for finding in found.refused},
        "is_fallback": found.is_fallback,
        "because": found.because,
        "seconds": round(seconds, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if figures is None:
        return common
    return {
        "auc": _round(figures.auc),
        "average_precision": _round(figures.average_precision),
        "brier": _round(figures.brier),
        "calibration_error": _round(figures.calibration_error),
        "base_rate": _round(figures.late_share),
        "base_brier": _round(figures.base_brier),
        "best_feature": figures.best_feature,
        "best_feature_auc": _round(figures.best_feature_auc),
        "rival": figures.rival_name,
        "rival_brier": _round(figures.rival_brier),
        "is_too_good": figures.is_too_good,
        "test_rows": figures.row_count,
        "test_from": figures.first_day.isoformat(),
        "plain_weight": figures.plain_weight,
        "calibration": figures.calibration_name,
        "coverage": {str(level): _round(share) for level, share in figures.coverage.items()},
        **common,
    }


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


if __name__ == "__main__":
    main()
