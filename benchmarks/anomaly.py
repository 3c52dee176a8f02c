"""How early, and how rarely in vain, do the alerts come on NAB, beside the detectors that its authors published?

    .venv/bin/python -m benchmarks.anomaly NAB_FOLDER [--scores published_scores_per_file.csv] [--threads N]

NAB_FOLDER holds `data/<category>/*.csv` (timestamp, value) and `labels/combined_windows.json` of the Numenta Anomaly
Benchmark (Lavin and Ahmad, 2015). Our threshold is the constant of the code, chosen for all series, and is not optimised
here. Prints one JSON line. With the published scores, the scorer is first held against them: the windowed Gaussian of the
scoreboard is run anew, and must score in each file and profile what was published.
"""

import argparse
import json
import math
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import erfc

from models.anomalies import detector


class Profile(NamedTuple):
    """What a hit, a false alert and a missed window weigh."""

    hit: float
    false: float
    missed: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "low_fp": Profile(1.0, 0.22, 1.0),
    "low_fn": Profile(1.0, 0.11, 2.0),
}
PUBLISHED_NAMES = {"standard": "standard", "reward_low_FP_rate": "low_fp", "reward_low_FN_rate": "low_fn"}


class Labelled(NamedTuple):
    """One file: its values, and the first and last row of each window in which something was wrong."""

    name: str
    values: np.ndarray
    windows: list[tuple[int, int]]

    @property
    def probation(self) -> int:
        """Rows at the beginning in which alerts do not count: 15 %, of at most 5,000."""
        return math.floor(0.15 * min(self.values.size, 5000))


def main() -> None:
    """Print the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scores", type=Path, help="the published scores, one row a detector, profile and file")
    parser.add_argument("--threads", type=int, default=1)
    wishes = parser.parse_args()
    files = labelled(wishes.folder)
    series = [one.values for one in files]
    detector.many(series[:1], threads=1)  # compiled, or fetched from the cache of a run before
    begun = time.perf_counter()
    found = detector.many(series, threads=wishes.threads)
    seconds = time.perf_counter() - begun
    alerts = [one.alerts for one in found]
    said = {
        "benchmark": "anomaly",
        "files": len(files),
        "windows": sum(len(one.windows) for one in files),
        **{name: figure(files, alerts, profile) for name, profile in PROFILES.items()},
        "alerts": sum(one.size for one in alerts),
        "by_category": by_category(files, alerts),
        "points_per_second": round(sum(one.size for one in series) / seconds),
        "threads": wishes.threads,
    }
    if wishes.scores:
        published = pl.read_csv(wishes.scores)
        said["scorer_check"] = scorer_check(files, published)
        said["published"] = scoreboard(files, published)
    print(json.dumps(said))


def labelled(folder: Path) -> list[Labelled]:
    """Every file of the folder that has an entry among the labels."""
    every = json.loads((folder / "labels" / "combined_windows.json").read_text())
    made = []
    for name, windows in sorted(every.items()):
        path = folder / "data" / name
        if not path.exists():
            continue
        rows = pl.read_csv(path, schema_overrides={"timestamp": pl.Utf8, "value": pl.Float64})
        at = [datetime.fromisoformat(one) for one in rows["timestamp"]]
        spans = [[datetime.fromisoformat(side) for side in one] for one in windows]
        inside = [[i for i, when in enumerate(at) if first <= when <= last] for first, last in spans]
        made.append(Labelled(name, rows["value"].to_numpy(), [(rows_in[0], rows_in[-1]) for rows_in in inside]))
    return made


def sigmoid(place: np.ndarray) -> np.ndarray:
    """From 1 well before 0, through 0, to -1 beyond: the worth of an alert by its place relative to a window's end."""
    place = np.asarray(place, dtype=np.float64)
    return np.where(place > 3, -1.0, 2 / (1 + np.exp(np.minimum(5 * place, 50))) - 1)


def score(one: Labelled, alerts: np.ndarray, profile: Profile) -> float:
    """The raw score of one file: each window by its best alert, each false alert by how far it lies behind a window."""
    alerts = np.asarray(alerts)[np.asarray(alerts) >= one.probation]
    total, is_false = 0.0, np.ones(alerts.size, dtype=bool)
    for first, last in one.windows:
        inside = alerts[(alerts >= first) & (alerts <= last)]
        is_false &= (alerts < first) | (alerts > last)
        if not inside.size:
            total -= profile.missed
            continue
        place = -(last - inside + 1) / (last - first + 1)
        total += profile.hit * float((sigmoid(place) / sigmoid(np.array(-1.0))).max())
    for alert in alerts[is_false]:
        before = [(first, last) for first, last in one.windows if last < alert]
        behind = (alert - before[-1][1]) / (before[-1][1] - before[-1][0]) if before else np.inf
        total += profile.false * float(sigmoid(behind))
    return total


