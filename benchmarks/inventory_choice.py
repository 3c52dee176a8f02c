"""How the settings of possible demand were chosen: candidates on training parts alone, each against the setting in use.

    .venv/bin/python -m benchmarks.inventory_choice --man PANEL.parquet --items ITEMS.csv --auto PANEL.parquet

Training parts end before the test part of `benchmarks.inventory` begins: MAN weeks 61-105; AUTO months 9-13 and 11-17. Prints one
JSON line: for each part and candidate by how much its holding cost differs at equal total unit fill (less than nought is cheaper).
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import inventory_parts as study
from benchmarks.inventory_panel import Unreadable
from models.demand.blend import blended
from models.inventory.possible_demand import BINOMIAL_RISE, BINOMIAL_SHARE, GRID, Possible, heard, possible

FILLS = (0.75, 0.8, 0.85, 0.9, 0.925, 0.94, 0.95)
Candidate = Callable[[Possible, np.ndarray], Possible]


def candidates() -> dict[str, Candidate]:
    """By name, what becomes of the distribution in use, and of a forecast's level."""
    found: dict[str, Candidate] = {}
    for share, rise in (
        (0.0, 0.0),
        (0.25, 0.0),
        (0.35, 0.0),
        (0.5, 0.0),
        (0.25, 0.25),
        (0.25, 0.5),
        (0.0, 1.0),
        (1.0, 0.0),
    ):
        found[f"negative binomial {share:g} + {rise:g} of often"] = _weighed(share, rise)
    for share in (0.1, 0.25, 1.0):
        found[f"level heard by {share:g}"] = _moved(share)
    found["level heard as weeks have demand"] = lambda said, level: _times(said, heard(said.often, said.mean(), level))
    return found


def _weighed(share: float, rise: float) -> Candidate:
    def one(said: Possible, level: np.ndarray) -> Possible:  # noqa: ARG001  all candidates are asked alike
        own = said.values.shape[1] - (GRID.size - 1)
        now, then = BINOMIAL_SHARE + BINOMIAL_RISE * said.often, share + rise * said.often
        factors = np.where(
            np.arange(said.values.shape[1]) < own, ((1 - then) / (1 - now))[:, None], (then / now)[:, None]
        )
        return replace(said, chances=np.where(said.often[:, None] > 0, said.chances * factors, said.chances))

    return one


def _moved(share: float) -> Candidate:
    def one(said: Possible, level: np.ndarray) -> Possible:
        own = said.mean()
        return _times(said, np.where(own > 0, 1 + share * (level / np.where(own > 0, own, 1.0) - 1), 1.0))

    return one


def _times(said: Possible, factors: np.ndarray) -> Possible:
    return replace(said, values=np.rint(said.values * factors[:, None]))


def training(found: study.Parts) -> Iterator[tuple[Possible, np.ndarray]]:
    """Of each period of a training part what may come, and the level that the blend of methods foretells."""
    for period in range(found.first, found.demand.shape[1]):
        history = list(np.ascontiguousarray(found.demand[:, :period]))
        level = np.maximum(blended(history, season_length=1, horizon=1).points[:, 0], 0.0)
        yield possible(history, half_life=found.year), level


def compared(found: study.Parts) -> dict[str, list[float | None]]:
    """By candidate, holding cost over that of the setting in use less 1, at each fill; None where it never gets there."""
    told = list(training(found))
    usual = study.ours(found, [(said, said.mean()) for said, _ in told])
    rows = {}
    for name, moved in candidates().items():
        tried = study.ours(found, [(one := moved(said, level), one.mean()) for said, level in told])
        ratios = [tried.at(fill)[0] / usual.at(fill)[0] - 1 for fill in FILLS]
        rows[name] = [round(float(ratio), 4) if np.isfinite(ratio) else None for ratio in ratios]
    return rows


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--man", "--items", "--auto"):
        parser.add_argument(name, type=Path, required=True)
    wishes = parser.parse_args()
    try:
        man, auto = study.parts(wishes.man, wishes.items), study.parts(wishes.auto, None)
    except Unreadable as wrong:
        sys.exit(f"benchmarks.inventory_choice: {wrong}")
    parts = {
        "MAN weeks 61-105": man.until(61, 105),
        "AUTO months 11-17": auto.until(10, 17),
        "AUTO months 9-13": auto.until(8, 13),
    }
    said = {name: compared(part) for name, part in parts.items()}
    print(json.dumps({"benchmark": "inventory_choice", "fill": "total unit fill", "fills": FILLS, **said}))


if __name__ == "__main__":
    main()
