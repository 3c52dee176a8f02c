-- answers: What will AI cost in each month, by line, use case and site, and is that people's work, tokens, platforms or a reserve?
-- grain: one row per use case, cost line, site and month
-- key: use_case_id, cost_line_name, site_id, month_date
-- kind: table
-- checks:
--   cost_nature_code in ('people', 'tokens', 'platforms and fees', 'reserve')
-- why: The plan's rows with the names of the registry. What a line mostly pays for is said here once, so that people's work can stand
--   beside tokens: a cheap model with dear review is a dear programme.
with plan_rows as (
    select
        costs.use_case_id,
        registered.use_case_name,
        registered.pattern_code,
        costs.cost_line_name,
        costs.site_id,
        costs.month_date,
        costs.layer_code,
        costs.component_code,
        costs.budget_category_code,
        costs.domain_code,
        costs.deployment_code,
        costs.is_allocated,
        case
            when costs.budget_category_code = 'contingency reserve' then 'reserve'
            when costs.cost_line_name in ('model calls', 'release tests', 'judging calls', 'new vectors', 'cross-region surcharge') then 'tokens'
            when costs.cost_line_name in (
                'environments and peak reserve', 'private and edge serving', 'vendor service', 'vendor set-up', 'gateway',
                'index and queries', 'recording and judging', 'loss prevention and logs', 'identity and encryption', 'red team',
                'vendor assessments', 'second lines and pages'
            ) then 'platforms and fees'
            else 'people'
        end as cost_nature_code,
        costs.planned_amount
    from scores.ai_cost_months as costs
    left join raw.use_cases as registered on registered.use_case_id = costs.use_case_id
)
select * from plan_rows
