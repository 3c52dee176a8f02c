"""The desk of the company that is looked at, with the person who looks; every page of a company shares one book."""

from decisions.book import Book
from decisions.clock import clock_of
from decisions.desk import Desk
from decisions.person import Person
from pages.parts import identity
from pages.parts.kept import Kept
from pages.parts.page import Visit
from pipelines.flow import ledger_of
from store.warehouse import current_build

BOOKS: Kept[Book] = Kept(at_most=50)


def desk(visit: Visit) -> Desk:
    """The desk at which this visit's viewer stands.

    Between the drawing of a button and the click on it a role may be taken away and a build published: both are asked anew.
    """
    # A folder that was deleted and made anew is another one, though it has the same name.
    book = BOOKS.get((str(visit.company.folder), visit.company.folder.stat().st_ino), Book)
    return Desk(
        ledger_of(visit.company),
        lambda: person(visit),
        build=lambda: current_build(visit.company) or visit.build,
        book=book,
        clock=clock_of(visit.company, visit.build),
    )


def person(visit: Visit) -> Person:
    """The viewer as the desk knows people, with the roles held at this very moment."""
    return Person(visit.viewer.who, frozenset(identity.roles_now(visit.viewer, visit.company.name)))
