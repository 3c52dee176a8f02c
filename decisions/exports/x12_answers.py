"""What suppliers answer: X12 997 (the file arrived) and 855 (what they will deliver), held against what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from decisions.exports.lines import Batch, orders
from decisions.exports.x12_orders import control_number
from decisions.exports.x12_text import Transaction, element, read

ACCEPTED, CHANGED, REFUSED, UNANSWERED = "accepted", "changed", "refused", "unanswered"
# What a line's code means (element 668); what is not among them is looked at by a person.
LINE_CODES = {
    "IA": ACCEPTED, "AC": ACCEPTED, "AR": ACCEPTED, "SP": ACCEPTED, "AA": ACCEPTED,
    "IC": CHANGED, "IQ": CHANGED, "IP": CHANGED, "IB": CHANGED, "IS": CHANGED, "DR": CHANGED, "BP": CHANGED, "IF": CHANGED,
    "IW": CHANGED, "IE": CHANGED, "IH": CHANGED,
    "IR": REFUSED, "ID": REFUSED, "R1": REFUSED, "R2": REFUSED, "R3": REFUSED, "R4": REFUSED, "R5": REFUSED, "R6": REFUSED,
}  # fmt: skip
# What the head says of all lines that are not named (element 587).
HEAD_CODES = {"AD": ACCEPTED, "AK": ACCEPTED, "AT": ACCEPTED, "RD": REFUSED, "RJ": REFUSED}
# Dates that repeat what was asked for, and promise nothing (element 374).
REQUESTED = ("002", "010")
GROUP_CODES = {"A": ACCEPTED, "E": ACCEPTED, "P": CHANGED, "R": REFUSED, "M": REFUSED, "W": REFUSED, "X": REFUSED}


@dataclass(frozen=True)
class LineAnswer:
    """What a supplier says of one line: the worst of its codes, and what it will deliver when and at which price."""

    line_no: str
    sku_id: str
    status: str
    qty: Decimal | None = None
    unit_price: Decimal | None = None
    promised_date: date | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrderAnswer:
    """An 855: which order, what is said of it as a whole ("" for nothing), and of its lines."""

    po_number: str
    status: str
    lines: tuple[LineAnswer, ...]


@dataclass(frozen=True)
class Answers:
    """Everything that a file of answers holds: orders, and by group control number whether our files were understood."""

    orders: tuple[OrderAnswer, ...]
    groups: dict[str, str]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Reconciled:
    """What became of one line that was sent.

    `differences` says in words what the supplier changed; `promised_date` is its word, None where it gave none.
    """

    proposal_id: str
    po_number: str
    line_no: int
    status: str
    differences: tuple[str, ...] = ()
    promised_date: date | None = None


@dataclass(frozen=True)
class Reconciliation:
    """A batch held against answers: each line once, what was answered but never sent, and what else is odd."""

    lines: tuple[Reconciled, ...]
    is_received: bool | None
    odd: tuple[str, ...] = field(default=())

    def proposals(self, *statuses: str) -> tuple[str, ...]:
        """The proposals whose lines have one of these statuses."""
        return tuple(dict.fromkeys(line.proposal_id for line in self.lines if line.status in statuses))


def answers(content: bytes) -> Answers:
    """What a file of 855 and 997 documents says; other documents are named among the warnings.

    >>> said = answers(
    ...     b"ISA*00**00**ZZ*S1*ZZ*ACME*261121*0900*^*00501*1*0*P*>~GS*PR*S1*ACME*20261121*0900*1*X*005010~"
    ...     b"ST*855*0001~BAK*00*AD*XD1-01*20261121~PO1*1*240*EA***BP*A1~ACK*IA*240*EA*068*20261130~SE*5*0001~GE*1*1~IEA*1*1~"
    ... )
    >>> said.orders[0].lines[0].status, said.orders[0].lines[0].promised_date
    ('accepted', datetime.date(2026, 11, 30))
    """
    found = read(content)
    warnings = list(found.warnings)
    groups: dict[str, str] = {}
    said: list[OrderAnswer] = []
    for document in found.transactions:
        if document.code == "855":
            said.append(_order_answer(document, warnings))
        elif document.code == "997":
            groups |= _group_answers(document, warnings)
        else:
            warnings.append(
                f"Document {document.control_no} is of kind {document.code or 'none'}, which is no answer to an order."
            )
    return Answers(tuple(said), groups, tuple(warnings))


def reconciled(batch: Batch, said: Answers) -> Reconciliation:
    """The batch's purchases, each with what was answered to it; answering twice the same changes nothing.

    Errors: a Refusal where the batch holds no purchases.
    """
    by_number: dict[str, list[OrderAnswer]] = {}
    for answer in said.orders:
        by_number.setdefault(answer.po_number, []).append(answer)
    sent = orders(batch)
    odd = [
        f"An answer to order {number} came, which was not sent."
        for number in by_number
        if number not in {o.po_number for o in sent}
    ]
    found: list[Reconciled] = []
    for order in sent:
        # The latest word counts, line by line.
        latest = by_number.get(order.po_number, [])
        lines = {line.line_no.lstrip("0"): line for answer in latest for line in answer.lines}
        of_all = next((answer.status for answer in reversed(latest) if answer.status), UNANSWERED)
        for number, line in enumerate(order.lines, start=1):
            answered = lines.pop(str(number), None)
            if answered is None:
                found.append(Reconciled(line.proposal_id, order.po_number, number, of_all))
                continue
            if answered.sku_id and answered.sku_id != line.sku_id:
                odd.append(
                    f"Line {number} of {order.po_number} was answered for {answered.sku_id}, not for {line.sku_id}."
                )
            differences = _differences(answered, line.qty, line.unit_price, line.needed_date)
            status = CHANGED if answered.status == ACCEPTED and differences else answered.status
            found.append(
                Reconciled(line.proposal_id, order.po_number, number, status, differences, answered.promised_date)
            )
        odd.extend(f"Line {number or '?'} of {order.po_number} was answered and never sent." for number in lines)
    return Reconciliation(tuple(found), _received(batch, len({o.supplier_id for o in sent}), said.groups), tuple(odd))


def _received(batch: Batch, interchanges: int, groups: dict[str, str]) -> bool | None:
    """Whether all our interchanges were understood; None while one of them is unanswered."""
    numbers = [str(control_number(batch) + place) for place in range(interchanges)]
    said = [groups.get(number) for number in numbers]
    if REFUSED in said:
        return False
    return None if None in said else True


def _differences(
    answer: LineAnswer, qty: Decimal | None, price: Decimal | None, needed: date | None
) -> tuple[str, ...]:
    found = []
    if answer.qty is not None and answer.qty != qty:
        found.append(f"{answer.qty} units instead of {qty}")
    if answer.unit_price is not None and price is not None and answer.unit_price != price:
        found.append(f"{answer.unit_price} a unit instead of {price}")
    if answer.promised_date is not None and needed is not None and answer.promised_date > needed:
        found.append(f"on {answer.promised_date} instead of {needed}")
    return tuple(found)


def _order_answer(document: Transaction, warnings: list[str]) -> OrderAnswer:
    head: tuple[str, ...] = ()
    items: list[list[tuple[str, ...]]] = []
    for segment in document.segments:
        if segment[0] == "BAK":
            head = segment
        elif segment[0] == "PO1":
            items.append([segment])
        elif segment[0] in ("ACK", "DTM") and items:
            items[-1].append(segment)
    if not element(head, 3):
        warnings.append(f"Document {document.control_no} does not say which order it answers.")
    of_all = HEAD_CODES.get(element(head, 2), "")
    lines = tuple(_line_answer(item, of_all, warnings) for item in items)
    return OrderAnswer(element(head, 3), of_all, lines)


def _line_answer(item: Sequence[tuple[str, ...]], of_all: str, warnings: list[str]) -> LineAnswer:
    line = item[0]
    acks = [part for part in item[1:] if part[0] == "ACK"]
    codes = tuple(element(part, 1) for part in acks)
    warnings.extend(
        f"Line {element(line, 1)} has the code {code or 'none'}, which is unknown here; it counts as changed."
        for code in codes
        if code not in LINE_CODES
    )
    # What is refused beside what is accepted is a smaller quantity, which the quantities show.
    meant = [LINE_CODES.get(code, CHANGED) for code in codes] or [of_all or CHANGED]
    status = meant[0] if len(set(meant)) == 1 else CHANGED
    promised = [
        _number(element(part, 2))
        for part in acks
        if LINE_CODES.get(element(part, 1), CHANGED) != REFUSED and element(part, 2)
    ]
    qty = sum((one for one in promised if one is not None), Decimal(0)) if promised else None
    dates = [_day(element(part, 5)) for part in acks] + [
        _day(element(part, 2)) for part in item[1:] if part[0] == "DTM"
    ]
    known = [day for day in dates if day is not None]
    sku = next((element(line, at + 1) for at in range(6, len(line), 2) if element(line, at) in ("BP", "IN")), "")
    if qty is None and status != REFUSED:
        qty = _number(element(line, 2))
    return LineAnswer(element(line, 1), sku, status, qty, _number(element(line, 4)), max(known, default=None), codes)


def _group_answers(document: Transaction, warnings: list[str]) -> dict[str, str]:
    number, worst = "", ""
    for segment in document.segments:
        if segment[0] == "AK1":
            number = element(segment, 2).lstrip("0")
        elif segment[0] == "AK9":
            worst = GROUP_CODES.get(element(segment, 1), CHANGED)
        elif segment[0] == "AK5" and GROUP_CODES.get(element(segment, 1), CHANGED) == REFUSED:
            warnings.append(f"A document of our group {number or '?'} was not understood.")
    if not number or not worst:
        warnings.append(f"Document {document.control_no} does not say which group it answers, or how.")
        return {}
    return {number: worst}


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip()) if text.strip() else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        return None
