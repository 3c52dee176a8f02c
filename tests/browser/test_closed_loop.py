"""The loop that closes: a stockout foreseen, the supplier asked, an order exported, goods in, a customer told, and its worth."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from decisions.clock import clock_of
from decisions.desk import Desk
from decisions.exports.webhook import SIGNATURE_HEADER, is_signed
from decisions.person import Person as PlannerAtDesk
from decisions.wish import wish
from pipelines.flow import ledger_of
from store.company import open_company
from store.warehouse import current_build
from tests.browser.conftest import obeys
from tests.browser.driver import Person
from tests.browser.personas import APPROVER, PLANNER, acts_as, presses
from tests.browser.server import Server, serving
from tests.unit.test_webhook import SECRET, receiver

NEWS = ("Please confirm the day", "Part of your order", "Purchase line", "units came in", "Against doing nothing")
SECOND_APPROVER = "Tessa Brandt, approver"
# A case in which a stockout is foreseen, and against which one may write to the supplier, order (for less than wants two approvers),
# and tell a customer.
STOCKOUT = """
select options.case_id,
    max(options.horizon_days) filter (where options.action_kind_code = 'purchase') as horizon_days,
    max(options.option_text) filter (where options.action_kind_code = 'supplier_message') as asked_text,
    max_by(options.option_text, options.gain_amount) filter (where options.action_kind_code = 'purchase') as ordered_text,
    max_by(options.option_text, options.gain_amount) filter (where options.action_kind_code = 'customer_message') as told_text
from marts.case_options as options
inner join marts.cases as cases on cases.case_id = options.case_id and cases.is_shown and cases.site_id is not null
where options.case_id in (select case_id from marts.case_signals where signal_kind_code = 'stockout_ahead')
group by options.case_id
having max(options.moved_amount) < 15000 and count(distinct options.action_kind_code) filter
    (where options.action_kind_code in ('supplier_message', 'purchase', 'customer_message')) = 3
order by horizon_days, options.case_id
"""


def test_the_loop_closes_on_one_screen_from_a_forecast_stockout_to_what_came_of_it(
    office: Server, somebody: Callable[..., Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case, days, wishes = _stockout(tmp_path / "home", monkeypatch)
    planner = acts_as(somebody(office).goes_to(f"/cases?case={case}", charts=2), PLANNER)
    planner.sees("What could be done", "What follows from it", "If nobody acts").sees_no_error()
    for wanted in wishes:
        planner.goes_to(f"/cases?show={'open' if wanted == wishes[0] else 'decided'}&case={case}", charts=2)
        _chooses(planner, wanted)
        presses(planner, "a").sees("Proposed:").sees_no_error()
    approver = acts_as(planner.goes_to(f"/cases?show=decided&case={case}", charts=2), APPROVER)
    for _ in wishes:
        presses(approver, "y").sees("Approved:").sees_no_error()
    if approver.page.get_by_text("It needs the approval of 2 different people").count():
        presses(acts_as(approver, SECOND_APPROVER), "y").sees("Approved:").sees_no_error()
    planner = acts_as(approver, PLANNER)
    for _ in wishes:
        presses(planner, "x").sees("Exported as").sees_no_error()
    obeys(tmp_path / "home", f"pipelines demo --advance {days + 2}")
    planner.goes_to(f"/cases?show=came&case={case}").sees(*NEWS).sees_no_error()


def _chooses(person: Person, wish: str) -> None:
    """Walk through the options by key until it is the one that is looked at."""
    for _ in range(20):
        if wish in person.page.locator(".st-key-panel_case .cd-list").first.inner_text():
            return
        presses(person, "n")
    pytest.fail(f"no option says {wish!r}")


def _stockout(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, int, list[str]]:
    """The case, after how many days one knows what came of it, and the wishes: ask the supplier, order, tell the customer."""
    monkeypatch.setenv("CROSSDOCK_HOME", str(home))
    build = current_build(open_company("demo"))
    assert build is not None
    case, days, *wishes = build.query(STOCKOUT).row(0)
    return case, int(days), wishes


def test_what_is_approved_is_posted_to_the_erp_and_what_it_answered_is_told(
    company_home: Path, tmp_path: Path, somebody: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    shutil.copytree(company_home / "demo", home / "demo")
    monkeypatch.setenv("CROSSDOCK_HOME", str(home))
    environment = {"CROSSDOCK_HOME": str(home), "CROSSDOCK_VIEWER": "K.Lindqvist", "ERP_SECRET": SECRET}
    with receiver(503) as erp, serving(tmp_path, environment=environment) as office:
        url = f"http://127.0.0.1:{erp.server_port}/in"
        hook = {"webhook": {"url": url, "secret_env": "ERP_SECRET", "hosts": ["127.0.0.1"]}}
        file = home / "demo" / "company.yml"
        file.write_text(f"{file.read_text('utf-8')}\n{yaml.safe_dump(hook)}", "utf-8")
        _approves_something()
        planner = acts_as(somebody(office).goes_to("/decisions?tab=export").sees("Ready to leave"), PLANNER)
        planner.page.get_by_role("combobox", name="Format").first.click()
        planner.page.get_by_role("option", name="Post it to the ERP").click()
        planner.waits().page.get_by_role("button", name="Export").first.click()
        planner.waits().sees("could not be posted yet", "Post what is due").sees_no_error()
    assert len(erp.calls) == 1
    assert is_signed(erp.calls[0][1][SIGNATURE_HEADER], SECRET, erp.calls[0][2], datetime.now(UTC))


def _approves_something() -> None:
    """One wish of the demo's cases that the policy lets through at once, proposed by a planner."""
    company = open_company("demo")
    build = current_build(company)
    assert build is not None
    person = PlannerAtDesk("K.Lindqvist", frozenset({"planner"}))
    desk = Desk(ledger_of(company), person, build=build, clock=clock_of(company, build))
    options = build.query(
        "select * from marts.case_options where action_kind_code in ('transfer', 'stock_parameter', 'purchase') order by case_id, option_no"
    )
    for option in options.iter_rows(named=True):
        case = build.query("select * from marts.cases where case_id = ?", [option["case_id"]]).row(0, named=True)
        wanted = wish(case, option, [option], build_id=build.build_id, as_of=build.facts()["as_of_date"])
        if desk.verdict(wanted).code == "allowed":
            desk.propose(wanted)
            return
    pytest.fail("no policy lets any of the demo's options through")
