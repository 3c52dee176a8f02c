"""How it was measured: what a reader sees before and after the start, which baselines of order work there are, and which are missing."""

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.ai_economics.effects import score
from models.ai_economics.handling import baseline
from models.model import Asked
from pages.parts import ai_order_baselines, ai_since_start
from pages.parts.words import Words
from tests.ai_builds import built, held, scored
from tests.ai_case_frames import AS_OF, cases, frames
from tests.unit.parts_visit import grown, visit_to
from tests.worlds import World, fill, mart, world

WORDS = Words("en_GB", "EUR", "Europe/Berlin")
STAGGERED: dict[str, Any] = {"starts": [14, 14, 18, 18, 22, 22, None, None], "assignment": "staggered"}
LOT: dict[str, Any] = {"starts": [16] * 3, "lot": 0.6, "assignment": "random", "a_week": 25}
AT_ONCE: dict[str, Any] = {"starts": [16] * 4, "assignment": "chosen"}


def measured(log: pl.DataFrame, *more: World):
    """A visit to a company with this log: its effects by the model, its weeks by no rows, and further marts."""
    tables = scored(score(frames(log), Asked(AS_OF, 1)).tables)
    marts = [held(one, name) for one, name in zip(more, ("marts.ai_worth", "marts.value_ledger"), strict=False)]
    return built(
        {
            **tables,
            **held(world("marts.ai_case_weeks"), "marts.ai_case_weeks"),
            **{k: v for one in marts for k, v in one.items()},
        }
    )


def drifting() -> pl.DataFrame:
    """Sites that begin later and whose minutes fall a little each week before they do."""
    log = cases([16, 16, 20, 20, None, None, None], assignment="staggered", seed=5)
    week = (pl.col("opened_at") - log["opened_at"].min()).dt.total_days() // 7
    begins = pl.col("site_id").is_in(["S00", "S01", "S02", "S03"])
    return log.with_columns(
        pl.when(begins).then(pl.col("hands_on_minutes") - week * 0.25).otherwise("hands_on_minutes")
    )


def screen() -> None:
    from pages.parts import ai_measured
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    ai_measured.board(visit_to(open_company("acme"), here="value"))


def drawn() -> AppTest:
    found = AppTest.from_function(screen, default_timeout=60).run()
    assert not found.exception, found.exception
    return found


def said(page: AppTest) -> str:
    return "\n".join([*(one.proto.body for one in page.get("html")), *(one.value for one in page.markdown)])


def since_start(page: AppTest) -> dict:
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    return next(chart for chart in charts if chart["layout"]["xaxis"].get("title", {}).get("text"))


def test_a_staggered_roll_out_shows_flat_weeks_before_and_the_effect_after():
    """Four minutes are saved on every case: all points after the start lie there, none before it does."""
    measured(cases(**STAGGERED))
    page = drawn()
    before, after = since_start(page)["data"][:2]
    assert max(before["x"]) < 0 < min(after["x"])
    assert 0 in since_start(page)["layout"]["xaxis"]["tickvals"]
    assert all(-4.9 < minutes < -3.1 for minutes in after["y"])
    assert all(abs(minutes) < 1 for minutes in before["y"])
    words = said(page)
    assert (
        f"Flat before the start, so the comparison is fair: {len(before['y'])} of {len(before['y'])} points hold nought."
        in words
    )
    assert f"{len(after['y'])} of {len(after['y'])} points lie wholly below nought" in words
    assert "begun site by site" in str([one.value.to_dict() for one in page.table])


