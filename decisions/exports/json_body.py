"""A batch as one JSON document: the body of a webhook call, with control totals that its receiver can count again."""

import json
from typing import Any

from decisions.exports.fields import cell_texts, line_of_texts
from decisions.exports.lines import Batch, ExportLine, plain

SCHEMA = "crossdock.export.1"


def written(batch: Batch) -> bytes:
    """The document in UTF-8, keys sorted, so that the same batch is the same bytes; quantities and money are strings of digits.

    >>> from datetime import datetime
    >>> from decimal import Decimal
    >>> line = ExportLine("purchase-1", "purchase", "k1", sku_id="A1", qty=Decimal(240), unit_price=Decimal("1.25"))
    >>> batch = Batch("purchase", "Acme", datetime.fromisoformat("2026-11-20T09:00:00Z"), (line,))
    >>> json.loads(written(batch))["control_totals"]
    {'row_count': 1, 'total_amount': '300', 'total_qty': '240'}
    """
    counted = batch.totals
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "batch_id": batch.batch_id,
        "kind": batch.kind,
        "company_title": batch.company_title,
        "currency_code": batch.currency_code,
        "created_at": batch.created_at.isoformat(),
        "policy_version": batch.policy_version,
        "control_totals": {
            "row_count": counted.row_count,
            "total_qty": plain(counted.total_qty),
            "total_amount": plain(counted.total_amount),
        },
        # What an action does not have is left out rather than said to be empty.
        "lines": [{name: text for name, text in cell_texts(line).items() if text} for line in batch.lines],
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def read(content: bytes) -> tuple[ExportLine, ...]:
    """The lines that such a document holds.

    Errors: ValueError where it is no JSON; KeyError where it is another document.
    """
    # A unit that was left out was empty; only in Python has a line one of its own accord.
    return tuple(line_of_texts({"unit_code": "", **line}) for line in json.loads(content)["lines"])
