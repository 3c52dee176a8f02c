"""How wishes become orders: what is asked for in view of the stock, at what price, promised for when; then the order desk and credit."""

import numpy as np

from pipelines.demo import deciding, parties, plants
from pipelines.demo.clock import after_working_days, is_working_day, minute_of, moment, weekday
from pipelines.demo.demand import promotions_on, wanted
from pipelines.demo.network import Network
from pipelines.demo.people import OFFICE_OPENS, SYSTEM, WAVE_MINUTE, present, worked
from pipelines.demo.tables import Step
from pipelines.demo.world import World

AT_ENTRY, AT_CREDIT, CLEARED, STOPPED = range(4)
REFUSED_SHARE = 0.05
FAULTY_SHARE = 0.04
LATER_SHARE = 0.06


def capture(world: World) -> np.ndarray:
    """Take the day's orders and give what was asked for in each cell.

    Customers who walk away when the shelf is empty ask for no more than is there; the rest wait.
    """
    net, day = world.net, world.day
    lines = wanted(net, world.plants, day)
    if not len(lines["cell"]):
        return np.zeros(net.cell_count)
    minute, channel = _when_and_how(net, day, lines["customer"])
    recorded = _recorded(world, lines, minute)
    _remember_truth(world, lines, recorded)
    kept = recorded > 0
    lines = {name: values[kept] for name, values in lines.items()} | {
        "recorded": recorded[kept],
        "minute": minute[kept],
        "channel": channel[kept],
    }
    by_order = np.lexsort((lines["key"], lines["cell"], lines["customer"], lines["minute"]))
    _write(world, {name: values[by_order] for name, values in lines.items()})
    return np.bincount(lines["cell"], lines["recorded"], minlength=net.cell_count)


def desk(world: World) -> None:
    """Enter, correct and check orders: by the system at once, by people in their queue and their shift."""
    day, orders, is_open = world.day, world.tables["orders"], is_working_day(world.day)
    waiting = np.flatnonzero(orders["stage"] == AT_ENTRY)
    by_hand = waiting[orders["needs_person"][waiting] == 1]
    at_once = waiting[orders["needs_person"][waiting] == 0]
    _to_credit(world, at_once, orders["ready_at"][at_once] + 60)
    if is_open and len(by_hand):
        is_phone, is_mail = (orders["channel"][by_hand] == kind for kind in (parties.PHONE, parties.MAIL))
        luck = np.exp(0.35 * world.net.dice.normal("entry", orders["key"][by_hand]))
        minutes = np.round((np.select([is_phone, is_mail], [3.4, 3.0], 2.5) + 0.8 * orders["lines"][by_hand]) * luck, 1)
        ended, who, done = _at_station(world, "desk", orders["ready_at"][by_hand], minutes)
        activity = np.where(is_phone | is_mail, Step.ENTERED, Step.CORRECTED)[done]
        world.tell(activity, orders["id"][by_hand[done]], moment(day, ended[done]), who[done], minutes[done])
        _to_credit(world, by_hand[done], moment(day, ended[done]))
    if is_open:
        _review_credit(world)


