"""What holds for every export: it reads back to the same lines whatever they say, adds up to its totals, and replays in vain."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.exports import cells, formats, outbox, x12_text
from decisions.exports.lines import DECIMALS, TEXTS, Batch, ExportLine, plain
from store.ledger import Act

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def is_kept(letter):
    code = ord(letter)
    return (
        unicodedata.category(letter) not in ("Cc", "Cs") and (code & 0xFFFE) != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF
    )


dangerous = st.sampled_from(
    [*list("=+-@|%'\"*~>^,;<&]_x"), "＝", "\u200b", "\xa0", "\u2028", "日", "_x0041_", "ISA*", "\ufeff"]
)
letters = st.characters(exclude_categories=("Cc", "Cs")).filter(is_kept)
texts = st.lists(dangerous | letters, max_size=12).map("".join)
ids = st.lists(dangerous | letters, min_size=1, max_size=12).map("".join)
messages = st.lists(dangerous | letters | st.sampled_from("\n\t"), max_size=20).map("".join)
numbers = st.one_of(
    st.decimals(min_value=-(10**9), max_value=10**9, places=4),
    st.decimals(min_value=-(10**9), max_value=10**9, places=10),
    st.integers(-(10**18), 10**18).map(Decimal),
)
quantities = st.decimals(min_value=Decimal("0.01"), max_value=10**7, places=2)
days = st.dates(min_value=date(1000, 1, 1))
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1))  # noqa: DTZ001 — hypothesis adds the zone


@st.composite
def any_line(draw, kind="transfer"):
    said = {name: draw(texts) for name in TEXTS if name not in ("kind", "text", "proposal_id")}
    said |= {name: draw(st.none() | numbers) for name in DECIMALS}
    return ExportLine(
        draw(ids),
        kind,
        **said | {"text": draw(messages)},
        days=draw(st.none() | st.integers(-(10**6), 10**6)),
        needed_date=draw(st.none() | days),
        approved_at=draw(st.none() | instants),
    )


@st.composite
def any_purchase(draw):
    return ExportLine(
        draw(ids),
        "purchase",
        draw(texts),
        sku_id=draw(ids),
        sku_name=draw(texts.map(lambda text: text * 9)),
        site_id=draw(texts),
        supplier_id=draw(ids),
        unit_code=draw(st.sampled_from(["EA", "", "C6"])),
        qty=draw(quantities),
        unit_price=draw(st.none() | quantities),
        needed_date=draw(st.none() | days),
    )


@st.composite
def any_change(draw):
    qty = draw(quantities)
    return ExportLine(
        draw(ids),
        "cancel_purchase",
        draw(texts),
        po_id=draw(ids)[:22],
        line_key=draw(ids)[:20],
        sku_id=draw(texts),
        site_id=draw(texts),
        supplier_id=draw(ids),
        qty=qty,
        open_qty=draw(st.none() | st.just(qty) | quantities.map(lambda more: qty + more)),
        needed_date=draw(st.none() | days),
    )


def batch_of(found, title="Acme"):
    return Batch(found[0].kind, title, AT, tuple(found))


def holds(batch, name):
    """The file reads back to the same lines, and they add up to what the batch and the file say."""
    form = formats.FORMATS[name]
    file = formats.made(batch, name)
    read = form.read(file.content)
    assert sorted(map(repr, read)) == sorted(map(repr, form.read(form.write(batch))))
    assert len(read) == file.totals.row_count == len(batch.lines)
    assert sum((line.qty or 0 for line in read), Decimal(0)) == file.totals.total_qty
    return file


@settings(max_examples=40)
@given(st.lists(any_line(), min_size=1, max_size=4), texts)
def test_tables_and_json_carry_every_field_of_every_line(found, title):
    batch = batch_of(found, title)
    for name in ("csv", "xlsx", "json"):
        holds(batch, name)
        assert formats.FORMATS[name].read(formats.FORMATS[name].write(batch)) == batch.lines, name


@settings(max_examples=60)
@given(st.lists(any_purchase(), min_size=1, max_size=5), texts)
def test_an_850_carries_every_purchase_and_counts_right(found, title):
    reading = x12_text.read(holds(batch_of(found, title), "x12_850").content)
    assert reading.warnings == ()


@settings(max_examples=60)
@given(st.lists(any_change(), min_size=1, max_size=5))
def test_an_860_carries_every_change_and_counts_right(found):
    reading = x12_text.read(holds(batch_of(found), "x12_860").content)
    assert reading.warnings == ()


@settings(max_examples=60)
@given(st.lists(any_purchase(), min_size=1, max_size=5), texts)
def test_ubl_carries_every_purchase(found, title):
    for part in formats.split(batch_of(found, title), "ubl"):
        holds(part, "ubl")


@given(texts | messages)
def test_a_guarded_cell_starts_no_formula_and_gives_its_text_back(text):
    guarded = cells.guarded(text)
    assert cells.unguarded(guarded) == text
    assert cells.harmless(guarded) == guarded, "a spreadsheet takes it for text"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ("ISA*00*" + text).encode()))
def test_whatever_comes_in_is_read_without_an_error(content):
    reading = x12_text.read(content)
    assert reading.transactions or reading.warnings


@given(numbers | st.decimals(allow_nan=False, allow_infinity=False))
def test_plain_digits_are_the_same_number(number):
    assert Decimal(plain(number)) == number
    assert "E" not in plain(number)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["export", "export_sent", "export_failed", "acknowledge", "export_cancelled"]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_a_replayed_export_is_a_no_op_wherever_it_stands(steps):
    line = ExportLine("purchase-1", "purchase", "k", sku_id="A1", supplier_id="S1", qty=Decimal(1))
    batch = batch_of([line])
    said = outbox.said_of(batch, formats.made(batch, "json"), channel=outbox.WEBHOOK)

    def act(number, kind, is_final=False):
        payload = {**said, "lines": outbox.lines_said(batch), "proposal_ids": ["purchase-1"], "is_final": is_final}
        return Act(number, str(number), kind, batch.batch_id, "ada", AT, payload, "", "")

    acts = [act(1, "export"), *(act(number, kind, flag) for number, (kind, flag) in enumerate(steps, start=2))]
    before = outbox.outbox(acts)[batch.batch_id]
    after = outbox.outbox([*acts, act(99, "export")])[batch.batch_id]
    assert after == before
    if (
        any(one.kind == "acknowledge" for one in acts)
        and before.state != outbox.CANCELLED
        and not any(k == "export_cancelled" for k, _ in steps)
    ):
        assert before.state == outbox.ACKNOWLEDGED, "nothing takes an acknowledgement back"
        assert before.next_try_at is None
