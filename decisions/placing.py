"""Where a use case runs, as somebody decided it: the way, with everything that stood before them frozen in the act."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from decisions import checks
from decisions.ai_folding import definitions
from decisions.book import Book
from decisions.levels import REGISTERS
from decisions.person import Person
from decisions.ruling import Said
from models.ai_economics.network import kinds
from models.ai_economics.placement_choice import READY_REGISTERS
from models.ai_economics.placement_gates import AT_SITES, UNKNOWN
from models.ai_economics.placement_needs import CENTRAL, HEAD_OFFICE, SECOND_CIRCUIT
from models.ai_economics.use_case import is_sound, use_case
from store.warehouse import Build

WAYS, GATES, FLIPS = "scores.placements", "scores.placement_gates", "scores.placement_flips"
ROWS_SQL = {
    WAYS: "select * from scores.placements where use_case_id = ? order by way_no",
    GATES: "select * from scores.placement_gates where use_case_id = ? order by way_code, gate_no",
    FLIPS: "select * from scores.placement_flips where use_case_id = ? order by lever_code",
}
SITES_SQL = "select site_id from core.sites"
DEFINITION_SQL = "select use_case_id, definition_text from raw.use_cases where use_case_id = ?"
ESTATE_SQL = """
    select estate_part_name, place_name, part_cost, part_number, because_text from scores.placement_estate
    where estate_part_name in ('line', 'governance readiness', 'releases to sites', 'engineers of private nodes')
        or estate_part_name like 'machine at a site:%' or estate_part_name like 'private node:%'
    order by estate_part_name, place_name
"""
LINES_SQL = "select site_id, line_text from raw.site_lines order by site_id"
# The state of all assumptions, as the governance pack names it too.
STATE_SQL = "select assumptions_hash_text from raw.ai_basis"
DEPENDS = "scores.ai_dependences"
# What placement reads, that which moves its figures most first; a weight moves points and nothing else.
BEHIND_SQL = """
    select assumed.assumption_name, assumed_number, assumed.low_number, assumed.high_number, assumed.unit_name, source_grade,
        max(abs(elasticity_number)) as elasticity_number
    from scores.ai_dependences as moved
    inner join raw.assumptions as assumed on assumed.assumption_name = moved.assumption_name
    where affected_kind_code = 'placement'
    group by assumed.assumption_name, assumed_number, assumed.low_number, assumed.high_number, assumed.unit_name, source_grade
    order by elasticity_number desc nulls last, assumed.assumption_name
"""
PHASES = "marts.roadmap_phases"
AGAINST_SQL = """
    select row_name from marts.registers
    where verdict_code = 'contradicted' and register_code in (?, ?, ?)
    order by row_name
