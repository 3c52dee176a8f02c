"""What a programme costs, line by line and month by month, on every path: what each use case causes, and what all share."""

from dataclasses import replace

import numpy as np

from models.ai_economics.lines import INITIAL, LINES
from models.ai_economics.network import USUAL
from models.ai_economics.placement_needs import CENTRAL, HYBRID, STANDS_ON
from models.ai_economics.review import practice
from models.ai_economics.second_line import LINE, is_over, yearly
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import MINUTES, MONTHS, TIER_WEIGHT, World, cases, cost_per_case, places

Amounts = dict[str, np.ndarray]
ONE_TIME = frozenset(line.code for line in LINES if line.category == INITIAL) | {
    "first training", "change management", "productivity dip", "roll-out of sites",
}  # fmt: skip
DIP_MONTHS = 0.7  # three weeks
AT_PROVIDER = (CENTRAL, HYBRID)  # where calls are paid by the token


def of_use_case(world: World, case: UseCase) -> Amounts:
    """Every line that one use case causes, code → (paths × T) or (paths × 1 spread over months), reporting currency.

    What is paid once stands in the first month, and is nothing for a use case that runs already: it has been spent.
    """
    if case.stage == "stopped":
        return {}
    count = cases(world, case)
    each = cost_per_case(world, case) if case.deployment in AT_PROVIDER else np.zeros((1, world.months))
    model = count * each * (1 - case.needs.offline_share if case.deployment == HYBRID else 1.0)
    effort, day = world.effort, world["ai_day_rate"]
    per_minute = world.wage / MINUTES
    retrieves = "retrieval" in case.architecture
    monthly = {
        "model calls": model,
        "release tests": _tests(world, each),
        "vendor service": case.service_fee_per_month,
        "environments and peak reserve": model * world["ai_environment_share"] + _peak(count, each) / world.months,
        "cross-region surcharge": model * world["ai_region_surcharge_share"],
        "private and edge serving": _own_machines(world, case),
        **_second_lines(world, case),
        "new vectors": _vectors(world) if retrieves else 0.0,
        "upkeep of integration": _integration(world, case) * world["ai_maintenance_share_per_year"] / MONTHS,
        "prompt redesign": world["ai_redesigns_per_year"] * world["ai_redesign_days"] * day * effort / MONTHS / len(world.use_cases),
        "vendor switch": world["ai_switches_per_year"] * world["ai_switch_cost"] * effort / MONTHS / len(world.use_cases),
        "vendor assessments": _assessments(world, case) / MONTHS,
        "use-case reviews": world["ai_review_hours_per_cycle"] * 2 * TIER_WEIGHT[case.autonomy] * world.wage * effort / MONTHS,
        "edge-case tests of agents": _edge_cases(world, each) if case.is_agent else 0.0,
        **_oversight(world, case, count),
        "judging calls": model * world["ai_judge_share"],
        "service desk": world.users * world["ai_tickets_per_user_month"] * world["ai_ticket_minutes"] * per_minute,
        "later training": world.users
        * (world["ai_training_hours_per_year"] + world["ai_turnover_share_per_year"] * world["ai_training_hours"])
        * world.wage
        / MONTHS,
    }  # fmt: skip
    found: Amounts = {code: _spread(amount, world.months) for code, amount in monthly.items()}
    if not case.is_running:
        found |= once(world, case)
    return found


