-- answers: Of which rows is the net verified value made: decisions and measured effects on one side, every cost of AI on the other?
-- grain: one row per value row, and per month, use case, line, site and source of cost
-- key: ledger_row_key
-- kind: table
-- checks:
--   abs(benefit_amount - error_cost_amount - rework_amount - review_amount - ai_cost_amount - net_earned_amount) < 0.001
--   evidence_grade is null or ai_cost_amount = 0
--   (proposal_id is not null) = (earning_source_name = 'decision')
--   is_with_ai or ai_cost_amount = 0
-- why: marts.north_star sums the same rows by month; here they stand one by one, so that a figure of value can be followed to the
--   decision, the measured effect, the bill or the graded assumption that it comes from. Costs keep their fractions of a cent: each
--   takes what the running sum of its month moves by, so that they add up to the month. With AI is what an agent of a use case proposed,
--   what was measured of a use case, and all that AI cost; without it are the decisions of people that no agent proposed.
with
costs as (
    select
        month_date,
        use_case_id,
        cost_line_name,
        site_id,
        cost_source_name,
        source_grade,
        actual_amount,
        sum(actual_amount) over (
            partition by month_date
            order by use_case_id, cost_line_name, site_id, cost_source_name, component_code, budget_category_code, source_grade
            rows between unbounded preceding and current row
        ) as running_amount
    from marts.ai_costs
    where is_beside_decisions
),
spent as (
    select
        'cost · ' || cast(month_date as varchar) || ' · ' || use_case_id || ' · ' || cost_line_name || ' · ' || site_id || ' · '
        || cost_source_name as ledger_row_key,
        case when cost_source_name = 'accrual' then 'accrued cost' else 'cost of calls and bills' end as earning_source_name,
        month_date,
        use_case_id,
        cost_line_name as mechanism_name,
        site_id,
        source_grade,
        sum(cast(running_amount as decimal(18, 4)) - cast(running_amount - actual_amount as decimal(18, 4))) as ai_cost_amount
    from costs
    group by month_date, use_case_id, cost_line_name, site_id, cost_source_name, source_grade
),
told as (
    select
        earning_key as ledger_row_key,
        earning_source_name,
        month_date,
        use_case_id,
        is_taken_up,
        mechanism_name,
        site_id,
        sku_id,
        case when earning_source_name = 'decision' then earning_key end as proposal_id,
        benefit_class_code,
        evidence_grade,
        cast(null as varchar) as source_grade,
        benefit_amount,
        error_cost_amount,
        rework_amount,
        review_amount,
        cast(0 as decimal(18, 4)) as ai_cost_amount,
        bankable_amount
    from marts.value_rows
    union all
    select
        ledger_row_key,
        earning_source_name,
        month_date,
        nullif(use_case_id, '') as use_case_id,
        cast(null as boolean) as is_taken_up,
        mechanism_name,
        site_id,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as proposal_id,
        cast(null as varchar) as benefit_class_code,
        cast(null as varchar) as evidence_grade,
        source_grade,
        cast(0 as decimal(18, 4)) as benefit_amount,
        cast(0 as decimal(18, 4)) as error_cost_amount,
        cast(0 as decimal(18, 4)) as rework_amount,
        cast(0 as decimal(18, 4)) as review_amount,
        cast(ai_cost_amount as decimal(18, 4)) as ai_cost_amount,
        cast(-ai_cost_amount as decimal(18, 4)) as bankable_amount
    from spent
)
select
    told.ledger_row_key,
    told.month_date,
    told.month_date < cast(date_trunc('month', cast(company.as_of_date as date)) as date) as is_over,
    told.earning_source_name,
    told.use_case_id,
    coalesce(
        cases.use_case_name,
        told.use_case_id,
        case
            when told.earning_source_name <> 'decision' then 'no use case told'
            when told.is_taken_up is null then 'people alone'
            else 'agents not taken up'
        end
    ) as use_case_name,
    told.earning_source_name <> 'decision' or told.use_case_id is not null or told.is_taken_up is not null as is_with_ai,
    told.mechanism_name,
    told.site_id,
    told.sku_id,
    told.proposal_id,
    told.benefit_class_code,
    told.evidence_grade,
    told.source_grade,
    cast(told.benefit_amount as decimal(18, 4)) as benefit_amount,
    cast(told.error_cost_amount as decimal(18, 4)) as error_cost_amount,
    cast(told.rework_amount as decimal(18, 4)) as rework_amount,
    cast(told.review_amount as decimal(18, 4)) as review_amount,
    told.ai_cost_amount,
    cast(
        told.benefit_amount - told.error_cost_amount - told.rework_amount - told.review_amount - told.ai_cost_amount as decimal(18, 4)
    ) as net_earned_amount,
    cast(told.bankable_amount as decimal(18, 4)) as bankable_amount
from told
cross join raw.company as company
left join raw.use_cases as cases on cases.use_case_id = told.use_case_id
