"""What the calls of a use case would cost all on its strongest model, behind a router, or as a cascade: each as good as the strongest."""

from dataclasses import dataclass, replace

from models.ai_economics.routing import CASCADE, ROUTER, Routing, most_passed_on, saving
from models.ai_economics.use_case import UseCase
from models.ai_economics.world import World, cases, cost_per_case

YEAR = 12
TODAY, STRONGEST = "as it is planned", "all on the strongest model"
Model = tuple[str, str]


@dataclass(frozen=True)
class Way:
    """One way of sharing the work: a case and a usual month of the first year, reporting currency.

    `saved_share` is what it saves against the strongest model alone; below nought where it costs more.
    """

    name: str
    case_cost: float
    month_cost: float
    saved_share: float


@dataclass(frozen=True)
class Compared:
    """The ways beside each other.

    Attributes:
        weak, strong: the models between which a router or cascade would choose.
        passed_on: share of the cases that need the strong one. most_passed_on: at which a cascade stops to save.
        is_assumed: whether `passed_on` is the assumption, because the use case knows only one model.
    """

    ways: tuple[Way, ...]
    weak: str
    strong: str
    passed_on: float
    most_passed_on: float
    is_assumed: bool


def compared(world: World, case: UseCase) -> Compared | None:
    """The ways of a use case; None where a price is missing, nothing is called, or no model is cheaper than the one it has.

    A router or cascade chooses between the dearest model that the use case has and its cheapest; where it has only one, the cheapest
    model that the programme has a price for. What its logs say of the cost of a case moves all ways alike.
    """
    plain = replace(world, measured={})
    costs = {model: _first_year(plain, _with(case, model)) for model in _known(world, case)}
    shares = {(provider, model): share for provider, model, share in case.models}
    if not shares.keys() <= costs.keys():
        return None
    is_assumed = len(shares) == 1
    strong = max(shares, key=lambda model: (costs[model], model))
    weak = min(costs if is_assumed else shares, key=lambda model: (costs[model], model))
    if not 0 <= costs[weak] < costs[strong]:
        return None
    passed_on = world.mean("ai_passed_on_share") if is_assumed else shares[strong]
    tokens = case.routing.check_tokens or world.mean("ai_check_tokens")
    wrong = case.routing.misrouted_share if case.routing.way == ROUTER else world.mean("ai_misrouted_share")
    both = replace(case, models=((*weak, 1 - passed_on), (*strong, passed_on)))
    found = {
        TODAY: _first_year(plain, case),
        STRONGEST: costs[strong],
        ROUTER: _first_year(plain, replace(both, routing=Routing(ROUTER, tokens, wrong))),
        CASCADE: _first_year(plain, replace(both, routing=Routing(CASCADE, tokens))),
    }
    judge = found[CASCADE] - _first_year(plain, replace(both, routing=Routing(CASCADE)))
    times = _first_year(world, case) / found[TODAY] if found[TODAY] else 1.0
    month = float(cases(world, case)[:, :YEAR].mean())
    told = tuple(
        Way(name, cost * times, cost * times * month, float(saving(cost, costs[strong])))
        for name, cost in found.items()
    )
    most = float(most_passed_on(costs[weak], costs[strong], judge_cost=judge))
    return Compared(told, weak[1], strong[1], passed_on, most, is_assumed)


def _known(world: World, case: UseCase) -> list[Model]:
    """The models with a price of the kind that the use case pays, as a batch or at once."""
    return [(provider, model) for provider, model, is_batch in world.prices if is_batch == case.batch]


def _with(case: UseCase, model: Model) -> UseCase:
    return replace(case, models=((*model, 1.0),), routing=Routing())


def _first_year(world: World, case: UseCase) -> float:
    return float(cost_per_case(world, case)[:, :YEAR].mean())
