"""The panel on people's changes: verdicts in words for what is there, and what to do where nothing is."""

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from models.demand.value_added import CHANGES, MODEL, NAMES
from pipelines.graph import all_models
from pipelines.scoring import RUN, types
from store.company import create_company
from store.warehouse import Draft
from tests.unit.parts_visit import begin
from tests.worlds import mart_columns

OUTPUTS = {output.name: output.columns for output in all_models()["plan_help"].writes}


def row(planner: str, verdict: str, helped: float | None, low: float | None, high: float | None, **more) -> dict:
    names = dict.fromkeys(NAMES, "*") | {"planner_name": planner}
    figures = {
        "helped_share": helped,
        "helped_low_share": low,
        "helped_high_share": high,
        "helped_amount": helped and helped * 1000,
    }
    usual = {"cut_name": "planner", "compared_name": CHANGES, "plan_count": 50, "change_count": 40, "series_count": 10}
    return {**names, **usual, **figures, "verdict_name": verdict, "because_text": "Because.", **more}


def built(rows: list[dict], plans: int) -> None:
    """A company whose build holds these verdicts and so many plans."""
    company = create_company("acme", company_title="Acme")
    steps = [
        {"forecast_step_no": number, "forecast_step_name": name, "error_share": 1 / number, "plan_count": 50}
        for number, name in enumerate(("Seasonal naive", "Final plan"), 1)
    ]
    run = dict.fromkeys(RUN) | {"model_code": "plan_help", "model_name": MODEL.title, "run_status_code": "in use"}
    run |= {"because_text": f"0 of {plans} plans could be judged."}
    with Draft(company) as draft:
        begin(draft)
        draft.take("marts.model_health", pl.DataFrame([run], schema=dict.fromkeys(RUN, None)), types(tuple(RUN)))
        columns = ", ".join(f"{name} {kind}" for name, kind in mart_columns("marts.demand_plans").items())
        draft.execute(f"create table marts.demand_plans ({columns})")
        for number in range(plans):
            draft.execute(f"insert into marts.demand_plans (sku_id) values ('S{number}')")
        for name, found in (("scores.forecast_value_added", rows), ("scores.forecast_steps", steps if rows else [])):
            frame = pl.DataFrame(found, infer_schema_length=None) if found else pl.DataFrame()
            frame = frame.with_columns(pl.lit(None).alias(c) for c in OUTPUTS[name] if c not in frame.columns)
            draft.take(
                name,
                frame.select(OUTPUTS[name]) if found else frame.select(OUTPUTS[name]).clear(),
                types(OUTPUTS[name]),
            )
        draft.publish("b1")


def screen() -> None:
    from pages.parts import value_added
    from store.company import open_company
    from tests.unit.parts_visit import visit_to

    value_added.panel(visit_to(open_company("acme"), here="demand"))


def seen() -> str:
    drawn = AppTest.from_function(screen, default_timeout=30).run()
    assert not drawn.exception, drawn.exception
    told = [one.value for kind in (drawn.markdown, drawn.caption) for one in kind]
    return "\n".join([*told, *(one.proto.body for one in drawn.get("html"))])


def test_without_plans_it_says_which_extract_to_upload():
    built([], 0)
    page = seen()
    assert "Demand plans" in page
    assert "plan\\_starts\\_date" in page or "plan_starts_date" in page


def test_with_plans_none_of_which_can_be_judged_it_says_so():
    built([], 3)
    page = seen()
    assert "No plan could be judged yet." in page
    assert "0 of 3 plans could be judged" in page


def test_verdicts_are_words_with_their_interval():
    rows = [
        row("ana", "helps", 0.3, 0.1, 0.5),
        row("bo", "hurts", -0.2, -0.3, -0.1),
        row("cy", "no effect", 0.01, -0.1, 0.12),
    ]
    rows += [row("di", "too few", None, None, None, change_count=4), row("**eve** <b>", "no effect", -0.05, -0.1, 0.02)]
    rows += [row("ana", "helps", 0.3, 0.1, 0.5, cut_name="planner and reason", reason_code="promo")]
    built(rows, 50)
    page = seen()
    assert "40 changes\\: error 30.0% smaller (10.0% to 50.0%), worth €300. Because." in page
    assert "error 20.0% larger (10.0% to 30.0%), worth €200." in page
    assert "error 1.0% smaller (between 10.0% larger and 12.0% smaller)" in page
    assert "4 changes. Because." in page
    for word in ("helps", "hurts", "no effect", "too few to tell"):
        assert word in page
    assert "<b>" not in page.replace("<b></b>", "") or "\\<b" in page


@pytest.mark.parametrize("verdict", ["helps", "hurts", "no effect", "too few"])
def test_every_verdict_of_the_model_has_its_word_colour_and_sign(verdict):
    from pages.parts.value_added import VERDICTS

    word, colour, icon, sign = VERDICTS[verdict]
    assert word
    assert icon.startswith(":material/")
    assert len(sign) == 1
    assert len({entry[1] for entry in VERDICTS.values()}) == len({entry[3] for entry in VERDICTS.values()}) == 4
    assert colour
