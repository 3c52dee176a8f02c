-- answers: What became of the cases that AI worked on, and how much human work was left?
-- grain: one row per piece of work
-- key: work_id
-- kind: table
with
worked as (
    select
        work_id, use_case_name, case_id, site_id, team_name, opened_at, closed_at, arm_code, assignment_code,
        is_contained, is_escalated, is_escalated_right, answer_code, hands_on_minutes, review_minutes,
        rework_minutes, is_error, error_cost_amount, is_wrong_commitment, commitment_cost_amount, is_reopened,
        answered_metric_name,
        load_id, line_no, loaded_at, extra
    from staging.ai_cases
)
select * from worked
