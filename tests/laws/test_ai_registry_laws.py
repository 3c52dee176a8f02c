"""What the desk's fold says of a use case is what the build makes of the same acts, whatever the acts and their order."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from decisions.ai_budget import budget
from decisions.ai_folding import AiBook
from models.ai_economics.use_case import use_case
from pipelines.use_cases import registry, templates

IDS = ("A2", "UC4", "UC3")
AT = datetime(2026, 11, 14, 9, tzinfo=UTC)
CONTROLS = ("daily token budget", "cap on tool calls", "approval before every entry", "no such control")
changes = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(("pilot", "production", "stopped")),
        "started": st.just("2026-02-16"),
        "owner": st.sampled_from(("Anna", "Ben")),
        "tokens": st.fixed_dictionaries(
            {}, optional={"tool_call_cap": st.integers(0, 20), "input": st.integers(0, 9_000)}
        ),
        "service_fee_per_month": st.integers(0, 500),
        "controls": st.just([{"control": "daily token budget", "is_on": True, "how": "enforced", "limit": 7}]),
    },
)
switches = st.fixed_dictionaries(
    {
        "control": st.sampled_from(CONTROLS),
        "is_on": st.booleans(),
        "limit": st.none() | st.integers(0, 50_000),
    }
)
acts = st.lists(
    st.tuples(
        st.sampled_from(IDS), st.tuples(st.just("use_case"), changes) | st.tuples(st.just("ai_control"), switches)
    ),
    max_size=12,
)


@given(acts, st.integers(0, 12))
def test_the_fold_and_the_build_agree(said, built_at):
    """On templates, and on a build that already holds some of the acts: taking those in again changes nothing."""
    told = [
        SimpleNamespace(
            kind=kind,
            subject=name,
            who="elsa",
            at=AT + timedelta(minutes=number),
            payload=({"definition": {"started": "2026-02-16", **content}} if kind == "use_case" else content)
            | {"reason": "x"},
        )
        for number, (name, (kind, content)) in enumerate(said)
    ]
    book = AiBook()
    for act in told:
        book.take(act)
    whole, then = registry(map(vars, told)), registry(map(vars, told[:built_at]))
    for name in IDS:
        wanted = use_case(whole[name]["definition"])
        for built in (templates()[name], then[name]["definition"]):
            assert use_case(book.definition(name, built)) == wanted
            found = budget(book, name, AT.date(), built=built, limit=123)
            control = next((one for one in wanted.controls if one.control == "daily token budget"), None)
            assert control is not None
            assert (found.is_on, found.limit) == (control.is_on, 123 if control.limit is None else control.limit)
            assert found.is_stopped == (wanted.stage == "stopped")
