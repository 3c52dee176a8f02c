"""An executive asks where the company stands: which phase is now and why, and which workflow works ahead of its evidence."""

from collections.abc import Callable

from tests.browser.driver import Person
from tests.browser.personas import acts_as, panel
from tests.browser.server import Server

EXECUTIVE = "Elena Rossi, executive"


def test_from_a_phase_to_its_criterion_to_what_it_asks_for(server: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(server).goes_to("/roadmap"), EXECUTIVE)
    boss.sees("1 Foundation", "5 Bounded autonomy", "What nothing shows counts as not met.").sees_no_error()
    strip = [line.strip() for line in panel(boss, "roadmap").inner_text().splitlines()]
    assert strip.count("now") == 1
    assert strip.count("done") + strip.count("locked") == 4
    boss.sees("Who must do what")  # the first criterion that is not met names the rows and who answers for them
    boss.page.get_by_role("radio", name="Scaled optimisation").click()
    boss.waits().sees("What scaled optimisation asks for")
    assert "not met" in panel(boss, "roadmap_one").inner_text()
    panel(boss, "roadmap_one").get_by_role("link", name="Change what is asked for").click()
    boss.waits().sees("House rule; no source found for a distributor.", "roadmap").is_at("/assumptions").sees_no_error()


def test_workflows_capabilities_and_the_map_of_decisions(server: Server, somebody: Callable[..., Person]):
    boss = acts_as(somebody(server).goes_to("/roadmap?tab=workflows"), EXECUTIVE)
    boss.sees("of 8 work with AI", "ahead of their evidence", "Is it a success?").sees_no_error()
    assert "Proposals of agents: 80" in panel(boss, "roadmap_flow").inner_text(), (
        "transfers are ahead of what they have shown"
    )
    boss.goes_to("/roadmap?tab=domains").sees(
        "AI runs in 3 of 6", "Where it hurts", "Shelves stand empty", "What shall come of it", "; no target"
    ).sees_no_error()
    boss.goes_to("/roadmap?tab=layers").sees(
        "Predictive analytics", "what nothing shows counts as nought"
    ).sees_no_error()
    boss.goes_to("/roadmap?tab=decisions").sees("Where decisions are made").sees_no_error()
    boss.goes_to("/roadmap?tab=goals").sees(
        "Initiatives and their numbers",
        "Running use cases and their numbers",
        "UC3 ERP copilot",
        "What the next use case adds",
    ).sees_no_error()