def shared(world: World) -> Amounts:
    """Every line that no single use case causes, code → (paths × T), reporting currency; nothing where there is no use case."""
    running = [case for case in world.use_cases if case.stage != "stopped"]
    if not running:
        return {}
    share = world.effort * world.scope
    yearly = {
        "pipeline engineers": world["ai_data_engineer_cost_per_year"],
        "stewards of content": world["ai_steward_cost_per_year"],
        "loss prevention and logs": world["ai_prompt_logging_cost_per_year"],
        "policies and model approval": world["ai_governance_cost_per_year"],
        "red team": world["ai_red_team_cost_per_year"],
        "reading and mending": world["ai_evaluation_engineer_cost_per_year"],
        "on call": world["ai_on_call_cost_per_year"] * world["ai_coverage_factor"],
        "gateway": world["ai_gateway_cost_per_month"] * MONTHS,
        "recording and judging": world["ai_observability_cost_per_month"] * MONTHS,
        "index and queries": world["ai_storage_cost_per_month"] * MONTHS,
        "tests of relevance": world["ai_retrieval_evaluation_hours_per_month"] * world.wage * MONTHS,
    }
    found = {code: _spread(amount * share / MONTHS, world.months) for code, amount in yearly.items()}
    departments = len({case.domain for case in running})
    labour = sum(
        found[code]
        for code in ("pipeline engineers", "stewards of content", "policies and model approval", "reading and mending")
    )
    found["coordination"] = labour * world["ai_coordination_share"] * (departments - 1)
    if not any(case.is_running for case in running):
        found |= shared_once(world)
    return found


def shared_once(world: World) -> Amounts:
    """What is paid once for all use cases together, code → (paths × T) with all of it in the first month."""
    share, day = world.effort * world.scope, world["ai_day_rate"]
    cleaning = world.sku_count * world["ai_cleaning_minutes_per_sku"]
    cleaning = cleaning + world["ai_documents"] * world["ai_cleaning_minutes_per_document"] * world.effort
    found = {
        "first cleaning of content": cleaning * world.wage / MINUTES * world["ai_delivery_share"],
        "architecture and pilot": world["ai_architecture_days"] * day * share,
        "orchestration core": world["ai_orchestration_days"] * day * share,
        "identity and encryption": world["ai_identity_cost"] * share,
    }
    return {code: _first(amount, world.months) for code, amount in found.items()}


def once(world: World, case: UseCase) -> Amounts:
    """What is paid once for a use case, code → (paths × T) with all of it in the first month."""
    count = cases(world, case)
    systems = _integration(world, case)
    validation = world["ai_validation_days"] * world["ai_day_rate"] * world.effort if case.writes else 0.0
    built = systems + validation + case.service_fee_once
    affected = count[:, -1:] * world.of(case, "baseline_minutes") * DIP_MONTHS
    places = len(case.sites) or len(world.sites) or 1
    falls = np.log2(world["ai_learning_share"])
    rollout = sum(world["ai_site_rollout_cost"] * (j + 1.0) ** falls for j in range(places))
    found = {
        "vendor set-up": np.full((1, 1), case.service_fee_once),
        "connectors": systems,
        "validation of entries": np.asarray(validation) * np.ones((1, 1)),
        "first training": world.users * world["ai_training_hours"] * world.wage,
        "change management": built * world["ai_change_share"],
        "productivity dip": affected * world["ai_dip_share"] * world.wage / MINUTES,
        "roll-out of sites": rollout * world.effort / len(world.use_cases),
    }
    return {code: _first(np.asarray(amount), world.months) for code, amount in found.items()}


def _oversight(world: World, case: UseCase, count: np.ndarray) -> Amounts:
    """People who review what the machine says, the quicker the more they have done, and put right what was wrong; measured minutes
    before assumed ones.
    """
    seen = world.measured.get(case.use_case_id, {})
    review = world.of(case, "review_share")
    caught = review * world["ai_review_catch_share"]
    learned = practice(world, case, count, since_today="review_minutes_change" in seen)
    looked = seen.get("review_minutes_change", review * world.of(case, "review_minutes")) * learned
    mended = seen.get("rework_minutes_change", world.of(case, "error_share") * caught * world["ai_rework_minutes"])
    each = world.wage / MINUTES
    return {"human review": count * looked * each, "rework": count * mended * each}


def _own_machines(world: World, case: UseCase) -> np.ndarray | float:
    """Machines of one's own for a use case that runs on them, shared alike by those that run in the same way; else nothing."""
    from models.ai_economics.own_serving import owned, tokens_a_year

    kind = STANDS_ON.get(case.deployment)
    if kind is None:
        return 0.0
    beside = tuple(other for other in world.use_cases if STANDS_ON.get(other.deployment) == kind)
    volume = tokens_a_year(replace(world, use_cases=beside))
    return owned(world)[kind].cost(volume) / MONTHS / len(beside)


