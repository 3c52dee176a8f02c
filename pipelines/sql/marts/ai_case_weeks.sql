-- answers: Week by week, how much work and how many slips did cases take with AI and without it, at each site and in each team?
-- grain: one row per use case, site, team, week, arm and way of assigning
-- key: use_case_name, site_id, team_name, week_date, arm_code, assignment_code
-- kind: table
-- checks:
--   measured_case_count <= case_count
--   error_count <= known_error_count
--   wrong_commitment_count <= known_commitment_count
-- why: What roll-outs are designed and judged on. A measure that nobody recorded stays empty: it is not nought. Means are over the
--   cases for which it was recorded, and their number stands beside them.
with cases as (
    select
        worked.use_case_name,
        coalesce(worked.site_id, 'not told') as site_id,
        coalesce(worked.team_name, 'not told') as team_name,
        cast(date_trunc('week', cast(worked.opened_at as date)) as date) as week_date,
        coalesce(worked.arm_code, 'not told') as arm_code,
        coalesce(worked.assignment_code, 'not told') as assignment_code,
        worked.hands_on_minutes,
        worked.review_minutes,
        worked.rework_minutes,
        worked.is_error,
        worked.is_wrong_commitment,
        worked.is_contained,
        worked.is_escalated,
        worked.is_escalated_right,
        worked.is_reopened,
        worked.answer_code,
        worked.error_cost_amount,
        worked.commitment_cost_amount
    from core.ai_cases as worked
    cross join raw.company as company
    where cast(worked.opened_at as date) <= company.as_of_date
),

ai_case_weeks as (
    select
        use_case_name,
        site_id,
        team_name,
        week_date,
        arm_code,
        assignment_code,
        count(*) as case_count,
        count(hands_on_minutes) as measured_case_count,
        avg(hands_on_minutes) as mean_hands_on_minutes,
        sqrt(greatest(avg(hands_on_minutes * hands_on_minutes) - avg(hands_on_minutes) * avg(hands_on_minutes), 0.0)) as spread_minutes,
        avg(review_minutes) as mean_review_minutes,
        avg(rework_minutes) as mean_rework_minutes,
        count(is_error) as known_error_count,
        sum(case when is_error then 1 else 0 end) as error_count,
        count(is_wrong_commitment) as known_commitment_count,
        sum(case when is_wrong_commitment then 1 else 0 end) as wrong_commitment_count,
        count(is_contained) as known_containment_count,
        sum(case when is_contained then 1 else 0 end) as contained_count,
        sum(case when is_escalated then 1 else 0 end) as escalated_count,
        sum(case when is_escalated_right then 1 else 0 end) as right_escalation_count,
        count(answer_code) as answered_count,
        sum(case when answer_code in ('accepted', 'edited') then 1 else 0 end) as taken_up_count,
        sum(case when is_reopened then 1 else 0 end) as reopened_count,
        sum(error_cost_amount) as error_cost_amount,
        sum(commitment_cost_amount) as commitment_cost_amount
    from cases
    group by use_case_name, site_id, team_name, week_date, arm_code, assignment_code
),

typed as (
    select
        use_case_name, site_id, team_name, week_date, arm_code, assignment_code, case_count, measured_case_count,
        mean_hands_on_minutes, spread_minutes, mean_review_minutes, mean_rework_minutes, known_error_count,
        cast(error_count as bigint) as error_count,
        known_commitment_count,
        cast(wrong_commitment_count as bigint) as wrong_commitment_count,
        known_containment_count,
        cast(contained_count as bigint) as contained_count,
        cast(escalated_count as bigint) as escalated_count,
        cast(right_escalation_count as bigint) as right_escalation_count,
        answered_count,
        cast(taken_up_count as bigint) as accepted_count,
        cast(reopened_count as bigint) as reopened_count,
        cast(error_cost_amount as decimal(18, 4)) as error_cost_amount,
        cast(commitment_cost_amount as decimal(18, 4)) as commitment_cost_amount
    from ai_case_weeks
)

select * from typed
