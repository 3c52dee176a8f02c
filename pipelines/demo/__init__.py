"""The demo company: a distributor grown from a seed by simulation, its extracts as anybody would upload them, and the truth about it."""

from pipelines.demo.growth import DemoWorld, advance, grow

__all__ = ["DemoWorld", "advance", "grow"]