def normalised(raw: float, windows: int, profile: Profile) -> float:
    """The raw score between that of no alert at all (0) and that of one alert at the start of each window (100)."""
    null, perfect = -profile.missed * windows, profile.hit * windows
    return round(100 * (raw - null) / (perfect - null), 2) if windows else math.nan


def figure(files: list[Labelled], alerts: list[np.ndarray], profile: Profile) -> float:
    """The normalised score over all files."""
    raw = sum(score(one, marks, profile) for one, marks in zip(files, alerts, strict=True))
    return normalised(raw, sum(len(one.windows) for one in files), profile)


def by_category(files: list[Labelled], alerts: list[np.ndarray]) -> dict[str, dict[str, float]]:
    """The normalised scores of each folder of files."""
    made: dict[str, dict[str, float]] = {}
    for category in sorted({one.name.split("/")[0] for one in files}):
        kept = [i for i, one in enumerate(files) if one.name.startswith(category + "/")]
        some, marks = [files[i] for i in kept], [alerts[i] for i in kept]
        made[category] = {name: figure(some, marks, profile) for name, profile in PROFILES.items()}
    return made


def windowed_gaussian(values: np.ndarray, window: int = 6400, step: int = 100) -> np.ndarray:
    """The scoreboard's plainest detector: the normal tail of each value by the mean and spread of those before it.

    The window grows by each value to `window`, and then moves on by whole steps. The root of two is 1.4142 there.
    """
    scores, mean, spread = np.zeros(values.size), 0.0, 1.0
    for i, value in enumerate(values):
        if i:
            scores[i] = 1 - 0.5 * erfc(abs(value - mean) / spread / 1.4142)
        over = i + 1 - window
        if over <= 0 or over % step == 0:
            kept = values[max(over, 0) : i + 1]
            mean, spread = kept.mean(), kept.std() or 1e-6
    return scores


def scorer_check(files: list[Labelled], published: pl.DataFrame) -> dict[str, float | int]:
    """The largest absolute difference to the published scores of the windowed Gaussian, and over how many files.

    Its threshold was published rounded to 1.0, so its alerts are the rows with the highest scores, as many as published.
    """
    files_by_name = {one.name: (one, windowed_gaussian(one.values)) for one in files}
    rows = published.filter(
        (pl.col("Detector") == "windowedGaussian")
        & pl.col("File").is_in(list(files_by_name))
        & pl.col("Profile").is_in(list(PUBLISHED_NAMES))
    )
    apart = []
    for row in rows.iter_rows(named=True):
        one, scores = files_by_name[row["File"]]
        judged = np.arange(one.probation, one.values.size)
        marks = judged[np.argsort(-scores[judged], kind="stable")[: row["TP"] + row["FP"]]]
        apart.append(abs(score(one, marks, PROFILES[PUBLISHED_NAMES[row["Profile"]]]) - row["Score"]))
    return {"largest_difference": max(apart, default=math.nan), "files": rows["File"].n_unique(), "scores": len(apart)}


def scoreboard(files: list[Labelled], published: pl.DataFrame) -> dict[str, dict[str, float]]:
    """The published detectors that cover all of these files, normalised over them, best first."""
    windows = {one.name: len(one.windows) for one in files}
    sums = (
        published.filter(pl.col("File").is_in(list(windows)) & pl.col("Profile").is_in(list(PUBLISHED_NAMES)))
        .drop_nulls("Detector")  # the detector that never alerts is called null there
        .group_by("Detector", "Profile")
        .agg(raw=pl.col("Score").sum(), files=pl.col("File").n_unique())
        .filter(pl.col("files") == len(files))
    )
    made: dict[str, dict[str, float]] = {}
    for row in sums.iter_rows(named=True):
        name = PUBLISHED_NAMES[row["Profile"]]
        made.setdefault(row["Detector"], {})[name] = normalised(row["raw"], sum(windows.values()), PROFILES[name])
    return dict(sorted(made.items(), key=lambda item: -item[1].get("standard", -math.inf)))


if __name__ == "__main__":
    main()
