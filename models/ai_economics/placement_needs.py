"""What a use case needs of the place where its model runs: how soon an answer must come, what it must know, what it may risk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from models.ai_economics.number import Range

# Where the model of a workflow may run. "second circuit" is the central one over two lines, with the procedures of the day as
# pages at the site and no model there: what a model at the site must beat, so it is always among the ways.
WAYS = CENTRAL, SECOND_CIRCUIT, PRIVATE, HYBRID, EDGE = ("central api", "second circuit", "private", "hybrid", "edge")
# The ways that take machines of one's own, and under which name those are priced: both stand on the same machine at a site and on the
# same people who release to it.
STANDS_ON: Mapping[str, str] = {PRIVATE: PRIVATE, HYBRID: EDGE, EDGE: EDGE}
HEAD_OFFICE = "head office"  # the one place of work at a desk, whatever sites there are
DATA_CLASSES = ("public", "internal", "confidential", "restricted")
TIERS = SMALL, MID, STRONG = ("small", "mid", "strong")
TASKS = ("guided workflow", "classification", "summarisation", "retrieval", "extraction", "reasoning")
INCOMPLETE = ("degrade", "hold", "escalate")
FAMILIES = REASONING, LOCAL, MIXED = ("enterprise reasoning", "local assistance", "mixed")
# The way that comes to mind first for each family; gates may forbid it, and only the cost of all workflows together decides.
FIRST_THOUGHT: Mapping[str, str] = {REASONING: CENTRAL, LOCAL: EDGE, MIXED: HYBRID}
# From how much wide context on a workflow reasons over the enterprise, and how little of its work may then be away from the line.
WIDE, SELDOM, OFTEN = 0.7, 0.3, 0.6
DAY, MONEY, LONGEST_ANSWER = 86_400.0, 1e9, 1e6
NUMBERS = {
    "longest_seconds": DAY, "answer_tokens": LONGEST_ANSWER, "data_dependency": 1.0, "offline_share": 1.0, "manual_share": 1.0,
}  # fmt: skip
FLAGS = ("must_work_offline", "must_stay")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "data_class": DATA_CLASSES,
    "tier": TIERS,
    "task": TASKS,
    "on_incomplete": INCOMPLETE,
}
MAY_BE_EMPTY = ("on_incomplete",)  # choices that are empty where nobody has said
TEXTS = ("sync_rule", "edge_does", "centre_does")
LISTS = ("minimum_data", "hand_over")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What one use case needs, whatever way is chosen for it.

    Attributes:
        longest_seconds: an answer that comes later is too late for the work.
        answer_tokens: tokens of one answer, for how long it takes.
        data_dependency: 0 to 1, how far it needs the enterprise's own wide context.
        offline_share: 0 to 1, share of its work where or when the line may be missing.
        must_stay: its data may not leave machines of the company's own.
        tier: the lowest that does the work.
        outage_cost_per_hour: of an hour of business without it, over the whole network of the reference company, lowest, likeliest
            and highest, reporting currency; counted here by our orders.
        manual_share: part of that which people carry on by hand.
        minimum_data: columns that must lie at a site for local work; nothing else may.
        sync_rule: what is brought when, and what happens when it is old.
        on_incomplete: what it does where the ERP or WMS has not told everything; empty where nobody has said.
        validation: what checks its action before it happens; empty where nothing does.
        edge_does, centre_does: who does what where both work together.
        hand_over: columns that go from the site to the centre.
    """

    longest_seconds: float
    answer_tokens: float
    data_dependency: float
    offline_share: float
    must_work_offline: bool
    data_class: str
    must_stay: bool
    tier: str
    task: str
    outage_cost_per_hour: Range
    manual_share: float
    minimum_data: tuple[str, ...]
    sync_rule: str
    on_incomplete: str
    validation: str
    edge_does: str
    centre_does: str
    hand_over: tuple[str, ...]


def usual_needs(domain: str, pattern: str, writes: bool, action_risk: str) -> Needs:
    """What is taken of a use case that says nothing: the careful answer, that leaves it with the centre.

    It is taken to need the wide context, and a strong model where it acts or risks something; nothing of its work to be away from
    the line, and nothing to lie at a site. What checks its acts, and what it does on incomplete data, nobody has said: both are
    gaps. An hour without it is taken to cost nothing: nobody is made to pay for a continuity that nobody has asked for.

    >>> (
    ...     usual_needs("warehouse", "employee copilot", False, "low").tier,
    ...     family(usual_needs("warehouse", "employee copilot", False, "low"), "low"),
    ... )
    ('mid', 'enterprise reasoning')
    """
    seconds, tokens, task = _BY_PATTERN.get(pattern, (10.0, 300.0, "reasoning"))
    is_grave = writes or action_risk == "high" or pattern == "agent"
    is_open = domain in ("warehouse", "transportation") and not is_grave
    return Needs(
        longest_seconds=seconds,
        answer_tokens=tokens,
        data_dependency=0.8,
        offline_share=0.0,
        must_work_offline=False,
        data_class="internal" if is_open else "confidential",
        must_stay=False,
        tier=STRONG if is_grave else MID,
        task="reasoning" if is_grave else task,
        outage_cost_per_hour=(0.0, 0.0, 0.0),
        manual_share=0.5,
        minimum_data=(),
        sync_rule="Nothing is brought to a site.",
        on_incomplete="",
        validation="",
        edge_does="Nothing: it has no part at a site.",
        centre_does="All of it.",
        hand_over=(),
    )


