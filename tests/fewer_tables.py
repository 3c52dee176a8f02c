"""Refreshes that make some tables and what these are made of, and nothing else, for tests that look at no other table."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from pipelines import build
from pipelines.table import Table

ORDER_LINES = build._ancestry(build.graph(), frozenset({"core.order_lines"}))
CORE = build._ancestry(build.graph(), frozenset(name for name in build.graph() if name.startswith("core.")))


def order_lines_only() -> AbstractContextManager[None]:
    """Inside, a refresh leaves out what order lines do not need."""
    return _only(ORDER_LINES)


def core_only() -> AbstractContextManager[None]:
    """Inside, a refresh leaves out what is no fact of the business: marts, scores and what is made of them."""
    return _only(CORE)


@contextmanager
def _only(wanted: dict[str, Table]) -> Iterator[None]:
    """Inside, a refresh of this process lands, builds and publishes as ever, but makes only these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "graph", lambda: wanted)
        yield
