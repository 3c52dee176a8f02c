"""How sure a mean is when what it is of hangs together: whole clusters drawn again and again, with the width that few of them ask for."""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri, stdtrit

DRAWS = 1000
MOST_CLUSTERS = 400  # more are dealt out to so many, which is as sound and quicker


def bands(
    parts: np.ndarray, clusters: np.ndarray, *, seed: int, sure: Sequence[float] = (0.95,)
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends of the intervals of the means of `parts`: by how sure (rows) and by part (columns).

    The percentile bootstrap over whole clusters, stretched to the width of Student's t as n clusters ask for. Do not use it for
    fewer than six clusters, nor for what has no mean.

    Args:
        parts: one row for each figure, one column for each thing whose mean is asked.
        clusters: whole numbers that name the cluster of each row.
        seed: of the draws; the same gives the same ends.
        sure: how sure, each above 0 and below 1.

    Source: Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69(4), 2015, section 4.1
    (the expanded percentile interval).

    >>> low, high = bands(np.arange(40.0)[:, None], np.arange(40), seed=1)
    >>> bool(low[0, 0] < 19.5 < high[0, 0])
    True
    """
    clusters = clusters % MOST_CLUSTERS
    count = int(clusters.max()) + 1
    sums = np.zeros((count, parts.shape[1] + 1))
    np.add.at(sums, clusters, np.column_stack([parts, np.ones(len(parts))]))
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=DRAWS) @ sums
    means, middle = drawn[:, :-1] / drawn[:, -1:], parts.mean(axis=0)
    ends = []
    for one in sure:
        tail = (1 - one) / 2
        wide = float(np.sqrt(count / (count - 1)) * stdtrit(count - 1, tail) / ndtri(tail))
        ends.append(middle + wide * (np.quantile(means, [tail, 1 - tail], axis=0) - middle))
    both = np.array(ends)
    return both[:, 0], both[:, 1]
