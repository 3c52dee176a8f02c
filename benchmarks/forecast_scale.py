"""How many daily series a second can be forecast, alone and from table to table, beside statsforecast's exponential smoothing?

    .venv/bin/python -m benchmarks.forecast_scale --series 100000 --days 730 [--horizon 28] [--no-opponents]

Prints one JSON line. The panel is made up from a seed: 36 % zeros, a week, promotions, and after `--days` known days as many
more as the horizon, which nobody sees but the judge (RMSSE: root mean squared error over the mean squared step from day to
day, as in the M5 competition). Four measurements:

- kernel: additive seasonal exponential smoothing (all its parameters tried) on all series, in CPU seconds of one core;
- pool: every method once at the end of all series, in CPU seconds of one core and on the clock;
- end to end, in a process of its own: DuckDB table, methods weighed by rolling origins, points and quantiles, DuckDB table,
  on `--end-to-end-series`, on the clock; peak_mb is the most memory that this process ever held;
- opponents: AutoETS and ETS(A,N,A) of statsforecast on the first `--opponent-series` of the same series, in CPU seconds of
  one core, in an environment that is made from benchmarks/requirements.txt when first needed.

Everything compiled is warm, ours and theirs; only end_to_end_first_call_seconds is what a new process pays once.
"""

import argparse
import datetime as dt
import itertools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from numba import njit

from benchmarks.panel import AT_ONCE, WEEK, chunk, chunks
from models.demand import kernels, pool
from models.demand.blend import blended
from models.demand.intervals import quantiles
from models.quantile_grid import LEVELS

ROOT = Path(__file__).resolve().parent.parent
NEEDED, RIVALS = ROOT / "benchmarks" / "requirements.txt", ROOT / "benchmarks" / ".venv"
KEPT = (0.025, 0.1, 0.5, 0.9, 0.975)
PARTS = ("read", "blend", "quantile", "write")
FIRST_DAY = dt.date(2023, 1, 1)

# The series laid end to end: where each begins, and where each row falls.
LAID = """
create temp table laid as
with spans as (
    select series_id, min(demand_date) as first_date, max(demand_date) - min(demand_date) + 1 as days from demand group by series_id
)
select *, cast(sum(days) over (order by series_id) - days as bigint) as start from spans
"""
PLACED = "select start + (demand_date - first_date) as place, qty from demand join laid using (series_id)"

# Read by the Python of the rivals' environment, which knows nothing of Crossdock: arguments panel.npy, horizon, forecasts.npz.
RIVAL_PROGRAM = """
import json, sys, time
import numpy as np
from statsforecast.models import AutoETS

panel, horizon = np.load(sys.argv[1]), int(sys.argv[2])
told, said = {}, {}
for name, model in {"autoets": AutoETS(season_length=7), "ets_ana": AutoETS(season_length=7, model="ANA")}.items():
    model.forecast(y=panel[0], h=horizon)
    begun = time.process_time()
    said[name] = np.array([model.forecast(y=one, h=horizon)["mean"] for one in panel])
    told[name] = time.process_time() - begun
np.savez(sys.argv[3], **said)
print(json.dumps(told))
"""


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--horizon", type=int, default=28)
    parser.add_argument("--end-to-end-series", type=int, default=10_000)
    parser.add_argument("--opponent-series", type=int, default=200)
    parser.add_argument("--no-opponents", action="store_true")
    parser.add_argument("--file", type=Path, help="only from table to table, in this DuckDB file")
    wishes = parser.parse_args()
    if wishes.file:
        print(json.dumps(table_to_table(wishes.file, wishes.horizon)))
        return
    days, horizon = wishes.days, wishes.horizon
    said = {"benchmark": "forecast_scale", "series": wishes.series, "days": days, "horizon": horizon}
    said |= alone(wishes.series, days, horizon)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "panel.duckdb"
        whole = np.concatenate(list(chunks(wishes.end_to_end_series, days + horizon)))
        write(file, whole[:, :days])
        said |= in_a_process_of_its_own(file, horizon)
        points = read_back(file, len(whole))
        said["rmsse"] = average(rmsse(whole, days, points))
        few = min(wishes.opponent_series, len(whole))
        said |= {"opponent_series": few, "rmsse_subset": average(rmsse(whole[:few], days, points[:few]))}
        kernel = np.empty((few, horizon))
        every(np.ascontiguousarray(whole[:few, :days]), WEEK, kernel)
        said["kernel_rmsse_subset"] = average(rmsse(whole[:few], days, kernel))
        said |= (
            {"opponents": None, "because": "--no-opponents"}
            if wishes.no_opponents
            else beside(whole[:few], days, Path(folder), said)
        )
    print(json.dumps(said))


