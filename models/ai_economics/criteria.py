"""How good a candidate a use case is: four traits that screen it and six criteria that rank it, each 0 to 100 and computed from rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.ai_economics.use_case import UseCase
from models.ai_economics.world import loops

FULL = 100.0
GRADE_POINTS = {"A": 100.0, "B": 75.0, "C": 40.0, "D": 10.0}
EVIDENCE_POINTS = {"A": 100.0, "B": 80.0, "C": 50.0, "D": 20.0}
RISK_POINTS = {"low": 100.0, "medium": 60.0, "high": 20.0}
AUTONOMY_POINTS = {"advises": 100.0, "acts after approval": 70.0, "acts alone": 10.0}
CONTROL_POINTS = {"enforced": 100.0, "declared": 60.0}
USUAL_MONTHS, WORKING_DAYS, YEAR = 12, 21.0, 12.0
# Which extracts hold what a system knows, and what a driver counts.
SYSTEM_EXTRACTS: Mapping[str, tuple[str, ...]] = {
    "erp": ("orders", "order_lines", "skus"),
    "wms": ("stock_days", "receipts"),
    "tms": ("shipments",),
    "crm": ("customers",),
    "ticketing": ("service_tickets",),
    "procurement": ("purchase_lines", "suppliers"),
    "analytics": ("order_lines",),
}
DRIVER_EXTRACTS: Mapping[str, tuple[str, ...]] = {
    "order_lines": ("order_lines",),
    "orders": ("order_lines",),
    "purchase_lines": ("purchase_lines",),
    "shipments": ("shipments",),
    "exceptions": ("order_lines", "purchase_lines", "shipments"),
}


@dataclass(frozen=True)
class Known:
    """What rows say of one use case.

    Attributes:
        numbers: assumptions by name.
        grades: extract → data grade A to D, of those that were landed.
        units: units of its driver in each of the last months, oldest first; empty where none are known.
        orders_per_year: of the company.
        site_count: sites where people would work with it.
        yearly_benefit: planned benefit of a year, reporting currency; None where it could not be planned.
        yearly_sales: reporting currency; None where nothing was sold.
        evidence_grade: how well its benefit was measured.
        has_baseline: whether minutes without AI were measured.
        case_count: cases of the work log; `failed_count` of them wrong, rejected, reopened or handed to people.
        acted_count: decisions of its domain that went through the product.
        seen_per_month: cases that it did itself in a month of late; None where it does not run yet.
    """

    numbers: Mapping[str, float]
    grades: Mapping[str, str]
    units: tuple[float, ...]
    orders_per_year: float
    site_count: int
    yearly_benefit: float | None
    yearly_sales: float | None
    evidence_grade: str
    has_baseline: bool
    case_count: int
    failed_count: int
    acted_count: int
    seen_per_month: float | None = None


@dataclass(frozen=True)
class Points:
    """A score of 0 to 100, and what it comes from in a few words."""

    score: float
    because: str


def filling(amount: float, half: float) -> float:
    """Points of an amount that has no natural end: 100·x / (x + half); nought for nothing or less.

    >>> filling(50, 50), filling(0, 50), round(filling(950, 50)), filling(-3, 50)
    (50.0, 0.0, 95, 0.0)
    """
    return FULL * amount / (amount + half) if amount > 0 else 0.0


def cases_per_month(case: UseCase, known: Known) -> float:
    """Cases that there are in a usual month, with AI or without, by the likeliest rate; never fewer than were seen.

    Where nothing else drives it, working days do.
    """
    units = (WORKING_DAYS,) if case.driver == "working_days" else known.units[-USUAL_MONTHS:]
    size = known.orders_per_year / known.numbers["ai_reference_orders_per_year"] if case.scales_with_size else 1.0
    rated = case.cases_per_unit[1] * case.eligible_share * size * sum(units) / len(units) if units else 0.0
    return max(rated, known.seen_per_month or 0.0)


def monthly(count: float) -> str:
    """So many cases a month, in words.

    >>> monthly(0.2), monthly(1.2), monthly(1240)
    ('hardly a case a month', 'about 1 case a month', 'about 1,240 cases a month')
    """
    if count < 0.5:
        return "hardly a case a month"
    return f"about {count:,.0f} {'case' if round(count) == 1 else 'cases'} a month"


def extracts(case: UseCase) -> tuple[str, ...]:
    """The extracts that its systems and its driver need, without repeats.

    >>> from types import SimpleNamespace
    >>> extracts(SimpleNamespace(systems=(("wms", "read"), ("erp", "write")), driver="orders"))
    ('stock_days', 'receipts', 'orders', 'order_lines', 'skus')
    """
    named = [name for system, _ in case.systems for name in SYSTEM_EXTRACTS.get(system, ())]
    return tuple(dict.fromkeys([*named, *DRIVER_EXTRACTS.get(case.driver, ())]))


def traits(case: UseCase, known: Known) -> dict[str, Points]:
    """The four traits of a good candidate: volume, repetition, measurable impact, manageable exception rate."""
    month = cases_per_month(case, known)
    rate, where = failing(case, known)
    limit = known.numbers["ai_exception_limit_share"]
    measured = EVIDENCE_POINTS.get(known.evidence_grade, 0.0)
    basis = "minutes without AI were measured" if known.has_baseline else "minutes without AI are stated, not measured"
    return {
        "volume": Points(filling(month, known.numbers["ai_half_cases_per_month"]), monthly(month)),
        "repetition": _repetition(case, known),
        "measurable": Points(max(measured, 60.0 if known.has_baseline else 0.0), f"grade {known.evidence_grade}; {basis}"),
        "manageable": Points(FULL * max(0.0, 1 - rate / limit), f"{rate:.0%} of cases go wrong or back to a person, {where}"),
    }  # fmt: skip


def criteria(case: UseCase, known: Known) -> dict[str, Points]:
    """The six criteria: impact, data, fit, frequency, governance, change (100 where hardly anything changes)."""
    month = cases_per_month(case, known)
    return {
        "impact": _impact(known),
        "data": _data(case, known),
        "fit": _fit(case, known),
        "frequency": Points(filling(month, known.numbers["ai_half_cases_per_month"]), monthly(month)),
        "governance": _governance(case),
        "change": _change(case, known),
    }  # fmt: skip


def failing(case: UseCase, known: Known) -> tuple[float, str]:
    """Share of cases that go wrong or back to a person, and where that is known from: the work log, else the definition."""
    if known.case_count:
        return min(known.failed_count / known.case_count, 1.0), "by the work log"
    stopped = loops(case)[1]
    return min(case.error_share[1] + case.wrong_commitment_share[1] + stopped, 1.0), "as assumed"


def _repetition(case: UseCase, known: Known) -> Points:
    """How alike one month is to the next and one case to the next."""
    low, likely, high = case.baseline_minutes
    alike = max(0.0, 1 - (high - low) / (2 * likely)) if likely else 0.0
    if case.driver == "working_days":
        return Points(FULL * (1 + alike) / 2, f"every working day; a case takes {low:g} to {high:g} minutes")
    if len(known.units) < 2:
        return Points(FULL * alike / 2, f"no history of {case.driver.replace('_', ' ')}")
    middle = sum(known.units) / len(known.units)
    spread = (sum((one - middle) ** 2 for one in known.units) / len(known.units)) ** 0.5
    even = max(0.0, 1 - spread / middle) if middle else 0.0
    said = f"months differ by {spread / middle:.0%}" if middle else "no cases in its months"
    return Points(FULL * (even + alike) / 2, f"{said}; a case takes {low:g} to {high:g} minutes")


def _impact(known: Known) -> Points:
    if known.yearly_benefit is None or not known.yearly_sales:
        return Points(0.0, "its benefit could not be planned")
    share = known.yearly_benefit / known.yearly_sales
    return Points(
        filling(share, known.numbers["ai_half_impact_share"]),
        f"benefit of a year {share:.2%} of sales, as planned".replace("-0.00%", "0.00%"),
    )


def _data(case: UseCase, known: Known) -> Points:
    wanted = extracts(case)
    points = {name: GRADE_POINTS.get(known.grades.get(name, ""), 0.0) for name in wanted}
    missing = [name.replace("_", " ") for name in wanted if name not in known.grades]
    history = FULL * min(len(known.units) / USUAL_MONTHS, 1.0) if case.driver != "working_days" else FULL
    parts = [*points.values(), history]
    worst = min(points, key=lambda name: points[name], default="")
    said = f"{worst.replace('_', ' ')} are of grade {known.grades[worst]}" if worst in known.grades else ""
    said = f"missing: {', '.join(missing)}" if missing else f"at worst {said}" if said else "it needs no extract"
    return Points(sum(parts) / len(parts), said)


def _fit(case: UseCase, known: Known) -> Points:
    """Half for systems whose rows are here, half for whether its output can be written into the work."""
    landed = [any(name in known.grades for name in SYSTEM_EXTRACTS.get(system, ())) for system, _ in case.systems] or [
        False
    ]
    connected = sum(landed) / len(landed)
    embedded, said = (
        (1.0, f"{known.acted_count:,} decisions of its domain went through Crossdock") if known.acted_count
        else (0.6, "its work is logged") if known.case_count
        else (0.3, "nothing of its domain is decided here yet")
    )  # fmt: skip
    return Points(FULL * (connected + embedded) / 2, f"{sum(landed)} of {len(landed)} systems are connected; {said}")


def _governance(case: UseCase) -> Points:
    held = [CONTROL_POINTS.get(one.how, 0.0) if one.is_on else 0.0 for one in case.controls] or [0.0]
    on = sum(one.is_on for one in case.controls)
    score = 0.4 * sum(held) / len(held) + 0.3 * RISK_POINTS[case.action_risk] + 0.3 * AUTONOMY_POINTS[case.autonomy]
    return Points(score, f"{on} of {len(case.controls)} controls are on; risk {case.action_risk}; it {case.autonomy}")


def _change(case: UseCase, known: Known) -> Points:
    writing = sum(access == "write" for _, access in case.systems)
    sites = len(case.sites) or known.site_count
    lost = (
        known.numbers["ai_points_per_system"] * len(case.systems)
        + known.numbers["ai_points_per_writing_system"] * writing
        + known.numbers["ai_points_per_site"] * sites
    )
    return Points(
        max(0.0, FULL - lost),
        f"{_counted(len(case.systems), 'system')}, {writing} of them written to, {_counted(sites, 'site')}",
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
