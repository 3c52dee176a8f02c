-- answers: Which hidden costs of AI happened, when and for which use case, and what did they cost as far as the data can tell?
-- grain: one row per kind of hidden cost and event; one row for each kind of which no event was found
-- key: cost_event_code, cost_event_key
-- kind: table
-- checks:
--   is_detected or because_text is not null
--   is_detected or event_date is null
-- why: The seven costs that plans forget. Each has a detector; where it found nothing the row says what it looks for, so that no
--   kind is silently nought. Each is valued at what was assumed at the end of its month (raw.assumption_history). Amounts with grade A
--   are parts of the cost ledger, those by assumption are estimates; neither is added to it.
with edges as (
    select distinct valid_from_date
    from raw.assumption_history
    where assumption_name in (
        'labour_cost_per_hour', 'ai_regional_price_share', 'ai_redesign_days', 'ai_day_rate', 'ai_ticket_minutes', 'ai_switch_cost',
        'ai_loop_factor'
    )
),
assumed as (
    select
        edges.valid_from_date,
        lead(edges.valid_from_date, 1, date '9999-12-31') over (order by edges.valid_from_date) as valid_to_date,
        max(case when assumption_name = 'labour_cost_per_hour' then assumed_number end) / 60 as minute_amount,
        max(case when assumption_name = 'ai_regional_price_share' then assumed_number end) as region_share,
        max(case when assumption_name = 'ai_redesign_days' then assumed_number end)
            * max(case when assumption_name = 'ai_day_rate' then assumed_number end) as redesign_amount,
        max(case when assumption_name = 'ai_ticket_minutes' then assumed_number end) as ticket_minutes,
        max(case when assumption_name = 'ai_switch_cost' then assumed_number end) as switch_amount,
        max(case when assumption_name = 'ai_loop_factor' then assumed_number end) as loop_factor
    from edges
    inner join raw.assumption_history as held
        on held.valid_from_date <= edges.valid_from_date and held.valid_to_date > edges.valid_from_date
    group by edges.valid_from_date
),
vectors as (
    select
        'new vectors' as cost_event_code,
        called_date - cast(extract(day from called_date) - 1 as integer) as event_date,
        use_case_id,
        cast(count(*) as double) as event_number,
        'calls' as unit_name,
        sum(cast(usage_cost as double)) as event_cost,
        'Calls that make vectors in the log of usage.' as because_text,
        'A' as source_grade
    from marts.ai_calls
    where lower(operation_name) in ('embeddings', 'embedding', 'aembedding')
    group by called_date - cast(extract(day from called_date) - 1 as integer), use_case_id
),
reviews as (
    select
        'review by people' as cost_event_code,
        month_date as event_date,
        use_case_id,
        sum(cast(row_count as double)) as event_number,
        'cases' as unit_name,
        sum(cast(actual_amount as double)) as event_cost,
        'Minutes of review and rework in the work log, and of decisions that an agent proposed.' as because_text,
        'A' as source_grade
    from marts.ai_cost_ledger
    where cost_source_name in ('review log', 'decision log')
    group by month_date, use_case_id
),
redesigns as (
    select
        'prompt redesign' as cost_event_code,
        cast(changes.loaded_at as date) as event_date,
        '' as use_case_id,
        cast(count(*) as double) as event_number,
        'changed extracts' as unit_name,
        max(assumed.redesign_amount) as event_cost,
        'The headings of ' || min(changes.file_name) || ' changed: new ' || coalesce(nullif(min(changes.new_headings_text), ''), 'none')
        || '; gone ' || coalesce(nullif(min(changes.lost_headings_text), ''), 'none')
        || '. Prompts that read this extract may have to follow; the cost is an estimate.' as because_text,
        'assumption' as source_grade
    from raw.heading_changes as changes
    inner join assumed on cast(changes.loaded_at as date) >= assumed.valid_from_date and cast(changes.loaded_at as date) < assumed.valid_to_date
    group by cast(changes.loaded_at as date)
),
regions as (
    select
        'second region' as cost_event_code,
        calls.called_date - cast(extract(day from calls.called_date) - 1 as integer) as event_date,
        calls.use_case_id,
        cast(count(*) as double) as event_number,
        'calls' as unit_name,
        sum(cast(calls.usage_cost as double) * assumed.region_share / nullif(1 + assumed.region_share, 0)) as event_cost,
        'Calls priced as regional by the price table; the part of their cost that is surcharge.' as because_text,
        'A' as source_grade
    from marts.ai_calls as calls
    inner join assumed on calls.called_date >= assumed.valid_from_date and calls.called_date < assumed.valid_to_date
    where calls.listed_model_name like 'regional.%'
    group by calls.called_date - cast(extract(day from calls.called_date) - 1 as integer), calls.use_case_id
),
runs as (
    select
        workflow_id,
        use_case_id,
        min(called_date) as run_date,
        greatest(sum(coalesce(tool_call_count, 0)), count(*) - 1) as loop_count,
        sum(cast(usage_cost as double)) as run_cost
    from marts.ai_calls
    where workflow_id is not null and pattern_code = 'agent'
    group by workflow_id, use_case_id
),
usual as (
    select use_case_id, avg(loop_count) as usual_count from runs group by use_case_id
),
loops as (
    select
        'edge cases of agents' as cost_event_code,
        runs.run_date - cast(extract(day from runs.run_date) - 1 as integer) as event_date,
        runs.use_case_id,
        cast(count(*) as double) as event_number,
        'runs' as unit_name,
        sum(runs.run_cost) as event_cost,
        'Runs with far more tool calls than usual for the use case: cases to be tested before the next release.' as because_text,
        'A' as source_grade
    from runs
    inner join usual on usual.use_case_id = runs.use_case_id
    inner join assumed on runs.run_date >= assumed.valid_from_date and runs.run_date < assumed.valid_to_date
    where runs.loop_count > assumed.loop_factor * usual.usual_count
    group by runs.run_date - cast(extract(day from runs.run_date) - 1 as integer), runs.use_case_id
),
tickets as (
    select
        'support and training' as cost_event_code,
        cast(opened_at as date) - cast(extract(day from cast(opened_at as date)) - 1 as integer) as event_date,
        '' as use_case_id,
        cast(count(*) as double) as event_number,
        'tickets' as unit_name,
        sum(coalesce(tickets.hands_on_minutes, assumed.ticket_minutes) * assumed.minute_amount) as event_cost,
        'Tickets whose topic names the assistant, the copilot, an agent, AI or training.' as because_text,
        'C' as source_grade
    from core.service_tickets as tickets
    inner join assumed on cast(opened_at as date) >= assumed.valid_from_date and cast(opened_at as date) < assumed.valid_to_date
    where ' ' || lower(coalesce(tickets.topic_name, '')) || ' ' like '% ai %'
        or lower(tickets.topic_name) like '%assistant%'
        or lower(tickets.topic_name) like '%copilot%'
        or lower(tickets.topic_name) like '%chatbot%'
        or lower(tickets.topic_name) like '%training%'
    group by cast(opened_at as date) - cast(extract(day from cast(opened_at as date)) - 1 as integer)
),
firsts as (
    select use_case_id, min(called_date) as first_date from marts.ai_calls group by use_case_id
),
newcomers as (
    select use_case_id, seller_name, min(called_date) as since_date
    from marts.ai_calls
    where seller_name <> 'not told' and not is_failed_call
    group by use_case_id, seller_name
),
moved as (
    select
        newcomers.use_case_id,
        newcomers.seller_name,
        sum(case when calls.seller_name = newcomers.seller_name then 1 else 0 end) as own_count,
        count(*) as all_count
    from newcomers
    inner join marts.ai_calls as calls
        on calls.use_case_id = newcomers.use_case_id
        and calls.called_date >= newcomers.since_date
        and calls.called_date < newcomers.since_date + 28
    group by newcomers.use_case_id, newcomers.seller_name
),
switches as (
    select
        'vendor switch' as cost_event_code,
        newcomers.since_date as event_date,
        newcomers.use_case_id,
        cast(count(*) as double) as event_number,
        'new providers' as unit_name,
        max(assumed.switch_amount) as event_cost,
        min('First calls to ' || newcomers.seller_name || ' after four weeks or more with others, and a fifth of all calls or more since then; the cost is an assumption.')
            as because_text,
        'assumption' as source_grade
    from newcomers
    inner join firsts on firsts.use_case_id = newcomers.use_case_id
    inner join moved on moved.use_case_id = newcomers.use_case_id and moved.seller_name = newcomers.seller_name
    inner join assumed on newcomers.since_date >= assumed.valid_from_date and newcomers.since_date < assumed.valid_to_date
    where newcomers.since_date >= firsts.first_date + 28
        and newcomers.use_case_id <> ''
        and moved.own_count * 5 >= moved.all_count
    group by newcomers.since_date, newcomers.use_case_id
),
seen as (
    select * from vectors
    union all
    select * from reviews
    union all
    select * from redesigns
    union all
    select * from regions
    union all
    select * from loops
    union all
    select * from tickets
    union all
    select * from switches
),
kinds as (
    select 'new vectors' as cost_event_code, 'No call that makes vectors stands in the log of usage; enter them by hand where another system makes them.' as silence_text
    from raw.company
    union all
    select 'review by people', 'No minutes of review stand in the work log or with decisions; upload the AI work log.' from raw.company
    union all
    select 'prompt redesign', 'No extract came with other headings than before; changes that the ERP hides have to be entered by hand.' from raw.company
    union all
    select 'second region', 'No call is priced as regional; a second region on another account has to be entered by hand.' from raw.company
    union all
    select 'edge cases of agents', 'No run of an agent took far more tool calls than usual; upload usage with run numbers to watch them.' from raw.company
    union all
    select 'support and training', 'No ticket names the assistant or training; upload service tickets, or enter the hours by hand.' from raw.company
    union all
    select 'vendor switch', 'No use case went to another provider after four weeks or more.' from raw.company
),
silent as (
    select kinds.cost_event_code, kinds.silence_text
    from kinds
    left join seen on seen.cost_event_code = kinds.cost_event_code
    where seen.cost_event_code is null
),
ai_cost_events as (
    select
        seen.cost_event_code,
        cast(seen.event_date as varchar) || ' · ' || seen.use_case_id as cost_event_key,
        seen.event_date,
        seen.use_case_id,
        coalesce(registered.use_case_name, case when seen.use_case_id = '' then 'not assigned' else seen.use_case_id end) as use_case_name,
        seen.event_number,
        seen.unit_name,
        try_cast(seen.event_cost as decimal(18, 4)) as event_amount,
        true as is_detected,
        seen.source_grade,
        seen.because_text
    from seen
    left join raw.use_cases as registered on registered.use_case_id = seen.use_case_id
    union all
    select
        cost_event_code, 'none', cast(null as date), '', 'not assigned', cast(null as double), cast(null as varchar),
        cast(null as decimal(18, 4)), false, cast(null as varchar), silence_text
    from silent
)
select * from ai_cost_events
