-- answers: Are the use cases of each family of workflows tried, and did work get quicker, settle better and trust them more than before?
-- grain: one row per family of workflows and outcome
-- key: pilot_family_name, outcome_code
-- kind: table
-- checks:
--   outcome_verdict_code in ('better', 'worse', 'as before', 'no data')
--   before_case_count >= 0 and now_case_count >= 0
--   outcome_verdict_code = 'no data' or (before_number is not null and now_number is not null)
-- why: Pilots are judged family by family (warehouse, branch, service, planning), for what works at a counter tells little of a dock. Hours
--   of a case and cases settled hold those done with AI since its use case began against those before it began; adoption and overrides
--   hold the last 90 days against its first 90, once half a year has passed. Settled is a case that was not wrong, did not come back and
--   took no rework. Adoption is told
--   only where the log holds cases of both kinds since the start. An override is an answer that was not taken as given, or a proposal of an agent that people turned down or changed.
--   Use cases of one family are compared each with itself and then weighed by the cases of now, so that a new one does not look like a
--   change. Better or worse is said where the interval of 95 per cent of the difference leaves out nought, from so many cases on each
--   side as a step of trust takes (ai_stage_least_cases).
with
company as (
    select as_of_date from raw.company
),
rules as (
    select max(assumed_number) as least_cases from raw.assumptions where assumption_name = 'ai_stage_least_cases'
),
running as (
    select use_case_id, pilot_family_name, started_date
    from raw.use_cases
    where stage_code in ('pilot', 'production') and started_date is not null
),
worked as (
    select
        running.use_case_id,
        case
            when cases.arm_code is not null then cases.arm_code = 'assisted'
            else date_diff('day', running.started_date, cast(cases.opened_at as date)) >= 0
        end as is_assisted,
        date_diff('day', running.started_date, cast(cases.opened_at as date)) as since_days,
        date_diff('day', cast(cases.opened_at as date), company.as_of_date) as ago_days,
        date_diff('day', running.started_date, company.as_of_date) as run_days,
        date_diff('day', cast(cases.opened_at as date), cast(cases.closed_at as date)) * 24
            + extract(hour from cases.closed_at) - extract(hour from cases.opened_at)
            + (extract(minute from cases.closed_at) - extract(minute from cases.opened_at)) / 60.0 as open_hours,
        case
            when cases.is_error or cases.is_reopened or cases.rework_minutes > 0 then 0.0
            when cases.is_error is not null or cases.is_reopened is not null or cases.rework_minutes is not null then 1.0
        end as settled_number,
        case when cases.answer_code is not null then case when cases.answer_code = 'accepted' then 0.0 else 1.0 end end as overridden_number
    from core.ai_cases as cases
    inner join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    inner join running on running.use_case_id = named.use_case_id
    cross join company
),
parted as (
    select use_case_id
    from worked
    where since_days >= 0
    group by use_case_id
    having count(distinct is_assisted) = 2
),
proposed as (
    select
        running.use_case_id,
        case when decisions.is_accepted and not coalesce(decisions.is_override, false) then 0.0 else 1.0 end as overridden_number,
        date_diff('day', running.started_date, cast(decisions.decided_at as date)) as since_days,
        date_diff('day', cast(decisions.decided_at as date), company.as_of_date) as ago_days,
        date_diff('day', running.started_date, company.as_of_date) as run_days
    from marts.decisions as decisions
    inner join core.agent_use_cases as agents on agents.agent_name = decisions.proposer_name
    inner join running on running.use_case_id = agents.use_case_id
    cross join company
    where decisions.is_decided
),
seen as (
    select use_case_id, 'hours' as outcome_code, case when since_days < 0 then 'before' else 'now' end as span_code, open_hours as seen_number
    from worked
    where open_hours >= 0 and is_assisted = (since_days >= 0)
    union all
    select use_case_id, 'settled', case when since_days < 0 then 'before' else 'now' end, settled_number
    from worked
    where settled_number is not null and is_assisted = (since_days >= 0)
    union all
    select
        worked.use_case_id, 'adoption', case when ago_days < 90 then 'now' else 'before' end, case when is_assisted then 1.0 else 0.0 end
    from worked
    inner join parted on parted.use_case_id = worked.use_case_id
    where run_days >= 180 and since_days >= 0 and ago_days >= 0 and (since_days < 90 or ago_days < 90)
    union all
    select use_case_id, 'overrides', case when ago_days < 90 then 'now' else 'before' end, overridden_number
    from worked
    where overridden_number is not null and run_days >= 180 and since_days >= 0 and ago_days >= 0 and (since_days < 90 or ago_days < 90)
    union all
    select use_case_id, 'overrides', case when ago_days < 90 then 'now' else 'before' end, overridden_number
    from proposed
    where run_days >= 180 and since_days >= 0 and ago_days >= 0 and (since_days < 90 or ago_days < 90)
),
spread as (
    select
        use_case_id,
        outcome_code,
        avg(case when span_code = 'before' then seen_number end) as before_number,
        avg(case when span_code = 'now' then seen_number end) as now_number,
        avg(case when span_code = 'before' then seen_number * seen_number end) as before_square_number,
        avg(case when span_code = 'now' then seen_number * seen_number end) as now_square_number,
        count(case when span_code = 'before' then seen_number end) as before_case_count,
        count(case when span_code = 'now' then seen_number end) as now_case_count
    from seen
    group by use_case_id, outcome_code
),
compared as (
    select
        running.pilot_family_name,
        spread.*,
        greatest(spread.before_square_number - spread.before_number * spread.before_number, 0) / nullif(spread.before_case_count - 1, 0)
            + greatest(spread.now_square_number - spread.now_number * spread.now_number, 0) / nullif(spread.now_case_count - 1, 0)
            as error_square_number,
        spread.now_case_count / nullif(cast(sum(spread.now_case_count)
            over (partition by running.pilot_family_name, spread.outcome_code) as double), 0) as weight_share
    from spread
    inner join running on running.use_case_id = spread.use_case_id
    where spread.before_case_count > 0 and spread.now_case_count > 0
),
weighed as (
    select
        pilot_family_name,
        outcome_code,
        sum(weight_share * before_number) as before_number,
        sum(weight_share * now_number) as now_number,
        1.96 * sqrt(sum(weight_share * weight_share * error_square_number)) as margin_number,
        count(*) as compared_count,
        count(error_square_number) as spread_count,
        cast(sum(before_case_count) as bigint) as before_case_count,
        cast(sum(now_case_count) as bigint) as now_case_count
    from compared
    group by pilot_family_name, outcome_code
),
families as (
    select pilot_family_name, cast(sum(case when stage_code in ('pilot', 'production') then 1 else 0 end) as bigint) as running_count
    from raw.use_cases
    group by pilot_family_name
),
outcomes as (
    select 'hours' as outcome_code, 1 as outcome_no, 'Hours from opening a case to closing it' as outcome_name, 'hours' as counted_in_code,
        -1.0 as better_number
    union all
    select 'settled', 2, 'Cases settled without error, return or rework', 'share', 1.0
    union all
    select 'adoption', 3, 'Cases that are done with it', 'share', 1.0
    union all
    select 'overrides', 4, 'Answers and proposals turned down or changed', 'share', -1.0
),
pilot_outcomes as (
    select
        families.pilot_family_name, families.running_count, outcomes.outcome_code, cast(outcomes.outcome_no as bigint) as outcome_no,
        outcomes.outcome_name, outcomes.counted_in_code, weighed.before_number, weighed.now_number,
        coalesce(weighed.before_case_count, 0) as before_case_count, coalesce(weighed.now_case_count, 0) as now_case_count,
        case
            when weighed.margin_number is null or weighed.spread_count < weighed.compared_count then 'no data'
            when least(weighed.before_case_count, weighed.now_case_count) < rules.least_cases then 'no data'
            when (weighed.now_number - weighed.before_number) * outcomes.better_number > weighed.margin_number then 'better'
            when (weighed.now_number - weighed.before_number) * outcomes.better_number < -weighed.margin_number then 'worse'
            else 'as before'
        end as outcome_verdict_code
    from families
    cross join outcomes
    cross join rules
    left join weighed on weighed.pilot_family_name = families.pilot_family_name and weighed.outcome_code = outcomes.outcome_code
)
select * from pilot_outcomes
