"""The demo world's people decide: what they change is really ordered, and the same past is written through the desk, lawfully and once."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from decisions.book import Book
from decisions.lived import Desks, live
from decisions.lived_maturity import Life
from pipelines import demo
from pipelines.demo import decided
from pipelines.demo.clock import date_of
from pipelines.demo.scale import SIZES
from store.ledger import Ledger
from tests.demo_worlds import KEPT, LAST, MINI, contents, rows

SEED = 4
# Five months, in the last three of which people decide.
DECIDING = replace(MINI, name="deciding", first_day=MINI.default_last - 150, decides_days=92)
SIZES["deciding"] = DECIDING


@cache
def grown() -> Path:
    folder = Path(KEPT.name) / "deciding"
    demo.grow(folder, size="deciding", seed=SEED)
    return folder


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    return pl.read_parquet(grown() / decided.FILE_NAME)


def _number(column: str) -> pl.Expr:
    """A number as the ERP writes it: 1.234,5."""
    return pl.col(column).str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True).cast(pl.Float64)


def test_what_was_decided_is_what_was_ordered(told):
    """Every purchase that nobody declined stands in the ERP's extract with its quantity; a changed one with the changed quantity."""
    bought = rows(grown(), "purchase_lines").select("po_id", "line_key", _number("ordered_qty")).unique()
    mine = told.filter(pl.col("kind") == "purchase", ~pl.col("is_declined"))
    found = mine.join(bought, on=["po_id", "line_key"], how="inner")
    assert found.height >= 0.99 * mine.height  # a damaged line of the extract may be missing
    assert (found["qty"] == found["ordered_qty"]).mean() > 0.99
    assert (mine["qty"] != mine["suggested_qty"]).sum() > 20
    assert told.filter(pl.col("is_declined"), pl.col("kind") == "purchase")["po_id"].null_count() > 0


def test_everybody_has_a_part_and_the_truth_names_them(told):
    assert set(told["kind"]) >= {"purchase", "release_order"}
    assert set(told["proposer"]) >= {"K.Lindqvist", "D.Sommer", "J.Wagner", "procurement-agent"}
    kinds = pl.read_csv(grown() / "truth" / "truth.csv")["kind"].to_list()
    planted = {
        "override_helps",
        "override_hurts",
        "override_without_effect",
        "agent_must_be_demoted",
        "agent_deserves_promotion",
    }
    assert planted - {"agent_must_be_demoted"} <= set(kinds)


def test_one_who_always_raises_by_half_does(told):
    raised = told.filter(
        pl.col("proposer") == "D.Sommer", pl.col("kind") == "purchase", pl.col("reason_code").is_not_null()
    )
    assert raised.height > 5
    assert (raised["qty"] > raised["suggested_qty"]).all()
    assert (raised["qty"] <= 1.5 * raised["suggested_qty"] + 0.5).mean() > 0.9  # whole packs and minimum orders aside


def test_a_world_whose_people_decide_lives_on_as_it_would_have_been_grown(tmp_path):
    demo.grow(tmp_path, size="deciding", seed=SEED, last_date=date_of(DECIDING.default_last - 9))
    demo.advance(tmp_path, days=9)
    assert contents(tmp_path) == contents(grown())
    assert date_of(DECIDING.default_last) == LAST


def test_where_nobody_decides_there_is_no_file(tmp_path):
    demo.grow(tmp_path, size="mini", seed=SEED, last_date=date_of(MINI.first_day + 5))
    assert not (tmp_path / decided.FILE_NAME).exists()


# ── through the desk ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def past(tmp_path_factory, told) -> tuple[Ledger, list[dict]]:
    wanted = list(told.head(90).iter_rows(named=True))
    ledger = Ledger.open(None, tmp_path_factory.mktemp("lived"))
    live(Desks(ledger, wanted[0]["decided_at"]), wanted, Life())
    return ledger, wanted


def test_all_of_it_is_written_and_a_second_time_adds_nothing(past):
    ledger, wanted = past
    acts = ledger.acts()
    assert sum(act.kind == "propose" for act in acts) == len(wanted)
    live(Desks(ledger, wanted[0]["decided_at"]), wanted, Life())
    assert len(ledger.acts()) == len(acts)
    assert ledger.verify().is_intact


def test_it_stops_anywhere_and_goes_on_where_it_stopped(past, tmp_path):
    _, wanted = past
    ledger = Ledger.open(None, tmp_path / "half")
    live(Desks(ledger, wanted[0]["decided_at"]), wanted[:40], Life())
    live(Desks(ledger, wanted[0]["decided_at"]), wanted, Life())
    said = [(act.kind, act.subject, act.who) for act in ledger.acts() if act.kind == "propose"]
    assert sorted(said) == sorted((act.kind, act.subject, act.who) for act in past[0].acts() if act.kind == "propose")


def test_nobody_approved_their_own_and_every_act_lies_at_its_time(past):
    ledger, wanted = past
    book = Book(ledger.acts())
    for standing in book.standings.values():
        assert not {approval.who for approval in standing.approvals} & set(standing.authors)
        assert len({approval.who for approval in standing.approvals}) == len(standing.approvals)
    first, last = wanted[0]["decided_at"], wanted[-1]["decided_at"]
    assert all((act.at - first).days >= -1 and (act.at - last).days <= 3 for act in ledger.acts())


def test_an_override_is_a_change_with_a_reason_and_what_it_became_is_linked(past):
    ledger, wanted = past
    acts = ledger.acts()
    changed = [act for act in acts if act.kind == "modify"]
    assert changed
    assert all(act.payload["reason_code"] and act.payload["minutes"] > 0 for act in changed)
    linked = {name for act in acts if act.kind == "acknowledge" for name in act.payload["documents"]}
    ordered = [row for row in wanted if row["kind"] == "purchase" and not row["is_declined"]]
    assert len(linked) >= len(ordered)
    assert (
        demo.carried_out(
            [{"act_id": a.act_id, "kind": a.kind, "subject": a.subject, "payload": a.payload} for a in acts]
        )
        == []
    )