def running() -> tuple[World, World]:
    """Four use cases that run and one that does not, and decisions of two agents of which one was taken up."""
    worth = [
        {"use_case_id": "UC3", "use_case_name": "Order copilot", "evidence_grade": "A", "is_taken_up": True},
        {"use_case_id": "UC4", "use_case_name": "Order agent", "evidence_grade": "C", "is_taken_up": True},
        {"use_case_id": "UC2", "use_case_name": "Summaries", "evidence_grade": "D", "is_taken_up": True,
         "measured_because_text": "No case without AI was recorded."},
        {"use_case_id": "A5", "use_case_name": "Service agent", "standing_code": "technically active", "is_taken_up": False},
        {"use_case_id": "T1", "use_case_name": "Dispatch helper", "evidence_grade": "D", "is_taken_up": False},
    ]  # fmt: skip
    told: dict[str, Any] = {"earning_source_name": "decision", "is_over": True, "is_with_ai": True}
    months = {"new": dt.date(2026, 10, 1), "old": dt.date(2025, 10, 1)}
    ledger = [
        {
            **told,
            "ledger_row_key": "P1",
            "use_case_id": "UC4",
            "use_case_name": "Order agent",
            "month_date": months["new"],
        },
        {
            **told,
            "ledger_row_key": "P2",
            "use_case_id": "UC4",
            "use_case_name": "Order agent",
            "month_date": months["new"],
        },
        {
            **told,
            "ledger_row_key": "P3",
            "use_case_id": "UC4",
            "use_case_name": "Order agent",
            "month_date": months["old"],
        },
        {**told, "ledger_row_key": "P4", "use_case_name": "agents not taken up", "month_date": months["new"]},
        {
            **told,
            "ledger_row_key": "P5",
            "use_case_name": "people alone",
            "month_date": months["new"],
            "is_with_ai": False,
        },
    ]
    worth = [{"standing_code": "not in use", **one} for one in worth]
    return mart("marts.ai_worth", worth), mart("marts.value_ledger", ledger)


def test_every_running_use_case_is_listed_with_its_grade_and_why_it_was_not_measured():
    measured(cases(**LOT), *running())
    page = drawn()
    listed = page.table[0].value
    found = {
        name: (grade, minutes, count)
        for name, grade, minutes, count in listed.iloc[:, [0, 1, 2, 5]].itertuples(index=False)
    }
    assert list(found) == ["Order copilot", "Order agent", "agents not taken up", "Service agent", "Summaries"]
    assert found["Order copilot"][0] == "A"
    assert found["Order copilot"][1].startswith("−")
    assert found["Order agent"] == ("C", "not measured", "2 decisions")  # the one of last year is not claimed here
    assert found["agents not taken up"] == ("C", "not measured", "1 decision")
    assert found["Summaries"] == ("D", "not measured", "–")
    words = said(page)
    assert "Its 2 decisions that matured are claimed against doing nothing (grade C)." in words
    assert "No case without AI was recorded." in words
    assert "so nothing is claimed." in words
    assert "Dispatch helper" not in words


def test_without_any_work_log_the_use_cases_that_run_are_listed_all_the_same():
    worth, ledger = running()
    built({**held(worth, "marts.ai_worth"), **held(ledger, "marts.value_ledger")})
    page = drawn()
    assert "there is no work log" in said(page)
    assert page.table[0].value.iloc[:, 0].to_list() == [
        "Order copilot", "Order agent", "agents not taken up", "Service agent", "Summaries",
    ]  # fmt: skip


def test_sites_that_went_apart_before_the_start_are_not_called_fair():
    measured(drifting())
    words = said(drawn())
    assert "yet taken together the weeks went somewhat apart (chance 2.9%)" in words
    assert "the comparison is fair" not in words


@pytest.mark.parametrize(
    ("chance", "said_so"),
    [(0.5, "Flat before"), (0.05, "Flat before"), (0.03, "Hardly flat"), (0.01, "Hardly flat"), (0.009, "Not flat")],
)
def test_a_picture_is_as_flat_as_the_grade_says(chance, said_so):
    points = {
        "effect_number": [0.1, -4.0],
        "low_number": [-0.5, -4.5],
        "high_number": [0.7, -3.5],
        "is_before": [True, False],
    }
    row = {"design_code": "staggered", "before_p_share": chance}
    assert ai_since_start.read(pl.DataFrame(points), row, WORDS).startswith(said_so)


def test_cases_by_lot_need_no_weeks_before_and_no_start_is_drawn():
    measured(cases(**LOT))
    page = drawn()
    assert "by lot, so no weeks before are needed" in said(page)
    chart = since_start(page)
    assert not chart["data"][0]["x"]
    assert [shape["type"] for shape in chart["layout"]["shapes"]] == ["line"]


