-- answers: What left us, did it arrive as promised, and what did the freight cost?
-- grain: one row per consignment
-- key: shipment_id
-- kind: table
-- checks:
--   is_late is null or is_due
--   late_days is null or late_days >= 0
-- why: Kept as a table because it sums the shipment lines. Promise and arrival are compared as days of the company's time
--   zone: many systems write a promised day as its first minute, and what came at noon of that day came in time.
with carried as (
    select shipment_id, sum(shipped_qty) as shipped_qty, count(*) as line_count, count(distinct order_id) as order_count
    from core.shipment_lines
    group by shipment_id
),

timed as (
    select
        facts.*,
        cast(facts.shipped_at at time zone company.timezone_name as date) as shipped_date,
        cast(facts.promised_at at time zone company.timezone_name as date) as promised_date,
        cast(facts.delivered_at at time zone company.timezone_name as date) as delivered_date,
        coalesce(arrivals.has_delivered_at, false) as is_arrival_told,
        company.as_of_date
    from core.shipments as facts
    cross join raw.company as company
    left join marts.arrival_loads as arrivals on arrivals.load_id = facts.load_id
),

judged as (
    select
        timed.*,
        promised_date <= as_of_date as is_due,
        case
            when promised_date is null or promised_date > as_of_date then null
            when delivered_date is not null then delivered_date > promised_date
            when is_arrival_told then true
        end as is_late
    from timed
),

shipments as (
    select
        judged.shipment_id,
        judged.carrier_id,
        carriers.carrier_name,
        coalesce(judged.mode_code, carriers.mode_code) as mode_code,
        coalesce(judged.site_id, '*') as site_id,
        sites.site_name,
        sites.region_name,
        judged.destination_name,
        judged.status_code,
        judged.shipped_at,
        judged.shipped_date,
        judged.promised_at,
        judged.promised_date,
        judged.delivered_at,
        judged.delivered_date,
        judged.freight_amount,
        coalesce(judged.shipped_date, judged.delivered_date) as sent_date,
        judged.weight_kg,
        cast(carried.shipped_qty as decimal(18, 3)) as shipped_qty,
        carried.line_count,
        carried.order_count,
        judged.is_due,
        judged.is_late,
        case
            when judged.is_late
                then cast(date_diff('day', judged.promised_date, coalesce(judged.delivered_date, judged.as_of_date)) as double)
        end as late_days,
        cast(date_diff('day', judged.shipped_date, judged.delivered_date) as double) as transit_days,
        judged.as_of_date,
        judged.load_id,
        judged.line_no
    from judged
    left join carried on carried.shipment_id = judged.shipment_id
    left join core.carriers as carriers on carriers.carrier_id = judged.carrier_id
    left join core.sites as sites on sites.site_id = coalesce(judged.site_id, '*')
)

select * from shipments