"""
FOUNDATION_SQL = (
    "select phase_code from marts.roadmap_phases where phase_code = 'foundation' and phase_stands_code <> 'done'"
)
PILOT_STEP = 6  # whether the way was tried in its family of workflows
SHOWN = 12  # characters of a hash, enough to find a state again


def placed(
    book: Book, person: Person, use_case_id: str, way: str, reason: str, build: Build | None, *, seen: str = ""
) -> Said | None:
    """The act that decides where a use case runs, with its record; None where it was decided so on the same figures.

    Args:
        book, person: what holds, and who decides.
        use_case_id: the use case.
        way: one of `models.ai_economics.placement_needs.WAYS`.
        reason: why, in words; leaving the advice needs a sentence.
        build: the newest build.
        seen: id of the build whose figures stood before the person; the newest, where it is not said.

    Errors: a Refusal without a right or a reason, for a build that has not worked it out, that is not the one seen, or is older than
        what the registry says now; for a way that a gate forbids: nobody's wish overrides a gate; for sites while the data contradict
        what was said of their controls; and for more than one site where nothing of its family has run so.
    """
    checks.has_right(person, "place_use_case", "decided")
    checks.has_reason(reason)
    known = record(build, use_case_id)
    if seen and known["build_id"] not in ("", seen):
        raise checks.refusal("a newer build was published since this page was drawn", "Look at it again, then decide.")
    if build is not None and known["ways"] and _has_changed(book, build, use_case_id):
        raise checks.refusal(
            f"{use_case_id} was changed since this build was made, so its gates are not known",
            "Refresh once on the Upload page, look at it again, then decide.",
        )
    ways = {row["way_code"]: row for row in known["ways"]}
    if way not in ways:
        raise checks.refusal(
            f"this build has not worked out {use_case_id} at {way!r}",
            f"Choose one of: {', '.join(ways)}." if ways else "Refresh once on the Upload page, then decide.",
        )
    chosen = ways[way]
    if not chosen["is_way_possible"]:
        raise checks.refusal(
            f"{use_case_id} cannot run there: {chosen['because_text']}".rstrip("."),
            "Change what forbids it (its definition, a register, the data), refresh, and decide then.",
        )
    if way in AT_SITES:
        _may_go_to_sites(use_case_id, reason, build)
        _begins_at_one_site(book, use_case_id, [row for row in known["gates"] if row["way_code"] == way], build)
    if not chosen["is_way_advised"] and not checks.is_sentence(reason):
        advised = next((name for name, row in ways.items() if row["is_way_advised"]), "none")
        raise checks.refusal(
            f"{way} is not what is advised ({advised})",
            f"Say why in a sentence of {checks.SHORTEST} characters or more.",
        )
    held = book.ai.placed.get(use_case_id)
    if held is not None and (held.payload["way"], held.payload["record"]) == (way, known):
        return None
    said = {"way": way, "deployment": deployment(way), "record": known, "reason": reason}
    return "place", use_case_id, {**said, "roles": sorted(person.roles)}


def _begins_at_one_site(book: Book, use_case_id: str, gates: Sequence[Mapping[str, Any]], build: Build | None) -> None:
    """Refuses more than one site, and all of them, for a way in which nothing of the use case's family has ever run."""
    is_untried = any((row["gate_no"], row.get("gate_code")) == (PILOT_STEP, UNKNOWN) for row in gates)
    if build is None or not is_untried:
        return
    sites = book.ai.definition(use_case_id, _built(build, use_case_id)).get("sites") or ()
    if len(sites) != 1:
        where = f"{len(sites)} sites" if sites else "all sites"
        raise checks.refusal(
            f"{use_case_id} is meant for {where}, and nothing of its family has ever run so: it begins at one",
            "Name one site for it on the page Use cases, refresh, and decide then.",
        )


def _may_go_to_sites(use_case_id: str, reason: str, build: Build | None) -> None:
    """Refuses while the data contradict what was said of the controls that sites need, and without a sentence before the foundation."""
    if build is None or not all(build.has(name) for name in (REGISTERS, PHASES)):
        return
    against = build.query(AGAINST_SQL, list(READY_REGISTERS))["row_name"].to_list()
    if against:
        raise checks.refusal(
            f"{use_case_id} cannot run at sites while the data contradict what was said of: {', '.join(against)}",
            "See on the page Risks and controls, tab Controls, what stands against it; mend that, refresh, and decide then.",
        )
    if build.query(FOUNDATION_SQL).height and not checks.is_sentence(reason):
        raise checks.refusal(
            "the foundation comes first, and the roadmap says that it is not done",
            f"Say in a sentence of {checks.SHORTEST} characters or more why this goes to sites before that.",
        )


def lined(book: Book, person: Person, site_id: str, circuits: str, reason: str, build: Build | None) -> Said | None:
    """The act that says which circuits connect a site with the centre; None where it was said so already.

    Args:
        book, person: what holds, and who says it.
        site_id: the site, or "head office", where work at a desk is done.
        circuits: such as "fibre + lte"; empty to take back what was said.
        reason: why, in words.
        build: the build whose sites are meant; without one any site may be named.

    Errors: a Refusal without a right or a reason, for a site that there is not, and for circuits of another kind.
    """
    checks.has_right(person, "keep_register", "changed")
    checks.has_reason(reason)
    if build is not None and site_id not in (HEAD_OFFICE, *build.query(SITES_SQL)["site_id"]):
        raise checks.refusal(f"there is no site {site_id!r}", "Choose one on the page Placement.")
    try:
        told = " + ".join(kinds(circuits))
    except ValueError as error:
        raise checks.refusal(str(error), "Name them with a + between, such as fibre + lte.") from error
    if told == book.ai.circuits(site_id):
        return None
    return "set_line", site_id, {"circuits": told, "reason": reason}


