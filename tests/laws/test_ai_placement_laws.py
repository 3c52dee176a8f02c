"""What holds for whatever a workflow needs: gates stand above weights, and what writes never runs at a site alone."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models.ai_economics.placement_gates import STEPS, Triggers, gates, is_possible, options, triggers_of
from models.ai_economics.placement_needs import (
    DATA_CLASSES,
    FAMILIES,
    INCOMPLETE,
    TASKS,
    TIERS,
    WAYS,
    Needs,
    family,
    needs,
    needs_faults,
    usual_needs,
)  # fmt: skip
from models.ai_economics.placement_scores import CRITERIA, Figures, best, scores
from models.ai_economics.use_case import AUTONOMY, DOMAINS, PATTERNS, RISKS, UseCase, use_case
from pipelines.use_cases import templates

CASE = use_case(templates()["W1"])
shares = st.floats(0, 1)
costs = st.floats(0, 1e6)
columns = st.lists(st.sampled_from(("sku_id", "order_id", "on_hand_qty")), unique=True, max_size=3)
asked = st.builds(
    Needs,
    longest_seconds=st.floats(0, 86_400),
    answer_tokens=st.floats(0, 5_000),
    data_dependency=shares,
    offline_share=shares,
    must_work_offline=st.booleans(),
    data_class=st.sampled_from(DATA_CLASSES),
    must_stay=st.booleans(),
    tier=st.sampled_from(TIERS),
    task=st.sampled_from(TASKS),
    outage_cost_per_hour=st.tuples(costs, costs, costs).map(sorted).map(tuple),
    manual_share=shares,
    minimum_data=columns.map(tuple),
    sync_rule=st.just("Every night."),
    on_incomplete=st.sampled_from(INCOMPLETE),
    validation=st.sampled_from(("", "The policy gate.")),
    edge_does=st.just("It guides."),
    centre_does=st.just("It books."),
    hand_over=columns.map(tuple),
)
cases = st.builds(
    lambda said, risk, autonomy, writes: replace(
        CASE, needs=said, action_risk=risk, autonomy=autonomy, writes=writes
    ),
    asked,
    st.sampled_from(RISKS),
    st.sampled_from(AUTONOMY),
    st.booleans(),
)  # fmt: skip
readiness = st.floats(0, 5)
perhaps = st.none() | st.booleans()
triggers = st.none() | st.builds(Triggers, perhaps, perhaps, perhaps)
figures = st.builds(Figures, in_time_share=shares, service_level=shares, cost_per_year=costs)
NUMBERS = {"ai_provider_exposure_share": 0.5, "ai_site_upkeep_share": 0.02}


@given(cases, readiness, triggers)
def test_what_writes_never_runs_at_a_site_alone(case: UseCase, ready: float, called: Triggers | None):
    told = gates(replace(case, writes=True), "edge", readiness=ready, triggers=called, least_readiness=0.0)
    assert not is_possible(told)
    assert told[2].code == "forbids"


@given(cases, readiness, triggers)
def test_the_second_circuit_is_always_listed_and_open_where_the_centre_is(
    case: UseCase, ready: float, called: Triggers | None
):
    """It is what a model at a site must beat: whoever may ask the centre over one line may do so over two."""
    told = options(case, readiness=ready, triggers=called)
    assert tuple(told) == WAYS
    assert is_possible(told["second circuit"]) == is_possible(told["central api"])


@given(cases, readiness, triggers)
def test_every_way_has_its_seven_steps_with_a_reason(case: UseCase, ready: float, called: Triggers | None):
    for told in options(case, readiness=ready, triggers=called).values():
        assert [(gate.step_no, gate.step_name) for gate in told] == list(enumerate(STEPS, start=1))
        assert all(gate.because.endswith(".") for gate in told)


@given(cases, readiness, readiness)
def test_governance_that_gets_readier_never_closes_a_way(case: UseCase, one: float, other: float):
    before, after = (
        {way for way, told in options(case, readiness=ready).items() if is_possible(told)}
        for ready in sorted((one, other))
    )
    assert before <= after


@given(cases, readiness)
def test_what_is_possible_keeps_the_hard_rules(case: UseCase, ready: float):
    told, said = options(case, readiness=ready), case.needs
    held = {way for way in WAYS if is_possible(told[way])}
    if said.must_stay:
        assert not held & {"central api", "second circuit"}
    if said.must_work_offline:
        assert held <= {"edge", "hybrid"}
    if held & {"edge", "hybrid"}:
        assert triggers_of(case).held
        assert said.minimum_data
    if "edge" in held:
        assert (said.tier, case.writes) == ("small", False)
        assert said.task != "reasoning"
        assert ready >= 3
    if "private" in held:
        assert said.tier != "strong"


@given(
    cases,
    readiness,
    st.integers(1, 60),
    st.lists(figures, min_size=5, max_size=5),
    st.lists(st.floats(0.01, 1), min_size=6, max_size=6),
)
def test_no_weight_overrides_a_gate(
    case: UseCase, ready: float, sites: int, known: list[Figures], weighed: list[float]
):
    told = options(case, readiness=ready)
    possible = {way for way, said in told.items() if is_possible(said)}
    points = scores(case, dict(zip(WAYS, known, strict=True)), readiness=ready, sites=sites, numbers=NUMBERS)
    assert all(0 <= one[criterion].score <= 100 for one in points.values() for criterion in CRITERIA)
    whole = sum(weighed)
    chosen = best(points, dict(zip(CRITERIA, (one / whole for one in weighed), strict=True)), possible)
    assert chosen in possible if possible else chosen is None


@given(asked, st.sampled_from(RISKS))
def test_needs_that_are_sound_come_back_as_they_were_said(said: Needs, risk: str):
    usual = usual_needs(DOMAINS[0], PATTERNS[0], True, risk)
    assert list(needs_faults(vars(said))) == []
    assert needs(vars(said), usual) == said
    assert needs({}, usual) == usual
    assert family(said, risk) in FAMILIES


@given(st.sampled_from(DOMAINS), st.sampled_from(PATTERNS), st.booleans(), st.sampled_from(RISKS), readiness)
def test_who_says_nothing_never_runs_at_a_site(domain: str, pattern: str, writes: bool, risk: str, ready: float):
    case = replace(
        CASE, domain=domain, pattern=pattern, writes=writes, action_risk=risk, needs=usual_needs(domain, pattern, writes, risk)
    )  # fmt: skip
    told = options(case, readiness=ready)
    assert not is_possible(told["edge"])
    assert not is_possible(told["hybrid"])
    assert is_possible(told["central api"])
