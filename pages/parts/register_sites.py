"""Named risks of AI site by site: what was counted at each, and whether it kept to what was approved."""

from pages.parts import tables
from pages.parts.ask import has_rows, mart
from pages.parts.page import Visit

SOURCE = "marts.site_ai_risks"
COLUMNS = {"found_code": 110, "row_name": 180, "site_name": 160, "found_text": 380, "kept_share": 80, "least_share": 90}
LABELS = {
    "found_code": "Found",
    "row_name": "Risk",
    "site_name": "Site",
    "found_text": "What the data show",
    "kept_share": "Kept",
    "least_share": "Asked for",
}
MEANT = (
    "Answers are held against the highest error shares that their use cases were approved with; the others against "
    "all of what was counted."
)


def board(visit: Visit) -> None:
    """Draws the risks of each site; nothing where the build knows no site."""
    if visit.build is None or not has_rows(visit, SOURCE):
        return
    found = mart(visit, SOURCE, order_by=("found_code", "row_code", "site_id"))
    tables.show(visit, found, name="site_ai_risks", title="Risks of AI at each site", columns=COLUMNS, labels=LABELS,
                units={"found_code": "verdict"}, source=SOURCE, note=MEANT)  # fmt: skip
