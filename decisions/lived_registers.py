"""The demo company's registers: its executive says once how some of their rows stand, with what shows it and when somebody looked."""

from datetime import timedelta
from decimal import Decimal

from decisions.desk import Desk
from decisions.registers import IN_PLACE, PLANNED, Kept

WHY = "Went through the registers with IT, audit and the order desk."
# Row → how it stands, who answers for it, what shows it, days since somebody looked, cost a month, how much of it is there.
STANDS: dict[str, tuple[str, str, str, int, Decimal | None, float | None]] = {
    "security_baseline/sign_in": (
        IN_PLACE,
        "head of IT",
        "Rule of the identity provider of 3 August; list of accounts without a second factor is empty.",
        20,
        Decimal("148.00"),
        None,
    ),
    "security_baseline/role_review": (
        IN_PLACE,
        "head of internal audit",
        "Signed list of roles, audit share, folder Roles.",
        210,
        None,
        None,
    ),
    "security_baseline/network": (
        PLANNED,
        "head of IT",
        "Offer of the carrier for a second circuit in Hamburg.",
        15,
        Decimal("265.00"),
        None,
    ),
    "residency/region_models": (
        IN_PLACE,
        "head of data",
        "Annex 2 of the contract with the vendor of our ERP names the region.",
        60,
        None,
        None,
    ),
    "training/exceptions": (
        PLANNED,
        "head of order management",
        "Attendance lists of both halves of the order desk.",
        25,
        Decimal("150.00"),
        19,
    ),
    "training/approvers": (
        IN_PLACE,
        "head of internal audit",
        "Attendance list of 12 June, with the test at its end.",
        30,
        Decimal("20.00"),
        6,
    ),
    "capability_gap/platform": (
        PLANNED,
        "head of IT",
        "Two days a month in the contract with our IT service.",
        40,
        None,
        2,
    ),
    "watch_list/multimodal_documents": (
        PLANNED,
        "head of warehouse",
        "Trial on 200 delivery notes: 91 in a hundred lines were right.",
        35,
        None,
        None,
    ),
}


def begin(desk: Desk) -> list[str]:
    """The rows that were kept now: none that anybody ever kept."""
    today, told = desk.now().date(), []
    for subject, (status, owner, evidence, days, cost, held) in STANDS.items():
        if subject in desk.book.registers:
            continue
        said = Kept(
            status=status, owner=owner, evidence=evidence, reviewed_on=today - timedelta(days=days), monthly_cost=cost, held=held
        )  # fmt: skip
        desk.keep_register(subject, said, WHY)
        told.append(subject)
    return told
