"""What people and agents make of what the system suggests: quantities that they change, approve or decline, and the words for it.

Everything hangs on dice of their own, so that a world without one of them differs only by what that one did.
"""

from typing import Any

import numpy as np

from pipelines.demo import hands, plants
from pipelines.demo.hands import FOLLOW_UP, HANDS, KNOWS, ORDERS
from pipelines.demo.plants import HELPS, HURTS, NO_EFFECT
from pipelines.demo.world import World

PURCHASE, TRANSFER, EXPEDITE, RELEASE, MESSAGE = range(5)
KIND_NAMES = ("purchase", "transfer", "expedite", "release_order", "supplier_message")
REVIEW_DAYS, COVER_DAYS, MONTHS_DAYS = 7, 18, 45
OFF_BY = 0.25  # the one who knows lets pass what is nearer than this to what will be needed
DECLINED_SHARE = 0.12
MUCH_A_DAY = 13_500.0
PEOPLE_OPEN, AGENTS_RUN = 9 * 60, 6 * 60 + 30
# Tokens of a drafted message: most of it is read, little is written.
READ_TOKENS, WRITTEN_TOKENS = 1_450, 210
COLUMNS = {
    **dict.fromkeys(
        ("day", "minute", "kind", "hand", "cell", "other", "suggested", "qty", "po", "number", "order"), -1
    ),
    **dict.fromkeys(("customer", "supplier", "approver", "declined", "reason"), -1),
    **dict.fromkeys(("input_tokens", "output_tokens", "changed_minutes"), -1),
    **dict.fromkeys(("minutes", "approved_minutes", "waited", "confidence", "cost", "gain"), 0.0),
}


def decides(world: World) -> bool:
    """Whether anybody decides in Crossdock by now."""
    return world.day >= hands.first_day(world.net)


