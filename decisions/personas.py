"""The people of the demo company whose part a visitor may take in demo mode; nobody of them can sign in anywhere."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """One person with one role: the name that the ledger writes down, and the name that a reader knows."""

    who: str
    display_name: str
    role: str


# The three planners are those whose overrides the demo company's history holds.
PERSONAS = (
    Persona("A.Novak", "Anna Novak", "analyst"),
    Persona("K.Lindqvist", "Karin Lindqvist", "planner"),
    Persona("D.Sommer", "Dora Sommer", "planner"),
    Persona("J.Wagner", "Jonas Wagner", "planner"),
    Persona("M.Okafor", "Martin Okafor", "approver"),
    Persona("T.Brandt", "Tessa Brandt", "approver"),
    Persona("E.Rossi", "Elena Rossi", "executive"),
    Persona("S.Haddad", "Samir Haddad", "administrator"),
    Persona("I.Berg", "Ines Berg", "auditor"),
)
