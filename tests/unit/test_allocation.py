"""What each rule gives, what the optimum is worth, what is told of it, and what happens with locked cells."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from errors import Refusal
from models import solver
from models.allocation import compare, rules
from models.allocation.rules import RULES, Claims, given, one_more, worth_of
from models.allocation.scarce import MODEL
from models.model import Asked

TODAY = dt.date(2026, 11, 14)


def claims(
    supply=10.0, wanted=(6.0, 5.0, 4.0), floor=(0.0, 4.0, 0.0), margin=(5.0, 1.0, 3.0), tier=(2, 0, 1), locked=None
):
    """Three customers at one shelf; the first came first."""
    count = len(wanted)
    return Claims(
        np.array([supply]), np.ones(1), np.zeros(count, int), np.array(wanted), np.array(floor), np.array(margin),
        np.array(margin), np.array(tier), np.arange(count), np.full(count, np.nan) if locked is None else np.array(locked),
    )  # fmt: skip


def test_each_rule_serves_whom_its_name_says():
    got = {rule: given(claims(), rule).tolist() for rule in RULES}
    assert got == {
        "first come": [6, 4, 0],
        "tier": [1, 5, 4],
        "margin": [6, 0, 4],
        "contract floor": [6, 4, 0],
        "proportional": [4, 3, 3],
        "fair share": [4, 3, 3],
        "optimum": [6, 4, 0],
    }


def test_the_price_of_one_more_unit_is_what_the_next_in_line_would_get():
    assert one_more(claims(), "optimum").tolist() == [3.0]
    assert one_more(claims(supply=99.0), "optimum").tolist() == [0.0]


def test_the_optimum_is_the_linear_programs():
    """The dual of the stock row is the price of one more unit, too."""
    from scipy.sparse import csr_array

    some = claims(supply=11.0)
    slopes = np.concatenate([some.worth * (1 + rules.FLOOR_WEIGHT), some.worth])
    widths = np.concatenate([some.floors, some.wanted - some.floors])
    solved = solver.linear(-slopes, upper=(csr_array(np.ones((1, 6))), some.supply), most=widths)
    assert worth_of(some, given(some, "optimum")).sum() == pytest.approx(-solved.objective)
    assert one_more(some, "optimum")[0] == pytest.approx(-solved.upper_prices[0])


def test_a_floor_that_cannot_be_held_is_told_and_not_hidden():
    some = claims(supply=3.0)
    answers = compare.shared(some, tuple(RULES))
    names = pl.DataFrame({"sku_id": ["A"], "site_id": ["X"]})
    told = compare.shelves(names, some, answers, ["a", "b", "c"])
    missing = {rule: (4 - given(some, rule)[1]) for rule in RULES}
    assert dict(told.select("rule_name", "floor_short_qty").iter_rows()) == missing
    assert told.filter(rule_name="first come")["because_text"][0].endswith("1 contract floor is missed by 4.")


def test_who_loses_against_first_come_is_named():
    told = compare.shelves(
        pl.DataFrame({"sku_id": ["A"], "site_id": ["X"]}),
        claims(),
        compare.shared(claims(), tuple(RULES)),
        ["a", "b", "c"],
    )
    tier = told.filter(rule_name="tier").row(0, named=True)
    assert (tier["loser_count"], tier["lost_qty"]) == (1, 5)
    assert "less than by first come: a by 5" in tier["because_text"]


def test_locked_cells_stay_and_the_rest_is_shared_anew():
    for rule in RULES:
        got = given(claims(locked=[np.nan, np.nan, 4.0]), rule)
        assert got[2] == 4
        assert got.sum() == 10


@pytest.mark.parametrize(
    ("locked", "said"), [([7.0, np.nan, np.nan], "above what the line wants"), ([6, 5, np.nan], "more than there is")]
)
def test_a_lock_above_the_wish_or_the_stock_is_refused(locked, said):
    with pytest.raises(Refusal, match=said):
        given(claims(locked=locked), "optimum")


def test_goods_by_weight_are_shared_to_the_gram():
    some = Claims(
        np.array([1.0]), np.array([0.001]), np.zeros(3, int), np.ones(3), np.zeros(3), np.ones(3), np.ones(3),
        np.zeros(3), np.arange(3), np.full(3, np.nan),
    )  # fmt: skip
    assert given(some, "fair share").tolist() == pytest.approx([0.334, 0.333, 0.333])


def test_gini_and_jain_are_those_of_the_textbook():
    assert compare.gini(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(0.25)
    assert compare.jain(np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx(100 / 120)


def table(rows, **columns):
    """A frame by its columns' types: text, number, day."""
    types = {"text": pl.String, "number": pl.Float64, "day": pl.Date}
    return pl.DataFrame(rows, schema={name: types[kind] for name, kind in columns.items()}, orient="row")


