"""A file read again as the ledger says: its rows are kept where they are looked for, however its time spelled the reading."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from pipelines.intake import Request, checked_folder, intake


def test_rows_of_a_reading_that_an_earlier_version_spelled_are_found_where_they_are_looked_for(tmp_path: Path):
    path = tmp_path / "skus.csv"
    path.write_text("sku_id,sku_name\nA1,Bolt\nA2,Nut\n", "utf-8")
    asked = Request(
        str(path), path.name, "0" * 64, 3, str(tmp_path / "checked"), "UTC", dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
        contract="skus",
    )  # fmt: skip
    (now,) = intake(asked).sheets
    # As a ledger that knew fewer words of a reading would have it, and one that knew more.
    for was in (
        {**now["reading"], "optional": []},
        {key: said for key, said in now["reading"].items() if key != "drop"},
    ):
        again = replace(asked, sheets=({**now, "reading": was},))
        found = intake(again)
        assert found.folder == str(checked_folder(again, again.sheets))
        assert (Path(found.folder) / "parts.json").exists()
        assert [part.accepted for part in found.parts] == [2]
