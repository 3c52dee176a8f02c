"""How the errors of a forecast hang together over its days, by class of demand: what sums over days need."""

import numpy as np
import polars as pl

SCHEMA = {"demand_class_name": pl.String, "common_share": pl.Float64, "serial_correlation_number": pl.Float64}
PRIOR, PRIOR_SERIES = (0.05, 0.0), 20.0
CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "none")


def dependence(
    residuals: np.ndarray, classes: list[str], *, prior: tuple[float, float] = PRIOR, names: tuple[str, ...] = CLASSES
) -> pl.DataFrame:
    """For each class the share of error variance that all days of an origin have in common, and the correlation from day to day.

    The common share makes the variance of a sum right: `var(sum) = n v (1 + (n - 1) common)` for n days of variance v.
    Few series say little; they are drawn towards a prior.

    Args:
        residuals: series × origin × step, nan where unknown.
        classes: of each series.
        prior: common share and serial correlation where nothing is known.
        names: of all classes, each of which gets a row.

    >>> flat = np.repeat(np.random.default_rng(1).standard_normal((500, 6, 1)), 10, axis=2)
    >>> dependence(flat, ["smooth"] * 500).row(0, named=True)["common_share"] > 0.9
    True
    """
    named, rows = np.array(classes), []
    for name in names:
        mine = residuals[named == name]
        power = np.sqrt(
            np.where(np.isnan(mine), 0.0, mine**2).sum(axis=(1, 2)) / np.maximum((~np.isnan(mine)).sum(axis=(1, 2)), 1)
        )
        scaled = mine[power > 0] / power[power > 0, None, None]
        scaled = scaled[~np.isnan(scaled).any(axis=2)]
        trust = mine.shape[0] / (mine.shape[0] + PRIOR_SERIES)
        common, serial = _measured(scaled, prior)
        rows.append((name, trust * common + (1 - trust) * prior[0], trust * serial + (1 - trust) * prior[1]))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _measured(scaled: np.ndarray, prior: tuple[float, float]) -> tuple[float, float]:
    days = scaled.shape[1]
    if scaled.shape[0] < 2 or days < 3:
        return prior
    one = float((scaled**2).mean())
    if one <= 0:
        return prior
    total = float((scaled.sum(axis=1) ** 2).mean())
    common = float(np.clip((total / (days * one) - 1) / (days - 1), 0.0, 0.95))
    neighbours = float((scaled[:, 1:] * scaled[:, :-1]).mean()) / one
    serial = float(np.clip((neighbours - common) / (1 - common), -0.9, 0.9))
    return common, serial