def frames(lines, stock, held=(), owed=None):
    """Open lines `(order, sku, customer, qty, price)` in the order in which they came, all at site X."""
    rows = [
        (
            *(order, "1", sku, "X", customer, None, dt.datetime(2026, 11, 1 + n, tzinfo=dt.UTC), TODAY, TODAY),
            *(qty, qty, price, 1.0, price * qty),
        )
        for n, (order, sku, customer, qty, price) in enumerate(lines)
    ]
    names, cell = MODEL.reads["marts.order_lines"], {"sku_id": "text", "site_id": "text"}
    holds = [(order, "CREDIT" if order in held else None) for order, *_ in lines]
    owes = [(customer, *each) for customer, each in (owed or {}).items()]
    return {
        "marts.order_lines": pl.DataFrame(rows, schema=names, orient="row", schema_overrides={"tier_code": pl.String}),
        "marts.stock_now": table([(sku, "X", float(qty)) for sku, qty in stock], **cell, on_hand_qty="number"),
        "marts.sku_margins": table([], **cell, unit_margin_amount="number", unit_net_amount="number"),
        "marts.purchase_lines": table([], **cell, due_date="day", open_qty="number"),
        "core.customers": table(owes, customer_id="text", minimum_fill_share="number", late_penalty_share="number"),
        "core.orders": table(holds, order_id="text", hold_code="text"),
        "raw.assumptions": table(
            [("lost_sale_share", 0.5), ("waiting_cost_share_per_day", 0.01)],
            assumption_name="text",
            assumed_number="number",
        ),
    }


def test_only_shelves_on_which_lines_want_more_than_is_there_are_shared_out():
    scored = MODEL.score(
        frames(
            [("O1", "A", "a", 4.0, 3.0), ("O2", "A", "b", 4.0, 3.0), ("O3", "B", "a", 4.0, 3.0)], [("A", 5), ("B", 9)]
        ),
        Asked(TODAY, 1),
    )
    assert scored.tables["scores.allocation_rules"]["sku_id"].unique().to_list() == ["A"]
    given_by = scored.tables["scores.allocations"].group_by("rule_name").agg(pl.col("given_qty").sum())
    assert given_by["given_qty"].unique().to_list() == [5]
    assert scored.tables["scores.allocation_rules"].filter("is_suggested")["rule_name"].to_list() == ["optimum"]


def test_lines_of_held_orders_claim_nothing():
    world = [("O1", "A", "a", 4.0, 3.0), ("O2", "A", "b", 4.0, 3.0)]
    scored = MODEL.score(frames(world, [("A", 5)], held=("O1",)), Asked(TODAY, 1))
    assert scored.tables["scores.allocations"].is_empty()
    assert scored.because == "Nothing to share out: nowhere do open lines want more than is there."


def test_a_unit_is_worth_lost_margin_penalty_and_waiting():
    """Price 3, cost 1: half of 2 is lost; 10 % of 3 is owed; half of the rest waits 14 days at 1 % a day of 3."""
    scored = MODEL.score(frames([("O1", "A", "a", 4.0, 3.0)], [("A", 1)], owed={"a": (0.75, 0.1)}), Asked(TODAY, 1))
    line = scored.tables["scores.allocations"].filter(rule_name="optimum").row(0, named=True)
    assert line["unit_worth_amount"] == pytest.approx(1.0 + 0.3 + 0.5 * 0.01 * 14 * 3)
    assert (line["floor_qty"], line["is_floor_broken"]) == (3, True)


def test_the_rival_is_first_come_alone():
    scored = MODEL.score(frames([("O1", "A", "a", 4.0, 3.0)], [("A", 1)]), Asked(TODAY, 0))
    assert scored.tables["scores.allocation_rules"]["rule_name"].to_list() == ["first come"]


def test_without_stock_nothing_is_said():
    scored = MODEL.score(frames([("O1", "A", "a", 4.0, 3.0)], []), Asked(TODAY, 1))
    assert scored.because == "Nothing to share out: no stock is known."
