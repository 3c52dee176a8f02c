"""Days of work that a register asks for: what is missing costs the day rate, and a blank is not nought."""

from decimal import Decimal

import pytest

from decisions.registers import Kept
from models.ai_economics.register_verdict import GAP, NOT_COUNTED
from pages.parts import register_row, registers
from pages.parts.ask import mart
from tests.ai_builds import built, held
from tests.desks import EXECUTIVE, Office
from tests.unit.test_registers import AS_OF, WHY, acts, row_of
from tests.worlds import world


@pytest.fixture
def office(tmp_path) -> Office:
    return Office(tmp_path / "acme")


def test_missing_days_are_not_counted_before_somebody_says_how_many_are_there_and_cost_the_day_rate_then(
    office: Office,
):
    """A blank is not nought: neither where nobody has kept the row, nor where whoever kept it left it blank."""
    rate = (
        world("marts.registers", as_of=AS_OF)
        .query("select assumed_number from raw.assumptions where assumption_name = 'ai_day_rate'")
        .item()
    )
    name = "capability_gap/data_integration"
    before = row_of(world("marts.registers", as_of=AS_OF), name)
    assert (before["monthly_cost"], before["cost_basis_text"]) == (None, NOT_COUNTED)
    for there, cost, basis in (
        (None, None, NOT_COUNTED),
        (0, Decimal(str(4 * rate)), GAP),
        (3, Decimal(str(rate)), GAP),
    ):
        office.desk(EXECUTIVE).keep_register(name, Kept(status="planned", owner="head of data", held=there), WHY)
        after = row_of(world("marts.registers", as_of=AS_OF, acts=acts(office)), name)
        assert (after["monthly_cost"], after["held_number"], after["cost_basis_text"]) == (cost, there, basis)


def test_the_page_says_that_days_are_not_counted_yet():
    visit = built(held(world("marts.registers", as_of=AS_OF), "marts.registers"))
    found = mart(visit, "marts.registers")
    row = found.filter(row_code="data_integration").row(0, named=True)
    told = register_row.described(visit, row)
    assert (told["There"], told["Cost a month"]) == ("not counted; 4 days a month are needed", NOT_COUNTED)
    assert registers.cost_said(visit, found).endswith("as far as rows name one; 3 rows of missing days not counted yet")
    counted = row | {"held_number": 1.0, "monthly_cost": Decimal(100), "cost_basis_text": GAP}
    assert register_row.described(visit, counted)["There"] == "1 of 4 days a month"
