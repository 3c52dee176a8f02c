"""How good the judgement of lateness is: chosen on an earlier part of time, tried on the last, beside its rivals."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl

from models import calibration
from models.calibration import Calibrator
from models.lateness_fit import Design, rolled
from models.lateness_guard import alone

FIRST_SHARE, TEST_SHARE = (
    0.4,
    0.7,
)  # of the rows by known day: where the trying begins, and where nothing is chosen any more
TRIED, TESTED = 4, 8  # blocks before and after; what is known is learned anew at the beginning of each
MANY = 50_000  # from so many rows on half the blocks will do
NEWEST = 3_000  # answers that a calibration looks back upon at most
FEW_ANSWERS = (
    1_000  # of so few a staircase makes landings on which everybody is the same, and the order of the list is lost
)
PLAIN_WEIGHTS = (0.0, 0.25, 0.5)
KINDS = {
    "as said": lambda _said, _came: calibration.as_said(),
    "beta": calibration.beta,
    "isotonic": calibration.isotonic,
}
TOO_GOOD = 0.85
MONTHLY = {"brier": "said", "rival_brier": "rival", "base_brier": "base"}


@dataclass(frozen=True)
class Backtest:
    """Figures on the last 30 % of the settled rows by known day. Shares 0-1; AUC and precision None where only one kind came.

    `rival_name` is the best in hindsight of the base rate and every feature alone, by Brier score.
    """

    row_count: int
    late_share: float
    auc: float | None
    average_precision: float | None
    brier: float
    calibration_error: float
    base_brier: float
    rival_name: str
    rival_brier: float
    best_feature: str | None
    best_feature_auc: float | None
    plain_weight: float
    calibration_name: str
    first_day: date
    coverage: dict[float, float]

    @property
    def is_too_good(self) -> bool:
        """Whether it claims more than anybody reaches honestly at the moment of ordering: look for a leak."""
        return self.auc is not None and self.auc > TOO_GOOD


@dataclass(frozen=True)
class Trial:
    """What was said of each row before its outcome (NaN before the trying began), the choices made, and the test rows."""

    said: np.ndarray
    plain_weight: float
    calibration_name: str
    is_tried: np.ndarray
    is_test: np.ndarray
    calibrator: Calibrator
    test_days: np.ndarray  # on which the blocks of the test begin, and the day after the last


def edges(known: np.ndarray) -> tuple[np.ndarray, int]:
    """The days on which blocks begin, with the day after the last, and which of them begins the test; `known` is sorted."""
    tried, tested = (TRIED, TESTED) if known.size < MANY else (TRIED // 2, TESTED // 2)
    shares = [*np.linspace(FIRST_SHARE, TEST_SHARE, tried + 1)[:-1], *np.linspace(TEST_SHARE, 1, tested + 1)[:-1]]
    days = [known[int(share * known.size)] for share in shares]
    return np.unique([*days, known[-1] + 1]), days[tried]


def trial(made: Design, known: np.ndarray, due: np.ndarray, is_late: np.ndarray) -> Trial:
    """The trial of settled rows in the order of their known day; choices are made before the test begins, never in it."""
    days, test_day = edges(known)
    both = rolled(made, known, due, is_late, days)
    is_said = np.isfinite(both[:, 0])
    # What is chosen before the test must have come before the test, too.
    may_choose = is_said & (known < test_day) & (due < test_day)
    weight = min(PLAIN_WEIGHTS, key=lambda one: calibration.log_loss(_mix(both, one)[may_choose], is_late[may_choose]))
    mixed = _mix(both, weight)
    later = may_choose & (known >= days[1])
    names = [one for one in KINDS if one != "isotonic" or later.sum() >= FEW_ANSWERS]
    corrected = {name: _corrected(mixed, known, due, is_late, days, name) for name in names}
    name = _clearly_best({one: _surprise(corrected[one][later], is_late[later]) for one in names})
    last = np.flatnonzero(is_said)[-NEWEST:]
    return Trial(
        corrected[name],
        weight,
        name,
        may_choose,
        is_said & (known >= test_day),
        KINDS[name](mixed[last], is_late[last]),
        days[days >= test_day],
    )


def _surprise(said: np.ndarray, is_late: np.ndarray) -> np.ndarray:
    chance = np.clip(np.where(is_late > 0, said, 1 - said), calibration.LEAST, None)
    return -np.log(chance)


def _clearly_best(surprise: dict[str, np.ndarray]) -> str:
    """The name with the least surprise if it beats the first, simplest one by more than chance (two standard errors).

    A correction that is learned anew in each block spoils the order between blocks, so it must give something for that.
    """
    first = next(iter(surprise))
    if surprise[first].size < 2:
        return first
    best = min(surprise, key=lambda name: surprise[name].mean())
    gain = surprise[first] - surprise[best]
    return best if gain.mean() > 2 * gain.std(ddof=1) / np.sqrt(gain.size) else first


def _mix(both: np.ndarray, plain_weight: float) -> np.ndarray:
    return (1 - plain_weight) * both[:, 0] + plain_weight * both[:, 1]


def _corrected(
    said: np.ndarray, known: np.ndarray, due: np.ndarray, is_late: np.ndarray, days: np.ndarray, name: str
) -> np.ndarray:
    """Each block corrected by what had been said and had come before it began."""
    result = said.copy()
    for begin, end in pairwise(days):
        before = np.flatnonzero(np.isfinite(said) & (known < begin) & (due < begin))[-NEWEST:]
        asked = (known >= begin) & (known < end)
        if before.size >= 100 and asked.any():
            result[asked] = KINDS[name](said[before], is_late[before])(said[asked])
    return result


def rivals(
    features: pl.DataFrame, is_late: np.ndarray, is_taught: np.ndarray, is_test: np.ndarray
) -> dict[str, np.ndarray]:
    """What the base rate and each feature alone say of the test rows, having learned from the taught rows, all before the test."""
    taught, test = np.flatnonzero(is_taught), np.flatnonzero(is_test)
    order, late = np.concatenate([taught, test]), is_late[np.concatenate([taught, test])]
    said = {"base rate": np.full(test.size, is_late[taught].mean())}
    return {**said, **{name: alone(features[name][order], late, taught.size) for name in features.columns}}


def backtest(
    tried: Trial, others: dict[str, np.ndarray], known: np.ndarray, is_late: np.ndarray, coverage: dict[float, float]
) -> Backtest:
    """The figures of a trial beside those of the rivals (`others`), on its test rows."""
    test = tried.is_test
    said, came = tried.said[test], is_late[test]
    briers = {name: calibration.brier(one, came) for name, one in others.items()}
    ranked = {name: calibration.auc(one, came) for name, one in others.items() if name != "base rate"}
    aucs = {name: one for name, one in ranked.items() if one is not None}
    rival, best = min(briers, key=lambda name: briers[name]), max(aucs, key=lambda name: aucs[name], default=None)
    return Backtest(
        row_count=int(test.sum()),
        late_share=float(came.mean()),
        auc=calibration.auc(said, came),
        average_precision=calibration.average_precision(said, came),
        brier=calibration.brier(said, came),
        calibration_error=calibration.expected_calibration_error(said, came),
        base_brier=briers["base rate"],
        rival_name=rival,
        rival_brier=briers[rival],
        best_feature=best,
        best_feature_auc=aucs[best] if best else None,
        plain_weight=tried.plain_weight,
        calibration_name=tried.calibration_name,
        first_day=np.datetime64(int(known[test].min()), "D").astype(object),
        coverage=coverage,
    )


def by_month(tried: Trial, known: np.ndarray, is_late: np.ndarray, rival: np.ndarray, base: np.ndarray) -> pl.DataFrame:
    """The test rows by month of their known day: `month_date`, `row_count`, `said_share`, `came_share`, `brier`, `…_brier`."""
    test = tried.is_test
    rows = pl.DataFrame(
        {"day": known[test], "said": tried.said[test], "came": is_late[test], "rival": rival, "base": base}
    )
    month = pl.col("day").cast(pl.Int32).cast(pl.Date).dt.truncate("1mo").alias("month_date")
    error = {name: ((pl.col(said) - pl.col("came")) ** 2).mean() for name, said in MONTHLY.items()}
    shares = {"said_share": pl.col("said").mean(), "came_share": pl.col("came").mean()}
    return rows.group_by(month).agg(row_count=pl.len().cast(pl.Int64), **shares, **error).sort("month_date")
