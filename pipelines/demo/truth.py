"""What was planted and what it cost, and what customers truly wanted: for scoring detectors, and never landed."""

import zlib
from pathlib import Path

import polars as pl

from pipelines.demo import ai_truth, decided, planning
from pipelines.demo.clock import date_of
from pipelines.demo.columns import coded, dates, happened
from pipelines.demo.mess import Defect
from pipelines.demo.plants import DATA_ERROR, SLIP, Plant
from pipelines.demo.world import World

FOLDER = "truth"
COLUMNS = {
    "plant_id": pl.String,
    "kind": pl.String,
    "subject_kind": pl.String,
    "subject_id": pl.String,
    "from_date": pl.Date,
    "to_date": pl.Date,
    "money_amount": pl.Float64,
    "expected_finding": pl.String,
}


def cost(world: World) -> float:
    """What a world has lost so far: margin of unmet demand, money given away by wrong prices, penalties, holding of stock."""
    return sum(world.money[name] for name in ("missed_margin", "given_away", "penalty", "holding"))


def loss(main: World, fork: World) -> float:
    """What a plant cost: what went wrong with it beyond what went wrong without it, and the margin of demand that it made vanish."""
    return cost(main) - cost(fork) + max(0.0, fork.money["wanted_margin"] - main.money["wanted_margin"])


def write(folder: Path, main: World, forks: dict[str, World], defects: dict[str, list[Defect]]) -> Path:
    """Write truth.csv: one row for each plant that has begun, planner and damaged row, money from the paired world without the plant.

    money_amount is the loss between this world and the same world without the plant, both up to the last day. A unit-of-measure
    slip moves no goods; its money is the stock value that its latest snapshot leaves out. The money of a damaged row is its own
    value; that of a planner what changed plans missed by beyond what had been proposed, in the weeks that are over. For people who
    override and agents that went astray it is what they cost, so it is negative for who helps. For use cases of AI it is what they
    are truly worth a year, less their tokens and no shared cost.
    """
    rows = [_plant(plant, main, forks) for plant in main.plants if plant.from_day <= main.day]
    rows += decided.truths(main)
    rows += ai_truth.truths(main)
    rows += [(f"F{number}", *row[1:]) for number, row in enumerate(planning.truths(main), start=1)]
    for file_name in sorted(defects):
        for defect in defects[file_name]:
            name = f"D{zlib.crc32(f'{file_name}:{defect.line}'.encode()):08x}"
            rows.append(
                (
                    name,
                    DATA_ERROR,
                    "extract_line",
                    f"{file_name}:{defect.line}",
                    None,
                    None,
                    round(defect.money, 2),
                    _said(defect),
                )
            )
    path = folder / FOLDER / "truth.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_csv(path, float_precision=2)
    return path


def remember_demand(folder: Path, main: World, *, before: int) -> None:
    """Add the days after day `before` to true_demand.parquet: what was wanted and what the orders say, by SKU, site and day."""
    rows, net = happened(main, "demand"), main.net
    frame = pl.DataFrame(
        {
            "demand_date": dates(rows["day"]),
            "sku_id": coded(net.goods.code, rows["cell"] % net.goods.count),
            "site_id": coded(net.sites.code, rows["cell"] // net.goods.count),
            "wanted_qty": rows["wanted"],
            "recorded_qty": rows["recorded"],
        }
    )
    path = folder / FOLDER / "true_demand.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = frame
    if path.exists():
        # Days that were written before a crash are written again, not doubled.
        known = pl.read_parquet(path)
        whole = pl.concat([known.filter(pl.col("demand_date") <= date_of(before)), frame])
    whole.rechunk().write_parquet(path)
    if main.log is not None:
        main.log.clear("demand")


def _plant(plant: Plant, main: World, forks: dict[str, World]) -> tuple:
    money = _left_out(plant, main) if plant.kind == SLIP else loss(main, forks[plant.plant_id])
    money += decided.needless(main, plant.kind, plant.from_day)
    to_date = date_of(plant.to_day) if plant.to_day is not None else None
    subject = " ".join(str(name) for name in plant.subjects)
    return (
        plant.plant_id,
        plant.kind,
        plant.subject_kind,
        subject,
        date_of(plant.from_day),
        to_date,
        round(money, 2),
        plant.says,
    )


def _left_out(plant: Plant, main: World) -> float:
    goods, cells = main.net.goods, main.cells["on_hand"].reshape(main.net.sites.count, -1)
    sku = int(plant.numbers[0])
    return float(cells[:, sku].sum() * (1 - 1 / goods.pack[sku]) * goods.cost_on(main.day)[sku])


def _said(defect: Defect) -> str:
    return defect.says if not defect.column else f"{defect.says} Column {defect.column} holds {defect.text!r}."
