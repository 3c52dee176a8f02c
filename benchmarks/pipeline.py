"""What does the governed path cost over a bare DuckDB load-and-aggregate of the same file, in time and in memory?

`python -m benchmarks.pipeline --rows 10000000` prints one JSON line. Both sides read the same CSV of order lines in the
same run, in turn, each in a process of its own: the bare side loads typed columns and sums demand by SKU, site and day;
our side lands the bytes under their hash, holds every row to its contract, makes `core.order_lines` with key and checks,
and the same sparse daily demand. Memory is the most that the process and its children held at one moment.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil

ROOT = Path(__file__).resolve().parent.parent
TARGETS = frozenset({"core.order_lines", "core.demand_facts"})

ROWS = """
copy (
    select
        'SO' || lpad(cast(i // 4 as varchar), 8, '0') as "Order No",
        i % 4 + 1 as "Line No",
        'SKU-' || lpad(cast(hash(i) % 2000 as varchar), 4, '0') as "SKU",
        'S' || cast(hash(i // 4) % 8 as varchar) as "Site",
        'C' || cast(hash(i // 4 + 7) % 5000 as varchar) as "Customer No",
        strftime(timestamp '2024-01-01' + age, '%Y-%m-%d %H:%M:%S') as "Ordered At",
        strftime(timestamp '2024-01-03' + age, '%Y-%m-%d') as "Requested Date",
        1 + hash(i * 3) % 50 as "Ordered Qty",
        1 + hash(i * 3) % 50 as "Shipped Qty",
        round(1 + (hash(i * 5) % 10000) / 100.0, 2) as "Unit Price"
    from (select i, to_seconds((i // 4) * 730 * 86400 // {orders}) as age from range({rows}) as t(i))
) to '{path}' (header)
"""

BARE = """
create table lines as select * from read_csv('{path}', auto_detect = false, header = true, delim = ',', columns = {{
    'Order No': 'varchar', 'Line No': 'varchar', 'SKU': 'varchar', 'Site': 'varchar', 'Customer No': 'varchar',
    'Ordered At': 'timestamp', 'Requested Date': 'date', 'Ordered Qty': 'decimal(18,3)', 'Shipped Qty': 'decimal(18,3)',
    'Unit Price': 'decimal(18,4)'}});
create table demand as select "SKU", "Site", cast("Ordered At" as date) as day, sum("Ordered Qty") as qty, count(*) as line_count
from lines group by all;
"""


def bare(path: Path, folder: Path, memory_limit: str) -> dict:
    """Seconds and demand of the bare side."""
    begun = time.perf_counter()
    config = {"memory_limit": memory_limit, "temp_directory": str(folder / "spill")}
    connection = duckdb.connect(str(folder / "bare.duckdb"), config=config)
    connection.execute(BARE.format(path=path))
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "demand": str(connection.execute("select sum(qty) from demand").fetchone()[0])}


def ours(path: Path, folder: Path, memory_limit: str) -> dict:
    """Seconds by stage and demand of the governed side."""
    os.environ.update(CROSSDOCK_HOME=str(folder), CROSSDOCK_MEMORY_LIMIT=memory_limit)
    from pipelines import build, flow, force
    from pipelines.loads import checked_loads, quiet
    from store.company import create_company
    from store.warehouse import Draft

    company = create_company("bench")
    begun = time.perf_counter()
    landed = flow.land(company, path, who="benchmark", contract="order_lines")
    checked_at = time.perf_counter()
    loads = checked_loads(company, flow.ledger_of(company).acts())
    with Draft(company) as draft:
        moment = force.Moment(build.last_event(draft, loads) or datetime.now(UTC), cuts=False)
        build.make(draft, company, loads, [], moment, progress=quiet, targets=TARGETS)
        done_at = time.perf_counter()
        demand = draft.query("select cast(sum(demand_qty) as varchar) from core.demand_facts").item()
    part = landed.parts[0]
    stages = {"land_and_check": checked_at - begun, "core_and_demand": done_at - checked_at}
    return {
        "seconds": done_at - begun,
        "demand": demand,
        "accepted": part.accepted,
        "set_aside": part.set_aside,
        **stages,
    }


def measured(side: str, path: Path, memory_limit: str) -> dict:
    """What one side says of itself in a process of its own, with the peak memory of that process and its children."""
    folder = Path(tempfile.mkdtemp(prefix="crossdock-bench-"))
    try:
        said = ["--side", side, "--path", str(path), "--folder", str(folder), "--memory-limit", memory_limit]
        command = [sys.executable, "-m", "benchmarks.pipeline", *said]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        peak = 0
        while running.poll() is None:
            peak = max(peak, held_bytes(psutil.Process(running.pid)))
            time.sleep(0.02)
        if running.returncode:
            raise SystemExit(f"{side} failed")
        assert running.stdout
        return {**json.loads(running.stdout.read().strip().splitlines()[-1]), "peak_gb": peak / 1e9}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def held_bytes(process: psutil.Process) -> int:
    """Resident memory of a process and its children; 0 for one that has just ended."""
    try:
        return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])
    except psutil.NoSuchProcess:
        return 0


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs; the median ratio is the figure")
    parser.add_argument("--memory-limit", default="1GB", help="DuckDB's limit on both sides")
    for hidden in ("--side", "--path", "--folder"):
        parser.add_argument(hidden, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        print(
            json.dumps({"bare": bare, "ours": ours}[args.side](Path(args.path), Path(args.folder), args.memory_limit))
        )
        return
    with tempfile.TemporaryDirectory(prefix="crossdock-bench-") as folder:
        path = Path(folder) / "order_lines.csv"
        duckdb.execute(ROWS.format(rows=args.rows, orders=max(args.rows // 4, 1), path=path))
        pairs = [
            (measured("bare", path, args.memory_limit), measured("ours", path, args.memory_limit))
            for _ in range(args.rounds)
        ]
        size_mb = path.stat().st_size / 1e6
    ratios = [mine["seconds"] / theirs["seconds"] for theirs, mine in pairs]
    last = pairs[-1][1]
    said = {
        "benchmark": "pipeline",
        "rows": args.rows,
        "file_mb": round(size_mb, 1),
        "memory_limit": args.memory_limit,
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ratio, 3) for ratio in ratios],
        "target_ratio": 1.5,
        "bare_seconds": round(statistics.median(theirs["seconds"] for theirs, _ in pairs), 2),
        "our_seconds": round(statistics.median(mine["seconds"] for _, mine in pairs), 2),
        "land_and_check_seconds": round(statistics.median(mine["land_and_check"] for _, mine in pairs), 2),
        "core_and_demand_seconds": round(statistics.median(mine["core_and_demand"] for _, mine in pairs), 2),
        "bare_peak_gb": round(max(theirs["peak_gb"] for theirs, _ in pairs), 3),
        "our_peak_gb": round(max(mine["peak_gb"] for _, mine in pairs), 3),
        "target_peak_gb": 1.5,
        "same_demand": all(theirs["demand"] == mine["demand"] for theirs, mine in pairs),
        "accepted": last["accepted"],
        "set_aside": last["set_aside"],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