def needs(said: Mapping[str, Any], usual: Needs) -> Needs:
    """The needs that a definition says, the usual ones where it is silent; its kinds must have been looked at before.

    >>> usual = usual_needs("finance", "agent", True, "high")
    >>> found = needs({"tier": "mid", "outage_cost_per_hour": 60, "minimum_data": ["sku_id"]}, usual)
    >>> found.tier, found.outage_cost_per_hour, found.minimum_data, found.task
    ('mid', (60.0, 60.0, 60.0), ('sku_id',), 'reasoning')
    """
    told: dict[str, Any] = {one.name: said.get(one.name, getattr(usual, one.name)) for one in fields(Needs)}
    cost = told["outage_cost_per_hour"]
    low, likely, high = cost if isinstance(cost, list | tuple) else (cost, cost, cost)
    numbers = {name: float(told[name]) for name in NUMBERS}
    lists = {name: tuple(told[name]) for name in LISTS}
    return Needs(
        **{**told, **numbers, **lists, "outage_cost_per_hour": (float(low), float(likely), float(high))},
    )


def needs_faults(said: Any) -> Iterator[str]:
    """What is wrong with the needs as a definition says them, in sentences; none where nothing is.

    >>> list(needs_faults({"tier": "huge", "offline_share": 2}))
    ['Its offline share must be a number from 0 to 1.', "Its tier is 'huge'; it is one of: small, mid, strong."]
    """
    if not isinstance(said, Mapping):
        yield "Its needs must say each part by its name."
        return
    if unknown := [str(name) for name in said if name not in {one.name for one in fields(Needs)}]:
        yield f"Its needs know no {', '.join(unknown[:3])}."
    for name, ceiling in NUMBERS.items():
        if name in said and not _is_number(said[name], ceiling):
            yield f"Its {_plain(name)} must be a number from 0 to {ceiling:,.0f}."
    for name in FLAGS:
        if name in said and not isinstance(said[name], bool):
            yield f"Whether it {_plain(name)} must be yes or no."
    for name, known in CHOICES.items():
        if name in said and said[name] not in known and not (name in MAY_BE_EMPTY and said[name] == ""):
            yield f"Its {_plain(name)} is {said[name]!r}; it is one of: {', '.join(known)}."
    yield from _words(said)
    yield from _cost(said.get("outage_cost_per_hour", 0.0))


def family(needs: Needs, action_risk: str) -> str:
    """The family of a workflow: reasoning over the enterprise, assistance at the site, or something of both (section 5.1).

    >>> from dataclasses import replace
    >>> usual = usual_needs("warehouse", "employee copilot", False, "low")
    >>> local = replace(usual, data_dependency=0.2, offline_share=0.6, tier="small")
    >>> family(usual, "low"), family(local, "low"), family(local, "high")
    ('enterprise reasoning', 'local assistance', 'mixed')
    """
    if needs.data_dependency >= WIDE and needs.offline_share < SELDOM:
        return REASONING
    if needs.offline_share >= OFTEN and action_risk == "low" and needs.tier == SMALL:
        return LOCAL
    return MIXED


# Of a use case that says nothing: the seconds that an answer may take, its tokens, and what the model does.
_BY_PATTERN: Mapping[str, tuple[float, float, str]] = {
    "employee copilot": (10.0, 300.0, "retrieval"),
    "customer-facing assistant": (10.0, 300.0, "reasoning"),
    "document processing": (3_600.0, 400.0, "extraction"),
    "workflow decision support": (30.0, 300.0, "summarisation"),
    "agent": (300.0, 300.0, "reasoning"),
}


def _words(said: Mapping[str, Any]) -> Iterator[str]:
    for name in TEXTS:
        if name in said and not (isinstance(said[name], str) and said[name].strip()):
            yield f"Its {_plain(name)} must be a text."
    if not isinstance(said.get("validation", ""), str):
        yield "What checks its action must be a text, empty where nothing does."
    for name in LISTS:
        told = said.get(name, ())
        is_list = isinstance(told, list | tuple) and all(isinstance(one, str) and one.strip() for one in told)
        if not is_list or len({*told}) < len(told):
            yield f"Its {_plain(name)} must be a list of different texts."


def _cost(told: Any) -> Iterator[str]:
    parts = told if isinstance(told, list | tuple) else [told] * 3
    if len(parts) != 3 or not all(_is_number(part, MONEY) for part in parts):
        yield f"Its outage cost per hour must be one number or three, each from 0 to {MONEY:,.0f}."
    elif not parts[0] <= parts[1] <= parts[2]:
        yield "Its outage cost per hour must rise from nought."


def _is_number(told: Any, ceiling: float) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= ceiling


def _plain(name: str) -> str:
    return name.replace("_", " ")
