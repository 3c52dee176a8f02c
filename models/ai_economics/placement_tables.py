"""The columns of what placement writes, each with its type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

WEIGHT = "weight "  # begins the code of a lever that is a weight: it moves points alone
TEXTS = ("_id", "_code", "_text", "_name")


@dataclass(frozen=True)
class Table:
    """The names of a table's columns; the ending of a name tells its type."""

    names: tuple[str, ...]

    def frame(self, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
        """The rows as a frame, with these columns in this order.

        >>> Table(("use_case_id", "way_no")).frame([{"use_case_id": "W1", "way_no": 1}]).row(0)
        ('W1', 1)
        """
        return pl.DataFrame(list(rows), schema={name: _kind(name) for name in self.names}, orient="row")


def _kind(name: str) -> Any:
    if name.endswith(TEXTS):
        return pl.String
    if name.startswith("is_"):
        return pl.Boolean
    return pl.Int64 if name.endswith("_no") else pl.Float64


PLACEMENTS = Table((
    "use_case_id", "way_no", "way_code", "family_name", "is_way_possible", "is_way_advised", "is_way_present", "because_text",
    "in_return_text", "setup_days", "places_text",
    "model_cost", "upkeep_cost", "control_cost", "outage_cost", "shared_cost", "way_cost", "load_number",
    "down_hours", "in_time_share", "served_share", "local_share", "latency_points_number", "governance_points_number",
    "data_access_points_number", "resilience_points_number", "cost_points_number", "security_points_number", "points_text",
    "way_points_number", "win_share",
))  # fmt: skip
GATES = Table(("use_case_id", "way_code", "gate_no", "gate_name", "gate_code", "because_text"))
FLIPS = Table((
    "use_case_id", "lever_code", "lever_name", "unit_name", "way_now_code", "way_then_code", "now_number", "flip_number",
    "factor_number", "because_text",
))  # fmt: skip
ESTATE = Table(("estate_part_name", "place_name", "part_cost", "part_number", "because_text"))
