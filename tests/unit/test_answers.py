"""Kept answers of models: asked the same, a model is not bothered; asked anything else, it is; and what is kept is what it said."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models.model import Asked, Model, Output, Scored
from pipelines import answers
from pipelines.answers import KEPT, Answers
from pipelines.version import code_version

FRAMES = {"marts.shelf": pl.DataFrame({"sku_id": ["A", "B"], "on_hand_qty": [Decimal("1.50"), None]})}
ASKED = Asked(dt.date(2026, 11, 14), 2)


class Teller:
    """A model that counts how often it was bothered."""

    def __init__(self) -> None:
        self.times = 0
        self.model = Model(
            code="teller", title="Teller", question="What?", reads={"marts.shelf": ("sku_id", "on_hand_qty")},
            writes=(Output("scores.told", "What is told?", "one row a SKU", ("sku_id",), ("sku_id",)),), guarantee="none", rival="silence",
            needs=(), versions={1: "first", 2: "second"}, does_not="anything", trust="never", score=self.score,
        )  # fmt: skip

    def score(self, frames, asked: Asked) -> Scored:
        self.times += 1
        if frames["marts.shelf"].height == 0:
            raise ValueError("nothing to tell of")
        rows = frames["marts.shelf"].with_columns(
            told_date=pl.lit(asked.as_of), nothing=pl.lit(None), third=pl.lit(1 / 3), not_a_number=pl.lit(float("nan"))
        )
        return Scored(
            {"scores.told": rows}, measure_name="brier", model_error=0.1 + 0.2, because="Es läuft.", trained_rows=7
        )


@pytest.fixture
def teller() -> Teller:
    return Teller()


def ask(teller: Teller, folder: Path, frames=FRAMES, asked: Asked = ASKED, *, anew: bool = False) -> Scored:
    return Answers(folder, thinks_anew=anew).asked(teller.model, frames, asked)


def test_the_same_question_is_thought_about_once_and_answered_to_the_last_bit(teller: Teller, tmp_path: Path):
    first, second = ask(teller, tmp_path), ask(teller, tmp_path)
    assert teller.times == 1
    assert_frame_equal(first.tables["scores.told"], second.tables["scores.told"], check_exact=True)
    for name in ("measure_name", "model_error", "rival_error", "because", "is_fallback", "trained_rows"):
        assert getattr(first, name) == getattr(second, name), name
    for name in ("backtests", "reliability", "drift"):
        assert_frame_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize(
    ("frames", "asked"),
    [
        ({"marts.shelf": FRAMES["marts.shelf"].with_columns(sku_id=pl.Series(["A", "C"]))}, ASKED),
        ({"marts.shelf": FRAMES["marts.shelf"].with_columns(on_hand_qty=pl.lit(None, pl.Decimal(18, 2)))}, ASKED),
        ({"marts.shelf": FRAMES["marts.shelf"].reverse()}, ASKED),
        ({"marts.shelf": FRAMES["marts.shelf"].head(1)}, ASKED),
        ({"marts.shelf": FRAMES["marts.shelf"].rename({"on_hand_qty": "on_order_qty"})}, ASKED),
        ({**FRAMES, "marts.more": pl.DataFrame()}, ASKED),
        (FRAMES, Asked(dt.date(2026, 11, 15), 2)),
        (FRAMES, Asked(ASKED.as_of, 1)),
        (FRAMES, Asked(ASKED.as_of, 2, seed=3)),
    ],
)
def test_any_other_cell_day_version_or_dice_is_another_question(teller: Teller, tmp_path: Path, frames, asked):
    ask(teller, tmp_path)
    ask(teller, tmp_path, frames, asked)
    assert teller.times == 2


def test_other_code_or_libraries_think_for_themselves(teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ask(teller, tmp_path)
    monkeypatch.setattr(answers, "code_version", lambda: f"{code_version()}x")
    ask(teller, tmp_path)
    assert teller.times == 2
    (tmp_path / "requirements.txt").write_text("polars==3.0.0\n", "utf-8")
    monkeypatch.setattr(answers, "ROOT", tmp_path)
    ask(teller, tmp_path)
    assert teller.times == 3


def test_a_forced_refresh_thinks_anew_and_keeps_what_comes_of_it(teller: Teller, tmp_path: Path):
    ask(teller, tmp_path)
    ask(teller, tmp_path, anew=True)
    assert teller.times == 2
    ask(teller, tmp_path)
    assert teller.times == 2


def test_what_fails_is_not_kept(teller: Teller, tmp_path: Path):
    nothing = {"marts.shelf": FRAMES["marts.shelf"].head(0)}
    for _ in range(2):
        with pytest.raises(ValueError, match="nothing to tell of"):
            ask(teller, tmp_path, nothing)
    assert teller.times == 2
    assert not (tmp_path / "teller").exists()


@pytest.mark.parametrize("place", [0, 40, 400, -9])
def test_a_flipped_bit_is_noticed(teller: Teller, tmp_path: Path, place: int):
    """Most of a packed file reads as other cells when a bit of it is flipped, and nobody would notice."""
    ask(teller, tmp_path)
    file = next(tmp_path.rglob("scores.told.arrow"))
    content = bytearray(file.read_bytes())
    content[place] ^= 4
    file.write_bytes(content)
    ask(teller, tmp_path)
    assert teller.times == 2


def test_a_changed_digit_of_what_was_said_is_noticed(teller: Teller, tmp_path: Path):
    ask(teller, tmp_path)
    file = next(tmp_path.rglob("said.json"))
    file.write_text(file.read_text("utf-8").replace('"trained_rows": 7', '"trained_rows": 8'), "utf-8")
    assert ask(teller, tmp_path).trained_rows == 7
    assert teller.times == 2


def test_a_long_search_that_the_clock_may_have_stopped_is_not_kept(
    teller: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answers, "SURELY_WHOLE_SECONDS", 0.0)
    teller.model = replace(teller.model, searches=True)
    ask(teller, tmp_path)
    ask(teller, tmp_path)
    assert teller.times == 2
    teller.model = replace(teller.model, searches=False)
    ask(teller, tmp_path)
    ask(teller, tmp_path)
    assert teller.times == 3


@pytest.mark.parametrize("broken", ["said.json", "scores.told.arrow", "drift.arrow"])
def test_a_file_that_is_broken_or_gone_costs_time_and_nothing_else(teller: Teller, tmp_path: Path, broken: str):
    ask(teller, tmp_path)
    file = next(tmp_path.rglob(broken))
    file.write_bytes(file.read_bytes()[:9])
    assert ask(teller, tmp_path).because == "Es läuft."
    assert teller.times == 2
    next(tmp_path.rglob(broken)).unlink()
    ask(teller, tmp_path)
    assert teller.times == 3
    ask(teller, tmp_path)
    assert teller.times == 3


def test_only_the_last_ones_stay(teller: Teller, tmp_path: Path):
    for day in range(1, 6):
        ask(teller, tmp_path, asked=Asked(dt.date(2026, 11, day), 2))
    assert len(list((tmp_path / "teller").iterdir())) == KEPT
    ask(teller, tmp_path, asked=Asked(dt.date(2026, 11, 5), 2))
    assert teller.times == 5


def test_what_was_of_use_stays_longest(teller: Teller, tmp_path: Path):
    """A load, its undo, the load again, its undo again: the answer without the load is there each time."""
    without, load, another = (Asked(dt.date(2026, 11, day), 2) for day in (1, 2, 3))
    for asked in (without, load, without, another, without):
        ask(teller, tmp_path, asked=asked)
    assert teller.times == 3


def test_what_cannot_be_kept_is_still_the_answer(teller: Teller, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    score = teller.model.score
    teller.model = replace(
        teller.model, score=lambda frames, asked: replace(score(frames, asked), trained_rows=object())
    )
    assert ask(teller, tmp_path).because == "Es läuft."
    assert "was not kept" in caplog.text


def test_nothing_is_kept_where_nothing_can_be_written(teller: Teller, tmp_path: Path):
    (tmp_path / "teller").write_text("a file in the way", "utf-8")
    assert ask(teller, tmp_path).because == "Es läuft."
