-- answers: What did AI and decisions verifiably net in each month, after errors, rework, review and all that AI cost, and how sure is that?
-- grain: one row per month with a matured decision, a measured effect or a cost of AI
-- key: month_date
-- kind: table
-- checks:
--   abs(benefit_amount - error_cost_amount - rework_amount - review_amount - ai_cost_amount - net_earned_amount) < 0.001
--   low_amount is null or low_amount <= high_amount
-- why: Net verified value per month = sum over matured decisions (realised benefit - error cost - rework - review labour) - fully loaded
--   AI cost of the period: this query over marts.value_rows and marts.ai_costs is its only definition. Claimed is all of it; bankable
--   counts only what was measured with a comparison (grades A and B), at the lower bound, and bears the whole cost of AI.
with
valued as (
    select
        month_date,
        sum(benefit_amount) as benefit_amount,
        sum(error_cost_amount) as error_cost_amount,
        sum(rework_amount) as rework_amount,
        sum(review_amount) as review_amount,
        sum(case when evidence_grade = 'A' then earned_amount else 0 end) as grade_a_amount,
        sum(case when evidence_grade = 'B' then earned_amount else 0 end) as grade_b_amount,
        sum(case when evidence_grade = 'C' then earned_amount else 0 end) as grade_c_amount,
        sum(bankable_amount) as bankable_earned_amount,
        count(*) as earning_count,
        cast(sum(case when earning_source_name = 'decision' then 1 else 0 end) as bigint) as matured_count
    from marts.value_rows
    group by month_date
),
spent as (
    select month_date, sum(actual_amount) as ai_cost_amount
    from marts.ai_costs
    where is_beside_decisions
    group by month_date
),
months as (
    select month_date from valued
    union
    select month_date from spent
),
joined as (
    select
        months.month_date,
        cast(coalesce(valued.benefit_amount, 0) as decimal(18, 4)) as benefit_amount,
        cast(coalesce(valued.error_cost_amount, 0) as decimal(18, 4)) as error_cost_amount,
        cast(coalesce(valued.rework_amount, 0) as decimal(18, 4)) as rework_amount,
        cast(coalesce(valued.review_amount, 0) as decimal(18, 4)) as review_amount,
        cast(coalesce(spent.ai_cost_amount, 0) as decimal(18, 4)) as ai_cost_amount,
        cast(coalesce(valued.grade_a_amount, 0) as decimal(18, 4)) as grade_a_amount,
        cast(coalesce(valued.grade_b_amount, 0) as decimal(18, 4)) as grade_b_amount,
        cast(coalesce(valued.grade_c_amount, 0) as decimal(18, 4)) as grade_c_amount,
        cast(coalesce(valued.bankable_earned_amount, 0) as decimal(18, 4)) as bankable_earned_amount,
        coalesce(valued.earning_count, 0) as earning_count,
        coalesce(valued.matured_count, 0) as matured_count,
        bands.low_amount as earned_low_amount,
        bands.high_amount as earned_high_amount
    from months
    left join valued on valued.month_date = months.month_date
    left join spent on spent.month_date = months.month_date
    left join scores.net_value_bands as bands
        on bands.month_date = months.month_date and bands.scope_name = 'month' and bands.use_case_id = '*'
)
select
    joined.month_date,
    company.as_of_date,
    joined.month_date < company.as_of_date - cast(extract(day from company.as_of_date) - 1 as integer) as is_over,
    benefit_amount,
    error_cost_amount,
    rework_amount,
    review_amount,
    ai_cost_amount,
    cast(benefit_amount - error_cost_amount - rework_amount - review_amount - ai_cost_amount as decimal(18, 4)) as net_earned_amount,
    cast(earned_low_amount - ai_cost_amount as decimal(18, 4)) as low_amount,
    cast(earned_high_amount - ai_cost_amount as decimal(18, 4)) as high_amount,
    grade_a_amount,
    grade_b_amount,
    grade_c_amount,
    cast(bankable_earned_amount - ai_cost_amount as decimal(18, 4)) as bankable_amount,
    earning_count,
    matured_count
from joined
cross join raw.company as company