def purchases(world: World, cells: np.ndarray, suggested: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """What is ordered of what was suggested (0: declined), and the rows that tell of it, but for the order's number."""
    if not decides(world):
        return suggested, {}
    net, dice, day = world.net, world.net.dice, world.day
    goods, sku, week = net.goods, cells % net.goods.count, world.day // 7
    hand = hands.owners(net.size.name, dice.seed)[sku]
    qty, reason = suggested.copy(), np.full(len(cells), -1)
    for kind, change in ((HELPS, _knowing), (HURTS, _raising), (NO_EFFECT, _scribbling)):
        for plant in plants.of_kind(world.plants, kind, day):
            mine = np.flatnonzero(hand == plant.numbers[0])
            if len(mine):
                qty[mine], reason[mine] = change(world, cells[mine], suggested[mine])
    pack, least = goods.pack[sku], goods.minimum_order[sku]
    # Whole packs, rounded towards the suggestion; whoever orders for much in a day changes nothing by more than half.
    spent = np.bincount(
        np.maximum(hand, 0), np.maximum(qty, suggested) * goods.cost_on(day)[sku], minlength=len(HANDS)
    )[hand]
    qty = np.where((spent > MUCH_A_DAY) & (suggested > 0), np.clip(qty, 0.55 * suggested, 1.45 * suggested), qty)
    packs = np.where(qty > suggested, np.floor(qty / pack), np.ceil(qty / pack))
    qty = np.where(qty == suggested, qty, np.maximum(packs * pack, least)).astype(np.int64)
    lacks = world.cells["reorder"][cells] - _position(world, cells)
    can_wait = (lacks < 0.15 * world.cells["reorder"][cells]) & (suggested > 0)
    declined = (hand >= 0) & can_wait & (dice.uniform("decide.decline", cells, week) < DECLINED_SHARE)
    is_agent = np.array([HANDS[number].is_agent for number in hand])
    luck = dice.normal("decide.minutes", cells, week)
    margin = goods.price_on(day)[sku] - goods.cost_on(day)[sku]
    rows = {
        "kind": PURCHASE, "hand": hand, "cell": cells, "suggested": suggested, "qty": qty, "supplier": goods.supplier[sku],
        "minute": np.where(is_agent, AGENTS_RUN, PEOPLE_OPEN), "reason": np.where(qty != suggested, reason, -1),
        "declined": np.where(declined, dice.whole(0, len(hands.DECLINED) - 1, "decide.why_not", cells, week), -1),
        "minutes": np.round(np.where(is_agent, 0.2, 3.5 * np.exp(0.4 * luck)), 1),
        "changed_minutes": np.round(np.where(qty != suggested, 5.0 * np.exp(0.3 * luck), 0)).astype(np.int64),
        "confidence": np.round(0.62 + 0.34 * dice.uniform("decide.sure", cells, week), 2),
        "cost": goods.cost_on(day)[sku],
        "gain": np.round(0.5 * margin * np.minimum(suggested, world.cells["level"][cells] * REVIEW_DAYS), 2),
        **approval(world, cells, week),
    }  # fmt: skip
    return np.where(declined, 0, qty), rows


def keep(world: World, rows: dict[str, Any], **more: Any) -> None:
    """Write down decisions, if this world keeps a log and somebody decided; rows of nobody's are left out."""
    if world.log is None or not rows:
        return
    whole = {**COLUMNS, "day": world.day, **rows, **more}
    size = max(len(value) for value in whole.values() if np.ndim(value))
    spread = {name: np.broadcast_to(np.asarray(value), size) for name, value in whole.items()}
    chosen = spread["hand"] >= 0
    world.log.add("decisions", **{name: np.array(value[chosen]) for name, value in spread.items()})


def released(world: World, rows: np.ndarray, at: np.ndarray, refused: np.ndarray, minutes: np.ndarray) -> None:
    """Write down which held orders were let go: an agent proposes it with a line on what they owe, a person answers."""
    if not decides(world) or not len(rows) or world.log is None:
        return
    orders, dice = world.tables["orders"], world.net.dice
    # Half of them come to Crossdock, the rest are still settled by telephone.
    chosen = dice.uniform("decide.credit.here", orders["key"][rows]) < 0.5
    rows, at, refused, minutes = rows[chosen], at[chosen], refused[chosen], minutes[chosen]
    if not len(rows):
        return
    key = orders["key"][rows]
    ended = (at - world.day * 86_400) / 60.0
    keep(world, {
        "kind": RELEASE, "hand": np.full(len(rows), ORDERS), "minute": np.maximum(ended - 25, 300), "order": orders["id"][rows],
        "customer": orders["customer"][rows], "gain": np.round(0.12 * orders["net"][rows], 2), "cost": orders["net"][rows],
        "declined": np.where(refused, 2, -1), "minutes": 0.2,
        "confidence": np.round(np.where(refused, 0.80, 0.82) + 0.15 * dice.uniform("decide.credit", key), 2),
        "approver": dice.whole(0, 1, "decide.credit.who", key), "waited": 25.0, "approved_minutes": minutes,
    })  # fmt: skip


def messages(world: World, rows: np.ndarray) -> None:
    """Write down what the follow-up agent wrote to suppliers about late lines (rows of purchases), and what the drafts took."""
    bought, dice = world.tables["purchases"], world.net.dice
    cell, week = bought["cell"][rows], world.day // 7
    keep(world, {
        "kind": MESSAGE, "hand": np.full(len(rows), FOLLOW_UP), "minute": AGENTS_RUN, "cell": cell, "supplier": bought["supplier"][rows],
        "po": bought["po"][rows], "number": bought["number"][rows], "minutes": 0.3,
        "input_tokens": dice.whole(READ_TOKENS - 300, READ_TOKENS + 500, "decide.read", cell, week),
        "output_tokens": dice.whole(WRITTEN_TOKENS - 60, WRITTEN_TOKENS + 90, "decide.wrote", cell, week),
        "confidence": np.round(0.7 + 0.25 * dice.uniform("decide.message", cell, week), 2), **approval(world, cell, week),
    })  # fmt: skip


def approval(world: World, cells: np.ndarray, week: Any) -> dict[str, Any]:
    """Who looks at it, how long it waits for them and how long they take."""
    dice = world.net.dice
    return {
        "approver": dice.whole(0, len(hands.APPROVERS) - 1, "decide.approver", world.day, cells * 0),
        "waited": np.round(35 + 240 * dice.uniform("decide.wait", cells, week), 1),
        "approved_minutes": np.round(1.5 * np.exp(0.4 * dice.normal("decide.approve", cells, week)), 1),
    }


def _position(world: World, cells: np.ndarray) -> np.ndarray:
    held = world.cells
    return held["on_hand"][cells] + held["on_order"][cells] - held["committed"][cells]


def unasked(world: World, cells: np.ndarray) -> np.ndarray:
    """Of cells for which the system suggests nothing: those that the one who knows orders all the same, for they will run out."""
    if not decides(world) or not plants.of_kind(world.plants, HELPS, world.day):
        return cells[:0]
    cells = cells[hands.owners(world.net.size.name, world.net.dice.seed)[cells % world.net.goods.count] == KNOWS]
    if not len(cells):
        return cells
    need = _need(world, cells, REVIEW_DAYS + 3)
    is_seen = world.net.dice.uniform("decide.unasked", cells, world.day // 7) < 0.8
    return cells[(need > _position(world, cells)) & (need > 0) & is_seen]


def _need(world: World, cells: np.ndarray, more_days: int) -> np.ndarray:
    """What will truly be wanted until so many days after an order of today has come, with what is known of the supplier."""
    net, goods, day = world.net, world.net.goods, world.day
    supplier = goods.supplier[cells % goods.count]
    trouble = plants.supplier_trouble(world.plants, day, len(net.suppliers.code))[supplier]
    lead = net.suppliers.promised_days[supplier] * np.exp(net.suppliers.stretch[supplier] + 0.42 * trouble)
    days = np.ceil(lead * (1 + 0.15 * (trouble > 0))).astype(np.int64) + more_days
    need = np.zeros(len(cells))
    for length in np.unique(days):
        here = days == length
        need[here] = hands.asked(net, world.plants, day + 1, day + int(length))[cells[here]]
    return need


def _knowing(world: World, cells: np.ndarray, suggested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What will truly be needed until the next order but one has come: from customers' plans and from talking to suppliers."""
    supplier = world.net.goods.supplier[cells % world.net.goods.count]
    trouble = plants.supplier_trouble(world.plants, world.day, len(world.net.suppliers.code))[supplier]
    ideal = np.maximum(_need(world, cells, REVIEW_DAYS + COVER_DAYS) - _position(world, cells), 0)
    # Ordering less pays only where even in two months it would not be used; half is enough then.
    plenty = _need(world, cells, MONTHS_DAYS) < _position(world, cells) + 0.5 * suggested
    ideal = np.where(ideal >= suggested, ideal, np.where(plenty, 0.5 * suggested, suggested))
    is_off = np.abs(ideal - suggested) > OFF_BY * suggested
    sees = is_off & ((suggested == 0) | (world.net.dice.uniform("decide.sees", cells, world.day // 7) < 0.8))
    reason = np.select([ideal < suggested, trouble > 0], [2, 1], 0)
    return np.where(sees, ideal, suggested), reason


def _raising(world: World, cells: np.ndarray, suggested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return suggested * 1.5, world.net.dice.whole(0, 1, "decide.reason", cells, world.day // 7)


def _scribbling(world: World, cells: np.ndarray, suggested: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    dice, week = world.net.dice, world.day // 7
    up = np.where(dice.uniform("decide.coin", cells, week) < 0.5, 1.2, 0.8)
    does = dice.uniform("decide.does", cells, week) < 0.7
    return np.where(does, suggested * up, suggested), dice.whole(0, 1, "decide.reason", cells, week)
