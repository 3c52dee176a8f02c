"""What suppliers answer, held against what was sent: accepted, changed, refused, unanswered, and what was never asked for."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from decisions.exports import x12_text
from decisions.exports.lines import Batch, ExportLine, orders
from decisions.exports.x12_answers import answers, reconciled
from decisions.exports.x12_orders import control_number

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def sent():
    found = tuple(
        ExportLine(
            f"purchase-{n}", "purchase", f"k{n}", sku_id=f"A{n}", site_id="N", supplier_id="S1",
            qty=Decimal(100), unit_price=Decimal("2.50"), needed_date=date(2026, 12, 1),
        )
        for n in range(1, 6)
    )  # fmt: skip
    return Batch("purchase", "Acme", AT, found)


def interchange(*documents):
    """What a supplier's system sends: no padding, counts as they are."""
    body = ""
    for place, (code, text) in enumerate(documents, start=1):
        body += f"ST*{code}*{place:04d}~{text}SE*{text.count('~') + 2}*{place:04d}~"
    return (
        "ISA*00**00**ZZ*S1*ZZ*ACME*261121*0900*^*00501*000000009*0*P*>~GS*PR*S1*ACME*20261121*0900*9*X*005010~"
        f"{body}GE*{len(documents)}*9~IEA*1*000000009~"
    ).encode()


def test_each_line_gets_its_answer():
    batch = sent()
    number = orders(batch)[0].po_number
    text = (
        f"BAK*00*AC*{number}*20261121~"
        "PO1*1*100*EA*2.50**BP*A1~ACK*IA*100*EA*068*20261130~"
        "PO1*2*100*EA*2.50**BP*A2~ACK*IQ*60*EA*068*20261130~"
        "PO1*3*100*EA*2.75**BP*A3~ACK*IA*100*EA*068*20261215~"
        "PO1*4*100*EA*2.50**BP*A4~ACK*IR*100*EA~"
        "PO1*9*1*EA~ACK*IA*1*EA~"
    )
    found = reconciled(batch, answers(interchange(("855", text))))
    assert [(line.proposal_id, line.status) for line in found.lines] == [
        ("purchase-1", "accepted"),
        ("purchase-2", "changed"),
        ("purchase-3", "changed"),
        ("purchase-4", "refused"),
        ("purchase-5", "unanswered"),
    ]
    assert found.lines[1].differences == ("60 units instead of 100",)
    assert found.lines[2].differences == ("2.75 a unit instead of 2.50", "on 2026-12-15 instead of 2026-12-01")
    assert found.lines[0].promised_date == date(2026, 11, 30)
    assert found.odd == (f"Line 9 of {number} was answered and never sent.",)
    assert found.proposals("accepted", "changed") == ("purchase-1", "purchase-2", "purchase-3")
    assert found.is_received is None


def test_a_part_now_and_the_rest_later_is_a_change_of_date_only():
    batch = sent()
    text = f"BAK*00*AC*{orders(batch)[0].po_number}*20261121~PO1*1*100*EA~ACK*BP*40*EA*068*20261130~ACK*IB*60*EA*068*20261220~"
    line = reconciled(batch, answers(interchange(("855", text)))).lines[0]
    assert (line.status, line.promised_date) == ("changed", date(2026, 12, 20))
    assert line.differences == ("on 2026-12-20 instead of 2026-12-01",)


@pytest.mark.parametrize(
    ("code", "status"), [("AD", "accepted"), ("RJ", "refused"), ("AC", "unanswered"), ("ZZ", "unanswered")]
)
def test_the_head_speaks_for_lines_that_are_not_named(code, status):
    batch = sent()
    said = answers(interchange(("855", f"BAK*00*{code}*{orders(batch)[0].po_number}*20261121~")))
    assert {line.status for line in reconciled(batch, said).lines} == {status}


def test_the_latest_answer_counts():
    batch = sent()
    number = orders(batch)[0].po_number
    first = ("855", f"BAK*00*AC*{number}*20261121~PO1*1*100*EA~ACK*IR*100*EA~")
    second = ("855", f"BAK*00*AC*{number}*20261122~PO1*1*100*EA~ACK*IA*100*EA~")
    assert reconciled(batch, answers(interchange(first, second))).lines[0].status == "accepted"


def test_codes_and_orders_that_nobody_knows_are_told():
    batch = sent()
    number = orders(batch)[0].po_number
    said = answers(
        interchange(
            ("855", f"BAK*00*AC*{number}*20261121~PO1*1*100*EA**BP*B7~ACK*Q9*100*EA~"),
            ("855", "BAK*00*AD*OTHER*20261121~"),
            ("810", "BIG*20261121*1~"),
        )
    )
    found = reconciled(batch, said)
    assert found.lines[0].status == "changed"
    assert any("code Q9" in warning for warning in said.warnings)
    assert any("kind 810" in warning for warning in said.warnings)
    assert "An answer to order OTHER came, which was not sent." in found.odd


def test_a_997_says_whether_the_file_was_understood():
    batch = sent()
    number = control_number(batch)
    yes = answers(interchange(("997", f"AK1*PO*{number}~AK2*850*0001~AK5*A~AK9*A*1*1*1~")))
    no = answers(interchange(("997", f"AK1*PO*{number}~AK2*850*0001~AK5*R*5~AK9*R*1*1*0~")))
    other = answers(interchange(("997", "AK1*PO*1~AK9*A*1*1*1~")))
    assert [reconciled(batch, said).is_received for said in (yes, no, other)] == [True, False, None]
    assert any("not understood" in warning for warning in no.warnings)


@pytest.mark.parametrize(
    ("spoil", "warned"),
    [
        (lambda text: text.replace("SE*4*0001", "SE*9*0001"), "SE counts 9 and there are 4 segments"),
        (lambda text: text.replace("SE*4*0001", "SE*4*0002"), "Document 0001 ends as 0002"),
        (lambda text: text.replace("GE*1*9", "GE*2*9"), "GE counts 2"),
        (lambda text: text.replace("IEA*1*000000009", "IEA*1*000000008"), "ends as 000000008"),
        (lambda text: text.replace("SE*4*0001~", ""), "does not end with SE"),
        (lambda text: text.replace("IEA*1*000000009~", ""), "does not end with IEA"),
        (lambda text: "\ufeff\r\n" + text.replace("~", "~\r\n"), "not padded"),
        (lambda text: text.replace("~", "\r\n"), "not padded"),
        (lambda text: text.replace("*>~", "*~", 1), "what divides components"),
        (lambda text: "hello " + text, "before the first ISA"),
        (lambda text: text + "bye", "after the last interchange"),
        (lambda text: text.replace("*", "|").replace("~", "'"), "not padded"),
    ],
)
def test_what_is_odd_about_a_file_is_told_and_not_refused(spoil, warned):
    batch = sent()
    text = f"BAK*00*AD*{orders(batch)[0].po_number}*20261121~PO1*1*100*EA~"
    said = answers(spoil(interchange(("855", text)).decode()).encode())
    assert any(warned in warning for warning in said.warnings), said.warnings
    assert reconciled(batch, said).lines[0].status == "accepted"


@pytest.mark.parametrize("content", [b"", b"ISA", b"ISA*", b"ISA*00*00", b"\xff\xfe\x00", b"UNB+UNOA:1'"])
def test_what_is_no_x12_is_told_too(content):
    said = x12_text.read(content)
    assert said.transactions == ()
    assert said.warnings
