"""Which technique a described need calls for: a rule, a forecast, retrieval, a copilot or an agent, and what it must beat for ever."""

import math
from dataclasses import dataclass

# From the plainest to the one that asks for most around it.
TECHNIQUES = RULE, FORECAST, RETRIEVAL, COPILOT, AGENT = ("rule", "forecast", "retrieval", "copilot", "agent")
LANGUAGE = (RETRIEVAL, COPILOT, AGENT)  # those in which a language model takes part
WANTED = NUMBER, FACT, DRAFT, ACTION = (
    "a number or a risk",
    "a fact from documents",
    "a text or a proposal for a person",
    "an action across systems",
)
FEW_CASES = 50.0  # a month; below it what an agent needs around it is spread over too few cases (house rule)
BY_HAND = "people working as they do now"
MOSTLY = 0.8  # a rule that covers so much is tried first (house rule)


@dataclass(frozen=True, kw_only=True)
class Need:
    """Something that somebody wants done, in seven answers.

    Attributes:
        wanted: what comes out of it, one of `WANTED`.
        ruled_share: of the cases, those that a page of written rules settles, 0 to 1.
        has_history: whether at least a year of cases with their outcomes is on record.
        has_sources: whether current documents say it, each with an owner.
        steps: decisions or systems in a row before a person looks again, 1 or more.
        is_bounded: whether amounts, approvals and a way back are fixed for every one of those steps.
        cases_per_month: how often it comes.
    """

    wanted: str
    ruled_share: float
    has_history: bool
    has_sources: bool
    steps: int
    is_bounded: bool
    cases_per_month: float


@dataclass(frozen=True)
class Advice:
    """The technique, why, the cheapest way that it must beat as long as it runs, and what is missing before it may begin."""

    technique: str
    because: str
    beats: str
    missing: tuple[str, ...] = ()

    @property
    def has_language_model(self) -> bool:
        """Whether a language model takes part; a rule and a forecast need none."""
        return self.technique in LANGUAGE


def advice(need: Need) -> Advice:
    """The plainest technique that does what is needed: a stable process is automated by rules, whatever else could do it.

    Errors:
        ValueError: an answer that cannot be.

    >>> need = Need(
    ...     wanted="an action across systems",
    ...     ruled_share=0.3,
    ...     has_history=True,
    ...     has_sources=True,
    ...     steps=4,
    ...     is_bounded=True,
    ...     cases_per_month=400,
    ... )
    >>> advice(need).technique, advice(need).beats
    ('agent', 'rules that route each case to whoever can settle it')
    """
    if need.wanted not in WANTED:
        raise ValueError(f"What is wanted is one of: {', '.join(WANTED)}.")
    if not 0 <= need.ruled_share <= 1 or need.steps < 1 or not 0 <= need.cases_per_month < math.inf:
        raise ValueError(
            "A share lies between 0 and 1, there is one step or more, and cases are a number, not below nought."
        )
    if need.ruled_share >= MOSTLY:
        return Advice(
            RULE,
            f"Written rules settle {need.ruled_share:.0%} of the cases: the process is stable, and a rule costs nothing a case, "
            "never varies and can be read.",
            "people working by the same page",
        )
    if need.wanted == NUMBER:
        return _number(need)
    if need.wanted == FACT:
        missing = (
            () if need.has_sources else ("current documents with an owner and a date: without them it would guess",)
        )
        return Advice(
            RETRIEVAL,
            "The answer must rest on documents, so passages are found and quoted, and 'not found' is an answer.",
            "a search box over the same documents",
            missing,
        )
    return _action(need) if need.wanted == ACTION else _draft()


def to_beat(found: Advice, technique: str) -> str:
    """What a technique has to beat as long as it runs: what the advice says, and one that asks for more beats the one advised.

    A plainer one than was advised has only people's own way before it, for nothing plainer was asked for.

    >>> found = Advice("rule", "The process is stable.", "people working by the same page")
    >>> to_beat(found, "rule"), to_beat(found, "agent")
    ('people working by the same page', 'the rule that was advised')
    >>> to_beat(Advice("agent", "Several steps.", "rules that route each case to whoever can settle it"), "rule")
    'people working as they do now'
    """
    if technique == found.technique:
        return found.beats
    is_plainer = TECHNIQUES.index(technique) < TECHNIQUES.index(found.technique)
    return BY_HAND if is_plainer else f"the {found.technique} that was advised"


def _number(need: Need) -> Advice:
    if need.has_history:
        return Advice(
            FORECAST,
            "A number or a risk with outcomes on record is a forecast: it can be judged on the past, and needs no language model.",
            "last year's or last week's figure, and a fixed threshold",
        )
    return Advice(
        RULE,
        "Without outcomes on record nothing can be learned or judged: a threshold that people set, while outcomes are recorded.",
        "looking at the list once a day",
        ("a year of cases with their outcomes, then a forecast",),
    )


def _draft() -> Advice:
    return Advice(
        COPILOT,
        "A person takes it and answers for it inside the work that they do anyway, so it helps there and decides nothing.",
        "a template with its fields filled in",
    )


def _action(need: Need) -> Advice:
    if need.steps == 1:
        return Advice(
            COPILOT,
            "It is one step: a proposal that a person approves, written by the system that holds it.",
            "a form with the usual answer filled in",
            () if need.is_bounded else ("a limit and an approver for the step",),
        )
    if need.cases_per_month < FEW_CASES:
        return Advice(
            COPILOT,
            f"{need.cases_per_month:,.0f} cases a month are too few to carry the tests, limits and watching that an agent needs.",
            "a checklist for whoever settles it",
        )
    missing = (
        () if need.is_bounded else ("limits, approvals and a way back for every step; until then it may only propose",)
    )
    return Advice(
        AGENT,
        f"{need.steps} steps over systems, each within limits, with checkpoints and somebody to ask: more than a proposal, and governed.",
        "rules that route each case to whoever can settle it",
        missing,
    )
