"""A demo company decides on the morning after its world's last day, any other company now."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from decisions.clock import clock_of
from store.company import Company


class Known:
    def facts(self) -> dict[str, Any]:
        return {"as_of_date": date(2026, 11, 14)}


def test_a_demo_company_lives_in_its_own_time(tmp_path: Path):
    at = clock_of(Company("demo", tmp_path, is_demo=True), Known())()
    assert (at.date(), at.tzinfo) == (date(2026, 11, 15), UTC)


@pytest.mark.parametrize(("is_demo", "build"), [(False, Known()), (True, None), (False, None)])
def test_others_live_now(tmp_path: Path, is_demo: bool, build: Any):
    at = clock_of(Company("acme", tmp_path, is_demo=is_demo), build)()
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)
