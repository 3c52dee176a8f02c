-- answers: What did people plan to sell of what, what had their system proposed, and who changed it why?
-- grain: one row per SKU, site and first day of the planned period
-- key: sku_id, site_id, plan_starts_date
-- kind: table
-- checks:
--   plan_days is null or plan_days >= 1
-- why: The site * is every site. How long a period is comes from the plan's own days, else from its last day, else from what
--   its bucket is called, else from plans of the same SKU and site that begin a week, four weeks or a month apart; where none says it, it stays empty.
with
said as (
    select
        sku_id,
        coalesce(site_id, '*') as site_id,
        plan_starts_date,
        plan_ends_date as said_ends_date,
        plan_days as said_days,
        plan_bucket_code,
        lower(trim(plan_bucket_code)) as bucket_word,
        date_diff('day', plan_starts_date, cast(plan_starts_date + interval 1 month as date)) as month_days,
        lead(plan_starts_date) over (partition by sku_id, coalesce(site_id, '*') order by plan_starts_date) as next_date,
        planned_qty,
        statistical_qty,
        made_date,
        planner_name,
        reason_code,
        load_id,
        line_no,
        loaded_at,
        extra
    from staging.demand_plans
),
gaps as (
    select sku_id, site_id, min(date_diff('day', plan_starts_date, next_date)) as gap_days
    from said
    where next_date > plan_starts_date
    group by sku_id, site_id
),
measured as (
    select
        said.*,
        coalesce(
            cast(said.said_days as bigint),
            case
                when said.said_ends_date >= said.plan_starts_date then date_diff('day', said.plan_starts_date, said.said_ends_date) + 1
            end,
            case
                when said.bucket_word in ('w', 'week', 'weekly', '1w', '1 week', 'woche', 'wöchentlich', 'kw', 'semaine') then 7
                when said.bucket_word in ('4w', '4 weeks', '4 wochen', '28 days', '28 tage') then 28
                when said.bucket_word in ('m', 'month', 'monthly', 'monat', 'monatlich', 'mois') then said.month_days
            end,
            case
                when gaps.gap_days between 28 and 31 and extract(day from said.plan_starts_date) = 1 then said.month_days
                when gaps.gap_days in (7, 28) then gaps.gap_days
            end
        ) as day_count
    from said
    left join gaps on gaps.sku_id = said.sku_id and gaps.site_id = said.site_id
),
demand_plans as (
    select
        sku_id,
        site_id,
        plan_starts_date,
        coalesce(plan_starts_date + cast(day_count - 1 as integer), said_ends_date) as plan_ends_date,
        cast(day_count as double) as plan_days,
        plan_bucket_code,
        planned_qty,
        statistical_qty,
        made_date,
        planner_name,
        reason_code,
        load_id,
        line_no,
        loaded_at,
        extra
    from measured
)
select * from demand_plans
