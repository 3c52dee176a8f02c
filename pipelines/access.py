"""Who may come in, as a refresh finds it: what an act says of it without a name, when it differs from the last, and the table of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date
from typing import Any

from store.access_review import Held, held_by_list_of
from store.company import Company
from store.warehouse import Draft

KIND = "access"
COLUMNS = (
    "person_no bigint, role_code varchar, signs_in_code varchar, is_own_name boolean, added_date date, signed_in_date date, "
    "looked_date date, listed_date date"
)


def news(company: Company, noted: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What an act is to say of the roles held in the company; None where the last one says it, or nobody has an account.

    Args:
        noted: what acts have said so far, the last at the end.

    Errors: a Refusal for a list of people that cannot be read here.

    Sign-ins are kept to the month: a build is not made anew because somebody came in.
    """
    held = held_by_list_of(company.folder.parent, company.name)
    if held is None:
        return None
    found = {"roles": [_said(one) for one in held]}
    return None if found == (noted[-1] if noted else {"roles": []}) else found


def make(draft: Draft, acts: Iterable[Mapping[str, Any]]) -> None:
    """`raw.access_grants`, made in the draft: one row for each role that somebody held when people were last noted."""
    last = [act for act in acts if act["kind"] == KIND][-1:]
    rows = (_row(said, act["at"].astimezone(UTC).date()) for act in last for said in act["payload"]["roles"])
    draft.fill("raw.access_grants", rows, COLUMNS)


def _row(said: Mapping[str, Any], listed: date) -> list[Any]:
    facts = [said[name] for name in ("person", "role", "signs_in", "is_own")]
    return [*facts, *(_day(said[name]) for name in ("added_on", "signed_in_month", "looked_on")), listed]


def _said(held: Held) -> dict[str, Any]:
    """A role as the act says it; days are those of UTC."""
    signed_in, looked = held.signed_in_at, held.looked_at
    return {
        "person": held.person_no,
        "role": held.role,
        "signs_in": held.signs_in,
        "is_own": held.is_own,
        "added_on": held.added_on.isoformat(),
        "signed_in_month": signed_in.date().replace(day=1).isoformat() if signed_in else None,
        "looked_on": looked.date().isoformat() if looked else None,
    }


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
