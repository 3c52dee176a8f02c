"""The roles that an account may hold, what each is for, and which of them one person may not hold together."""

from collections.abc import Collection, Iterable

from errors import Refusal

# In the order in which they are listed; the first that a person holds is the one that is named where there is room for one.
ROLES: dict[str, str] = {
    "planner": "plans stock and orders, proposes what to do",
    "approver": "approves or declines what others propose",
    "executive": "sees everything, approves what is large and what changes a policy",
    "analyst": "brings in data, watches models, prepares proposals and policies",
    "administrator": "gives roles, brings in data, pins models; decides nothing",
    "auditor": "sees everything and verifies it; changes nothing",
}
EVERYWHERE = "*"  # in the place of a company's name: a role that holds in every company

# Two roles, and why one person may not hold both in the same company.
ROLE_CONFLICTS: dict[frozenset[str], str] = {
    frozenset({"administrator", "approver"}): "Who gives roles could give themselves the say over money.",
    frozenset({"administrator", "executive"}): "Who gives roles could give themselves the say over money.",
    frozenset({"administrator", "planner"}): "Who gives roles decides nothing, and a planner approves messages.",
    **{
        frozenset({"auditor", role}): "Who verifies has no part in what is verified."
        for role in ROLES
        if role != "auditor"
    },
}


def role_conflicts(roles: Iterable[str]) -> list[str]:
    """Why these roles may not be held together, one sentence a pair; none if they may.

    >>> role_conflicts({"planner", "auditor"})
    ['auditor and planner: Who verifies has no part in what is verified.']
    >>> role_conflicts({"planner", "analyst"})
    []
    """
    held = set(roles)
    return sorted(f"{' and '.join(sorted(pair))}: {why}" for pair, why in ROLE_CONFLICTS.items() if pair <= held)


def in_order(roles: Collection[str]) -> list[str]:
    """The roles among these that exist, in their usual order.

    >>> in_order({"analyst", "planner"})
    ['planner', 'analyst']
    """
    return [role for role in ROLES if role in roles]


def checked(roles: Iterable[str]) -> frozenset[str]:
    """The roles themselves; refused when one of them does not exist.

    >>> sorted(checked(["planner"]))
    ['planner']
    """
    wanted = frozenset(roles)
    if unknown := sorted(wanted - set(ROLES)):
        raise Refusal("No role was given.", f"There is no role {', '.join(unknown)}.", f"Roles are {', '.join(ROLES)}.")
    return wanted
