-- answers: Are product data consistent, procedures alike from site to site, and exceptions of one kind handled the same way?
-- grain: one row per check and kind of exception
-- key: check_code, exception_name
-- kind: table
-- checks:
--   found_code in ('in place', 'contradicted', 'no data')
--   kept_share between 0 and 1
--   (found_code = 'no data') = (kept_share is null)
-- why: What AI would be taught or asked to do must be one thing first. House rules: 95 of a hundred SKUs as they should be; sites at
--   most a fifth apart; four fifths of a kind handled alike. An activity is out of the ordinary where at most a fifth of the orders
--   have it. Fewer than thirty orders or tickets, or twenty at a site, tell nothing. Minutes and steps are those of people, of orders
--   that one site serves; what answers an exception is the first step of a person after it.
with
asked as (
    select 'skus_complete' as check_code, 'product data' as readiness_area_name, 'core.skus' as seen_in_name, 0.95 as least_share
    union all
    select 'skus_named_once', 'product data', 'marts.master_entries', 0.95
    union all
    select 'skus_mastered', 'product data', 'marts.master_entries', 0.95
    union all
    select 'sku_prices_agree', 'product data', 'core.skus', 0.95
    union all
    select 'minutes_alike', 'procedures by site', 'core.order_events', 0.8
    union all
    select 'steps_alike', 'procedures by site', 'core.order_events', 0.8
    union all
    select 'ticket_minutes_alike', 'procedures by site', 'core.service_tickets', 0.8
    union all
    select 'next_step_alike', 'handling of exceptions', 'core.order_events', 0.8
    union all
    select 'ticket_end_alike', 'handling of exceptions', 'core.service_tickets', 0.8
),
events as (
    select
        case_id, activity_name, event_at, coalesce(hands_on_minutes, 0) as person_minutes, hands_on_minutes is not null as is_timed,
        actor_name is not null and coalesce(actor_kind_code, 'person') = 'person' as is_person,
        row_number() over (partition by case_id, activity_name order by event_at, occurrence) as time_no
    from core.order_events
),
orders as (
    select count(distinct case_id) as order_count from core.order_events
),
odd as (
    select events.activity_name as exception_name
    from events
    cross join orders
    where events.time_no = 1
    group by events.activity_name
    having count(*) >= 30 and count(*) <= 0.2 * max(orders.order_count)
),
worked as (
    select
        case_id, sum(case when is_person then cast(person_minutes as decimal(18, 4)) end) as order_minutes,
        sum(case when is_person then 1 else 0 end) as step_count,
        max(case when is_person and is_timed then 1 else 0 end) as timed_count
    from events
    group by case_id
),
handled as (
    select
        'minutes_alike' as check_code, odd.exception_name, known.site_id,
        cast(worked.order_minutes as decimal(18, 4)) as handled_number
    from events
    inner join odd on odd.exception_name = events.activity_name
    inner join worked on worked.case_id = events.case_id
    inner join marts.orders as known on known.order_id = events.case_id
    where events.time_no = 1 and known.site_id is not null and worked.timed_count = 1
    union all
    select
        'steps_alike', odd.exception_name, known.site_id, cast(worked.step_count as decimal(18, 4))
    from events
    inner join odd on odd.exception_name = events.activity_name
    inner join worked on worked.case_id = events.case_id
    inner join marts.orders as known on known.order_id = events.case_id
    where events.time_no = 1 and known.site_id is not null
    union all
    select
        'ticket_minutes_alike', tickets.topic_name, known.site_id, cast(tickets.hands_on_minutes as decimal(18, 4))
    from core.service_tickets as tickets
    inner join marts.orders as known on known.order_id = tickets.order_id
    where tickets.topic_name is not null and tickets.hands_on_minutes is not null and known.site_id is not null
),
by_site as (
    select check_code, exception_name, site_id, count(*) as handled_count,
        cast(sum(handled_number) as double) / nullif(count(*), 0) as mean_number
    from handled
    group by check_code, exception_name, site_id
    having count(*) >= 20
),
ranked as (
    select
        check_code, exception_name, site_id, handled_count, mean_number,
        row_number() over (partition by check_code, exception_name order by mean_number, site_id) as low_no,
        row_number() over (partition by check_code, exception_name order by mean_number desc, site_id desc) as high_no
    from by_site
),
apart as (
    select
        check_code, exception_name, cast(sum(handled_count) as bigint) as checked_count,
        min(mean_number) / nullif(max(mean_number), 0) as kept_share,
        max(case when low_no = 1 then site_id end) as low_name, max(case when high_no = 1 then site_id end) as high_name,
        min(mean_number) as least_number, max(mean_number) as most_number
    from ranked
    group by check_code, exception_name
    having count(*) >= 2
),
answered as (
    select
        odd.exception_name, later.activity_name as end_name,
        row_number() over (partition by odd.exception_name, events.case_id order by later.event_at, later.activity_name) as later_no
    from events
    inner join odd on odd.exception_name = events.activity_name
    inner join events as later on later.case_id = events.case_id and later.event_at > events.event_at and later.is_person
    where events.time_no = 1
),
followed as (
    select 'next_step_alike' as check_code, exception_name, end_name, count(*) as end_count
    from answered
    where later_no = 1
    group by exception_name, end_name
    union all
    select
        'ticket_end_alike', topic_name, case when is_escalated then 'handed on' else 'closed where it came in' end, count(*)
    from core.service_tickets
    where topic_name is not null and is_escalated is not null and closed_at is not null
    group by topic_name, case when is_escalated then 'handed on' else 'closed where it came in' end
),
places as (
    select
        check_code, exception_name, end_name, end_count, sum(end_count) over (partition by check_code, exception_name) as checked_count,
        row_number() over (partition by check_code, exception_name order by end_count desc, end_name) as place_no
    from followed
),
skus as (
    select
        count(*) as checked_count,
        sum(case when sku_name is not null and category_name is not null and base_unit_code is not null and units_per_pack > 0
            and weight_kg > 0 and unit_cost > 0 then 1 else 0 end) as whole_count,
        sum(case when unit_cost > 0 and list_price > 0 then 1 else 0 end) as both_count,
        sum(case when unit_cost > 0 and list_price >= unit_cost then 1 else 0 end) as agree_count
    from core.skus
    where discontinued_date is null and not is_implied
),
entries as (
    select
        count(*) as checked_count, sum(case when is_orphan then 0 else 1 end) as mastered_count, count(entry_name) as named_count,
        sum(case when entry_name is not null and twin_count = 0 then 1 else 0 end) as once_count
    from marts.master_entries
    where master_name = 'skus'
),
counted as (
    select
        'skus_complete' as check_code, checked_count, cast(whole_count as bigint) as kept_count,
        'SKUs have name, category, unit, pack, weight and cost' as said_text
    from skus
    union all
    select
        'sku_prices_agree', cast(both_count as bigint), cast(agree_count as bigint),
        'SKUs have a list price that is not below their cost'
    from skus
    union all
    select 'skus_mastered', checked_count, cast(mastered_count as bigint), 'SKUs that facts name stand in the master' from entries
    union all
    select 'skus_named_once', named_count, cast(once_count as bigint), 'SKUs have a name that no other has' from entries
),
found as (
    select
        check_code, '*' as exception_name, checked_count, kept_count, kept_count / nullif(cast(checked_count as double), 0) as kept_share,
        cast(kept_count as varchar) || ' of ' || cast(checked_count as varchar) || ' ' || said_text || '.' as told_text
    from counted
    where checked_count > 0
    union all
    select
        check_code, exception_name, checked_count, cast(null as bigint), kept_share,
        case when check_code = 'ticket_minutes_alike' then 'Ten such tickets take people ' else 'Ten such orders take people ' end
        || cast(cast(round(10 * least_number, 0) as bigint) as varchar)
        || case when check_code = 'steps_alike' then ' steps at ' else ' minutes at ' end || low_name
        || ' and ' || cast(cast(round(10 * most_number, 0) as bigint) as varchar) || ' at ' || high_name || '.'
    from apart
    where kept_share is not null
    union all
    select
        check_code, exception_name, cast(checked_count as bigint), cast(end_count as bigint),
        end_count / nullif(cast(checked_count as double), 0),
        cast(end_count as varchar) || ' of ' || cast(cast(checked_count as bigint) as varchar)
        || case when check_code = 'ticket_end_alike' then ' were ' else ' were answered by: ' end || end_name || '.'
    from places
    where place_no = 1 and checked_count >= 30
),
ai_readiness as (
    select
        asked.check_code, asked.readiness_area_name, coalesce(found.exception_name, '*') as exception_name,
        coalesce(found.checked_count, 0) as checked_count, found.kept_count, cast(found.kept_share as double) as kept_share,
        cast(asked.least_share as double) as least_share,
        case
            when found.kept_share is null then 'no data'
            when found.kept_share >= asked.least_share then 'in place'
            else 'contradicted'
        end as found_code,
        coalesce(found.told_text, 'Too little was uploaded to tell.') as found_text,
        asked.seen_in_name
    from asked
    left join found on found.check_code = asked.check_code
)
select * from ai_readiness