def _second_lines(world: World, case: UseCase) -> Amounts:
    """The second lines of a use case for which they were decided, a month, (paths × 1); none for the others.

    Each place is paid once, by all use cases that were decided so and work there, in equal parts. A circuit is paid where the first
    decision found one line only, for whatever use case it was and wherever that one runs today; one that was there before is nobody's
    cost.
    """
    if case.second_line is None or not is_over(case):
        return {}
    whole = np.zeros((1, 1))
    for place in places(world, case):
        payers = sum(is_over(one) and one.stage != "stopped" and place in places(world, one) for one in world.use_cases)
        line = USUAL if place in world.single_lines else case.second_line.before(place)
        whole = whole + yearly(line, world.__getitem__) / max(payers, 1)
    return {LINE: whole / MONTHS}


def _tests(world: World, each: np.ndarray) -> np.ndarray:
    """Runs of the test set, each case as dear as a real one; a small company keeps a smaller set."""
    runs = world["ai_evaluation_runs_per_year"] / MONTHS
    return np.minimum(world.effort, 1.0) * world["ai_evaluation_cases"] * runs * each


def _integration(world: World, case: UseCase) -> np.ndarray:
    """Building the connectors of a use case: reading a system is shared by all that use it, writing by those that write.

    The condition of the ERP counts for the ERP; the others have interfaces of today.
    """
    read, write = world["ai_read_connector_days"], world["ai_write_connector_days"]
    found = np.zeros((1, 1))
    for system, access in case.systems:
        using = [dict(other.systems).get(system) for other in world.use_cases if system in dict(other.systems)]
        days = read / max(len(using), 1)
        if access == "write":
            days = days + np.maximum(write - read, 0) / max(using.count("write"), 1)
        found = found + days * (world["ai_erp_condition_factor"] if system == "erp" else 1.0)
    pairwise = 1 + 0.05 * (len(case.systems) - 1)
    return found * pairwise * world["ai_day_rate"] * world.effort


def _vectors(world: World) -> np.ndarray:
    """New vectors for what changes, and the whole index once a year, for one of the use cases that read it."""
    readers = sum("retrieval" in case.architecture for case in world.use_cases) or 1
    skus = world.sku_count * world["ai_sku_tokens"]
    documents = world["ai_documents"] * world.effort * world["ai_document_tokens"]
    changed = skus * world["ai_sku_change_share_per_week"] * 52 + documents * world["ai_document_change_share_per_year"]
    return (changed + skus + documents) / 1e6 * world["ai_embedding_cost_per_million"] / MONTHS / readers


def _assessments(world: World, case: UseCase) -> np.ndarray:
    found = np.zeros((1, 1))
    for provider in {name for name, _, _ in case.models}:
        users = sum(provider in {name for name, _, _ in other.models} for other in world.use_cases)
        found = found + world["ai_vendor_assessment_cost"] / users
    return found * np.minimum(world.effort, 1.0)


def _edge_cases(world: World, each: np.ndarray) -> np.ndarray:
    runs = world["ai_evaluation_runs_per_year"] / MONTHS
    reading = world["ai_edge_case_minutes"] * world.wage / MINUTES * world["ai_delivery_share"]
    return world["ai_edge_cases"] * runs * (each + reading)


def _peak(count: np.ndarray, each: np.ndarray) -> np.ndarray:
    """What room for the busiest month over the average one costs, held all year."""
    return (count.max(axis=1, keepdims=True) - count.mean(axis=1, keepdims=True)) * each * 0.1


def _spread(amount: np.ndarray | float, months: int) -> np.ndarray:
    """A monthly amount as (paths × T)."""
    found = np.atleast_2d(np.asarray(amount, dtype=float))
    return found if found.shape[1] == months else np.broadcast_to(found, (found.shape[0], months))


def _first(amount: np.ndarray, months: int) -> np.ndarray:
    """An amount in the first month."""
    found = np.zeros((amount.shape[0], months))
    found[:, :1] = amount
    return found
