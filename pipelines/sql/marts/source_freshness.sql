-- answers: How old is each source, and is it within the target that was set for it?
-- grain: one row per contract of which lines were accepted
-- key: contract_name
-- kind: view
-- checks:
--   source_age_days >= 0
--   freshness_target_days is not null
--   is_fresh = (source_age_days <= freshness_target_days)
-- why: The age is the days from its last load to the day up to which the data reach, so a company that brings nothing at all grows no
--   older here; agents stop by the clock. Each contract has a target of its own, which people change as an assumption
--   (data/assumptions/freshness.yml). Logs and bills about AI itself are told apart: no use case answers from them.
with
last_loads as (
    select contract, cast(max(loaded_at) as date) as loaded_date
    from raw.loads
    where loaded_at is not null and accepted > 0
    group by contract
),
aged as (
    select
        last_loads.contract as contract_name,
        last_loads.loaded_date,
        greatest(date_diff('day', last_loads.loaded_date, company.as_of_date), 0) as source_age_days,
        targets.assumed_number as freshness_target_days,
        last_loads.contract in ('ai_calls', 'ai_cases', 'ai_bills') as is_about_ai
    from last_loads
    cross join raw.company as company
    inner join raw.assumptions as targets on targets.assumption_name = 'freshness_days_' || last_loads.contract
    where company.as_of_date is not null
),
source_freshness as (
    select
        contract_name, loaded_date, source_age_days, freshness_target_days, source_age_days <= freshness_target_days as is_fresh, is_about_ai
    from aged
)
select * from source_freshness
