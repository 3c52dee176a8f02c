"""What a demo world keeps of each open thing, and the names of the steps and bookings that it logs."""

from enum import IntEnum

from pipelines.demo.rows import FLOAT, WHOLE


def _columns(whole: str, amounts: str = "") -> dict[str, type]:
    return dict.fromkeys(whole.split(), WHOLE) | dict.fromkeys(amounts.split(), FLOAT)


TABLES: dict[str, dict[str, type]] = {
    "orders": _columns(
        "id customer ordered_at channel stage ready_at cleared_at hold lines needs_person key status invoices_due touched",
        "net",
    ),
    "lines": _columns(
        "id order number cell customer ordered_at cleared_at requested promised repromised release_day qty released shipped "
        "travelling shipped_day delivered_day cancelled cancelled_day was_short key touched",
        "price discount cost net margin right_net",
    ),
    "parcels": _columns("id order site customer stage ready_at lines key"),
    "parcel_lines": _columns("parcel line cell qty"),
    "shipments": _columns(
        "id order site customer carrier lane shipped_at promised_at arrives_at key has_arrived touched",
        "freight weight",
    ),
    "shipment_lines": _columns("shipment order line number cell qty"),
    "purchases": _columns(
        "id po number supplier cell ordered_day promised_day confirmed_day qty received received_day "
        "first_day first_qty second_day second_qty is_closed touched",
        "cost",
    ),
    "transfers": _columns("id cell qty arrives_day"),
    "backs": _columns("id order cell qty day reason customer"),
    "invoices": _columns("id order customer ready_at needs_person", "net"),
    "tickets": _columns("id customer order opened_at closed_at topic escalated touched", "minutes"),
}


class Movement(IntEnum):
    """The kinds of booking that change stock on hand."""

    RECEIPT = 0
    ISSUE = 1
    TRANSFER_OUT = 2
    TRANSFER_IN = 3
    RETURN = 4
    ADJUSTMENT = 5


class Step(IntEnum):
    """The steps that are logged of each order."""

    RECEIVED = 0
    ENTERED = 1
    CORRECTED = 2
    CREDIT_CHECKED = 3
    CREDIT_HELD = 4
    CREDIT_RELEASED = 5
    REFUSED = 6
    RELEASED = 7
    BACKORDERED = 8
    PICKED = 9
    PACKED = 10
    SHIPPED = 11
    DELIVERED = 12
    INVOICED = 13
    CANCELLED = 14


STEP_NAMES = (
    "order received",
    "order entered",
    "order corrected",
    "credit checked",
    "credit held",
    "credit released",
    "order refused",
    "order released",
    "backordered",
    "picked",
    "packed",
    "shipped",
    "delivered",
    "invoiced",
    "cancelled",
)
MOVEMENT_NAMES = tuple(kind.name.lower() for kind in Movement)
