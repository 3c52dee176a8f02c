"""Why one way suits a workflow and what it asks in return, in words: what the centre is good at, who does what where, what it costs."""

from collections.abc import Mapping, Sequence

from models.ai_economics.placement_gates import FORBIDS, SUPPORTS, Gate
from models.ai_economics.placement_needs import CENTRAL, EDGE, HYBRID, PRIVATE, SECOND_CIRCUIT, SMALL
from models.ai_economics.routing import FIXED
from models.ai_economics.use_case import UseCase

CENTRAL_STRENGTHS = (
    "Models and their versions are managed in one place.",
    "One policy holds for everybody.",
    "Prompts are governed once.",
    "Retrieval reaches the enterprise's own context.",
    "Answers stand beside the figures of the business.",
)
STRENGTHS: Mapping[str, tuple[str, ...]] = {
    CENTRAL: CENTRAL_STRENGTHS,
    SECOND_CIRCUIT: (*CENTRAL_STRENGTHS, "A second line stands in for the first, and the procedures lie at the site as pages."),
    PRIVATE: ("Data and models stay on machines of our own.", "Models and their versions change when we change them."),
    HYBRID: (
        "The site goes on with its part while the line is down.",
        "Policy, record and the enterprise's systems stay with the centre.",
    ),
    EDGE: ("It goes on without the line.", "What happens at the site stays there."),
}  # fmt: skip
# What each way, and each manner of working, asks in return.
IN_RETURN: Mapping[str, tuple[str, ...]] = {
    CENTRAL: ("It starts fast, and its running cost moves with volume and prices.",),
    SECOND_CIRCUIT: ("A second line has to be paid at every site, whether the first fails or not.",),
    PRIVATE: ("It takes machines, and people who can run them, before the first answer.",),
    HYBRID: ("Two models have to be kept in step, and what passes between them has to be watched.",),
    EDGE: ("Every site needs a machine that is secured, patched, watched and replaced.",),
}
SMALL_MODEL = "A smaller model costs less, and leans on better retrieval and tighter limits."
AGENT = "An agent does more by itself, and takes tighter governance and more watching before it is approved."
SEVERAL_MODELS = "Several models leave a choice, and add routing, tests and vendors to look after."
# Which work each way fits best. What is said of the centre is our reconstruction: the source names only the other column.
BEST_FIT: Mapping[str, tuple[str, bool]] = {
    CENTRAL: ("Reasoning over orders, stock, suppliers and finance; acts on the enterprise's systems.", True),
    EDGE: ("Help in the warehouse, at the branch counter, on the road, and wherever the line is missing.", False),
}


def reasons(case: UseCase, way: str, gates: Sequence[Gate]) -> tuple[str, ...]:
    """Why this way: what its gates support, then its strengths; who does what where, if both a site and the centre do something."""
    told = [gate.because for gate in gates if gate.code == SUPPORTS]
    found = [*told, *STRENGTHS[way]]
    if way == HYBRID:
        handed = ", ".join(case.needs.hand_over) or "nothing that is named"
        found += [
            f"At the site: {case.needs.edge_does}",
            f"At the centre: {case.needs.centre_does}",
            f"Handed over: {handed}.",
        ]
    if way == EDGE:
        found.append(f"At the site: {case.needs.edge_does}")
    return tuple(dict.fromkeys(found))


def why_not(gates: Sequence[Gate]) -> tuple[str, ...]:
    """Why a way is impossible: the sentences of the steps that forbid it, none where none does.

    >>> why_not([Gate(3, "action risk", "forbids", "It writes."), Gate(4, "governance readiness", "passes", "Ready.")])
    ('It writes.',)
    """
    return tuple(gate.because for gate in gates if gate.code == FORBIDS)


def in_return(case: UseCase, way: str) -> tuple[str, ...]:
    """What a way asks in return, and what a small model, an agent or several models ask, where the workflow uses them."""
    found = list(IN_RETURN[way])
    if way in (HYBRID, EDGE) or case.needs.tier == SMALL:
        found.append(SMALL_MODEL)
    if case.is_agent:
        found.append(AGENT)
    if len(case.models) > 1 or case.routing.way != FIXED:
        found.append(SEVERAL_MODELS)
    return tuple(found)
