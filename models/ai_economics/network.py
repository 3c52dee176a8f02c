"""What stands between the people of a site and a model: circuits, the centre behind them, a machine at the site; how long each is up."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from models.ai_economics.availability import availability
from models.ai_economics.number import need

Mean = Callable[[str], float]  # an assumption's name → its mean, as `World.mean` has it
# Kind of circuit → the assumptions of its mean hours up and down.
CIRCUITS = {
    "broadband": ("ai_broadband_hours_up", "ai_broadband_hours_down"),
    "fibre": ("ai_fibre_hours_up", "ai_fibre_hours_down"),
    "lte": ("ai_lte_hours_up", "ai_lte_hours_down"),
}
# What can answer → the assumptions of its share of time up and of its mean hours down.
SHARES = {
    "api": ("ai_api_up_share", "ai_api_hours_down"),
    "api of two providers": ("ai_api_fallback_up_share", "ai_api_hours_down"),
    "private nodes": ("ai_private_up_share", "ai_private_hours_down"),
    "platform": ("ai_platform_up_share", "ai_platform_hours_down"),
    "machine at the site": ("ai_edge_up_share", "ai_edge_hours_down"),
}
MOST_CIRCUITS = 4
USUAL = "broadband"  # of a place whose line nobody has said
SECOND_CIRCUIT, CACHED_PROCEDURES = "ai_second_circuit_cost_per_year", "ai_cached_procedures_cost_per_year"


@dataclass(frozen=True)
class Part:
    """One thing that fails and is put right again: mean hours between failures, and mean hours until it works again.

    Errors:
        ValueError: a part that is never up, or down for less than no time.
    """

    name: str
    hours_up: float
    hours_down: float

    def __post_init__(self) -> None:
        """Hours that make sense."""
        need(self.hours_up > 0 and self.hours_down >= 0, "a part is up for some time, and down for no less than none")

    @property
    def up_share(self) -> float:
        """The share of time that it is up: MTBF/(MTBF + MTTR).

        >>> round(Part("broadband", 600, 12).up_share, 4), Part("wire", 1, 0).up_share
        (0.9804, 1.0)
        """
        return float(availability(self.hours_up, self.hours_down))


def part(name: str, up_share: float, hours_down: float) -> Part:
    """A part of which the share of time up and the mean hours down are known; hours down that are nought where it is always up.

    Errors:
        ValueError: a share of nought or above 1, or of less than 1 without hours down.

    >>> round(part("api", 0.996, 2.0).hours_up, 6), part("wire", 1.0, 2.0).up_share
    (498.0, 1.0)
    """
    need(0 < up_share <= 1, "the share of time up lies above 0 and not above 1")
    if up_share == 1:
        return Part(name, 1.0, 0.0)
    need(hours_down > 0, "what is down now and then is so for some time")
    return Part(name, hours_down * up_share / (1 - up_share), hours_down)


def kinds(text: str) -> tuple[str, ...]:
    """The kinds of circuit of a site as they are written, such as "fibre + lte"; none of an empty text.

    Errors:
        ValueError: a kind that there is not.

    >>> kinds("Fibre + LTE"), kinds("")
    (('fibre', 'lte'), ())
    """
    found = tuple(word.strip().lower() for word in text.split("+") if word.strip())
    unknown = sorted({*found} - {*CIRCUITS})
    need(not unknown, f"a circuit is one of {', '.join(CIRCUITS)}, not {', '.join(unknown)}")
    need(len(found) <= MOST_CIRCUITS, f"a site has at most {MOST_CIRCUITS} circuits")
    return found


def circuits(text: str, mean: Mean) -> tuple[Part, ...]:
    """The circuits of a site, each with its own name.

    Args:
        text: as in `kinds`. mean: see `Mean`.

    >>> [one.name for one in circuits("broadband + broadband + lte", lambda name: 10.0)]
    ['broadband', 'broadband 2', 'lte']
    """
    seen: Counter[str] = Counter()
    found = []
    for kind in kinds(text):
        seen[kind] += 1
        up, down = CIRCUITS[kind]
        found.append(Part(kind if seen[kind] == 1 else f"{kind} {seen[kind]}", mean(up), mean(down)))
    return tuple(found)


def centre(mean: Mean, *, is_private: bool = False, providers: int = 1) -> tuple[Part, ...]:
    """What must all be up behind the circuits: the platform with its way to the ERP system, and what answers.

    Args:
        mean: see `Mean`.
        is_private: whether nodes of the company's own answer, not a provider.
        providers: to how many calls can be sent; from two on one of them suffices.

    >>> assumed = {"ai_api_up_share": 0.99, "ai_platform_up_share": 0.999}
    >>> [(one.name, round(one.up_share, 4)) for one in centre(lambda name: assumed.get(name, 2.0))]
    [('platform', 0.999), ('api', 0.99)]
    """
    need(providers >= 1, "there is at least one provider")
    answers = "private nodes" if is_private else "api" if providers == 1 else "api of two providers"
    return _assumed("platform", mean), _assumed(answers, mean)


def machine(mean: Mean) -> Part:
    """The machine at a site that runs a small model.

    >>> machine(lambda name: 0.995 if name == "ai_edge_up_share" else 24.0).name
    'machine at the site'
    """
    return _assumed("machine at the site", mean)


def with_second(first: str, *, second: str = "lte") -> str:
    """The circuits of a site with one more, by another way where it has only one; as they are where it has several.

    >>> with_second("fibre"), with_second("lte"), with_second("fibre + broadband"), with_second("")
    ('fibre + lte', 'lte + broadband', 'fibre + broadband', 'lte')
    """
    have = kinds(first)
    if len(have) > 1:
        return first
    other = second if second not in have else next(kind for kind in CIRCUITS if kind != second)
    return " + ".join((*have, other))


def common_part(group: tuple[Part, ...], common_share: float) -> tuple[Part | None, tuple[Part, ...]]:
    """What takes all circuits of a site at once, and each circuit with what is left to causes of its own.

    The common cause is down for β·U of the time, U of the circuit that is up most, so that no circuit is up for more or less
    than it is alone: own downtime u = (U − β·U_best)/(1 − β·U_best). For alike circuits this is `availability.parallel`.

    Args:
        group: circuits of which one suffices. common_share: β, as in `availability.parallel`.

    >>> both, own = common_part((Part("a", 600, 12), Part("b", 600, 12)), 0.10)
    >>> round(1 - both.up_share, 6), [round(one.hours_up, 2) for one in own]
    (0.001961, [666.67, 666.67])
    >>> common_part((Part("a", 600, 12),), 1.0)[1][0].up_share
    1.0
    """
    need(0 <= common_share <= 1, "a share lies between 0 and 1")
    if not group:
        return None, group
    best = max(group, key=lambda one: one.up_share)
    together = common_share * (1 - best.up_share)
    if together == 0:
        return None, group
    return part("all circuits", 1 - together, best.hours_down), tuple(_own(one, together) for one in group)


def _own(one: Part, together: float) -> Part:
    """The circuit by its own causes alone; never down by them where the common ones are all there is."""
    down = (1 - one.up_share - together) / (1 - together)
    return replace(one, hours_up=1.0, hours_down=0.0) if down <= 1e-15 else part(one.name, 1 - down, one.hours_down)


def _assumed(name: str, mean: Mean) -> Part:
    share, hours = SHARES[name]
    return part(name, mean(share), mean(hours))
