"""A company's desk for tests: a real ledger in a folder of its own, people, agents, a clock that is set by hand, and wishes."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from decisions.desk import Desk
from decisions.person import Person
from decisions.proposal import Evidence, Proposal
from store.ledger import Ledger

MORNING = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
PLANNER = Person("paula", frozenset({"planner"}))
OTHER_PLANNER = Person("piet", frozenset({"planner"}))
APPROVER = Person("anna", frozenset({"approver"}))
OTHER_APPROVER = Person("arne", frozenset({"approver"}))
EXECUTIVE = Person("elsa", frozenset({"executive"}))
AUDITOR = Person("ida", frozenset({"auditor"}))
AGENT = Person("inventory-agent", is_agent=True)
BOTH = Person("berta", frozenset({"planner", "approver"}))
EVERYBODY = (PLANNER, OTHER_PLANNER, APPROVER, OTHER_APPROVER, BOTH, EXECUTIVE, AUDITOR, AGENT)
WISH = Proposal(
    kind="purchase",
    subject={"sku_id": "A1", "site_id": "LEJ", "supplier_id": "V1"},
    action={"sku_id": "A1", "site_id": "LEJ", "supplier_id": "V1", "qty": Decimal(240), "unit_cost": Decimal("3.75")},
    as_of=date(2026, 11, 14),
    build_id="b1",
    moved_amount=Decimal(900),
    gain_amount=Decimal(81),
    confidence_share=0.9,
    data_grade="A",
)


def wish(number: int = 1, *, moved: int | str = 900, **changed: Any) -> Proposal:
    """A purchase of a SKU with that number that moves so much money."""
    sku = f"A{number}"
    action = {**WISH.action, "sku_id": sku, "qty": Decimal(100), "unit_cost": Decimal(str(moved)) / 100}
    made = replace(WISH, subject={**WISH.subject, "sku_id": sku}, action=action, moved_amount=Decimal(str(moved)))
    return replace(made, **changed)


def on_shelf(on_hand: str, on_order: str = "0.0000") -> Evidence:
    """That a wish rests on what lies on the shelf."""
    row = {"on_hand_qty": on_hand, "on_order_qty": on_order}
    return Evidence("marts.stock_now", {"sku_id": "A1", "site_id": "LEJ"}, row, ("on_hand_qty", "on_order_qty"))


@dataclass
class Office:
    """A ledger, the time, and everybody's desk; each asks for a desk anew, as each page of each person does."""

    folder: Path
    now: datetime = MORNING
    build: Any = None
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger.open(None, self.folder)

    def desk(self, person: Person = PLANNER) -> Desk:
        return Desk(self.ledger, person, build=self.build, clock=lambda: self.now)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def export(self, *proposal_ids: str, batch: str = "B1", person: Person = APPROVER) -> Any:
        book = self.desk().book
        lines = [
            {"proposal_id": name, "kind": "purchase", **book.standing(name).proposal.action} for name in proposal_ids
        ]
        return self.desk(person).export(batch, lines, {"file_name": f"{batch}.csv"})

    def state(self, proposal_id: str) -> str:
        return self.desk().book.standing(proposal_id).state


class Shelf:
    """A build whose one shelf holds so much, or that has none; what `decisions.seen` asks of a build, and no more."""

    def __init__(self, on_hand: str | None, build_id: str = "b2"):
        import polars as pl

        self.build_id = build_id
        rows = [] if on_hand is None else [{"on_hand_qty": Decimal(on_hand), "on_order_qty": Decimal(0)}]
        schema = {"on_hand_qty": pl.Decimal(18, 4), "on_order_qty": pl.Decimal(18, 4)}
        self._rows = pl.DataFrame(rows, schema=schema)

    def query(self, sql: str, _params: list | None = None) -> Any:
        columns = sql.removeprefix("select ").split(" from ")[0].split(", ")
        return self._rows.select(columns)
