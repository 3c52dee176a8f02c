-- answers: How does each row of the registers stand: what was said of it, what shows it, what do the data say, and what does it cost?
-- grain: one row per register and row
-- key: register_code, row_code
-- kind: table
-- checks:
--   verdict_code in ('in place', 'planned', 'missing', 'overdue', 'contradicted', 'not applicable')
--   is_red = (verdict_code in ('missing', 'overdue', 'contradicted'))
--   monthly_cost is null or monthly_cost >= 0
-- why: What the data show counts before what was said, and counts as looked at today. What was only said needs evidence and a look in
--   time; a row that nobody has looked at yet is due a cycle after the first use case began. models/ai_economics/register_verdict.py holds
--   the same rule for acts since the build. A row of days that are missing costs those days at the assumed day rate; where nobody has said
--   how many are there, nobody knows how many are missing, and it is not counted yet.
with
company as (
    select as_of_date from raw.company
),
started as (
    select min(started_date) as started_date from raw.use_case_bounds where stage_code in ('pilot', 'production')
),
rates as (
    select max(case when assumption_name = 'ai_day_rate' then assumed_number end) as day_rate from raw.assumptions
),
met as (
    select
        facts.*,
        case
            when facts.target_number is not null then 'in place'
            when facts.metric_name <> '' then 'no data'
            else coalesce(checks.found_code, '')
        end as found_code,
        case
            when facts.target_number is not null then 'An executive has set its target (ledger).'
            when facts.metric_name <> '' then 'Nobody has set its target yet (ledger).'
            else coalesce(checks.found_text, '')
        end as found_text,
        checks.checked_count,
        checks.kept_count,
        checks.kept_share,
        case when facts.applies_code <> '' then coalesce(needed.checked_count, 0) > 0 end as is_needed,
        coalesce(facts.reviewed_date, started.started_date) + cast(facts.review_cycle_days as integer) as look_again_date,
        company.as_of_date,
        rates.day_rate
    from raw.register_rows as facts
    cross join company
    cross join started
    cross join rates
    left join marts.register_checks as checks on checks.check_code = facts.check_code
    left join marts.register_checks as needed on needed.check_code = facts.applies_code
),
dated as (
    select
        met.*,
        coalesce(date_diff('day', look_again_date, as_of_date) > 0, false) as is_past_due,
        case
            when monthly_cost is not null then monthly_cost
            when unit_name = 'days a month' and held_number is not null and not coalesce(not is_needed, false)
                then cast(greatest(needed_number - held_number, 0) * day_rate as decimal(18, 4))
        end as counted_cost,
        case
            when monthly_cost is not null and has_act then 'said by who keeps the row'
            when monthly_cost is not null then 'house estimate'
            when unit_name <> 'days a month' or coalesce(not is_needed, false) then ''
            when held_number is null then 'not counted yet: nobody has said how many days are there'
            else 'missing days at the assumed day rate'
        end as cost_basis_text
    from met
),
judged as (
    select
        dated.*,
        case
            when stated_code = 'not applicable' then case when is_needed then 'contradicted' else 'not applicable' end
            when is_needed is not null and not is_needed and stated_code <> 'in place' then 'not applicable'
            when found_code = 'in place' then 'in place'
            when stated_code = 'in place' and found_code = 'contradicted' then 'contradicted'
            when stated_code = 'in place' and evidence_text = '' then 'missing'
            when stated_code = 'in place' and is_past_due then 'overdue'
            when stated_code = 'planned' and is_past_due then 'overdue'
            else stated_code
        end as verdict_code
    from dated
),
registers as (
    select
        register_code, register_name, row_code, row_name, area_name, asked_text, failure_text, mitigation_text, columns_text, metric_name,
        verdict_code,
        verdict_code in ('missing', 'overdue', 'contradicted') as is_red,
        stated_code, found_code, found_text, checked_count, kept_count, kept_share, owner_name, evidence_text, reviewed_date,
        review_cycle_days,
        case when found_code = 'in place' then as_of_date + cast(review_cycle_days as integer) else look_again_date end as look_again_date,
        is_needed,
        case when verdict_code <> 'not applicable' then counted_cost end as monthly_cost,
        case when verdict_code <> 'not applicable' then cost_basis_text else '' end as cost_basis_text,
        needed_number, held_number, unit_name,
        case when unit_name = 'days a month' then cast(day_rate as decimal(18, 4)) end as day_cost,
        because_text, check_code, applies_code, baseline_number as begin_number, target_number, goal_date,
        has_act, author_name, reason_text, kept_at, as_of_date
    from judged
)
select * from registers