@njit(nogil=True, cache=True)
def every(known: np.ndarray, m: int, out: np.ndarray) -> None:
    """Additive seasonal exponential smoothing on each row."""
    for row in range(known.shape[0]):
        kernels.seasonal_smoothing(known[row], m, False, out[row])


def alone(series: int, days: int, horizon: int) -> dict[str, float | int]:
    """The kernel and the pool on the whole panel, from and to memory."""
    every(np.ones((1, days)), WEEK, np.empty((1, horizon)))

    def pooled(some: np.ndarray) -> None:
        starts = np.zeros(len(some), dtype=np.int64)
        pool.forecasts(some, starts, starts[:, None] + days, WEEK, horizon)

    pooled(np.ones((1, days)))
    kernel_cpu = pool_cpu = pool_clock = 0.0
    zeros, scores = 0, []
    for whole in chunks(series, days + horizon):
        known, out = np.ascontiguousarray(whole[:, :days]), np.empty((len(whole), horizon))
        begun = time.process_time()
        every(known, WEEK, out)
        kernel_cpu += time.process_time() - begun
        scores.append(rmsse(whole, days, out))
        begun, clock = time.process_time(), time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count()) as hands:
            list(hands.map(pooled, np.array_split(known, 8)))
        pool_cpu, pool_clock = pool_cpu + time.process_time() - begun, pool_clock + time.perf_counter() - clock
        zeros += int((known == 0).sum())
    return {
        "zeros": round(zeros / (series * days), 3),
        "kernel_series_per_second_per_core": round(series / kernel_cpu),
        "kernel_rmsse": average(np.concatenate(scores)),
        "pool_series_per_second_per_core": round(series / pool_cpu),
        "pool_series_per_second": round(series / pool_clock),
    }


def rmsse(whole: np.ndarray, days: int, said: np.ndarray) -> np.ndarray:
    """Of each series, by its steps from day to day while it was known; nan for one that never moved."""
    scale = (np.diff(whole[:, :days], axis=1) ** 2).mean(axis=1)
    missed = ((whole[:, days:] - said) ** 2).mean(axis=1)
    return np.sqrt(np.divide(missed, scale, out=np.full(len(whole), np.nan), where=scale > 0))


def average(scores: np.ndarray) -> float:
    """The mean over the series that can be judged."""
    return round(float(np.nanmean(scores)), 4)


def write(file: Path, known: np.ndarray) -> None:
    """The panel as a table of a new DuckDB file: one row a series and day."""
    days = pl.Series([FIRST_DAY + dt.timedelta(days=turn) for turn in range(known.shape[1])])
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table demand (series_id integer, demand_date date, qty double)")
        for first in range(0, len(known), AT_ONCE):
            part = known[first : first + AT_ONCE]
            names = np.repeat(np.arange(first, first + len(part), dtype=np.int32), known.shape[1])
            rows = pl.DataFrame({"series_id": names, "demand_date": pl.concat([days] * len(part)), "qty": part.ravel()})
            connection.register("incoming", rows.to_arrow())
            connection.execute("insert into demand from incoming")
            connection.unregister("incoming")


