"""Refreshes that make the order lines and what these are made of, and nothing else, for laws that look at no other table."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipelines import build

WANTED = build._ancestry(build.graph(), frozenset({"core.order_lines"}))


@contextmanager
def order_lines_only() -> Iterator[None]:
    """Inside, a refresh of this process lands, builds and publishes as ever, but leaves out what order lines do not need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "graph", lambda: WANTED)
        yield
