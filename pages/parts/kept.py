"""What was worked out once and is asked for again: bounded, shared by all sessions, and never out of date.

Keys name company folder, build and question, and a build never changes, so nothing expires. Streamlit's own cache takes
forty times as long to look something up, and a page looks a hundred things up.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A shelf for so many values; the one that was not asked for longest makes room.

    >>> shelf = Kept[int](at_most=1)
    >>> shelf.get("a", lambda: 1), shelf.get("a", lambda: 2), shelf.get("b", lambda: 3), shelf.get("a", lambda: 4)
    (1, 1, 3, 4)
    """

    def __init__(self, *, at_most: int):
        self._at_most = at_most
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value under a key, made now if it is not there; whoever takes it must not change it.

        Two who ask at once may both make it; that costs time once and is never wrong.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._at_most:
                self._values.popitem(last=False)
        return value


def place(visit: Any) -> tuple[str, str]:
    """What every key over a build begins with: the company's folder and the build."""
    return str(visit.company.folder), visit.build.build_id
