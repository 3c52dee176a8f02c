"""Who may do what: the acts each role has a right to, and the acts that no one person may do on the same thing."""

from collections.abc import Collection, Iterable

from store.account_roles import ROLE_CONFLICTS, ROLES, in_order, role_conflicts

__all__ = [
    "ACTS",
    "INCOMPATIBLE",
    "RIGHTS",
    "ROLES",
    "ROLE_CONFLICTS",
    "in_order",
    "is_incompatible",
    "may",
    "role_conflicts",
]

ACTS: dict[str, str] = {
    "view": "see the pages",
    "export": "take rows out of the product or hand approved actions to the source system",
    "upload": "bring files in or take them back",
    "refresh": "build the tables anew",
    "propose": "propose an action",
    "approve": "approve a proposal",
    "decline": "decline a proposal",
    "assign": "assign a case, snooze or dismiss it",
    "author_policy": "write a policy",
    "approve_policy": "put a policy in force",
    "pin_model": "fix a model's version",
    "grant_roles": "give or take roles",
    "verify": "check the ledger's seals",
    "run_agents": "start or stop agents",
    "assume": "put the company's own value in the place of an assumption",
    "set_price": "set the price of a model",
    "register_use_case": "take up a use case of AI, change it or stop it",
    "switch_control": "switch a control of a use case on or off, or set its limit",
    "close_month": "close a month of AI value",
    "set_target": "set a target of what the company does",
    "keep_register": "keep a row of a register, or the lines of a site",
    "place_use_case": "decide where a use case of AI runs",
    "choose_technique": "keep which technique a need gets",
}

# What is not named here is not allowed. A policy narrows these further: it says who may approve which kind and how much.
RIGHTS: dict[str, frozenset[str]] = {
    "planner": frozenset(
        {
            *("view", "export", "propose", "approve", "decline", "assign", "author_policy", "run_agents"),
            *("register_use_case", "choose_technique"),
        }
    ),
    "approver": frozenset({"view", "export", "approve", "decline", "assign", "approve_policy", "switch_control"}),
    "executive": frozenset(
        {
            *("view", "export", "approve", "decline", "approve_policy", "verify"),
            *("assume", "set_price", "register_use_case", "switch_control", "close_month", "set_target"),
            *("keep_register", "place_use_case", "choose_technique"),
        }
    ),
    "analyst": frozenset(
        {
            *("view", "export", "upload", "refresh", "propose", "decline", "assign"),
            *("author_policy", "pin_model", "verify", "run_agents"),
            *("assume", "set_price", "register_use_case", "keep_register", "choose_technique"),
        }
    ),
    "administrator": frozenset(
        {
            *(
                "view",
                "export",
                "upload",
                "refresh",
                "author_policy",
                "pin_model",
                "grant_roles",
                "verify",
                "run_agents",
            ),
            "switch_control",
            "keep_register",
        }
    ),
    "auditor": frozenset({"view", "export", "verify"}),
}

# Two acts, and why the person who did the one on a thing may not do the other on the same thing: the same proposal, the
# same version of a policy, the model or agent that a proposal comes from, the person whose roles are at stake.
INCOMPATIBLE: dict[frozenset[str], str] = {
    frozenset({"propose", "approve"}): "Nobody approves what they proposed.",
    frozenset({"author_policy", "approve_policy"}): "Nobody puts in force a policy that they wrote.",
    frozenset({"pin_model", "approve"}): "Nobody approves what a model proposes that they pinned.",
    frozenset({"run_agents", "approve"}): "Nobody approves what an agent proposes that they started.",
    frozenset({"upload", "approve"}): "Nobody approves an action that rests on data they brought in.",
    frozenset({"grant_roles", "approve"}): "Nobody approves by a role that they gave themselves.",
    frozenset({"grant_roles", "approve_policy"}): "Nobody puts a policy in force by a role that they gave themselves.",
}


def may(roles: Collection[str], act: str) -> bool:
    """Whether somebody with these roles has a right to the act; unknown roles and unknown acts never have.

    >>> may({"planner"}, "propose"), may({"auditor"}, "propose"), may({"planner"}, "fly"), may(set(), "view")
    (True, False, False, False)
    """
    return act in ACTS and any(act in RIGHTS.get(role, frozenset()) for role in roles)


def who_may(act: str) -> list[str]:
    """The roles that have a right to the act, in their usual order: whom to ask.

    >>> who_may("pin_model")
    ['analyst', 'administrator']
    """
    return [role for role in ROLES if may({role}, act)]


def is_incompatible(act: str, done: Iterable[str]) -> str:
    """Why a person who has done these acts on a thing may not do this act on it as well; empty if they may.

    >>> is_incompatible("approve", ["propose", "assign"])
    'Nobody approves what they proposed.'
    >>> is_incompatible("decline", ["propose"])
    ''
    """
    return next((INCOMPATIBLE[pair] for other in done if (pair := frozenset({act, other})) in INCOMPATIBLE), "")