def stays(before: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    """Refuses a definition that would move a use case: that is decided here, past the gates, and nowhere else.

    Args:
        before: the definition that holds; empty for a new use case, which begins at a provider.
        definition: what somebody wants to change of it.
    """
    now = before.get("deployment", CENTRAL)
    if definition.get("deployment", now) != now:
        raise checks.refusal(
            f"a definition does not move a use case from {now!r} to {definition['deployment']!r}",
            "Leave it where it is, and decide on the page Placement, where gates and cost stand beside each other.",
        )
    if definition.get("second_line", before.get("second_line")) != before.get("second_line"):
        raise checks.refusal(
            "a definition gives a use case no second line", "Decide it on the page Placement, as a way of its own."
        )


def deployment(way: str) -> str:
    """What the registry calls a way: a second circuit still reaches the model at its provider.

    >>> deployment("second circuit"), deployment("hybrid")
    ('central api', 'hybrid')
    """
    return CENTRAL if way == SECOND_CIRCUIT else way


def record(build: Build | None, use_case_id: str) -> dict[str, Any]:
    """What stood before whoever decides: the build with its day, and its rows of ways, gates and flip points, in plain types."""
    if build is None or not all(build.has(name) for name in ROWS_SQL):
        return {
            "build_id": "",
            "as_of": "",
            "built_at": "",
            "ways": [],
            "gates": [],
            "flips": [],
            "estate": [],
            "lines": {},
            "basis": {},
            "assumptions": [],
        }
    ways, gates, flips = (
        [_plain(row) for row in build.query(sql, [use_case_id]).iter_rows(named=True)] for sql in ROWS_SQL.values()
    )
    return {
        "build_id": build.build_id,
        "as_of": build.facts()["as_of_date"].isoformat(),
        "built_at": build.facts()["built_at"].isoformat(),
        "ways": ways,
        "gates": gates,
        "flips": flips,
        "estate": [_plain(row) for row in build.query(ESTATE_SQL).iter_rows(named=True)],
        "lines": dict(build.query(LINES_SQL).iter_rows()),
        "basis": _basis(build, use_case_id),
        "assumptions": [_plain(row) for row in build.query(BEHIND_SQL).iter_rows(named=True)]
        if build.has(DEPENDS)
        else [],
    }


def _basis(build: Build, use_case_id: str) -> dict[str, str]:
    """What of the registry and the assumptions the figures rest on, in words, with hashes by which both can be found again."""
    texts = build.query(DEFINITION_SQL, [use_case_id])["definition_text"].to_list()
    if not texts or not is_sound(json.loads(texts[0])):
        return {}
    case = use_case(json.loads(texts[0]))
    low, likely, high = case.needs.outage_cost_per_hour
    return {
        "an hour without it": f"{likely:g} ({low:g} to {high:g}) in the reference company, {case.needs.manual_share:.0%} done by hand",
        "grade of the definition": f"{case.grade}; {case.source}",
        "definition": hashlib.sha256(texts[0].encode()).hexdigest()[:SHOWN],
        "assumptions": str(build.query(STATE_SQL).item())[:SHOWN],
        "models": ", ".join(f"{model} {share:.0%}" for _, model, share in case.models),
        "split": f"site: {case.needs.edge_does} Centre: {case.needs.centre_does}",
    }


def _built(build: Build, use_case_id: str) -> dict[str, Any]:
    """The definition of a use case in a build; empty where it has none."""
    return definitions(build.query(DEFINITION_SQL, [use_case_id]).iter_rows(named=True)).get(use_case_id, {})


def _has_changed(book: Book, build: Build, use_case_id: str) -> bool:
    """Whether the registry says something else now than the build does; where it runs does not count, for that is decided here."""
    built = _built(build, use_case_id)
    now = book.ai.definition(use_case_id, built)
    there, here = ({**said, "deployment": CENTRAL, "second_line": None} for said in (built, now))
    return not is_sound(there) or not is_sound(here) or use_case(there) != use_case(here)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it: money as text, so that not a cent is lost."""
    return json.loads(json.dumps({name: cell for name, cell in row.items() if name != "use_case_id"}, default=_text))


def _text(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    raise TypeError(f"{type(cell).__name__} cannot be written down")
