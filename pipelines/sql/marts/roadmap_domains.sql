-- answers: Where does each domain hurt by what the data show, and how much of its work could AI take up?
-- grain: one row per domain
-- key: roadmap_domain_code
-- kind: table
-- checks:
--   running_count <= use_case_count
--   friction_now_number is null or friction_now_count > 0
--   friction_before_number is null or friction_before_count > 0
--   work_hours is null or work_hours > 0
-- why: Friction is a mean over all that could have gone wrong in the thirteen weeks to the as-of day, beside the thirteen weeks before:
--   those over which outcome targets are judged, each weekday alike. It is no verdict: seasons move it, too. Corrections of stock count
--   only where the source tells any. The hours are cases of a usual month, as the ranking reckons them, times the minutes of a case
--   without AI. Use cases of one group work on the same cases, so only the largest of a group counts; nothing to count is no data.
with
company as (
    select as_of_date from raw.company
),
corrected as (
    select count(*) as correction_count from core.stock_movements where kind_code = 'adjustment'
),
seen as (
    select 'demand_inventory' as roadmap_domain_code, stock_date as event_date, case when is_stock_out then 1.0 else 0.0 end as seen_number
    from marts.stock_days
    where is_on_sale and is_stock_out is not null
    union all
    select 'order_management', due_date, case when is_late then 1.0 else 0.0 end from marts.order_lines where is_late is not null
    union all
    select 'procurement_payables', due_date, case when is_late then 1.0 else 0.0 end from marts.purchase_lines where is_late is not null
    union all
    select
        'customer_service', cast(closed_at as date),
        24.0 * date_diff('day', cast(opened_at as date), cast(closed_at as date))
            + extract(hour from closed_at) - extract(hour from opened_at)
            + (extract(minute from closed_at) - extract(minute from opened_at)) / 60.0
    from core.service_tickets
    where closed_at >= opened_at
    union all
    select 'logistics', promised_date, cast(case when is_late then late_days else 0 end as double)
    from marts.shipments
    where is_late is not null
    union all
    select 'warehouse', moves.moved_date, case when moves.kind_code = 'adjustment' then 1.0 else 0.0 end
    from core.stock_movements as moves
    cross join corrected
    where moves.kind_code is not null and corrected.correction_count > 0
),
dated as (
    select
        seen.roadmap_domain_code, seen.seen_number,
        case
            when date_diff('day', seen.event_date, company.as_of_date) between 0 and 90 then 'now'
            when date_diff('day', seen.event_date, company.as_of_date) between 91 and 181 then 'before'
        end as span_code
    from seen
    cross join company
),
friction as (
    select
        roadmap_domain_code,
        avg(case when span_code = 'now' then seen_number end) as friction_now_number,
        avg(case when span_code = 'before' then seen_number end) as friction_before_number,
        count(case when span_code = 'now' then seen_number end) as friction_now_count,
        count(case when span_code = 'before' then seen_number end) as friction_before_count
    from dated
    group by roadmap_domain_code
),
belonging as (
    select links.roadmap_domain_code, cases.use_case_id
    from raw.use_cases as cases
    inner join raw.roadmap_domain_links as links on links.link_code = 'use case' and links.linked_name = cases.use_case_id
    union all
    select links.roadmap_domain_code, cases.use_case_id
    from raw.use_cases as cases
    inner join raw.roadmap_domain_links as links on links.link_code = 'registered' and links.linked_name = cases.domain_code
    left join raw.roadmap_domain_links as named on named.link_code = 'use case' and named.linked_name = cases.use_case_id
    where named.linked_name is null
),
grouped as (
    select
        belonging.roadmap_domain_code, bounds.work_group_name,
        count(*) as use_case_count,
        sum(case when bounds.stage_code in ('pilot', 'production') then 1 else 0 end) as running_count,
        max(nullif(12 * ranked.expected_case_number * bounds.baseline_case_minutes / 60.0, 0)) as work_hours
    from belonging
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = belonging.use_case_id
    left join scores.ai_priorities as ranked on ranked.use_case_id = belonging.use_case_id
    group by belonging.roadmap_domain_code, bounds.work_group_name
),
opportunity as (
    select
        roadmap_domain_code, sum(use_case_count) as use_case_count, sum(running_count) as running_count, sum(work_hours) as work_hours
    from grouped
    group by roadmap_domain_code
),
roadmap_domains as (
    select
        domains.roadmap_domain_no, domains.roadmap_domain_code, domains.roadmap_domain_name, domains.owner_name,
        domains.friction_name, domains.friction_unit_code,
        friction.friction_now_number, friction.friction_before_number,
        coalesce(friction.friction_now_count, 0) as friction_now_count,
        coalesce(friction.friction_before_count, 0) as friction_before_count,
        cast(coalesce(opportunity.use_case_count, 0) as bigint) as use_case_count,
        cast(coalesce(opportunity.running_count, 0) as bigint) as running_count,
        opportunity.work_hours,
        domains.metric_name, domains.friction_text, domains.opportunity_text,
        domains.expected_outcome_text
    from raw.roadmap_domains as domains
    left join friction on friction.roadmap_domain_code = domains.roadmap_domain_code
    left join opportunity on opportunity.roadmap_domain_code = domains.roadmap_domain_code
)
select * from roadmap_domains
