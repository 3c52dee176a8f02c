-- answers: Which weekly levels are watched for a shift that stays?
-- grain: one row per watched series and whole week, counted back from the as-of day
-- key: watch_code, subject_id, site_id, point_date
-- kind: table
-- checks:
--   watched_number >= 0
-- why: A week without demand is a nought, not a gap, from the first week of the selling life on. `at_stake_amount` is the money
--   that the week is about, as in marts.watched_points; it is empty where no price or cost is known.
with weeks as (
    select distinct
        cast(floor(date_diff('day', calendar.day_date, company.as_of_date) / 7) as integer) as weeks_back,
        company.as_of_date - 7 * cast(floor(date_diff('day', calendar.day_date, company.as_of_date) / 7) as integer) - 6 as week_date
    from core.calendar as calendar
    cross join raw.company as company
    where calendar.day_date <= company.as_of_date
),
sold as (
    select
        facts.sku_id, facts.site_id, cast(floor(date_diff('day', facts.demand_date, company.as_of_date) / 7) as integer) as weeks_back,
        sum(facts.demand_qty) as demand_qty
    from core.demand_facts as facts
    cross join raw.company as company
    where facts.demand_date <= company.as_of_date
    group by facts.sku_id, facts.site_id, cast(floor(date_diff('day', facts.demand_date, company.as_of_date) / 7) as integer)
),
lived as (
    select lives.sku_id, lives.site_id, weeks.weeks_back, weeks.week_date
    from marts.selling_lives as lives
    inner join weeks on weeks.week_date >= lives.first_demand_date and weeks.week_date <= lives.last_sale_date
    cross join raw.company as company
    where date_diff('day', weeks.week_date, company.as_of_date) < 735
),
demand as (
    select
        'demand_a_week' as watch_code, 'sku' as subject_kind_code, lived.sku_id as subject_id, lived.site_id, lived.week_date as point_date,
        cast(coalesce(sold.demand_qty, 0) as double) as watched_number,
        cast(coalesce(sold.demand_qty, 0) as double) * cast(margins.unit_net_amount as double) as at_stake_amount
    from lived
    left join sold on sold.sku_id = lived.sku_id and sold.site_id = lived.site_id and sold.weeks_back = lived.weeks_back
    left join marts.sku_margins as margins on margins.sku_id = lived.sku_id and margins.site_id = lived.site_id
),
arrived as (
    select
        shipments.carrier_id,
        cast(floor(date_diff('day', shipments.promised_date, company.as_of_date) / 7) as integer) as weeks_back,
        avg(case when shipments.is_late then 1.0 else 0.0 end) as late_share,
        sum(shipments.freight_amount) as freight_amount
    from marts.shipments as shipments
    cross join raw.company as company
    where shipments.is_due and shipments.is_late is not null and shipments.carrier_id is not null
    group by shipments.carrier_id, cast(floor(date_diff('day', shipments.promised_date, company.as_of_date) / 7) as integer)
),
lateness as (
    select
        'late_share_a_week' as watch_code, 'carrier' as subject_kind_code, arrived.carrier_id as subject_id, '*' as site_id,
        weeks.week_date as point_date, cast(arrived.late_share as double) as watched_number, cast(arrived.freight_amount as double) as at_stake_amount
    from arrived
    inner join weeks on weeks.weeks_back = arrived.weeks_back
),
gaps as (
    select
        'stock_gap_a_week' as watch_code, 'sku' as subject_kind_code, points.subject_id, '*' as site_id, weeks.week_date as point_date,
        cast(sum(cast(points.watched_number as decimal(18, 3))) as double) as watched_number,
        cast(sum(points.at_stake_amount) as double) as at_stake_amount
    from marts.watched_points as points
    cross join raw.company as company
    inner join weeks on weeks.weeks_back = cast(floor(date_diff('day', points.point_date, company.as_of_date) / 7) as integer)
    where points.watch_code = 'stock_gap' and date_diff('day', points.point_date, company.as_of_date) < 735
    group by points.subject_id, weeks.week_date
),
everything as (
    select watch_code, subject_kind_code, subject_id, site_id, point_date, watched_number, at_stake_amount from demand
    union all
    select watch_code, subject_kind_code, subject_id, site_id, point_date, watched_number, at_stake_amount from lateness
    union all
    select watch_code, subject_kind_code, subject_id, site_id, point_date, watched_number, at_stake_amount from gaps
),
watched_weeks as (
    select
        watch_code, subject_kind_code, subject_id, site_id, point_date, watched_number,
        cast(at_stake_amount as decimal(18, 4)) as at_stake_amount
    from everything
)
select * from watched_weeks