def _when_and_how(net: Network, day: int, customer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Minute after midnight and channel of each line's order; a customer orders once a day. On days off only the web shop is open."""
    tier = net.customers.tier[customer]
    luck = net.dice.uniform("channel", day, customer)
    channel = (luck[:, None] > np.cumsum(parties.CHANNEL_SHARES, axis=1)[tier]).sum(axis=1).clip(max=3)
    if not is_working_day(day):
        channel[:] = parties.WEB
    spread = net.dice.uniform("minute", day, customer)
    office = OFFICE_OPENS + 10 + spread**1.15 * 560
    return np.floor(np.where(channel == parties.WEB, 380 + spread * 900, office)), channel


def _recorded(world: World, lines: dict[str, np.ndarray], minute: np.ndarray) -> np.ndarray:
    """What is asked for once availability has been seen: one line of a cell after the other, in the order in which they come."""
    free = np.maximum(world.cells["on_hand"] - world.cells["committed"], 0)
    walks, qty, cell = world.net.customers.walks_away[lines["customer"]], lines["qty"], lines["cell"]
    recorded = qty.copy()
    order = np.lexsort((lines["key"], minute, cell))
    first = np.flatnonzero(np.r_[True, cell[order][1:] != cell[order][:-1]])
    sizes = np.diff(np.r_[first, len(order)])
    for turn in range(int(sizes.max())):
        now = order[first[sizes > turn] + turn]
        recorded[now] = np.where(walks[now], np.minimum(qty[now], free[cell[now]]), qty[now])
        free[cell[now]] = np.maximum(free[cell[now]] - recorded[now], 0)
    return recorded


def _remember_truth(world: World, lines: dict[str, np.ndarray], recorded: np.ndarray) -> None:
    price, off = _agreed(world, lines)
    margin = price * (1 - off) - world.net.goods.cost_on(world.day)[lines["sku"]]
    world.money["wanted_margin"] += float((lines["qty"] * margin).sum())
    world.money["missed_margin"] += float(((lines["qty"] - recorded) * margin).sum())
    if world.log is None:
        return
    cells, place = np.unique(lines["cell"], return_inverse=True)
    wanted_qty = np.bincount(place, lines["qty"])
    world.log.add(
        "demand",
        day=world.day,
        cell=cells,
        wanted=wanted_qty.astype(np.int64),
        recorded=np.bincount(place, recorded).astype(np.int64),
    )


def _write(world: World, lines: dict[str, np.ndarray]) -> None:
    net, day, count = world.net, world.day, len(lines["cell"])
    if not count:
        return
    customer = lines["customer"]
    starts = np.r_[True, customer[1:] != customer[:-1]]
    head = np.flatnonzero(starts)
    size = np.diff(np.r_[head, count])
    ids = world.next_numbers("order", len(head))
    order = np.repeat(ids, size)
    number = np.arange(count) - np.repeat(head, size) + 1
    ordered_at = moment(day, lines["minute"] + net.dice.uniform("second", day, customer))
    wish = _wishes(net, day, customer)
    eta = _eta(world, lines["cell"], lines["recorded"])
    promised = np.maximum(
        after_working_days(
            day, 2 + (net.sites.region[lines["cell"] // net.goods.count] != net.customers.site[customer])
        ),
        eta,
    )
    money = prices(world, lines)
    world.tables["lines"].add(
        id=world.next_numbers("line", count), order=order, number=number, cell=lines["cell"], customer=customer,
        ordered_at=ordered_at, requested=wish, promised=np.maximum(promised, wish),
        repromised=np.maximum(promised, wish), release_day=np.maximum(day, wish - 4), qty=lines["recorded"], key=lines["key"],
        touched=day, **money,
    )  # fmt: skip
    np.add.at(world.cells["committed"], lines["cell"], lines["recorded"])
    channel = lines["channel"][head]
    faulty = (channel < parties.MAIL) & (net.dice.uniform("faulty", day, customer[head]) < FAULTY_SHARE)
    world.tables["orders"].add(
        id=ids, customer=customer[head], ordered_at=ordered_at[head], channel=channel, stage=AT_ENTRY, ready_at=ordered_at[head],
        lines=size,
        needs_person=(channel >= parties.MAIL) | faulty, key=net.dice.bits("order", day, customer[head]).view(np.int64),
        touched=day, net=np.add.reduceat(money["net"], head),
    )  # fmt: skip
    world.tell(Step.RECEIVED, ids, ordered_at[head])


def prices(world: World, lines: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Price, discount, net, cost and margin of each line as ordered, and the net at the right price where a price slip is planted."""
    qty, sku, cost = lines["recorded"], lines["sku"], world.net.goods.cost_on(world.day)[lines["sku"]]
    right, off = _agreed(world, lines)
    price = np.round(right * plants.price_factor(world.plants, world.day, sku), 2)
    discount = np.round(price * qty * off, 2)
    line_net = np.round(price * qty - discount, 2)
    margin, right_net = np.round(line_net - cost * qty, 2), np.round(right * qty * (1 - off), 2)
    return {
        "price": price,
        "discount": discount,
        "cost": cost,
        "net": line_net,
        "margin": margin,
        "right_net": right_net,
    }


def _agreed(world: World, lines: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The right price of each line and the share taken off it: contracts are net, others get their tier's discount or the promotion's."""
    net, day, customer, sku = world.net, world.day, lines["customer"], lines["sku"]
    contract = net.contract_price[customer, sku]
    promoted = np.zeros((net.sites.count, net.goods.count))
    for promotion in promotions_on(net, day):
        if promotion["runs"]:
            promoted[promotion["sites"], promotion["sku"]] = promotion["discount"]
    off = np.maximum(parties.TIER_DISCOUNT[net.customers.tier[customer]], promoted.ravel()[lines["cell"]])
    return np.where(contract > 0, contract, net.goods.price_on(day)[sku]), np.where(contract > 0, 0.0, off)


def _wishes(net: Network, day: int, customer: np.ndarray) -> np.ndarray:
    """The day on which each customer wants the goods; now and then a date well ahead."""
    later = net.dice.uniform("later", day, customer) < LATER_SHARE
    return after_working_days(
        day, net.customers.wish_days[customer] + np.where(later, net.dice.whole(5, 12, "later.days", day, customer), 0)
    )


def _eta(world: World, cell: np.ndarray, qty: np.ndarray) -> np.ndarray:
    """First day on which a line could be promised: at once if stock is free, else when the next receipt is due."""
    free = world.cells["on_hand"] - world.cells["committed"]
    lacking = free[cell] < qty
    due = np.zeros(len(cell), dtype=np.int64)
    if lacking.any():
        due[lacking] = next_receipt(world)[cell[lacking]] + 2
    return due


def next_receipt(world: World) -> np.ndarray:
    """Day on which stock is next due in each cell, by what suppliers have confirmed; a usual lead time away where nothing is on order."""
    net, bought = world.net, world.tables["purchases"]
    usual = net.suppliers.promised_days[net.goods.supplier] + 5
    due = np.where(np.repeat(net.sites.is_dc, net.goods.count), world.day + usual[net.cell_sku], world.day + 4)
    coming = (bought["is_closed"] == 0) & (bought["received"] < bought["qty"])
    np.minimum.at(due, bought["cell"][coming], np.maximum(bought["confirmed_day"][coming], world.day + 1))
    return due


def _at_station(
    world: World, name: str, ready_at: np.ndarray, minutes: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    station = world.net.staff.stations[name]
    here = present(station, world.net.dice, world.day)
    _, ended, who = worked(
        minute_of(ready_at, world.day), minutes, people=here, opens=station.opens, closes=station.closes
    )
    return ended, who, np.isfinite(ended)


def _to_credit(world: World, rows: np.ndarray, at: np.ndarray) -> None:
    """The system checks what the customer owes; above the limit the order is held for a person to look at."""
    if not len(rows):
        return
    orders = world.tables["orders"]
    customer = orders["customer"][rows]
    world.tell(Step.CREDIT_CHECKED, orders["id"][rows], at)
    held = world.balance[customer] + orders["net"][rows] > world.net.credit_limit[customer]
    orders["stage"][rows], orders["hold"][rows], orders["touched"][rows], orders["ready_at"][rows] = (
        AT_CREDIT,
        held,
        world.day,
        at,
    )
    world.tell(Step.CREDIT_HELD, orders["id"][rows[held]], at[held])
    _clear(world, rows[~held], at[~held])


def _review_credit(world: World) -> None:
    orders = world.tables["orders"]
    held = np.flatnonzero((orders["stage"] == AT_CREDIT) & (orders["hold"] == 1))
    if not len(held):
        return
    minutes = np.round(4 + 8 * world.net.dice.uniform("review", orders["key"][held]), 1)
    ended, who, done = _at_station(world, "credit", orders["ready_at"][held], minutes)
    rows, at = held[done], moment(world.day, ended[done])
    refused = world.net.dice.uniform("refused", orders["key"][rows]) < REFUSED_SHARE
    world.tell(np.where(refused, Step.REFUSED, Step.CREDIT_RELEASED), orders["id"][rows], at, who[done], minutes[done])
    deciding.released(world, rows, at, refused, minutes[done])
    let_go(world, rows[~refused], at[~refused])
    _refuse(world, rows[refused])


def let_go(world: World, rows: np.ndarray, at: np.ndarray) -> None:
    """Take the hold off orders."""
    world.tables["orders"]["hold"][rows] = 0
    _clear(world, rows, at)


def _clear(world: World, rows: np.ndarray, at: np.ndarray) -> None:
    if not len(rows):
        return
    orders, lines = world.tables["orders"], world.tables["lines"]
    orders["stage"][rows], orders["cleared_at"][rows], orders["touched"][rows] = CLEARED, at, world.day
    by_id = np.argsort(orders["id"][rows])
    ids, at = orders["id"][rows][by_id], at[by_id]
    place = np.searchsorted(ids, lines["order"]).clip(max=len(ids) - 1)
    mine = ids[place] == lines["order"]
    lines["cleared_at"][mine] = at[place[mine]]


def _refuse(world: World, rows: np.ndarray) -> None:
    if not len(rows):
        return
    orders, lines = world.tables["orders"], world.tables["lines"]
    orders["stage"][rows], orders["touched"][rows] = STOPPED, world.day
    cancel(world, np.flatnonzero(np.isin(lines["order"], orders["id"][rows])), is_lost=False)


def cancel(world: World, rows: np.ndarray, *, is_lost: bool) -> None:
    """Call off what has not been released of these lines; a loss of margin when the customer lost patience."""
    lines = world.tables["lines"]
    rest = lines["qty"][rows] - lines["released"][rows] - lines["cancelled"][rows]
    np.add.at(world.cells["committed"], lines["cell"][rows], -rest)
    lines["cancelled"][rows] += rest
    lines["cancelled_day"][rows], lines["touched"][rows] = world.day, world.day
    if is_lost:
        world.money["missed_margin"] += float(
            (rest * (lines["right_net"][rows] / lines["qty"][rows] - lines["cost"][rows])).sum()
        )


def lose_patience(world: World) -> None:
    """Customers call off what they have waited for too long, unless a part of the line has come."""
    lines = world.tables["lines"]
    unserved = (lines["released"] == 0) & (lines["cancelled"] == 0)
    limit = lines["requested"] + world.net.customers.patience_days[lines["customer"]]
    rows = np.flatnonzero(unserved & (lines["cleared_at"] > 0) & (world.day > limit))
    if not len(rows) or weekday(world.day) > 4:
        return
    cancel(world, rows, is_lost=True)
    world.tell(Step.CANCELLED, np.unique(lines["order"][rows]), moment(world.day, WAVE_MINUTE - 90), SYSTEM)
