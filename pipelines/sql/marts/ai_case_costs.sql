-- answers: What does AI cost for each case that it resolved, and for each suggestion that was taken?
-- grain: one row per use case and month
-- key: use_case_id, month_date
-- kind: table
-- checks:
--   resolved_count <= closed_case_count
--   taken_up_count <= closed_case_count
--   full_cost_amount is null or full_cost_amount >= actual_amount
-- why: Running cost is everything in the cost ledger: calls or bills, review, rework and decisions. Full cost is that and what is accrued
--   as planned beside it (marts.ai_costs): platforms, upkeep, shares of people, and what was paid once, spread; it is of the same months. A case is resolved when it is closed, AI had
--   a part in it, it was not handed on to a person and did not come back. Without cases in the log there is nothing to divide by.
with worked as (
    select
        coalesce(use_cases.use_case_id, '') as use_case_id,
        cast(cases.closed_at as date) - cast(extract(day from cast(cases.closed_at as date)) - 1 as integer) as month_date,
        coalesce(cases.is_contained, true) and not coalesce(cases.is_escalated, false) and not coalesce(cases.is_reopened, false)
            as is_resolved,
        cases.answer_code in ('accepted', 'edited') as is_taken_up
    from core.ai_cases as cases
    left join core.use_case_names as use_cases on use_cases.word_text = lower(trim(cases.use_case_name))
    where cases.closed_at is not null and coalesce(cases.arm_code, 'assisted') = 'assisted'
),
months as (
    select
        use_case_id,
        month_date,
        count(*) as closed_case_count,
        cast(sum(case when is_resolved then 1 else 0 end) as bigint) as resolved_count,
        cast(sum(case when is_taken_up then 1 else 0 end) as bigint) as taken_up_count
    from worked
    group by use_case_id, month_date
),
costs as (
    select use_case_id, month_date, cast(sum(actual_amount) as decimal(24, 12)) as actual_amount
    from marts.ai_cost_ledger
    group by use_case_id, month_date
),
loaded as (
    select use_case_id, month_date, cast(sum(actual_amount) as decimal(24, 12)) as full_cost_amount
    from marts.ai_costs
    group by use_case_id, month_date
    having sum(case when cost_source_name = 'accrual' then 1 else 0 end) > 0
),
ai_case_costs as (
    select
        coalesce(costs.use_case_id, months.use_case_id) as use_case_id,
        coalesce(registered.use_case_name, 'not assigned') as use_case_name,
        registered.domain_code,
        registered.pattern_code,
        coalesce(costs.month_date, months.month_date) as month_date,
        costs.actual_amount,
        case when costs.actual_amount is not null then loaded.full_cost_amount end as full_cost_amount,
        months.closed_case_count,
        months.resolved_count,
        months.taken_up_count
    from costs
    full outer join months on months.use_case_id = costs.use_case_id and months.month_date = costs.month_date
    left join loaded on loaded.use_case_id = costs.use_case_id and loaded.month_date = costs.month_date
    left join raw.use_cases as registered on registered.use_case_id = coalesce(costs.use_case_id, months.use_case_id)
)
select * from ai_case_costs
