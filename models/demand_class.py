"""What kind of demand a SKU shows at a site: one definition for all that speak of it."""

import numpy as np

INTERVAL_BOUND, SIZE_BOUND = 1.32, 0.49
DAYS_AT_MOST = 1096  # three years: what lies before says little of how a SKU is bought now
FEWEST_DAYS = 2  # with demand; below, sizes cannot differ


def classes(life_days: np.ndarray, demand_days: np.ndarray, size_variation: np.ndarray) -> list[str]:
    """Smooth, erratic, intermittent or lumpy, by how often demand comes and how much its sizes differ; none below two days of it.

    Demand is rare where more than 1.32 days of life go to a day with demand, its sizes vary where the squared coefficient
    of variation is above 0.49 (Syntetos, Boylan and Croston, 2005).

    Args:
        life_days: on sale, the last three years at most.
        demand_days: on which anything was wanted.
        size_variation: squared coefficient of variation of what was wanted on these days (divisor n).

    >>> classes(np.array([3, 3, 3, 7, 9]), np.array([3, 2, 3, 2, 1]), np.array([0.04, 0.0, 1.06, 0.64, 0.0]))
    ['smooth', 'intermittent', 'erratic', 'lumpy', 'none']
    """
    is_rare = life_days > INTERVAL_BOUND * demand_days
    is_varied = size_variation > SIZE_BOUND
    named = np.where(is_rare, np.where(is_varied, "lumpy", "intermittent"), np.where(is_varied, "erratic", "smooth"))
    return [str(name) for name in np.where(demand_days < FEWEST_DAYS, "none", named)]


def classes_of(series: list[np.ndarray]) -> list[str]:
    """The class of each daily series.

    >>> classes_of([np.array(y, float) for y in ([2, 2, 3], [0, 2, 2], [1, 9, 1], [0, 0, 9, 0, 0, 1, 0], [4])])
    ['smooth', 'intermittent', 'erratic', 'lumpy', 'none']
    """
    sold = [one[-DAYS_AT_MOST:][one[-DAYS_AT_MOST:] > 0] for one in series]
    variation = np.array([(sizes.std() / sizes.mean()) ** 2 if sizes.size else 0.0 for sizes in sold])
    days = np.array([min(one.size, DAYS_AT_MOST) for one in series])
    return classes(days, np.array([sizes.size for sizes in sold]), variation)
