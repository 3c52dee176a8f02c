"""A figure of a calculation: one number, or an array with one for each path of a simulation."""

import numpy as np

Number = float | np.ndarray
Range = tuple[float, float, float]  # lowest, likeliest, highest


def plain(value: Number) -> Number:
    """The figure as it came: a float for one number, the array for many.

    >>> plain(np.array(2.5)), plain(np.array([1.0, 2.0])).tolist()
    (2.5, [1.0, 2.0])
    """
    found = np.asarray(value, dtype=float)
    return float(found) if found.ndim == 0 else found


def ratio(part: Number, whole: Number) -> Number | None:
    """Part by whole; where there is nothing to divide by, None for one number and NaN in an array.

    >>> ratio(3, 4), ratio(3, 0), ratio(3, np.array([0.0, 6.0])).tolist()
    (0.75, None, [nan, 0.5])
    """
    above, below = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    with np.errstate(over="ignore"):  # by next to nothing is infinite, and no accident
        found = np.divide(above, below, out=np.full(below.shape, np.nan), where=below != 0)
    if found.ndim == 0:
        return None if below == 0 else float(found)
    return found


def total(parts: dict[str, Number]) -> Number:
    """The sum of named parts.

    >>> total({"power": 2.0, "labour": np.array([1.0, 3.0])}).tolist()
    [3.0, 5.0]
    """
    return plain(np.asarray(sum((np.asarray(part, dtype=float) for part in parts.values()), np.asarray(0.0))))


def need(is_well: bool | np.ndarray, said: str) -> None:
    """Nothing where all is well, else an error that says what must hold.

    Errors:
        ValueError: with what was said.

    >>> need(True, "a share lies between 0 and 1")
    """
    if not np.all(is_well):
        raise ValueError(said)