def in_a_process_of_its_own(file: Path, horizon: int) -> dict:
    """What `table_to_table` says, told by a new process."""
    command = [sys.executable, "-m", "benchmarks.forecast_scale", "--file", str(file), "--horizon", str(horizon)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def table_to_table(file: Path, horizon: int) -> dict[str, float | int]:
    """Table of demand to table of forecasts, in this process: seconds of the whole and of its parts, and memory."""
    few = list(chunk(0, 10 * WEEK + 6 * horizon)[:20])
    marks = [time.perf_counter()]
    quantiles(few, blended(few, season_length=WEEK, horizon=horizon))
    marks.append(time.perf_counter())
    with duckdb.connect(str(file)) as connection:
        names, series = read(connection)
        marks.append(time.perf_counter())
        blend = blended(series, season_length=WEEK, horizon=horizon)
        marks.append(time.perf_counter())
        bands = quantiles(series, blend)
        marks.append(time.perf_counter())
        said = {"point": blend.points} | {f"q{level:g}": bands[:, :, LEVELS.index(level)] for level in KEPT}
        steps = {"series_id": np.repeat(names, horizon), "step": np.tile(np.arange(1, horizon + 1), len(names))}
        told = pl.DataFrame(steps | {name: values.ravel() for name, values in said.items()})
        connection.register("incoming", told.to_arrow())
        connection.execute("create table forecasts as from incoming")
    marks.append(time.perf_counter())
    first_call, *taken = (round(after - before, 3) for before, after in itertools.pairwise(marks))
    return {
        "end_to_end_series": len(names),
        "end_to_end_seconds": round(marks[-1] - marks[1], 3),
        **{f"end_to_end_{part}_seconds": one for part, one in zip(PARTS, taken, strict=True)},
        "end_to_end_first_call_seconds": first_call,
        "end_to_end_peak_mb": peak_mb(),
        "threads": os.cpu_count() or 1,
    }


def read(connection: duckdb.DuckDBPyConnection) -> tuple[np.ndarray, list[np.ndarray]]:
    """Names and daily series of the table, whatever order its rows are in; a day without a row is a day without demand."""
    connection.execute(LAID)
    spans = connection.execute("select series_id, start from laid order by series_id").fetchnumpy()
    rows = connection.execute(PLACED).fetchnumpy()
    total = connection.execute("select cast(sum(days) as bigint) from laid").fetchall()[0][0]
    flat = np.zeros(total)
    flat[rows["place"]] = rows["qty"]
    return np.asarray(spans["series_id"]), np.split(flat, np.asarray(spans["start"])[1:])


def peak_mb() -> int:
    """The most memory that this program held; getrusage would count the memory of the process that started it as well."""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def read_back(file: Path, series: int) -> np.ndarray:
    """The points that were written, series × step."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute("select point from forecasts order by series_id, step").fetchnumpy()
    return np.asarray(rows["point"]).reshape(series, -1)


def beside(whole: np.ndarray, days: int, folder: Path, ours: dict) -> dict:
    """What the opponents took for the same series and how good they were; or why there is nothing to tell of them."""
    np.save(folder / "panel.npy", whole[:, :days])
    horizon = whole.shape[1] - days
    arguments = [str(folder / "panel.npy"), str(horizon), str(folder / "forecasts.npz")]
    try:
        python = rivals()
        one_thread = os.environ | {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        done = run([str(python), "-c", RIVAL_PROGRAM, *arguments], env=one_thread)
    except subprocess.CalledProcessError as error:
        return {"opponents": None, "because": " ".join(error.stderr.split())[-300:]}
    said: dict = {
        "opponents": next(line for line in NEEDED.read_text().splitlines() if line.startswith("statsforecast"))
    }
    taken, points = json.loads(done.splitlines()[-1]), np.load(folder / "forecasts.npz")
    for name, seconds in taken.items():
        said[f"{name}_series_per_second"] = round(len(whole) / seconds, 1)
        said[f"{name}_rmsse"] = average(rmsse(whole, days, points[name]))
    mine, pooled = ours["kernel_series_per_second_per_core"], ours["rmsse_subset"]
    return said | {
        "speed_ratio_to_ets_ana": round(mine / said["ets_ana_series_per_second"]),
        "speed_ratio_to_autoets": round(mine / said["autoets_series_per_second"]),
        "kernel_rmsse_ratio_to_autoets": round(ours["kernel_rmsse_subset"] / said["autoets_rmsse"], 4),
        "rmsse_ratio_to_autoets": round(pooled / said["autoets_rmsse"], 4),
    }


def rivals() -> Path:
    """The Python of the rivals' environment, which is made anew when what it needs has changed."""
    python, ready = RIVALS / "bin" / "python", RIVALS / ".ready"
    if ready.exists() and ready.read_bytes() == NEEDED.read_bytes():
        return python
    shutil.rmtree(RIVALS, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        run([uv, "venv", "--quiet", "--python", sys.executable, str(RIVALS)])
        run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(NEEDED)])
    else:
        run([sys.executable, "-m", "venv", str(RIVALS)])
        run([str(python), "-m", "pip", "install", "--quiet", "-r", str(NEEDED)])
    ready.write_bytes(NEEDED.read_bytes())
    return python


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    """What a command prints; fails with what it complained of."""
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
