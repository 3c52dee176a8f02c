"""The roadmap as tables: phases and what each asks for, out of `data/roadmap/`; what is found is counted by SQL."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from store.warehouse import Draft

FOLDER = Path(__file__).resolve().parent.parent / "data" / "roadmap"
PHASES = "phase_no bigint, phase_code varchar, phase_name varchar, focus_text varchar, aim_text varchar"
CRITERIA = (
    "phase_no bigint, phase_code varchar, criterion_no bigint, criterion_code varchar, criterion_name varchar, compared_code varchar, "
    "counted_in_code varchar, page_name varchar, owner_name varchar, tells_text varchar"
)

WORKFLOWS = (
    "workflow_no bigint, workflow_code varchar, workflow_name varchar, owner_name varchar, metric_name varchar, volume_name varchar, "
    "delay_text varchar, range_text varchar, risk_text varchar"
)
LINKS = "workflow_code varchar, link_code varchar, linked_name varchar"
LINKED = {"use case": "use_cases", "action kind": "kinds", "model": "models"}
DOMAINS = (
    "roadmap_domain_no bigint, roadmap_domain_code varchar, roadmap_domain_name varchar, owner_name varchar, friction_name varchar, "
    "friction_unit_code varchar, metric_name varchar, friction_text varchar, opportunity_text varchar, "
    "expected_outcome_text varchar"
)
DOMAIN_LINKS = "roadmap_domain_code varchar, link_code varchar, linked_name varchar"
BELONGS = {"use case": "use_cases", "registered": "registered"}
LAYERS = "layer_no bigint, layer_name varchar, function_text varchar, aim_text varchar, check_code varchar"
DECISIONS = (
    "decision_no bigint, action_kind_code varchar, page_name varchar, data_text varchar, exception_text varchar, "
    "outcome_text varchar"
)


def phases() -> tuple[Mapping[str, Any], ...]:
    """The phases in their order, each with its criteria, as their file says them.

    >>> [phase["name"] for phase in phases()][:2]
    ['Foundation', 'Decision support']
    """
    return tuple(read("phases"))


@cache
def read(name: str) -> list[Mapping[str, Any]]:
    """The entries of one file of the roadmap.

    >>> read("phases")[0]["phase"]
    'foundation'
    """
    return yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader)


def make(draft: Draft) -> None:
    """`raw.roadmap_phases`, `_criteria`, `_workflows`, `_links`, `_domains`, `_domain_links`, `_layers` and `_decisions`, in the draft."""
    numbered = list(enumerate(phases(), start=1))
    named = [[number, one["phase"], one["name"], one["focus"], one["outcome"]] for number, one in numbered]
    draft.fill("raw.roadmap_phases", named, PHASES)
    criteria = [
        [number, one["phase"], place, asked["code"], asked["title"], asked["compare"], asked["unit"], asked["page"], asked["owner"],
         asked["tells"]]
        for number, one in numbered
        for place, asked in enumerate(one["criteria"], start=1)
    ]  # fmt: skip
    draft.fill("raw.roadmap_criteria", criteria, CRITERIA)
    _workflows(draft)
    _domains(draft)
    layers = [
        [number, one["name"], one["function"], one["outcome"], check]
        for number, one in enumerate(read("layers"), start=1)
        for check in one["checks"]
    ]
    draft.fill("raw.roadmap_layers", layers, LAYERS)
    fields = ("kind", "page", "data", "exception", "outcome")
    decisions = [
        [number, *(one[field] for field in fields)] for number, one in enumerate(read("decision_map"), start=1)
    ]
    draft.fill("raw.roadmap_decisions", decisions, DECISIONS)


def _workflows(draft: Draft) -> None:
    """The workflows, and what of use cases, actions and models belongs to each."""
    fields = ("workflow", "name", "owner", "metric", "counts", "delay", "range", "risk")
    flows = read("workflows")
    numbered = [[number, *(one[field] for field in fields)] for number, one in enumerate(flows, start=1)]
    draft.fill("raw.roadmap_workflows", numbered, WORKFLOWS)
    links = [[one["workflow"], code, name] for one in flows for code, field in LINKED.items() for name in one[field]]
    draft.fill("raw.roadmap_links", links, LINKS)


def _domains(draft: Draft) -> None:
    """The domains with what hurts, what AI could do and what shall come of it, and which use cases belong to each."""
    fields = ("domain", "name", "owner", "measure", "unit", "metric", "friction", "opportunity", "outcome")
    domains = read("domains")
    numbered = [[number, *(one[field] for field in fields)] for number, one in enumerate(domains, start=1)]
    draft.fill("raw.roadmap_domains", numbered, DOMAINS)
    links = [[one["domain"], code, name] for one in domains for code, field in BELONGS.items() for name in one[field]]
    draft.fill("raw.roadmap_domain_links", links, DOMAIN_LINKS)
