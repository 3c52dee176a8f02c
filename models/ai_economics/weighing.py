"""Which of several ways scores best by weighted criteria, and how much a weight must move until another one does (section 5.3)."""

from dataclasses import dataclass

import numpy as np

from models.ai_economics.number import need


def weighted_sums(weights: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The preference for each alternative: P_i = Σ_j w_j·a_ij.

    Args:
        weights: by criterion, not below 0, summing to 1.
        scores: alternative × criterion.

    Errors:
        ValueError: weights below nought or not summing to 1 (to a thousandth, as printed weights are rounded), a score that is not known.

    >>> weighted_sums([0.6, 0.4], [[100, 0], [50, 80]]).tolist()
    [60.0, 62.0]
    """
    w = np.asarray(weights, dtype=float)
    need(bool((w >= 0).all()) and abs(w.sum() - 1) < 1e-3, "weights are not below 0 and sum to 1")
    return _known(scores) @ w


@dataclass(frozen=True)
class Flip:
    """Where two alternatives change places by one criterion's weight.

    Attributes:
        criterion: its number. first, second: numbers of the alternatives, the one preferred now first.
        delta: to be taken off the weight. share: delta by weight (None where the weight is nought).
        is_feasible: whether the weight stays at or above nought. weight: what it then is, all weights made to sum to 1 again.
    """

    criterion: int
    first: int
    second: int
    delta: float
    share: float | None
    is_feasible: bool
    weight: float | None


def flips(weights: np.ndarray, scores: np.ndarray, first: int, second: int) -> list[Flip]:
    """For each criterion, the change of its weight at which two alternatives draw: δ_j = (P_2 − P_1)/(a_2j − a_1j), w_j − δ_j.

    Criteria on which both score alike are left out: their weight cannot turn the order.

    Source: Triantaphyllou and Sanchez, A sensitivity analysis approach for some deterministic multi-criteria decision-making
    methods, Decision Sciences 28 (1997).

    >>> [
    ...     (flip.criterion, round(flip.delta, 4), flip.is_feasible)
    ...     for flip in flips([0.6, 0.4], [[100, 0], [50, 80]], 1, 0)
    ... ]
    [(0, -0.04, True), (1, 0.025, True)]
    """
    w, a, liked = np.asarray(weights, dtype=float), _known(scores), weighted_sums(weights, scores)
    found = []
    for j in np.flatnonzero(a[second] != a[first]):
        delta = float((liked[second] - liked[first]) / (a[second, j] - a[first, j]))
        is_feasible = bool(delta <= w[j])
        rest = w.sum() - delta
        found.append(
            Flip(
                criterion=int(j),
                first=first,
                second=second,
                delta=delta,
                share=delta / float(w[j]) if w[j] else None,
                is_feasible=is_feasible,
                weight=float((w[j] - delta) / rest) if is_feasible and rest > 0 else None,
            )
        )
    return found


def most_critical(weights: np.ndarray, scores: np.ndarray) -> Flip | None:
    """The smallest relative change of one weight that costs the best alternative its place; None where no weight can.

    >>> found = most_critical([0.6, 0.4], [[100, 0], [50, 80]])
    >>> found.criterion, round(found.share, 4), round(found.weight, 4)
    (1, 0.0625, 0.3846)
    """
    liked = weighted_sums(weights, scores)
    best = int(liked.argmax())
    others = [flip for rival in range(len(liked)) if rival != best for flip in flips(weights, scores, best, rival)]
    possible = [flip for flip in others if flip.is_feasible and flip.share is not None]
    return min(possible, key=lambda flip: abs(flip.share or 0.0), default=None)


def win_shares(scores: np.ndarray, *, seed: int, count: int = 10_000) -> np.ndarray:
    """In which share of all possible weights each alternative wins: weights drawn evenly (Dirichlet of ones), ties shared.

    Args:
        scores: alternative × criterion.
        seed: the same seed gives the same shares. count: of draws.

    >>> win_shares([[1.0, 1.0], [0.0, 0.0]], seed=1).tolist()
    [1.0, 0.0]
    """
    a = _known(scores)
    drawn = np.random.default_rng(seed).dirichlet(np.ones(a.shape[1]), size=count)
    liked = drawn @ a.T
    wins = np.isclose(liked, liked.max(axis=1, keepdims=True), rtol=0, atol=1e-12)
    return (wins / wins.sum(axis=1, keepdims=True)).mean(axis=0)


def value_score(figure: float, worst: float, best: float) -> float:
    """A figure on a scale of 0 at the worst to 100 at the best, straight between, held within; the best may be the smaller.

    >>> value_score(97.45, 95.0, 99.9), value_score(1.0, 2.0, 0.0), value_score(3.0, 2.0, 0.0)
    (50.0, 50.0, 0.0)
    """
    need(worst != best, "the best is another figure than the worst")
    return float(np.clip(round((figure - worst) / (best - worst) * 100, 9), 0.0, 100.0))


def cost_scores(costs: np.ndarray) -> np.ndarray:
    """Scores of costs: 100·least/actual, the cheapest 100; all 100 where nothing costs anything.

    >>> cost_scores([50.0, 100.0]).tolist()
    [100.0, 50.0]
    """
    found = np.asarray(costs, dtype=float)
    need(found >= 0, "a cost is not below nought")
    return 100 * np.divide(found.min(), found, out=np.ones(found.shape), where=found > 0)


def _known(scores: np.ndarray) -> np.ndarray:
    found = np.asarray(scores, dtype=float)
    need(np.isfinite(found), "every score is known")
    return found
