"""What kind of demand a series shows, by how often it comes and how much its sizes differ."""

import numpy as np

INTERVAL, VARIATION = 1.32, 0.49


def demand_class(y: np.ndarray) -> str:
    """Smooth, erratic, intermittent or lumpy (Syntetos, Boylan and Croston, 2005); none where nothing was ever wanted.

    >>> [demand_class(np.array(y, float)) for y in ([2, 2, 3], [0, 0, 2], [1, 9, 1], [0, 0, 9, 0, 0, 1, 0])]
    ['smooth', 'intermittent', 'erratic', 'lumpy']
    """
    sold = y[y > 0]
    if not sold.size:
        return "none"
    is_rare = y.size / sold.size > INTERVAL
    is_wild = (sold.std() / sold.mean()) ** 2 > VARIATION
    return ("lumpy" if is_wild else "intermittent") if is_rare else ("erratic" if is_wild else "smooth")
