"""What approved actions do to a demo world: purchases come, transfers travel, expedited orders hurry, the rest is named."""

import json
from datetime import date

import numpy as np
import pytest

from errors import Refusal
from pipelines import demo
from pipelines.demo import acts, life
from pipelines.demo.columns import PO_BASE
from pipelines.demo.network import network
from pipelines.demo.planting import planted
from pipelines.demo.world import World

SEED = 7


@pytest.fixture
def world() -> World:
    """A small world that has lived for three weeks, on the morning of its next day."""
    net = network("small", SEED)
    made = life.born(net, planted("small", SEED))
    for day in range(net.size.first_day, net.size.first_day + 21):
        life.live(made, day)
    made.day += 1
    return made


def some_sku(world: World) -> tuple[str, int]:
    """The SKU of which most is free at the first site."""
    free = (world.cells["on_hand"] - world.cells["committed"])[: world.net.goods.count]
    return str(world.net.goods.code[free.argmax()]), int(free.argmax())


def test_a_purchase_is_on_order_from_the_next_morning_on(world):
    sku, cell = some_sku(world)
    before = world.cells["on_order"][cell]
    notes = acts.obey([world], [{"kind": "purchase", "sku_id": sku, "site_id": "LEJ", "qty": 240}])
    assert notes == []
    assert world.cells["on_order"][cell] == before + 240
    bought = world.tables["purchases"]
    assert bought["qty"][-1] == 240
    assert bought["ordered_day"][-1] == world.day


def test_a_transfer_travels_and_takes_no_more_than_is_free(world):
    sku, cell = some_sku(world)
    free = int(world.cells["on_hand"][cell] - world.cells["allocated"][cell])
    payload = json.dumps({"sku_id": sku, "from_site_id": "LEJ", "to_site_id": "HAM", "qty": free + 5})
    notes = acts.obey([world], [{"act_id": "X1", "kind": "transfer", "payload_text": payload}])
    assert notes == [f"Act X1 was done in part: only {free} of {free + 5} were free."]
    assert world.cells["on_hand"][cell] == world.cells["allocated"][cell]
    there = cell + world.net.goods.count * int(np.flatnonzero(world.net.sites.code == "HAM")[0])
    assert world.tables["transfers"]["qty"][-1] == free
    assert world.tables["transfers"]["cell"][-1] == there


def test_an_expedited_line_comes_within_two_working_days_in_every_fork(world):
    bought = world.tables["purchases"]
    far = int(np.flatnonzero((bought["is_closed"] == 0) & (bought["first_day"] > world.day + 6))[0])
    cell, number = int(bought["cell"][far]), int(bought["po"][far]) + PO_BASE
    fork = world.without(world.plants[0])
    fork.tables["purchases"]["po"][:] += 1_000  # a fork numbers its documents differently
    act = {"kind": "expedite", "payload": {"po_id": f"PO{number}", "line_key": str(int(bought["number"][far]) * 10)}}
    assert acts.obey([world, fork], [act]) == []
    for each in (world, fork):
        assert each.tables["purchases"]["first_day"][far] <= world.day + 4
        assert each.tables["purchases"]["confirmed_day"][far] <= world.day + 4
    for day in range(world.day, world.day + 5):
        life.live(world, day)
    came = world.log.table("receipts")
    assert ((came["cell"] == cell) & (came["po"] + PO_BASE == number)).any()


@pytest.mark.parametrize(
    ("act", "because"),
    [
        (
            {"kind": "paint the walls", "act_id": "A7"},
            "Act A7 was ignored: its kind 'paint the walls' is unknown here.",
        ),
        ({"kind": "purchase", "sku_id": "none", "site_id": "LEJ", "qty": 5}, "it names no SKU and site of ours"),
        ({"kind": "purchase", "sku_id": "A100000", "site_id": "LEJ"}, "or no quantity"),
        ({"kind": "transfer", "sku_id": "A100000", "from_site_id": "LEJ", "to_site_id": "LEJ", "qty": 1}, "two sites"),
        ({"kind": "expedite", "po_id": "PO1"}, "no such purchase order line is open"),
        ({"kind": "expedite", "po_id": "whatever"}, "no such purchase order line is open"),
    ],
)
def test_what_cannot_be_done_is_named_and_changes_nothing(world, act, because):
    before = {name: values.copy() for name, values in world.cells.items()}
    (note,) = acts.obey([world], [act])
    assert because in note
    assert all((values == before[name]).all() for name, values in world.cells.items())


def test_there_is_nothing_to_advance_where_nothing_was_grown(tmp_path):
    with pytest.raises(Refusal, match="Grow one first"):
        demo.advance(tmp_path, days=3)


def test_a_world_of_no_known_size_or_no_time_is_refused(tmp_path):
    with pytest.raises(Refusal, match="tiny, small or large"):
        demo.grow(tmp_path, size="huge", seed=1)
    with pytest.raises(Refusal, match="later last day"):
        demo.grow(tmp_path, size="small", seed=1, last_date=date(2020, 1, 1))


def test_the_whole_ledger_may_be_handed_over_each_time():
    """An act that was heard is not done again; two equal acts without a number are two acts."""
    order = {"kind": "purchase", "sku_id": "A1", "site_id": "LEJ", "qty": 5}
    first = acts.unheard([order, order, {"act_id": "n1", "kind": "transfer"}], [])
    assert len({name for name, _ in first}) == 3
    again = acts.unheard([order, order, {"act_id": "n1", "kind": "transfer"}, order], [name for name, _ in first])
    assert [act for _, act in again] == [order]


@pytest.mark.parametrize(
    "broken", [{"payload_text": "{"}, {"payload": "[1]"}, {"sku_id": "A100000", "site_id": "LEJ", "qty": "many"}]
)
def test_a_broken_act_is_named_and_not_a_crash(world, broken):
    (note,) = acts.obey([world], [{"kind": "purchase", **broken}])
    assert "was ignored" in note
