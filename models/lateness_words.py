"""Why a thing is at risk, in words: the features whose absence would change what is said of it most."""

import numpy as np
import polars as pl

from models.lateness_fit import Design, Mind

TOP = 3
LEAST_CHANGE = 0.005
MOST_ROWS = 20_000  # the riskiest rows get words; nobody reads on beyond
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RECENT = "recent late share"
SILENT = ("_id", "_code", "_name", "_amount", "_number")


def drivers(
    mind: Mind, made: Design, values: pl.DataFrame, *, taught: np.ndarray, asked: np.ndarray, plain_weight: float
) -> list[list[str]]:
    """For each asked row at most three sentences, the strongest first, each with what it adds to the risk in points.

    A feature's part is what the probability loses when the feature is blotted out: its number set to the median of the
    taught rows, its record to everybody's, its value to unknown.

    Args:
        made: design of all rows; `taught` and `asked` are positions in it.
        values: the features as people know them, one row each asked row.
    """
    if not asked.size:
        return []
    said = _mixed(mind, made.matrix[asked], plain_weight)
    said_of = np.argsort(-said, kind="stable")[:MOST_ROWS]
    matrix = made.matrix[asked][said_of]
    median = np.nanmedian(np.where(np.isfinite(made.matrix[taught]), made.matrix[taught], np.nan), axis=0)
    overall = {name.split(": ", 1)[1]: i for i, name in enumerate(made.names) if name.startswith("all: ")}
    features = [name for name in dict.fromkeys(made.features) if name != "all"]
    parts = np.empty((said_of.size, len(features)))
    for number, feature in enumerate(features):
        blotted = matrix.copy()
        for i in (i for i, of in enumerate(made.features) if of == feature):
            rate = made.names[i].rsplit(": ", 1)[-1]
            blank = {"code": np.nan, "number": median[i]}
            blotted[:, i] = matrix[:, overall[rate]] if made.kinds[i] == "record" else blank[made.kinds[i]]
        parts[:, number] = said[said_of] - _mixed(mind, blotted, plain_weight)
    found: list[list[str]] = [[] for _ in range(asked.size)]
    for row, (position, part) in enumerate(zip(said_of, parts, strict=True)):
        best = [n for n in np.argsort(-np.abs(part), kind="stable")[:TOP] if abs(part[n]) >= LEAST_CHANGE]
        own = values.row(int(position), named=True)
        found[position] = [_sentence(features[n], part[n], made, matrix[row], median, own) for n in best]
    return found


def _mixed(mind: Mind, matrix: np.ndarray, plain_weight: float) -> np.ndarray:
    return mind.said(matrix) @ np.array([1 - plain_weight, plain_weight])


def _sentence(feature: str, part: float, made: Design, row: np.ndarray, median: np.ndarray, own_row: dict) -> str:
    points = f"{'+' if part > 0 else '−'}{abs(part) * 100:.0f} points"
    own, everybody = f"{feature}: {RECENT}", f"all: {RECENT}"
    if own in made.names:
        value = own_row[feature]
        shares = f"{row[made.names.index(own)]:.0%} lately against {row[made.names.index(everybody)]:.0%} overall"
        return f"{_plain(feature)} {'not said' if value is None else value} late {shares} ({points})"
    at = made.names.index(feature)
    if feature.startswith("weekday"):
        return f"{_plain(feature)} {WEEKDAYS[int(row[at]) - 1]} ({points})"
    said = f"{row[at]:,.4g}" if np.isfinite(row[at]) else "not said"
    return f"{_plain(feature)} {said} against {median[at]:,.4g} usually ({points})"


def _plain(feature: str) -> str:
    """A column's name as people say it.

    >>> _plain("sku_id"), _plain("postponed_days"), _plain("Shipment Mode")
    ('SKU', 'postponed days', 'Shipment Mode')
    """
    stem = feature
    for ending in SILENT:
        stem = stem.removesuffix(ending)
    return {"sku": "SKU"}.get(stem, stem.replace("_", " "))
