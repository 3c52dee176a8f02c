-- answers: What was planned for each month before it began, for each use case, and what came of it?
-- grain: one row per month, use case, measure and layer (* where the measure has none)
-- key: month_date, use_case_id, measure_name, layer_code
-- kind: table
-- checks:
--   measure_name in ('cases', 'benefit', 'logged cost', 'accrued cost')
--   planned_number is null or plan_frozen_at is not null
--   plan_frozen_at is null or cast(plan_frozen_at as date) < month_date
--   is_over or actual_number is null or month_date <= data_month_date
-- why: A plan that is made after a month would be held against itself. What counts is the newest plan that was frozen, with the close
--   of an earlier month, before the month began; first_planned_number is what the first such plan of the use case said. Months
--   before the first close have none, and say so. What no log or bill measures is accrued as planned: it is never a plan that was met.
--   What a component cost stands in the layer that the frozen plan has it in; in that of today's plan where no frozen one says it.
--   Benefit is less what errors cost and without soft benefits, on both sides. A use case that was measured in some month and has
--   nothing in a later one that is over has nought there; of one that was never measured nothing is known, nor of calls that have
--   neither a price nor a bill.
with
edges as (
    select cast(date_trunc('month', cast(company.as_of_date as date)) as date) as data_month_date from raw.company as company
),
before as (
    select * from raw.ai_frozen_plans where cast(frozen_at as date) < month_date
),
newest as (
    select month_date, max(frozen_at) as frozen_at from before group by month_date
),
oldest as (
    select month_date, use_case_id, min(frozen_at) as frozen_at from before group by month_date, use_case_id
),
planned as (
    select before.*
    from before
    inner join newest on newest.month_date = before.month_date and newest.frozen_at = before.frozen_at
),
first_planned as (
    select before.*
    from before
    inner join oldest
        on oldest.month_date = before.month_date and oldest.use_case_id = before.use_case_id and oldest.frozen_at = before.frozen_at
),
layers_today as (
    select component_code, min(layer_code) as layer_code
    from scores.ai_cost_months
    where layer_code <> 'switching and contingency'
    group by component_code
),
actual as (
    select month_date, use_case_id, 'cases' as measure_name, '*' as layer_code, cast(case_count as double) as actual_number
    from marts.ai_volumes
    union all
    select
        month_date, use_case_id, 'benefit' as measure_name, '*' as layer_code,
        cast(sum(benefit_amount - error_cost_amount) as double) as actual_number
    from marts.value_rows
    where use_case_id is not null
    group by month_date, use_case_id
    union all
    select
        costs.month_date,
        costs.use_case_id,
        case when costs.cost_source_name = 'accrual' then 'accrued cost' else 'logged cost' end as measure_name,
        coalesce(told.layer_code, layers_today.layer_code, costs.component_code) as layer_code,
        cast(sum(costs.actual_amount) as double) as actual_number
    from marts.ai_costs as costs
    left join newest on newest.month_date = costs.month_date
    left join raw.ai_frozen_layers as told on told.frozen_at = newest.frozen_at and told.component_code = costs.component_code
    left join layers_today on layers_today.component_code = costs.component_code
    group by
        costs.month_date, costs.use_case_id,
        case when costs.cost_source_name = 'accrual' then 'accrued cost' else 'logged cost' end,
        coalesce(told.layer_code, layers_today.layer_code, costs.component_code)
),
unpriced as (
    select volumes.use_case_id, volumes.month_date
    from marts.ai_volumes as volumes
    left join (select distinct use_case_id, month_date from marts.ai_costs where cost_source_name = 'bill') as billed
        on billed.use_case_id = volumes.use_case_id and billed.month_date = volumes.month_date
    where volumes.unpriced_call_count > 0 and billed.use_case_id is null
    group by volumes.use_case_id, volumes.month_date
),
since as (
    select use_case_id, measure_name, layer_code, min(month_date) as month_date from actual group by use_case_id, measure_name, layer_code
),
keys as (
    select month_date, use_case_id, measure_name, layer_code from planned
    union
    select month_date, use_case_id, measure_name, layer_code from actual
),
joined as (
    select
        keys.month_date,
        keys.use_case_id,
        keys.measure_name,
        keys.layer_code,
        edges.data_month_date,
        keys.month_date < edges.data_month_date as is_over,
        planned.planned_number,
        planned.low_number,
        planned.high_number,
        newest.frozen_at as plan_frozen_at,
        first_planned.planned_number as first_planned_number,
        unpriced.use_case_id is not null as is_unpriced,
        coalesce(
            actual.actual_number,
            case
                when unpriced.use_case_id is null and keys.month_date < edges.data_month_date and keys.month_date >= since.month_date then 0
            end
        ) as actual_number
    from keys
    cross join edges
    left join newest on newest.month_date = keys.month_date
    left join planned
        on planned.month_date = keys.month_date and planned.use_case_id = keys.use_case_id
            and planned.measure_name = keys.measure_name and planned.layer_code = keys.layer_code
    left join first_planned
        on first_planned.month_date = keys.month_date and first_planned.use_case_id = keys.use_case_id
            and first_planned.measure_name = keys.measure_name and first_planned.layer_code = keys.layer_code
    left join actual
        on actual.month_date = keys.month_date and actual.use_case_id = keys.use_case_id
            and actual.measure_name = keys.measure_name and actual.layer_code = keys.layer_code
    left join unpriced
        on unpriced.use_case_id = keys.use_case_id and unpriced.month_date = keys.month_date
            and keys.measure_name = 'logged cost' and keys.layer_code = 'model usage'
    left join since
        on since.use_case_id = keys.use_case_id and since.measure_name = keys.measure_name and since.layer_code = keys.layer_code
)
select
    month_date,
    use_case_id,
    measure_name,
    layer_code,
    data_month_date,
    is_over,
    planned_number,
    low_number,
    high_number,
    plan_frozen_at,
    first_planned_number,
    cast(actual_number as double) as actual_number,
    case
        when plan_frozen_at is null then 'no plan was frozen before this month'
        when planned_number is null then 'not in the plan that was frozen'
        when measure_name = 'accrued cost' then 'accrued, not measured'
        when not is_over then 'not over'
        when is_unpriced then 'calls without a price'
        when actual_number is null then 'not measured'
        else 'measured'
    end as plan_actual_standing_name
from joined
