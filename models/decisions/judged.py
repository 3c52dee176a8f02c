"""How each kind of decision is judged once its horizon has passed: against doing nothing, and against what was suggested."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.decisions.evidence import SEEN_DAYS, Price, Row, Seen, Shelf, last_day, number
from models.decisions.worth import (
    held_unit_days,
    less_than_suggested,
    missed_units,
    more_than_suggested,
    sooner_than_suggested,
    used_units,
)

AFTER_DAYS = 28
SOON_DAYS = 91
CARRIED_OUT = ("exported", "sent", "acknowledged", "done")
STOPPED = ("declined", "withdrawn", "expired")


@dataclass(frozen=True)
class Outcome:
    """What came of a decision: its benefit and that of the suggestion, both against doing nothing, and the arithmetic in words."""

    benefit: float | None
    suggested: float | None
    because: str
    is_right: bool | None = None
    used: float | None = None


def judged(row: Row, seen: Seen) -> Outcome:
    """What came of one matured decision; nothing that happened after its horizon is looked at."""
    judge = JUDGES.get(row["action_kind_code"])
    if judge is None:
        return Outcome(None, None, "What came of it is in no extract, so it is not known.")
    if row["decision_state_code"] not in (*CARRIED_OUT, *STOPPED):
        return Outcome(None, None, f"It is {row['decision_state_code']} and was never carried out.")
    return judge(row, seen)


def _purchase(row: Row, seen: Seen) -> Outcome:
    line = seen.bought.get(row["proposal_id"])
    sku, site, horizon = row["sku_id"], row["site_id"], row["horizon_date"]
    margin = seen.margin(sku, site)
    cost = float(row["unit_cost"] or seen.costs.get(sku) or 0.0)
    if margin is None:
        return Outcome(None, None, "What a unit earns is not known, so neither is what the order earned.")
    whole = seen.shelf(sku, site).within(row["proposed_date"] - dt.timedelta(days=SEEN_DAYS), horizon)
    usual = whole.usual(row["proposed_date"])
    price = Price(margin, cost, seen.assumed)
    suggested = float(row["suggested_qty"] or 0.0)
    if row["decision_state_code"] in STOPPED:
        return _not_bought(row, whole, usual, suggested, price)
    if line is None or line["first_received_date"] is None or line["first_received_date"] > horizon:
        return Outcome(
            0.0, None, "Nothing of it had come by the end of its horizon, so it changed nothing.", is_right=False
        )
    came = line["first_received_date"]
    shelf = whole.within(came, min(horizon, came + dt.timedelta(days=AFTER_DAYS)))
    if not shelf.days.size:
        return Outcome(None, None, "What lay on the shelf after it came is not known.")
    qty = float(line["received_qty"] or row["decided_qty"])
    used, lay = used_units(shelf.on_hand, qty), held_unit_days(shelf.on_hand, qty)
    benefit = price.of(used, lay) - seen.assumed["purchase_line_cost"]
    because = (
        f"{number(qty)} came on {came:%d %b}. By {last_day(shelf):%d %b} stock had been down to "
        f"{number(shelf.on_hand.min())}, so {number(used)} of them were used: "
        f"{price.words(used, lay)}; the line cost {seen.assumed['purchase_line_cost']:,.2f}. Against ordering nothing: {benefit:,.2f}."
    )
    ordered = float(row["decided_qty"])
    # Stock that was not needed yet is no error while it sells soon; what nobody will want for a quarter is.
    is_early = benefit < 0 and shelf.on_hand[-1] <= usual * SOON_DAYS
    if is_early:
        because += " What was left sells within a quarter, so it came early and not in vain."
    if ordered == suggested:
        return Outcome(benefit, benefit, because, benefit >= 0 or is_early, used)
    value, said = _override(shelf, ordered, suggested, usual, price, seen.assumed)
    return Outcome(benefit, benefit - value, f"{because} {said}", value >= 0 and (benefit >= 0 or is_early), used)


def _override(
    shelf: Shelf, ordered: float, suggested: float, usual: float, price: "Price", assumed: Mapping[str, float]
) -> tuple[float, str]:
    """What it was worth to order another quantity than was suggested, and the arithmetic."""
    if suggested <= 0:
        days = int(assumed["review_days"])
        used, lay = sooner_than_suggested(shelf.on_hand, shelf.next_refill(), ordered, review_days=days)
        value = price.of(used, lay)
        said = f"Nobody had suggested it; {number(used)} were used in the {days} days before it could have been suggested again"
        return value, f"{said}: {price.words(used, lay)}. Not waiting was worth {value:,.2f}."
    if ordered > suggested:
        extra = ordered - suggested
        used, lay = more_than_suggested(
            shelf.on_hand, shelf.went, shelf.next_refill(), extra, usual, review_days=int(assumed["review_days"])
        )
        value = price.of(used, lay)
        words = f"The {number(extra)} more than suggested saved {number(used)} before the smaller order would have been followed"
        return value, f"{words}: {price.words(used, lay)}. The change was worth {value:,.2f}."
    lacking = suggested - ordered
    missed, saved = less_than_suggested(shelf.on_hand, shelf.went, shelf.next_refill(), lacking, suggested, usual)
    value = -price.of(missed, saved)
    words = f"Of the {number(lacking)} fewer than suggested {number(missed)} were missed before the next came"
    return value, f"{words}; {number(saved)} unit days of holding were saved. The change was worth {value:,.2f}."


def _not_bought(row: Row, whole: Shelf, usual: float, suggested: float, price: "Price") -> Outcome:
    """What the order would have earned that somebody did not want: of what was missed after it would have come."""
    due = row["horizon_date"] - dt.timedelta(days=AFTER_DAYS)
    shelf = whole.within(due, row["horizon_date"])
    if not shelf.days.size:
        return Outcome(0.0, None, "What lay on the shelf when it would have come is not known.")
    missed, lay = less_than_suggested(shelf.on_hand, shelf.went, shelf.next_refill(), suggested, suggested, usual)
    would = price.of(missed, lay) - price.assumed["purchase_line_cost"]
    because = (
        f"It was {row['decision_state_code']}. {number(missed)} units were missed before the next order came, "
        f"so the {number(suggested)} suggested would have earned {would:,.2f}."
    )
    return Outcome(0.0, would, because, would <= 0)


def _transfer(row: Row, seen: Seen) -> Outcome:
    sku, site, sender, horizon = row["sku_id"], row["site_id"], row["from_site_id"], row["horizon_date"]
    margin, giver_margin = seen.margin(sku, site), seen.margin(sku, sender)
    if margin is None or row["decided_qty"] is None:
        return Outcome(None, None, "What a unit earns is not known, so neither is what the move earned.")
    if row["decision_state_code"] in STOPPED:
        return Outcome(0.0, None, f"It was {row['decision_state_code']}; what it would have earned is not known.")
    qty, first = float(row["decided_qty"]), row["proposed_date"] + dt.timedelta(days=1)
    last = min(horizon, first + dt.timedelta(days=AFTER_DAYS))
    there = seen.shelf(sku, site)
    shelf = there.within(first, last)
    if not shelf.days.size:
        return Outcome(None, None, "What lay on the shelf that it went to is not known.")
    price = Price(margin, seen.costs.get(sku, 0.0), seen.assumed)
    used = used_units(shelf.on_hand[: shelf.next_refill()], qty)
    giver = seen.shelf(sku, sender)
    gone = giver.within(first, last)
    lost = min(
        qty,
        missed_units(
            gone.on_hand[: gone.next_refill()], gone.went[: gone.next_refill()], giver.usual(row["proposed_date"])
        ),
    )
    cost = seen.assumed["transfer_cost"] + seen.assumed["transfer_line_cost"]
    taken = lost * (giver_margin or margin) * seen.assumed["lost_sale_share"]
    benefit = price.of(used, 0.0) - taken - cost
    because = (
        f"{number(used)} of {number(qty)} were used at {site} before it would have been refilled: {price.words(used, 0.0)}; "
        f"{sender} missed {number(lost)}, which is {taken:,.2f}; the move cost {cost:,.2f}. Against leaving it: {benefit:,.2f}."
    )
    return Outcome(benefit, benefit, because, benefit >= 0, used)


def _expedite(row: Row, seen: Seen) -> Outcome:
    line = seen.bought.get(row["proposal_id"])
    if row["decision_state_code"] in STOPPED:
        return Outcome(
            0.0, None, f"It was {row['decision_state_code']}; how much sooner it would have come is not known."
        )
    if line is None:
        return Outcome(None, None, "The purchase line is not known.")
    surcharge = float(row["moved_amount"] or 0.0)
    came = line["first_received_date"]
    expected = row["proposed_date"] + dt.timedelta(days=int(row["decided_days"] or 0))
    if came is None or came > row["horizon_date"] or came >= expected:
        return Outcome(
            -surcharge,
            -surcharge,
            f"It came no sooner than expected, and hurrying it cost {surcharge:,.2f}.",
            is_right=False,
            used=0.0,
        )
    margin = seen.margin(line["sku_id"], line["site_id"])
    if margin is None:
        return Outcome(None, None, "What a unit earns is not known, so neither is what the days were worth.")
    shelf = seen.shelf(line["sku_id"], line["site_id"]).within(
        came, min(expected - dt.timedelta(days=1), row["horizon_date"])
    )
    used = used_units(shelf.on_hand, float(line["received_qty"] or 0.0))
    price = Price(margin, float(line["unit_cost"] or 0.0), seen.assumed)
    benefit = price.of(used, 0.0) - surcharge
    because = (
        f"It came {(expected - came).days} days sooner, and in those days {number(used)} of it were used: "
        f"{price.words(used, 0.0)}; hurrying cost {surcharge:,.2f}. Against waiting: {benefit:,.2f}."
    )
    return Outcome(benefit, benefit, because, benefit >= 0, used)


def _release(row: Row, seen: Seen) -> Outcome:
    order = seen.orders.get(row["order_id"] or "")
    if order is None:
        return Outcome(None, None, "The order is in no extract.")
    net, share = float(order["net_amount"] or 0.0), seen.assumed["credit_loss_share"]
    if row["decision_state_code"] in STOPPED:
        return Outcome(
            0.0, None, f"It was {row['decision_state_code']}; whether they would have paid {net:,.2f} is not known."
        )
    shipped = order["shipped_date"]
    if shipped is None or shipped > row["horizon_date"]:
        return Outcome(0.0, 0.0, "Nothing of the order was shipped, so the release changed nothing.", is_right=False)
    if order["margin_amount"] is None:
        return Outcome(None, None, "What the order earned is not known.")
    margin, risk = float(order["margin_amount"]), net * share
    benefit = margin - risk
    because = (
        f"Shipped from {shipped:%d %b} on; it earned {margin:,.2f}. Payments are in no extract, "
        f"so {share:.0%} of {net:,.2f} is taken for those who never pay: {risk:,.2f}. Against holding it: {benefit:,.2f}."
    )
    return Outcome(benefit, benefit, because, benefit >= 0)


def _message(row: Row, seen: Seen) -> Outcome:
    line = seen.bought.get(row["proposal_id"])
    if line is None or row["decision_state_code"] in STOPPED:
        return Outcome(None, None, "Whether an answer came is in no extract, so it is not known.")
    came = line["first_received_date"]
    if came is not None and came <= row["horizon_date"]:
        return Outcome(
            None,
            None,
            f"It came on {came:%d %b}, {(came - row['proposed_date']).days} days after; what it would have done anyway is not known.",
            is_right=True,
        )
    return Outcome(
        None,
        None,
        "The line had not come by the end of the horizon; whether they answered is in no extract, so it is not known.",
    )


JUDGES: Mapping[str, Callable[[Row, Seen], Outcome]] = {
    "purchase": _purchase,
    "re_source": _purchase,
    "transfer": _transfer,
    "expedite": _expedite,
    "release_order": _release,
    "supplier_message": _message,
}
