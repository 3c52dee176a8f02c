-- answers: Are decisions faster, more alike and cheaper in people's time than at the beginning, and is control no weaker?
-- grain: one row per measure
-- key: success_code
-- kind: table
-- checks:
--   success_verdict_code in ('better', 'worse', 'as before', 'no data')
-- why: The first 90 days in which anything was decided against the last 90; each measure is a mean, so that one rule judges all: better
--   or worse where the interval of 95 per cent of the difference leaves out nought. Where the two spans overlap there is no data yet.
with
company as (
    select as_of_date from raw.company
),
began as (
    select min(cast(decided_at as date)) as first_date from marts.decisions where is_decided
),
dated as (
    select
        decisions.*,
        case
            when date_diff('day', cast(decisions.decided_at as date), company.as_of_date) < 90 then 'now'
            when date_diff('day', began.first_date, cast(decisions.decided_at as date)) < 90 then 'then'
        end as span_code
    from marts.decisions as decisions
    cross join company
    cross join began
    where decisions.is_decided and date_diff('day', began.first_date, company.as_of_date) >= 180
),
seen as (
    select 'faster' as success_code, span_code, approval_hours as seen_number from dated where approval_hours is not null
    union all
    select 'more consistent', span_code, case when is_accepted and not coalesce(is_override, false) then 1.0 else 0.0 end from dated
    union all
    select 'scalable', span_code, decision_minutes from dated where decision_minutes is not null
    union all
    select 'governance not weaker', span_code, case when approval_count > 0 or verdict_code = 'allowed' then 1.0 else 0.0 end
    from dated
    where is_exported
),
spread as (
    select
        success_code,
        avg(case when span_code = 'then' then seen_number end) as then_number,
        avg(case when span_code = 'now' then seen_number end) as now_number,
        avg(case when span_code = 'then' then seen_number * seen_number end) as then_square_number,
        avg(case when span_code = 'now' then seen_number * seen_number end) as now_square_number,
        count(case when span_code = 'then' then seen_number end) as then_count,
        count(case when span_code = 'now' then seen_number end) as now_count
    from seen
    group by success_code
),
known as (
    select 'faster' as success_code, 1 as measure_no, 'Hours from a proposal to its approval' as success_name, 'hours' as counted_in_code,
        -1.0 as better_number
    union all
    select 'more consistent', 2, 'Decisions taken as they were proposed', 'share', 1.0
    union all
    select 'scalable', 3, 'Minutes of people for a decision', 'minutes', -1.0
    union all
    select 'governance not weaker', 4, 'Exported actions with an approval or within limits', 'share', 1.0
),
judged as (
    select
        known.*, spread.then_number, spread.now_number, spread.then_count, spread.now_count,
        (spread.now_number - spread.then_number) * known.better_number as gain_number,
        1.96 * sqrt(
            greatest(spread.then_square_number - spread.then_number * spread.then_number, 0) / nullif(spread.then_count - 1, 0)
            + greatest(spread.now_square_number - spread.now_number * spread.now_number, 0) / nullif(spread.now_count - 1, 0)
        ) as margin_number
    from known
    left join spread on spread.success_code = known.success_code
),
roadmap_success as (
    select
        success_code, cast(measure_no as bigint) as measure_no, success_name, counted_in_code, then_number, now_number,
        coalesce(then_count, 0) as then_count, coalesce(now_count, 0) as now_count,
        case
            when gain_number is null or margin_number is null then 'no data'
            when gain_number > margin_number then 'better'
            when gain_number < -margin_number then 'worse'
            else 'as before'
        end as success_verdict_code
    from judged
)
select * from roadmap_success
