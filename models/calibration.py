"""Does a probability mean what it says? Judges and corrects probabilities of anything that either comes or does not."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

LEAST = 1e-6  # no probability is nought or one: the model never saw everything


@dataclass(frozen=True)
class Calibrator:
    """A correction learned from what was said and what came; `name` says of which kind it is."""

    name: str
    correct: Callable[[np.ndarray], np.ndarray]

    def __call__(self, said: np.ndarray) -> np.ndarray:
        """The corrected probabilities, in the same order, between 0 and 1."""
        return np.clip(self.correct(np.asarray(said, dtype=float)), LEAST, 1 - LEAST)


def as_said() -> Calibrator:
    """No correction at all.

    >>> as_said()(np.array([0.25])).tolist()
    [0.25]
    """
    return Calibrator("as said", lambda said: said)


def isotonic(said: np.ndarray, came: np.ndarray) -> Calibrator:
    """The rising staircase that lies nearest to what came; wants some hundred outcomes, for it follows every step.

    >>> said, came = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0, 1, 0, 1])
    >>> isotonic(said, came)(said).round(3).tolist()
    [0.0, 0.5, 0.5, 1.0]
    """
    from scipy.optimize import isotonic_regression

    # Equal words are one step, or the staircase would depend on the order of the rows.
    steps, step_of, count = np.unique(np.asarray(said, dtype=float), return_inverse=True, return_counts=True)
    share = np.bincount(step_of, weights=np.asarray(came, dtype=float)) / count
    level = isotonic_regression(share, weights=count).x
    return Calibrator("isotonic", lambda asked: np.interp(asked, steps, level))


def beta(said: np.ndarray, came: np.ndarray) -> Calibrator:
    """A smooth correction of three numbers: log odds of what came = a ln p - b ln(1 - p) + c, with a and b never below nought.

    Better than the staircase where outcomes are few. Source: Kull, Silva Filho and Flach, Beta calibration (AISTATS 2017).

    >>> said = np.linspace(0.05, 0.95, 400)
    >>> came = (np.arange(400) % 10 < 1).astype(float)  # one in ten comes, whatever was said
    >>> bool(abs(beta(said, came)(said).mean() - 0.1) < 0.01)
    True
    """
    from scipy.optimize import minimize

    came = np.asarray(came, dtype=float)
    parts = _parts(np.asarray(said, dtype=float))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = parts @ weights
        error = 1 / (1 + np.exp(-odds)) - came
        # A faint pull towards "as said" (1, 1, 0) keeps the numbers finite where the outcomes part cleanly.
        pull = weights - np.array([1.0, 1.0, 0.0])
        value = np.logaddexp(0, odds).sum() - came @ odds + 0.5 * pull @ pull
        return value / came.size, (parts.T @ error + pull) / came.size

    found = minimize(
        loss, np.array([1.0, 1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)]
    )
    return Calibrator("beta", lambda asked: 1 / (1 + np.exp(-(_parts(asked) @ found.x))))


def _parts(said: np.ndarray) -> np.ndarray:
    kept = np.clip(said, LEAST, 1 - LEAST)
    return np.column_stack([np.log(kept), -np.log1p(-kept), np.ones_like(kept)])


def reliability(said: np.ndarray, came: np.ndarray, *, bins: int = 10) -> pl.DataFrame:
    """What was said beside what came, in bins of equally many: `said_share`, `came_share`, `row_count`, from low to high.

    Rows with the same probability are never parted, so a constant has one bin and the order of the rows does not matter.

    >>> reliability(np.array([0.1, 0.1, 0.9, 0.9]), np.array([0, 0, 1, 0]), bins=2).rows()
    [(0.1, 0.0, 2), (0.9, 0.5, 2)]
    """
    frame = pl.DataFrame({"said": np.asarray(said, dtype=float), "came": np.asarray(came, dtype=float)})
    levels = frame.group_by("said").agg(came=pl.col("came").sum(), rows=pl.len()).sort("said")
    # A level belongs where its middle row would stand.
    middle = (pl.col("rows").cum_sum() - pl.col("rows") / 2) / pl.col("rows").sum()
    binned = levels.with_columns(bin=(middle * bins).floor().clip(0, bins - 1))
    return (
        binned.group_by("bin")
        .agg(
            said_share=(pl.col("said") * pl.col("rows")).sum() / pl.col("rows").sum(),
            came_share=pl.col("came").sum() / pl.col("rows").sum(),
            row_count=pl.col("rows").sum().cast(pl.Int64),
        )
        .sort("bin")
        .drop("bin")
    )


def expected_calibration_error(said: np.ndarray, came: np.ndarray, *, bins: int = 10) -> float:
    """How far what was said lies from what came, on average over bins of equally many; 0 is honest, a share of 1.

    >>> expected_calibration_error(np.array([0.1, 0.1, 0.9, 0.9]), np.array([0, 0, 1, 0]), bins=2)
    0.25
    """
    table = reliability(said, came, bins=bins)
    gap, rows = (table["said_share"] - table["came_share"]).abs().to_numpy(), table["row_count"].to_numpy()
    return float((gap * rows).sum() / rows.sum())


def brier(said: np.ndarray, came: np.ndarray) -> float:
    """The mean squared distance of what was said from what came; the base rate p said to all scores p (1 - p).

    >>> brier(np.array([0.5, 0.5]), np.array([0, 1]))
    0.25
    """
    return float(np.mean((np.asarray(said, dtype=float) - np.asarray(came, dtype=float)) ** 2))


def log_loss(said: np.ndarray, came: np.ndarray) -> float:
    """The mean surprise at what came, in nats: minus the log of the probability that was given to it.

    >>> round(log_loss(np.array([0.5, 0.5]), np.array([0, 1])), 4)
    0.6931
    """
    kept, came = np.clip(np.asarray(said, dtype=float), LEAST, 1 - LEAST), np.asarray(came, dtype=float)
    return float(-np.mean(came * np.log(kept) + (1 - came) * np.log1p(-kept)))


def auc(said: np.ndarray, came: np.ndarray) -> float | None:
    """How often one that came was given more than one that did not, ties counting half; None where there is only one kind.

    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    came = np.asarray(came, dtype=bool)
    yes, no = int(came.sum()), int((~came).sum())
    if not yes or not no:
        return None
    level, count = np.unique(np.asarray(said, dtype=float), return_inverse=True, return_counts=True)[1:]
    middle_rank = count.cumsum() - (count - 1) / 2
    return float((middle_rank[level][came].sum() - yes * (yes + 1) / 2) / (yes * no))


def average_precision(said: np.ndarray, came: np.ndarray) -> float | None:
    """The share that came among those named first, averaged over each that came; the base rate is the value of guessing.

    >>> average_precision(np.array([0.9, 0.8, 0.1]), np.array([1, 0, 1])).__round__(4)
    0.8333
    """
    said, came = np.asarray(said, dtype=float), np.asarray(came, dtype=float)
    if not came.sum():
        return None
    # Ties are named together: precision is taken at the end of each level.
    level = np.unique(-said, return_inverse=True)[1]
    hits, named = np.bincount(level, weights=came), np.bincount(level)
    return float((hits * hits.cumsum() / named.cumsum()).sum() / came.sum())
