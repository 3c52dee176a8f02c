"""Posting what waits for the company's webhook: every batch that is due, once, and what came of it as an act."""

from collections.abc import Callable
from dataclasses import dataclass

from decisions.desk import Desk
from decisions.exports.outbox import Export, due, outbox
from decisions.exports.webhook import SENT, Delivery, Webhook, send, webhook_of
from errors import Refusal
from store import exports
from store.company import Company


@dataclass(frozen=True)
class Posted:
    """One batch and what came of posting it."""

    export: Export
    delivery: Delivery


def deliver(
    desk: Desk,
    company: Company,
    *,
    post: Callable[[Webhook, str, bytes], Delivery] = send,
) -> list[Posted]:
    """What came of each batch that was due, the longest waiting first; nothing is due that has arrived or failed for good.

    What could not be delivered is due again later (`decisions.exports.outbox.wait_after`), under the same key, so that a receiver
    which has it after all knows it again.

    Errors: a Refusal where the company has no webhook, its settings are wrong, the secret is not set, or a file was changed.
    """
    hook = webhook_of(company.webhook)
    if hook is None:
        raise Refusal(
            "Nothing was sent.",
            f"{company.name} has no webhook.",
            "Name one in company.yml: webhook: {url, secret_env, hosts}.",
        )
    done = []
    for one in due(outbox(desk.book.export_acts).values(), desk.now()):
        content = exports.kept(company, one.file_name, one.file_hash)
        delivery = post(hook, one.key, content)
        kind = "export_sent" if delivery.state == SENT else "export_failed"
        desk.told_of_export(kind, one.batch_id, one.proposal_ids, delivery.said)
        done.append(Posted(one, delivery))
    return done
