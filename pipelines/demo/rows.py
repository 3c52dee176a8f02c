"""Tables that live in memory: open things that change (Rows) and things that happened (Log)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

FLOAT, WHOLE = np.float64, np.int64


class Rows:
    """Open orders, lines, shipments and the like, as one array a column; rows are added at the end and kept in order of their id.

    >>> table = Rows({"id": WHOLE, "qty": WHOLE})
    >>> table.add(id=np.array([1, 2, 3]), qty=np.array([5, 6, 7]))
    array([0, 1, 2])
    >>> table.drop(np.array([False, True, False]))
    >>> table["qty"].tolist(), table.find(np.array([3])).tolist()
    ([5, 7], [1])
    """

    def __init__(self, columns: Mapping[str, type], data: Mapping[str, np.ndarray] | None = None):
        self.types = dict(columns)
        self.count = len(next(iter(data.values()))) if data else 0
        self.data: dict[str, np.ndarray] = {
            name: np.array(data[name], dtype=kind) if data else np.empty(64, kind) for name, kind in self.types.items()
        }

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, name: str) -> np.ndarray:
        return self.data[name][: self.count]

    def add(self, **columns: Any) -> np.ndarray:
        """Positions of the rows added; scalars are repeated."""
        size = max((len(np.atleast_1d(value)) for value in columns.values()), default=0)
        end = self.count + size
        for name, kind in self.types.items():
            if end > len(self.data[name]):
                grown: np.ndarray = np.empty(max(end, 2 * len(self.data[name])), kind)
                grown[: self.count] = self.data[name][: self.count]
                self.data[name] = grown
            self.data[name][self.count : end] = columns.get(name, 0)
        self.count = end
        return np.arange(end - size, end)

    def find(self, ids: np.ndarray) -> np.ndarray:
        """Positions of rows by id; every id must be there."""
        return np.searchsorted(self["id"], ids)

    def drop(self, gone: np.ndarray) -> None:
        """Forget the rows of a mask."""
        if not gone.any():
            return
        kept = np.flatnonzero(~gone)
        for name in self.types:
            self.data[name][: len(kept)] = self.data[name][kept]
        self.count = len(kept)

    def taken(self, chosen: np.ndarray | slice = slice(None)) -> dict[str, np.ndarray]:
        """Copies of the columns of the chosen rows."""
        return {name: np.array(self[name][chosen]) for name in self.types}

    def copy(self) -> "Rows":
        """An independent copy."""
        return Rows(self.types, self.taken())


class Log:
    """What happened and has not been exported for good: append only, one list of pieces a kind.

    >>> log = Log()
    >>> log.add("receipts", qty=np.array([4, 5]))
    >>> log.table("receipts")["qty"].tolist()
    [4, 5]
    """

    def __init__(self, pieces: Mapping[str, list[dict[str, np.ndarray]]] | None = None):
        self.pieces: dict[str, list[dict[str, np.ndarray]]] = {
            kind: list(rows) for kind, rows in (pieces or {}).items()
        }

    def add(self, kind: str, /, **columns: Any) -> None:
        """Append rows; scalars are repeated to the length of the columns."""
        size = max(len(value) for value in columns.values() if np.ndim(value))
        if size:
            piece = {
                name: np.array(value) if np.ndim(value) else np.full(size, value) for name, value in columns.items()
            }
            self.pieces.setdefault(kind, []).append(piece)

    def table(self, kind: str) -> dict[str, np.ndarray] | None:
        """All rows of a kind, columns joined; None where nothing happened."""
        pieces = self.pieces.get(kind)
        if not pieces:
            return None
        if len(pieces) > 1:
            joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
            self.pieces[kind] = pieces = [joined]
        return pieces[0]

    def clear(self, kind: str) -> None:
        """Forget a kind, because it has been exported for good."""
        self.pieces.pop(kind, None)
