"""Which files the demo company's use of AI leaves behind: calls at two gateways, the log of work with help and alone, the bills."""

from pipelines.demo import ai_bill, ai_usage, ai_work
from pipelines.demo.extract import MONTHLY, WEEKLY, Extract, Writing

JSON_LINES = Writing(is_json_lines=True)
WORK = Writing(separator=";", yes_no=("yes", "no"))

AI = (
    Extract("ai_calls", "ai_gateway_spans", WEEKLY, ai_usage.spans, {}, JSON_LINES),
    Extract(
        "ai_calls", "ai_proxy_spend", MONTHLY, ai_usage.spend, {name: name for name in ai_usage.PROXY_COLUMNS},
    ),
    Extract(
        "ai_cases", "ai_work_log", WEEKLY, ai_work.work_log,
        {
            "work_id": "Work Item", "use_case_name": "Use Case", "case_id": "Case No", "site_id": "Branch", "team_name": "Team",
            "opened_at": "Opened", "closed_at": "Closed", "arm_code": "Arm", "assignment_code": "Assignment",
            "is_contained": "Resolved by AI", "is_escalated": "Escalated", "is_escalated_right": "Escalation Correct",
            "answer_code": "User Decision", "hands_on_minutes": "Handling Minutes", "review_minutes": "Review Time",
            "rework_minutes": "Rework Time", "is_error": "Error", "error_cost_amount": "Error Cost",
            "is_wrong_commitment": "Wrong Commitment", "commitment_cost_amount": "Commitment Cost", "is_reopened": "Reopened",
        },
        WORK,
    ),
    Extract("ai_bills", "ai_bill_focus", MONTHLY, ai_bill.bill, {name: name for name in ai_bill.COLUMNS}),
)  # fmt: skip
