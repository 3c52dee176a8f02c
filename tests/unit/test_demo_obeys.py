"""The demo world does what was approved and exported, and nothing that was only wished for."""

import numpy as np
import pytest

from pipelines.demo import acts, life
from pipelines.demo.columns import PO_BASE, SO_BASE
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


def exported(*lines: dict, batch: str = "b1") -> dict:
    return {"act_id": f"x-{batch}", "kind": "export", "subject": batch, "payload": {"lines": list(lines)}}


def open_line(world: World) -> tuple[int, dict]:
    bought = world.tables["purchases"]
    at = int(
        np.flatnonzero((bought["is_closed"] == 0) & (bought["received"] == 0) & (bought["first_day"] > world.day + 6))[
            0
        ]
    )
    return at, {"po_id": f"PO{bought['po'][at] + PO_BASE}", "line_key": str(bought["number"][at] * 10)}


def test_purchase_transfer_expedite_and_cancel_are_obeyed_once_they_are_exported(world):
    free = (world.cells["on_hand"] - world.cells["committed"])[: world.net.goods.count]
    sku, cell = str(world.net.goods.code[free.argmax()]), int(free.argmax())
    bought = world.tables["purchases"]
    far, named = open_line(world)
    others = np.flatnonzero(
        (bought["is_closed"] == 0) & (bought["received"] == 0) & (bought["first_day"] > world.day + 1)
    )
    called_off = next(int(at) for at in others if bought["cell"][at] not in (bought["cell"][far], cell))
    off = {"po_id": f"PO{bought['po'][called_off] + PO_BASE}", "line_key": str(bought["number"][called_off] * 10)}
    on_order = world.cells["on_order"].copy()
    lines = [
        {"proposal_id": "p1", "kind": "purchase", "sku_id": sku, "site_id": "LEJ", "qty": "240"},
        {
            "proposal_id": "p2",
            "kind": "transfer",
            "sku_id": sku,
            "from_site_id": "LEJ",
            "to_site_id": "HAM",
            "qty": "3",
        },
        {"proposal_id": "p3", "kind": "expedite", **named, "days": 9},
        {"proposal_id": "p4", "kind": "cancel_purchase", **off, "qty": str(bought["qty"][called_off])},
        {"proposal_id": "p5", "kind": "supplier_message", "text": "When will it come?"},
    ]
    assert acts.obey([world], acts.carried_out([exported(*lines)])) == []
    assert world.cells["on_order"][cell] == on_order[cell] + 240
    assert world.tables["transfers"]["qty"][-1] == 3
    assert bought["first_day"][far] <= world.day + 4
    assert bought["is_closed"][called_off] == 1
    gone = bought["cell"][called_off]
    assert world.cells["on_order"][gone] == on_order[gone] - bought["qty"][called_off]
    for day in range(world.day, world.day + 5):
        life.live(world, day)  # and life goes on with what was done


def test_what_was_only_proposed_or_approved_is_not_done():
    wish = {"proposal": {"kind": "purchase", "action": {"sku_id": "A100000", "site_id": "LEJ", "qty": "5"}}}
    said = [
        {"act_id": "a1", "kind": "propose", "subject": "p1", "payload": wish},
        {"act_id": "a2", "kind": "approve", "subject": "p1", "payload": {"content_hash": "h"}},
        {"act_id": "a3", "kind": "decline", "subject": "p2", "payload": {}},
    ]
    assert acts.carried_out(said) == []


def test_a_batch_that_failed_is_not_done_until_it_leaves_again():
    line = {"proposal_id": "p1", "kind": "purchase", "sku_id": "A100000", "site_id": "LEJ", "qty": "5"}
    failed = {"act_id": "f", "kind": "export_failed", "subject": "b1", "payload": {"proposal_ids": ["p1"]}}
    assert acts.carried_out([exported(line), failed]) == []
    again = acts.carried_out([exported(line), failed, exported(line, batch="b2")])
    assert [act["act_id"] for act in again] == ["p1"]


def test_a_delivery_that_failed_and_was_tried_again_is_done():
    """A webhook that did not answer is asked again under the same batch; a batch that was called back stays here."""
    lines = [
        {"proposal_id": name, "kind": "purchase", "sku_id": "A100000", "site_id": "LEJ", "qty": "5"}
        for name in ("p1", "p2")
    ]
    failed, arrived, called_back = (
        {"act_id": kind, "kind": kind, "subject": "b1", "payload": {"proposal_ids": ["p1", "p2"]}}
        for kind in ("export_failed", "export_sent", "export_cancelled")
    )
    names = [act["act_id"] for act in acts.carried_out([exported(*lines), failed, arrived])]
    assert names == ["p1", "p2"]
    partly = {
        "act_id": "a",
        "kind": "acknowledge",
        "subject": "b1",
        "payload": {"proposal_ids": ["p1"], "refused_ids": ["p2"]},
    }
    assert [act["act_id"] for act in acts.carried_out([exported(*lines), failed, arrived, partly])] == ["p1"]
    assert acts.carried_out([exported(*lines), called_back, arrived]) == []


def test_the_same_action_is_done_once_however_often_it_is_handed_over():
    line = {"proposal_id": "p1", "kind": "purchase", "sku_id": "A100000", "site_id": "LEJ", "qty": "5"}
    told = acts.carried_out([exported(line), exported(line, batch="b2")])
    assert [name for name, _ in acts.unheard(told, [])] == ["p1"]
    assert acts.unheard(told, ["p1"]) == []


def test_what_the_world_has_lived_through_is_not_lived_again():
    line = {"proposal_id": "p1", "kind": "purchase", "sku_id": "A100000", "site_id": "LEJ", "qty": "5"}
    lived = exported(line)
    lived["payload"]["is_lived"] = True
    assert acts.carried_out([lived]) == []


def test_a_held_order_is_let_go_and_parameters_are_set(world):
    held = world.tables["orders"]
    for day in range(world.day, world.day + 60):
        if (held["hold"] == 1).any():
            break
        life.live(world, day)
        world.day = day + 1
    at = int(np.flatnonzero(held["hold"] == 1)[0])
    lines = [
        {"proposal_id": "p1", "kind": "release_order", "order_id": f"SO{held['id'][at] + SO_BASE}"},
        {
            "proposal_id": "p2",
            "kind": "stock_parameter",
            "sku_id": "A100000",
            "site_id": "LEJ",
            "reorder_point_qty": "12.2",
        },
    ]
    assert acts.obey([world], acts.carried_out([exported(*lines)])) == []
    assert held["hold"][at] == 0
    assert world.cells["reorder"][acts._cell(world, "A100000", "LEJ")] == 13
