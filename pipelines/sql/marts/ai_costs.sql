-- answers: What did AI cost in each month, by use case, line and site: what was measured or billed, and what is accrued beside it?
-- grain: one row per month, use case, cost line, site and source
-- key: month_date, use_case_id, cost_line_name, site_id, cost_source_name
-- kind: table
-- why: What calls cost and people's review of them is measured; what no bill tells yet (platforms, upkeep, shares of people, what was
--   paid once spread over 36 months) is accrued as planned, and its grade says assumption. Review and rework labour stands here too, so
--   that a component shows its whole cost, but is_beside_decisions is false for it where the value side has deducted it: a use case without a measured effect bears its review here.
with
deducted as (
    select distinct use_case_id, month_date
    from scores.ai_benefits
    where is_claimed and mechanism_name = 'review'
),
named as (
    select
        ledger.month_date,
        coalesce(ledger.use_case_id, '') as use_case_id,
        case
            when component_code = 'semantic retrieval' then 'new vectors'
            when component_code = 'observability' then 'judging calls'
            when cost_source_name in ('usage', 'bill') then 'model calls'
            when cost_source_name = 'review log' then 'human review'
            else 'decision work'
        end as cost_line_name,
        coalesce(site_id, '*') as site_id,
        cost_source_name,
        component_code,
        budget_category_code,
        cost_source_name in ('usage', 'bill')
            or (cost_source_name = 'review log' and deducted.use_case_id is null) as is_beside_decisions,
        'A' as source_grade,
        ledger.actual_amount
    from marts.ai_cost_ledger as ledger
    left join deducted on deducted.use_case_id = ledger.use_case_id and deducted.month_date = ledger.month_date
),
measured as (
    select
        month_date, use_case_id, cost_line_name, site_id, cost_source_name, component_code, budget_category_code, is_beside_decisions,
        source_grade, cast(sum(actual_amount) as decimal(24, 12)) as actual_amount
    from named
    group by
        month_date, use_case_id, cost_line_name, site_id, cost_source_name, component_code, budget_category_code, is_beside_decisions,
        source_grade
),
accrued as (
    select
        month_date, use_case_id, cost_line_name, site_id, 'accrual' as cost_source_name, component_code, budget_category_code,
        true as is_beside_decisions, 'assumption' as source_grade, cast(accrued_amount as decimal(24, 12)) as actual_amount
    from scores.ai_accruals
)
select * from measured
union all
select * from accrued
