"""The value page: its rows add up to the north star, its sentence says what is bankable, and the board page prints the same figures."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from decisions.ai_close import seal
from decisions.ai_folding import Closing
from pages.parts import ai_board, ai_bridge, ai_closed, ai_head, ai_measured, ai_must_be_true, ai_since_start, board
from pages.parts.figures import recomputed
from pages.parts.words import Words
from tests.ai_value_rows import COSTS, OCT, ROWS, SEP, built, cost, decision, measured, world
from tests.unit.parts_visit import grown

WORDS = Words("en_GB", "EUR", "Europe/Berlin")
amounts = st.decimals(-10_000, 10_000, places=4)
fine = st.decimals(0, 500, places=12)


@example(values=[], costs=[(Decimal("0.00004"), True)] * 3)  # fractions of a cent that are a cent's fraction together
@given(
    values=st.lists(st.tuples(amounts, amounts, st.booleans()), max_size=12),
    costs=st.lists(st.tuples(fine, st.booleans()), max_size=12),
)
def test_every_month_of_the_ledger_is_the_north_star_to_the_last_decimal(values, costs):
    rows = [
        decision(f"P{n}", OCT if late else SEP, str(gain), review=str(abs(paid)))
        for n, (gain, paid, late) in enumerate(values)
    ]
    spent = [
        cost(OCT if late else SEP, str(amount), source="usage", site=f"S{n}") for n, (amount, late) in enumerate(costs)
    ]
    made = world(rows, spent)
    names = (
        "benefit_amount",
        "error_cost_amount",
        "rework_amount",
        "review_amount",
        "ai_cost_amount",
        "net_earned_amount",
        "bankable_amount",
    )
    sums = ", ".join(f"sum({name}) as {name}" for name in names)
    ledger = made.query(f"select month_date, {sums} from marts.value_ledger group by month_date order by month_date")
    star = made.query(f"select month_date, {', '.join(names)} from marts.north_star order by month_date")
    assert ledger.rows() == star.rows()


def test_the_head_is_of_the_months_that_are_over_and_says_what_is_bankable():
    # With a handful of shelves there is no range.
    shelves = [decision(f"{name} Z{number}", SEP, "0", use_case=name) for name in (None, "UC3") for number in range(5)]
    visit = built([*ROWS, *shelves, decision("P9", dt.date(2026, 11, 1), "5000")])
    head = ai_head.head(visit)
    assert head is not None
    assert (head.since, head.until, head.months) == (SEP, dt.date(2026, 10, 31), 2)
    net = Decimal("100.5") - Decimal("21.75") - Decimal("12.3457") + 900 - Decimal("2.25") - 40 + 300 - 30 - 80
    assert head.figures["net_verified_value"].value == net
    assert head.figures["bankable_value"].value == 210 - 35 - 80 - Decimal("12.3457")
    assert head.measured == 175
    assert head.grades == {"A": Decimal(270), "B": Decimal(0), "C": net - 270 + Decimal("92.3457")}
    assert head.parts.filter(~pl.col("is_with_ai"))["net_earned_amount"].item() == Decimal("78.75") + Decimal("897.75")
    low, high = head.year
    assert low < float(net) < high
    for figure in (*head.figures.values(), head.last):
        assert recomputed(visit, figure) == figure.value
    assert ai_head.sentence(head, visit.words).startswith(
        f"{visit.words.money(net)} net in the two months to Oct 2026, 80% range "
    )
    assert "€82.65 of it is bankable" in ai_head.sentence(head, visit.words)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS[:3], "how sure that is cannot be told; none of it is bankable yet: it was seen without a comparison."),
        (
            [*ROWS[:3], measured(OCT, "labour minutes saved", "90", bankable="20")],
            "brings €20.00 at its low end, and AI cost €92.35.",
        ),
    ],
)
def test_what_was_not_compared_is_never_called_bankable(rows, said):
    visit = built(rows)
    assert ai_head.sentence(ai_head.head(visit), visit.words).endswith(said)


def test_without_a_month_that_is_over_there_is_no_head_and_the_page_says_so():
    assert ai_head.head(built([decision("P9", dt.date(2026, 11, 1), "5")], [])) is None


def test_cost_without_any_benefit_is_not_called_value_that_was_seen():
    visit = built([], COSTS)
    said = ai_head.sentence(ai_head.head(visit), visit.words)
    assert said.startswith("−€92.35 net in the two months to Oct 2026, how sure that is cannot be told;")
    assert said.endswith("so far only what AI cost is known, and nothing that it brought.")


def tabs() -> None:
    from pages.parts import ai_bridge, ai_closed, ai_head, ai_measured, ai_pilot, ai_trace, ai_worth, at_desk
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="value")
    head = ai_head.head(visit)
    ai_head.verdict(visit, head)
    ai_head.numbers(visit, head)
    ai_bridge.pictures(visit, head)
    ai_trace.rows(visit, head)
    for part in (ai_worth, ai_measured, ai_pilot):
        part.board(visit)
    ai_closed.board(visit, at_desk.desk(visit))


def test_without_any_ai_table_every_tab_says_what_to_do():
    grown()
    drawn = AppTest.from_function(tabs, default_timeout=60).run()
    assert not drawn.exception, drawn.exception
    said = "\n".join(one.value for one in drawn.markdown)
    for word in (
        "Upload an AI usage log",
        "No use case is registered",
        "Upload an AI work log",
        "order events",
        "No month is over",
    ):
        assert word in said, word


def screen() -> None:
    from pages.parts import ai_head
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    visit = visit_to(open_company("acme"), here="value")
    head = ai_head.head(visit)
    ai_head.verdict(visit, head)
    ai_head.numbers(visit, head)


def test_the_board_page_prints_the_figures_of_the_screen():
    visit = built()
    drawn = AppTest.from_function(screen, default_timeout=60).run()
    assert not drawn.exception, drawn.exception
    shown = "\n".join(one.proto.body for one in drawn.get("html"))
    sheet = ai_board.sheet(visit, ai_head.head(visit))
    page = board.paper(sheet, is_compressed=False)
    printed = " ".join(page.texts)
    assert drawn.subheader[0].value.replace("\\", "") == sheet.verdict
    assert sheet.verdict in printed
    assert len(sheet.figures) >= 6
    for title, value in sheet.figures:
        assert title in printed
        assert value in page.texts, f"{title}: {value}"
        assert f">{value}</div>" in shown or value.split(":")[0] in shown, (
            f"{title}: {value} is on paper and not on the screen"
        )
    for said in (*sheet.said, *(one.said for one in sheet.months), *sheet.asked, *(money for _, money in sheet.risks)):
        assert said in printed
    assert "build b1" in printed
    assert "net_verified_value" not in printed


def test_the_board_page_is_one_page_of_vectors_and_the_same_each_time():
    sheet = ai_board.sheet(visit := built(), ai_head.head(visit))
    once, again = board.drawn(sheet), board.drawn(sheet)
    assert once == again
    assert once.startswith(b"%PDF-")
    assert once.count(b"/Type /Page\n") == 1
    plain = board.paper(sheet, is_compressed=False).done()
    assert b"/Subtype /Image" not in plain
    assert plain.count(b" re f") >= len(sheet.steps)
    # What is within ASCII stands readable in the file: the words of the first footnote among it.
    assert b"Net verified value" in plain


def test_a_board_page_full_to_the_brim_stays_above_its_footnotes():
    sheet = ai_board.sheet(visit := built(), ai_head.head(visit))
    many = tuple(
        f"A decision that takes many words to tell, number {n}, and then some more words to fill a second line."
        for n in range(40)
    )
    page = board.paper(SimpleNamespace(**{**vars(sheet), "asked": many}), is_compressed=False)
    assert sum("A decision that takes" in text for text in page.texts) < len(many)
    assert any(text.startswith("Grades of evidence") for text in page.texts)


def test_the_way_from_gross_to_net_ends_at_the_net():
    visit = built()
    head = ai_head.head(visit)
    steps = ai_bridge.steps(ai_bridge.parts(visit, head))
    assert sum(one.amount for one in steps[:-1]) == pytest.approx(steps[-1].amount)
    assert steps[-1].amount == pytest.approx(float(head.amount("net_verified_value")))
    assert [one.begin + one.amount for one in steps[:-2]] == pytest.approx([one.begin for one in steps[1:-1]])


def test_shares_of_grades_are_of_the_value_and_none_without_value():
    head = SimpleNamespace(grades={"A": Decimal(30), "B": Decimal(0), "C": Decimal(70)})
    assert ai_bridge.by_grade(head)["value_share"].to_list() == [0.3, 0.0, 0.7]
    nothing = SimpleNamespace(grades=dict.fromkeys("ABC", Decimal(0)))
    assert ai_bridge.by_grade(nothing)["value_share"].to_list() == [None, None, None]


def case(name: str, verdict: str, grade: str, npv: float | None) -> dict[str, Any]:
    return {"use_case_name": name, "verdict_code": verdict, "evidence_grade": grade, "npv_amount": npv}


def test_the_board_is_asked_by_verdict_and_told_the_three_largest_risks():
    cases = [case("Copilot", "fund", "A", 90.0), case("Agent", "stop", "A", -50.0), case("Summaries", "cannot tell", "D", 3.0),
             case("Helper", "cannot tell", "B", 1.0), case("Bot", "stop", "D", -5.0)]  # fmt: skip
    asked = ai_board.decisions(cases, "Oct 2026")
    assert asked[0].startswith("Stop Agent and Bot:")
    assert asked[1].startswith("Fund Copilot:")
    assert asked[2].startswith("Measure Summaries ")
    assert asked[3].startswith("Leave Helper ")
    assert asked[4] == "Close Oct 2026, so that its figures stand."
    assert [amount for amount, _ in ai_board.largest([*ai_board.risks(cases), (7.0, "x"), (1.0, "y")])] == [
        50.0,
        7.0,
        5.0,
    ]


@pytest.mark.parametrize(
    ("low", "high", "turning", "said"),
    [
        (5, 9, None, "stays positive"),
        (-9, -5, None, "stays negative"),
        (-5, 9, 2.0, "pays only above 2"),
        (9, -5, 2.0, "pays only below 2"),
    ],
)
def test_what_must_be_true_says_on_which_side_it_pays(low, high, turning, said):
    row = {
        "low_number": 1.0,
        "high_number": 3.0,
        "worth_at_low_amount": low,
        "worth_at_high_amount": high,
        "turning_number": turning,
    }
    assert ai_must_be_true.must_be_true(row, WORDS).startswith(said)


def effect(measure: str, number: float | None, p: float | None, **more: Any) -> dict[str, Any]:
    known = None if number is None else 1.0
    return {"measure_name": measure, "effect_number": number, "low_number": number and number - 1, "high_number": known and number + 1,
            "p_share": p, "least_p_share": None, **more}  # fmt: skip


def test_an_effect_is_said_in_the_unit_of_its_measure_and_with_its_chance():
    assert ai_since_start.effect(effect("minutes per case", -4.17, 0.0), WORDS) == "−4.17 minutes (−5.17 to −3.17)"
    assert ai_since_start.effect(effect("cost per case", 2.0, 0.0), WORDS) == "€2.00 (€1.00 to €3.00)"
    row = {"measure_name": "error share", "effect_number": -0.0117, "low_number": -0.0245, "high_number": 0.0012}
    assert ai_since_start.effect(row, WORDS) == "−1.17 points (−2.45 to 0.12)"
    assert ai_measured.chance(effect("x", 1.0, None), WORDS) == "cannot be told"
    assert ai_measured.chance(effect("x", 1.0, 0.00002), WORDS) == "hardly (less than 0.1%)"
    assert ai_measured.chance(effect("x", 1.0, 0.2, least_p_share=0.05), WORDS) == (
        "yes (20.0%); below 5.0% it cannot show"
    )


def test_a_closed_month_shows_whether_its_seal_still_holds():
    at = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
    signed = {"who": "E.Rossi", "at": at.isoformat(), "reason": "The month is over."}
    content = {"month": "2026-10", "version": 1, **signed, "made_with": {"build_id": "b1"}, "figures": [
        {"figure_name": "net_earned_amount", "use_case_id": "*", "amount": "12.5000", "evidence_grade": ""}]}  # fmt: skip
    whole = Closing(
        month="2026-10", version=1, figures=tuple(content["figures"]), made_with=content["made_with"], seal=seal(content), who="E.Rossi",
        at=at, reason="The month is over.",
    )  # fmt: skip
    row = ai_closed.closed_row(whole, WORDS)
    assert (row["month_name"], row["net_amount"], row["bankable_amount"]) == ("Oct 2026", 12.5, None)
    assert row["seal_text"].startswith("as sealed")
    assert row["plan_text"] == "", "its plan was frozen with another month"
    planned = Closing(**{**vars(whole), "plan": {"months": ["2026-12", "2027-01", "2027-02"]}})
    assert ai_closed.closed_row(planned, WORDS)["plan_text"] == "Dec 2026 to Feb 2027"
    changed = Closing(**{**vars(whole), "figures": ({**content["figures"][0], "amount": "13.0000"},)})
    assert ai_closed.closed_row(changed, WORDS)["seal_text"].startswith("BROKEN")


def test_every_version_of_a_closed_month_is_shown_the_last_first():
    def version(number: int) -> Closing:
        at = dt.datetime(2026, 11, 3 + number, tzinfo=dt.UTC)
        figures = (
            {"figure_name": "net_earned_amount", "use_case_id": "*", "amount": f"{number}.0000", "evidence_grade": ""},
        )
        return Closing("2026-10", number, figures, {}, "", f"person {number}", at, "x")

    rows = ai_closed.closed_rows({"2026-10": [version(1), version(2)]}, WORDS)
    shown = [(row["version_name"], row["net_amount"], row["actor_name"], row["acted_at"].day) for row in rows]
    assert shown == [("2", 2.0, "person 2", 5), ("1, replaced", 1.0, "person 1", 4)]
