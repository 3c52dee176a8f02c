"""The demo company: a distributor grown from a seed by simulation, its extracts as anybody would upload them, and the truth about it.

A new part of the world (supplier invoices) is a table in `tables`, a step in `life`, rows in a module like `sales`, and an extract
in `extracts`; clock, staff and sites are there for it, and whatever is in `World` is saved with it. What only looks on, as the logs
of work with AI do (`ai_cases`), notes what it sees and has dice of its own.
"""

from pipelines.demo.acts import carried_out
from pipelines.demo.growth import DemoWorld, advance, grow

__all__ = ["DemoWorld", "advance", "carried_out", "grow"]
