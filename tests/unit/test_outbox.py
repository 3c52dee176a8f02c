"""The state of exports as acts tell it: due again, honoured before, called back, answered, and replayed in vain."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from decisions.exports import formats, outbox
from decisions.exports.lines import Batch, ExportLine, idempotency_key
from errors import Refusal
from store.ledger import Ledger

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def batch(*numbers, created_at=AT):
    found = tuple(
        ExportLine(
            f"purchase-{n}", "purchase", f"k{n}", sku_id=f"A{n}", supplier_id="S1", qty=Decimal(5), approved_at=AT
        )
        for n in numbers or (1, 2)
    )
    return Batch("purchase", "Acme", created_at, found)


@pytest.fixture
def desk(tmp_path):
    """A ledger, and what the desk would record in it."""
    return Told(Ledger.open(None, tmp_path))


class Told:
    def __init__(self, ledger):
        self.ledger = ledger

    def queue(self, found, at=AT, channel=outbox.WEBHOOK):
        file = formats.made(found, "json")
        self.say("export", found, at, **outbox.said_of(found, file, channel=channel), lines=outbox.lines_said(found))
        return file

    def say(self, kind, found, at=AT, **payload):
        self.ledger.append(kind, found.batch_id, "ada", payload, at=at)

    def export(self, found):
        return outbox.outbox(self.ledger.acts())[found.batch_id]


def test_the_act_says_all_that_the_erp_and_the_auditor_need(desk):
    one = batch()
    file = desk.queue(one)
    said = desk.ledger.acts("export")[0].payload
    assert (said["row_count"], said["total_qty"], said["file_hash"]) == (2, "10", file.file_hash)
    assert said["lines"][1]["proposal_id"] == "purchase-2"
    assert said["lines"][1]["qty"] == "5"
    assert said["lines"][1]["po_number"].startswith("XD")
    assert said["lines"][1]["po_line_no"] == 2
    assert desk.export(one).proposal_ids == ("purchase-1", "purchase-2")


def test_a_failed_delivery_is_due_again_ever_later_and_in_the_end_not(desk):
    one = batch()
    desk.queue(one)
    now = AT
    assert [e.batch_id for e in outbox.due([desk.export(one)], now)] == [one.batch_id]
    waits = []
    for _ in range(outbox.MOST_TRIES):
        desk.say("export_failed", one, now, because="HTTP 500", proposal_ids=[])
        found = desk.export(one)
        if found.next_try_at is not None:
            assert outbox.due([found], found.next_try_at - timedelta(seconds=1)) == []
            waits.append(found.next_try_at - now)
            now = found.next_try_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert len(waits) == outbox.MOST_TRIES - 1
    assert desk.export(one).is_final
    assert outbox.due([desk.export(one)], now + timedelta(days=9)) == []
    assert outbox.needs_a_person([desk.export(one)])


def test_what_was_refused_for_good_is_not_tried_again(desk):
    one = batch()
    desk.queue(one)
    desk.say("export_failed", one, because="HTTP 400", is_final=True)
    assert desk.export(one).next_try_at is None
    assert desk.export(one).tries == 1


def test_failed_then_sent_then_answered(desk):
    one = batch()
    desk.queue(one)
    desk.say("export_failed", one, because="HTTP 500")
    desk.say("export_sent", one)
    assert (desk.export(one).state, outbox.due([desk.export(one)], AT + timedelta(days=1))) == ("sent", [])
    desk.say("acknowledge", one, proposal_ids=["purchase-1", "stranger"])
    assert (desk.export(one).state, desk.export(one).unanswered) == ("sent", ("purchase-2",))
    desk.say("acknowledge", one, proposal_ids=[], refused_ids=["purchase-2"])
    assert (desk.export(one).state, desk.export(one).refused) == ("acknowledged", ("purchase-2",))
    assert outbox.needs_a_person([desk.export(one)])
    desk.say("export_failed", one, because="too late to say so")
    assert desk.export(one).state == "acknowledged"


def test_a_replayed_export_changes_nothing(desk):
    one = batch()
    desk.queue(one)
    desk.say("export_sent", one)
    before = desk.export(one)
    desk.queue(one, at=AT + timedelta(hours=1))
    assert desk.export(one) == before


def test_the_same_wish_gets_the_stored_answer_and_another_body_a_refusal(desk):
    one = batch()
    file = desk.queue(one)
    exports = outbox.outbox(desk.ledger.acts()).values()
    assert outbox.already(exports, outbox.delivery_key(one), file.file_hash) == desk.export(one)
    later = formats.made(batch(created_at=AT + timedelta(minutes=1)), "json")
    with pytest.raises(Refusal, match="with another content"):
        outbox.already(exports, outbox.delivery_key(one), later.file_hash)
    assert outbox.already(exports, outbox.delivery_key(batch(3)), file.file_hash) is None


def test_only_what_was_never_tried_can_be_called_back(desk):
    one, two = batch(1), batch(2)
    for found in (one, two):
        desk.queue(found)
    desk.say("export_failed", two, because="no answer")
    desk.say("export_cancelled", one, reason="changed my mind")
    desk.say("export_cancelled", two, reason="changed my mind")
    assert (desk.export(one).state, desk.export(two).state) == ("cancelled", "failed")
    assert "may have it" in outbox.may_be_cancelled(desk.export(two))
    desk.say("export_sent", one)
    assert desk.export(one).state == "cancelled"


@pytest.mark.parametrize(
    ("channel", "acts", "is_anew"),
    [
        (outbox.FILE, [], False),
        (outbox.FILE, [("export_cancelled", {})], True),
        (outbox.FILE, [("export_failed", {"because": "unreadable"})], True),
        (outbox.FILE, [("export_sent", {})], False),
        (outbox.WEBHOOK, [("export_failed", {"because": "no answer"})], False),
        (outbox.WEBHOOK, [("export_failed", {"because": "no answer"})] * outbox.MOST_TRIES, False),
        (outbox.WEBHOOK, [("export_failed", {"because": "HTTP 400", "is_final": True})], True),
    ],
)
def test_what_came_to_nothing_leaves_again_under_another_name(desk, channel, acts, is_anew):
    one = batch()
    desk.queue(one, channel=channel)
    for kind, said in acts:
        desk.say(kind, one, **said)
    again = outbox.tried_anew(outbox.outbox(desk.ledger.acts()), one)
    assert (again.attempt, again.batch_id != one.batch_id) == (2 if is_anew else 1, is_anew)
    assert again.lines == one.lines, "each line keeps its key"
    if is_anew:
        desk.queue(again)
        assert desk.export(again).state == "queued"
        assert outbox.tried_anew(outbox.outbox(desk.ledger.acts()), one) == again


def test_files_wait_to_be_fetched_and_acts_without_an_export_count_for_nothing(desk):
    one = batch()
    desk.say("export_sent", one)
    assert outbox.outbox(desk.ledger.acts()) == {}
    desk.queue(one, channel=outbox.FILE)
    assert outbox.due([desk.export(one)], AT + timedelta(days=1)) == []


def test_a_key_names_kind_subject_content_and_period():
    said = ("purchase", {"sku_id": "A1", "site_id": "N"}, "c0ffee", "2026-11-20")
    key = idempotency_key(*said)
    assert key == idempotency_key("purchase", {"site_id": "N", "sku_id": "A1"}, "c0ffee", "2026-11-20")
    for place, other in enumerate(("transfer", {"sku_id": "A2"}, "beef", "2026-11-21")):
        assert idempotency_key(*[other if at == place else one for at, one in enumerate(said)]) != key
