"""The card of a model: its question, who speaks and why, what holds, what it does not know, and when to trust it."""

from pages.parts import standing, tables
from pages.parts.page import Visit

LABELS = {
    "model_name": "Model",
    "run_status_code": "Standing",
    "measure_name": "Measured by",
    "model_error_number": "Its error",
    "rival_error_number": "Rival's error",
    "gain_share": "Better by",
    "rival_name": "Rival",
    "version_no": "Version",
    "newest_version_no": "Newest version",
    "is_pinned": "Pinned",
    "drifted_count": "Drifted",
    "review_due_date": "Review due",
    "question_text": "Answers",
    "because_text": "Why",
    "guarantee_text": "What holds",
    "does_not_text": "What it does not know",
    "trust_text": "When to trust it",
    "trained_row_count": "Learnt from rows",
    "scored_row_count": "Rows written",
}
SHOWN = [
    "question_text",
    "because_text",
    "guarantee_text",
    "does_not_text",
    "trust_text",
    "rival_name",
    "version_no",
    "newest_version_no",
    "trained_row_count",
    "scored_row_count",
    "review_due_date",
]


def card(visit: Visit, code: str) -> None:
    """Draws the card; nothing where this build has no such model."""
    run = standing.run_of(visit, code)
    if run is not None:
        tables.detail(visit, run, title=run["model_name"], columns=SHOWN, labels=LABELS)