def test_sites_that_all_began_at_once_have_no_picture_and_the_panel_says_why():
    measured(cases(**AT_ONCE))
    assert ai_since_start.NOTHING in said(drawn())


@pytest.mark.parametrize(
    ("high", "p", "words"),
    [
        ([0.5, 1.0], 0.4, "2 of 2 points hold nought"),
        ([-0.5, 1.0], 0.2, "fair: 1 of 2 points holds nought"),
        ([0.5, 1.0], None, "whether that is flat cannot be told"),
    ],
)
def test_what_lay_before_the_start_is_counted_and_judged_by_the_test_of_all_weeks(high, p, words):
    points = pl.DataFrame(
        {"effect_number": [-0.7, 0.2], "low_number": [-1.0, -1.0], "high_number": high, "is_before": [True, True]}
    )
    assert words in ai_since_start.read(points, {"design_code": "staggered", "before_p_share": p}, WORDS)


def test_figures_stand_in_the_unit_of_their_measure():
    point = {"effect_number": -0.06, "low_number": -0.09, "high_number": -0.02, "week_no": 4}
    assert ai_since_start.effect({**point, "measure_name": "error share"}, WORDS) == "−6 points (−9 to −2)"
    assert ai_since_start.effect({**point, "high_number": None, "measure_name": "minutes per case"}, WORDS).endswith(
        "to not known)"
    )


def weeks(site: str, count: int) -> pl.DataFrame:
    rows = pl.DataFrame({"site_id": [site] * count}).with_columns(
        week_date=pl.date_range(
            pl.date(2026, 1, 5), pl.date(2026, 1, 5) + pl.duration(weeks=count - 1), "1w", eager=False
        )
    )
    numbers = {"touch_count": 20.0, "touches_per_order_number": 2.0, "touchless_share": 0.1, "order_hands_on_minutes": 12.0,
               "median_minutes": 11.0, "trimmed_minutes": 11.5, "order_active_minutes": 30.0}  # fmt: skip
    counts = {"order_count": 10, "touchless_order_count": 1, "timed_order_count": 10}
    return rows.with_columns(*(pl.lit(value).alias(name) for name, value in (numbers | counts).items()))


def test_baselines_say_which_are_long_enough_and_which_sites_have_none():
    made = world("marts.orders")
    orders = [{"order_id": str(n), "site_id": site} for n, site in enumerate(("HAM", "LEJ", "MUC"))]
    fill(made, "marts.orders", orders)
    found = baseline(pl.concat([weeks("HAM", 20), weeks("LEJ", 5)]), seed=1)
    visit = built({**scored({"scores.order_baselines": found}), **held(made, "marts.orders")})
    rows = {row["site_id"]: row for row in ai_order_baselines.rows(visit).iter_rows(named=True)}
    assert rows["HAM"]["because_text"] == "long enough"
    assert rows["HAM"]["minutes_text"] == "12 (12 to 12)"
    assert "too short" in rows["LEJ"]["because_text"]
    assert rows["LEJ"]["touches_text"] == "2, interval not known"
    assert rows["MUC"]["because_text"].startswith("missing: no order of it has a logged event")
    page = drawn()
    assert "No effect was measured" in said(page)
    assert "no order of it has a logged event" in str([one.value.to_dict() for one in page.table])


def test_without_any_table_of_ai_nothing_breaks_and_both_say_what_to_upload():
    visit_to(grown())
    words = said(drawn())
    assert "Upload an AI work log" in words
    assert "Upload order events" in words


def test_a_company_whose_models_said_nothing_is_told_the_same():
    made = world("marts.ai_case_weeks", "marts.orders")
    built(
        held(
            made,
            "marts.ai_case_weeks",
            "marts.orders",
            "scores.ai_effects",
            "scores.ai_effect_weeks",
            "scores.order_baselines",
        )
    )
    words = said(drawn())
    assert "No effect was measured" in words
    assert "No order has a logged event" in words
