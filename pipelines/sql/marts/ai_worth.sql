-- answers: What is each use case worth, seen and planned, how was that measured, how do its answers do, and should it be funded?
-- grain: one row per use case of the registry
-- key: use_case_id
-- kind: table
-- checks:
--   standing_code in ('financially effective', 'technically active', 'not in use')
--   accepted_share is null or accepted_share between 0 and 1
-- why: What was seen is of the last twelve months that are over: value less the full cost of AI, and its bankable part. A use case that
--   is used and nets more than nought in them is financially effective; one that is used and does not is only technically active.
with
ends as (
    select cast(date_trunc('month', cast(company.as_of_date as date)) as date) as end_date from raw.company as company
),
spans as (
    select end_date, cast(end_date - interval 12 month as date) as begin_date from ends
),
ledger as (
    select
        rows_of_value.use_case_id,
        sum(rows_of_value.benefit_amount) as earned_amount,
        sum(rows_of_value.error_cost_amount + rows_of_value.rework_amount + rows_of_value.review_amount) as quality_cost_amount,
        sum(rows_of_value.ai_cost_amount) as ai_cost_amount,
        sum(rows_of_value.net_earned_amount) as net_earned_amount,
        sum(rows_of_value.bankable_amount) as bankable_amount
    from marts.value_ledger as rows_of_value
    cross join spans
    where rows_of_value.month_date >= spans.begin_date and rows_of_value.month_date < spans.end_date
    group by rows_of_value.use_case_id
),
volumes as (
    select
        seen.use_case_id,
        cast(sum(seen.case_count) as bigint) as case_count,
        cast(sum(seen.call_count) as bigint) as call_count,
        sum(seen.contained_count) as contained_count,
        sum(seen.known_containment_count) as known_containment_count,
        sum(seen.escalated_count) as escalated_count,
        sum(seen.right_escalation_count) as right_escalation_count,
        sum(seen.answered_count) as answered_count,
        sum(seen.accepted_count) as accepted_count,
        sum(seen.edited_count) as edited_count,
        sum(seen.rejected_count) as rejected_count,
        sum(case when seen.is_from_log then seen.case_count end) as logged_count,
        sum(seen.reviewed_count) as reviewed_count,
        sum(seen.reworked_count) as reworked_count
    from marts.ai_volumes as seen
    cross join spans
    where seen.month_date >= spans.begin_date and seen.month_date < spans.end_date
    group by seen.use_case_id
),
resolved as (
    select
        costs.use_case_id,
        cast(sum(costs.actual_amount) as double) / nullif(cast(sum(costs.resolved_count) as double), 0) as cost_per_resolved
    from marts.ai_case_costs as costs
    cross join spans
    where
        costs.actual_amount is not null and costs.resolved_count is not null
        and costs.month_date >= spans.begin_date and costs.month_date < spans.end_date
    group by costs.use_case_id
),
ranked as (
    select
        use_case_id,
        design_code,
        because_text,
        row_number() over (
            partition by use_case_id
            order by evidence_grade, case measure_name when 'cost per case' then 1 when 'minutes per case' then 2 else 3 end, measure_name
        ) as place_no
    from scores.ai_effects
)
select
    cases.use_case_id,
    cases.use_case_name,
    cases.domain_code,
    cases.stage_code,
    cases.started_date,
    cases.owner_name,
    plans.is_taken_up,
    plans.verdict_code,
    plans.because_text,
    plans.evidence_grade,
    ranked.design_code,
    ranked.because_text as measured_because_text,
    case
        when coalesce(volumes.case_count, 0) + coalesce(volumes.call_count, 0) = 0 and coalesce(ledger.earned_amount, 0) = 0
            then 'not in use'
        when ledger.net_earned_amount > 0 then 'financially effective'
        else 'technically active'
    end as standing_code,
    cast(ledger.earned_amount as decimal(18, 4)) as benefit_amount,
    cast(ledger.quality_cost_amount as decimal(18, 4)) as quality_cost_amount,
    cast(ledger.ai_cost_amount as decimal(18, 4)) as ai_cost_amount,
    cast(ledger.net_earned_amount as decimal(18, 4)) as net_earned_amount,
    cast(ledger.bankable_amount as decimal(18, 4)) as bankable_amount,
    plans.npv_amount,
    plans.npv_low_amount,
    plans.npv_middle_amount,
    plans.npv_high_amount,
    plans.npv_p10_amount,
    plans.npv_p80_amount,
    plans.npv_p90_amount,
    plans.loss_share,
    plans.direct_npv_amount,
    plans.alternative_npv_amount,
    plans.simple_return_number,
    plans.adjusted_return_number,
    plans.payback_month_number,
    plans.break_even_cases_number,
    plans.minimum_scale_number,
    plans.option_amount,
    plans.certainty_amount,
    volumes.case_count,
    volumes.call_count,
    cast(resolved.cost_per_resolved as decimal(18, 4)) as resolved_cost,
    cast(volumes.contained_count as double) / nullif(cast(volumes.known_containment_count as double), 0) as contained_share,
    cast(volumes.right_escalation_count as double) / nullif(cast(volumes.escalated_count as double), 0) as right_escalation_share,
    cast(volumes.accepted_count as double) / nullif(cast(volumes.answered_count as double), 0) as accepted_share,
    cast(volumes.edited_count as double) / nullif(cast(volumes.answered_count as double), 0) as edited_share,
    cast(volumes.rejected_count as double) / nullif(cast(volumes.answered_count as double), 0) as rejected_share,
    cast(volumes.reviewed_count as double) / nullif(cast(volumes.logged_count as double), 0) as reviewed_share,
    cast(volumes.reworked_count as double) / nullif(cast(volumes.logged_count as double), 0) as reworked_share
from raw.use_cases as cases
left join scores.ai_business_cases as plans on plans.use_case_id = cases.use_case_id
left join ledger on ledger.use_case_id = cases.use_case_id
left join volumes on volumes.use_case_id = cases.use_case_id
left join resolved on resolved.use_case_id = cases.use_case_id
left join ranked on ranked.use_case_id = cases.use_case_id and ranked.place_no = 1
