"""A world on disk: plain arrays and JSON, so that it goes on exactly where it stopped and anybody can read it."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from errors import Refusal
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.rows import Log, Rows
from pipelines.demo.tables import TABLES
from pipelines.demo.world import World

FOLDER = "state"
VERSION = 1


def save(folder: Path, main: World, forks: dict[str, World], notes: dict[str, Any]) -> None:
    """Write the state of a world and of its forks."""
    place = folder / f"{FOLDER}.new"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, world in {"main": main, **forks}.items():
        arrays: Any = _arrays(world)
        np.savez_compressed(place / f"{name}.npz", **arrays)
    said = {
        "version": VERSION,
        "size": main.net.size.name,
        "seed": main.net.dice.seed,
        "day": main.day,
        "forks": sorted(forks),
        **notes,
    }
    said["numbers"] = {name: world.numbers for name, world in {"main": main, **forks}.items()}
    (place / "world.json").write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    place.rename(folder / FOLDER)


def load(folder: Path) -> tuple[World, dict[str, World], dict[str, Any]]:
    """The world that was saved, its forks and the notes."""
    path = folder / FOLDER / "world.json"
    if not path.exists():
        raise Refusal(
            "The world was not advanced.",
            f"There is no grown world in {folder.name}.",
            "Grow one first: python -m pipelines demo.",
        )
    notes = json.loads(path.read_text("utf-8"))
    if notes["version"] != VERSION:
        raise Refusal(
            "The world was not advanced.",
            "It was grown by another version of Crossdock.",
            "Grow a new one: python -m pipelines demo.",
        )
    return _world(folder, "main", notes), {name: _world(folder, name, notes) for name in notes["forks"]}, notes


def _arrays(world: World) -> dict[str, np.ndarray]:
    arrays = {f"cells/{name}": values for name, values in world.cells.items()}
    arrays |= {
        f"tables/{kind}/{name}": values for kind, rows in world.tables.items() for name, values in rows.taken().items()
    }
    arrays |= {"money/names": np.array(list(world.money)), "money/amounts": np.array(list(world.money.values()))}
    arrays |= {"balance": world.balance, "payments": world.payments, "lead_seen": world.lead_seen}
    if world.log is not None:
        for kind in sorted(world.log.pieces):
            arrays |= {f"log/{kind}/{name}": values for name, values in (world.log.table(kind) or {}).items()}
    return arrays


def _world(folder: Path, name: str, notes: dict[str, Any]) -> World:
    net = network(notes["size"], notes["seed"])
    with np.load(folder / FOLDER / f"{name}.npz", allow_pickle=False) as saved:
        arrays = {key: saved[key] for key in saved.files}
    log: dict[str, dict[str, np.ndarray]] = {}
    for key, values in arrays.items():
        if key.startswith("log/"):
            _, kind, column = key.split("/")
            log.setdefault(kind, {})[column] = values
    return World(
        net=net,
        plants=tuple(plant for plant in planted(notes["size"], notes["seed"]) if plant.plant_id != name),
        day=notes["day"],
        cells={key.split("/")[1]: values for key, values in arrays.items() if key.startswith("cells/")},
        tables={
            kind: Rows(columns, {column: arrays[f"tables/{kind}/{column}"] for column in columns})
            for kind, columns in TABLES.items()
        },
        numbers=dict(notes["numbers"][name]),
        money=dict(zip(arrays["money/names"].tolist(), arrays["money/amounts"].tolist(), strict=True)),
        balance=arrays["balance"],
        payments=arrays["payments"],
        lead_seen=arrays["lead_seen"],
        log=Log({kind: [columns] for kind, columns in log.items()}) if name == "main" else None,
    )
